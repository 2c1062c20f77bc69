"""Forms, cards, threads and mail on the page, each where it belongs."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bot.channel import Busy, Outgoing
from bot.incoming import Address, Pressed, Said, Submitted
from bot.messages import Button, Buttons, CaseNumber, Count, Message, Text
from tests.adapters.web.page.show import Show, Visit, bubble, room, settled, write
from tests.adapters.web.stage import FORM, WRONG, words

pytestmark = pytest.mark.browser


# Forms ------------------------------------------------------------------------------------------------------------


def test_a_form_is_a_dialog_with_each_mistake_beside_its_question(show: Show, visit: Visit) -> None:
    show.bot.lines = [FORM, WRONG, None]
    page = visit()
    room(page, "ann").get_by_text("Forms").click()
    write(page, "ann", "open")
    dialog = page.get_by_role("dialog", name="Report a problem")
    expect(dialog.get_by_label("What is wrong?")).to_be_focused()
    assert show.bot.heard[0].forms
    expect(dialog.locator(".mistake")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(dialog.locator(".mistake")).to_have_text(["Please say what is wrong.", "Please choose one."])
    subject = dialog.get_by_label("What is wrong?")
    expect(subject).to_be_focused()
    expect(subject).to_have_accessible_description("Please say what is wrong.")
    expect(subject).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_role("radiogroup")).to_have_accessible_description("Please choose one.")
    expect(dialog.get_by_label("What do you see?")).to_have_value("<b>500</b>")
    expect(room(page, "ann").locator(".entry")).to_have_count(1)
    page.keyboard.type("The form")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    dialog.get_by_role("button", name="Open the case").click()
    expect(dialog).to_have_count(0)
    expect(page.locator("#say-ann")).to_be_focused()
    expect(room(page, "ann").locator(".done")).to_have_text("sent the form Report a problem")
    assert show.said[1:] == [
        Submitted("open_case", {"subject": "", "priority": "", "details": ""}, 12),
        Submitted("open_case", {"subject": "The form", "priority": "critical", "details": "<b>500</b>"}, 12),
    ]


def test_a_form_is_left_with_escape_and_needs_nothing_said(show: Show, visit: Visit) -> None:
    show.bot.lines = [FORM]
    page = visit()
    write(page, "ann", "open")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#say-ann")).to_be_focused()
    assert show.said == [Said("open")]


def test_a_form_sent_off_while_the_desk_is_busy_goes_through_later(show: Show, visit: Visit) -> None:
    show.bot.lines = [FORM, Busy(), Busy(), None]
    page = visit()
    write(page, "ann", "open")
    page.get_by_label("Low").check()
    button = page.get_by_role("button", name="Open the case")
    button.click()
    expect(button).to_be_disabled()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len({heard.key for heard in show.bot.heard[1:]}) == 1


# The desk ---------------------------------------------------------------------------------------------------------


def test_a_card_changes_where_it_stands_under_whoever_holds_it(show: Show, visit: Visit) -> None:
    take = Buttons((Button("Take", "take 1001"), Button("Why?", "why 1001")))
    card = show.say("desk", Text(("Case ", CaseNumber(1001), ": new"), "heading"), take, key="card", root=True)
    show.say("desk", Text(("Case ", CaseNumber(1002), ": new"), "heading"), key="later", root=True)
    page = visit()
    room(page, "desk").get_by_role("button", name="Why?").focus()
    show.clock.time += timedelta(minutes=5)
    show.say("desk", Text(("Case ", CaseNumber(1001), ": taken"), "heading"), take, key="card 2", edits=card)
    expect(bubble(page, "card").get_by_role("heading")).to_have_text("Case #1001: taken")
    expect(room(page, "desk").get_by_role("button", name="Why?")).to_be_focused()
    expect(room(page, "desk").locator(".heading")).to_have_text(["Case #1001: taken", "Case #1002: new"])
    expect(page.locator('[data-key="card"] > .row .meta')).to_contain_text("updated 09:05")
    show.say("desk", Text(("Case ", CaseNumber(1001), ": closed"), "heading"), key="card 3", edits=card)
    expect(page.locator('[data-key="card"]')).to_be_focused()


def test_what_is_said_about_a_case_stands_under_its_card_and_a_long_thread_folds(show: Show, visit: Visit) -> None:
    card = show.say("desk", Text(("Case ", CaseNumber(1001))), key="card", root=True)
    for number in range(5):
        show.say("desk", Text(("Note ", Count(number))), thread=card, key=f"note {number}")
    show.say("desk", Text(("Something else",)), key="else")
    page = visit()
    thread = page.locator('[data-key="card"] .thread')
    expect(thread.locator(".bubble")).to_have_text(["Note 2", "Note 3", "Note 4"])
    thread.get_by_role("button", name="Show 2 earlier").click()
    expect(thread.locator(".bubble")).to_have_count(5)
    thread.get_by_role("button", name="5 replies · Reply in thread").click()
    page.keyboard.type("reply 1001 Looking into it")
    page.keyboard.press("Enter")
    expect(thread.locator(".words")).to_have_text("reply 1001 Looking into it")
    settled(page)
    [heard] = show.bot.heard
    assert (heard.here.thread, heard.personal) == (card, False)
    expect(room(page, "desk").locator(".log > .entry")).to_have_count(2)


def test_who_speaks_at_the_desk_is_chosen_and_what_is_for_one_shows_to_one(show: Show, visit: Visit) -> None:
    show.say("desk", Buttons((Button("Take", "take 1001"),)), key="card", root=True)
    show.bot.lines = [words("Done, it is yours.")]
    page = visit()
    desk = room(page, "desk")
    desk.get_by_text("Sam", exact=True).click()
    desk.get_by_role("button", name="Take").click()
    answer = desk.get_by_text("Done, it is yours.")
    expect(answer).to_be_visible()
    expect(desk.locator(".only")).to_contain_text("only Sam Ortiz sees this")
    assert [(heard.user, heard.body) for heard in show.bot.heard] == [("sam", Pressed("take 1001"))]
    desk.get_by_text("Cora", exact=True).click()
    expect(answer).to_have_count(0)
    desk.get_by_text("Sam", exact=True).click()
    expect(answer).to_be_visible()


def test_mail_is_shown_and_says_to_whom(show: Show, visit: Visit) -> None:
    page = visit()
    mail = Message((Text(("Escalation of ", CaseNumber(1001)), "heading"), Text(("Ann asks for a person.",))))
    show.do(show.mailbox.send(Outgoing("m1", Address("email", "", "support@websan.com"), mail)))
    expect(page.locator("[data-tab=mail] .badge")).to_contain_text("1")
    page.click("[data-tab=mail]")
    expect(page.locator("[data-tab=mail] .badge")).to_be_hidden()
    expect(page.locator(".mail summary")).to_contain_text("Escalation of #1001")
    expect(page.locator(".mail summary")).to_contain_text("To support@websan.com")
    page.locator(".mail summary").press("Enter")
    expect(page.locator(".mail")).to_contain_text("Ann asks for a person.")
