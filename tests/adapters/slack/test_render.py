"""What the bot says, as Slack is sent it: every value and part, whole, within every limit, and harmless."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.lengths import cut, escape, size
from adapters.slack.mrkdwn import mrkdwn, said
from adapters.slack.render import MESSAGE, NOTHING, Rendered, render, render_one
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
from tests.slack.blocks import check_message, check_update
from tests.slack.mrkdwn import unescaped

AT = datetime(2025, 1, 20, 16, 30, tzinfo=UTC)
SHY = "\N{SOFT HYPHEN}"


def one(*parts: Part, zone: str = "UTC") -> Rendered:
    (rendered,) = render(Message(parts, zone))
    check_message({"text": rendered.text, "blocks": rendered.blocks})
    return rendered


def shown(*spans: Span, zone: str = "UTC") -> str:
    return mrkdwn(spans, Reader(zone))


# Values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "looks"),
    [
        (Quoted("Bob & <Eve>"), "Bob &amp; &lt;Eve&gt;"),
        (Printed("Gold 24/7"), "Gold 24/7"),
        (Person("Cora", "concierge"), "*Cora* (concierge)"),
        (Person("Ann", ""), "*Ann*"),
        (Person("*Ann*\nBell_", "<!channel>"), "*∗Ann∗ Bellˍ* (&lt;!channel&gt;)"),
        (CaseNumber(1042), "*#1042*"),
        (Duration(90, business=True), "1 h 30 min of business time"),
        (Day(date(2026, 2, 18)), "Wed 18 Feb 2026"),
        (Duration(60), "1 hour"),
        (Count(7), "7"),
        (Percent(75), "75 %"),
        (Money(Decimal("1234.50"), "£"), "£1,234.50"),
        (Money(Decimal(80), "<"), "&lt;80"),
        (Clause("gold.response"), "gold.response"),
        (Code("show 1042"), "`show 1042`"),
        (Code("a < b"), "`a &lt; b`"),
        (Code("a `b` c"), "a ˋbˋ c"),
        (Code(" x"), " x"),
        (Link("Terms", "https://example.com/a?b=1&c=2"), "<https://example.com/a?b=1&amp;c=2|Terms>"),
        (Link("+44 20 1", "tel:+44201"), "<tel:+44201|+44 20 1>"),
        (Link("Write|us", "mailto:help@example.com"), "<mailto:help@example.com|Write∣us>"),
        (Link("", "https://example.com"), "<https://example.com|https://example.com>"),
        (Link("Terms", "javascript:alert(1)"), "Terms"),
        (Link("Terms", "http://example.com"), "Terms"),
        (Link("Terms", "https://example.com|<!here>"), "Terms"),
    ],
)
def test_every_value_looks_like_itself(value: Value, looks: str) -> None:
    assert shown(value) == looks


def test_a_moment_is_shown_on_each_reader_s_own_clock() -> None:
    native = "<!date^1737390600^{date_short_pretty} {time}|Mon 20 Jan 17:30 Paris>"
    assert shown(Moment(AT), zone="Europe/Paris") == native


def test_a_moment_with_a_zone_of_its_own_is_shown_in_that_one_first() -> None:
    moment = Moment(AT, "America/New_York", "ET")
    clock = "<!date^1737390600^{date_short_pretty} {time}|"
    assert shown(moment, zone="Europe/London") == f"Mon 20 Jan 11:30 ET ({clock}16:30 London>)"
    assert shown(moment, zone="Asia/Tokyo") == f"Mon 20 Jan 11:30 ET ({clock}Tue 01:30 Tokyo>)"
    assert shown(moment, zone="America/Toronto") == "Mon 20 Jan 11:30 ET"
    assert shown(moment) == f"Mon 20 Jan 11:30 ET ({clock}Mon 20 Jan 16:30 UTC>)"


def test_a_moment_before_slack_s_clock_began_is_written_out() -> None:
    assert shown(Moment(datetime(1969, 7, 20, tzinfo=UTC))) == "Sun 20 Jul 00:00 UTC"


def test_our_own_words_are_escaped_too() -> None:
    assert shown("Write close <case> & why") == "Write close &lt;case&gt; &amp; why"


# Words that would act ---------------------------------------------------------------------------------------------


def test_a_lone_sign_in_somebody_s_words_does_not_run_on_into_ours() -> None:
    looks = shown(Quoted("`rm *all _now ~maybe"), ": write ", Code("show 1042"), ", ", CaseNumber(1042))
    assert looks == "ˋrm ∗all ˍnow ∼maybe: write `show 1042`, *#1042*"


def test_signs_inside_words_stay_as_they_were_written() -> None:
    words = "printer_queue_2 is 3*4 & more (1~2), or 5 > 4"
    assert shown(Quoted(words)) == escape(words)


def test_somebody_s_words_quote_nothing_but_themselves() -> None:
    assert shown(Quoted(">>> all\n  > of it"), " said Ann") == f"{SHY}&gt;&gt;&gt; all\n  {SHY}&gt; of it said Ann"


@pytest.mark.parametrize("ping", ["<!channel>", "<!here|x>", "<@U123>", "<#C123>", "<!subteam^S1>"])
def test_nobody_is_pinged_by_what_somebody_wrote(ping: str) -> None:
    parts: tuple[Part, ...] = (
        Text((ping, Quoted(ping), Printed(ping), Code(ping), Clause(ping), Link(ping, ping), Person(ping, ping))),
        Text((Quoted(ping),), "heading"),
        Facts(((ping, (Quoted(ping),)),)),
        Quote(Person(ping, ping), ping),
        Buttons((Button(ping, ping),)),
        Items((Item((Quoted(ping),), Button(ping, "x")),)),
    )
    rendered = one(*parts)
    said = [rendered.text, *(text for block in rendered.blocks for text in texts(block))]
    assert [text for text in said if ping in text] == []


def test_what_stands_in_mark_up_is_not_searched_for_people_and_channels() -> None:
    (block,) = one(Text(("Ask @here in #general",))).blocks
    assert block == {"type": "section", "text": {"type": "mrkdwn", "text": "Ask @here in #general", "verbatim": True}}


# Parts ------------------------------------------------------------------------------------------------------------


def test_a_card_reads_the_same_in_its_blocks_and_in_plain_text() -> None:
    card = Message(
        (
            Text((CaseNumber(1042), ": ", Quoted("Printer & co")), "heading"),
            Facts((("Status", ("open",)), ("With", (Person("Cora", "concierge"),)), ("Details", (Quoted("x" * 300),)))),
            Bar(35, (Duration(45), " left")),
            Text(("Late.",), "alert"),
            Text(("Not all questions are answered.",), "small"),
            Quote(Person("Sam", "support"), "It is the fuse.\nAgain.", internal=True),
            Items((Item(("one",)), Item(("two",)), Item((CaseNumber(7),), Button("Show", "status 7")))),
            Buttons((Button("Take", "take 1042", "primary"), Button("Close", "close 1042"))),
        ),
        "Europe/London",
    )
    rendered = one(*card.parts, zone=card.zone)
    assert unescaped(rendered.text) == plain(card)
    assert [looks(block) for block in rendered.blocks] == [
        "header: #1042: Printer & co",
        "section: *Status*\nopen | *With*\n*Cora* (concierge)",
        f"section: *Details*\n{'x' * 300}",
        "section: ▰▰▰▱▱▱▱▱▱▱ 45 minutes left",
        "section: ⚠️ Late.",
        "context: Not all questions are answered.",
        "context: 🔒 *Sam* (support) [internal]:",
        "section: > It is the fuse.\n> Again.",
        "section: - one\n- two",
        "section: *#7* | Show = status 7",
        "actions: Take = take 1042 (primary) | Close = close 1042",
    ]


def test_a_picture_is_fetched_over_https_and_said_where_it_is_not() -> None:
    rendered = one(Picture("https://a.b/c.png", ("Cases: ", Count(12))))
    assert rendered.blocks == [{"type": "image", "image_url": "https://a.b/c.png", "alt_text": "Cases: 12"}]
    assert rendered.text == "Cases: 12"
    assert [looks(block) for block in one(Picture("http://a.b/c.png", ("Cases",))).blocks] == ["section: Cases"]


@pytest.mark.parametrize(("percent", "full"), [(-5, 0), (0, 0), (9, 0), (50, 5), (99, 9), (100, 10), (250, 10)])
def test_a_gauge_is_never_fuller_than_it_is(percent: int, full: int) -> None:
    (block,) = one(Bar(percent, ("so far",))).blocks
    assert looks(block) == f"section: {'▰' * full}{'▱' * (10 - full)} so far"


def test_a_heading_that_is_too_long_stands_below_in_full() -> None:
    rendered = one(Text((CaseNumber(7), Quoted(" why" * 60)), "heading"))
    header, section = (looks(block) for block in rendered.blocks)
    assert header.endswith("why…")
    assert section == "section: *#7*" + " why" * 60
    assert rendered.text == "#7" + " why" * 60


def test_more_facts_than_a_block_takes_go_into_the_next() -> None:
    rendered = one(Facts(tuple((f"Fact {n}", (Count(n),)) for n in range(23))))
    assert [looks(block).count("|") + 1 for block in rendered.blocks] == [10, 10, 3]


def test_more_buttons_than_a_row_takes_go_into_the_next_and_each_says_its_own_line() -> None:
    rendered = one(Buttons(tuple(Button(f"Show {n}", f"show {n}") for n in range(30))))
    pressed = [element for block in rendered.blocks for element in elements(block)]
    assert [element["value"] for element in pressed] == [f"show {n}" for n in range(30)]
    assert len({element["action_id"] for element in pressed}) == 30


def test_a_button_stands_there_once_with_a_label_that_fits() -> None:
    again = Button("Take &" * 30, "take 7")
    (block,) = one(Buttons((again, again, Button(" ", "take 8"))), Text(("x",))).blocks[:1]
    first, second = elements(block)
    assert first["text"]["text"].endswith("…")
    assert second["text"]["text"] == "take 8"


def test_a_line_that_slack_would_not_take_whole_is_no_button() -> None:
    rendered = one(Text(("x",)), Buttons((Button("Reply", "reply 7 " + "x" * 2_000), Button("None", " "))))
    assert [looks(block) for block in rendered.blocks] == ["section: x"]


@pytest.mark.parametrize(
    "parts",
    [(), (Text(()),), (Text((" \n\t",)),), (Facts(()),), (Items(()),), (Buttons(()),), (Text(("\n" * 40_000,)),)],
)
def test_where_there_is_nothing_to_say_it_says_so(parts: tuple[Part, ...]) -> None:
    rendered = one(*parts)
    assert rendered.text == NOTHING
    assert len(rendered.blocks) == 1


def test_a_heading_as_long_as_a_book_is_whole() -> None:
    message = Message((Text(("Chapter one. " * 900,), "heading"),))
    assert "".join(piece.text for piece in render(message)).split() == plain(message).split()


# Length -----------------------------------------------------------------------------------------------------------


def test_a_long_quote_comes_in_pieces_that_each_name_its_author() -> None:
    lines = [f"{n}: the printer & the fuse" for n in range(600)]
    pieces = render(Message((Quote(Person("Sam", "support"), "\n".join(lines), internal=True),)))
    assert len(pieces) > 3
    heads = [looks(piece.blocks[0]) for piece in pieces]
    assert heads[0] == "context: 🔒 *Sam* (support) [internal]:"
    assert set(heads[1:]) == {"context: 🔒 *Sam* (support) [internal], continued:"}
    read = [line for piece in pieces for block in piece.blocks[1::2] for line in looks(block)[9:].splitlines()]
    assert read == [f"> {line}" for line in lines]


def test_buttons_move_on_with_what_they_belong_to() -> None:
    long, short = Text(("word " * 480,)), Text(("Does it work?",))
    pieces = render(Message((long, Text(("word " * 290,)), short, Buttons((Button("Yes" * 20, "yes"),)))))
    assert [looks(block).split(":")[0] for block in pieces[-1].blocks] == ["section", "actions"]
    assert pieces[-1].text.startswith("Does it work?")


def test_what_takes_only_one_message_is_shortened_and_says_how_to_read_the_rest() -> None:
    parts = (Text(("word " * 5_000,)), Buttons((Button("Take", "take 1042"),)), Text(("The end.",)))
    whole = Message((Text(("Short.",)), *parts[1:2]))
    assert [render_one(whole, "show 1042")] == render(whole)
    rendered = render_one(Message(parts), "show 1042")
    assert looks(rendered.blocks[0]).startswith("section: word")
    assert [looks(block) for block in rendered.blocks[-2:]] == [
        "actions: Take = take 1042",
        "context: Shortened. Write `show 1042` to me for all of it.",
    ]
    assert rendered.text.endswith("[Take]\nShortened. Write show 1042 to me for all of it.")


def test_buttons_of_a_list_and_of_a_row_are_told_apart_in_what_was_shortened() -> None:
    listed = Items((Item(("one",), Button("Show", "show 1")),))
    rendered = render_one(Message((listed, Text(("word " * 5_000,)), Buttons((Button("Take", "take 1"),)))), "help")
    within(rendered)
    assert [element["value"] for block in rendered.blocks for element in elements(block)] == ["show 1", "take 1"]


def test_two_hundred_buttons_are_kept_where_only_one_message_is_taken() -> None:
    buttons = tuple(Button(f"Show case {n} with a rather long label", f"show {n}") for n in range(200))
    rendered = render_one(Message((Text(("word " * 5_000,)), *(Buttons((button,)) for button in buttons))), "cases")
    within(rendered)
    assert [element["value"] for block in rendered.blocks for element in elements(block)] == [b.line for b in buttons]


@pytest.mark.parametrize("text", ["&" * 500, "🧯" * 500, "a b\nc" * 100, "word " * 99, "x" * 500])
def test_pieces_are_the_text_and_each_fits(text: str) -> None:
    pieces = list(cut(text, 100))
    assert "".join(pieces) == text
    assert max(size(escape(piece)) for piece in pieces) <= 100
    assert all(left[-1] in " \n" for left, _ in pairwise(pieces)) or not re.search(r"\s", text)


# Any message at all -----------------------------------------------------------------------------------------------

NASTY = [
    *("<!channel>", "<@U123>", "<https://x|y>", "&amp;", "&", "<", ">", ">>> ", "`", "```", "*", "_", "~", "|", "^"),
    *(
        " ",
        "\n",
        "\r\n",
        "\t",
        "\u2028",
        "\u200b",
        "🧯",
        "👩‍🚒",
        "é",
        "漢字",
        "＊",
        "｀",
        ":fire:",
        "https://x.com/_a~",
        "…",
    ),
    *("word", "Ann", "1042", "(", ")", "- ", "[x]", "{time}", "@here", "#general", '"', "'", "\\"),
]
short = st.lists(st.sampled_from(NASTY), max_size=8).map("".join)
long = st.builds(
    lambda units, times: ("".join(units) * times)[:40_000],
    st.lists(st.sampled_from(NASTY), min_size=1, max_size=4),
    st.integers(1_000, 20_000),
)
words = st.one_of(short, short, short, long)
zones = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kolkata"])
moments = st.datetimes(datetime(1969, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def spans_of(text: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Span, ...]]:
    span: st.SearchStrategy[Any] = st.one_of(
        text,
        st.builds(Quoted, text),
        st.builds(Printed, text),
        st.builds(Code, text),
        st.builds(Clause, text),
        st.builds(Person, text, short),
        st.builds(Link, text, st.sampled_from(["https://x.com/a_b", "tel:+1", "mailto:a@b", "x"]) | text),
        st.builds(CaseNumber, st.integers(1, 10**6)),
        st.builds(Moment, moments, st.just("") | zones, short),
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
anything = messages(words, words, words, words)
sensible = messages(words, short.map("n".__add__), labels, st.integers().map(str), least=("s",))


@settings(max_examples=60, deadline=None)
@given(anything)
def test_no_message_whatsoever_makes_a_payload_that_slack_refuses(message: Message) -> None:
    for rendered in (*render(message), render_one(message, "show 1042")):
        within(rendered)


@settings(max_examples=60, deadline=None)
@given(sensible)
def test_nothing_is_lost_neither_in_the_blocks_nor_in_the_plain_text(message: Message) -> None:
    pieces = render(message)
    told = letters(plain(message))
    assert in_order(told, letters(unescaped("".join(piece.text for piece in pieces))))
    assert in_order(told, letters("".join(text for p in pieces for block in p.blocks for text in read(block))))


@settings(max_examples=60, deadline=None)
@given(spans_of(short), st.builds(Reader, zones, st.sampled_from(languages())))
def test_sentences_are_worded_as_the_reference_words_them(spans: tuple[Span, ...], reader: Reader) -> None:
    assert said(spans, reader) == plain_spans(spans, reader)


@settings(max_examples=200, deadline=None)
@given(short)
def test_no_sign_of_somebody_s_words_can_act(text: str) -> None:
    left = shown(Quoted(text))
    assert not re.search(r"[`＊＿｀]|(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])|^\s*&gt;", left, re.MULTILINE)


def within(rendered: Rendered) -> None:
    payload = {"text": rendered.text, "blocks": rendered.blocks}
    check_message(payload)
    check_update(payload)
    assert len(rendered.blocks) <= MESSAGE.blocks
    assert size(rendered.text) <= MESSAGE.said
    assert sum(size(text) for block in rendered.blocks for text in texts(block)) <= MESSAGE.weight
    pressed = [element["action_id"] for block in rendered.blocks for element in elements(block)]
    assert len(pressed) == len(set(pressed))
    json.dumps(payload).encode("ascii")


# How a test reads blocks ------------------------------------------------------------------------------------------


def texts(block: object) -> list[str]:
    """Every text object's text, as it is sent."""
    if isinstance(block, dict):
        own = [block["text"]] if block.get("type") in ("mrkdwn", "plain_text") else []
        own += [block["alt_text"]] if block.get("type") == "image" else []
        return own + [text for inner in block.values() for text in texts(inner)]
    return [text for inner in block for text in texts(inner)] if isinstance(block, list) else []


def read(block: object) -> list[str]:
    """What people see, with the look-alikes read as what they stand for."""
    alike = str.maketrans({"∗": "*", "ˍ": "_", "∼": "~", "ˋ": "`", "﹡": "*", "∣": "|", SHY: ""})
    return [unescaped(text).translate(alike) for text in texts(block)]


def elements(block: Mapping[str, object]) -> list[Any]:
    inside: Any = block.get("elements") or ([block["accessory"]] if "accessory" in block else [])
    return [element for element in inside if element["type"] == "button"]


def looks(block: Mapping[str, object]) -> str:
    """A block as a line of a test."""
    pressed = [f"{e['text']['text']} = {e['value']}" + f" ({e.get('style')})" * ("style" in e) for e in elements(block)]
    words = texts(
        {name: inner for name, inner in block.items() if name != "accessory" and not (pressed and name == "elements")}
    )
    return f"{block['type']}: {unescaped(' | '.join([*words, *pressed]))}"


def letters(text: str) -> str:
    """Without spaces, and without the signs that mark-up and layout add or take."""
    return re.sub(r"[\s*_~`＊＿｀﹡|:\[\]>-]", "", text)


def in_order(few: str, many: str) -> bool:
    """Whether all of the few are among the many, in their order."""
    rest = iter(many)
    return all(letter in rest for letter in few)
