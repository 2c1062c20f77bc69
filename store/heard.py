"""What was heard of late, and where: for when nobody could hear a channel for a while."""

from datetime import datetime

from sqlalchemy import exists, or_
from sqlmodel import Session, col, delete, select

from store.sql import ONCE
from store.tables import Card, Case, Conversation, Draft, LinkedIdentity, Setting

Place = tuple[str, str, str]
"""Tenant, room and thread."""


class Heard:
    """The part of a unit of work that looks for it."""

    _session: Session

    def hold(self, name: str) -> str:
        """The setting, which nobody else changes until this unit ends; empty where there was none."""
        connection = self._session.connection()
        connection.execute(ONCE[Setting][connection.dialect.name], {"name": name, "value": ""})
        mine = select(Setting.value).where(Setting.name == name)
        return self._session.exec(mine.with_for_update()).one()

    def unset(self, name: str) -> None:
        self._session.exec(delete(Setting).where(col(Setting.name) == name))

    def rooms_lately(self, channel: str, limit: int) -> list[Place]:
        """The channel's rooms, those first in which the bot spoke last; then people whom it never met there."""
        lately = (col(Conversation.not_before).is_(None), col(Conversation.not_before).desc(), col(Conversation.id))
        met = select(Conversation.tenant, Conversation.room).where(Conversation.channel == channel)
        found = list(self._session.exec(met.order_by(*lately).limit(limit)))
        linked = select(LinkedIdentity.tenant, LinkedIdentity.user).where(LinkedIdentity.channel == channel)
        found += self._session.exec(linked.order_by(col(LinkedIdentity.person_id)).limit(limit))
        return [(tenant, room, "") for tenant, room in dict.fromkeys(found)][:limit]

    def threads_lately(self, channel: str, since: datetime, limit: int) -> list[Place]:
        """Threads of cases that live, or were over after that (business time), of their cards, and of open dialogs."""
        live = or_(col(Case.over_at).is_(None), col(Case.over_at) > since)
        there = (Conversation.tenant, Conversation.room)
        cases = select(*there, Case.thread).join(Case, col(Case.conversation_id) == Conversation.id)
        cards = select(*there, Card.receipt).join(Card, col(Card.conversation_id) == Conversation.id)
        cards = cards.join(Case, col(Case.id) == Card.case_id).where(col(Card.receipt).is_not(None))
        asked = select(*there, Draft.thread).join(Draft, col(Draft.conversation_id) == Conversation.id)
        here, latest = Conversation.channel == channel, col(Case.updated_at).desc()
        found = [
            *self._session.exec(cases.where(here, live, Case.thread != "").order_by(latest).limit(limit)),
            *self._session.exec(cards.where(here, live).order_by(latest).limit(limit)),
            *self._session.exec(asked.where(here, Draft.thread != "").limit(limit)),
        ]
        return list(dict.fromkeys((tenant, room, str(thread)) for tenant, room, thread in found))

    def chats_lately(self, channel: str, since: datetime, limit: int) -> list[Conversation]:
        """Where somebody was heard after that: people's own chats, the desk's rooms, and those where a case lives or a
        question is open."""
        own = exists().where(
            col(LinkedIdentity.channel) == Conversation.channel, col(LinkedIdentity.user) == Conversation.room
        )
        case = exists().where(col(Case.conversation_id) == Conversation.id, col(Case.over_at).is_(None))
        asked = exists().where(col(Draft.conversation_id) == Conversation.id)
        written_to = col(Conversation.vendor).is_not(None)  # the channel was not removed from there
        heard = (Conversation.channel == channel, col(Conversation.heard_at) >= since, written_to)
        found = select(Conversation).where(*heard, or_(own, col(Conversation.desk), case, asked))
        return list(self._session.exec(found.order_by(col(Conversation.heard_at).desc()).limit(limit)))
