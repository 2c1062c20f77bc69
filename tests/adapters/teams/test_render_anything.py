"""Whatever the bot says and people wrote, Teams is sent it whole, within every limit, and harmless."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.teams.render import activity, card_of, render, render_one
from adapters.teams.runs import Run, said, sentence
from adapters.teams.words import block, still
from bot.languages import languages
from bot.messages import (
    Link,
    Message,
    Moment,
    Reader,
    Span,
)
from bot.plain import plain, plain_spans
from tests.adapters.anything import all_spans, in_order, spans_of, zones
from tests.adapters.teams.looking import APART, OURS, check, linked, twin_of, visible
from tests.adapters.teams.nasty import anything, sensible, short


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
@given(spans_of(harmless | short, short), zones, st.booleans())
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
@given(spans_of(short, short), st.builds(Reader, zones, st.sampled_from(languages())))
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


def letters(text: str) -> str:
    """Without spaces, and without the signs that layout adds or takes."""
    return re.sub(r"[\s\u2060:\[\]>-]", "", text)
