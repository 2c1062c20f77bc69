"""Reads a TOML text and remembers on which line everything in it stands, so that a mistake can be pointed at."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing wrong in a file, worded for whoever wrote the file."""

    line: int
    says: str
    file: str = "<text>"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


class Mistakes(Exception):
    """Everything wrong in one or more files, in the order of file and line; a person mends them in one go."""

    def __init__(self, found: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(found, key=lambda mistake: (mistake.file, mistake.line)))
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        return "\n".join(map(str, self.mistakes))

    def of(self, file: str) -> "Mistakes":
        """The same, of what was read from that file."""
        return Mistakes(Mistake(each.line, each.says, file) for each in self.mistakes)


@dataclass(frozen=True)
class Lines:
    """Where the values and tables of one text stand; lines count from 1."""

    at: dict[Path, int]

    def of(self, *path: str | int) -> int:
        """The line of what is at the path (`of("account", 2, "name")`), or of the nearest thing around it."""
        while path not in self.at:
            path = path[:-1]
        return self.at[path]


def read(text: str, file: str = "<text>") -> tuple[dict[str, object], Lines]:
    """The values, and where they stand. Numbers with a point come as Decimal. A syntax error raises Mistakes."""
    try:
        return tomllib.loads(text, parse_float=Decimal), Lines(
            _Scan(text, [end.start() for end in re.finditer("\n", text)]).lines()
        )
    except (ValueError, ArithmeticError) as wrong:  # ValueError besides TOMLDecodeError: an integer of 5,000 digits
        raise Mistakes([Mistake(*_syntax(str(wrong), text), file)]) from wrong
    except RecursionError as wrong:
        raise Mistakes([Mistake(1, "This is nested too deeply to be read.", file)]) from wrong


def _syntax(error: str, text: str) -> tuple[int, str]:
    where = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", error)
    last = text.rstrip().count("\n") + 1
    line = (int(where[1]) if where[1] else last) if where else 1
    return line, f"This is not TOML: {error[: where.start()] if where else error}."


_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_QUOTED = r""""(?:\\.|[^"\\\n])*"|'[^'\n]*'"""
_LONG = r"""\"{3}(?:\\[\s\S]|[^\\])*?\"{3,5}|'{3}[\s\S]*?'{3,5}"""  # two quotes may stand before the closing three
_KEY = re.compile(rf"{_QUOTED}|[A-Za-z0-9_-]+")
_STRING = re.compile(rf"{_LONG}|{_QUOTED}")
_BARE = re.compile(r"[^,\]}#\n]+")


@dataclass
class _Scan:
    """Walks over a text that tomllib has accepted: only keys, brackets and line ends matter here."""

    text: str
    ends: list[int]
    """Where the line ends are: a directory of thousands of people is looked up, not counted through."""
    here: int = 0
    at: dict[Path, int] = field(default_factory=lambda: {(): 1})
    last: dict[Path, int] = field(default_factory=dict)
    """For each array of tables, the number of its latest table."""

    def lines(self) -> dict[Path, int]:
        table: Path = ()
        while self._peek():
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.at

    def _header(self) -> Path:
        line, many = self._line(), self.text.startswith("[[", self.here)
        self._skip(2 if many else 1)
        *outer, key = self._keys()
        self._peek()
        self._skip(2 if many else 1)
        path = (*self._inside(outer, line), key)
        if many:
            self.at.setdefault(path, line)
            self.last[path] = self.last.get(path, -1) + 1
            path = (*path, self.last[path])
        self.at[path] = line
        return path

    def _inside(self, keys: Iterable[str], line: int, path: Path = ()) -> Path:
        """The table the keys lead to; through an array of tables, its latest one."""
        for key in keys:
            path = (*path, key)
            self.at.setdefault(path, line)
            path = (*path, self.last[path]) if path in self.last else path
        return path

    def _pair(self, table: Path) -> None:
        line = self._line()
        *outer, key = self._keys()
        path = (*self._inside(outer, line, table), key)
        self._peek()
        self._skip(1)  # the equals sign
        self._value(path)

    def _value(self, path: Path) -> None:
        start = self._peek()
        self.at[path] = self._line()
        if start in "[{":
            self._skip(1)
            self._items(path, "]" if start == "[" else "}")
        else:
            found = (_STRING if start in "\"'" else _BARE).match(self.text, self.here)
            assert found, "tomllib accepts only texts with a value here"
            self.here = found.end()

    def _items(self, path: Path, end: str) -> None:
        index = 0
        while self._peek() != end:
            if end == "]":
                self._value((*path, index))
            else:
                self._pair(path)
            index += 1
            if self._peek() == ",":
                self._skip(1)
        self._skip(1)

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._peek() == ".":
            self._skip(1)
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        self._peek()
        found = _KEY.match(self.text, self.here)
        assert found, "tomllib accepts only texts with a key here"
        self.here = found.end()
        return next(iter(tomllib.loads(f"{found[0]} = 0")))  # its escapes undone by who knows them

    def _peek(self) -> str:
        """The next character that is neither blank nor comment; empty at the end."""
        blank = _BLANK.match(self.text, self.here)
        self.here = blank.end() if blank else self.here
        return self.text[self.here : self.here + 1]

    def _skip(self, count: int) -> None:
        self.here += count

    def _line(self) -> int:
        return bisect_left(self.ends, self.here) + 1
