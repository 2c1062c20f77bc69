"""Reads a calendar's file as strictly as RFC 5545 is written, for the one event that we put in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_LINE = re.compile(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):([^\x00-\x1f\x7f]*)')
_TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
CALENDAR = ("VERSION", "PRODID", "CALSCALE", "METHOD")
EVENT = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "STATUS", "TRANSP")


@dataclass(frozen=True)
class Event:
    method: str
    uid: str
    sequence: int
    at: datetime
    ends: datetime
    summary: str
    organizer: str
    status: str
    properties: frozenset[str]


def read(file: str) -> Event:
    """AssertionError: it is none."""
    assert file.endswith("\r\n"), "each line has an end"
    assert not re.search(r"[^\r]\n|\r[^\n]", file), "line ends are CRLF"
    for physical in file.encode().split(b"\r\n"):
        assert len(physical) <= 75, physical
        physical.decode()  # never folded within a character
    lines = [_content(line) for line in file.replace("\r\n ", "").split("\r\n")[:-1]]
    names = [name for name, _, _ in lines]
    assert lines[0] == ("BEGIN", "", "VCALENDAR")
    assert lines[-2:] == [("END", "", "VEVENT"), ("END", "", "VCALENDAR")]
    begins = lines.index(("BEGIN", "", "VEVENT"))
    outer, inner = names[1:begins], names[begins + 1 : -2]
    for found, known in ((outer, CALENDAR), (inner, EVENT)):
        assert len(found) == len(set(found)), "each at most once"
        assert set(found) <= set(known), found
    value = {name: found for name, _, found in lines}
    assert (value["VERSION"], value["CALSCALE"]) == ("2.0", "GREGORIAN")
    at, ends = _instant(value["DTSTART"]), _instant(value["DTEND"])
    assert ends > at
    _instant(value["DTSTAMP"])
    organizer = next(("".join((given, ":", found)) for name, given, found in lines if name == "ORGANIZER"), "")
    return Event(
        value["METHOD"],
        value["UID"],
        int(value["SEQUENCE"]),
        at,
        ends,
        _unescaped(value["SUMMARY"]),
        organizer,
        value["STATUS"],
        frozenset(inner),
    )


def _content(line: str) -> tuple[str, str, str]:
    found = _LINE.fullmatch(line)
    assert found, f"no content line: {line!r}"
    return found[1], found[2], found[3]


def _instant(written: str) -> datetime:
    assert re.fullmatch(r"\d{8}T\d{6}Z", written), "in UTC, which needs no VTIMEZONE"
    return datetime.strptime(written, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _unescaped(text: str) -> str:
    assert _TEXT.fullmatch(text), f"not escaped: {text!r}"
    return "".join(_signs(text))


def _signs(text: str) -> Iterator[str]:
    escaped = False
    for sign in text:
        if escaped:
            yield "\n" if sign in "nN" else sign
        elif sign != "\\":
            yield sign
        escaped = sign == "\\" and not escaped
