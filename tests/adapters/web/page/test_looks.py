"""The page in every width, colour and language of the eye: clock, days, panes, tours and what a screen reader finds."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from bot.messages import Count, Text
from tests.adapters.colours import CONTRASTS
from tests.adapters.web.page.show import EVERY_PART, EVERY_VALUE, Show, Visit, bubble, room, write
from tests.adapters.web.stage import BROKEN, FORM, MONDAY, WRONG, words

pytestmark = pytest.mark.browser


# The clock and the frame ------------------------------------------------------------------------------------------


def test_the_business_clock_is_shown_in_its_zone_and_moves_forward_only(show: Show, visit: Visit) -> None:
    page = visit()
    clock = page.get_by_role("region", name="Business clock")
    expect(clock.locator(".clock-now")).to_have_text("09:00 ETMon 20 Jan 2025")
    clock.get_by_role("button", name="+15 min").click()
    expect(clock.locator(".clock-time")).to_have_text("09:15 ET")
    clock.get_by_role("button", name="+4 h").click()
    expect(clock.locator(".clock-time")).to_have_text("13:15 ET")
    clock.get_by_role("button", name="Next morning").click()
    expect(clock.locator(".clock-now")).to_have_text("08:00 ETTue 21 Jan 2025")
    clock.get_by_text("Set…").click()
    clock.get_by_label("To (ET)").fill("2025-01-20T10:00")
    clock.get_by_role("button", name="Go").click()
    expect(clock.get_by_role("alert")).to_contain_text("The clock only moves forward")
    clock.get_by_label("To (ET)").fill("2025-07-01T10:00")
    clock.get_by_role("button", name="Go").click()
    expect(clock.locator(".clock-now")).to_have_text("10:00 ETTue 1 Jul 2025")
    assert show.clock.time == datetime.fromisoformat("2025-07-01T14:00:00+00:00")


def test_messages_of_another_day_stand_under_its_name_and_at_the_readers_time(show: Show, visit: Visit) -> None:
    show.say("eve", Text(("First.",)), key="first")
    show.clock.time = MONDAY + timedelta(hours=11)  # Tuesday in London, Monday in New York
    show.say("eve", Text(("Second.",)), key="second")
    page = visit()
    page.click("[data-tab=eve]")
    expect(room(page, "eve").locator(".day")).to_have_text(["Mon 20 Jan", "Tue 21 Jan"])
    expect(page.locator('[data-key="second"] .meta time')).to_have_text("01:00")


def test_a_narrow_window_shows_one_pane_and_says_what_is_new_in_the_others(show: Show, visit: Visit) -> None:
    page = visit(390, 844)
    expect(page.locator(".pane:visible")).to_have_count(1)
    show.say("eve", Text(("Hello Eve.",)), key="hello")
    tab = page.get_by_role("button", name="Eve 1 new")
    tab.click()
    expect(room(page, "eve")).to_be_visible()
    expect(page.locator(".pane:visible")).to_have_count(1)
    expect(page.locator("[data-tab=eve]")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Eve 1 new")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_wide_window_shows_several_people_side_by_side(visit: Visit) -> None:
    for width, count in ((1600, 4), (1280, 3), (900, 2)):
        page = visit(width, 800)
        expect(page.locator(".pane:visible")).to_have_count(count)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_whoever_reads_further_up_is_not_pulled_away(show: Show, visit: Visit) -> None:
    for number in range(40):
        show.say("ann", Text(("Line ", Count(number))), key=f"line {number}")
    page = visit()
    log = room(page, "ann").locator(".log")
    expect(bubble(page, "line 39")).to_be_in_viewport()
    log.evaluate("log => { log.scrollTop = 0 }")
    expect(bubble(page, "line 0")).to_be_in_viewport()
    show.say("ann", Text(("The latest",)), key="latest")
    newer = room(page, "ann").get_by_role("button", name="New messages")
    expect(newer).to_be_visible()
    expect(bubble(page, "line 0")).to_be_in_viewport()
    newer.click()
    expect(bubble(page, "latest")).to_be_in_viewport()
    expect(newer).to_be_hidden()


def test_the_hints_lead_to_where_things_happen_and_stay_closed(show: Show, visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Write as Ann").click()
    assert page.input_value("#say-ann") == BROKEN
    page.get_by_role("button", name="Close the hints").click()
    expect(page.locator("#hints")).to_be_hidden()
    expect(page.get_by_role("button", name="What to try")).to_be_focused()
    page.reload()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("#hints")).to_be_hidden()


def test_the_tour_is_offered_only_where_everybody_is_there_who_plays_in_it(visit: Visit) -> None:
    page = visit()
    expect(page.locator("#hints")).to_be_visible()
    expect(page.get_by_role("button", name="Take the tour")).to_have_count(0)


# For everybody ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_in_the_light_and_in_the_dark(show: Show, visit: Visit, scheme: str) -> None:
    card = show.say("desk", *EVERY_PART, key="card", root=True)
    show.say("desk", Text(("A note",)), thread=card)
    show.say("ann", *EVERY_PART, Text(tuple(EVERY_VALUE)))
    show.say("eve", Text(("News",)))
    show.bot.lines = [words("Only Cora sees this"), FORM, WRONG]
    page = visit(color_scheme=scheme)
    show.say("sam", Text(("News",)))
    write(page, "desk", "queue")
    expect(room(page, "desk").locator(".only")).to_be_visible()
    page.wait_for_timeout(300)  # entries fade in
    dark = page.evaluate("getComputedStyle(document.querySelector('.pane')).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")
    assert page.evaluate(CONTRASTS) == []
    write(page, "ann", "open")
    page.get_by_role("button", name="Open the case").click()
    expect(page.locator("dialog .mistake").first).to_be_visible()
    assert page.evaluate(CONTRASTS) == []


def test_the_colours_can_be_chosen_and_are_remembered(visit: Visit) -> None:
    page = visit(color_scheme="light")
    button = page.get_by_role("button", name="Colours: system. Change")
    button.click()
    page.get_by_role("button", name="Colours: light. Change").click()
    pane = "getComputedStyle(document.querySelector('.pane')).backgroundColor"
    assert page.evaluate(pane) != "rgb(255, 255, 255)"
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_whoever_asked_for_less_motion_gets_none(show: Show, visit: Visit) -> None:
    show.say("ann", Text(("Hello.",)), key="hello")
    for motion, moves in (("reduce", False), ("no-preference", True)):
        page = visit(reduced_motion=motion)
        name = page.locator('[data-key="hello"]').evaluate("node => getComputedStyle(node).animationName")
        assert (name != "none") == moves


def test_a_screen_reader_finds_landmarks_logs_and_a_name_on_every_control(show: Show, visit: Visit) -> None:
    show.say("ann", *EVERY_PART)
    show.say("desk", *EVERY_PART, root=True)
    page = visit()
    for role, name in (
        ("banner", None),
        ("main", None),
        ("navigation", "Chats of customers"),
        ("navigation", "Rooms of the desk"),
        ("region", "Ann Lee"),
        ("log", "Ann Lee: conversation"),
        ("textbox", "Write as Ann Lee"),
        ("group", "How Support Hub asks Ann Lee"),
    ):
        expect(page.get_by_role(role, name=name).first).to_be_visible()  # type: ignore[arg-type]
    expect(room(page, "ann").get_by_role("log")).to_have_attribute("aria-live", "polite")
    assert page.get_by_role("heading", level=1).count() == 1
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    controls = {"button", "textbox", "radio", "link", "checkbox"}
    nameless = [n for n in nodes if n["role"]["value"] in controls and not n["name"]["value"].strip()]
    assert nameless == []
