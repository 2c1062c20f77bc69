"""The part of a unit of work that keeps what is known of files, and says which of them is to be fetched next."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from store.tables import Attachment, CaseEvent

WANTED, HELD = "wanted", "held"
MANY = 500
FORGOTTEN = timedelta(minutes=1)
"""After which the content of what was taken back goes, so that no act under way has just brought it anew."""


class Attachments:
    _session: Session

    def attach(self, **row: Any) -> Attachment:
        file = Attachment(**row)
        self._session.add(file)
        self._session.flush()
        return file

    def attachment(self, number: int, lock: bool = False) -> Attachment | None:
        found = select(Attachment).where(Attachment.id == number)
        return self._session.exec(found.with_for_update() if lock else found).first()

    def files_on(self, case: int, internal: bool) -> list[Attachment]:
        """Those of a case in order; ``internal`` ones only for the desk."""
        found = select(Attachment).where(Attachment.case_id == case)
        shown = found if internal else found.where(col(Attachment.internal).is_(False))
        return list(self._session.exec(shown.order_by(col(Attachment.id))))

    def file_names_of(self, people: Collection[int]) -> set[str]:
        return set(self._session.exec(select(Attachment.name).where(col(Attachment.by_id).in_(list(people)))))

    def many_files(self, case: int) -> int:
        return self._session.exec(select(func.count()).select_from(Attachment).where(Attachment.case_id == case)).one()

    def last_event(self, case: int) -> int:
        return self._session.exec(select(func.max(CaseEvent.id)).where(CaseEvent.case_id == case)).one() or 0

    def move_files(self, event: int, case: int, to: int) -> None:
        """With the words that they came with."""
        for file in self._session.exec(select(Attachment).where(Attachment.event_id == event)):
            file.case_id, file.event_id = case, to
            self._session.add(file)
        self._session.flush()

    def claim_file(self, now: datetime, until: datetime) -> Attachment | None:
        """The next one that is due, for one process alone until then: if that one dies, another takes over."""
        due = select(Attachment).where(col(Attachment.next_at) <= now).order_by(col(Attachment.next_at)).limit(1)
        file = self._session.exec(due.with_for_update(skip_locked=True)).first()
        if file is not None:
            file.next_at, file.tries = until, file.tries + 1
            self._session.add(file)
            self._session.flush()
        return file

    def named(self, hashes: Collection[str]) -> set[str]:
        """Which of these contents some file still is."""
        given, found = sorted(hashes), set[str]()
        for start in range(0, len(given), MANY):
            some = col(Attachment.sha256).in_(given[start : start + MANY])
            found |= {each for each in self._session.exec(select(Attachment.sha256).where(some).distinct()) if each}
        return found
