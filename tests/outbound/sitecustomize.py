"""Imported by every Python process that starts with this folder on its path: it writes down, in the file that OUTBOUND names,
every connection and every look-up of a name beyond this machine."""

import os
import sys

if "OUTBOUND" in os.environ:
    _kept = open(os.environ["OUTBOUND"], "a", encoding="utf-8", buffering=1)  # noqa: SIM115 (as long as the process lives)
    _kept.write("watching\n")

    def _hook(event, arguments):
        if event == "socket.connect":
            address = arguments[1]
            if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1", "localhost")):
                _kept.write(f"connect {address}\n")
        elif event == "socket.getaddrinfo" and arguments[0] not in (None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0"):
            _kept.write(f"look up {arguments[0]}\n")

    sys.addaudithook(_hook)
