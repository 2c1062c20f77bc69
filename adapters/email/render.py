"""A message as a mail's two bodies: plain words, and simple HTML that says the same and fetches nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import assert_never
from urllib.parse import urlsplit

from adapters.email.words import TO_ANSWER, reply_adds, what_next
from bot.languages import translated
from bot.messages import (
    Bar,
    Button,
    Buttons,
    Code,
    Facts,
    Items,
    Link,
    Message,
    Picture,
    Quote,
    Reader,
    Span,
    Spans,
    Text,
)
from bot.plain import plain, plain_spans

SCHEMES = ("https", "mailto", "tel")
_STYLE = {"heading": "font-weight:bold;font-size:1.15em", "small": "color:#555555;font-size:0.9em"}
_STYLE |= {"alert": "font-weight:bold;color:#a4262c"}
_TABLE = '<table role="presentation" cellpadding="0" cellspacing="0" style="border-collapse:collapse">'
Part = Text | Facts | Quote | Buttons | Items | Bar | Picture


@dataclass(frozen=True)
class Bodies:
    text: str
    html: str


def render(message: Message, case: int | None, by_reply: bool, chats: Sequence[str]) -> Bodies:
    """``by_reply``: whether a line in a reply can be obeyed; ``chats``: where else its buttons are."""
    lines, rest = what_next(_buttons(message), by_reply, chats, message.language)
    said = [part for part in message.parts if not isinstance(part, Buttons)]
    text = [plain(replace(message, parts=(_bare(part),))) for part in said]
    html = [_part(part, message.reader) for part in said]
    if lines:
        to_answer = translated(message.language, TO_ANSWER)
        text.append("\n".join([to_answer, *(f"    {line}    ({label})" for line, label in lines)]))
        rows = "".join(f"<li><code>{escape(line)}</code> ({escape(label)})</li>" for line, label in lines)
        html.append(f"<p>{escape(to_answer)}</p><ul>{rows}</ul>")
    for note in filter(None, (rest, reply_adds(case, message.language) if case else "")):
        text.append(note)
        html.append(_p(escape(note), "small"))
    return Bodies("\n\n".join(text) + "\n", _page("".join(html), message.language))


def first_words(message: Message) -> str:
    """A subject where there is no case to name."""
    lines = (line.strip() for line in plain(message).splitlines())
    return next(filter(None, lines), "")


def _buttons(message: Message) -> list[Button]:
    found = []
    for part in message.parts:
        if isinstance(part, Buttons):
            found += list(part.buttons)
    return found


def _bare(part: Part) -> Part:
    """A list's buttons only show what can be asked for again."""
    if isinstance(part, Items):
        return Items(tuple(type(item)(item.spans) for item in part.items))
    return part


def _part(part: Part, reader: Reader) -> str:
    match part:
        case Text(spans, style):
            return _p(_spans(spans, reader), style)
        case Bar(_, spans):
            return _p(_spans(spans, reader))
        case Picture(url, spans) if urlsplit(url).scheme == "https":
            return _p(f'<a href="{escape(url)}">{_lines(plain_spans(spans, reader))}</a>')
        case Picture(_, spans):
            return _p(_spans(spans, reader))
        case Facts(facts):
            cell = '<td style="padding:2px 12px 2px 0;vertical-align:top'
            rows = (
                f'<tr>{cell};color:#555555">{escape(name)}</td>{cell}">{_spans(spans, reader)}</td></tr>'
                for name, spans in facts
            )
            return f"{_TABLE}{''.join(rows)}</table>"
        case Quote(by, words, internal):
            badge = f" <b>{escape(translated(reader.language, '[internal]'))}</b>" if internal else ""
            block = f'<blockquote style="margin:4px 0;padding-left:10px;border-left:3px solid #cccccc">{_lines(words)}'
            return f"<p>{_span(by, reader)}{badge}{translated(reader.language, ':')}</p>{block}</blockquote>"
        case Items(items):
            return f"<ul>{''.join(f'<li>{_spans(item.spans, reader)}</li>' for item in items)}</ul>"
        case Buttons():
            return ""
    assert_never(part)


def _spans(spans: Spans, reader: Reader) -> str:
    return "".join(_span(span, reader) for span in spans)


def _span(span: Span, reader: Reader) -> str:
    match span:
        case Link(text, url) if urlsplit(url).scheme in SCHEMES:
            return f'<a href="{escape(url)}">{escape(text)}</a>'
        case Code(text):
            return f"<code>{escape(text)}</code>"
    return _lines(plain_spans((span,), reader))


def _lines(words: str) -> str:
    return "<br>".join(escape(line) for line in words.split("\n"))


def _p(inner: str, style: str = "normal") -> str:
    look = f' style="{_STYLE[style]}"' if style in _STYLE else ""
    return f"<p{look}>{inner}</p>"


def _page(inner: str, language: str) -> str:
    body = '<body style="font-family:sans-serif;font-size:15px;line-height:1.4;color:#222222">'
    return f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"></head>{body}{inner}</body></html>\n'
