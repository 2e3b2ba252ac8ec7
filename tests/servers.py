"""Real servers for tests of a shared library, each in a folder of its own: PostgreSQL, Chroma, nginx, and the app itself."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from eval.page_client import free_port

ROOT = Path(__file__).resolve().parent.parent
_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def wait_for(url: str, seconds: float = 60) -> None:
    """Until something answers at `url`, whatever it says."""
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            assert time.monotonic() < until, f"nothing answers at {url}"
            time.sleep(0.1)


class Postgres:
    """A PostgreSQL server. It refuses to run as root, so there it runs as Debian's user postgres, to whom `folder` is given."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
        if not found:
            pytest.skip("needs PostgreSQL, which is not installed")
        self._bin, self.folder, self._port = found[-1].parent, folder, free_port()
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as:
            shutil.chown(folder, "postgres")
        self._run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "test", "-E", "UTF8", "--no-locale", "--no-sync")
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://test:not-secret@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        options = f"-c fsync=off -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -p {self._port}"
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-o", options, "-l", f"{self.folder}/log", "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([*self._as, str(self._bin / program), *arguments], check=True, cwd=self.folder, **_QUIET)


class Chroma:
    """A Chroma server."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        command = [
            Path(sys.executable).with_name("chroma"),
            "run",
            "--path",
            self._folder,
            "--host",
            "127.0.0.1",
            "--port",
            str(self._port),
        ]
        self._process = subprocess.Popen(command, env={**os.environ, "ANONYMIZED_TELEMETRY": "False"}, cwd=self._folder, **_QUIET)
        wait_for(f"{self.url}/api/v2/heartbeat")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(10)


class App:
    """The app in a process of its own, with these settings."""

    def __init__(self, **settings: str) -> None:
        self.port = free_port()
        command = [sys.executable, "app.py", "--port", str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True)

    def wait(self) -> None:
        assert self._process.stdout and "Ready" in self._process.stdout.readline()
        wait_for(f"http://127.0.0.1:{self.port}/")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(10)


class Nginx:
    """nginx with the example configuration of deploy/, before the two apps at `ports`."""

    def __init__(self, folder: Path, ports: tuple[int, int]) -> None:
        if not shutil.which("nginx"):
            pytest.skip("needs nginx, which is not installed")
        port = free_port()
        example = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        for written, used in zip(("8080", "7861", "7862"), (port, *ports), strict=True):
            example = example.replace(f"127.0.0.1:{written}", f"127.0.0.1:{used}")
        kept = "".join(f"{what}_temp_path {folder}/{what};\n" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        seen = f"log_format asked $upstream_addr;\naccess_log {folder}/asked asked;\n"
        configuration = f"pid {folder}/pid;\nevents {{}}\nhttp {{\n{seen}{kept}{example}}}\n"
        (folder / "nginx.conf").write_text(configuration, encoding="utf-8")
        command = ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors"), "-g", "daemon off;"]
        self._process = subprocess.Popen(command, **_QUIET)
        self._folder, self.url = folder, f"http://127.0.0.1:{port}/"
        wait_for(self.url)

    def last(self) -> int:
        """The port of the app that the last request went to."""
        return int((self._folder / "asked").read_text(encoding="utf-8").split()[-1].rpartition(":")[2])

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
