"""The desk audits itself: what is kept against what history says, every night and whenever somebody asks (R14)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot import text
from bot.rounds import rounds
from bot.turn import Now, Turn, zone_of
from rules.catalogue import Catalogues
from rules.people import CLOCK
from rules.verifying import Finding, History, loose_ends, unrecorded, verify
from store.histories import NIGHT
from store.store import Store
from store.work import Work

log = logging.getLogger(__name__)
PAGE = 200  # cases at a time: on PostgreSQL they are recomputed on the loop that also answers people
MESSAGES = 5000  # looked over by one statement
QUIET = timedelta(hours=3)  # after midnight, where the provider is
LEASE = timedelta(hours=1)  # then whoever recomputed is thought dead
EVERY = 60.0  # seconds between two looks whether it is time
PAUSE = 0.02  # seconds
TOLD = 100  # differences that a night logs one by one


@dataclass
class Verification:
    store: Store
    catalogues: Catalogues
    since: datetime | None = None
    """Only cases that changed since."""
    pause: float = 0.0
    """Seconds between two pages, for those who are served meanwhile."""
    cases: int = 0
    unrecorded: int = 0
    """Cases whose history does not tell when they were received and due."""

    async def all(self) -> AsyncIterator[Finding]:
        after = 0
        while page := await self.store.read(_page, after, self.since):
            for history in page:
                for finding in await self._of(history):
                    yield finding
            after = page[-1].case
            await asyncio.sleep(self.pause)
        for finding in await self.store.read(_stuck_cards):
            yield finding
        last = await self.store.read(Work.last_message)
        for after in range(0, last, MESSAGES):
            for finding in await self.store.read(_loose_messages, after):
                yield finding

    async def one(self, case: int) -> AsyncIterator[Finding]:
        """Nothing at all where there is no such case: ``cases`` stays 0."""
        history = await self.store.write(Work.history, case)
        for finding in self._verify(history) if history else ():
            yield finding

    async def _of(self, history: History) -> Sequence[Finding]:
        """What looks wrong is read again, locked: a page is not of one moment."""
        if not any(finding.wrong for finding in verify(history, self.catalogues)):
            return self._verify(history)
        again = await self.store.write(Work.history, history.case)
        return self._verify(again) if again else ()

    def _verify(self, history: History) -> Sequence[Finding]:
        self.cases += 1
        self.unrecorded += unrecorded(history)
        return verify(history, self.catalogues)


def _page(work: Work, after: int, since: datetime | None) -> list[History]:
    return work.histories(after, PAGE, since)


def _loose_messages(work: Work, after: int) -> list[Finding]:
    return [finding for owed in work.loose_messages(after, MESSAGES) for finding in loose_ends(owed)]


def _stuck_cards(work: Work) -> list[Finding]:
    why = "its conversation has nothing scheduled: it would never be drawn"
    return [
        Finding(f"case {case}", f"card in conversation {place}", "outdated", "due", why)
        for case, place in work.stuck_cards(TOLD)
    ]


@dataclass
class Nightly:
    """Once a night for the whole desk, by whichever replica comes first; a missed night is made up for at the start."""

    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]
    _done: date | None = field(default=None)

    async def run(self) -> None:
        """Until cancelled."""
        await rounds("verification", self.round, EVERY)

    async def round(self) -> bool:
        """Whether this was the one to do it."""
        now = self.clock().machine
        night = (now.astimezone(ZoneInfo(_zone(self.catalogues))) - QUIET).date()
        if self._done == night or await self.store.read(Work.setting, NIGHT) == night.isoformat():
            self._done = night
            return False
        if not await self.store.write(Work.may_verify, night, now, now + LEASE):
            return False
        await self.store.write(Work.has_verified, night, await self._verify(night))
        self._done = night
        return True

    async def _verify(self, night: date) -> int:
        """How many differences there are."""
        verification, wrong, about = Verification(self.store, self.catalogues, pause=PAUSE), 0, set[str]()
        async for finding in verification.all():
            if finding.wrong:
                wrong += 1
                about.add(finding.about)
                if wrong <= TOLD:  # without the values: people's words are among them
                    log.error("%s: %s differs from its history: %s", finding.about, finding.field, finding.why)
        log.info("verified %s cases: %s differences", verification.cases, wrong)
        if wrong:
            await self.store.write(tell_leads, self.clock(), self.catalogues, night, wrong, sorted(about))
            self.wake()
        return wrong


def tell_leads(
    work: Work, now: Now, catalogues: Catalogues, night: date, differences: int, about: Sequence[str]
) -> None:
    """Once a night each, where they were last met; where there is no lead, all of the desk."""
    turn = Turn(work, catalogues, CLOCK, now, now.business)
    for person in work.leads() or work.staff():
        key = f"verified {night.isoformat()} {person.id}"
        turn.tell(person, lambda reader: text.differing(differences, about, reader), key=key)


def _zone(catalogues: Catalogues) -> str:
    return zone_of(next(iter(catalogues.providers.values())))
