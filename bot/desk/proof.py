"""How each warning of a case stands: whom it was for, and whether it was sent, seen, acknowledged or passed on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.turn import Turn
from rules.lifecycle import Verb
from store.tables import CaseEvent, Conversation
from store.warnings import Ping

State = Literal["waiting", "sent", "seen", "dead", "withdrawn"]


@dataclass(frozen=True)
class Proof:
    clock: Literal["warn", "next", "critical"]
    step: str
    """As it was recorded: 50, 100+1, slot-2 ..."""
    whom: str
    channel: str
    state: State
    reason: str
    instead: bool
    """Whether it carries on what did not arrive elsewhere."""
    acknowledged: str | None
    """By whom, before the next step."""


def step_of(key: str) -> tuple[str, str]:
    """``warn 1001.1.100+1 7``: warn and 100+1; ``critical 1001 7``: critical and nothing."""
    clock, about, *_ = key.split(" ")
    return clock, about.split(".", 2)[2] if about.count(".") > 1 else ""


def proofs(turn: Turn, case: int, events: Sequence[CaseEvent]) -> list[Proof]:
    pings = turn.work.pings([case])
    by_origin: dict[int, list[Ping]] = {}
    for ping in pings:
        by_origin.setdefault(ping.instead_of or 0, []).append(ping)
    acknowledged, found = _acknowledged(events), list[Proof]()
    named, rounds = dict[str, int](), dict[str, str]()
    for first in by_origin.get(0, []):
        clock, step = step_of(first.key or "")
        group = (first.key or "").rsplit(" ", 2 if " room " in (first.key or "") else 1)[0]
        if group not in rounds:  # the second "50" of a case is of its second clock
            named[step] = named.get(step, -1) + 1
            rounds[group] = acknowledged.get((step, named[step]), "")
        for ping in _chain(first, by_origin):
            found.append(_proof(turn, clock, step, ping, ping is not first, rounds[group] or None))
    return found


def _chain(first: Ping, by_origin: dict[int, list[Ping]]) -> Iterator[Ping]:
    yield first
    for other in by_origin.get(first.id, []):
        yield from _chain(other, by_origin)


def _acknowledged(events: Sequence[CaseEvent]) -> dict[tuple[str, int], str]:
    """By step, and how often that step had come before: who saw to it before the next one."""
    found, times, last = dict[tuple[str, int], str](), dict[str, int](), ("", 0)
    for event in events:
        if event.verb is Verb.WARN:
            times[event.words] = times.get(event.words, -1) + 1
            last = (event.words, times[event.words])
        elif event.verb is Verb.ACKNOWLEDGE:
            found.setdefault(last, event.by_name)
    return found


def _proof(turn: Turn, clock: str, step: str, ping: Ping, instead: bool, by: str | None) -> Proof:
    place = turn.work.place(ping.place)
    said: Literal["warn", "next", "critical"] = "next" if clock == "next" else "warn" if step else "critical"
    return Proof(said, step, _whom(turn, place), place.channel, _state(ping), ping.dead or "", instead, by)


def _whom(turn: Turn, place: Conversation) -> str:
    """Whose room it is; the desk's own has no name."""
    if place.desk:
        return ""
    person = turn.work.at_home_in(place)
    return person.name if person else place.room


def _state(ping: Ping) -> State:
    if ping.dead is not None:
        return "dead"
    if ping.withdrawn:
        return "withdrawn"
    if ping.seen_at is not None:
        return "seen"
    return "sent" if ping.done_at is not None else "waiting"
