"""The part of a unit of work that other systems come in by, and are told by: tokens, webhooks, pages of cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, or_
from sqlmodel import col, select, update

from store.lanes import Lanes
from store.tables import Account, ApiToken, Attachment, Case, CaseEvent, Outbox, Person, Webhook


class Integrations(Lanes):
    # Tokens

    def token(self, hash_: str) -> tuple[ApiToken, Person, Account] | None:
        """One that is not revoked, with whom it acts for; whether they still may is for others to say."""
        mine = (ApiToken.hash == hash_, col(ApiToken.revoked_at).is_(None))
        return next(iter(self._tokens(*mine)), None)

    def tokens(self, account: int | None = None) -> list[tuple[ApiToken, Person, Account]]:
        """The revoked ones too, of one account or all."""
        return self._tokens(*(() if account is None else (ApiToken.account_id == account,)))

    def use_token(self, hash_: str, at: datetime) -> None:
        self._session.exec(update(ApiToken).where(col(ApiToken.hash) == hash_).values(used_at=at))

    def end_tokens(self, person: int, at: datetime) -> int:
        """Theirs that still work, for good; how many."""
        mine = (col(ApiToken.person_id) == person, col(ApiToken.revoked_at).is_(None))
        return self._session.exec(update(ApiToken).where(*mine).values(revoked_at=at)).rowcount

    def _tokens(self, *mine: Any) -> list[tuple[ApiToken, Person, Account]]:
        found: Any = select(ApiToken, Person, Account).join(Person, col(Person.id) == ApiToken.person_id)
        found = found.join(Account, col(Account.id) == ApiToken.account_id).where(*mine)
        return [(one, who, account) for one, who, account in self._session.exec(found.order_by(col(ApiToken.at)))]

    def person_numbered(self, number: int, lock: bool = False) -> Person | None:
        found = select(Person).where(Person.id == number)
        return self._session.exec(found.with_for_update(key_share=True) if lock else found).first()

    # Webhooks

    def subscribed(self, account: int) -> list[Webhook]:
        """Those that hear of an account's cases."""
        if not self._run(_SUBSCRIBED, {"account": account}).first():  # as mostly
            return []
        return list(self._session.exec(_SUBSCRIBERS, params={"account": account}))

    def webhooks(self) -> list[tuple[Webhook, Account | None, int]]:
        """Each with its account, where it is one's, and how many calls wait."""
        waiting = select(func.count()).where(
            Outbox.conversation_id == Webhook.conversation_id, col(Outbox.done_at).is_(None)
        )
        found: Any = select(Webhook, Account, waiting.scalar_subquery())
        found = found.outerjoin(Account, col(Account.id) == Webhook.account_id).where(col(Webhook.ended_at).is_(None))
        return [(hook, account, owed) for hook, account, owed in self._session.exec(found.order_by(col(Webhook.id)))]

    def webhook(self, number: int) -> Webhook | None:
        mine = (Webhook.id == number, col(Webhook.ended_at).is_(None))
        return self._session.exec(select(Webhook).where(*mine)).first()

    def webhook_of(self, conversation: int) -> Webhook | None:
        mine = (Webhook.conversation_id == conversation, col(Webhook.ended_at).is_(None))
        return self._session.exec(select(Webhook).where(*mine)).first()

    # Cases as another system reads them

    def case_numbers(
        self, account: int, live: bool | None, since: datetime | None, before: int | None, limit: int
    ) -> list[int]:
        """Latest first, below the number ``before``; ``since``: something that customers may know happened then."""
        mine: list[Any] = [col(Case.account_id) == account]
        if live is not None:
            mine.append(col(Case.over_at).is_(None) if live else col(Case.over_at).is_not(None))
        if since is not None:
            told = (col(CaseEvent.case_id) == Case.id, col(CaseEvent.internal).is_(False), col(CaseEvent.at) >= since)
            mine.append(exists().where(*told))
        if before is not None:
            mine.append(col(Case.id) < before)
        return list(self._session.exec(select(Case.id).where(*mine).order_by(col(Case.id).desc()).limit(limit)))

    def last_told(self, cases: Sequence[int]) -> dict[int, datetime]:
        """When something that customers may know last happened to each: a note must not show, not even by its time."""
        mine = (col(CaseEvent.case_id).in_(cases), col(CaseEvent.internal).is_(False))
        latest = select(CaseEvent.case_id, func.max(CaseEvent.at)).where(*mine).group_by(col(CaseEvent.case_id))
        return dict(self._session.exec(latest).all())

    def files_told(self, case: int) -> list[Attachment]:
        """Of its files those that customers may know of."""
        mine = (Attachment.case_id == case, col(Attachment.internal).is_(False))
        return list(self._session.exec(select(Attachment).where(*mine).order_by(col(Attachment.id))))


# Built once, since building a statement takes longer than running it.

_HEARS = (
    or_(col(Webhook.account_id) == bindparam("account"), col(Webhook.account_id).is_(None)),
    col(Webhook.ended_at).is_(None),
)
_SUBSCRIBERS = select(Webhook).where(*_HEARS)
_SUBSCRIBED = select(Webhook.id).where(*_HEARS).limit(1)
