"""What Teams' requests must pass, over real sockets and with real keys: nothing wrong with one is ever our failure."""

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jwt.utils import base64url_encode

from adapters.teams.edge import LARGEST, Checked, Gate, read, route
from adapters.teams.inbound_token import MANY, TokenCheck
from adapters.teams.keys import ALLOWED, Keys
from adapters.teams.trust import Trust
from bot.channel import Busy
from tests.adapters.teams.moments import Moments
from tests.adapters.teams.saying import KINDS, MISSING, NEARLY, OTHER, SAID, TENANT, URL, VALUES, but
from tests.teams import faults
from tests.teams.far import Far
from tests.teams.signing import BAD_TOKENS, Key, Signer

JSON = "application/json"


@dataclass
class Edge:
    far: Far
    session: ClientSession
    clock: Moments
    keys: Keys
    tokens: TokenCheck
    url: str = ""
    port: int = 0
    heard: list[Checked] = field(default_factory=list)
    failing: Exception | None = None
    patience: float = 10

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(await read(request, Gate(self.tokens, Trust()), self.patience))
        if self.failing:
            raise self.failing
        return web.Response()

    def headers(self, token: str | None = None, kind: str = JSON) -> dict[str, str]:
        signed = self.far.sign() if token is None else token
        return {"Content-Type": kind, "Authorization": f"Bearer {signed}"}

    async def post(self, raw: object, headers: dict[str, str] | None = None) -> ClientResponse:
        """Signed, unless other headers are given."""
        data = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
        given = self.headers() if headers is None else headers
        async with self.session.post(self.url, data=data, headers=given) as told:
            await told.read()
        return told

    async def status(self, raw: object, token: str | None = None) -> int:
        return (await self.post(raw, self.headers(token))).status

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
    clock = Moments()
    async with Far() as far, ClientSession() as session:
        far.clock = clock.seconds
        far.signer = Signer(far.app.id, clock.seconds, lambda: URL)
        keys = Keys(session, far.metadata_url, clock)
        edge = Edge(far, session, clock, keys, TokenCheck(keys, far.app.id, far.signer.issuer, clock))
        app = web.Application()
        app.add_routes([route("POST", "/api/messages", edge.hear)])
        server = TestServer(app, host="127.0.0.1")
        await server.start_server(access_log=None)
        edge.url, edge.port = str(server.make_url("/api/messages")), server.port or 0
        yield edge
        await server.close()
        await edge.keys.close()


# What Teams sends is heard


async def test_an_activity_is_heard_as_it_is(edge: Edge) -> None:
    assert await edge.status(SAID) == 200
    (heard,) = edge.heard
    assert (heard.activity, heard.tenant, heard.service_url) == (SAID, TENANT, URL.rstrip("/"))
    assert heard.claims["aud"] == edge.far.app.id
    assert heard.at == datetime(2025, 1, 20, 13, 59, 58, 123456, UTC)


async def test_without_a_timestamp_it_is_now(edge: Edge) -> None:
    assert await edge.status(but(timestamp=MISSING)) == 200
    assert edge.heard[0].at == edge.clock.now


# Who is not Microsoft, or speaks for somebody else, is not heard


FORBIDDEN = {"another audience", "several audiences", "another issuer", "no serviceurl", "another serviceurl"}


@pytest.mark.parametrize("name", BAD_TOKENS)
async def test_a_bad_token_is_refused(edge: Edge, name: str) -> None:
    told = await edge.post(SAID, edge.headers(BAD_TOKENS[name](edge.far.signer)))
    assert told.status == (403 if name in FORBIDDEN else 401)
    assert ("WWW-Authenticate" in told.headers) == (told.status == 401)
    assert edge.heard == []


async def test_a_token_must_be_there_once_and_as_a_bearers(edge: Edge) -> None:
    token = edge.far.sign()
    for value in (
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Basic {token}",
        token,
        f"Bearer {token} x",
        f"Bearer  {token}\t.",
        f"Bearer x{token}",
    ):
        headers = {"Content-Type": JSON} if value is None else {"Content-Type": JSON, "Authorization": value}
        assert (await edge.post(SAID, headers)).status == 401
    raw = json.dumps(SAID).encode()
    twice = f"Authorization: Bearer {token}\r\n" * 2
    head = (
        f"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nContent-Length: {len(raw)}\r\n{twice}\r\n"
    )
    assert b" 401 " in await edge.wire(head.encode(), raw)
    assert edge.heard == []
    assert (await edge.post(SAID, {"Content-Type": JSON, "Authorization": f"bearer {token}"})).status == 200


RS256 = {"alg": "RS256", "kid": "kid-1"}


@pytest.mark.parametrize(
    "header",
    [{"alg": "RS256"}, {**RS256, "kid": 1}, {**RS256, "kid": None}, {**RS256, "kid": []}, {**RS256, "alg": "rs256"},
     {**RS256, "alg": None}, {**RS256, "alg": ["RS256"]}, {"kid": "kid-1"}, [], "x", {**RS256, "crit": ["x"]},
     {**RS256, "b64": False, "crit": ["b64"]}],
)  # fmt: skip
async def test_a_token_whose_header_is_none_is_refused(edge: Edge, header: object) -> None:
    assert await edge.status(SAID, signed(edge, header, {})) == 401
    assert edge.heard == []


@pytest.mark.parametrize(
    "claims",
    [[], "x", None, {"exp": "tomorrow"}, {"exp": True}, {"exp": 10**400}, {"exp": float("inf")}, {"exp": float("nan")},
     {"exp": None}, {"nbf": [0]}, {"nbf": -(10**400)}, {"sub": 1}, {"jti": 1}],
)  # fmt: skip
async def test_a_token_without_sense_is_refused_even_if_microsoft_signed_it(edge: Edge, claims: object) -> None:
    assert await edge.status(SAID, signed(edge, RS256, {})) == 200
    assert await edge.status(SAID, signed(edge, RS256, claims)) == 401
    assert len(edge.heard) == 1


def signed(edge: Edge, header: object, claims: object) -> str:
    now = int(edge.clock.seconds())
    good = {"iss": edge.far.signer.issuer, "aud": edge.far.app.id, "nbf": now, "exp": now + 60, "serviceurl": URL}
    parts = (header, good | claims if isinstance(claims, dict) else claims)
    text = b".".join(base64url_encode(json.dumps(part).encode()) for part in parts)
    return (text + b"." + base64url_encode(Key(1).private.sign(text, PKCS1v15(), SHA256()))).decode()


async def test_a_bomb_in_a_token_is_refused(edge: Edge) -> None:
    for bomb in (b"[" * 5000, b'{"a":' * 900, b"9" * 5000, b'{"alg": "RS256", "kid": "' + b"k" * 5000 + b'"}'):
        token = base64url_encode(bomb).decode()
        assert await edge.status(SAID, f"{token}.e30.x") == 401
    assert edge.heard == []


async def test_five_minutes_between_the_clocks_are_borne(edge: Edge) -> None:
    now = int(edge.clock.seconds())
    for begins, ends, told in ((-600, -299, 200), (-600, -300, 401), (300, 600, 200), (301, 600, 401)):
        token = edge.far.sign(nbf=now + begins, exp=now + ends)
        assert await edge.status(SAID, token) == told


async def test_a_signer_that_does_not_speak_for_teams_is_refused(edge: Edge) -> None:
    for endorsements in ((), ("webchat",), ("MSTeams", "msteam", "msteamsx")):
        edge.far.rotate_key(endorsements=endorsements)
        assert await edge.status(SAID) == 403
    edge.far.rotate_key(endorsements=("msteams",))
    assert await edge.status(SAID) == 200


async def test_a_token_that_was_good_is_judged_anew_by_the_clock_and_by_the_keys(edge: Edge) -> None:
    token = edge.far.sign()
    assert [await edge.status(SAID, token) for _ in range(2)] == [200, 200]
    edge.clock.forward(minutes=66)
    assert await edge.status(SAID, token) == 401
    token = edge.far.sign()
    assert await edge.status(SAID, token) == 200
    edge.far.rotate_key(keep=False)
    assert await edge.status(SAID) == 200
    assert await edge.status(SAID, token) == 401
    assert await edge.status(SAID, f"{token[:-8]}{token[-8:].swapcase()}") == 401


async def test_tokens_are_not_remembered_without_end(edge: Edge) -> None:
    for number in range(2 * MANY + 1):
        assert await edge.status(SAID, edge.far.sign(jti=str(number))) == 200
    assert len(edge.tokens._seen) <= MANY


async def test_a_rotation_is_no_outage(edge: Edge) -> None:
    assert await edge.status(SAID) == 200
    edge.far.rotate_key(keep=False)
    assert await edge.status(SAID) == 200
    withdrawn = edge.far.sign(key=Key(1))
    assert await edge.status(SAID, withdrawn) == 401


async def test_a_flood_of_bad_tokens_asks_microsoft_for_next_to_nothing(edge: Edge) -> None:
    bad = [make(edge.far.signer) for make in BAD_TOKENS.values()] * 3
    bad += [edge.far.sign(key=Key(-1, kid=f"made up {number}")) for number in range(100)]
    await asyncio.gather(*(edge.status(SAID, token) for token in bad))
    assert len(edge.far.called("metadata")) <= 1 + ALLOWED
    assert edge.heard == []


async def test_while_no_keys_could_be_had_nobody_is_judged(edge: Edge) -> None:
    with edge.far.rule(faults.status(500), "metadata"):
        assert await edge.status(SAID) == 503
        assert await edge.status(SAID, "garbage") == 401
        assert await edge.status(SAID, edge.far.sign(alg="none")) == 401
    edge.clock.forward(seconds=5)
    assert await edge.status(SAID) == 200
    edge.clock.forward(hours=25)
    with edge.far.rule(faults.status(500), "metadata"):
        assert await edge.status(SAID) == 200, "old keys are better than none"


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "http://smba.trafficmanager.net/", "http://127.0.0.1/", "x", ""]
)
async def test_a_foreign_address_is_refused_even_if_the_token_was_made_for_it(edge: Edge, url: str) -> None:
    assert await edge.status(but(serviceUrl=url), edge.far.sign(serviceurl=url)) == 403
    assert edge.heard == []


async def test_the_address_must_be_the_tokens(edge: Edge) -> None:
    elsewhere = "https://smba.trafficmanager.net/emea/"
    assert await edge.status(but(serviceUrl=elsewhere)) == 403
    for claim in (elsewhere, "", 1, None, [URL], URL.upper()):
        assert await edge.status(SAID, edge.far.sign(serviceurl=claim)) == 403
    assert await edge.status(SAID, edge.far.sign(serviceurl=URL.rstrip("/"))) == 200


async def test_other_channels_are_refused(edge: Edge) -> None:
    for channel in ("webchat", "emulator", "slack", "MSTeams", ""):
        assert await edge.status(but(channelId=channel)) == 403


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_tenants_must_agree_in_every_kind_of_activity(edge: Edge, kind: str) -> None:
    for changes in (
        {"channelData__tenant__id": OTHER},
        {"conversation__tenantId": OTHER},
        {"value": {"tenantId": OTHER}},
    ):
        assert await edge.status(but(type=kind, **changes)) == 403
    for changes in (
        {"channelData": MISSING, "conversation__tenantId": MISSING},
        {"channelData__tenant__id": "Northwind"},
    ):
        assert await edge.status(but(type=kind, **changes)) == 400
    assert edge.heard == []


# What is not of Teams' kind, size, pace or shape


async def test_other_content_types_are_refused(edge: Edge) -> None:
    raw = json.dumps(SAID).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp", "", "json", ";", "text/json"):
        assert (await edge.post(raw, edge.headers(kind=kind))).status == 415
    head = f"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: {len(raw)}\r\n\r\n".encode()
    assert b" 415 " in await edge.wire(head, raw)
    packed = gzip.compress(raw)
    assert (await edge.post(packed, {**edge.headers(), "Content-Encoding": "gzip"})).status == 415
    assert (await edge.post(raw, {**edge.headers(), "Content-Encoding": "gzip"})).status in (400, 415)


async def test_a_content_type_may_name_its_characters(edge: Edge) -> None:
    assert (await edge.post(SAID, edge.headers(kind="Application/JSON; charset=utf-8"))).status == 200


async def test_more_than_a_mebibyte_is_refused_by_its_announcement(edge: Edge) -> None:
    head = f"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nContent-Length: {LARGEST + 1}\r\n\r\n"
    assert b" 413 " in await edge.wire(head.encode())


async def test_more_than_a_mebibyte_in_chunks_is_refused_as_it_comes(edge: Edge) -> None:
    head = f"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b" 413 " in await edge.wire(head.encode(), b"100001\r\n" + b"x" * (LARGEST + 1))


async def test_exactly_a_mebibyte_may_be_said(edge: Edge) -> None:
    empty = json.dumps(but(text="")).encode()
    raw = empty.replace(b'"text": ""', b'"text": "' + b"x" * (LARGEST - len(empty)) + b'"')
    assert len(raw) == LARGEST
    assert await edge.status(raw) == 200


async def test_a_body_that_does_not_arrive_is_not_waited_for(edge: Edge) -> None:
    edge.patience = 0.05
    head = f"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nContent-Length: 100\r\n\r\n"
    assert b" 408 " in await edge.wire(head.encode(), b'{"type"')


async def test_a_body_that_breaks_off_is_nobodys_alarm(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    head = f"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\n"
    await edge.wire(f"{head}Content-Length: 100\r\n\r\n".encode(), b'{"type"', hang_up=True)
    assert await edge.status(SAID) == 200
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert b" 400 " in await edge.wire(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode(), b"zz\r\nxx\r\n")


async def test_who_asks_whether_to_send_is_told_to(edge: Edge) -> None:
    raw = json.dumps(SAID).encode()
    async with edge.session.post(edge.url, data=raw, headers=edge.headers(), expect100=True) as told:
        assert told.status == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"null", b"[]", b'"x"', b"1", b"{}", b"{", b"\xff\xfe", b'{"type": "\xe9"}', b"\xef\xbb\xbf{}",
        b'{"type": "message", "type": "message"}', b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e999}',
        b'{"a": 9223372036854775808}', b'{"a": ' + b"9" * 5000 + b"}", b'{"a": ' + b"[" * 60 + b"]" * 60 + b"}",
        b'{"a": ' + b"[" * 500_000 + b"}", b'{"a": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    ],
)  # fmt: skip
async def test_what_is_no_clean_json_is_refused(edge: Edge, sent: bytes) -> None:
    assert await edge.status(sent) == 400
    assert edge.heard == []


async def test_a_bomb_inside_an_activity_is_refused(edge: Edge) -> None:
    raw = json.dumps(but(value="BOMB"))
    for bomb in ("[" * 60 + "]" * 60, '{"a":' * 60 + "1" + "}" * 60, "NaN", "9" * 5000, "1e400", '{"b": 1, "b": 2}'):
        assert await edge.status(raw.replace('"BOMB"', bomb).encode()) == 400
    assert await edge.status(raw.replace('"BOMB"', "[" * 48 + "]" * 48).encode()) == 200


async def test_an_activity_of_another_shape_is_refused(edge: Edge) -> None:
    wrong: list[dict[str, Any]] = [
        {"type": MISSING}, {"id": MISSING}, {"from": {}}, {"timestamp": "yesterday"}, {"entities": "x"},
    ]  # fmt: skip
    for changes in wrong:
        assert await edge.status(but(**changes)) == 400
    assert edge.heard == []


async def test_nothing_is_parsed_before_its_token_is_good(edge: Edge) -> None:
    for sent in (b"", b"{", b'{"a": ' + b"[" * 500_000, b"\xff"):
        assert await edge.status(sent, "garbage") == 401
        assert await edge.status(sent, edge.far.sign(aud="somebody")) == 403


# Whatever comes


LINE = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=50)
BODIES = st.binary(max_size=200) | (VALUES | NEARLY).map(lambda value: json.dumps(value).encode())
HEADERS = st.sampled_from(["Cookie", "Content-Encoding", "Accept", "Expect", "Connection", "Range", "x-ms-tenant-id"])
ANYHOW = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ANYHOW
@given(
    BODIES,
    st.sampled_from([JSON, "text/plain"]) | LINE,
    st.none() | st.sampled_from(sorted(BAD_TOKENS)) | LINE,
    st.dictionaries(HEADERS, LINE),
)
async def test_no_bytes_and_no_headers_are_our_failure(
    edge: Edge, body: bytes, kind: str, bad: str | None, others: dict[str, str]
) -> None:
    token = edge.far.sign() if bad is None else BAD_TOKENS[bad](edge.far.signer) if bad in BAD_TOKENS else bad
    headers = edge.headers(token, kind) | others
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    line = await edge.wire(
        f"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode("latin-1"), body
    )
    assert line.split()[1] in {b"200", b"400", b"401", b"403", b"413", b"415", b"417"}, line
    assert bad is None or line.split()[1] != b"200"


# What is told and logged


async def test_a_large_unsigned_request_writes_next_to_nothing(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert await edge.status(b"canary " * 130_000, "garbage") == 401
    for _ in range(200):
        assert await edge.status(b"canary", edge.far.sign(key=Key(-1, kid="canary"))) == 401
    assert len(caplog.text) < 4096
    assert "canary" not in caplog.text


async def test_a_refusal_is_a_short_sentence(edge: Edge) -> None:
    async with edge.session.post(edge.url, data=b"{}", headers={"Content-Type": JSON}) as told:
        assert await told.json() == {"error": "This wants a bearer token in its Authorization header."}
        assert told.headers["WWW-Authenticate"] == "Bearer"
        assert told.headers["X-Content-Type-Options"] == "nosniff"
        assert told.headers["Cache-Control"] == "no-store"


async def test_the_unexpected_is_a_503_whose_reference_is_in_the_log(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    edge.failing = RuntimeError("canary: It is broken, at postgresql://desk:hunter2@db")
    async with edge.session.post(edge.url, data=json.dumps(SAID), headers=edge.headers()) as told:
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
    assert await edge.status(SAID) == 503
    assert not caplog.records


async def test_only_posts_are_heard(edge: Edge) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
        async with edge.session.request(method, edge.url) as told:
            assert told.status == 405


def test_an_empty_app_id_is_none() -> None:
    for app_id, issuer in (("", "https://api.botframework.com"), ("x", "")):
        with pytest.raises(ValueError, match="empty"):
            TokenCheck(Keys.__new__(Keys), app_id, issuer, Moments())
