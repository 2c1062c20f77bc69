"""Whatever the bot says and people wrote, Slack is sent it whole, within every limit, and harmless."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.mrkdwn import said
from adapters.slack.render import render, render_one
from bot.languages import languages
from bot.messages import (
    Message,
    Quoted,
    Reader,
    Span,
)
from bot.plain import plain, plain_spans
from tests.adapters.anything import in_order, spans_of, zones
from tests.adapters.slack.looking import read, shown, within
from tests.adapters.slack.nasty import anything, sensible, short
from tests.slack.mrkdwn import unescaped


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
@given(spans_of(short, short), st.builds(Reader, zones, st.sampled_from(languages())))
def test_sentences_are_worded_as_the_reference_words_them(spans: tuple[Span, ...], reader: Reader) -> None:
    assert said(spans, reader) == plain_spans(spans, reader)


@settings(max_examples=200, deadline=None)
@given(short)
def test_no_sign_of_somebody_s_words_can_act(text: str) -> None:
    left = shown(Quoted(text))
    assert not re.search(r"[`＊＿｀]|(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])|^\s*&gt;", left, re.MULTILINE)


def letters(text: str) -> str:
    """Without spaces, and without the signs that mark-up and layout add or take."""
    return re.sub(r"[\s*_~`＊＿｀﹡|:\[\]>-]", "", text)
