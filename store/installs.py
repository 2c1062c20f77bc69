"""The part of a unit of work that keeps what vendors gave us: tokens of workspaces, and ways to write into rooms."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, delete, select, update

from store.people import People
from store.tables import Conversation, Install, LinkedIdentity


class Installs(People):
    def install(self, channel: str, tenant: str) -> Install | None:
        return self._session.get(Install, (channel, tenant))

    def keep_install(self, channel: str, tenant: str, sealed: str, at: datetime) -> None:
        """New, or in place of the one that was there."""
        self._session.merge(Install(channel=channel, tenant=tenant, sealed=sealed, renewing_until=None, at=at))
        self._session.flush()

    def forget_install(self, channel: str, tenant: str, before: datetime) -> None:
        """Unless it was kept later."""
        mine = (col(Install.channel) == channel, col(Install.tenant) == tenant, col(Install.at) <= before)
        self._session.exec(delete(Install).where(*mine))

    def may_renew(self, channel: str, tenant: str, now: datetime, until: datetime) -> bool:
        """Whether the caller is the one to fetch the next token; everybody else waits for it."""
        free = or_(col(Install.renewing_until).is_(None), col(Install.renewing_until) <= now)
        mine = (col(Install.channel) == channel, col(Install.tenant) == tenant, free)
        return bool(self._session.exec(update(Install).where(*mine).values(renewing_until=until)).rowcount)

    def vendor(self, channel: str, tenant: str, room: str) -> dict[str, Any] | None:
        """What the channel keeps to write there."""
        place = self.known_conversation(channel, tenant, room)
        return dict(place.vendor) if place and place.vendor else None

    def keep_vendor(self, channel: str, tenant: str, room: str, kept: dict[str, Any] | None, at: datetime) -> None:
        place = self.conversation(channel, tenant, room)
        mine = update(Conversation).where(col(Conversation.id) == place.id)
        self._session.exec(mine.values(vendor=kept, heard_at=at))

    def latest_vendor(self, channel: str, tenant: str) -> dict[str, Any] | None:
        """Of that tenant's places, the one last heard from."""
        mine = (Conversation.channel == channel, Conversation.tenant == tenant, col(Conversation.vendor).is_not(None))
        found = select(Conversation.vendor).where(*mine).order_by(col(Conversation.heard_at).desc())
        latest = self._session.exec(found.limit(1)).first()
        return dict(latest) if latest else None

    def knows_tenant(self, channel: str, tenant: str) -> bool:
        """Whether it is an account's, or one in which somebody of the desk or of an account is."""
        mine = (LinkedIdentity.channel == channel, LinkedIdentity.tenant == tenant)
        linked = self._session.exec(select(LinkedIdentity.person_id).where(*mine).limit(1)).first()
        return linked is not None or self.account_of(channel, [tenant]) is not None
