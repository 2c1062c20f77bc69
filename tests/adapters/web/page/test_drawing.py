"""Every kind of value and part reads on the page as in the reference rendering, and what people write stays text."""

import re
from dataclasses import replace
from typing import get_args

import pytest
from playwright.sync_api import Locator, expect

from bot import messages
from bot.channel import Outgoing
from bot.incoming import Address
from bot.languages import languages
from bot.messages import (
    Bar,
    Button,
    Buttons,
    Clause,
    Code,
    Duration,
    Facts,
    Item,
    Items,
    Link,
    Message,
    Moment,
    Person,
    Picture,
    Printed,
    Quote,
    Quoted,
    Reader,
    Text,
    Value,
)
from bot.plain import plain, plain_spans
from tests.adapters.colours import COLOURS
from tests.adapters.web.page.show import AT, EVERY_PART, EVERY_VALUE, EVIL, Show, Visit, bubble, room, write
from tests.adapters.web.stage import FORM

pytestmark = pytest.mark.browser


def text_of(where: Locator) -> str:
    return re.sub(r"\s+", " ", where.text_content() or "").strip()


def test_every_kind_of_value_and_part_is_rendered_here() -> None:
    def kinds(union: object) -> set[object]:
        return {kind for member in get_args(union) for kind in (get_args(member) or [member]) if isinstance(kind, type)}

    assert {type(value) for value in EVERY_VALUE} == kinds(Value)
    assert {type(part) for part in EVERY_PART} == kinds(get_args(messages.Part)[0])
    assert {part.style for part in EVERY_PART if isinstance(part, Text)} == {"normal", "heading", "small", "alert"}


@pytest.mark.parametrize("zone", ["America/Toronto", "Europe/London", "Asia/Tokyo", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("language", languages())
def test_values_read_as_the_reference_rendering_has_them(show: Show, visit: Visit, zone: str, language: str) -> None:
    for number, value in enumerate(EVERY_VALUE):
        show.say("ann", Text(("[", value, "]")), key=f"value {number}", zone=zone, language=language)
    page = visit()
    for number, value in enumerate(EVERY_VALUE):
        said = plain_spans((value,), Reader(zone, language)).replace("\u00a0", " ")  # as a page's text is read
        assert text_of(bubble(page, f"value {number}")) == f"[{said}]"


def test_a_moment_with_a_zone_of_its_own_shows_in_both_where_they_differ(show: Show, visit: Visit) -> None:
    due = Moment(AT, "America/New_York", "ET")
    show.say("eve", Text(("Due ", due)), key="london", zone="Europe/London")
    show.say("eve", Text(("Due ", due)), key="toronto", zone="America/Toronto")
    show.say("eve", Text(("Due ", due)), key="sydney", zone="Australia/Sydney")
    page = visit()
    page.click("[data-tab=eve]")
    assert text_of(bubble(page, "london")) == "Due Mon 20 Jan 11:30 ET (16:30 London)"
    assert text_of(bubble(page, "toronto")) == "Due Mon 20 Jan 11:30 ET"
    assert text_of(bubble(page, "sydney")) == "Due Mon 20 Jan 11:30 ET (Tue 03:30 Sydney)"


def test_every_part_shows_and_an_internal_quote_says_so(show: Show, visit: Visit) -> None:
    show.say("desk", *EVERY_PART, key="all")
    page = visit()
    shown = bubble(page, "all")
    expect(shown.get_by_role("heading", name="This is case #1042.")).to_be_visible()
    expect(shown.get_by_role("term")).to_have_text(["Plan", "With"])
    expect(shown.get_by_role("definition")).to_have_text(["Success with CRM", "Sam Ortiz (support desk), Northwind"])
    expect(shown.get_by_role("button")).to_have_text(["Take", "Close", "Show"])
    expect(shown.get_by_role("listitem")).to_have_count(2)
    expect(shown.locator(".quote:not(.internal) blockquote")).to_have_text("Have you tried\nanother browser?")
    expect(shown.locator(".quote:not(.internal)")).not_to_contain_text("INTERNAL")
    expect(shown.locator(".quote.internal .badge-internal")).to_have_text("INTERNAL")
    expect(shown.get_by_role("img", name="Cases received: 48 business minutes")).to_be_visible()
    written = [part for part in EVERY_PART if not isinstance(part, Picture)]
    for line in plain(Message(tuple(written))).splitlines():
        bare = re.sub(r"^[->] |\[internal\]:|\[|\]|:$", "", line)
        for piece in re.split(r": | (?=Close|Show)", bare):
            assert piece.strip() in text_of(shown)


def test_a_bar_says_in_words_and_in_its_colour_how_much_time_is_gone(show: Show, visit: Visit) -> None:
    shares = {0: "calm", 49: "calm", 50: "half", 74: "half", 75: "late", 99: "late", 100: "over", 130: "over"}
    for share in shares:
        show.say("ann", Bar(share, (Duration(90, True), " left")), key=f"bar {share}")
    page = visit()
    seen = {}
    for share, shade in shares.items():
        shown = bubble(page, f"bar {share}")
        assert text_of(shown) == "1 h 30 min of business time left"
        meter = shown.get_by_role("meter", name="Response time used")
        expect(meter).to_have_attribute("aria-valuenow", str(min(share, 100)))
        expect(meter).to_have_attribute("aria-valuetext", f"{share} %")
        whole, part = (meter.locator(f":scope{inner}").bounding_box() for inner in ("", " > *"))
        assert whole is not None
        assert (part["width"] if part else 0) == pytest.approx(whole["width"] * min(share, 100) / 100, abs=1)
        seen[shade] = meter.locator("> *").evaluate("fill => getComputedStyle(fill).backgroundColor")
    assert len(set(seen.values())) == 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_a_bar_stands_out_from_its_ground(show: Show, visit: Visit, scheme: str) -> None:
    for room_name in ("ann", "desk"):
        for share in (20, 60, 80, 110):
            show.say(room_name, Bar(share, (Duration(90, True), " left")))
    page = visit(color_scheme=scheme)
    fills = page.locator(".meter-fill")
    expect(fills).to_have_count(8)
    contrasts = fills.evaluate_all(f"fills => {{ {COLOURS} return fills.map((fill) => ratio(fill)); }}")
    assert min(contrasts) >= 3


def test_names_and_subjects_stand_in_a_sentence_without_quotation_marks(show: Show, visit: Visit) -> None:
    show.say("ann", Text(("Thank you, ", Quoted("Ann Lee"), ".")), key="thanks")
    page = visit()
    assert bubble(page, "thanks").inner_text() == "Thank you, Ann Lee."
    quoted = bubble(page, "thanks").locator(".quoted")
    added = "quoted => ['::before', '::after'].map((where) => getComputedStyle(quoted, where).content)"
    assert quoted.evaluate(added) == ["none", "none"]
    expect(quoted).to_have_css("font-style", "normal")


def test_whatever_people_write_stays_text(show: Show, visit: Visit) -> None:
    person = Person(EVIL, EVIL)
    parts: list[messages.Part] = [
        Text((EVIL, Quoted(EVIL), Printed(EVIL), Code(EVIL), Clause(EVIL), Link(EVIL, "https://example.com/"), person)),
        Facts(((EVIL, (EVIL,)),)),
        Quote(person, EVIL),
        Buttons((Button(EVIL, EVIL),)),
        Items((Item((EVIL,), Button(EVIL, EVIL)),)),
    ]
    show.bot.lines = [
        None,
        replace(FORM, title=EVIL, fields=(replace(FORM.fields[0], label=EVIL, answer=EVIL, mistake=EVIL),)),
    ]
    show.say("ann", *parts, key="evil")
    show.say("desk", *parts, key="evil card", root=True)
    show.do(show.mailbox.send(Outgoing("evil", Address("email", "", "a@b.example"), Message(tuple(parts)))))
    page = visit()
    write(page, "ann", EVIL)
    expect(bubble(page, "evil").locator("p").first).to_contain_text(EVIL)
    expect(room(page, "ann").locator(".words")).to_have_text(EVIL)
    page.click("[data-tab=mail]")
    page.click(".mail")
    expect(page.locator(".mail .bubble")).to_contain_text(EVIL)
    write(page, "ann", "open")
    expect(page.locator("dialog .mistake")).to_have_text(EVIL)
    assert page.locator("script").count() == 2
    assert page.locator("main img[src=x], main b, dialog b, main a[href^=javascript]").count() == 0
    assert page.evaluate("window.robbed") is None


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://evil.example/", "data:text/html,x", "//evil.example"])
def test_a_link_leads_only_where_a_catalogue_may_lead(show: Show, visit: Visit, url: str) -> None:
    show.say("ann", Text((Link("call us", url), " or ", Link("write", "mailto:support@websan.com"))), key="links")
    page = visit()
    expect(bubble(page, "links")).to_have_text("call us or write")
    expect(bubble(page, "links").get_by_role("link")).to_have_text(["write"])
