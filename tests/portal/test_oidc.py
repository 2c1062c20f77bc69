"""The desk's own sign-in: whatever is not exactly what was asked for lets nobody in."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from adapters.portal.oidc import SignInElsewhere
from app.secrets import Seal
from store.store import Store
from tests.portal.identity import CLIENT, SECRET, Provider
from tests.portal.reading import Page
from tests.portal.stage import Browser, Stage, page, staged

KEY = SecretStr("a key of the desk that is long enough")


@pytest.fixture
async def desk(sqlite: Store) -> AsyncIterator[tuple[Stage, Provider]]:
    def now() -> datetime:
        return datetime.now(UTC)

    async with Provider() as provider, ClientSession() as session:
        asks = SignInElsewhere(provider.url, CLIENT, SECRET, lambda: session, Seal(KEY, now), now)
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
    assert (entered.status, entered.path) == (200, "/portal/talk")
    assert "Sam Ortiz" in entered.text
    await signs_in(stage.browser())
    assert provider.fetched == 1
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
