"""Slow and broken connections over real sockets: they end, and meanwhile everybody else is served."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from adapters.api.edge import body, guarded
from adapters.email.lmtp import Door, listen
from app.port import OTHERS, Port, allowed

SOON = 0.05  # seconds: the deadline of those who are to miss it
NEVER = 3600.0
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
MAIL = b"LHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<desk@x.example>\r\nDATA\r\nSubject: x\r\n"
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _alive(_: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


async def _reads(request: web.Request) -> web.Response:
    return web.json_response({"octets": len(await body(request))})


async def _raw(request: web.Request) -> web.Response:
    return web.json_response({"octets": len(await request.read())})


@asynccontextmanager
async def served(headers: float = NEVER, most: int | None = None) -> AsyncIterator[int]:
    """A port of 127.0.0.1."""
    app = web.Application()
    app.router.add_get("/healthz", _alive)
    app.router.add_post("/body", guarded(_reads))
    app.router.add_post("/raw", _raw)
    port = Port(app, headers, most, shutdown_timeout=1)
    await port.setup()
    try:
        await web.TCPSite(port, "127.0.0.1", 0).start()
        yield port.addresses[0][1]
    finally:
        await port.cleanup()


async def said(port: int, *pieces: bytes) -> Line:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    return reader, writer


async def answer(line: Line) -> bytes:
    """The head of one answer and, of those that say how long it is, its body."""
    head = await line[0].readuntil(b"\r\n\r\n")
    length = next(each for each in head.lower().split(b"\r\n") if each.startswith(b"content-length:"))
    return head + await line[0].readexactly(int(length.split(b":")[1]))


async def rest(line: Line) -> bytes:
    """All until it is closed."""
    try:
        async with asyncio.timeout(20):  # or the test fails, rather than waits
            return await line[0].read()
    except ConnectionResetError:
        return b""
    finally:
        line[1].close()


@pytest.mark.parametrize("begun", [b"", b"G", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-More: "])
async def test_headers_that_do_not_come_to_an_end_close_the_connection(begun: bytes) -> None:
    async with served(SOON) as port:
        assert await rest(await said(port, begun)) == b""


async def test_nor_does_a_drip_keep_it_open_nor_a_request_that_went_well_before() -> None:
    async with served(SOON) as port:
        line = await said(port, WHOLE)
        assert b" 200 " in await answer(line)
        for octet in b"GET /healthz HTTP/1.1\r\nX-More: y":
            line[1].write(bytes([octet]))
            await asyncio.sleep(0)
        assert await rest(line) == b""


async def test_an_idle_connection_that_was_used_is_kept_for_the_next_request() -> None:
    async with served(SOON) as port:
        line = await said(port, WHOLE)
        assert b" 200 " in await answer(line)
        assert await rest(await said(port)) == b""  # one that says nothing is gone, so the deadline has passed for both
        line[1].write(WHOLE)
        assert b" 200 " in await answer(line)
        line[1].close()


async def test_health_is_told_beside_two_hundred_connections_that_never_finish() -> None:
    """Half of them in their headers, half in their body."""
    async with served() as port:
        begun = b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        slow = [await said(port, begun + (b"" if n % 2 else b"Content-Length: 9\r\n\r\n{")) for n in range(200)]
        assert b'{"status": "alive"}' in await answer(await said(port, WHOLE))
        assert not any(reader.at_eof() for reader, _ in slow)
        for _, writer in slow:
            writer.close()


async def test_a_slow_body_is_refused_with_408(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.api.edge.PATIENCE", SOON)
    monkeypatch.setattr("app.port.LINGERS", SOON)
    async with served() as port:
        head = b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
        assert (await rest(await said(port, head))).startswith(b"HTTP/1.1 408 ")  # and then it is closed


async def test_more_connections_than_there_may_be_are_closed_and_the_others_are_served() -> None:
    async with served(most=3) as port:
        held = [await said(port, WHOLE) for _ in range(3)]
        assert all([b" 200 " in await answer(line) for line in held])
        assert await rest(await said(port)) == b""
        held[0][1].write(WHOLE)
        assert b" 200 " in await answer(held[0])
        held[1][1].close()
        await held[1][1].wait_closed()
        held[0][1].write(WHOLE)  # by its answer the server has seen the other one go
        assert b" 200 " in await answer(held[0])
        assert b" 200 " in await answer(await said(port, WHOLE))


def test_there_may_be_as_many_as_the_open_files_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    for files, most in ((1024, 1024 - OTHERS), (1_048_576, 4096), (-1, 4096), (64, OTHERS)):
        monkeypatch.setattr("resource.getrlimit", lambda _, files=files: (files, files))
        assert allowed() == most


async def test_what_comes_packed_is_not_unpacked_so_that_little_cannot_become_much() -> None:
    packed = gzip.compress(bytes(100_000))
    head = f"POST /raw HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    async with served() as port:
        line = await said(port, head.encode(), packed)
        assert f'"octets": {len(packed)}'.encode() in await answer(line)
        line[1].close()


NO_HTTP = {
    "noise": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "a line too long": b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
    "too many headers": b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
    "a header too long": b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
    "no length": b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: all\r\n\r\n{}",
    "two lengths": b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "length and chunks": b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    "a name with a space": b"GET / HTTP/1.1\r\nX : y\r\n\r\n",
    "another protocol": b"GET / SMTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("name", NO_HTTP)
async def test_what_is_no_http_is_the_callers_mistake_and_fills_no_log(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with served() as port:
        line = await said(port, WHOLE)
        assert b" 200 " in await answer(line)  # it is a connection like others, and no scanner's first try
        with caplog.at_level(logging.DEBUG):
            line[1].write(NO_HTTP[name])
            told = await rest(line)
    assert told.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))
    assert b"Traceback" not in told
    assert b"yyy" not in told
    assert len(caplog.text) < 4096


@pytest.mark.parametrize("path", ["/healthz", "/body"])
async def test_nor_is_an_expectation_that_nobody_can_read(path: str, caplog: pytest.LogCaptureFixture) -> None:
    async with served() as port:
        method = b"GET" if path == "/healthz" else b"POST"
        head = method + b" " + path.encode() + b" HTTP/1.1\r\nHost: x\r\nExpect: \xff\xfe\r\nContent-Length: 0\r\n\r\n"
        assert (await rest(await said(port, head))).startswith(b"HTTP/1.1 417 ")
    assert caplog.text == ""


@pytest.mark.parametrize("begun", [b"", MAIL])
async def test_a_mail_that_does_not_come_to_an_end_closes_its_connection(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def take(_: bytes, __: str) -> None:
        raise AssertionError("half a mail is none")

    monkeypatch.setattr("adapters.email.lmtp.IDLE", SOON)
    server = await listen(Door(take, "desk@x.example"), "127.0.0.1", 0)
    async with server:
        told = await rest(await said(server.sockets[0].getsockname()[1], begun))
    assert told.startswith(b"220 ")
    assert (b"354 " in told) == bool(begun)
