"""A proxy before PostgreSQL that swallows what it should pass on, in one direction or both, and stays connected."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Proxy:
    """Passes on what comes over TCP to the socket of a server.

    Attributes:
        swallows: The directions in which everything is lost: "to" the server, and "from" it.
    """

    def __init__(self, url: str) -> None:
        self._address, self._folder = re.split(r"\?host=", url)
        self.swallows: set[str] = set()
        self._running: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Runs it. Its value is the URL of the database behind it."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            yield self._address.replace("@/", f"@127.0.0.1:{port}/") + "?sslmode=disable"
        finally:
            server.close()
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind = await asyncio.open_unix_connection(f"{self._folder}/.s.PGSQL.5432")
        for work in (self._pass_on("to", reader, behind[1]), self._pass_on("from", behind[0], writer)):
            self._running.append(asyncio.create_task(work))

    async def _pass_on(self, direction: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            try:
                while read := await reader.read(65536):
                    if direction not in self.swallows:
                        writer.write(read)
            finally:
                writer.close()
                await writer.wait_closed()
