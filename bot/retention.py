"""Closed cases lose their words and files when they were kept for long enough; their figures stay.

In this order, so that whoever is killed does the rest when it runs again: first the cases themselves, from which nobody
can quote any more; then the messages about them; last it is noted that they are done.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.attachments import GONE as FILE_GONE
from bot.erasing.rows import blank, kept
from bot.erasing.scrubbing import GONE, How, Scrub
from bot.rounds import pause
from bot.turn import Now
from rules.retention import months_before
from store.attachments import FORGOTTEN
from store.retained import SWEPT
from store.store import Store, Unavailable
from store.tables import Account, Agreement, Attachment, CaseEvent, Outbox, RoomEntry, StoredArticle
from store.work import Work

log = logging.getLogger(__name__)
EVERY, MORE = 3600.0, 60.0  # seconds between two rounds, and where there is more to do
MOST = 500  # cases of one round
PAGE = 200  # messages looked at by one unit
BREATH = 0.02  # seconds between two units, for those who are served meanwhile
PORTAL = "portal:"  # begins the names of its rooms
WORDLESS = {"details": None, "changed": None, "eligibility_reason": None}


@dataclass(frozen=True)
class Keeping:
    """For how long an account's closed cases are kept."""

    account: Account
    months: int
    until: datetime
    oldest: datetime | None
    """Of its cases and questions that still have their words."""

    @property
    def due(self) -> bool:
        return self.oldest is not None and self.oldest <= self.until


@dataclass(frozen=True)
class Retention:
    store: Store
    clock: Callable[[], Now]

    async def run(self) -> None:
        """Until cancelled; on several servers at once it does the same things once."""
        while True:
            done = 0
            try:
                done = await self.round()
            except Unavailable as error:
                log.warning("retention later: %s", error)
            except Exception:
                log.exception("retention")
            await pause(MORE if done >= MOST else EVERY)

    async def round(self) -> int:
        """How many cases it was done with."""
        now = self.clock()
        keeping = [each for each in await self.store.read(terms, now.business) if each.due]
        due: dict[int, list[int]] = {}
        for each in keeping:
            left = MOST - sum(map(len, due.values()))
            due[each.account.id] = await self.store.read(Work.old_cases, each.account.id, each.until, left)
        cases = set[int]()
        for number in sorted(number for numbers in due.values() for number in numbers):
            cases |= {number} if await self.store.write(_empty, number, now) else set()
            await asyncio.sleep(BREATH)
        await self._copies(cases, now)
        return sum([await self.store.write(_note, each, due[each.account.id], now) for each in keeping])

    async def _copies(self, cases: Collection[int], now: Now) -> None:
        """What quotes them; and what was said of no case, when it is as old as a closed case becomes on this desk."""
        months = await self.store.read(Work.kept_for)
        until = months_before(now.business, months) if months else None
        last = await self._messages(cases, until, now)
        if until is not None:
            await self.store.write(Work.set, SWEPT, str(last))
        if cases or until is not None:
            await self._rooms(cases, until)

    async def _messages(self, cases: Collection[int], until: datetime | None, now: Now) -> int:
        """The last one before those that are younger."""
        scrub, younger = Scrub(cases=set(cases)), list[int]()
        swept = await self.store.read(Work.swept_to)
        after = 0 if cases else swept
        while page := await self.store.read(Work.said_of, cases, after, PAGE) if cases or until is not None else []:
            after = page[-1].id
            old = [row.id for row in page if until is not None and row.id > swept and row.owed_at <= until]
            younger += [row.id for row in page if row.id > swept and row.id not in old][:1]
            gone = [row.id for row in page if row.id in old or row.case_id in cases or _quotes(scrub, row.message)]
            if gone:
                await self.store.write(_blank, gone, now)
            if not cases and len(old) < len(page):
                break  # the others are younger
            await asyncio.sleep(BREATH)
        return younger[0] - 1 if younger else max(swept, after)

    async def _rooms(self, cases: Collection[int], until: datetime | None) -> None:
        """Of the portal; elsewhere the vendor keeps them."""
        scrub, after = Scrub(cases=set(cases)), 0
        while page := await self.store.read(Work.said_in_rooms, after, PAGE):
            after = page[-1].id
            of_portal = [row for row in page if row.room.startswith(PORTAL)]
            gone = [row.id for row in of_portal if _older(row.entry, until) or _quotes(scrub, row.entry)]
            if gone:
                await self.store.write(_drop, gone)
            if not cases and len(gone) < len(of_portal):
                break
            await asyncio.sleep(BREATH)


def terms(work: Work, now: datetime) -> list[Keeping]:
    """Of each account whose closed cases are not kept for good."""
    usual, oldest, found = work.kept_for(), work.oldest(GONE), list[Keeping]()
    for account in work.accounts():
        months = usual if account.keep_months is None else account.keep_months
        if months:
            until = months_before(now, months)
            found.append(Keeping(account, months, until, oldest.get(account.id)))
    return found


def _empty(work: Work, number: int, now: Now) -> bool:
    """Unless somebody has opened it again."""
    case = work.case(number, None)
    if case is None or case.over_at is None or case.emptied_at is not None:
        return False
    case.subject = GONE
    case.force_reason = GONE if case.force_reason else None
    for name, value in WORDLESS.items():
        setattr(case, name, value)
    work.add(case)
    for kind, change in CHANGES.items():
        for row in _rows(work, kind, number):
            change(row, now)
            work.add(row)
    return True


def _rows(work: Work, kind: Any, case: int) -> list[Any]:
    found, after = list[Any](), None
    while page := work.rows_where(kind, kind.case_id, [case], after, PAGE):
        found, after = [*found, *page], work.key_of(page[-1])
    return found


def _event(row: CaseEvent, _: Now) -> None:
    row.words, row.said_as = kept(row), None  # nor can it be changed where it was said any more


def _agreement(row: Agreement, _: Now) -> None:
    row.terms = Scrub().text(row.terms, How.THEIRS)


def _file(row: Attachment, now: Now) -> None:
    """The round that keeps files takes the content away, unless another case's is the very same."""
    row.name, row.media_type, row.size, row.source, row.link, row.ref = GONE, "", None, None, "", ""
    row.state, row.reason, row.tries = FILE_GONE, "", 0
    row.next_at = now.machine + FORGOTTEN if row.sha256 else None


def _article(row: StoredArticle, now: Now) -> None:
    """What was never published; the others are the desk's own by now."""
    if row.draft:
        row.title, row.description, row.body, row.tags = GONE, "", GONE, []
        row.retired_at = row.retired_at or now.machine


CHANGES: Mapping[Any, Callable[[Any, Now], None]] = {
    CaseEvent: _event,
    Agreement: _agreement,
    Attachment: _file,
    StoredArticle: _article,
}


def _blank(work: Work, messages: Collection[int], now: Now) -> None:
    for row in work.rows_where(Outbox, Outbox.id, list(messages), None, PAGE):
        case = work.glance(row.case_id, None) if row.case_id else None
        if case is not None and case.over_at is None:
            continue  # somebody has opened it again
        row.message = blank(row.message)
        work.add(row)
        if row.done_at is None:
            work.withdraw(row, now.machine)


def _drop(work: Work, entries: Collection[int]) -> None:
    for row in work.rows_where(RoomEntry, RoomEntry.id, list(entries), None, PAGE):
        work.drop(row)


def _note(work: Work, keeping: Keeping, cases: Collection[int], now: Now) -> int:
    account = keeping.account
    done = work.emptied(cases, account.id, keeping.until, now.business) if cases else 0
    asked = work.empty_questions(account.id, keeping.until, GONE)
    if done or asked:
        said = f"account {account.id}: {done} cases and {asked} questions from before {keeping.until:%Y-%m-%d}"
        work.audit(at=now.business, person_id=None, what="retention", about=said, outcome="done")
        log.info("retention: %s", said)
    return done


def _quotes(scrub: Scrub, told: Any) -> bool:
    named = isinstance(told, Mapping) and told.get("case") in scrub.cases
    return named or scrub.about(told, How.OTHERS) is How.ABOUT


def _older(entry: Mapping[str, Any], until: datetime | None) -> bool:
    try:
        return until is not None and datetime.fromisoformat(str(entry.get("at"))) <= until
    except ValueError:
        return False
