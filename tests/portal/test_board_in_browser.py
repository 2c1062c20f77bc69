"""The board as the desk uses it: Chromium and a keyboard, kept up to date while it is open."""

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.incoming import Said
from tests.adapters.colours import CONTRASTS
from tests.portal.stage import Stage
from tests.portal.test_board import lets_go, three
from tests.portal.test_in_browser import NAMELESS, delivering

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

PAGES = ("board", "cases/1001", "accounts", "accounts/northwind")
FOCUS = "document.activeElement.closest('[data-case]')?.dataset.case ?? document.activeElement.id"


@pytest.mark.browser
async def test_somebody_of_the_desk_with_a_keyboard(held: Stage, browser: "Browser") -> None:
    """Narrows the board, moves on it, opens a case, answers, and sees what changes while they watch."""
    pages, world, wrong = held, await three(held), list[str]()
    context = await browser.new_context(viewport={"width": 1400, "height": 900})
    page = await context.new_page()
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    worker = asyncio.create_task(delivering(pages))
    keys = page.keyboard
    try:
        await page.goto(f"{pages.origin}/portal/sign-in/{await pages.token('sam')}")
        await page.get_by_role("button", name="Sign in here").press("Enter")
        await page.get_by_role("link", name="With", exact=True).press("Enter")
        await page.wait_for_url("**sort=with")
        seen = []
        for key in ("j", "j", "ArrowDown", "ArrowDown", "k", "ArrowUp", "ArrowUp", "/", "Escape"):
            await keys.press(key)
            seen.append(await page.evaluate(FOCUS))
        assert seen == ["1002", "1003", "1001", "1001", "1003", "1002", "1002", "q", "1002"]
        await world.hear("lena", Said("take 1002"))
        await page.locator("[data-case='1002']").get_by_text("Lena Park").wait_for()
        rows = await page.locator("[data-case]").evaluate_all("them => them.map((it) => it.dataset.case)")
        assert rows == ["1003", "1002", "1001"], "by who has it"
        assert await page.evaluate(FOCUS) == "1002", "the focus goes along"
        assert await page.locator("#news").inner_text() == "Changed: #1002"
        assert await page.get_by_text("1 business hour left").count() == 1
        world.passes(minutes=20)
        await page.get_by_text("40 business minutes left").wait_for()
        await keys.press("/")
        await keys.type("unassigned jk")
        assert await page.locator("#q").input_value() == "unassigned jk", "where people write, keys are letters"
        await page.locator("#q").fill("mine")
        await keys.press("Enter")
        await page.wait_for_url("**q=mine**")
        await keys.press("j")
        await keys.press("Enter")
        await page.get_by_role("heading", name="#1001").wait_for()
        await page.locator("summary").filter(has_text="Write to the customer").press("Enter")
        await page.get_by_label("Your words to the customer").press_sequentially("It is mended")
        await page.get_by_label("Answer, and call it solved").press("Space")
        await page.get_by_label("No customer ever reads it").press_sequentially("Half a note")
        await world.hear("ann", Said("reply 1001 Please hurry"))
        await page.locator("#happened").get_by_text("Please hurry").wait_for()
        assert await page.locator("#reply").input_value() == "It is mended", "nothing that is being written is lost"
        assert await page.locator("#note").input_value() == "Half a note"
        await page.get_by_role("button", name="Send to Ann Lee").press("Enter")
        answer = page.locator("#answer")
        await answer.get_by_text("this goes out to Ann Lee in 10 seconds").wait_for()
        await lets_go(held, seconds=10)
        await answer.get_by_text("Case #1001 is solved").wait_for()
        assert await answer.get_by_role("button", name="Undo").count() == 0, "it promises nothing that is over"
        await page.locator("#stands").get_by_text("awaiting the customer's confirmation").wait_for()
        await something_else_happens(page, held)
        await page.get_by_role("link", name="Board").press("Enter")
        await page.get_by_text("Turn these keys off").evaluate("it => it.closest('details').open = true")
        await page.get_by_text("Turn these keys off").press("Enter")
        await page.wait_for_url("**keys=off**")
        await keys.press("j")
        assert await page.evaluate(FOCUS) == "", "whoever needs those keys for something else can turn them off"
        await world.says("sam", f"open-for bob@northwind.example {'Averylongword' * 9}")
        await looks(page, pages, wrong)
    finally:
        worker.cancel()
    assert wrong == []


async def something_else_happens(page: "Page", held: Stage) -> None:
    """A button becomes no other one under somebody's finger, what else a case has comes by itself, and what is being
    written stays."""
    world = held.world
    await page.goto(f"{held.origin}/portal/cases/1003")
    take = page.locator("#card").get_by_role("button", name="Take")
    await take.focus()
    await world.hear("lena", Said("take 1003"))
    await page.locator("#card").get_by_text("Lena Park").wait_for()
    assert await page.evaluate("document.activeElement.id") == "card", "neither on what else could be done, nor lost"
    await page.locator("summary").filter(has_text="Write to the customer").press("Enter")
    await page.get_by_label("Your words to the customer").press_sequentially("A careful evening")
    await world.hear("lena", Said("link-cases 1003 1001"))
    await page.get_by_role("heading", name="Related cases").wait_for()
    await world.hear("tess", Said("withdraw 1003"))
    await page.get_by_text("Reopen it").wait_for()
    assert await page.get_by_text("Propose an appointment").count() == 0
    assert await page.locator("#reply").input_value() == "A careful evening"
    await page.get_by_role("button", name="Send to Tess").press("Enter")
    await page.locator("#answer").get_by_text("so that can't be done now").wait_for()
    assert await page.get_by_label("What you wrote").input_value() == "A careful evening"


async def looks(page: "Page", stage: Stage, wrong: list[str]) -> None:
    for path in PAGES:
        await page.goto(f"{stage.origin}/portal/{path}")
        await page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            wrong += [f"{path} {scheme}: {each}" for each in await page.evaluate(CONTRASTS)]
        wrong += [f"{path} has no name: {each}" for each in await page.evaluate(NAMELESS)]
        assert await page.locator("h1").count() == 1, path
        ids = await page.evaluate("[...document.querySelectorAll('[id]')].map((it) => it.id)")
        assert sorted(ids) == sorted(set(ids)), path
        assert path != "board" or await page.get_by_text("Averylongword").count() == 1
        for width in (320, 800, 1100, 1400):
            await page.set_viewport_size({"width": width, "height": 900})
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width)
