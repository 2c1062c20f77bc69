"""Letting other systems in and out: an account's tokens, and where its events are called out to."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.messages import Code, Message, Moment
from bot.wording import data
from rules.people import Role
from store.links import fingerprint
from store.tables import Account, ApiToken, Person, Webhook
from store.work import Work

PREFIX = "sht_"
TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
CHANNEL = "webhook"
LONGEST_NAME = 60
SHORTEST_ID = 8  # characters of its hash by which a token is called


class Wrong(Exception):
    """Why it cannot be done, in a sentence."""


@dataclass(frozen=True)
class Bearer:
    """Whom a token acts for."""

    token: ApiToken
    person: Person
    account: Account


def bearer(work: Work, token: str) -> Bearer | None:
    """None for anything but a token whose person may still ask for their company (W27)."""
    found = work.token(fingerprint(token)) if TOKEN.fullmatch(token) else None
    return Bearer(*found) if found and may_carry(found[1], found[2]) else None


def may_carry(person: Person, account: Account) -> bool:
    here = person.left_at is None and person.erased_at is None and not person.guest
    return here and person.nominated and person.role is Role.CUSTOMER and person.account_id == account.id


def add_token(work: Work, slug: str, email: str, name: str, writes: bool, at: datetime) -> str:
    """The token, which only its holder has from now on. Raises Wrong."""
    account, person = _account(work, slug), work.person_at(email.strip().lower())
    if person is None or not may_carry(person, account):
        raise Wrong(f"{email} is no nominated contact of {slug}: a token acts for one.")
    if not name.strip() or len(name) > LONGEST_NAME:
        raise Wrong(f"Call it something, in at most {LONGEST_NAME} characters.")
    token = f"{PREFIX}{secrets.token_urlsafe(32)}"
    row = ApiToken(hash=fingerprint(token), name=name.strip(), account_id=account.id, person_id=person.id, at=at)
    row.writes = writes
    work.add(row)
    work.audit(at=at, person_id=None, what="token add", about=f"{slug} {row.hash[:SHORTEST_ID]}", outcome="done")
    return token


def revoke_token(work: Work, id_: str, at: datetime) -> ApiToken:
    """Raises Wrong."""
    named = [row for row, _, _ in work.tokens() if len(id_) >= SHORTEST_ID and row.hash.startswith(id_.lower())]
    if len(named) != 1 or named[0].revoked_at is not None:
        raise Wrong(f"{id_} is no token that works.")
    named[0].revoked_at = at
    work.add(named[0])
    work.audit(at=at, person_id=None, what="token revoke", about=named[0].hash[:SHORTEST_ID], outcome="done")
    return named[0]


def end_tokens(work: Work, person: Person, at: datetime) -> None:
    """Those that act for whoever may not carry them any more: none begins to work again when they may."""
    if many := work.end_tokens(person.id, at):
        about = f"{many} with whom they act for"
        work.audit(at=at, person_id=person.id, what="token revoke", about=about, outcome="done")


def add_webhook(work: Work, slug: str | None, url: str, sealed: str, by: str, at: datetime) -> Webhook:
    """Its lane is a room of its own. Raises Wrong."""
    account = _account(work, slug) if slug else None
    lane = work.conversation(CHANNEL, "", f"{(urlsplit(url).hostname or '')[:200]} {secrets.token_hex(6)}")
    lane.account_id = account.id if account else None  # with the account, what was said there is erased
    work.add(lane)
    hook = Webhook(account_id=lane.account_id, conversation_id=lane.id, url=url, sealed=sealed, by=by, at=at)
    work.add(hook)
    work.audit(at=at, person_id=None, what="webhook add", about=f"{hook.id} {slug or 'all'}", outcome="done")
    return hook


def remove_webhook(work: Work, number: int, at: datetime) -> Webhook:
    """What is still owed there leaves no more. Raises Wrong."""
    hook = work.webhook(number)
    if hook is None:
        raise Wrong(f"There is no webhook {number}.")
    hook.ended_at = at
    work.add(hook)
    work.empty(hook.conversation_id, at)
    work.audit(at=at, person_id=None, what="webhook remove", about=str(number), outcome="done")
    return hook


def trial(at: datetime) -> Message:
    """An event about nothing."""
    return data(("id", Code(f"msg_{secrets.token_hex(16)}")), ("type", Code("webhook.test")), ("timestamp", Moment(at)))


def _account(work: Work, slug: str) -> Account:
    found: Account | None = work.find(Account, slug=slug)
    if found is None:
        raise Wrong(f"There is no account {slug}.")
    return found
