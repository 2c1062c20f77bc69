"""The desk's own sign-in: whatever is not exactly what was asked for lets nobody in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from adapters.portal.oidc import SignInElsewhere
from app.secrets import Seal
from bot.invitations import Links
from store.store import Store
from tests.portal.identity import CLIENT, SECRET, Provider
from tests.portal.reading import Page
from tests.portal.stage import Browser, Stage, address, page, staged

KEY = SecretStr("a key of the desk that is long enough")


@pytest.fixture
async def desk(sqlite: Store) -> AsyncIterator[tuple[Stage, Provider]]:
    async with sign_in(sqlite) as found:
        yield found


@asynccontextmanager
async def sign_in(sqlite: Store, trusts: bool = False) -> AsyncIterator[tuple[Stage, Provider]]:
    def now() -> datetime:
        return datetime.now(UTC)

    async with Provider() as provider, ClientSession() as session:
        asks = SignInElsewhere(provider.url, CLIENT, SECRET, lambda: session, Seal(KEY, now), now, trusts)
        async with staged(sqlite, oidc=asks) as stage:
            yield stage, provider


async def signs_in(browser: Browser) -> Page:
    """As a browser goes: to the provider, and back."""
    return await browser.gets("/portal/oidc/begin")


async def test_whoever_is_of_the_desk_is_let_in(desk: tuple[Stage, Provider]) -> None:
    stage, provider = desk
    browser = stage.browser()
    assert "Sign in as the desk" in (await browser.gets("/portal/sign-in")).words
    entered = await signs_in(browser)
    assert (entered.status, entered.path) == (200, "/portal/board")
    assert "Sam Ortiz" in entered.text
    await signs_in(stage.browser())
    assert (provider.fetched, provider.described) == (1, 1)
    first, second = provider.asked
    assert not {first[name] for name in ("state", "nonce", "code_challenge")} & set(second.values())


BAD: dict[str, dict[str, Any]] = {
    "nobody's address": {"email": "nobody@desk.example"},
    "a customer's address": {"email": "ann@northwind.example"},
    "an address that nobody verified": {"verified": False},
    "one that somebody says is verified": {"verified": "true"},
    "no word of it": {"without": ["email_verified"]},
    "no address": {"without": ["email"]},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "another audience": {"claims": {"aud": "another client"}},
    "several audiences": {"claims": {"aud": [CLIENT, "another client"]}},
    "another nonce": {"claims": {"nonce": "x"}},
    "no nonce": {"without": ["nonce"]},
    "expired": {"claims": {"exp": 1_700_000_000}},
    "no expiry": {"without": ["exp"]},
    "not yet": {"claims": {"iat": 4_000_000_000}},
    "no signature": {"sign": {"alg": "none"}},
    "the public key for a secret": {"sign": {"alg": "HS256"}},
    "another hash": {"sign": {"alg": "RS512"}},
}


async def test_whatever_else_is_not(desk: tuple[Stage, Provider]) -> None:
    stage, provider = desk
    usual = dict(vars(provider))
    for name, wrong in BAD.items():
        vars(provider).update({**usual, **wrong})
        browser = stage.browser()
        refused = await signs_in(browser)
        assert refused.status == 403, name
        assert (await browser.gets("/portal/")).path == "/portal/sign-in", name
    vars(provider).update({**usual, "sign": {"key": provider.stranger()}})
    assert (await signs_in(stage.browser())).status == 403
    vars(provider).update(usual)
    assert (await signs_in(stage.browser())).status == 200


async def test_only_the_browser_that_began_may_end_it_and_once(desk: tuple[Stage, Provider]) -> None:
    stage, _ = desk
    browser, thief = stage.browser(), stage.browser()

    async def asked(which: Browser) -> str:
        async with which.session.get(f"{stage.origin}/portal/oidc/begin", allow_redirects=False) as there:
            url = there.headers["Location"]
        async with ClientSession() as other, other.get(url, allow_redirects=False) as there:
            return there.headers["Location"].removeprefix(stage.origin)

    back = await asked(browser)
    assert (await thief.gets(back)).status == 403
    await asked(thief)
    assert (await thief.gets(back)).status == 403  # another state than the thief's own
    assert (await browser.gets(back)).status == 200
    assert (await browser.gets(back)).status == 403


async def test_what_came_back_is_spent_however_it_ended_and_nobody_is_asked_without_end(
    desk: tuple[Stage, Provider],
) -> None:
    stage, provider = desk
    begin, browser = f"{stage.origin}/portal/oidc/begin", stage.browser()
    async with browser.session.get(begin, allow_redirects=False) as there:
        kept, where = there.headers["Set-Cookie"].partition(";")[0], there.headers["Location"]
    back = f"/portal/oidc?code=junk&state={parse_qs(urlsplit(where).query)['state'][0]}"
    taken = await browser.gets(back)
    assert (taken.status, "Max-Age=0" in taken.headers["Set-Cookie"]) == (503, True)
    for _ in range(3):  # though it kept the cookie
        assert (await stage.browser().gets(back, headers={"Cookie": kept})).status == 403
    assert provider.redeemed == 1
    statuses = [(await browser.gets("/portal/oidc/begin", allow_redirects=False)).status for _ in range(120)]
    assert (statuses[0], statuses[-1], provider.described) == (303, 429, 1)


async def test_an_issuer_that_says_of_no_address_that_it_is_verified_is_believed_where_the_operator_says_so(
    sqlite: Store,
) -> None:
    async with sign_in(sqlite, trusts=True) as (stage, provider):
        provider.without = ["email_verified"]
        assert (await signs_in(stage.browser())).status == 200
        provider.without, provider.verified = [], False
        assert (await signs_in(stage.browser())).status == 403  # what it says is believed all the more


async def test_with_a_sign_in_of_its_own_no_link_lets_the_desk_in(desk: tuple[Stage, Provider]) -> None:
    stage, _ = desk
    before = await stage.token("sam")
    object.__setattr__(stage.world.bot, "links", Links(stage.origin, b"k" * 32, desk_elsewhere=True))
    assert (await stage.browser().posts(f"/portal/sign-in/{before}", {})).status == 403
    for who in ("sam", "ann"):
        await stage.house.send_link(address(who), stage.origin)
    assert len(await stage.mailed()) == 1  # Ann's
    mails: Any = stage.world.channels["email"]
    [told] = [post.text for post in mails.posts if post.room == address("sam")]
    assert told.startswith("The desk's people get no links: sign in as the desk at ")
    sam = stage.browser()
    assert (await signs_in(sam)).status == 200
    assert "The desk's people get no links" in (await sam.says("portal", back="/terms")).words


async def test_another_issuer_behind_the_address_is_not_believed(desk: tuple[Stage, Provider]) -> None:
    stage, provider = desk
    provider.issuer = "https://evil.example"
    assert (await signs_in(stage.browser())).status == 503
    async with stage.browser().session.get(f"{stage.origin}/portal/oidc?code=x&state=") as answer:
        assert (await page(answer)).status == 403


async def test_unknown_keys_are_asked_for_once_a_minute(desk: tuple[Stage, Provider]) -> None:
    stage, provider = desk
    assert (await signs_in(stage.browser())).status == 200
    provider.sign = {"key": provider.stranger()}
    for _ in range(3):
        assert (await signs_in(stage.browser())).status == 403
    assert provider.fetched == 1
