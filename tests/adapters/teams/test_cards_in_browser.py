"""Cards in Microsoft's own renderer: understood whole, shown word for word, and nothing that people wrote acts."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, ConsoleMessage, Route

from adapters.teams.forms import dialog, form_card
from adapters.teams.render import Activity, Card, card_of, render
from bot.forms import FormField, ShowForm
from bot.messages import (
    Bar,
    Button,
    Buttons,
    CaseNumber,
    Code,
    Facts,
    Item,
    Items,
    Link,
    Message,
    Moment,
    Person,
    Quote,
    Quoted,
    Text,
    from_json,
)
from bot.plain import plain
from store.tables import Outbox
from tests.adapters.anything import all_spans
from tests.adapters.teams.nasty import NASTY
from tests.npm import Package
from tests.teams.places import guid
from tests.teams.reading import objects
from tests.teams.stage import DESK, Stage
from tests.world import BROKEN

pytestmark = pytest.mark.browser

SCRIPTS = {
    "/adaptivecards.js": (
        Package(
            "adaptivecards",
            "3.0.6",
            "sha512-WDCIb2WXZ7cOHJ9HIHRNdhSt861HySVOdN2xPk2aKHAF3JvD8QGQ8/XcNFrDJxCteOog8MM7EBlXfSAR8JXKAg==",
        ),
        "dist/adaptivecards.min.js",
    ),
    "/markdown-it.js": (
        Package(
            "markdown-it",
            "15.0.3",
            "sha512-+Az7Ojz3iRGu8KYMvJ6xVhvrxP3eE+vEtJX75Ow88XBpcQNV/0lGX5ZynIIBftREo4DC2jsveAMDaeltmm8QvQ==",
        ),
        "dist/browser/markdown-it.umd.min.js",
    ),
}
PAGE = Path(__file__).with_name("browser_page.html").read_text()
HOME = "http://cards.example/"
NO_BAR = 'Unknown element type "ProgressBar". Fallback will be used if present.'
LAYOUT = {"a", "br", "button", "div", "label", "option", "p", "select", "span", "table", "td", "textarea", "tr"}
APART = "\N{WORD JOINER}"
CLOCK = re.compile(r" \([^()]+ your time\)")
ACTING = '<script>robbed()</script><img src=x onerror="robbed()"> [x](https://evil.example) **bold** <at>Cora</at>'
EVIL = f"{ACTING} evil.example.com ![x](https://evil.example/x.png) https://evil.example {' '.join(NASTY)}"
PLAIN = "The printer in the hall stays dark (error 7); nothing comes out."

SAM = (
    "reply 1001 {}",
    "note 1001 {}",
    "client-caused 1001 {}",
    "quote 1001 120 {}",
    "schedule 1001 tomorrow 10am",
    "queue",
    "show 1001",
    "why 1001",
)
ANN = ("cases", "plan", "price 30", "help", "accept 1001 slot-1", "status 1001", "show 1001", "{}")


@dataclass(frozen=True)
class Shown:
    complaints: list[str]
    """What the renderer found wrong with the card."""
    text: str
    """All that people can read, menus opened."""
    tags: list[str]
    pages: list[str]
    """Where links lead."""
    asked: list[list[str]]
    """The visible label of each input, and what it is filled with."""


Show = Callable[[Card], Awaitable[Shown]]


@pytest.fixture
async def show(from_npm: Callable[[Package, str], str], browser: Browser) -> AsyncIterator[Show]:
    """A page with Microsoft's renderer. It may neither complain nor ask for anything else."""
    files = {path: from_npm(package, file) for path, (package, file) in SCRIPTS.items()} | {"/": PAGE}
    wrong: list[str] = []

    async def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if route.request.url.startswith(HOME) and path in files:
            kind = "text/html" if path == "/" else "text/javascript"
            await route.fulfill(body=files[path], content_type=f"{kind}; charset=utf-8")
        else:
            wrong.append(f"asked for {route.request.url}")
            await route.abort()

    def complain(message: ConsoleMessage) -> None:
        wrong.extend([message.text] if message.type in ("error", "warning") else [])

    page = await browser.new_page()
    page.on("console", complain)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.route("**/*", answer)
    await page.goto(HOME)

    async def shown(card: Card) -> Shown:
        return Shown(**await page.evaluate("card => show(card)", card))

    yield shown
    assert wrong == []


# The tests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [PLAIN, EVIL], ids=["plain", "evil"])
async def test_every_card_of_a_whole_case_is_shown_word_for_word(stage: Stage, show: Show, words: str) -> None:
    seen = await played(stage, words)
    messages = [from_json(row.message) for row in await stage.rows(Outbox)]
    for message in messages:
        await check_message(show, message)
    seen.extend(stood(stage))
    assert any(bars(card) for card in seen)
    for card in seen:
        found = await show(card)
        check(found, card, pages_of(messages))
        assert not missing(str(card["fallbackText"]), found.text)


async def test_words_act_in_no_part_of_a_message(show: Show) -> None:
    for words in (PLAIN, EVIL, "".join(NASTY)):
        message = everything(words)
        await check_message(show, message)
        shortened = card_of(Message(message.parts * 20, message.zone), "help")
        check(await show(shortened), shortened, pages_of([message]))


async def test_long_messages_and_many_buttons_are_shown_whole(show: Show) -> None:
    quote = Quote(Person("Sam", "support"), "\n".join(f"{n}: the *fuse* & <b>" for n in range(2_000)), internal=True)
    buttons = Buttons(tuple(Button(f"Show case {n}", f"show {n}") for n in range(60)))
    items = Items(tuple(Item((CaseNumber(n), " it is broken"), Button("Show", f"status {n}")) for n in range(50)))
    facts = Facts(tuple((f"Name {n}", (PLAIN,)) for n in range(120)))
    await check_message(show, Message((quote, buttons, items, facts, Text(("word " * 9_000,), "small"))))


async def test_every_question_has_a_label_that_people_see(show: Show) -> None:
    for words in (PLAIN, EVIL, "word & <b> " * 500):
        form = asking(words)
        in_dialog: Any = dialog(form, {})
        for card in (form_card(form, {}), in_dialog["task"]["value"]["card"]["content"]):
            found = await show(card)
            check(found, card, set())
            asked = [(f"{field.label} {'*' * field.required}", field.answer) for field in form.fields]
            assert [[*map(words_of, each)] for each in found.asked] == [[*map(words_of, each)] for each in asked]
            choices = (title for field in form.fields for _, title in field.choices)
            assert not missing("\n".join((str(card["fallbackText"]), *choices, form.submit)), found.text)


async def test_the_page_would_tell(show: Show) -> None:
    """What the other tests find nowhere is found where it is."""
    acting = {"type": "TextBlock", "text": "[x](https://evil.example) **bold** <i>and</i> more\n\n# so"}
    nameless = {"type": "Input.Text", "id": "x"}
    found = await show({"type": "AdaptiveCard", "version": "1.5", "body": [acting, nameless, {"type": "Fancy"}]})
    assert found.complaints == [NO_BAR.replace("ProgressBar", "Fancy")]
    assert set(found.tags) - LAYOUT == {"strong", "i", "h1", "input"}
    assert found.pages == ["https://evil.example"]
    assert found.asked == [["", ""]]
    assert missing("bold and much more", found.text) == Counter(["much"])


# What is shown ----------------------------------------------------------------------------------------------------


async def played(stage: Stage, words: str) -> list[Card]:
    """A case from the first word to the rating, and all else that people ask for on the way; the forms among it."""
    await stage.teams.install(guid("ann"))
    await stage.settle()
    await stage.writes("ann", "open")
    form = stage.far.said(guid("ann"))[-1]
    # An answer is shown again as it was typed, and <at> in a card needs an entity.
    mistaken = await stage.fills("ann", form, problem="x", details=words.replace("at>", "b>"))
    asked = await stage.writes("ann", "How do I share a view?")
    await stage.presses("ann", "Show answer 2")
    await stage.presses("ann", "Yes, thanks")
    await stage.writes("ann", f"{BROKEN} {words}")
    await stage.writes("ann", words)
    await stage.presses("ann", "High")
    await stage.writes("ann", words)
    for _ in range(3):
        await stage.world.passes_and_warns(hours=1)
    await stage.presses("cora", "Acknowledge")
    for line in ("take 1001", *(line.format(words) for line in SAM)):
        await stage.writes("sam", line)
    await stage.presses("ann", "Accept the quote")
    for line in (line.format(words) for line in ANN):
        await stage.writes("ann", line)
    await stage.writes("sam", f"close 1001 {words}")
    await stage.presses("ann", "Yes, close it")
    await stage.writes("ann", f"rate 1001 5 {words}")
    assert asked.posted
    chosen = await stage.chooses("ann", asked.posted)
    assert mistaken.card
    assert chosen.card
    return [mistaken.card, chosen.card]


def stood(stage: Stage) -> Iterator[Card]:
    """Every card that stood in Teams, as it was at any time."""
    for room in (DESK, *map(guid, ("ann", "sam", "cora"))):
        for posted in stage.far.said(room):
            yield from (card for version in posted.versions for card in cards(version))


def everything(words: str) -> Message:
    """Somebody's words in every part of a message, and beside everything that acts there."""
    terms, due = Link("Terms", "https://example.com/terms"), Moment(datetime(2026, 1, 20, 16, 30, tzinfo=UTC))
    quoted, name = Quoted(words), Person(words[:100], "customer")
    button = Button(words[:60], "show 7")
    return Message(
        (
            Text((CaseNumber(7), ": ", quoted), "heading"),
            Text((quoted, " by ", due, ", see ", terms)),
            Text(("Due ", due, ", see ", terms, "."), "small"),
            Text((name, " wrote ", Code(words)), "alert"),
            Facts((("Subject", (quoted,)), ("Customer", (name,)))),
            Facts((("Subject", (quoted,)), ("Terms", (terms,)), ("Due", (due,)))),
            Bar(80, (quoted, " left")),
            Quote(name, words, internal=True),
            Items((Item((quoted, terms), button), Item((due, quoted)))),
            Buttons((button, Button("Close", "close 7", "danger"))),
        ),
        "UTC",
    )


def asking(words: str) -> ShowForm:
    """A form full of them, and of mistakes."""
    choices = (("p1", f"Nothing works {words[:100]}"), ("p3", "A bit odd"))
    problem = FormField(
        "problem", f"What? {words[:200]}", (), True, 4_000, words[:1_000], "Please write a little more."
    )
    priority = FormField("priority", "How bad is it?", choices, True, None, "p3", f"Choose one of them. {words[:100]}")
    changed = FormField("changed", "Did anything change?", (), False, None)
    return ShowForm("open_case", f"Open a case {words[:100]}", "Send", (problem, priority, changed))


def cards(sent: Activity) -> list[Card]:
    attachments: Any = sent.get("attachments", [])
    return [attachment["content"] for attachment in attachments]


# How it is checked ------------------------------------------------------------------------------------------------


async def check_message(show: Show, message: Message) -> None:
    """Each of its cards, and that nothing of the reference rendering is missing in all of them."""
    told = []
    for sent in render(message):
        told.append(str(sent.get("text", "")))
        for card in cards(sent):
            found = await show(card)
            check(found, card, pages_of([message]))
            told.append(found.text)
    assert not missing(plain(message), "\n".join(told))


def check(found: Shown, card: Card, pages: set[str]) -> None:
    """Understood but for the bars, for which there is a fallback; without mark-up, and with no links but these."""
    assert found.complaints == [NO_BAR] * bars(card)
    assert set(found.tags) <= LAYOUT
    assert set(found.pages) <= pages
    assert all(label for label, _ in found.asked)


def bars(card: Card) -> int:
    return sum(each.get("type") == "ProgressBar" for each in objects(card))


def pages_of(messages: Iterable[Message]) -> set[str]:
    return {span.url for message in messages for span in all_spans(message) if isinstance(span, Link)}


def missing(told: str, text: str) -> Counter[str]:
    """The words that are not there, or not as often."""
    return words_of(told) - words_of(text)


def words_of(text: str) -> Counter[str]:
    """Without what a reader's own clock adds, and the signs by which plain text tells apart what cards draw."""
    bare = (word.strip("[]:>-") for word in CLOCK.sub("", text.replace(APART, "")).split())
    return Counter(word for word in bare if word)
