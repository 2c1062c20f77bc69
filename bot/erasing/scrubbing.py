"""Takes people out of texts and messages: their names, addresses and ids, and what they wrote, where it is quoted."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

GONE = "[erased]"
SHORT = 6  # characters of a name that may be any word
LEAST = 16  # characters of a line that is looked for in other texts: shorter ones are everybody's words
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"[\w.+'@-]+")
_KEPT = ("kind", "style", "role")
MACHINE = re.compile(r"#?\d{1,9}|[a-z-]{1,20}-\d{1,9}|\d{4}-\d\d-\d\dT[\d:.+/TZ -]{1,60}")
"""What the machine reads again: a case's number, quote-2, an instant or two."""


class How(Enum):
    """How much a text has to do with whoever is erased."""

    THEIRS = "theirs"
    """They wrote it, or it was written to them: all of it goes."""
    CASE = "case"
    """Of their own case: their names go, each part of them too, and their words."""
    ABOUT = "about"
    """Of their company, or of their case among others: their whole names and their words go."""
    DESK = "desk"
    """Of the desk, about anybody: the same, where nobody else has that name."""
    OTHERS = "others"
    """Of other people: only what can mean nobody else goes, addresses and ids."""


@dataclass
class Scrub:
    """Collects who and what is to go, then takes it out; grows by two numbers for each line they wrote."""

    ids: dict[str, str] = field(default_factory=dict)
    """Addresses and user ids, in small letters, and what stands in their place."""
    names: dict[tuple[str, ...], str] = field(default_factory=dict)
    """By its words, in small letters."""
    parts: set[tuple[str, ...]] = field(default_factory=set)
    """Those of names: "Ann" is many people."""
    shared: set[tuple[str, ...]] = field(default_factory=set)
    """Names that somebody has who stays, or that may be any word."""
    cases: set[int] = field(default_factory=set)
    _lines: dict[int, set[tuple[int, int]]] = field(default_factory=dict)
    """By their beginning's hash, the lengths and hashes of what they wrote."""
    _short: set[int] = field(default_factory=set)
    _longest: int = 0

    def name(self, name: str, alias: str, *, whole: bool = False) -> None:
        """And its parts, which are looked for in their own cases, unless ``whole``."""
        words = tuple(_WORD.findall(name.casefold()))
        if not words:
            return
        self.names[words], self._longest = alias, max(self._longest, len(words))
        self.shared |= {words} if len(name) < SHORT else set()
        self.parts.discard(words)
        for part in ((word,) for word in words if len(word) > 2 and not whole):
            if part not in self.names:
                self.names[part] = alias
                self.parts.add(part)

    def also(self, other: "Scrub") -> None:
        """What that one takes out, too."""
        self.ids, self.names = other.ids | self.ids, other.names | self.names
        self._longest = max(self._longest, other._longest)
        for mine, more in ((self.parts, other.parts), (self.shared, other.shared)):
            mine |= more
        self.cases |= other.cases
        self._short |= other._short
        for begins, whole in other._lines.items():
            self._lines.setdefault(begins, set()).update(whole)

    def wrote(self, text: str | None) -> None:
        for line in (text or "").splitlines():
            bare = line.strip().lstrip("-*>#. ")
            if len(bare) >= LEAST:
                self._lines.setdefault(hash(bare[:LEAST]), set()).add((len(bare), hash(bare)))
        if text and len(text.strip()) < LEAST:
            self._short.add(hash(text.strip()))

    def text(self, text: str, how: How) -> str:
        """As it may stay."""
        if how is How.THEIRS:
            return text if not text or MACHINE.fullmatch(text) else GONE
        said = _TOKEN.sub(self._token, text)
        if how is How.OTHERS:
            return said
        return self._without_names(self._without_lines(said), how)

    def message(self, told: Mapping[str, Any], how: How) -> dict[str, Any]:
        """A message's JSON, worded as before but for what goes; its calendar file goes if anything does."""
        exact: dict[str, Any] = self._value(told, self.about(told, how))
        return {**exact, "calendar": ""} if exact != told and exact.get("calendar") else exact

    def about(self, told: Any, how: How) -> How:
        """One that names a case of theirs is about them."""
        return How.ABOUT if how in (How.DESK, How.OTHERS) and self.cases and self._names_case(told) else how

    def has(self, text: str) -> bool:
        """Whether it holds an address or id of theirs."""
        return self.text(text, How.OTHERS) != text

    def _names_case(self, value: Any) -> bool:
        match value:
            case {"kind": "case", "number": number}:
                return number in self.cases
            case dict():
                return any(map(self._names_case, value.values()))
            case list():
                return any(map(self._names_case, value))
        return False

    def _value(self, value: Any, how: How) -> Any:
        match value:
            case str():
                return (
                    GONE
                    if how in (How.CASE, How.ABOUT) and hash(value.strip()) in self._short
                    else self.text(value, how)
                )
            case list():
                return [self._value(each, how) for each in value]
            case {"kind": "quote", "by": {"name": str(name)}} if how is not How.OTHERS and self._is_name(name):
                return {key: GONE if key == "words" else self._value(each, how) for key, each in value.items()}
            case dict():
                return {key: each if key in _KEPT else self._value(each, how) for key, each in value.items()}
        return value

    def _is_name(self, name: str) -> bool:
        words = tuple(_WORD.findall(name.casefold()))
        return words in self.names and words not in self.shared | self.parts

    def _token(self, found: "re.Match[str]") -> str:
        """As it stands there, or as somebody's: ``ann@northwind.example's``, ``_ann@northwind.example_``."""
        token = found[0]
        core = token.strip(".'-@")
        for each in (core, core.rpartition("'")[0], core.strip("_"), core.strip("_").rpartition("'")[0]):
            if (alias := self.ids.get(each.casefold())) is not None:
                return token.replace(each, alias)
        return token

    def _without_names(self, text: str, how: How) -> str:
        if not self.names:
            return text
        words, done, parts = list(_WORD.finditer(text)), 0, list[str]()
        at = 0
        while at < len(words):
            alias, many = self._name_at(words, at, how)
            if alias:
                parts += [text[done : words[at].start()], alias]
                done = words[at + many - 1].end()
            at += many
        return "".join(parts) + text[done:]

    def _name_at(self, words: "list[re.Match[str]]", at: int, how: How) -> tuple[str, int]:
        """What stands for the longest name there, and how many words that has; empty, one: none."""
        for many in range(min(self._longest, len(words) - at), 0, -1):
            name = tuple(word[0].casefold() for word in words[at : at + many])
            barred = (name in self.shared and how is How.DESK) or (name in self.parts and how is not How.CASE)
            if name in self.names and not barred and (many > 1 or words[at][0][:1].isupper()):
                return self.names[name], many
        return "", 1

    def _without_lines(self, text: str) -> str:
        if not self._lines or len(text) < LEAST:
            return text
        done, parts = 0, list[str]()
        for start, end in self._quoted(text):
            if start >= done:
                parts += [text[done:start], GONE]
                done = end
        return "".join(parts) + text[done:]

    def _quoted(self, text: str) -> Iterator[tuple[int, int]]:
        """Where their lines stand, the longest at each place."""
        for word in _WORD.finditer(text):
            start = word.start()
            lengths = self._lines.get(hash(text[start : start + LEAST]), ())
            fits = [many for many, whole in lengths if hash(text[start : start + many]) == whole]
            if fits:
                yield start, start + max(fits)
