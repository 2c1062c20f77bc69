"""What the bot says, as Teams is sent it: every value and part, whole, within every limit, and harmless."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from adapters.teams.lengths import cut, size
from adapters.teams.render import NOTHING, activity, card_of, render, render_one, twin
from bot.messages import (
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
    Part,
    Percent,
    Person,
    Picture,
    Printed,
    Quote,
    Quoted,
    Span,
    Text,
    Value,
)
from bot.plain import plain
from tests.adapters.teams.looking import APART, actions, body, check, looks, twin_of

AT = datetime(2025, 1, 20, 16, 30, tzinfo=UTC)
CLOCK = "{{DATE(2025-01-20T16:30:00Z, SHORT)}} {{TIME(2025-01-20T16:30:00Z)}} your time"


def one(*parts: Part, zone: str = "Europe/London") -> Any:
    """The card of a message that fits one."""
    (rendered,) = render(Message(parts, zone))
    check(rendered)
    return rendered["attachments"][0]["content"]  # type: ignore[index]


def only(*parts: Part, zone: str = "Europe/London") -> Any:
    (element,) = one(*parts, zone=zone)["body"]
    return element


def shown(*spans: Span, zone: str = "Europe/London") -> list[dict[str, object]]:
    """The runs of a sentence in a card."""
    runs: list[dict[str, object]] = only(Text(spans, "small"), zone=zone)["inlines"]
    return [{name: it for name, it in run.items() if name not in ("type", "size", "isSubtle")} for run in runs]


# Values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "looks"),
    [
        (Quoted("Bob & <Eve> *ha*"), [{"text": f"Bob & <{APART}Eve> *ha*"}]),
        (Printed("Gold 24/7"), [{"text": "Gold 24/7"}]),
        (Person("Cora", "concierge"), [{"text": "Cora", "weight": "bolder"}, {"text": " (concierge)"}]),
        (Person("Ann", ""), [{"text": "Ann", "weight": "bolder"}]),
        (CaseNumber(1042), [{"text": "#1042", "weight": "bolder"}]),
        (Duration(90, business=True), [{"text": "1 h 30 min of business time"}]),
        (Day(date(2026, 2, 18)), [{"text": "Wed 18 Feb 2026"}]),
        (Duration(60), [{"text": "1 hour"}]),
        (Count(7), [{"text": "7"}]),
        (Percent(75), [{"text": "75 %"}]),
        (Money(Decimal("1234.50"), "£"), [{"text": "£1,234.50"}]),
        (Clause("gold.response"), [{"text": "gold.response"}]),
        (Code("show 1042"), [{"text": "show 1042", "fontType": "monospace"}]),
        (Moment(AT), [{"text": "Mon 20 Jan 16:30 London"}]),
        (Moment(AT, "America/New_York", "ET"), [{"text": "Mon 20 Jan 11:30 ET (16:30 London)"}]),
        (Link("Terms", "javascript:alert(1)"), [{"text": "Terms"}]),
        (Link("Terms", "http://example.com"), [{"text": "Terms"}]),
        (Link("Terms", "https://example.com/${x}"), [{"text": "Terms"}]),
    ],
)
def test_every_value_looks_like_itself(value: Value, looks: list[dict[str, object]]) -> None:
    assert shown(value) == looks


def test_spaces_between_two_values_belong_to_one_of_them() -> None:
    assert [run["text"] for run in shown(" ", CaseNumber(7), " ", Code("x"), " ")] == [" #7 ", "x "]


@pytest.mark.parametrize(
    ("link", "looks"),
    [
        (Link("Terms", "https://example.com/a_b?c=1&d=2"), "[Terms](https://example.com/a_b?c=1&d=2)"),
        (Link("help@example.com", "mailto:help@example.com"), "[help@example.com](mailto:help@example.com)"),
        (Link("(866) 4-HELP, +1-866-4", "tel:+1-866-4"), "[(866) 4-HELP, +1-866-4](tel:+1-866-4)"),
        (Link("https://example.com", "https://example.com"), "[https://example.com](https://example.com)"),
    ],
)
def test_a_link_among_harmless_words_is_one_that_every_client_knows(link: Link, looks: str) -> None:
    assert only(Text(("See ", link, "."))) == {"type": "TextBlock", "text": f"See {looks}.", "wrap": True}


def test_a_link_among_other_words_is_an_action_of_its_run() -> None:
    page, odd = "https://example.com", "https://example.com/a(b)"
    for spans in ((Quoted("*ha* "), Link("T", page)), ("See ", Link("Te*rms", page)), ("See ", Link("T", odd))):
        (linked,) = [run for run in shown(*spans) if "selectAction" in run]
        url = odd if spans[1] == Link("T", odd) else page
        assert linked["selectAction"] == {"type": "Action.OpenUrl", "title": linked["text"], "url": url}


def test_where_many_read_a_moment_is_shown_on_each_reader_s_own_clock_too() -> None:
    due = Moment(AT, "America/New_York", "ET")
    words = only(Text(("by ", due, ", ", Duration(240, business=True))), zone="UTC")
    assert words["text"] == f"by Mon 20 Jan 11:30 ET ({CLOCK}), 4 business hours"
    assert only(Text((Moment(AT),)), zone="UTC")["text"] == f"Mon 20 Jan 16:30 UTC ({CLOCK})"


def test_among_people_s_words_a_moment_is_shown_in_its_own_zone() -> None:
    looks = only(Text((Moment(AT, "America/New_York", "ET"), ": ", Quoted("*ha*"))), zone="UTC")
    assert looks["inlines"] == [{"type": "TextRun", "text": "Mon 20 Jan 11:30 ET: *ha*"}]


# Parts ------------------------------------------------------------------------------------------------------------


def test_a_card_reads_the_same_in_its_elements_and_in_plain_text() -> None:
    card = Message(
        (
            Text((CaseNumber(1042), ": ", Quoted("Printer & co")), "heading"),
            Facts((("Status", ("open",)), ("With", (Person("Cora*", "concierge"),)))),
            Bar(35, (Duration(45), " left")),
            Text(("Late.",), "alert"),
            Text(("Not all questions are answered.",), "small"),
            Quote(Person("Sam", "support"), "It is the fuse.\nAgain.", internal=True),
            Items((Item(("one",)), Item((CaseNumber(7),), Button("Show", "status 7")))),
            Buttons((Button("Take", "take 1042", "primary"), Button("Close", "close 1042", "danger"))),
        ),
        "Europe/London",
    )
    made = one(*card.parts)
    assert made["fallbackText"].replace(APART, "") == plain(card)
    assert [looks(element) for element in made["body"]] == [
        "#1042: Printer & co (large, bolder)",
        "Status (bolder) | open",
        "With (bolder) | Cora* (concierge) (bolder)",
        "35 of 100",
        "45 minutes left",
        "⚠️ Late. (attention, bolder)",
        "Not all questions are answered. (small, subtle)",
        "🔒 Sam (support) [internal]: (small, subtle) | It is the fuse.\nAgain.",
        "• one",
        "#7 (bolder) | Show = status 7",
        "Take = take 1042 (positive) | Close = close 1042 (destructive)",
    ]
    assert made["body"][8]["spacing"] == "small"
    assert "speak" not in made
    assert made["msteams"] == {"width": "Full"}


def test_a_picture_is_fetched_over_https_and_said_where_it_is_not() -> None:
    said = ("Cases: ", Count(12))
    assert only(Picture("https://a.b/c.png", said)) == {
        "type": "Image",
        "url": "https://a.b/c.png",
        "altText": "Cases: 12",
        "size": "stretch",
        "msteams": {"allowExpand": True},
    }
    assert looks(only(Picture("http://a.b/c.png", said))) == "Cases: 12"
    picture, words = one(Picture("https://a.b/c.png", ("x" * 3000,)))["body"]
    assert (len(picture["altText"]), looks(words)) == (1000, "x" * 3000)


def test_a_heading_of_harmless_words_is_one_for_screen_readers_too() -> None:
    heading = only(Text((CaseNumber(1042), ": ", Quoted("Printer does not print")), "heading"))
    assert (heading["type"], heading["style"]) == ("TextBlock", "heading")
    assert heading["text"] == "#1042: Printer does not print"


def test_facts_that_are_plain_are_a_set_and_others_stand_in_rows() -> None:
    price = ("Price", (Money(Decimal(80), "$"), " a month"))
    assert only(Facts((price,))) == {"type": "FactSet", "facts": [{"title": "Price", "value": "$80 a month"}]}
    rows = one(Facts((price, ("Details", (Quoted("*ha*"),)), ("Nothing", ()))))["body"]
    assert [looks(row) for row in rows] == [
        "Price (bolder) | $80 a month",
        "Details (bolder) | *ha*",
        "Nothing (bolder)",
    ]


def test_a_bar_is_drawn_from_columns_where_the_client_knows_no_other() -> None:
    bar, _ = one(Bar(35, ("so far",)))["body"]
    assert (bar["type"], bar["value"], bar["max"]) == ("ProgressBar", 35, 100)
    columns = bar["fallback"]["columns"]
    assert [(column["width"], column["style"]) for column in columns] == [(35, "accent"), (65, "emphasis")]


@pytest.mark.parametrize(
    ("percent", "full", "colour"),
    [
        (-5, 0, "accent"),
        (0, 0, "accent"),
        (74, 74, "accent"),
        (75, 75, "warning"),
        (99, 99, "warning"),
        (100, 100, "attention"),
        (250, 100, "attention"),
    ],
)
def test_a_bar_is_never_fuller_than_it_is(percent: int, full: int, colour: str) -> None:
    bar, _ = one(Bar(percent, ("so far",)))["body"]
    assert (bar["value"], bar["color"]) == (full, colour)
    filled = [column["width"] for column in bar["fallback"]["columns"] if column["style"] == colour]
    assert filled == ([full] if full else [])


def test_an_internal_quote_is_marked_and_a_quote_has_a_box_of_its_own() -> None:
    box = only(Quote(Person("Sam", "support"), "Fuse!", internal=True))
    assert (box["type"], box["style"]) == ("Container", "emphasis")
    (badge,) = [run for run in box["items"][0]["inlines"] if run.get("highlight")]
    assert badge["text"] == "[internal]"
    assert "[internal]" not in json.dumps(only(Quote(Person("Ann", ""), "Fuse!")))


def test_a_button_says_its_line_on_old_clients_too() -> None:
    (button,) = only(Buttons((Button("Take", "take 1042", "primary"),)))["actions"]
    assert (button["type"], button["verb"], button["data"]) == ("Action.Execute", "say", {"say": "take 1042"})
    instead = {"type": "Action.Submit", "title": "Take", "data": {"say": "take 1042"}, "style": "positive"}
    assert button["fallback"] == instead


def test_a_button_in_a_list_tells_screen_readers_what_it_is_about() -> None:
    row = only(Items((Item((CaseNumber(7), ": ", Quoted("Printer")), Button("Show", "status 7")),)))
    (button,) = row["columns"][1]["items"][0]["actions"]
    assert (button["title"], button["tooltip"]) == ("Show", "Show: #7: Printer")


def test_more_than_six_buttons_stand_behind_dots_and_more_than_twenty_in_another_set() -> None:
    sets = one(Buttons(tuple(Button(f"Show {n}", f"show {n}") for n in range(23))))["body"]
    assert [[action.get("mode") for action in each["actions"]].count("secondary") for each in sets] == [14, 0]
    assert [action["data"]["say"] for each in sets for action in each["actions"]] == [f"show {n}" for n in range(23)]


def test_a_button_stands_there_once_with_a_title_that_fits() -> None:
    again = Button("Take " * 30, "take 7")
    first, second = only(Buttons((again, again, Button(" ", "take 8"))))["actions"]
    assert first["title"].endswith("…")
    assert second["title"] == "take 8"


def test_a_line_that_would_not_fit_whole_is_no_button() -> None:
    (rendered,) = render(Message((Text(("x",), "small"), Buttons((Button("Reply", "x" * 2_001), Button("None", " "))))))
    assert twin_of(rendered) == "x"


@pytest.mark.parametrize(
    "parts",
    [(), (Text(()),), (Text((" \n\t",)),), (Facts(()),), (Items(()),), (Buttons(()),), (Text(("\n" * 40_000,)),)],
)
def test_where_there_is_nothing_to_say_it_says_so(parts: tuple[Part, ...]) -> None:
    for rendered in (
        *render(Message(parts)),
        render_one(Message(parts), "help"),
        activity(card_of(Message(parts), "x")),
    ):
        check(rendered)
        assert twin_of(rendered) == NOTHING


# Text or card -----------------------------------------------------------------------------------------------------


def test_plain_sentences_are_plain_text() -> None:
    said = Message(
        (Text(("Thank you, ", Person("Ann", ""), ".")), Text(("Write ", Code("help"), "."))), "Europe/London"
    )
    text = {"type": "message", "text": "Thank you, Ann.\nWrite help.", "textFormat": "plain"}
    assert render(said) == [text]
    assert render_one(said, "help") == text
    assert card_of(said, "help")["fallbackText"] == text["text"]


@pytest.mark.parametrize(
    "part",
    [
        Text(("See ", Link("Terms", "https://x.com"))),
        Text((Moment(AT),)),
        Text(("x",), "alert"),
        Buttons((Button("x", "x"),)),
    ],
)
def test_what_text_cannot_show_is_a_card_with_a_summary(part: Part) -> None:
    (rendered,) = render(Message((Text(("Hello,\n* everybody",)), part), "UTC"))
    check(rendered)
    assert rendered["summary"] == "Hello,"
    assert "text" not in rendered


def test_a_message_is_told_in_words_where_nothing_else_is_taken() -> None:
    card = Message((Text(("Opened.",), "heading"), Buttons((Button("Take", "take 7"),))))
    assert twin(card) == "Opened.\n[Take]"
    assert twin(Message((Text(("word " * 9_000,)),)), 100).endswith("word…")


# Length -----------------------------------------------------------------------------------------------------------


def test_a_long_quote_comes_in_pieces_that_each_name_its_author() -> None:
    lines = [f"{n}: the printer & the fuse, and the fuse's fuse" for n in range(1_500)]
    activities = render(Message((Quote(Person("Sam", "support"), "\n".join(lines), internal=True),)))
    assert len(activities) > 3
    boxes = [looks(box).split(" | ", 1) for each in activities for box in body(each)]
    assert boxes[0][0] == "🔒 Sam (support) [internal]: (small, subtle)"
    assert {head for head, _ in boxes[1:]} == {"🔒 Sam (support) [internal], continued: (small, subtle)"}
    assert [line for _, words in boxes for line in words.splitlines()] == lines


def test_buttons_move_on_with_what_they_belong_to() -> None:
    long = (Text(("word " * 790,), "small"),) * 4
    question = Text(("Does it work?",), "small")
    for more in range(0, 4_000, 200):
        last = Text(("word " * (more // 5),), "small")
        parts: tuple[Part, ...] = (*long, last, question, Buttons((Button("Yes" * 20, "yes"),)))
        end = render(Message(parts))[-1]
        assert "Does it work?" in twin_of(end)
        assert body(end)[-1]["type"] == "ActionSet"


def test_what_takes_only_one_message_is_shortened_and_says_how_to_read_the_rest() -> None:
    parts = (Text(("word " * 9_000,)), Buttons((Button("Take", "take 1042"),)), Text(("The end.",)))
    whole = Message((Text(("Short.",)), *parts[1:2]))
    assert [render_one(whole, "show 1042")] == render(whole)
    rendered = render_one(Message(parts), "show 1042")
    check(rendered)
    assert looks(body(rendered)[0]).startswith("word")
    assert [looks(element) for element in body(rendered)[-2:]] == [
        "Take = take 1042",
        "Shortened. Write show 1042 to me for all of it. (small, subtle)",
    ]
    assert twin_of(rendered).endswith("[Take]\nShortened. Write show 1042 to me for all of it.")
    assert size(twin_of(rendered)) > 10_000


def test_sixty_buttons_are_kept_where_only_one_message_is_taken() -> None:
    buttons = tuple(Button(f"Show case {n}", f"show {n}") for n in range(60))
    rendered = render_one(Message((Text(("word " * 9_000,)), *(Buttons((button,)) for button in buttons))), "cases")
    check(rendered)
    assert [action["data"]["say"] for action in actions(rendered)] == [button.line for button in buttons]


@pytest.mark.parametrize("text", ["&" * 500, "🧯" * 500, "a b\nc" * 100, "word " * 99, "\x01" * 500])
def test_pieces_are_the_text_and_each_fits(text: str) -> None:
    pieces = list(cut(text, 100))
    assert "".join(pieces) == text
    assert max(size(piece) for piece in pieces) <= 100
    assert all(left[-1] in " \n" for left, _ in pairwise(pieces)) or not re.search(r"\s", text)
