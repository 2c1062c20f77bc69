"""Questions that no article answered: grouped by what they are about, and told to leads and coaches once a week."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot import text
from bot.dialogs.how_do_i import NOT_HELPED, NOTHING_FOUND
from bot.rounds import rounds
from bot.turn import Now, Turn, zone_of
from bot.understanding.stems import ASKING, LIKES, stems, words
from rules.catalogue import Catalogues, Provider
from rules.people import CLOCK, Role
from store.store import Store
from store.tables import Enquiry
from store.work import Work

GAPS = (NOT_HELPED, NOTHING_FOUND)
TOLD = frozenset({Role.LEAD, Role.COACH})
REPORTED = "gaps_reported"
WEEK = timedelta(days=7)
MOST = 5_000  # questions that one report groups
ALIKE = 0.5  # of the words that two questions have between them, how many they share
EVERY = 300.0  # seconds between two looks whether it is time


@dataclass
class Gap:
    """Questions about the same, in the order in which they were asked."""

    about: frozenset[str]
    questions: list[Enquiry] = field(default_factory=list)

    @property
    def companies(self) -> list[int]:
        return sorted({asked.account_id for asked in self.questions})

    @property
    def latest(self) -> Enquiry:
        return self.questions[-1]


def grouped(questions: Iterable[Enquiry]) -> list[Gap]:
    """Each joins the first group whose first question it is like; the largest group first, of equals the latest."""
    gaps: list[Gap] = []
    for asked in questions:
        about = _about(asked.question)
        gap = next((gap for gap in gaps if _alike(gap.about, about)), None)
        if gap is None:
            gap = Gap(about)
            gaps.append(gap)
        gap.questions.append(asked)
    return sorted(gaps, key=lambda gap: (-len(gap.questions), -gap.latest.id))


def _about(question: str) -> frozenset[str]:
    """Its stems; of words that are used for the same one speaks for all."""
    found = stems(word for word in words(question) if word not in ASKING)
    return frozenset(min(stem, *LIKES.get(stem, (stem,))) for stem in found)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return one == other or len(one & other) >= ALIKE * max(1, len(one | other))


def gaps(work: Work, since: datetime, until: datetime) -> list[Gap]:
    return grouped(work.enquiries(since, until, GAPS, MOST))


@dataclass(frozen=True)
class WeeklyReport:
    """For the whole desk, by whichever replica comes first; a missed week is made up for, the latest one only."""

    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]

    async def run(self) -> None:
        """Until cancelled."""
        await rounds("the report of gaps", self.round, EVERY)

    async def round(self) -> bool:
        """Whether anybody was told anything."""
        now = self.clock()
        if not _open(now.business, self.catalogues):
            return False
        week = _week(now.business, self.catalogues)
        if await self.store.read(Work.setting, REPORTED) == _name(week):
            return False
        told = await self.store.write(report, now, self.catalogues)
        if told:
            self.wake()
        return told


def report(work: Work, now: Now, catalogues: Catalogues) -> bool:
    """Of the week before this one, once."""
    week = _week(now.business, catalogues)
    if work.hold(REPORTED) == _name(week):
        return False
    work.set(REPORTED, _name(week))
    found = gaps(work, week - WEEK, week)
    names = company_names(work, found)
    turn, told = Turn(work, catalogues, CLOCK, now, now.business), False
    for person in work.staff() if found else ():
        if person.role in TOLD:
            told |= turn.tell(person, partial(text.gaps, found, names), key=f"gaps {_name(week)} {person.id}")
    return told


def company_names(work: Work, found: Iterable[Gap]) -> Mapping[int, str]:
    return {number: work.account(number).name for number in {n for gap in found for n in gap.companies}}


def _week(at: datetime, catalogues: Catalogues) -> datetime:
    """When the week began that ``at`` is in, at midnight where the desk is."""
    local = at.astimezone(ZoneInfo(zone_of(_desk(catalogues))))
    return (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def _name(week: datetime) -> str:
    return f"{week:%G-W%V}"


def _open(at: datetime, catalogues: Catalogues) -> bool:
    """Nobody is disturbed at night by what can wait for the morning."""
    calendar = _desk(catalogues).calendar()
    return calendar is None or calendar.roll_forward(at) == at


def _desk(catalogues: Catalogues) -> Provider:
    return next(iter(catalogues.providers.values()))
