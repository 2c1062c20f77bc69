"""What every answer rests on, read once and only when a line needs it."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from app.explain.question import Wrong
from rules.business_time import Calendar
from rules.catalogue import Catalogues, Hours, Plan, Provider, UnknownPlan, load_folder

T = TypeVar("T")
KEPT = 128
"""Calendars: each grows with the years it is asked about."""


class House:
    def __init__(self, catalogues: Path, knowledge: Path | None = None, corpus: Path | None = None) -> None:
        self._folder, self._knowledge, self._corpus = catalogues, knowledge, corpus

    @cached_property
    def catalogues(self) -> Catalogues:
        return load_folder(self._folder)

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

    def calendar(self, hours: Hours | None, zone: str | None, holidays: Sequence[date] | None) -> Calendar | None:
        """The desk's hours, in another zone or with other holidays if those are given; None: not published."""
        if hours is None:
            return None
        label = hours.label if zone in (None, hours.zone) else zone or ""
        days = hours.holidays if holidays is None else frozenset(holidays)
        return calendar(tuple(hours.week.items()), zone or hours.zone, days, label)


Windows = tuple[tuple[int, int], ...]


@lru_cache(KEPT)
def calendar(week: tuple[tuple[str, Windows], ...], zone: str, holidays: frozenset[date], label: str = "") -> Calendar:
    """One for every line that asks for the same: the windows of its years are computed once."""
    return Calendar(dict(week), zone, holidays, label)


def _known(find: Callable[[str], T], id: str) -> T:
    try:
        return find(id)
    except UnknownPlan as unknown:
        raise Wrong(str(unknown)) from None
