"""Dead letters: what was given up, for people to read, and to send again when whatever stood in its way is gone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, func, literal, union_all
from sqlmodel import col, select, update

from store.lanes import Lanes
from store.tables import Card, Conversation, Outbox


@dataclass(frozen=True)
class DeadLetter:
    """``row`` is a message, or a case's live card, which is drawn anew when it leaves."""

    row: Outbox | Card
    place: Conversation
    at: datetime
    """When it was given up."""

    @property
    def name(self) -> str:
        """``17``, a message; ``1001.3``, the card of case 1001 in place 3."""
        row = self.row
        return f"{row.case_id}.{row.conversation_id}" if isinstance(row, Card) else str(row.id)


class DeadLetters(Lanes):
    """The part of a unit of work that people have with what could not be delivered."""

    def dead_letters(self, channel: str | None, limit: int, skip: int = 0) -> list[DeadLetter]:
        """The latest first."""
        found = _dead(channel).order_by(_AT.desc(), _MESSAGE.desc(), _CASE.desc(), _PLACE.desc())
        rows = self._run(found.limit(limit).offset(skip)).all()
        return [letter for row in rows if (letter := self._letter(row.message, row.case, row.place))]

    def count_dead(self, channel: str | None = None) -> int:
        return int(self._run(select(func.count()).select_from(_dead(channel).subquery())).scalar() or 0)

    def letter(self, name: str) -> DeadLetter | None:
        """By its name, dead or not."""
        first, _, place = name.partition(".")
        return self._letter(0, int(first), int(place)) if place else self._letter(int(first), 0, 0)

    def stand_in(self, row: Outbox) -> Outbox | None:
        """What carried its words to another address."""
        return self._session.exec(select(Outbox).where(Outbox.key == f"instead of {row.id}")).first()

    def replay(self, letter: DeadLetter, now: datetime) -> None:
        """Back to its place in its lane; what left in one message goes in one again."""
        for row in self._died_with(letter.row):
            known = (row.case_id, row.conversation_id) if isinstance(row, Card) else (row.id, 0)
            self._closing.replayed[known] = (letter.place.id, now)

    def reword(self, message: int, words: dict[str, Any]) -> None:
        """In the place of what nobody is to read any more."""
        self._session.exec(update(Outbox).where(col(Outbox.id) == message).values(message=words))

    def _died_with(self, row: Outbox | Card) -> "list[Outbox | Card]":
        if isinstance(row, Card) or not row.joins:
            return [row]
        died = select(Outbox).where(Outbox.joins == row.joins, col(Outbox.dead).is_not(None))
        return [*self._session.exec(died)]

    def _letter(self, message: int, case: int, place: int) -> DeadLetter | None:
        row: Outbox | Card | None = (
            self._session.get(Outbox, message) if message else self._session.get(Card, (case, place))
        )
        if row is None:
            return None
        at = row.due_at if isinstance(row, Card) else row.done_at or row.due_at
        return DeadLetter(row, self.place(row.conversation_id), at)


_NONE = literal(0, BigInteger)
_EVERY = union_all(
    select(
        col(Outbox.done_at).label("at"),
        col(Outbox.id).label("message"),
        _NONE.label("case"),
        col(Outbox.conversation_id).label("place"),
    ).where(col(Outbox.dead).is_not(None)),
    select(col(Card.due_at), _NONE, col(Card.case_id), col(Card.conversation_id)).where(col(Card.dead).is_not(None)),
).subquery()
_AT, _MESSAGE, _CASE, _PLACE = _EVERY.c.at, _EVERY.c.message, _EVERY.c.case, _EVERY.c.place


def _dead(channel: str | None) -> Select[Any]:
    found: Select[Any] = _EVERY.select()
    if channel is None:
        return found.with_only_columns(_AT, _MESSAGE, _CASE, _PLACE)
    there = found.join(Conversation, col(Conversation.id) == _PLACE).where(col(Conversation.channel) == channel)
    return there.with_only_columns(_AT, _MESSAGE, _CASE, _PLACE)
