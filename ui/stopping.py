"""The server, and how it stops: no new questions, those that are running end, and then it closes."""

import asyncio
import signal
import time
from typing import TYPE_CHECKING, Any

import uvicorn

from ui.logs import tell
from ui.operations import Operations

if TYPE_CHECKING:
    from fastapi import FastAPI

PATIENCE = 20.0
"""Most seconds that a question which is running is waited for."""
KEPT_OPEN = 75
"""Seconds a connection that nothing is asked on is kept: longer than a proxy keeps it (nginx: 60), and than a server under load
takes to read, so that it is not closed just as the page asks again."""
_DELIVERED = 0.5
"""Seconds in which the last answer reaches the page."""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, operations: Operations) -> None:
        super().__init__(config)
        self._operations = operations

    async def shutdown(self, sockets: Any = None) -> None:
        """While questions end, the page still answers: to say of new ones that it is stopping."""
        self._operations.stopping = True
        tell("stopping", running=self._operations.running)
        until = time.monotonic() + PATIENCE
        while self._operations.running and time.monotonic() < until and not self.force_exit:
            await asyncio.sleep(0.1)
        await asyncio.sleep(_DELIVERED)
        await super().shutdown(sockets)
        tell("stopped", running=self._operations.running)


def serve(server: "FastAPI", operations: Operations, host: str, port: int) -> None:
    """Serve until a signal says to stop."""
    # The server raises the signal again once it has stopped, which would end the process before the library is closed.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    config = uvicorn.Config(
        server,
        host=host,
        port=port,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=KEPT_OPEN,
        server_header=False,
    )
    _Server(config, operations).run()
