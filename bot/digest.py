"""The week's report, to leads and concierges when their working week begins; once, and not to who does not want it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import text
from bot.desk.reporting import Wanted, digest_of
from bot.invitations import Links
from bot.reports import for_reader, gathered, linked
from bot.rounds import rounds
from bot.turn import Now, Turn, zone_of
from rules.business_time import Calendar
from rules.catalogue import Catalogues
from rules.people import CLOCK
from rules.reports import LOOKED_AFTER, Period, Report
from store.store import Store
from store.tables import Person
from store.work import Work

MORNING = time(8)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
EVERY = 300.0  # seconds between two looks whether it is time


@dataclass(frozen=True)
class Digest:
    """By whichever replica comes first; of a missed week nobody hears once the next one has begun."""

    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]
    links: Links | None = None

    async def run(self) -> None:
        """Until cancelled."""
        await rounds("the digest", self.round, EVERY)

    async def round(self) -> int:
        """How many were told."""
        now, told = self.clock(), 0
        reports: dict[tuple[str, int, Period], Report] = {}
        for wanted, week in await self.store.read(due, now.business, self.catalogues):
            same = (wanted.whose, wanted.reader if wanted.whose == LOOKED_AFTER else 0, wanted.period)
            if same not in reports:
                reports[same] = await gathered(self.store, self.catalogues, wanted, now.business)
            told += await self.store.write(tell, wanted, week, reports[same], now, self.catalogues, self.links)
        if told:
            self.wake()
        return told


def due(work: Work, now: datetime, catalogues: Catalogues) -> list[tuple[Wanted, date]]:
    """Of the week before theirs, with the Monday of theirs."""
    provider = next(iter(catalogues.providers.values()))
    zone, found = zone_of(provider), list[tuple[Wanted, date]]()
    for person in work.to_digest():
        monday = began(now, person.zone or zone, provider.calendar())
        if monday is not None and (person.digested_on is None or person.digested_on < monday):
            found.append((digest_of(person, Period(monday - WEEK, monday - DAY, zone)), monday))
    return found


def began(now: datetime, zone: str, calendar: Calendar | None) -> date | None:
    """The Monday of the week that their clock is in; None before eight on its first day of work."""
    local = now.astimezone(ZoneInfo(zone))
    monday = local.date() - timedelta(days=local.weekday())
    first = next((day for n in range(7) if _works(day := monday + n * DAY, calendar)), None)
    return monday if first and local >= datetime.combine(first, MORNING, ZoneInfo(zone)) else None


def _works(day: date, calendar: Calendar | None) -> bool:
    if calendar is None:
        return day.weekday() < 5
    return day not in calendar.holidays and bool(calendar.week.get(f"{day:%a}".lower()))


def tell(
    work: Work, wanted: Wanted, week: date, report: Report, now: Now, catalogues: Catalogues, links: Links | None
) -> bool:
    """Nobody hears of a week in which nothing happened."""
    if not work.may_digest(wanted.reader, week):
        return False
    found = for_reader(work, catalogues, wanted, report, now)
    person: Person | None = work.find(Person, id=wanted.reader)
    if found is None or person is None or not person.digest or not report.groups:
        return False
    shown = linked(found[0], links, now.business)
    turn = Turn(work, catalogues, CLOCK, now, now.business)
    return turn.tell(person, lambda reader: text.digest(shown, reader))
