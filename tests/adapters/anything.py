"""Any message whatsoever, made of whatever signs a channel may stumble over."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

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
    Percent,
    Person,
    Picture,
    Printed,
    Quote,
    Quoted,
    Span,
    Text,
)

zones = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kolkata"])
moments = st.datetimes(datetime(1969, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
pages = st.sampled_from(["https://x.com/a_b", "https://x.com/(*{", "tel:+1-2", "mailto:a@b", "x", "javascript:x"])
labels = st.text(st.sampled_from("ab &<*🧯"), max_size=10).map("b{}".format)
Words = st.SearchStrategy[str]


def short_of(signs: Sequence[str]) -> Words:
    return st.lists(st.sampled_from(signs), max_size=8).map("".join)


def long_of(signs: Sequence[str]) -> Words:
    few = st.lists(st.sampled_from(signs), min_size=1, max_size=4)
    return st.builds(lambda units, times: ("".join(units) * times)[:40_000], few, st.integers(1_000, 20_000))


def spans_of(text: Words, short: Words) -> st.SearchStrategy[tuple[Span, ...]]:
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


def anything(words: Words, short: Words, lines: Words) -> st.SearchStrategy[Message]:
    return _messages(words, short, words, words, lines)


def sensible(words: Words, short: Words) -> st.SearchStrategy[Message]:
    """With names, and labels and lines such as buttons have."""
    return _messages(words, short, short.map("n".__add__), labels, st.integers().map(str), least=("s",))


def _messages(
    text: Words, short: Words, name: Words, label: Words, line: Words, least: tuple[Span, ...] = ()
) -> st.SearchStrategy[Message]:
    spans = spans_of(text, short).map(lambda made: (*least, *made))
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


def all_spans(message: Message) -> Iterator[Span]:
    for part in message.parts:
        match part:
            case Text(spans) | Bar(_, spans) | Picture(_, spans):
                yield from spans
            case Facts(facts):
                yield from (span for _, spans in facts for span in spans)
            case Items(items):
                yield from (span for item in items for span in item.spans)


def in_order(few: str, many: str) -> bool:
    """Whether all of the few are among the many, in their order."""
    rest = iter(many)
    return all(letter in rest for letter in few)
