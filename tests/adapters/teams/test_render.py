"""What the bot says, as Teams is sent it: every value and part, whole, within every limit, and harmless."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.teams.lengths import cut, size
from adapters.teams.render import NOTHING, Activity, activity, card_of, render, render_one, twin
from adapters.teams.runs import Run, said, sentence
from adapters.teams.words import block, still
from bot.languages import languages
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
    Reader,
    Span,
    Text,
    Value,
)
from bot.plain import plain, plain_spans
from tests.teams.cards import check_activity

AT = datetime(2025, 1, 20, 16, 30, tzinfo=UTC)
CLOCK = "{{DATE(2025-01-20T16:30:00Z, SHORT)}} {{TIME(2025-01-20T16:30:00Z)}} your time"
OURS = re.compile(r" \(\{\{DATE\(([-0-9T:]+Z), SHORT\)\}\} \{\{TIME\(\1\)\}\} your time\)")
APART = "\N{WORD JOINER}"


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


# Any message at all -----------------------------------------------------------------------------------------------

NASTY = [
    *("{{DATE(2026-01-19T18:00:00Z, SHORT)}}", "{{TIME(2026-01-19T18:00:00Z)}}", "{", "{", "}", "DATE(", "$", "${x}"),
    *(
        "<at>Cora</at>",
        "<",
        "at>",
        "</at>",
        "<b>",
        "&amp;",
        "&",
        "[x](https://evil.example)",
        "[x",
        "](",
        "]:",
        ")",
        "![",
    ),
    *("*", "**", "_", "~~", "`", "```", "# ", "1. ", "- ", "+ ", "> ", "|", "\\", "---", "www.evil.example", "://"),
    *(" ", "    ", "\n", "\n\n", "\r\n", "\t", "\u2028", "\u200b", "\x01", "🧯", "👩‍🚒", "é", "漢字", "“", "’"),
    *("word", "Ann", "1042", "(", ":", ",", ".", "/", "https://x.com/_a~", "ann@example.com", '"', "'", "£"),
]
short = st.lists(st.sampled_from(NASTY), max_size=8).map("".join)
long = st.builds(
    lambda units, times: ("".join(units) * times)[:40_000],
    st.lists(st.sampled_from([unit for unit in NASTY if unit != "!["]), min_size=1, max_size=4),  # slow to check
    st.integers(1_000, 20_000),
)
words = st.one_of(short, short, short, short, short, long)
lines = words.map(lambda text: re.sub("</?at>", "", text))
zones = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kolkata"])
moments = st.datetimes(datetime(1969, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
pages = st.sampled_from(["https://x.com/a_b", "https://x.com/(*{", "tel:+1-2", "mailto:a@b", "x", "javascript:x"])


def spans_of(text: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Span, ...]]:
    span: st.SearchStrategy[Any] = st.one_of(
        text,
        st.builds(Quoted, text),
        st.builds(Printed, text),
        st.builds(Code, text),
        st.builds(Clause, text),
        st.builds(Person, text, short),
        st.builds(Link, text | st.just("Terms"), pages | text),
        st.builds(CaseNumber, st.integers(1, 10**6)),
        st.builds(Moment, moments, st.just("") | zones, short | st.just("ET")),
        st.builds(Duration, st.integers(0, 10**5), st.booleans()),
        st.builds(Count, st.integers()),
        st.builds(Day, st.dates()),
        st.builds(Percent, st.integers(0, 500)),
        st.builds(Money, st.decimals(0, 10**6, places=2), short),
    )
    return st.lists(span, max_size=4).map(tuple)


def messages(
    text: st.SearchStrategy[str],
    name: st.SearchStrategy[str],
    label: st.SearchStrategy[str],
    line: st.SearchStrategy[str],
    least: tuple[Span, ...] = (),
) -> st.SearchStrategy[Message]:
    spans = spans_of(text).map(lambda made: (*least, *made))
    button = st.builds(Button, label, line, st.sampled_from(["normal", "primary", "danger"]))
    part: st.SearchStrategy[Any] = st.one_of(
        st.builds(Text, spans, st.sampled_from(["normal", "heading", "small", "alert"])),
        st.builds(Facts, st.lists(st.tuples(name, spans), max_size=25).map(tuple)),
        st.builds(Quote, st.builds(Person, name, name), text, st.booleans()),
        st.builds(Buttons, st.lists(button, max_size=60, unique=bool(least)).map(tuple)),
        st.builds(Items, st.lists(st.builds(Item, spans, st.none() | button), max_size=25).map(tuple)),
        st.builds(Bar, st.integers(-5, 500), spans),
        st.builds(Picture, st.sampled_from(["https://a.b/c.png", "http://a.b/c.png"]), spans),
    )
    return st.builds(Message, st.lists(part, max_size=6).map(tuple), zones)


labels = st.text(st.sampled_from("ab &<*🧯"), max_size=10).map("b{}".format)
anything = messages(words, words, words, lines)
sensible = messages(words, short.map("n".__add__), labels, st.integers().map(str), least=("s",))


@settings(max_examples=30, deadline=None)
@given(anything)
def test_no_message_whatsoever_makes_an_activity_that_teams_refuses(message: Message) -> None:
    for rendered in (*render(message), render_one(message, "show 1042"), activity(card_of(message, "show 1042"))):
        check(rendered)


@settings(max_examples=40, deadline=None)
@given(sensible)
def test_nothing_is_lost_neither_in_the_cards_nor_in_the_plain_text(message: Message) -> None:
    activities = render(message)
    told = letters(plain(message))
    assert in_order(told, letters("".join(map(twin_of, activities))))
    assert in_order(told, letters("".join(text for each in activities for text in visible(each))))


@settings(max_examples=40, deadline=None)
@given(anything)
def test_nothing_that_anybody_wrote_can_act(message: Message) -> None:
    pages = {span.url for span in all_spans(message) if isinstance(span, Link)}
    moments = sum(isinstance(span, Moment) for span in all_spans(message))
    clocks = 0
    for rendered in (*render(message), render_one(message, "x")):
        clocks += sum(len(OURS.findall(text)) for text in visible(rendered, raw=True))
        for text in (twin_of(rendered), str(rendered.get("summary", "")), *visible(rendered, raw=True)):
            left = OURS.sub("", text)
            assert not re.search(r"\{\{|\$\{|<[a-z/!?]", left, re.IGNORECASE)
        assert set(linked(rendered)) <= pages
        assert not re.search(r"\]\(|\]\[|\]:", twin_of(rendered))
    assert clocks <= 2 * moments


harmless = st.text(st.sampled_from("ab1 .,:;()'\"/%+–#-?$£wW&=@"), max_size=12)


@settings(max_examples=300, deadline=None)
@given(spans_of(harmless | short), zones, st.booleans())
def test_a_text_block_holds_nothing_that_markdown_would_change(
    spans: tuple[Span, ...], zone: str, heading: bool
) -> None:
    runs = sentence(spans, Reader(zone))
    made = block(runs, {}, heading=heading) if said(runs).strip() else {}
    if made.get("type") == "TextBlock":
        paragraph, inline, end = MarkdownIt("js-default").parse(str(made["text"]))
        assert (paragraph.type, end.type) == ("paragraph_open", "paragraph_close")
        kinds = {token.type for token in inline.children or ()}
        assert kinds <= {"text", "link_open", "link_close"}
        told = "".join(token.content for token in inline.children or ())
        assert OURS.sub("", told).rstrip() == plain_spans(spans, Reader(zone)).rstrip()


@settings(max_examples=100, deadline=None)
@given(spans_of(short), st.builds(Reader, zones, st.sampled_from(languages())))
def test_sentences_are_worded_as_the_reference_words_them(spans: tuple[Span, ...], reader: Reader) -> None:
    assert said(sentence(spans, reader)) == plain_spans(spans, reader)


@settings(max_examples=100, deadline=None)
@given(st.lists(short, max_size=3))
def test_nothing_acts_either_where_two_strings_meet(texts: list[str]) -> None:
    met = "".join(map(still, texts))
    assert "{{" not in met
    assert "${" not in met
    assert met.replace(APART, "") == "".join(texts).replace(APART, "")


def test_words_that_could_be_markdown_never_stand_in_a_text_block() -> None:
    for text in ("*a*", "a_b", "1. a", "- a", "# a", "a\nb", " a", "`a`", "[a]", "<a>", "a & b", "www.a.com", "~~a~~"):
        assert block([Run(text)], {}, heading=True)["type"] == "RichTextBlock"


def check(rendered: Activity) -> None:
    """Both as it is sent, and as a client sees it that knows nothing newer than version 1.5."""
    check_activity(older(rendered))
    assert len(json.dumps(rendered, ensure_ascii=False).encode("utf-16-le")) < 78_000


# How a test reads activities --------------------------------------------------------------------------------------


def older(value: Any) -> Any:
    if isinstance(value, dict):
        return (
            older(value["fallback"]) if value.get("type") == "ProgressBar" else {k: older(v) for k, v in value.items()}
        )
    return [older(each) for each in value] if isinstance(value, list) else value


def body(rendered: Activity) -> list[Any]:
    attachments: Any = rendered.get("attachments", [])
    return [element for attachment in attachments for element in attachment["content"]["body"]]


def twin_of(rendered: Activity) -> str:
    attachments: Any = rendered.get("attachments", [])
    return str(attachments[0]["content"]["fallbackText"] if attachments else rendered["text"])


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Elements and actions in order, without what stands in for them."""
    if isinstance(value, list):
        for each in value:
            yield from objects(each)
    elif isinstance(value, dict):
        yield value
        for name, each in value.items():
            if name not in ("data", "fallback", "selectAction"):
                yield from objects(each)


def actions(rendered: Activity) -> list[dict[str, Any]]:
    return [each for each in objects(body(rendered)) if each.get("type") == "Action.Execute"]


def visible(rendered: Activity, raw: bool = False) -> list[str]:
    """What people see; ``raw``: as it is sent, tooltips among it."""
    if "text" in rendered:
        return [str(rendered["text"])]
    names = ("title", "text", "value", "altText", *(("tooltip",) if raw else ()))
    found = [each[name] for each in objects(body(rendered)) for name in names if isinstance(each.get(name), str)]
    return found if raw else [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", OURS.sub("", text)) for text in found]


def linked(rendered: Activity) -> Iterator[str]:
    for each in objects(body(rendered)):
        if "selectAction" in each:
            yield each["selectAction"]["url"]
        if each.get("type") == "TextBlock":
            for token in MarkdownIt("js-default").parseInline(each["text"])[0].children or ():
                if token.type == "link_open":
                    yield str(token.attrs["href"])


def looks(element: Mapping[str, Any]) -> str:
    """An element as a line of a test."""
    match element["type"]:
        case "RichTextBlock":
            return "".join(run["text"] for run in element["inlines"]) + style(element["inlines"][0])
        case "TextBlock":
            return str(element["text"]) + style(element)
        case "ProgressBar":
            return f"{element['value']} of {element['max']}"
        case "Image":
            return f"{element['url']} ({element['altText']})"
        case "ActionSet":
            return " | ".join(f"{each['title']} = {each['data']['say']}{style(each)}" for each in element["actions"])
    inside = element.get("items") or [each for column in element["columns"] for each in column["items"]]
    return " | ".join(map(looks, inside))


def style(of: Mapping[str, Any]) -> str:
    subtle = "subtle" if of.get("isSubtle") else None
    told = [each for each in (of.get("color"), of.get("size"), subtle, of.get("weight"), of.get("style")) if each]
    return f" ({', '.join(told)})" if told else ""


def all_spans(message: Message) -> Iterator[Span]:
    for part in message.parts:
        match part:
            case Text(spans) | Bar(_, spans) | Picture(_, spans):
                yield from spans
            case Facts(facts):
                yield from (span for _, spans in facts for span in spans)
            case Items(items):
                yield from (span for item in items for span in item.spans)


def letters(text: str) -> str:
    """Without spaces, and without the signs that layout adds or takes."""
    return re.sub(r"[\s\u2060:\[\]>-]", "", text)


def in_order(few: str, many: str) -> bool:
    """Whether all of the few are among the many, in their order."""
    rest = iter(many)
    return all(letter in rest for letter in few)
