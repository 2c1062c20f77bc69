"""The part of a unit of work that finds what somebody said, by the message that it stood in, and its copies."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session, col, func, select

from rules.lifecycle import Verb
from rules.people import STAFF
from store.attachments import FORGOTTEN
from store.tables import Attachment, CaseEvent, Draft, HeldAct, Outbox, Person

LONGEST_KEY = 200


def short_key(key: str) -> str:
    """A key as it can be indexed, whatever a channel's ids look like."""
    return key if len(key) <= LONGEST_KEY else sha256(key.encode()).hexdigest()


class SaidAs:
    _session: Session

    def said_as(self, key: str) -> list[CaseEvent]:
        """All that the message of that key did, in the one order in which cases are locked."""
        found = select(CaseEvent).where(CaseEvent.said_as == short_key(key))
        return list(self._session.exec(found.order_by(col(CaseEvent.case_id), col(CaseEvent.id))))

    def edits_of(self, event: int) -> list[CaseEvent]:
        """Each with the words as they read then."""
        mine = (CaseEvent.of_event == event, CaseEvent.verb == Verb.EDIT)
        return list(self._session.exec(select(CaseEvent).where(*mine).order_by(col(CaseEvent.id))))

    def last_of(self, case: int, person: int, verb: Verb) -> int:
        """The latest event of that kind of theirs."""
        mine = (CaseEvent.case_id == case, CaseEvent.person_id == person, CaseEvent.verb == verb)
        return self._session.exec(select(func.max(CaseEvent.id)).where(*mine)).one() or 0

    def copies(self, events: Collection[int]) -> list[Outbox]:
        """The messages that carry their words, wherever they were sent, or sent instead."""
        found = select(Outbox).where(col(Outbox.event_id).in_(events))
        return list(self._session.exec(found.order_by(col(Outbox.id))))

    def went_on(self, event: CaseEvent) -> bool:
        """Whether somebody of the desk has done something on its case since."""
        later = (CaseEvent.case_id == event.case_id, CaseEvent.id > event.id, col(Person.role).in_(STAFF))
        joined = select(CaseEvent.id).join(Person, col(Person.id) == CaseEvent.person_id)
        return self._session.exec(joined.where(*later).limit(1)).first() is not None

    def drafts_of(self, person: int) -> list[Draft]:
        return list(self._session.exec(select(Draft).where(Draft.person_id == person).order_by(col(Draft.id))))

    def held_of_person(self, person: int) -> list[HeldAct]:
        """What they said and can still take back; changed only by whoever has locked them."""
        return list(self._session.exec(select(HeldAct).where(HeldAct.person_id == person).order_by(col(HeldAct.id))))

    def words_now(self, case: int) -> dict[int, str]:
        """By event, how its words read since they were changed."""
        changed = (CaseEvent.case_id == case, CaseEvent.verb == Verb.EDIT, col(CaseEvent.deleted_at).is_(None))
        found = select(CaseEvent.of_event, CaseEvent.words).where(*changed).order_by(col(CaseEvent.id))
        return {of: words for of, words in self._session.exec(found) if of is not None}

    def forget_files(self, event: int, called: str, now: datetime, refs: Collection[str] | None = None) -> list[int]:
        """What came with words, all of it or these, is taken back: only that there was a file is kept, and for a moment
        its content's name, by which that is thrown away. Which of them, counted from 0."""
        found = select(Attachment).where(Attachment.event_id == event).order_by(col(Attachment.id))
        gone = [(n, file) for n, file in enumerate(self._session.exec(found)) if refs is None or file.ref in refs]
        for _, file in gone:
            file.name, file.state, file.reason, file.link, file.ref = called, "gone", "deleted", "", ""
            file.source, file.next_at = None, now + FORGOTTEN if file.sha256 else None
            self._session.add(file)
        self._session.flush()
        return [n for n, _ in gone]
