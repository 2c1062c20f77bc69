"""The part of a unit of work that knows a message by the id that its channel gave it."""

from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from store.lanes import Lanes
from store.tables import Card as CardRow
from store.tables import Case, Conversation, Outbox


class Receipts(Lanes):
    def owed_as(self, key: str) -> int | None:
        """The message that was owed under that key."""
        return self._session.exec(select(Outbox.id).where(Outbox.key == key)).first()

    def receipt(self, number: int) -> str:
        """The channel's id of that message; empty where it never arrived."""
        return self._session.exec(select(Outbox.receipt).where(Outbox.id == number)).first() or ""

    def tried(self, row: Outbox) -> set[int]:
        """The places where these words were already refused, this one included."""
        places = {row.conversation_id}
        while row.instead_of is not None:
            row = self._session.get_one(Outbox, row.instead_of)
            places.add(row.conversation_id)
        return places

    def sent_as(self, number: int, receipt: str) -> list[Outbox]:
        """That message and those that left in one with it; none where the channel called it otherwise."""
        first = self._session.get(Outbox, number)
        if first is None:
            return []
        there = (Outbox.conversation_id == first.conversation_id, Outbox.receipt == receipt)
        return list(self._session.exec(select(Outbox).where(*there).order_by(col(Outbox.id))))

    def said_there(self, place: Conversation, receipt: str) -> bool:
        """Whether that message is one of ours."""
        mine = (Outbox.conversation_id == place.id, Outbox.receipt == receipt)
        return self._session.exec(select(Outbox.id).where(*mine).limit(1)).first() is not None

    def case_of_card(self, place: Conversation, receipt: str) -> int | None:
        """The case whose live card that message is."""
        return self._run(_OF_CARD, {"place": place.id, "receipt": receipt}).scalar()

    def case_of_place(self, place: Conversation, thread: str, quotes: str) -> int | None:
        """The case that a thread or a quoted message belongs to, here."""
        if not thread and not quotes:
            return None
        return self._run(_OF_PLACE, {"place": place.id, "quotes": quotes or None, "thread": thread or None}).scalar()


# Built once, since building a statement takes longer than running it.


def _of_card(receipt: str) -> Any:
    return select(CardRow.case_id).where(
        CardRow.conversation_id == bindparam("place"), CardRow.receipt == bindparam(receipt)
    )


def _of_message(receipt: str) -> Any:
    return select(Outbox.case_id).where(
        Outbox.conversation_id == bindparam("place"),
        Outbox.receipt == bindparam(receipt),
        col(Outbox.case_id).is_not(None),
    )


_OF_CARD = _of_card("receipt")
_ROOTED = (
    select(Case.id)
    .where(Case.conversation_id == bindparam("place"), Case.thread == bindparam("thread"))
    .order_by(col(Case.id).desc())
)
_FIRST_FOUND = (_of_card("quotes"), _of_message("quotes"), _of_card("thread"), _of_message("thread"), _ROOTED)
_OF_PLACE = select(func.coalesce(*(found.limit(1).scalar_subquery() for found in _FIRST_FOUND)))
