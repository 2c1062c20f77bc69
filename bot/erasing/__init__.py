"""Takes a person, or a company with its people, out of everything that the desk keeps and has posted.

First they are nobody here any more, so that nothing of theirs is added; then the copies (messages, answers, rooms,
articles), while it is known what to look for; then the cases themselves; then the copies that came meanwhile, until
there are none; last the people. Each page is a unit of work of its own. Whoever is interrupted runs it again: what is
done stays done, and until the last unit they are there to be named.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.erasing.people import end, forget, leave, redraw, rename
from bot.erasing.rows import CHANGES, CHANGING, COPIES, SOURCES, Counts, Page
from bot.erasing.subjects import PAGE, Subject, again, some
from bot.turn import Now, Turn
from rules.catalogue import Catalogues
from rules.people import CLOCK
from store.erasing import ACCOUNT, PERSON
from store.store import Store
from store.work import Work


@dataclass
class Report:
    changed: Counts = field(default_factory=Counter)
    """Rows, by table."""
    unreached: Counts = field(default_factory=Counter)
    files: set[str] = field(default_factory=set)
    """Articles that were written from their cases."""
    contents: set[str] = field(default_factory=set)
    """Of kept files of theirs, by sha256; another file may still have the same."""


@dataclass
class Erasure:
    """``do``: otherwise it is only counted what would be done."""

    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    subject: Subject
    do: bool
    report: Report = field(default_factory=Report)
    _ended: dict[Any, Any] = field(default_factory=dict)
    """Where the last pass over each table did."""
    _left: frozenset[int] = frozenset()

    async def run(self) -> Report:
        while await self._nobody():
            for kinds in (COPIES, SOURCES, COPIES):
                await self._settle(kinds)
        if self.do:
            await self._people()
        else:
            await self._settle((*COPIES, *SOURCES))
        self.report.changed["person"] = len(self.subject.people)
        self.report.changed["account"] = int(self.subject.kind == ACCOUNT)
        return self.report

    async def _nobody(self) -> bool:
        """Whether there is anybody, be it met since, of whom more than the row may be here."""
        new = self.subject.people - self._left if self.do else frozenset()
        for numbers in some(sorted(new)):
            await self.store.write(leave, numbers, self.clock())
        self._left |= new
        self._ended.clear()
        if self.do:
            found = await self.store.read(again, self.subject)
            found.scrub.also(self.subject.scrub)  # which knows words that are gone by now
            self.subject = found
        return bool(new)

    async def _settle(self, kinds: Sequence[Any]) -> None:
        """Others go on writing: once more from where it ended, until nothing of theirs came meanwhile."""
        while True:
            before = self.report.changed.copy()
            for kind in kinds:
                self._ended[kind] = await self._each(kind, self._ended.get(kind))
            if not self.do or self.report.changed == before:
                return

    async def _each(self, kind: Any, after: Any) -> Any:
        while True:
            counted, unreached, files, contents, last = await self._run(_page, kind, after)
            self.report.changed += counted
            self.report.unreached += unreached
            self.report.files |= files
            self.report.contents |= contents
            if last is None:
                return None if kind in CHANGING else after
            after = last

    async def _people(self) -> None:
        """Their names first, since cards are drawn with them; whom they are found by, last."""
        subject, people = self.subject, sorted(self.subject.people)
        for numbers in some(people):
            await self.store.write(rename, subject, numbers)
        carded = await self.store.read(Work.carded, people)
        for numbers in some(sorted(subject.scrub.cases | carded)):
            await self.store.write(redraw, numbers, self.clock())
        last = {subject.number} if subject.kind == PERSON else set[int]()
        for numbers in some(sorted(subject.people - last)):
            await self.store.write(forget, numbers, self.clock())
        await self.store.write(end, subject, last, self.clock())
        await self.store.write(Work.forget_rooms, self.clock().machine)

    async def _run(self, unit: Any, *given: Any) -> Any:
        run = self.store.write if self.do else self.store.read
        return await run(unit, self.subject, self.catalogues, self.clock(), self.do, *given)


def _page(work: Work, subject: Subject, catalogues: Catalogues, now: Now, do: bool, kind: Any, after: Any) -> Any:
    changing = Page(Turn(work, catalogues, CLOCK, now, now.business), subject, do)
    rows = work.rows_after(kind, after, PAGE)
    keys = [work.key_of(row) for row in rows]
    for row in rows:
        CHANGES[kind](changing, row)
    found = (changing.counts, changing.unreached, changing.files, changing.contents)
    return *found, keys[-1] if keys else None
