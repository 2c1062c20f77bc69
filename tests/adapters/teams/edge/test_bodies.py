"""Bodies that Teams might send: nothing wrong with one is ever our failure, and a refusal says little."""

import gzip
import json
import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.teams.edge import LARGEST
from adapters.teams.inbound_token import TokenCheck
from adapters.teams.keys import Keys
from bot.channel import Busy
from tests.adapters.teams.edge.knocking import JSON, Edge
from tests.adapters.teams.moments import Moments
from tests.adapters.teams.saying import MISSING, NEARLY, SAID, VALUES, but
from tests.teams.signing import BAD_TOKENS, Key


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
