"""The guided tour on the real playground: a process of its own, nothing scripted, played to its end in a browser."""

import asyncio
import json
import re
import shutil
import signal
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from store.store import open_store
from tests.adapters.colours import CONTRASTS
from tests.app.test_command_line import running
from tests.program import Process
from tests.transcripts.replaying import differences, replayed

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
STEPS = 8
LONG = 60_000  # milliseconds for one step of real answers, on a machine that is busy with other tests
SECRET = "Their own script breaks it"
_keys = count(10_000_000)


@pytest.fixture(scope="module")
def browser(chromium_path: str, chromium_flags: list[str]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_path, args=chromium_flags)
        yield launched
        launched.close()


Demo = tuple[str, Process]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with running(tmp_path, "demo") as started:
        yield started


@pytest.fixture
def address(demo: Demo) -> str:
    return demo[0]


Visit = Callable[..., Page]


@pytest.fixture
def visit(address: str, browser: Browser) -> Iterator[Visit]:
    """Opens the playground; at the end no page may have complained."""
    complaints: list[str] = []
    contexts = []

    def opened(width: int = 1600, height: int = 950, **how: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **how)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def post(address: str, path: str, body: dict[str, Any]) -> None:
    head = {"Content-Type": "application/json", "Origin": address.rstrip("/")}
    asked = urllib.request.Request(f"{address}play/{path}", json.dumps(body).encode(), head)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert answer.status == 200


def says(address: str, who: str, text: str) -> None:
    post(address, "act", {"who": who, "room": who, "key": str(next(_keys)), "kind": "said", "text": text})


def at_saturday_night(address: str) -> date:
    """Moves the business clock there; returns the Monday after it."""
    with urllib.request.urlopen(f"{address}play/state", timeout=30) as answer:
        state = json.load(answer)
    today = datetime.fromisoformat(state["now"]).astimezone(ZoneInfo(state["zone"])).date()
    monday = today + timedelta(days=14 - today.weekday())
    post(address, "clock", {"to": f"{monday - timedelta(days=2)}T23:00"})
    return monday


def room(page: Page, name: str) -> Locator:
    return page.locator(f"[data-room={name}]")


def begin(page: Page) -> None:
    page.get_by_role("button", name="Take the tour").click()
    expect(page.locator(".coach-step")).to_have_text(f"Step 1 of {STEPS}")


def played(page: Page, step: int) -> None:
    expect(page.locator(".coach-step")).to_have_text(f"Step {step} of {STEPS}", timeout=LONG)
    expect(page.locator("#coach")).to_have_attribute("data-state", "played", timeout=LONG)


def number(page: Page) -> str:
    """The case that the tour has opened: the newest that Ann was told of."""
    told = room(page, "ann").locator(".bubble", has_text="This is case").last
    found = re.search(r"This is case #(\d+)\.", told.text_content() or "")
    assert found
    return found[1]


def check_the_story(page: Page, case: str) -> None:
    """What everybody sees after the last step."""
    shown = {name: room(page, name) for name in ("ann", "bob", "eve", "tess", "cora", "desk")}
    expect(shown["ann"]).to_contain_text("Good. Ask me again any time.")
    expect(shown["ann"]).to_contain_text(re.compile(r"Expected response\s*by .* ET.*4 business hours \(W46\)"))
    expect(shown["ann"]).to_contain_text("I see the error too and am looking into it")
    expect(shown["ann"]).to_contain_text(f"Thank you. Case #{case} is closed.")
    expect(shown["ann"]).not_to_contain_text(SECRET)
    expect(shown["cora"]).to_contain_text(f"#{case} has used 75 % of its response time.")
    expect(shown["cora"]).to_contain_text("▰▰▰▰▰▰▰▱▱▱")
    expect(shown["cora"].locator(".done").last).to_have_text("pressed Acknowledge")
    card = shown["desk"].locator(".entry.root", has_text=f"#{case}:")
    expect(card).to_contain_text(re.compile(r"Status\s*closed, confirmed by the customer"))
    expect(card).to_contain_text(re.compile(r"First response\s*in time"))
    expect(card.locator(".thread")).to_contain_text(f"close {case} The form sends again")
    expect(shown["bob"]).to_contain_text(f"#{case} The quote form is broken since this morning, closed")
    expect(shown["eve"]).to_contain_text(f"There is no case #{case}.")
    expect(shown["eve"]).to_contain_text("On Base Support, how-to questions are answered by the knowledge base")
    expect(shown["tess"]).to_contain_text("Terrasoft does not publish that.")
    expect(shown["tess"]).to_contain_text(re.compile(r"Premium needs 5 licences or more; there are 4\. \(T9\)"))
    expect(shown["tess"]).to_contain_text("Premium: 20,000, 50 % of the licences' price (T13, T17, T9)")


def test_the_whole_story_is_played_on_a_fresh_playground_and_what_is_saved_of_it_goes_the_same_way_again(
    visit: Visit, migrated_sqlite: Path, tmp_path: Path
) -> None:
    page = visit()
    begin(page)
    expect(page.locator("#hints")).to_be_hidden()
    panes = ["ann", "ann", "desk", "desk", "desk", "eve", "eve", "tess"]
    for step, pane in enumerate(panes, 1):
        played(page, step)
        expect(page.locator(".pane.pointed")).to_have_attribute("data-room", pane)
        expect(page.locator(".pane.pointed")).to_be_visible()
        page.locator("#coach").get_by_role("button", name="Finish" if step == STEPS else "Next").click()
    expect(page.locator("#coach")).to_be_hidden()
    expect(page.locator(".pointed")).to_have_count(0)
    expect(page.get_by_role("button", name="What to try")).to_be_focused()
    assert number(page) == "1001"
    check_the_story(page, "1001")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a test").click()
    then = saved.value.path().read_text().splitlines()
    assert len(then) > 60
    with ThreadPoolExecutor(1) as beside:  # the browser's own loop runs here
        now = beside.submit(
            asyncio.run, again(Path(shutil.copy(migrated_sqlite, tmp_path / "again.db")), then)
        ).result()
    assert differences(then, now) == []


async def again(database: Path, then: list[str]) -> list[str]:
    store = open_store(f"sqlite:///{database}")
    try:
        return await replayed(store, then)
    finally:
        await store.close()


def test_enter_alone_leads_through_it_on_a_phone_at_night_over_open_cases_and_again(address: str, visit: Visit) -> None:
    says(address, "ann", "Invoices do not print")
    says(address, "bob", "Reports are empty")
    says(address, "eve", "How do I import contacts?")
    monday = at_saturday_night(address)
    page = visit(390, 844, reduced_motion="reduce")
    for case in ("1003", "1004"):
        page.get_by_role("button", name="Take the tour").focus()
        page.keyboard.press("Enter")
        for step in range(1, STEPS + 1):
            expect(page.locator(".coach-step")).to_have_text(f"Step {step} of {STEPS}", timeout=LONG)
            expect(page.locator(".pane:visible")).to_have_count(1)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            page.keyboard.press("Enter")  # in a hurry: while it is still playing
        played(page, STEPS)
        page.keyboard.press("Enter")
        expect(page.locator("#coach")).to_be_hidden()
        assert number(page) == case
        check_the_story(page, case)
        expect(page.locator(".clock-day")).to_have_text(f"{monday:%a} {monday.day} {monday:%b %Y}")
        page.get_by_role("button", name="What to try").click()


def test_escape_leads_back_to_free_play_at_once_and_what_was_begun_stays(visit: Visit) -> None:
    page = visit()
    page.fill("#say-ann", "my own words")
    begin(page)
    expect(page.locator("#say-ann")).to_have_value(re.compile("^How do"))
    page.keyboard.press("Escape")
    expect(page.locator("#coach")).to_be_hidden()
    expect(page.locator("#say-ann")).to_have_value("my own words")
    expect(page.locator(".entry")).to_have_count(0)
    expect(page.locator(".pointed")).to_have_count(0)
    page.get_by_role("button", name="What to try").click()
    begin(page)
    played(page, 1)
    page.get_by_role("button", name="Back to free play").click()
    expect(page.locator("#coach")).to_be_hidden()
    expect(room(page, "ann")).to_contain_text("Good. Ask me again any time.")


def test_it_waits_for_the_real_answer_however_long_that_takes_and_says_so(demo: Demo, visit: Visit) -> None:
    _address, process = demo
    page = visit()
    page.clock.install()
    process.send_signal(signal.SIGSTOP)
    begin(page)
    expect(room(page, "ann").locator(".words")).to_have_text("How do I share a view?")
    page.clock.fast_forward(20_000)
    expect(page.locator(".coach-state")).to_have_text(re.compile("^Still waiting for the real answer"))
    process.send_signal(signal.SIGCONT)
    played(page, 1)
    expect(page.locator(".coach-state")).to_have_text("Look around.")


def test_enter_in_a_chat_is_for_the_chat_and_everybody_may_play_along(visit: Visit) -> None:
    page = visit()
    begin(page)
    played(page, 1)
    page.fill("#say-bob", "plan")
    page.press("#say-bob", "Enter")
    expect(room(page, "bob")).to_contain_text("Success with CRM")
    played(page, 1)
    page.locator("body").click(position={"x": 2, "y": 2})
    page.keyboard.press("Enter")
    expect(page.locator(".coach-step")).to_have_text(f"Step 2 of {STEPS}")


def test_the_tour_asks_in_the_chat_and_speaks_as_sam_whatever_was_chosen(visit: Visit) -> None:
    page = visit()
    room(page, "ann").get_by_text("Forms").click()
    room(page, "desk").get_by_text("Cora", exact=True).click()
    begin(page)
    for step in range(1, 5):
        expect(page.locator(".coach-step")).to_have_text(f"Step {step} of {STEPS}", timeout=LONG)
        page.keyboard.press("Enter")
    expect(page.locator(".coach-step")).to_have_text(f"Step 5 of {STEPS}", timeout=LONG)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(room(page, "desk").locator("[data-from=sam]").first).to_be_attached()
    expect(room(page, "desk").locator("[data-from=cora]")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_card_can_be_read_heard_and_reached(visit: Visit, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    begin(page)
    card = page.get_by_role("region", name="Guided tour")
    assert page.evaluate(CONTRASTS) == []
    expect(card.get_by_role("button", name="Next")).to_be_focused()
    expect(card.get_by_role("status").first).to_contain_text("Ann wants to know how something is done")
    expect(card.get_by_role("status").first).to_contain_text("(W14)")
    played(page, 1)
    page.wait_for_timeout(300)  # entries fade in
    assert page.evaluate(CONTRASTS) == []


@pytest.mark.parametrize(("width", "height"), [(1600, 950), (1280, 800), (390, 844)])
def test_everybody_can_be_reached_however_wide_the_window(visit: Visit, width: int, height: int) -> None:
    page = visit(width, height)
    for name in ("Ann", "Bob", "Eve", "Tess", "Theo", "Desk", "Sam", "Cora", "Lena", "Mailbox"):
        tab = page.locator(".tab", has_text=name)
        box = tab.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
        assert tab.evaluate("tab => tab.scrollWidth <= tab.clientWidth")
        tab.click()
        expect(room(page, str(tab.get_attribute("data-tab")))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for other in range(765, 820, 10):  # where the hints have the least room
        page.set_viewport_size({"width": other, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= other
