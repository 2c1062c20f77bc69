"""The part of a unit of work that gives out what several servers share of what may be done at once."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from store.sql import ONCE
from store.tables import Allowance

APART = timedelta(minutes=1)
"""Servers' clocks at most; of one that was further ahead the others take no notice for longer."""


class Allowances:
    _session: Session

    def draw(self, name: str, lot: float, most: float, a_second: float, now: datetime) -> float:
        """How much of it there is, up to ``lot``; it fills up to ``most``."""
        dialect = self._session.connection().dialect.name
        new = {"name": name, "remaining": most, "at": now}
        self._session.connection().execute(ONCE[Allowance][dialect], new)
        row = self._session.exec(select(Allowance).where(Allowance.name == name).with_for_update()).one()
        there = min(most, row.remaining + max(0.0, (now - row.at).total_seconds()) * a_second)
        given = min(lot, there) if there >= 1 else 0.0
        row.remaining, row.at = there - given, min(max(now, row.at), now + APART)
        self._session.add(row)
        return given

    def forget_allowances(self, before: datetime) -> int:
        """Those of whoever was not slowed since: they are full."""
        return self._session.exec(delete(Allowance).where(col(Allowance.at) < before)).rowcount
