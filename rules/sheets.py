"""Contacts and cases as a spreadsheet has them (CSV, RFC 4180): every mistake with the line on which its row begins."""

import csv
import io
import re
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import TypeVar

from rules.directory import kinds
from rules.directory.between import Home
from rules.directory.kinds import Kind
from rules.directory.tables import contact
from rules.directory.values import Contact
from rules.directory.walk import File, Table, meant, shown
from rules.toml_lines import Lines, Mistake, Mistakes

T = TypeVar("T")
CONTACT = (
    *("account", "name", "email", "licensed", "nominated", "contact_person", "deputy_until"),
    *("timezone", "language", "slack", "teams", "left"),
)
CASE = ("external_id", "account", "opener", "subject", "text", "priority", "received", "assignee")
PRIORITIES = ("critical", "high", "normal", "low")
LONGEST_TEXT = 20_000
MOST_CASES = 5_000
"""In one file: they come all or none, and nobody else writes meanwhile."""
UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Of control characters, a text has only tabs and line ends."""
YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
SWITCHES = {"licensed", "nominated", "contact_person", "left"}
GUARDED = ("'=", "'+", "'-", "'@")
"""How spreadsheets and exports keep words from being read as a formula: the mark is none of the words."""


@dataclass(frozen=True)
class Known:
    """What the desk's own directory tells about a row."""

    accounts: Collection[str]
    """Slugs."""
    homes: Mapping[str, Set[Home]]
    """Where the contacts of each may come from."""
    one_contact: Set[str]
    """Accounts whose provider knows one contact person (T10)."""
    languages: Collection[str]


@dataclass(frozen=True)
class CaseRow:
    """An open case of another desk."""

    external_id: str
    account: str
    opener: str
    """E-mail in small letters; the next but three too."""
    subject: str
    text: str
    priority: str | None
    received: datetime
    """UTC."""
    assignee: str | None
    line: int


def contacts(text: str, known: Known, file: str) -> tuple[Contact, ...]:
    """Raises Mistakes, with all of them."""
    slug = kinds.one_of(known.accounts, "the slug of an account of the desk")
    language = kinds.one_of(known.languages, f"one of {', '.join(known.languages)}", small=True)
    made = partial(contact, slug=slug, single=known.one_contact, homes=known.homes, language=language)
    return _each(text, file, CONTACT, made)


def cases(text: str, known: Known, file: str) -> tuple[CaseRow, ...]:
    """Raises Mistakes, with all of them."""
    slug = kinds.one_of(known.accounts, "the slug of an account of the desk")
    return _each(text, file, CASE, partial(_case, slug=slug), MOST_CASES)


def _case(table: Table, slug: Kind[str]) -> CaseRow:
    number = table.need("external_id", kinds.NAME)
    table.once("external_id", number, "external_id")
    return CaseRow(
        external_id=number,
        account=table.need("account", slug),
        opener=table.need("opener", kinds.EMAIL),
        subject=table.need("subject", kinds.NAME),
        text=table.may("text", WORDS, ""),
        priority=table.may("priority", PRIORITY, None),
        received=table.need("received", INSTANT),
        assignee=table.may("assignee", kinds.EMAIL, None),
        line=table.line,
    )


def _words(raw: object) -> str | None:
    fits = isinstance(raw, str) and len(raw) <= LONGEST_TEXT and not UNPRINTED.search(raw)
    return str(raw).strip() if fits else None


def _instant(raw: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(raw))
        return at.astimezone(UTC) if at.tzinfo is not None and 1990 <= at.year < 2200 else None
    except (ValueError, OverflowError):
        return None


WORDS = Kind(f"text of at most {LONGEST_TEXT} characters, without control characters", _words, "")
PRIORITY = kinds.one_of(PRIORITIES, f"one of {', '.join(PRIORITIES)}", small=True)
INSTANT = Kind("a time with its offset, such as 2026-01-19T09:30:00-05:00", _instant, kinds.NO_MOMENT)


# Rows -------------------------------------------------------------------------------------------------------------


def _each(
    text: str, file: str, columns: Collection[str], build: "partial[T]", most: int | None = None
) -> tuple[T, ...]:
    head, rows = _read(text, file)
    wrong = _headings(head, columns, file)
    if most is not None and len(rows) > most:
        says = (
            f"A file has at most {most} cases, and this one has {len(rows)}: split it, and import one after the other."
        )
        wrong.append(Mistake(rows[most][0], says, file))
    if wrong:
        raise Mistakes(wrong)
    lines: dict[tuple[str | int, ...], int] = {(): 1}
    lines |= {("row", number): line for number, (line, _) in enumerate(rows)}
    found = File(file, Lines(lines))
    made = []
    for number, (_, cells) in enumerate(rows):
        table = Table(found, {}, ("row", number))
        if len(cells) != len(head):
            table.note(f"This row has {len(cells)} cells, and the first one has {len(head)}.")
            continue
        table.keys = {name: _value(name, cell) for name, cell in zip(head, cells, strict=True) if cell.strip()}
        made.append(build(table))
    if found.mistakes:
        raise Mistakes(found.mistakes)
    return tuple(made)


def _read(text: str, file: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The headings, and each row with the line on which it begins; empty ones are left out."""
    first = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True)
    rows, begins = list[tuple[int, list[str]]](), 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as wrong:
        raise Mistakes([Mistake(begins, f"This is not CSV: {wrong}.", file)]) from wrong
    if not rows:
        raise Mistakes([Mistake(1, "The file is empty; its first row names the columns.", file)])
    return [cell.strip().lower() for cell in rows[0][1]], rows[1:]


def _headings(head: list[str], columns: Collection[str], file: str) -> list[Mistake]:
    strange = [name for name in head if name not in columns]
    twice = sorted({name for name in head if head.count(name) > 1})
    wrong = [Mistake(1, f"There is no column {shown(name)} here.{meant(name, columns)}", file) for name in strange]
    return wrong + [Mistake(1, f"The column {shown(name)} stands there more than once.", file) for name in twice]


def _value(name: str, cell: str) -> object:
    """As the same key has it in a directory file."""
    words = cell[1:] if cell.startswith(GUARDED) else cell
    if name in SWITCHES:
        return YES_NO.get(words.strip().lower(), words)
    if name == "deputy_until":
        try:
            return date.fromisoformat(words.strip())
        except ValueError:
            return words
    return words
