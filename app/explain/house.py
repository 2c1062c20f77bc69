"""What every answer rests on, read once and only when a line needs it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter, ValidationError

from app.explain.question import Wrong
from rules.business_time import Calendar
from rules.catalogue import Catalogues, Hours, Plan, Provider, UnknownPlan, load_folder
from rules.catalogue.fields import Week

if TYPE_CHECKING:
    from bot.understanding.search import Knowledge

T = TypeVar("T")
KEPT = 128
"""Calendars: each grows with the years it is asked about."""


class House:
    def __init__(self, catalogues: Path, knowledge: Path, corpus: Path | None = None) -> None:
        self._folder, self._knowledge, self._corpus = catalogues, knowledge, corpus

    @cached_property
    def catalogues(self) -> Catalogues:
        return load_folder(self._folder)

    @cached_property
    def knowledge(self) -> "Knowledge":
        from app.explain.corpus import read_corpus
        from bot.understanding.articles import read_folder
        from bot.understanding.search import Knowledge

        return Knowledge(read_corpus(self._corpus) if self._corpus else read_folder(self._knowledge))

    def plan(self, id: str) -> Plan:
        return _known(self.catalogues.plan, id)

    def provider(self, id: str) -> Provider:
        return _known(self.catalogues.provider, id)

    def publishes(self, what: Callable[[Provider], object], id: str | None) -> Provider:
        """The provider of that id; without one, the first that publishes it: no other can be meant."""
        if id is not None:
            return self.provider(id)
        first = next((one for one in self.catalogues.providers.values() if what(one)), None)
        if first is None:
            raise Wrong("No provider publishes that.")
        return first


def of_desk(hours: Hours | None, zone: str | None, holidays: Sequence[date] | None) -> Calendar | None:
    """The desk's hours, in another zone or with other holidays if those are given; None: not published."""
    if hours is None:
        return None
    label = hours.label if zone in (None, hours.zone) else zone or ""
    closed = hours.holidays if holidays is None else frozenset(holidays)
    return _calendar(tuple(hours.week.items()), zone or hours.zone, closed, label)


def of_week(week: Mapping[str, object], zone: str, holidays: Sequence[date] = ()) -> Calendar:
    """A week is written as in catalogues: {"mon": [["09:00", "17:00"]]}. Raises ValueError with a sentence."""
    return _of_week(json.dumps(week, default=str), zone, frozenset(holidays))


Windows = tuple[tuple[int, int], ...]
_WEEK = TypeAdapter[Mapping[str, Windows]](Week)


@lru_cache(KEPT)
def _of_week(week: str, zone: str, holidays: frozenset[date]) -> Calendar:
    try:
        windows = _WEEK.validate_python(json.loads(week))
    except ValidationError:
        raise ValueError('`week` must give windows by day, such as {"mon": [["09:00", "17:00"]]}.') from None
    return _calendar(tuple(windows.items()), zone, holidays)


@lru_cache(KEPT)
def _calendar(week: tuple[tuple[str, Windows], ...], zone: str, closed: frozenset[date], label: str = "") -> Calendar:
    """One for all lines that ask for the same: the windows of its years are computed once."""
    return Calendar(dict(week), zone, closed, label)


def _known(find: Callable[[str], T], id: str) -> T:
    try:
        return find(id)
    except UnknownPlan as unknown:
        raise Wrong(str(unknown)) from None
