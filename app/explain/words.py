"""What people's own words are understood as."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from app.explain.house import House, of_week
from app.explain.question import LONGEST, Answer, Question, Text, Written, Zone
from bot.understanding import dates
from bot.understanding.intent_guess import guess
from rules.business_time import Calendar
from rules.people import Role

_LOCAL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?", re.ASCII)
MOST = 10


def _read_local(written: object) -> datetime:
    try:
        if isinstance(written, str) and _LOCAL.fullmatch(written):
            return datetime.fromisoformat(written)
    except ValueError:
        pass
    raise ValueError("must be a time on the asker's clock, without a zone, such as 2026-01-19T09:00:00")


class Intent(Question):
    """Only the beginning of a long text is read, but none is too long."""

    text: str
    role: Literal["customer", "staff", "agent", "concierge", "coach", "lead", "admin"] = "customer"
    in_case: Annotated[int, Field(ge=1)] | None = None

    def answer(self, house: House) -> Answer:
        role = Role.AGENT if self.role == "staff" else Role(self.role)
        found = guess(self.text, role, self.in_case, house.catalogues.providers.values())
        return {"intent": found.intent, "confidence": found.confidence, "slots": found.slots}


class When(Question):
    """`hours` are those of a provider, by its id or a plan's, or a table with a week and perhaps a zone."""

    text: Annotated[str, Field(max_length=LONGEST)]
    now: Annotated[datetime, BeforeValidator(_read_local)]
    timezone: Zone
    hours: Text | dict[str, object] | None = None

    def answer(self, house: House) -> Answer:
        found = dates.when(self.text, self.now, self.timezone, self._hours(house))
        if found is None:
            return {"start": None}
        return {"start": found.start.isoformat(), "end": found.end.isoformat() if found.end else None}

    def _hours(self, house: House) -> Calendar | None:
        match self.hours:
            case None:
                return None
            case str(id):
                return house.provider(id.partition("/")[0]).calendar()
            case {"week": dict(week), "zone": str(zone)}:
                return of_week(week, zone)
            case {"week": dict(week)} | week:
                return of_week(week, self.timezone)


class Ask(Question):
    text: Written

    def answer(self, house: House) -> Answer:
        found = house.knowledge.search(self.text, limit=MOST)
        return {"articles": [hit.article.id for hit in found.hits], "answered": found.answered}


QUESTIONS: dict[str, type[Question]] = {"intent": Intent, "when": When, "answer": Ask}
