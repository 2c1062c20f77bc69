"""The HTTP port: whoever opens a connection says soon what for, and no more are open than this process can have."""

import asyncio
import os
import resource
from errno import EADDRINUSE, errorcode
from socket import gaierror
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

HEADERS = 10.0
"""Seconds in which a request's headers arrive, from the connection's opening or from the first of their octets."""
IDLE = 180.0
"""Seconds for which a connection with nothing on it is kept: longer than any usual proxy keeps its own."""
LINGERS = 2.0
"""Seconds in which the rest of a body is thrown away that nobody wanted, before the connection is closed."""
MOST = 4096
"""Connections at the same time."""
OTHERS = 200
"""Files that a process has open beside them: the database's, the vendors', the log's."""


class Port(web.AppRunner):
    """As aiohttp's runner serves an application, with an end to what does not end by itself."""

    __slots__ = ("_headers", "_most")

    def __init__(self, app: web.Application, headers: float = HEADERS, most: int | None = None, **how: Any) -> None:
        # Nobody here takes packed bodies, so none is unpacked.
        fixed: Any = {"access_log": None, "auto_decompress": False}
        super().__init__(app, keepalive_timeout=IDLE, lingering_time=LINGERS, **fixed, **how)
        self._headers, self._most = headers, allowed() if most is None else most

    async def listen(self, host: str, port: int | None, setting: str) -> None:
        """Raises OSError, which names the setting."""
        try:
            await web.TCPSite(self, host, port).start()
        except OSError as error:
            known = error.errno in errorcode and not isinstance(error, gaierror)
            why = os.strerror(error.errno or 0) if known else error.strerror
            beside = ": does another server run here?" if error.errno == EADDRINUSE else ""
            raise OSError(error.errno, f"{setting} {port} of {host}: {why}{beside}") from error

    async def _make_server(self) -> web.Server:
        """aiohttp's own, but for the class of its connections."""
        made = await super()._make_server()
        return _Server(made, self._headers, self._most)


def allowed() -> int:
    """As many as the files that this process may have open leave."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if files == resource.RLIM_INFINITY else max(min(MOST, files - OTHERS), OTHERS)


class _Server(web.Server):
    def __init__(self, like: web.Server, headers: float, most: int) -> None:
        super().__init__(like.request_handler, request_factory=like.request_factory, loop=like._loop, **like._kwargs)
        self._headers, self._most = headers, most

    def __call__(self) -> web.RequestHandler:
        return _Connection(self, self._headers, loop=self._loop, **self._kwargs)

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        if len(self._connections) > self._most:
            transport.abort()


class _Connection(web.RequestHandler):
    __slots__ = ("_headers", "_late")

    def __init__(self, manager: web.Server, headers: float, **how: Any) -> None:
        super().__init__(manager, **how)
        self._headers = headers
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._late = self._loop.call_later(self._headers, self._too_late)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._messages:  # whole headers: the handler was not given them yet
            self._in_time()
        elif self._late is None and self._waiter is not None and not self._waiter.done():
            self._late = self._loop.call_later(self._headers, self._too_late)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._in_time()
        super().connection_lost(exc)

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _too_late(self) -> None:
        self._late = None
        self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP is the caller's mistake: no line of the log each, and nothing of it is said again."""
        if isinstance(exc, UnicodeError) and "Expect" in request.headers:
            status = 417  # aiohttp fails to say back what is beyond UTF-8
        elif not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        answer = web.Response(status=status, text="This is no request that can be read.\n")
        answer.force_close()
        return answer
