"""What Slack's requests must pass, over real sockets: nothing that is wrong with one is ever our failure."""

import asyncio
import gzip
import hmac
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.slack.body import Body
from adapters.slack.edge import LARGEST, Verifier, read, route
from bot.channel import Busy

NOW = datetime(2025, 1, 20, 14, 0, tzinfo=UTC)
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
EVENT = {"type": "event_callback", "team_id": "T0NORTH", "event": {"type": "message", "text": "It is broken"}}
COMMAND = {"command": "/case", "text": "open", "user_id": "U0ANN", "team_id": "T0NORTH", "channel_id": "C0NW"}


def signed(raw: bytes, at: datetime = NOW, secret: str = SECRET, kind: str = JSON) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    signature = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + raw, sha256).hexdigest()
    return {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signature}"}


@dataclass
class Edge:
    session: ClientSession
    url: str
    port: int
    heard: list[Body] = field(default_factory=list)
    failing: Exception | None = None
    patience: float = 10

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(await read(request, Verifier(SECRET, lambda: NOW), self.patience))
        if self.failing:
            raise self.failing
        return web.Response()

    async def post(self, raw: object, headers: dict[str, str] | None = None) -> ClientResponse:
        """Signed, unless other headers are given."""
        data = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
        async with self.session.post(self.url, data=data, headers=signed(data) if headers is None else headers) as told:
            await told.read()
        return told

    async def form(self, fields: dict[str, str]) -> ClientResponse:
        raw = urlencode(fields).encode()
        return await self.post(raw, signed(raw, kind=FORM))

    async def wire(self, *pieces: bytes, hang_up: bool = False) -> bytes:
        """Bytes as they are; returns the first line of the answer, not of a mere 100 Continue."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        line = b"" if hang_up else await reader.readline()
        if b" 100 " in line:
            await reader.readline()
            line = await reader.readline()
        writer.close()
        return line


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    async with ClientSession() as session:
        edge = Edge(session, "", 0)
        app = web.Application()
        app.add_routes([route("POST", "/slack/events", edge.hear)])
        server = TestServer(app, host="127.0.0.1")
        await server.start_server(access_log=None)
        edge.url, edge.port = str(server.make_url("/slack/events")), server.port or 0
        yield edge
        await server.close()


# What Slack sends is heard


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (EVENT, "event"),
        ({"type": "event_callback", "authorizations": [{"team_id": "T1"}], "event": {"type": "message"}}, "event"),
        ({"type": "app_rate_limited", "team_id": "T0NORTH", "minute_rate_limited": 1518467820}, "event"),
        ({"type": "url_verification", "challenge": "3eZbrw1aB10"}, "url_verification"),
    ],
)
async def test_json_is_heard_as_what_it_is(edge: Edge, sent: dict[str, object], kind: str) -> None:
    assert (await edge.post(sent)).status == 200
    assert edge.heard == [Body(json.dumps(sent), sent, kind)]  # type: ignore[arg-type]


async def test_a_command_is_heard_as_its_fields(edge: Edge) -> None:
    assert (await edge.form(COMMAND | {"text": "open Ünïcode & <b>"})).status == 200
    assert (edge.heard[0].kind, edge.heard[0].payload["text"]) == ("command", "open Ünïcode & <b>")
    assert (await edge.form({**COMMAND, "team_id": "", "enterprise_id": "E0ALL"})).status == 200


async def test_an_interaction_is_heard_as_its_payload(edge: Edge) -> None:
    pressed = {"type": "block_actions", "actions": [{"value": "confirm 1042 r2"}]}
    assert (await edge.form({"payload": json.dumps(pressed)})).status == 200
    assert (edge.heard[0].kind, edge.heard[0].payload) == ("interaction", pressed)


async def test_a_certificate_check_is_heard(edge: Edge) -> None:
    assert (await edge.form({"ssl_check": "1", "token": "x"})).status == 200
    assert edge.heard[0].kind == "ssl_check"


# Who did not sign it, or long ago, is not heard


async def test_who_does_not_know_the_secret_is_refused(edge: Edge) -> None:
    raw = json.dumps(EVENT).encode()
    good = signed(raw)
    wrong = [
        signed(raw, secret="another"),
        signed(raw + b" "),
        {"Content-Type": JSON},
        {**good, "X-Slack-Signature": ""},
        {**good, "X-Slack-Signature": good["X-Slack-Signature"].removeprefix("v0=")},
        {**good, "X-Slack-Signature": good["X-Slack-Signature"].replace("v0=", "v1=")},
        {**good, "X-Slack-Signature": "v0=" + "é" * 64},
        {**good, "X-Slack-Request-Timestamp": ""},
        {**good, "X-Slack-Request-Timestamp": "9" * 5000},
        {**good, "X-Slack-Request-Timestamp": "-1"},
        {**good, "X-Slack-Request-Timestamp": "١٧٣٧٣٨١٦٠٠"},
        {**good, "X-Slack-Request-Timestamp": "NaN"},
    ]
    assert {(await edge.post(raw, headers)).status for headers in wrong} == {401}
    assert edge.heard == []


async def test_what_was_overheard_is_refused_five_minutes_later(edge: Edge) -> None:
    raw = json.dumps(EVENT).encode()
    seconds = (-301, -300, 0, 300, 301)
    told = [(await edge.post(raw, signed(raw, NOW + timedelta(seconds=by)))).status for by in seconds]
    assert told == [401, 200, 200, 200, 401]


def test_an_empty_secret_is_none() -> None:
    with pytest.raises(ValueError, match="empty"):
        Verifier("", lambda: NOW)


# What is not of Slack's kind, size, pace or shape


async def test_other_content_types_are_refused(edge: Edge) -> None:
    raw = json.dumps(EVENT).encode()
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/jsonp", "", "json", ";", "text/json"):
        assert (await edge.post(raw, signed(raw, kind=kind))).status == 415
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: {len(raw)}\r\n\r\n".encode()
    assert b" 415 " in await edge.wire(head, raw)
    packed = gzip.compress(raw)
    assert (await edge.post(packed, {**signed(raw), "Content-Encoding": "gzip"})).status == 415
    assert (await edge.post(raw, {**signed(raw), "Content-Encoding": "gzip"})).status in (400, 415)


async def test_a_content_type_may_name_its_characters(edge: Edge) -> None:
    raw = json.dumps(EVENT).encode()
    assert (await edge.post(raw, signed(raw, kind="Application/JSON; charset=utf-8"))).status == 200


async def test_more_than_a_mebibyte_is_refused_by_its_announcement(edge: Edge) -> None:
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nContent-Length: {LARGEST + 1}\r\n\r\n"
    assert b" 413 " in await edge.wire(head.encode())


async def test_more_than_a_mebibyte_in_chunks_is_refused_as_it_comes(edge: Edge) -> None:
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b" 413 " in await edge.wire(head.encode(), b"100001\r\n" + b"x" * (LARGEST + 1))


async def test_exactly_a_mebibyte_may_be_said(edge: Edge) -> None:
    empty = json.dumps(EVENT | {"x": ""}).encode()
    raw = empty.replace(b'"x": ""', b'"x": "' + b"x" * (LARGEST - len(empty)) + b'"')
    assert len(raw) == LARGEST
    assert (await edge.post(raw)).status == 200


async def test_a_body_that_does_not_arrive_is_not_waited_for(edge: Edge) -> None:
    edge.patience = 0.05
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nContent-Length: 100\r\n\r\n"
    assert b" 408 " in await edge.wire(head.encode(), b'{"type"')


async def test_a_body_that_breaks_off_is_nobodys_alarm(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\n"
    await edge.wire(f"{head}Content-Length: 100\r\n\r\n".encode(), b'{"type"', hang_up=True)
    assert (await edge.post(EVENT)).status == 200
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert b" 400 " in await edge.wire(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode(), b"zz\r\nxx\r\n")


async def test_who_asks_whether_to_send_is_told_to(edge: Edge) -> None:
    raw = json.dumps(EVENT).encode()
    async with edge.session.post(edge.url, data=raw, headers=signed(raw), expect100=True) as told:
        assert told.status == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"null", b"[]", b'"x"', b"1", b"{}", b"{", b"\xff\xfe", b'{"type": "\xe9"}', b'\xef\xbb\xbf{"type": "x"}',
        b'{"type": 1}', b'{"type": null}', b'{"type": ["event_callback"]}',
        b'{"type": "event_callback"}', b'{"type": "event_callback", "event": {"type": "message"}}',
        b'{"type": "event_callback", "team_id": "T1"}', b'{"type": "event_callback", "team_id": "T1", "event": []}',
        b'{"type": "event_callback", "team_id": "T1", "event": {}}',
        b'{"type": "event_callback", "team_id": 1, "event": {"type": "message"}}',
        b'{"type": "event_callback", "team_id": "T 1\\u0000", "event": {"type": "message"}}',
        b'{"type": "event_callback", "team_id": "\\ud800", "event": {"type": "message"}}',
        b'{"type": "event_callback", "team_id": "\\ud800", "authorizations": [{}], "event": {"type": "message"}}',
        b'{"type": "event_callback", "authorizations": [], "event": {"type": "message"}}',
        b'{"type": "event_callback", "authorizations": {}, "event": {"type": "message"}}',
        b'{"type": "url_verification"}', b'{"type": "url_verification", "challenge": {}}',
        b'{"type": "x", "type": "x"}', b'{"type": "x", "a": {"b": 1, "b": 2}}',
        b'{"type": "x", "a": NaN}', b'{"type": "x", "a": -Infinity}', b'{"type": "x", "a": 1e999}',
        b'{"type": "x", "a": 9223372036854775808}', b'{"type": "x", "a": ' + b"9" * 5000 + b"}",
        b'{"type": "x", "a": ' + b"[" * 60 + b"]" * 60 + b"}", b'{"type": "x", "a": ' + b"[" * 500_000 + b"}",
        b'{"type": "x", "a": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    ],
)  # fmt: skip
async def test_json_of_another_shape_is_refused(edge: Edge, sent: bytes) -> None:
    assert (await edge.post(sent)).status == 400
    assert edge.heard == []


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"a", b"&&&", b"payload=", b"payload=[]", b"payload={}", b'payload={"type":1}', b"payload={",
        b"payload=%7B%22type%22%3A%22%ff%22%7D", b"command=%ff", b"\xff=1", b"ssl_check=0", b"ssl_check=1&ssl_check=1",
        b"command=/case", b"command=/case&user_id=U1&team_id=T1", b"command=&user_id=U1&team_id=T1&channel_id=C1",
        b"command=/case&user_id=U1&team_id=&channel_id=C1",
        b"command=/case&user_id=U1&team_id=T1&enterprise_id=%00&channel_id=C1",
        b"command=/case&user_id=U%00&team_id=T1&channel_id=C1",
        b"command=/case&user_id=U1&team_id=T1&channel_id=" + b"C" * 101,
        b"command=/case&user_id=U1&user_id=U2&team_id=T1&channel_id=C1", b"&".join(b"a%d=1" % n for n in range(9999)),
    ],
)  # fmt: skip
async def test_a_form_of_another_shape_is_refused(edge: Edge, sent: bytes) -> None:
    assert (await edge.post(sent, signed(sent, kind=FORM))).status == 400
    assert edge.heard == []


# Whatever comes


LINE = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=50)
WORDS = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.sampled_from(["type", "event", "team_id", "authorizations", "challenge"]) | st.text()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["event_callback"]) | st.text(),
    lambda part: st.lists(part) | st.dictionaries(KEYS, part),
    max_leaves=20,
)
FIELDS = st.sampled_from(["payload", "command", "user_id", "team_id", "channel_id", "ssl_check"]) | WORDS
BODIES = (
    st.binary(max_size=200)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(FIELDS, WORDS).map(lambda fields: urlencode(fields).encode())
)
HEADERS = st.sampled_from(
    ["Cookie", "X-Slack-Retry-Num", "Content-Encoding", "Accept", "Expect", "Connection", "Range"]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BODIES, st.sampled_from([JSON, FORM]) | LINE, st.booleans(), LINE, st.dictionaries(HEADERS, LINE))
async def test_no_bytes_and_no_headers_are_our_failure(
    edge: Edge, body: bytes, kind: str, sign: bool, stamp: str, others: dict[str, str]
) -> None:
    headers = signed(body, kind=kind) | others
    if not sign:
        headers["X-Slack-Request-Timestamp"] = headers["X-Slack-Signature"] = stamp
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    line = await edge.wire(
        f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode("latin-1"), body
    )
    assert line.split()[1] in {b"200", b"400", b"401", b"413", b"415", b"417"}, line
    assert sign or line.split()[1] != b"200"


# What is told and logged


async def test_a_large_unsigned_request_writes_next_to_nothing(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert (await edge.post(b"canary " * 130_000, {"Content-Type": JSON})).status == 401
    assert len(caplog.text) < 4096
    for _ in range(200):
        assert (await edge.post(b"canary", {"Content-Type": JSON})).status == 401
    assert len(caplog.text) < 4096
    assert "canary" not in caplog.text


async def test_a_refusal_is_a_short_sentence(edge: Edge) -> None:
    async with edge.session.post(edge.url, data=b"{}", headers={"Content-Type": JSON}) as told:
        assert await told.json() == {"error": "This wants the headers that Slack signs its requests with."}
        assert told.headers["X-Content-Type-Options"] == "nosniff"
        assert told.headers["Cache-Control"] == "no-store"


async def test_the_unexpected_is_a_503_whose_reference_is_in_the_log(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    edge.failing = RuntimeError("canary: It is broken, at postgresql://desk:hunter2@db")
    raw = json.dumps(EVENT).encode()
    async with edge.session.post(edge.url, data=raw, headers=signed(raw)) as told:
        assert told.status == 503
        sentence = (await told.json())["error"]
    reference = sentence.removesuffix(")").split()[-1]
    assert "RuntimeError" in caplog.text
    assert f"reference {reference}" in caplog.text
    assert "canary" not in caplog.text + sentence
    assert "hunter2" not in caplog.text + sentence
    assert len(caplog.text) < 4096


async def test_a_busy_desk_is_a_503_and_no_alarm(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    edge.failing = Busy()
    assert (await edge.post(EVENT)).status == 503
    assert not caplog.records


async def test_only_posts_are_heard(edge: Edge) -> None:
    async with edge.session.get(edge.url) as told:
        assert told.status == 405
