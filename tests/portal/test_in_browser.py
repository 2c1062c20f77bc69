"""The portal as people use it: Chromium, a keyboard, a narrow phone, dark and light."""

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.incoming import Said
from tests.adapters.colours import CONTRASTS
from tests.portal.stage import Stage
from tests.world import BROKEN

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

PAGES = ("", "cases", "cases/1001", "open", "ask", "plan", "people", "terms", "settings", "privacy", "talk")
NAMELESS = """() => [...document.querySelectorAll("input:not([type=hidden]), textarea, button, a, summary")]
  .filter((it) => it.checkVisibility() && !(it.labels?.length || it.innerText?.trim() || it.getAttribute("aria-label")))
  .map((it) => it.outerHTML.slice(0, 80))"""


async def delivering(stage: Stage) -> None:
    while True:
        await stage.world.delivery.deliver_all()
        await asyncio.sleep(0.02)


@pytest.mark.browser
async def test_a_customer_with_a_keyboard(pages: Stage, browser: "Browser") -> None:
    """Signs in, opens a case, hears the answer as it comes; nothing is unreadable, unnamed or too wide anywhere."""
    wrong: list[str] = []
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    worker = asyncio.create_task(delivering(pages))
    try:
        await page.goto(f"{pages.origin}/portal/sign-in/{await pages.token('ann')}")
        await page.get_by_role("button", name="Sign in here").press("Enter")
        await page.get_by_role("link", name="Open a case").first.press("Enter")
        await page.get_by_label("What is going wrong?").press_sequentially(BROKEN)
        await page.get_by_label("High").press("Space")
        await page.locator("form.fields button").press("Enter")
        await page.get_by_role("status").get_by_text("#1001").wait_for()
        await page.get_by_role("link", name="Messages").press("Enter")
        await page.locator("[data-live]").wait_for()
        await pages.world.hear("sam", Said("reply 1001 Which browser is it?"))
        await page.get_by_text("Which browser is it?").wait_for()
        await page.get_by_label("Write to the desk").press_sequentially("status 1001")
        await page.keyboard.press("Enter")
        await page.get_by_role("log").get_by_text("Status").first.wait_for()
        await looks(page, pages, wrong)
    finally:
        worker.cancel()
    assert wrong == []
    assert all(cookie["httpOnly"] for cookie in await context.cookies())


async def looks(page: "Page", stage: Stage, wrong: list[str]) -> None:
    for path in PAGES:
        await page.goto(f"{stage.origin}/portal/{path}")
        await page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            wrong += [f"{path} {scheme}: {each}" for each in await page.evaluate(CONTRASTS)]
        wrong += [f"{path} has no name: {each}" for each in await page.evaluate(NAMELESS)]
        assert await page.locator("h1").count() == 1, path
        for width in (320, 1280):
            await page.set_viewport_size({"width": width, "height": 900})
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width)
