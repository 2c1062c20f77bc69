"""What the bot says, as Slack is sent it: every value and part, whole, within every limit, and harmless."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from adapters.slack.lengths import cut, escape, size
from adapters.slack.render import NOTHING, Rendered, render, render_one
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
    Text,
    Value,
)
from bot.plain import plain
from tests.adapters.slack.looking import SHY, elements, looks, shown, texts, within
from tests.slack.blocks import check_message
from tests.slack.mrkdwn import unescaped

AT = datetime(2025, 1, 20, 16, 30, tzinfo=UTC)


def one(*parts: Part, zone: str = "UTC") -> Rendered:
    (rendered,) = render(Message(parts, zone))
    check_message({"text": rendered.text, "blocks": rendered.blocks})
    return rendered


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
