"""One unit of work: what it can find and change, each part in a file of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert
from sqlmodel import Session, SQLModel, col, select

from store.agreements import Agreements
from store.announcements import Announcements
from store.articles import Articles
from store.attachments import Attachments
from store.awaiting import Awaiting
from store.board import Board
from store.cases import Cases
from store.condition import Condition
from store.contracts import Contracts
from store.dead_letters import DeadLetters
from store.depths import Depths
from store.erasing import Erasing
from store.events import Events
from store.followers import Followers
from store.groups import Groups
from store.heard import Heard
from store.histories import Histories
from store.holding import Holds
from store.homes import Homes
from store.in_turn import GivesInTurn
from store.inbox import Handled
from store.installs import Installs
from store.integrations import Integrations
from store.limits import Allowances
from store.links import Links
from store.queues import Queues
from store.receipts import Receipts
from store.reports import Reports
from store.retained import Retained
from store.room_log import RoomLog
from store.said import SaidAs
from store.saved import Saved
from store.sending import Sending
from store.sessions import Sessions
from store.sql import table
from store.tables import Audit, Case, Draft, Setting
from store.warnings import Warnings


class Work(
    Sending,
    Handled,
    Cases,
    Condition,
    Events,
    Receipts,
    Installs,
    RoomLog,
    DeadLetters,
    Attachments,
    Histories,
    Heard,
    Warnings,
    Articles,
    Links,
    Agreements,
    Contracts,
    Announcements,
    Erasing,
    Integrations,
    Queues,
    Groups,
    Saved,
    GivesInTurn,
    Awaiting,
    Holds,
    Sessions,
    Reports,
    Retained,
    SaidAs,
    Followers,
    Board,
    Depths,
    Allowances,
    Homes,
):
    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._at_hand: dict[tuple[type, int], Any] = {}
        self._locked: dict[int, Case] = {}

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part that can fail alone: a refusal undoes it, the unit goes on."""
        kept, noted = self._closing.copy(), len(self.noted)
        try:
            with self._session.begin_nested():
                yield
        except BaseException:
            self._closing = kept
            del self.noted[noted:]
            self._at_hand, self._met, self._locked = {}, {}, {}  # some of it may never have been
            raise

    def add(self, row: SQLModel) -> None:
        new = not self.has(row)
        self._session.add(row)
        self._session.flush()
        if new and isinstance(row, Case):
            self._locked[row.id] = row  # nobody else can even see it yet

    @property
    def owes(self) -> bool:
        """Whether senders are to hear of it once it is committed; asked before ``close``."""
        return self._closing.owes

    def has(self, row: SQLModel) -> bool:
        """Whether the row is in the store already, or in this unit's work."""
        return row in self._session

    def drop(self, row: SQLModel) -> None:
        self._session.delete(row)
        self._session.flush()

    # Dialogs

    def draft(self, person: int, place: int, thread: str, lock: bool = False) -> Draft | None:
        mine = {"person": person, "place": place, "thread": thread}
        if self._run(_ASKED, mine).first() is None:  # as mostly
            return None
        return self._session.exec(_DRAFT_LOCKED if lock else _DRAFT, params=mine).first()

    def expired_drafts(self, before: datetime, limit: int) -> list[Draft]:
        """Each for one process only."""
        due = select(Draft).where(col(Draft.expires_at) <= before).order_by(col(Draft.id)).limit(limit)
        return list(self._session.exec(due.with_for_update(skip_locked=True, key_share=True)))

    # The desk as a whole

    def audit(self, **row: Any) -> None:
        self._run(_AUDIT, row)

    def setting(self, name: str) -> str | None:
        return self._session.exec(select(Setting.value).where(Setting.name == name)).first()

    def set(self, name: str, value: str) -> None:
        self._session.merge(Setting(name=name, value=value))
        self._session.flush()

    def find(self, kind: type[SQLModel], **by: Any) -> Any:
        """One row by its columns, for what is administered and not turned over at every message."""
        return self._session.exec(select(kind).filter_by(**by)).first()


# Built once, since building a statement takes longer than running it.

_AUDIT = insert(table(Audit))
_THEIRS = (
    Draft.person_id == bindparam("person"),
    Draft.conversation_id == bindparam("place"),
    Draft.thread == bindparam("thread"),
)
_ASKED, _DRAFT = select(Draft.id).where(*_THEIRS), select(Draft).where(*_THEIRS)
_DRAFT_LOCKED = _DRAFT.with_for_update(key_share=True)
