"""Once a month: whoever was reminded to confirm to no avail is shown all that waits for their word, in one message."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot import text
from bot.desk import CaseView, escalation, view
from bot.rounds import rounds
from bot.turn import Now, Turn, zone_of
from rules.catalogue import Catalogues, Provider
from rules.people import CLOCK
from store.store import Store
from store.tables import Case, Person
from store.work import Work

TOLD = "confirmations_told"
PAGE = 500
EVERY = 300.0  # seconds between two looks whether it is time


@dataclass(frozen=True)
class Monthly:
    """By whichever replica comes first; a missed month is not made up for."""

    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]

    async def run(self) -> None:
        """Until cancelled."""
        await rounds("the month's confirmations", self.round, EVERY)

    async def round(self) -> int:
        """How many people were told."""
        now = self.clock()
        desk = next(iter(self.catalogues.providers.values()))
        if not _open(now.business, desk) or await self.store.read(Work.setting, TOLD) == _month(now.business, desk):
            return 0
        told = await self.store.write(tell, now, self.catalogues)
        if told:
            self.wake()
        return told


def tell(work: Work, now: Now, catalogues: Catalogues) -> int:
    month = _month(now.business, next(iter(catalogues.providers.values())))
    if work.hold(TOLD) == month:
        return 0
    work.set(TOLD, month)
    turn = Turn(work, catalogues, CLOCK, now, now.business)
    waiting = dict[int, list[CaseView]]()
    after, told = 0, 0
    while cases := work.awaiting(after, PAGE):
        after = cases[-1].id
        for case in cases:
            person = _whose(turn, case) if _reminded(turn, case) else None
            if person is not None:
                waiting.setdefault(person.id, []).append(view(turn, case))
    for number, views in waiting.items():
        told += turn.tell(work.person(number), partial(text.monthly, views), key=f"confirm {month} {number}")
    return told


def _reminded(turn: Turn, case: Case) -> bool:
    """As often as the catalogue has it, and they wait for nothing of the desk's themselves."""
    provider, _ = escalation.terms(turn.catalogues, case)
    quiet = case.asked_at is None and case.confirm_reminders >= len(provider.desk.remind_days)
    return quiet and not turn.work.escalation_waits(case.id)


def _whose(turn: Turn, case: Case) -> Person | None:
    """Who opened it; where they left, somebody who may confirm for the company."""
    opener = turn.work.person(case.opened_by)
    if opener.left_at is None:
        return opener
    return next((person for person in turn.work.contacts(case.account_id) if person.nominated), None)


def _month(at: datetime, desk: Provider) -> str:
    return f"{at.astimezone(ZoneInfo(zone_of(desk))):%Y-%m}"


def _open(at: datetime, desk: Provider) -> bool:
    calendar = desk.calendar()
    return calendar is None or calendar.is_open(at)
