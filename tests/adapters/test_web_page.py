"""The playground's page as people use it: in a real browser, against the real server, with the bot's part scripted."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar, get_args

import pytest
from aiohttp import web
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect, sync_playwright

from bot import messages
from bot.channel import Busy, Outgoing
from bot.languages import languages
from bot.messages import (
    Address,
    Bar,
    Button,
    Buttons,
    CaseNumber,
    Clause,
    Code,
    Count,
    Day,
    Duration,
    Facts,
    Item,
    Items,
    Link,
    Message,
    Moment,
    Money,
    Percent,
    Person,
    Picture,
    Pressed,
    Printed,
    Quote,
    Quoted,
    Reader,
    Said,
    Submitted,
    Text,
    Value,
)
from bot.plain import plain, plain_spans
from tests.adapters.colours import COLOURS, CONTRASTS
from tests.adapters.test_web import BROKEN, FORM, MONDAY, WRONG, Stage, words

T = TypeVar("T")
pytestmark = pytest.mark.browser
EVIL = "<script>window.robbed = 1</script><img src=x onerror='window.robbed = 1'>&amp; \" ' <b>bold</b>"
SAM = Person("Sam Ortiz", "support desk")


class Show(Stage):
    """The stage on a thread of its own, since the browser is driven from this one; it can stop and start again."""

    def __init__(self) -> None:
        super().__init__()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.start()

    def do(self, what: Awaitable[T]) -> T:
        async def doing() -> T:
            return await what

        return asyncio.run_coroutine_threadsafe(doing(), self._loop).result(10)

    def start(self) -> None:
        self.do(self._serve())

    async def _serve(self) -> None:
        self._runner = web.AppRunner(self.app(), shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    def stop(self) -> None:
        self.do(self._runner.cleanup())

    def end(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def say(
        self,
        room: str,
        *parts: messages.Part,
        key: str = "",
        zone: str = "America/Toronto",
        thread: str = "",
        edits: str = "",
        root: bool = False,
        language: str = messages.ENGLISH,
    ) -> str:
        key = key or f"out {len(self.rooms.kept)}"
        to = Address("web", "", room, thread)
        return self.do(self.web.send(Outgoing(key, to, Message(parts, zone, language), edits, root=root)))

    @property
    def said(self) -> list[object]:
        return [heard.body for heard in self.bot.heard]


@pytest.fixture
def show() -> Iterator[Show]:
    made = Show()
    yield made
    made.end()


@pytest.fixture(scope="module")
def browser(chromium_path: str, chromium_flags: list[str]) -> Iterator[Browser]:
    """One for all of these tests: each opens contexts of its own in it."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_path, args=chromium_flags)
        yield launched
        launched.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(show: Show, browser: Browser) -> Iterator[Visit]:
    """Opens the page; at the end no page may have complained, or asked anything of another host."""
    complaints: list[str] = []
    foreign: list[str] = []
    contexts = []

    def complain(message: ConsoleMessage) -> None:
        expected = re.search(r"status of (503|400)|WebSocket connection|ERR_CONNECTION_REFUSED", message.text)
        if message.type in ("error", "warning") and not expected:
            complaints.append(message.text)

    def ask(request: Request) -> None:
        if not request.url.startswith(f"http://127.0.0.1:{show.port}/"):
            foreign.append(request.url)

    def opened(width: int = 1600, height: int = 950, **how: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **how)  # type: ignore[arg-type]
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", ask)
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(f"http://127.0.0.1:{show.port}/")
        page.wait_for_selector("body[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert foreign == []


def room(page: Page, name: str) -> Locator:
    return page.locator(f"[data-room={name}]")


def write(page: Page, name: str, text: str) -> None:
    box = page.locator(f"#say-{name}")
    box.fill(text)
    box.press("Enter")


def bubble(page: Page, key: str) -> Locator:
    return page.locator(f'[data-key="{key}"] > .row .bubble')


def settled(page: Page) -> None:
    """Everything done on the page has been acknowledged; it shows at once, long before."""
    expect(page.locator(".unsent")).to_have_count(0)


def text_of(where: Locator) -> str:
    return re.sub(r"\s+", " ", where.text_content() or "").strip()


# Rendering --------------------------------------------------------------------------------------------------------

AT = datetime.fromisoformat("2025-01-20T16:30:00+00:00")
EVERY_VALUE: list[Value] = [
    Quoted("it says 500"),
    SAM,
    Person("Somebody", ""),
    CaseNumber(1042),
    Moment(AT),
    Moment(AT, "America/New_York", "ET"),
    Moment(AT, "America/New_York"),
    Day(AT.date()),
    Duration(240, True),
    Duration(60),
    Duration(90, True),
    Duration(61),
    Duration(1),
    Duration(0),
    Count(1200),
    Percent(75),
    Money(Decimal("1434"), "$"),
    Money(Decimal("1434.50"), "$"),
    Money(Decimal("20000.00"), "$"),
    Money(Decimal("0.5"), "$"),
    Money(Decimal("1234567.89"), ""),
    Clause("W46"),
    Printed("Success with CRM"),
    Link("(866) 493-2726", "tel:+18664932726"),
    Code("reply 1042 hello"),
]
EVERY_PART: list[messages.Part] = [
    Text(("This is case ", CaseNumber(1042), "."), "heading"),
    Text(("Sam is working on it.",)),
    Text(("Counted in business hours.",), "small"),
    Text(("It is late.",), "alert"),
    Facts((("Plan", (Printed("Success with CRM"),)), ("With", (SAM, ", ", Printed("Northwind"))))),
    Quote(SAM, "Have you tried\nanother browser?"),
    Quote(SAM, "They are grumpy.", internal=True),
    Buttons((Button("Take", "take 1042", "primary"), Button("Close", "force-close 1042", "danger"))),
    Items((Item((CaseNumber(1042), " waits"), Button("Show", "show 1042")), Item(("That is all.",)))),
    Bar(80, (Duration(48, True), " left")),
    Picture("/play/static/logo.svg", ("Cases received: ", Duration(48, True))),
]


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
