"""Reads tables key by key, noting what is wrong with the line it stands on, and goes on reading."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar, cast

from rules.directory.kinds import Kind
from rules.toml_lines import Lines, Mistake, Path

T = TypeVar("T")
D = TypeVar("D")

# What may stand in the file only once, and what to do about a second one.
ONCE = {
    "slug": "give each account its own",
    "tenant": "it belongs to one account and is listed there once",
    "email": "give each person their own",
    "identity": "it belongs to one person",
    "place": "it belongs to one account or to the desk",
    "external_id": "a case is imported once",
    "rota": "give each rota its own",
    "assignment": "name concierge and coach of an account in one assignment",
    "contact_person": "an account has one contact person",
    "deputy_until": "an account has one deputy",
}


@dataclass
class File:
    name: str
    lines: Lines
    mistakes: list[Mistake] = field(default_factory=list)
    doubts: list[Mistake] = field(default_factory=list)
    """What the provider's terms would not have, and what is read all the same."""
    seen: dict[tuple[str, object], int] = field(default_factory=dict)
    """The line of each thing that may stand there only once."""


@dataclass
class Table:
    """One table of the file; the whole file is one too. The keys it was asked for are the keys it may have."""

    file: File
    keys: Mapping[str, object]
    path: Path = ()
    asked: list[str] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.file.lines.of(*self.path)

    def note(self, says: str, *path: str | int) -> None:
        self.file.mistakes.append(Mistake(self.file.lines.of(*self.path, *path), says, self.file.name))

    def doubt(self, says: str, *path: str | int) -> None:
        self.file.doubts.append(Mistake(self.file.lines.of(*self.path, *path), says, self.file.name))

    def once(self, what: str, thing: object, *path: str | int) -> None:
        """Notes a thing that stands in the file already. What could not be read is nothing."""
        first = self.file.seen.get((what, thing))
        if first:
            self.note(f"{path[0]} repeats line {first}: {ONCE[what]}.", *path)
        elif thing:
            self.file.seen[what, thing] = self.file.lines.of(*self.path, *path)

    def need(self, key: str, kind: Kind[T]) -> T:
        if key not in self.keys:
            self.note(f"{key} is missing; it must be {kind.must}.")
        return self.may(key, kind, kind.blank)

    def may(self, key: str, kind: Kind[T], default: D) -> T | D:
        self.asked.append(key)
        return self._read(kind, self.keys[key], key) if key in self.keys else default

    def many(self, key: str, kind: Kind[T], least: int = 0) -> tuple[T, ...]:
        """A list, empty where the key is absent."""
        self.asked.append(key)
        raw = self.keys.get(key, [])
        if not isinstance(raw, list) or (key in self.keys and len(raw) < least):
            self.note(f"{key} must be a list in square brackets{', with at least one entry' if least else ''}.", key)
            return ()
        return tuple(self._read(kind, item, key, index) for index, item in enumerate(raw))

    def each(self, key: str, build: Callable[["Table"], T]) -> tuple[T, ...]:
        """What ``build`` makes of each table of that name."""
        self.asked.append(key)
        raw = self.keys.get(key, [])
        if isinstance(raw, list) and all(isinstance(item, dict) for item in raw):
            return tuple(self._enter(item, build, key, index) for index, item in enumerate(raw))
        self.note(f"{key} must be tables that begin with [[{key}]], in double brackets.", key)
        return ()

    def one(self, key: str, build: Callable[["Table"], T]) -> T | None:
        self.asked.append(key)
        raw = self.keys.get(key, {})
        if isinstance(raw, dict):
            return self._enter(raw, build, key) if key in self.keys else None
        self.note(f"{key} must be one table that begins with [{key}], in single brackets.", key)
        return None

    def close(self, what: str = "key") -> None:
        """Notes everything that nobody asked for."""
        for key in [key for key in self.keys if key not in self.asked]:
            self.note(f"There is no {what} {shown(key)} here.{meant(key, self.asked)}", key)

    def _enter(self, keys: Mapping[str, object], build: Callable[["Table"], T], *path: str | int) -> T:
        table = Table(self.file, keys, (*self.path, *path))
        value = build(table)
        table.close()
        return value

    def _read(self, kind: Kind[T], raw: object, *path: str | int) -> T:
        value = kind.fits(raw)
        if value is not None:
            return value
        self.note(f"{path[0]} must be {kind.must}, not {shown(raw)}.{meant(raw, kind.known)}", *path)
        # A text is kept even so, for those who refer to it.
        return cast(T, raw) if isinstance(raw, str) and type(kind.blank) is str else kind.blank


def shown(raw: object) -> str:
    """A value of the file, short and without anything that could disturb a terminal."""
    match raw:
        case bool():
            return "true" if raw else "false"
        case str():
            return f'"{"".join(_tame(raw))}"'
        case dict() | list():
            return "a table" if isinstance(raw, dict) else "a list"
        case int() if abs(raw) >= 10**20:  # Python refuses to write out thousands of digits
            return "so large a number"
    return str(raw)[:60]


def meant(raw: object, known: Collection[str]) -> str:
    """Asks "Did you mean ...?" where something known is close."""
    names = {name.casefold(): name for name in known}
    close = get_close_matches(raw[:60].casefold(), names, 1) if isinstance(raw, str) else []
    return f" Did you mean {shown(names[close[0]])}?" if close else ""


def _tame(word: str, longest: int = 60) -> Iterator[str]:
    yield from (letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in word[:longest])
    if len(word) > longest:
        yield "…"
