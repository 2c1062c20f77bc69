"""Templates to pages: values worded in the reader's language, everything escaped, each form with a name of its own."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from adapters.portal.sessions import Cookie, Visitor
from bot import figures
from bot.languages import called, counted, languages, translated
from bot.messages import (
    ENGLISH,
    Bar,
    CaseNumber,
    Clause,
    Code,
    Count,
    Day,
    Duration,
    Link,
    Moment,
    Money,
    Percent,
    Person,
    Printed,
    Quoted,
    Reader,
    Span,
)

FOLDER = Path(__file__).parent
TEMPLATES, STATIC = FOLDER / "templates", FOLDER / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
LOOKS = {
    "status": "/cases/{}",
    "show": "/cases/{}",
    "plan": "/plan",
    "cases": "/cases",
    "open": "/open",
    "ask": "/ask",
    "home": "/",
    "price": "/plan",
}
"""Lines that only look lead to a page; all others are said when their button is pressed."""


@dataclass(frozen=True)
class Tab:
    """An entry of the menu."""

    path: str
    label: str
    desk: bool = False
    """Whether it is for the desk's people; otherwise for customers."""
    both: bool = False
    guests: bool = True
    """Whether it is for those, too, whose company nobody knows yet."""


@dataclass(frozen=True)
class Site:
    """The same pages under one address: for browsers, or for the frame in Teams."""

    prefix: str
    cookie: Cookie
    headers: Mapping[str, str]
    tabs: tuple[Tab, ...] = ()
    oidc: bool = False
    """Whether the desk has a sign-in of its own."""
    mail: bool = True
    """Whether links can be sent by mail."""
    framed: bool = False
    takes: int = 0
    """Octets that a form may bring along as files; 0: none."""
    cast: tuple[tuple[str, str, str], ...] = ()
    """In the playground, whom anybody may be: id, name and a line about them."""


class Pages:
    """Wherever a page is made from a template."""

    def page(
        self, site: Site, template: str, visitor: Visitor | None, *, path: str = "", status: int = 200, **given: Any
    ) -> web.Response:
        """``path`` is the page's own, below the prefix: the menu marks it, and a form comes back to it."""
        language = visitor.language if visitor else given.pop("language", ENGLISH)
        about = {"site": site, "visitor": visitor, "path": path, "language": language, "reader": _reader(visitor)}
        text = environment().get_template(template).render(**{"said": None, **about, **given})
        return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


@cache
def environment() -> Environment:
    """One for all: a template is compiled when it is first used."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
    made.trim_blocks = made.lstrip_blocks = True
    words = {"t": _t, "n": _n, "tr": tr, "languages": languages, "called": called}
    made.globals |= {"fresh": fresh, "kind_of": kind_of, "plain": plain, **words}
    made.filters |= {"worded": worded, "href": href, "moment": moment}
    return made


def _reader(visitor: Visitor | None) -> Reader:
    return Reader(visitor.zone, visitor.language) if visitor else Reader()


def fresh() -> str:
    """What a form names its act by, so that sending it twice does it once."""
    return secrets.token_hex(12)


@pass_context
def _t(context: Context, template: str, **values: object) -> str:
    """A page's own words, in the reader's language."""
    said = translated(str(context["language"]), template)
    return said.format(**values) if values else said


@pass_context
def _n(context: Context, one: str, many: str, number: int) -> str:
    language = str(context["language"])
    return counted(language, *(one, many), number).format(n=figures.count(number, language))


def tr(reader: Reader, template: str) -> str:
    """In a message, which may be in another language than its page."""
    return translated(reader.language, template)


def kind_of(value: object) -> str:
    """A plain string has none."""
    return str(getattr(value, "kind", "text"))


def worded(span: Span, reader: Reader) -> str:
    """A value as words."""
    match span:
        case str():
            return span
        case Quoted(text) | Printed(text) | Code(text) | Link(text, _):
            return text
        case Person(name, role):
            return f"{name} ({role})" if role else name
        case CaseNumber(number):
            return f"#{number}"
        case Moment(at, there, label, year):
            return figures.moment(at, reader, there, label, year)
        case Day(on):
            return figures.date_(on, reader.language)
        case Duration(minutes, business):
            return figures.duration(minutes, business, reader.language)
        case Count(number):
            return figures.count(number, reader.language)
        case Percent(number):
            return figures.percent(number, reader.language)
        case Money(amount, sign):
            return figures.money(amount, sign, reader.language)
        case Clause(id):
            return id


def plain(spans: Iterable[Span], reader: Reader) -> str:
    return "".join(worded(span, reader) for span in spans)


def moment(at: datetime, reader: Reader) -> str:
    return figures.moment(at, reader)


@pass_context
def href(context: Context, line: str, prefix: str) -> str:
    """Where a line leads that only looks; empty for one that does something."""
    visitor = context.get("visitor")
    name, *rest = line.lstrip("/").split()
    if visitor is not None and visitor.staff:
        return _at_the_desk(name, rest, prefix)
    if name not in LOOKS or len(rest) > LOOKS[name].count("{}"):
        return ""
    numbered = bool(rest) and rest[0].isdigit()
    return prefix + LOOKS[name].format(*rest) if numbered == ("{}" in LOOKS[name]) else ""


def _at_the_desk(name: str, rest: list[str], prefix: str) -> str:
    """Its people have pages of their own for the same lines."""
    if name in ("queue", "home"):
        return f"{prefix}/board?{urlencode({'q': ' '.join(rest)})}" if rest else f"{prefix}/board"
    if name in ("status", "show") and len(rest) == 1 and rest[0].isdigit():
        return f"{prefix}/cases/{rest[0]}"
    return ""


def first_case(parts: Iterable[object]) -> int | None:
    """The case that an answer speaks of, where it names one."""
    spans = (span for part in parts for span in getattr(part, "spans", ()) if not isinstance(part, Bar))
    return next((span.number for span in spans if isinstance(span, CaseNumber)), None)
