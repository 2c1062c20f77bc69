"""What people say on the page leaves in its order, once, and is not lost."""

import pytest
from playwright.sync_api import expect

from bot.channel import Busy
from bot.incoming import Pressed, Said
from bot.messages import Button, Text
from tests.adapters.web.page.show import Show, Visit, bubble, room, settled, write
from tests.adapters.web.stage import BROKEN, words

pytestmark = pytest.mark.browser


# Saying and pressing ----------------------------------------------------------------------------------------------


def test_everything_can_be_said_and_pressed_with_the_keyboard_alone(show: Show, visit: Visit) -> None:
    show.bot.lines = [
        words("How bad is it?", Button("Low", "answer 12 priority low"), Button("High", "answer 12 priority high"))
    ]
    page = visit()

    def tab_to(selector: str, back: bool = False) -> None:
        for _ in range(40):
            page.keyboard.press("Shift+Tab" if back else "Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"the keyboard does not reach {selector}")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    tab_to("#say-ann")
    page.keyboard.type("one line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("and another")
    page.keyboard.press("Enter")
    expect(room(page, "ann").get_by_role("button", name="High")).to_be_visible()
    assert page.input_value("#say-ann") == ""
    tab_to(".say", back=True)
    page.keyboard.press("Enter")
    expect(room(page, "ann").locator(".done")).to_have_text("pressed High")
    settled(page)
    assert show.said == [Said("one line\nand another"), Pressed("answer 12 priority high")]
    tab_to(".tool", back=True)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "say-ann"


def test_a_suggestion_fills_the_composer_and_waits_for_enter(show: Show, visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name=BROKEN).click()
    assert page.input_value("#say-ann") == BROKEN
    assert show.said == []
    page.keyboard.press("Enter")
    expect(room(page, "ann").locator(".words")).to_have_text(BROKEN)
    expect(room(page, "ann").locator(".chip").first).to_be_hidden()


def test_a_reply_names_the_message_that_it_answers(show: Show, visit: Visit) -> None:
    show.say("ann", Text(("Sam asks: which browser?",)), key="question")
    page = visit()
    page.locator('[data-key="question"]').hover()
    page.locator('[data-key="question"]').get_by_role("button", name="Reply to this message of Support Hub").click()
    expect(room(page, "ann").locator(".answering-now")).to_contain_text("Sam asks: which browser?")
    page.keyboard.type("Edge")
    page.keyboard.press("Enter")
    expect(room(page, "ann").locator(".answering")).to_have_text("Sam asks: which browser?")
    settled(page)
    assert [heard.quotes for heard in show.bot.heard] == ["question"]
    write(page, "ann", "And Firefox")
    expect(room(page, "ann").locator(".words")).to_have_count(2)
    settled(page)
    assert show.bot.heard[1].quotes == ""


def test_what_was_not_acknowledged_says_so_and_is_sent_again_as_the_same_act(show: Show, visit: Visit) -> None:
    show.bot.lines = [Busy(), RuntimeError("secret"), None]
    page = visit()
    write(page, "ann", BROKEN)
    expect(room(page, "ann").locator(".fate")).to_have_text("Not sent yet, trying again…")
    expect(room(page, "ann").locator(".fate")).to_have_text("")
    assert len({heard.key for heard in show.bot.heard}) == 1
    assert len(show.bot.heard) == 3
    expect(room(page, "ann").locator(".entry")).to_have_count(1)


def test_what_people_do_leaves_in_their_order(show: Show, visit: Visit) -> None:
    show.bot.lines = [Busy(), None, None]
    page = visit()
    write(page, "ann", "first")
    write(page, "ann", "second")
    settled(page)
    assert show.said == [Said("first"), Said("first"), Said("second")]


def test_an_unsent_act_outlives_the_page_and_a_server_that_was_away(show: Show, visit: Visit) -> None:
    page = visit()
    show.stop()
    expect(page.locator("#connection")).to_have_text("Reconnecting…")
    expect(page.locator("body")).not_to_have_attribute("data-ready", "")
    write(page, "ann", BROKEN)
    expect(room(page, "ann").locator(".fate")).to_have_text("Not sent yet, trying again…")
    show.say("bob", Text(("Meanwhile.",)), key="meanwhile")
    show.start()
    expect(page.locator("#connection")).to_have_text("Live")
    expect(bubble(page, "meanwhile")).to_have_text("Meanwhile.")
    settled(page)
    assert show.said == [Said(BROKEN)]
    show.bot.lines = [Busy() for _ in range(3)]
    write(page, "ann", "cases")
    expect(room(page, "ann").locator(".fate").last).to_have_text("Not sent yet, trying again…")
    page.reload()
    expect(room(page, "ann").locator(".words")).to_have_text([BROKEN, "cases"])
    settled(page)
    assert len({heard.key for heard in show.bot.heard}) == 2


def test_what_the_server_could_not_even_keep_is_not_lost_with_the_page(show: Show, visit: Visit) -> None:
    page = visit()
    show.rooms.broken = True
    write(page, "ann", BROKEN)
    expect(room(page, "ann").locator(".fate")).to_have_text("Not sent yet, trying again…")
    page.reload()
    expect(room(page, "ann").locator(".words")).to_have_text(BROKEN)
    show.rooms.broken = False
    settled(page)
    assert show.said == [Said(BROKEN)]
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert show.said == [Said(BROKEN)]


def test_what_the_server_will_never_take_says_why_and_can_be_removed(show: Show, visit: Visit) -> None:
    show.say("ann", Text(("Which browser?",)), key="question")
    page = visit()
    page.locator('[data-key="question"]').hover()
    page.locator('[data-key="question"] .tool').click()
    del show.rooms.kept["question"]
    page.keyboard.type("Edge")
    page.keyboard.press("Enter")
    expect(room(page, "ann").locator(".refused")).to_contain_text("It refers to a message that is not in this room.")
    page.get_by_role("button", name="Remove").click()
    expect(room(page, "ann").locator(".words")).to_have_count(0)
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert show.said == []
