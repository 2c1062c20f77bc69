"""Articles of the knowledge base: Markdown files with a few lines about themselves on top."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rules.toml_lines import Mistake, Mistakes

_KEYS = ("title", "description", "tags", "link", "video", "products", "audience", "account")
LONGEST_NAME = 200  # characters of a title, and of the name of a file or an account
EVERYBODY, NOMINATED = "everybody", "nominated"
_ONLY_WITH = {"table": "|", "html_block": "<", "blockquote": ">", "reference": "]:", "fence": "```"}
"""Rules are tried on every line; of these it can be told that none will do, which is a third of the time."""
_MARKED = re.compile(r"[\\`*_\[\]<>&!~\n]")
"""What makes more of a line than its words; of all others these need not be looked for."""
_TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.S)


@dataclass(frozen=True)
class Article:
    id: str
    title: str
    tags: tuple[str, ...] = ()
    body: str = ""
    """Markdown."""
    link: str | None = None
    video: str | None = None
    products: tuple[str, ...] = ()
    account: str | None = None
    """The only account that may read it; None: everybody."""
    description: str = ""
    """What it is about, in other words than its title's; searched, not shown."""
    audience: str = EVERYBODY
    """Or only the users that their company nominated."""
    version: int | None = None
    """Which row of the store it is; None: it comes from a file alone."""


@dataclass(frozen=True)
class Reader:
    """Whoever asks, as far as it decides what they may read."""

    account: str | None = None
    provider: str | None = None
    """Whose customer they are; None: nobody's yet, or anybody's."""
    nominated: bool = False


@dataclass(frozen=True)
class Section:
    heading: str
    """Empty for what stands before the first heading."""
    text: str
    """Plain, on one line."""


def read_folder(folder: Path) -> tuple[Article, ...]:
    """Every *.md in the folder, by name. Raises Mistakes with what is wrong in any of them."""
    if not folder.is_dir():
        raise Mistakes([Mistake(1, "There is no such folder.", str(folder))])
    articles: list[Article] = []
    wrong: list[Mistake] = []
    for path in sorted(folder.glob("*.md")):
        try:
            articles.append(_read(path))
        except Mistakes as found:
            wrong += found.mistakes
    if wrong:
        raise Mistakes(wrong)
    return tuple(articles)


def _read(path: Path) -> Article:
    if len(path.stem) > LONGEST_NAME:
        raise Mistakes([Mistake(1, f"Its name has more than {LONGEST_NAME} characters.", str(path))])
    return _Front(_text(path.read_bytes(), str(path)), str(path)).article(path.stem)


def sections(article: Article) -> tuple[Section, ...]:
    """Each heading, of whatever level, begins one. An article without any text has one empty section."""
    heading, text = list[str](), list[str]()
    within, found = text, [(heading, text)]
    names: dict[str, Any] = {}  # of links, which may be defined anywhere
    body = article.body.replace("~~~", "```")  # the other way to begin a block of code
    idle = frozenset(rule for rule, sign in _ONLY_WITH.items() if sign not in body)
    for token in _markdown(idle).parse(article.body, names):
        match token.type:
            case "heading_open":
                heading, text = [], []
                within = heading
                found.append((heading, text))
            case "heading_close":
                within = text
            case _:
                within.append(_words(token, names))
    parts = (Section(_line(heading), _line(text)) for heading, text in found)
    return tuple(part for part in parts if part.heading or part.text) or (Section("", ""),)


@cache
def _markdown(idle: frozenset[str]) -> MarkdownIt:
    """What stands in a line is looked for later, and only where there is anything."""
    whole = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return whole.disable(["inline", "text_join", *idle])


_WHOLE = _markdown(frozenset())


def _words(token: Token, names: dict[str, Any]) -> str:
    """As a person reads them: no marks, no addresses. Steps keep their numbers."""
    match token.type:
        case "inline" if _MARKED.search(token.content):
            children: list[Token] = []
            _WHOLE.inline.parse(token.content, _WHOLE, names, children)
            return "".join(_words(child, names) for child in children)
        case "image":
            return "".join(_words(child, names) for child in token.children or ())
        case "inline" | "text" | "text_special" | "code_inline" | "code_block" | "fence":
            return token.content
        case "softbreak" | "hardbreak" | "html_inline":
            return " "
        case "html_block":
            return _TAG.sub(" ", token.content)
        case "list_item_open" if token.info:
            return f"{token.info}."
    return ""


def _line(words: Iterable[str]) -> str:
    return " ".join(" ".join(words).split())


class _Front:
    """One file: ``key: value`` lines between two lines of dashes, then the article."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = text.splitlines()
        self.wrong: list[Mistake] = []

    def article(self, id: str) -> Article:
        end = self._end()
        values = self._values(end)
        body = "\n".join(self.lines[end + 1 :]).strip()
        if "title" not in values:
            self._wrong(1, "The title is missing.")
        if not body:
            self._wrong(len(self.lines), "There is no text below the second ---.")
        if self.wrong:
            raise Mistakes(self.wrong)
        tags, products = _listed(values, "tags"), _listed(values, "products")
        link, video, account = (values.get(key) for key in ("link", "video", "account"))
        description, audience = values.get("description", ""), values.get("audience", EVERYBODY)
        return Article(id, values["title"], tags, body, link, video, products, account, description, audience)

    def _end(self) -> int:
        marks = [n for n, line in enumerate(self.lines) if line.rstrip() == "---"]
        if marks[:1] != [0]:
            raise Mistakes([Mistake(1, "The first line must be ---, then title: and what else is known.", self.file)])
        if len(marks) == 1:
            raise Mistakes([Mistake(1, "The --- below the title and the tags is missing.", self.file)])
        return marks[1]

    def _values(self, end: int) -> dict[str, str]:
        values: dict[str, str] = {}
        for number, line in enumerate(self.lines[1:end], 2):
            key, colon, value = (part.strip() for part in line.partition(":"))
            if not line.strip():
                continue
            if not colon:
                self._wrong(number, "This is not a line of the form key: value.")
            elif key not in _KEYS:
                self._wrong(number, f"There is no {key!r}; there are {', '.join(_KEYS)}.")
            elif key in values:
                self._wrong(number, f"{key} is given twice.")
            elif not value:
                self._wrong(number, f"{key} is empty; leave the line out or fill it in.")
            elif key in ("link", "video") and not re.fullmatch(r"https://[^\s/]+\.[^\s/]+(/\S*)?", value):
                self._wrong(number, f"{key} must be an address that begins with https://.")
            elif key in ("title", "account") and len(value) > LONGEST_NAME:
                self._wrong(number, f"{key} has more than {LONGEST_NAME} characters.")
            elif key == "audience" and value not in (EVERYBODY, NOMINATED):
                self._wrong(number, f"audience is {EVERYBODY} or {NOMINATED}.")
            values.setdefault(key, value)
        return values

    def _wrong(self, line: int, says: str) -> None:
        self.wrong.append(Mistake(line, says, self.file))


def _listed(values: Mapping[str, str], key: str) -> tuple[str, ...]:
    return tuple(word for part in values.get(key, "").split(",") if (word := part.strip()))


def _text(raw: bytes, file: str) -> str:
    if b"\0" in raw:
        raise Mistakes([Mistake(raw.count(b"\n", 0, raw.index(b"\0")) + 1, "There is a NUL in this line.", file)])
    try:
        return raw.decode("utf-8-sig")  # editors on Windows begin a file with a byte order mark
    except UnicodeDecodeError as broken:
        line = raw.count(b"\n", 0, broken.start) + 1
        raise Mistakes([Mistake(line, "This is not UTF-8 text.", file)]) from broken
