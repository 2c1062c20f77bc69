"""The tab in Teams: Microsoft's word for who it is, for this app alone; shown in Teams' frame alone."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from adapters.portal import keys
from adapters.portal.edge import TEAMS
from adapters.portal.keys import NoAnswer
from adapters.portal.signing_in import ELSEWHERE
from adapters.portal.teams_tab import TokenCheck
from store.store import Store
from store.work import Work
from tests.portal.identity import Provider
from tests.portal.stage import Stage, staged
from tests.teams.signing import Key, Signer

APP = "c5a2c9d4-0b7e-4c8f-9a55-3d1e0f6b2a77"
TENANT, ANN = "72f988bf-86f1-41af-91ab-2d7cd011db47", "11111111-2222-3333-4444-555555555555"
HOST = "desk.example.com"


@pytest.fixture
async def tab(sqlite: Store) -> AsyncIterator[tuple[Stage, Provider]]:
    async with Provider() as entra, ClientSession() as session:
        check = TokenCheck(APP, HOST, lambda: session, lambda: datetime.now(UTC), entra.url)
        async with staged(sqlite, teams=check) as stage:
            await stage.world.store.write(link)
            yield stage, entra


def link(work: Work) -> None:
    ann = work.person_at("ann@northwind.example")
    assert ann is not None
    work.link("teams", TENANT, ANN, ann, "test", datetime.now(UTC))


def token(entra: Provider, without: Any = (), key: Key | None = None, alg: str = "RS256", **claims: Any) -> str:
    said: dict[str, Any] = {
        "iss": f"{entra.url}/{TENANT}/v2.0",
        "aud": APP,
        "tid": TENANT,
        "oid": ANN,
        "scp": "access_as_user",
    }
    said |= {"iat": int(time.time()), "preferred_username": "sam@desk.example", **claims}
    signer: Signer = entra.signer
    return signer.sign(without=without, key=key, alg=alg, **said)


async def enters(stage: Stage, said: str) -> Any:
    browser = stage.browser()
    sent = {"Origin": stage.origin}
    url = f"{stage.origin}/tab/sign-in"
    async with browser.session.post(url, data={"token": said}, headers=sent, allow_redirects=False) as done:
        return done.status, done.headers.get("Set-Cookie", ""), done.headers


async def test_teams_vouches_for_whoever_is_linked(tab: tuple[Stage, Provider]) -> None:
    stage, entra = tab
    v1: dict[str, Any] = {"iss": f"https://sts.windows.net/{TENANT}/", "aud": f"api://{HOST}/{APP}"}
    both: tuple[dict[str, Any], ...] = ({}, v1)
    for claims in both:
        status, cookie, headers = await enters(stage, token(entra, **claims))
        assert (status, headers["Location"]) == (303, "/tab/")
        said = set(cookie.split("; ")[1:])
        assert said == {"Path=/", "Max-Age=604800", "HttpOnly", "Secure", "SameSite=None", "Partitioned"}
        name = {"Cookie": cookie.partition(";")[0]}
        page = await stage.browser().gets("/tab/", headers=name)
        assert "Hello Ann Lee" in page.words
        assert f"frame-ancestors {TEAMS}" in page.headers["Content-Security-Policy"]
        assert 'href="/tab/cases"' in page.text
        assert (await stage.browser().gets("/portal/", headers=name)).path == "/portal/sign-in"
    asked = (await stage.browser().gets("/tab/sign-in")).root.all("script")
    assert asked[0].attributes["integrity"].startswith("sha384-")
    script = (await stage.browser().gets("/tab/sign-in")).headers["Content-Security-Policy"]
    assert "script-src 'self' https://res.cdn.office.net;" in script
    assert "res.cdn" not in (await stage.browser().gets("/portal/sign-in")).headers["Content-Security-Policy"]


BAD: dict[str, Callable[[Provider], str]] = {
    "garbage": lambda e: "garbage",
    "another app": lambda e: token(e, aud="00000000-0000-0000-0000-000000000000"),
    "another host's app": lambda e: token(e, aud=f"api://evil.example/{APP}"),
    "several audiences": lambda e: token(e, aud=[APP, "x"]),
    "no audience": lambda e: token(e, without=["aud"]),
    "another tenant's issuer": lambda e: token(e, iss=f"{e.url}/{ANN}/v2.0"),
    "no issuer": lambda e: token(e, without=["iss"]),
    "another tenant": lambda e: token(e, tid=ANN, iss=f"{e.url}/{ANN}/v2.0"),
    "no tenant": lambda e: token(e, without=["tid"]),
    "no user": lambda e: token(e, without=["oid"]),
    "a user that is no id": lambda e: token(e, oid="sam@desk.example"),
    "nobody who is linked": lambda e: token(e, oid=TENANT),
    "an app by itself": lambda e: token(e, without=["scp"]),
    "another scope": lambda e: token(e, scp="User.Read"),
    "expired": lambda e: token(e, exp=1_700_000_000),
    "no expiry": lambda e: token(e, without=["exp"]),
    "not yet": lambda e: token(e, nbf=4_000_000_000),
    "no signature": lambda e: token(e, alg="none"),
    "the public key for a secret": lambda e: token(e, alg="HS256"),
    "an unknown key": lambda e: token(e, key=Key(-1, kid="kid-of-nobody")),
    "a known name for an unknown key": lambda e: token(e, key=Key(-1, kid=e.signer.keys[-1].name)),
}


async def test_nobody_else_gets_in(tab: tuple[Stage, Provider]) -> None:
    stage, entra = tab
    assert (await enters(stage, token(entra)))[0] == 303
    for name, bad in BAD.items():
        status, cookie, _ = await enters(stage, bad(entra))
        assert (status, cookie) == (403, ""), name
    assert entra.fetched <= 2


async def test_who_is_unlinked_in_teams_is_out(tab: tuple[Stage, Provider]) -> None:
    stage, entra = tab
    _, cookie, _ = await enters(stage, token(entra))
    name = {"Cookie": cookie.partition(";")[0]}
    assert (await stage.browser().gets("/tab/cases", headers=name)).status == 200

    def unlink(work: Work) -> None:
        there = work.identity("teams", TENANT, ANN)
        assert there is not None
        work.revoke(there, stage.world.time.machine)

    await stage.world.store.write(unlink)
    assert (await stage.browser().gets("/tab/cases", headers=name)).path == "/tab/sign-in"
    assert (await enters(stage, token(entra)))[0] == 403


async def test_microsoft_away_is_no_ones_fault(tab: tuple[Stage, Provider]) -> None:
    stage, entra = tab
    said = token(entra)
    await entra.server.close()
    assert (await enters(stage, said))[0] == 503


async def test_while_it_is_silent_one_try_a_minute_finds_out_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, now = 0, datetime(2026, 1, 19, tzinfo=UTC)

    async def silent(*_: object) -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        raise NoAnswer("TimeoutError")

    monkeypatch.setattr(keys, "document", silent)
    found = keys.Keys(lambda: None, lambda: now)  # type: ignore[arg-type, return-value]
    for _ in range(2):
        tries = await asyncio.gather(*(found.find("k", "url") for _ in range(8)), return_exceptions=True)
        assert {type(each) for each in tries} == {NoAnswer}
        now += timedelta(seconds=61)
    assert asked == 2


async def test_who_fails_again_and_again_is_slowed(tab: tuple[Stage, Provider]) -> None:
    """And nobody for coming in: a company comes from one address."""
    stage, entra = tab
    good = token(entra)
    for _ in range(3):
        assert (await enters(stage, good))[0] == 303
    statuses = [(await enters(stage, "garbage"))[0] for _ in range(ELSEWHERE + 1)]
    assert statuses == [403] * ELSEWHERE + [429]
