"""How much comes at once from one person, one company, one costly line: far more than any desk needs, and no flood."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.commands import COMMANDS
from bot.dialogs.how_do_i import HowDoI
from bot.dialogs.open_case import OpenCase
from bot.incoming import Deleted, Edited, Incoming, Returned, Written
from bot.messages import Message
from bot.turn import Now
from bot.understanding import Begin, Do, Filled, Intent, Letter, Raise
from bot.who import API
from rules.people import Actor
from store.links import fingerprint
from store.store import Store
from store.work import Work


@dataclass(frozen=True)
class Rate:
    most: float
    """At once, by whoever did nothing for a while."""
    a_minute: float


Wants = Mapping[str, Rate]
"""Of what one is taken, by its name."""

STRANGER, CUSTOMER, STAFF = "strangers", "customers", "staff"
PERSON = {STRANGER: Rate(20, 10), CUSTOMER: Rate(60, 30), STAFF: Rate(600, 600)}
COMPANY = Rate(600, 600)
STRANGERS = Rate(120, 60)
"""All of one channel together whose company is not known."""
COSTLY = {
    "open": {STRANGER: Rate(5, 1), CUSTOMER: Rate(30, 6), STAFF: Rate(300, 60)},
    "ask": {STRANGER: Rate(10, 5), CUSTOMER: Rate(30, 15), STAFF: Rate(300, 150)},
    "list": {STRANGER: Rate(10, 5), CUSTOMER: Rate(30, 15), STAFF: Rate(300, 150)},
    "export": {STRANGER: Rate(3, 1), CUSTOMER: Rate(10, 2), STAFF: Rate(60, 30)},
    "invite": {STRANGER: Rate(3, 1), CUSTOMER: Rate(10, 2), STAFF: Rate(60, 30)},
}
LINES = {
    "open": ("ask-person", "open-for"),
    "ask": ("ask",),
    "list": ("queue", "home", "cases", "at-risk"),
    "export": ("report", "record"),
    "invite": ("invite",),
}
KIND = {line: kind for kind, lines in LINES.items() for line in lines}
assert KIND.keys() <= COMMANDS.keys(), "each of them is a line"
TOKEN = Rate(60, 120)
PROGRAMS = Rate(240, 480)
"""Of one company, by all its tokens."""
ACTS = Rate(60, 60)
"""What they change, of one company."""

PAUSE = timedelta(minutes=1)
"""That somebody has to wait at least: long enough to be told once, and in time."""
READ_BACK = timedelta(minutes=2)
"""What is older was said while no server heard it, at the pace that people write."""
SHARE = 0.25
"""Of each rate, what every server gives out by itself where there are several; the rest they draw from one account."""
LONGEST = timedelta(minutes=15)
"""More than anybody is made to wait: whoever is said to wait for longer was told so by a clock that was ahead."""
KEPT = 20_000
"""Names; whoever was longest away begins anew."""


class TooMuch(Exception):
    """More than this server gives out by itself."""

    def __init__(self, wants: Wants, actor: Actor | None) -> None:
        self.wants, self.actor = wants, actor
        super().__init__(*wants)


@dataclass(frozen=True)
class Held:
    """Somebody who is not heard for now."""

    until: datetime
    """A whole minute, machine time."""
    said: Message
    told: set[tuple[str, str]] = field(default_factory=set)
    """In which rooms."""


@dataclass
class Limits:
    store: Store | None = None
    """Where several servers work on one database: what they share. None: there is only this one."""
    share: float = SHARE
    _left: dict[str, tuple[float, datetime]] = field(default_factory=dict)
    _held: dict[str, Held] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, wants: Wants, now: datetime) -> Mapping[str, float]:
        """One of each, or of none: then what is lacking, with the seconds until it is there."""
        with self._lock:
            left = {name: self._now_left(name, self._own(rate), now) for name, rate in wants.items()}
            missing = {name: 1 - there for name, there in left.items() if there < 1}
            lacking = {name: part * 60 / self._own(wants[name]).a_minute for name, part in missing.items()}
            for name, there in left.items():
                self._put(name, there if lacking else there - 1, now)
        return lacking

    async def more(self, wants: Wants, now: datetime, patience: float | None = None) -> Mapping[str, float]:
        """The same, from what all servers share. Raises Unavailable."""
        lacking = self.take(wants, now)
        if not lacking or self.store is None:
            return lacking
        short = {name: wants[name] for name in lacking}
        drawn = await self.store.write(_draw, short, self.share, now, patience=patience)
        with self._lock:
            for name, given in drawn.items():
                self._put(name, self._now_left(name, self._own(wants[name]), now) + given, now)
        return self.take(wants, now)

    def held(self, who: str, now: datetime) -> Held | None:
        held = self._held.get(who)
        return held if held is not None and now < held.until <= now + LONGEST else None

    def hold(self, who: str, held: Held) -> None:
        with self._lock:
            self._held.pop(who, None)
            self._held[who] = held
            if len(self._held) > KEPT:
                del self._held[next(iter(self._held))]

    def _own(self, rate: Rate) -> Rate:
        if self.store is None:
            return rate
        return Rate(max(rate.most * self.share, 1), rate.a_minute * self.share)

    def _now_left(self, name: str, rate: Rate, now: datetime) -> float:
        left, at = self._left.get(name, (rate.most, now))
        return max(left, min(rate.most, left + max(now - at, timedelta(0)).total_seconds() * rate.a_minute / 60))

    def _put(self, name: str, left: float, now: datetime) -> None:
        self._left.pop(name, None)
        self._left[name] = (left, now)
        if len(self._left) > KEPT:
            del self._left[next(iter(self._left))]


def _draw(work: Work, wants: Wants, share: float, now: datetime) -> dict[str, float]:
    """In one order, so that no two wait for each other."""
    return {
        name: work.draw(name, max(rate.most * share, 1), rate.most, rate.a_minute / 60, now)
        for name, rate in sorted(wants.items())
    }


def told_until(lacking: Mapping[str, float], now: datetime) -> datetime:
    """As people are told it: the minute after."""
    there = now + max(PAUSE, timedelta(seconds=max(lacking.values())))
    return there.replace(second=0, microsecond=0) + timedelta(minutes=1)


def counts(incoming: Incoming, now: datetime) -> bool:
    """Programs are, where their tokens are read. A message that is changed or deleted is followed whatever was said;
    and what nobody heard when it was written is no flood. ``now``: business time."""
    if incoming.here.channel == API or isinstance(incoming.body, Edited | Deleted | Returned):
        return False
    return isinstance(incoming.body, Written) or incoming.at > now - READ_BACK


def who(incoming: Incoming) -> str:
    """Whoever it is there, before anybody looked them up; it may be an address, so it is written nowhere."""
    forged = "unverified" if unproven(incoming) else ""
    return fingerprint("at once", incoming.here.channel, incoming.here.tenant, incoming.user, forged)


def unproven(incoming: Incoming) -> bool:
    """Who forges somebody's letters uses up nothing of theirs."""
    return isinstance(incoming.body, Written) and not incoming.body.proven


def spend(limits: Limits | None, incoming: Incoming, actor: Actor | None, intent: Intent | None, now: Now) -> None:
    """Raises TooMuch."""
    if limits is not None and counts(incoming, now.business):
        wants = wanted(incoming, actor, intent)
        if limits.take(wants, now.machine):
            raise TooMuch(wants, actor)


def wanted(incoming: Incoming, actor: Actor | None, intent: Intent | None) -> Wants:
    """None: somebody whom nobody knows."""
    guest = actor is None or actor.guest
    side = STRANGER if guest else STAFF if actor is not None and actor.staff else CUSTOMER
    forged = " unverified" if unproven(incoming) else ""
    one = who(incoming) if actor is None or actor.guest or forged else f"person {actor.id}"
    wants = {one: PERSON[side]}
    if guest and incoming.unbound:
        wants[f"strangers {incoming.here.channel}"] = STRANGERS
    elif actor is not None and actor.account is not None:
        wants[f"company {actor.account}{forged}"] = COMPANY
    if kind := costly(intent):
        wants[f"{one} {kind}"] = COSTLY[kind][side]
    return wants


def costly(intent: Intent | None) -> str:
    match intent:
        case Do(name):
            return KIND.get(name, "")
        case Begin(dialog) | Filled(dialog, _, None):
            return {OpenCase.name: "open", HowDoI.name: "ask"}.get(dialog, "")
        case Raise() | Letter(case=None):
            return "open"
    return ""


def only_this(lacking: Mapping[str, float]) -> str:
    """The costly thing, where it is nothing but that."""
    kinds = {name.rpartition(" ")[2] for name in lacking}
    return kinds.pop() if len(kinds) == 1 and kinds <= COSTLY.keys() else ""


def of_program(token: str, account: int, acts: bool) -> Wants:
    more = {f"acts {account}": ACTS} if acts else {}
    return {f"token {token}": TOKEN, f"programs {account}": PROGRAMS, **more}
