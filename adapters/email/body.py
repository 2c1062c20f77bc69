"""The words of a mail, and what is attached to it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from adapters.email.headers import Mail, decoded, fit
from bot.incoming import File

LONGEST = 1024 * 1024  # octets of one text
PARTS = 200  # more are nobody's letter
WORDS = ("text/plain", "text/html")
_BREAKS = {"p", "div", "tr", "h1", "h2", "h3", "h4", "li", "ul", "ol", "table", "blockquote", "pre"}
_SILENT = {"script", "style", "head", "title"}
_LONG_TAG = re.compile(r"<[^<>]{1000,}>?")  # most often a picture in its own tag
_NO_TAG = re.compile(r"<(?![^<>]*>)")


@dataclass
class Body:
    texts: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    encrypted: bool = False

    @property
    def text(self) -> str:
        return "\n\n".join(filter(None, (text.strip("\n") for text in self.texts)))


def body(mail: Mail) -> Body:
    found = Body()
    _look(mail, found, [PARTS])
    return found


def _look(part: Mail, found: Body, left: list[int]) -> None:
    left[0] -= 1
    if left[0] < 0:
        return
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        return _look_at_one(part, found, left)
    if kind == "multipart/encrypted" or part.get_param("smime-type") == "enveloped-data":
        found.encrypted = True
    if part.is_multipart() and kind != "message/rfc822":
        for each in part.get_payload():
            if not isinstance(each, str):
                _look(each, found, left)
        return
    kind = "text/plain" if kind.startswith("multipart/") else kind  # it says that it has parts, and has none
    if kind in WORDS and part.get_content_disposition() != "attachment" and not part.get_filename():
        found.texts.append(_text(part, kind))
    elif kind != "application/pgp-signature":
        found.files.append(_file(part, kind))


def _look_at_one(part: Mail, found: Body, left: list[int]) -> None:
    """The same thing several times: its plain words, else the last, which is the richest."""
    several = [each for each in part.get_payload() if not isinstance(each, str)]
    plain = [each for each in several if each.get_content_type() == "text/plain"]
    invitations = [each for each in several if each.get_content_type() == "text/calendar"]
    rich = [each for each in several if each not in invitations]
    chosen = (
        next((each for each in plain if _text(each, "text/plain").strip()), None) or (rich or several or [None])[-1]
    )
    if chosen is not None:
        _look(chosen, found, left)
    others = [each for each in several if each is not chosen and each.is_multipart()]
    for each in others:  # what is attached, or pasted among the words, stands inside the rich one
        beside = Body()
        _look(each, beside, left)
        found.files += [file for file in beside.files if file not in found.files]
    found.files += [_file(each, "text/calendar") for each in invitations if each is not chosen]


def _text(part: Mail, kind: str) -> str:
    text = _decoded(part)
    return stripped(text) if kind == "text/html" else text.replace("\r\n", "\n")


def _decoded(part: Mail) -> str:
    raw = _octets(part)[:LONGEST]
    charset = part.get_content_charset() or "utf-8"
    try:
        return raw.decode(charset)
    except (LookupError, UnicodeError, ValueError):
        return fit(raw.decode("utf-8", "surrogateescape"))


def _octets(part: Mail) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except Exception:
        payload = None
    return payload if isinstance(payload, bytes) else b""


def _file(part: Mail, kind: str) -> File:
    try:
        name = decoded(" ".join(fit(part.get_filename() or "").split()))[:200]
    except Exception:
        name = ""
    return File(name, kind, content=part.as_bytes() if kind == "message/rfc822" else _octets(part))


class _Stripping(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = self._deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br" or tag in _BREAKS:
            self.words.append("\n")
        if tag == "blockquote":
            self._deep += 1
        if tag == "li":
            self.words.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS:
            self.words.append("\n")
        if tag == "blockquote":
            self._deep = max(0, self._deep - 1)

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        words = " ".join(data.replace("\xa0", " ").split())
        lead = " " if data[:1].isspace() and words else ""
        trail = " " if data[-1:].isspace() and words else ""
        at_start = not self.words or self.words[-1].endswith("\n")
        quote = "> " * min(self._deep, 3) if at_start and words else ""
        self.words.append(quote + ("" if at_start else lead) + words + trail)


def _tame(html: str) -> str:
    """Without what takes the library's parser the square of its length and more: nobody writes it but to harm."""
    kept, at = list[str](), 0
    while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start + 2)) >= 0:
        kept.append(html[at:start])
        at = end + 3
    return _NO_TAG.sub("&lt;", _LONG_TAG.sub("", "".join(kept) + html[at:]))


def stripped(html: str) -> str:
    """HTML as words; what it quotes is quoted with ``>``."""
    parser = _Stripping()
    try:
        parser.feed(_tame(html))
        parser.close()
    except Exception:
        return html
    lines = [line.rstrip() for line in "".join(parser.words).split("\n")]
    return "\n".join(line for n, line in enumerate(lines) if line or (n and lines[n - 1])).strip()
