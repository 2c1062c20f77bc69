"""What Teams' requests must pass, over real sockets and with real keys."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from jwt.utils import base64url_encode

from adapters.teams.inbound_token import MANY
from adapters.teams.keys import ALLOWED
from tests.adapters.teams.edge.knocking import JSON, Edge, signed
from tests.adapters.teams.saying import KINDS, MISSING, OTHER, SAID, TENANT, URL, but
from tests.teams import faults
from tests.teams.signing import BAD_TOKENS, Key


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
