"""Logins, tokens and keys at the played Microsoft's servers: whoever comes otherwise is refused."""

import asyncio
from collections.abc import Callable

import jwt
import jwt.types
import pytest

from tests.teams import faults
from tests.teams.caller import Caller
from tests.teams.far import Far
from tests.teams.pieces import message
from tests.teams.places import Json, guid
from tests.teams.servers.there import ANN
from tests.teams.signing import BAD_TOKENS, ISSUER, Key

# The login server -------------------------------------------------------------------------------------------------


async def test_the_bot_logs_in_with_its_secret_in_its_own_tenant(far: Far, caller: Caller) -> None:
    again = await caller.login()
    assert again.json["token_type"] == "Bearer"
    assert again.json["expires_in"] == 3600
    assert [call.answer for call in far.called("login")] == ["ok", "ok"]
    assert far.violations == []


LOGINS: list[tuple[str, int, Json, bool]] = [
    ("invalid_client", 401, {"client_secret": "guessed"}, False),
    ("unauthorized_client", 400, {"client_id": guid("somebody")}, False),
    ("unsupported_grant_type", 400, {"grant_type": "password"}, True),
    ("invalid_scope", 400, {"scope": "https://graph.microsoft.com/.default"}, True),
    ("invalid_request", 400, {"resource": "x"}, True),
    ("invalid_request", 400, {"tenant": "botframework.com"}, True),
]


@pytest.mark.parametrize(("code", "status", "changed", "violates"), LOGINS)
async def test_whoever_logs_in_otherwise_is_refused(
    far: Far, caller: Caller, code: str, status: int, changed: Json, violates: bool
) -> None:
    refused = await caller.login(**changed)
    assert (refused.status, refused.code) == (status, code)
    assert bool(far.violations) == violates


async def test_the_connector_takes_only_tokens_that_were_issued_and_have_not_ended(far: Far, caller: Caller) -> None:
    good = caller.token
    assert (await caller.send(ANN, message())).status == 201
    far.clock.at += 3600  # type: ignore[attr-defined]
    assert (await caller.send(ANN, message())).status == 401
    assert far.violations == [], "an old token is refused, and that is all"
    for caller.token in ("made-up", ""):
        assert (await caller.send(ANN, message())).code == "Unauthorized"
    assert far.violations == ["send: no token of ours"] * 2
    await caller.login()
    assert caller.token != good
    assert (await caller.send(ANN, message())).status == 201
    far.tokens.revoke()
    assert (await caller.send(ANN, message())).status == 401


async def test_a_token_shown_to_another_host_is_a_violation(far: Far, caller: Caller) -> None:
    headers = {"Authorization": f"Bearer {caller.token}"}
    for url in (far.metadata_url, far.file_url("a.txt"), f"{far.foreign_url}v3/conversations"):
        await caller.ask("GET", url, headers=headers)
    assert [one.partition(": ")[0] for one in far.violations] == ["metadata", "download", "foreign"]
    assert far.called("foreign")[0].token == caller.token


# The signing keys -------------------------------------------------------------------------------------------------


async def read_keys(far: Far, caller: Caller) -> dict[str, Json]:
    document = (await caller.ask("GET", far.metadata_url)).json
    assert document["issuer"] == ISSUER
    keys = (await caller.ask("GET", document["jwks_uri"])).json["keys"]
    return {key["kid"]: key for key in keys}


async def claims(far: Far, caller: Caller, token: str) -> Json:
    """Checked as somebody else's library does."""
    key = (await read_keys(far, caller))[jwt.get_unverified_header(token)["kid"]]
    options: jwt.types.Options = {"require": ["exp", "nbf", "iss", "aud"], "verify_exp": False, "verify_nbf": False}
    public = jwt.PyJWK(key).key
    made: Json = jwt.decode(token, public, ["RS256"], options, audience=far.app.id, issuer=ISSUER)
    now = far.clock()
    if not made["nbf"] - 300 <= now <= made["exp"] + 300:
        raise jwt.ExpiredSignatureError
    if "msteams" not in key.get("endorsements", ()) or made.get("serviceurl") != far.service_url:
        raise jwt.InvalidTokenError
    return made


async def test_the_channels_token_is_good_by_the_published_keys(far: Far, caller: Caller) -> None:
    said = await claims(far, caller, far.sign())
    assert said["serviceurl"] == far.service_url
    assert said["aud"] == far.app.id
    assert said["nbf"] < far.clock() < said["exp"]


@pytest.mark.parametrize("bad", BAD_TOKENS.values(), ids=BAD_TOKENS)
async def test_every_bad_token_is_bad(far: Far, caller: Caller, bad: Callable[..., str]) -> None:
    with pytest.raises((jwt.PyJWTError, KeyError)):
        await claims(far, caller, bad(far.signer))


async def test_keys_rotate_with_or_without_the_old_ones(far: Far, caller: Caller) -> None:
    before = far.sign()
    far.rotate_key()
    assert len(await read_keys(far, caller)) == 2
    for token in (before, far.sign()):
        await claims(far, caller, token)
    far.rotate_key(keep=False)
    assert len(await read_keys(far, caller)) == 1
    with pytest.raises(KeyError):
        await claims(far, caller, before)


async def test_a_key_may_have_no_endorsement_for_teams(far: Far, caller: Caller) -> None:
    far.rotate_key(endorsements=["webchat"])
    with pytest.raises(jwt.InvalidTokenError):
        await claims(far, caller, far.sign())
    assert far.sign(key=Key(1)), "the one before is still there to sign with"


async def test_the_documents_go_wrong_when_they_are_told_to(far: Far, caller: Caller) -> None:
    far.script("metadata", faults.status(503), faults.html())
    statuses = [(await caller.ask("GET", far.metadata_url)).status for _ in range(3)]
    assert statuses == [503, 502, 200]
    gate = faults.Gate()
    far.script("keys", gate)
    reading = asyncio.create_task(read_keys(far, caller))
    await gate.arrived.wait()
    gate.open()
    assert await reading
