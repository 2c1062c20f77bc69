"""Bad requests to every address that the whole product serves: the caller's mistake, and hardly a line of the log."""

import asyncio
import gzip
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from app.clock import Clock
from app.port import Port
from app.server import CONNECT, House
from app.settings import read
from bot import signing_in
from bot.desk.directory import apply
from bot.desk.integrating import add_token
from bot.limits import Rate
from rules import directory
from store.store import Store
from tests.security.house import NOW, cast, environment
from tests.slack.far import Far as SlackFar
from tests.teams.far import Far as TeamsFar
from tests.teams.places import guid
from tests.world import CATALOGUES

LARGE = 2 * 1024 * 1024
DEEP = b"[" * 100_000
NASTY = "a\x00b\ud800c\u202e"
JSON, FORM, PARTS = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
MIXED = f"{PARTS}; boundary=x"
BODIES: Mapping[str, tuple[str, bytes]] = {
    "nothing": (JSON, b""),
    "no JSON": (JSON, b"{"),
    "another shape": (JSON, b'{"type": 3, "text": [], "payload": null, "version": -1, "subject": {}}'),
    "no object": (JSON, b"[1e999, null]"),
    "deep": (JSON, DEEP),
    "beyond UTF-8": (JSON, b'{"text": "\xff\xfe"}'),
    "signs that no database takes": (JSON, json.dumps({"text": NASTY, "subject": NASTY, "type": NASTY}).encode()),
    "large numbers": (JSON, b'{"number": 1' + b"0" * 5000 + b"}"),
    "a form": (FORM, b"payload=%7B&text=%00%ED%A0%80&&=&%"),
    "a form beyond UTF-8": (FORM, b"address=\xff%ff&line=\xfe"),
    "many fields": (FORM, b"&".join(b"a%d=1" % number for number in range(5000))),
    "parts without a border": (PARTS, b"--x\r\n\r\n"),
    "parts that break off": (MIXED, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'),
    "parts in parts": (
        PARTS + "; boundary=x",
        b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--\r\n",
    ),
    "another type": ("image/svg+xml", b"<svg onload='x'/>"),
    "no type": ("", b"{}"),
    "a type beyond ASCII": ("\xff/\xfe; charset=\xfd", b"{}"),
    "characters that nobody knows": (JSON + "; charset=klingon", b"{}"),
}
HEADERS = {
    "too many": {"Content-Length": str(LARGE)},
    "packed": {"Content-Encoding": "gzip"},
    "packed badly": {"Content-Encoding": "br"},
    "an expectation": {"Expect": "\xff"},
    "names": {name: "\xff\xfe;;==,," for name in ("Cookie", "Authorization", "Accept-Language", "Idempotency-Key")},
    "conditions": {"Range": "bytes=9-1", "If-None-Match": '"\xff', "If-Modified-Since": "yesterday\xff"},
    "origins": {"Origin": "null", "Referer": "\xff", "X-Forwarded-For": "\xff, ::1%lo, [", "Sec-Fetch-Site": "\xff"},
    "an upgrade": {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "x",
        "Sec-WebSocket-Version": "9",
    },
}
QUERY = "?%ff=%00&limit=-1&state=\xff&since=x&page=99999999999999999999&page=2&" + "&" * 2000
POSTED: Mapping[str, tuple[str, Mapping[str, str], bytes]] = {
    **{name: ("", {"Content-Type": kind} if kind else {}, body) for name, (kind, body) in BODIES.items()},
    **{name: ("", {"Content-Type": JSON, **headers}, b"{}") for name, headers in HEADERS.items()},
    "a bomb": ("", {"Content-Type": JSON, **HEADERS["packed"]}, gzip.compress(b"[" * LARGE)),
    "chunks": ("", {"Content-Type": JSON, "Transfer-Encoding": "chunked"}, b"1\r\n{\r\nzz\r\n"),
    "a query": (QUERY, {"Content-Type": FORM}, b"text=x"),
}
"""What is added to the address, headers, body."""
LOOKED: Mapping[str, tuple[str, Mapping[str, str], bytes]] = {
    "a query": (QUERY, {}, b""),
    **{name: ("", HEADERS[name], b"") for name in ("an expectation", "names", "conditions", "origins", "an upgrade")},
}


@dataclass(frozen=True)
class Served:
    house: House
    port: int
    signed_in: Mapping[str, str]

    def addresses(self) -> set[tuple[str, str]]:
        """Each route, with something in the place of what varies."""
        routes = self.house.app.router.routes()
        named = {(each.method, each.resource.canonical) for each in routes if each.resource is not None}
        return {("POST" if method == "*" else method, _filled(path)) for method, path in named if method != "HEAD"}

    async def status(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """Nothing of it may be our fault."""
        length = {} if {"Content-Length", "Transfer-Encoding"} & headers.keys() else {"Content-Length": str(len(body))}
        given = {"Host": f"127.0.0.1:{self.port}", "Origin": f"http://127.0.0.1:{self.port}", **length, **headers}
        given.setdefault("Connection", "close")
        head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body)
        async with asyncio.timeout(20):
            line = await reader.readline()
            rest = await reader.read(100_000) if b" 101 " not in line else b""
        writer.close()
        assert b"Traceback" not in rest
        return int(line.split()[1])


def _filled(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: "1001" if found[1] in ("number", "file") else "aa", path)


@pytest.fixture
async def served(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    for edge in ("api", "portal"):
        monkeypatch.setattr(f"adapters.{edge}.edge.PATIENCE", 0.05)
    monkeypatch.setattr("adapters.portal.edge.Rate.allows", lambda *_: True)
    for name in ("TOKEN", "PROGRAMS", "ACTS"):
        monkeypatch.setattr(f"bot.limits.{name}", Rate(1e9, 1))
    async with AsyncExitStack() as held:
        slack, teams = await held.enter_async_context(SlackFar()), await held.enter_async_context(TeamsFar())
        settings, clock = read(environment(slack, teams, tmp_path)), Clock()
        await store.write(apply, directory.read(cast(teams.app.tenant), CATALOGUES.plans), NOW)
        connections = {name: on for name, connect in CONNECT.items() if (on := connect(settings, store, clock))}
        channels = {name: each.channel for name, each in connections.items()}
        house = House(settings, store, CATALOGUES, clock, channels, tuple(connections.values()))
        session = await store.write(signing_in.by_teams, teams.app.tenant, guid("ann"), clock(), set(channels))
        token = await store.write(add_token, "northwind", "ann@northwind.example", "ERP", True, NOW)
        port = Port(house.app, shutdown_timeout=1)
        await port.setup()
        held.push_async_callback(port.cleanup)
        await web.TCPSite(port, "127.0.0.1", 0).start()
        who = {"Cookie": f"supporthub={session}", "Authorization": f"Bearer {token}"}
        for each in connections.values():
            await each.start()
            held.push_async_callback(each.close)
            held.push_async_callback(each.stop)
        yield Served(house, port.addresses[0][1], who)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nothing_that_a_caller_gets_wrong_is_our_failure(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    addresses = served.addresses()
    assert len(addresses) > 60, "every channel is on, the portal and the API too"
    assert await served.status("GET", "/portal/cases", served.signed_in, b"") == 200
    wrong, told = {}, Counter[int]()
    for method, path in sorted(addresses):
        for name, (asked, headers, body) in (POSTED if method == "POST" else LOOKED).items():
            caplog.clear()
            status = await served.status(method, path + asked, {**served.signed_in, **headers}, body)
            told[status] += 1
            if status >= 500 or len(caplog.text) > 4096 or "Traceback" in caplog.text:
                wrong[method, path, name] = status, caplog.text[:300]
    assert wrong == {}
    assert told.keys() >= {400, 401, 403, 404, 408, 413, 415, 417, 422}, "each is met by one of them at least"
