"""Who of the desk is there: away and back, on call, and whom warnings reach outside business hours (R10)."""

from dataclasses import dataclass
from datetime import datetime

from bot import text
from bot.desk.hearing import Duty, away, duty
from bot.desk.working import staff_named
from bot.turn import Turn
from rules import on_call
from rules.appointments import Slot
from rules.lifecycle import Verb, permit
from rules.on_call import Rota, Shift
from rules.refusals import InACircle, NobodyLikeThat, NoSuchChoice, PastTime
from store.tables import Absence, Person


@dataclass(frozen=True)
class OnCall:
    rota: Rota
    shift: Shift
    whose: Person
    there: Person | None
    """Whoever is in fact there for it."""
    next: Person


def go_away(turn: Turn, words: str) -> tuple[datetime, Person | None]:
    """``words`` are an instant as Slot writes it, then who stands in. In the place of an absence that lasts already."""
    permit(turn.actor, Verb.AWAY)
    at, _, who = words.partition(" ")
    until = Slot.read(at).at
    if until <= turn.now:
        raise PastTime()
    stand_in = staff_named(turn, who) if who else None
    if stand_in is not None and stand_in.id == turn.actor.id:
        raise NobodyLikeThat(who=who, several="")
    rows = _current(turn)
    row = rows[0] if rows else Absence(person_id=turn.actor.id, starts=turn.now, ends=until)
    row.ends, row.stand_in_id = until, stand_in.id if stand_in else None
    others = [away(each) for each in turn.work.absences(turn.now) if each.person_id != turn.actor.id]
    if on_call.circle(away(row), others):
        raise InACircle(who=stand_in.name if stand_in else "")
    turn.work.add(row)
    _note(turn, "away", f"until {until:%Y-%m-%d %H:%M} UTC" + (f", {stand_in.email}" if stand_in else ""))
    if stand_in is not None:
        turn.tell(stand_in, lambda reader: text.stands_in(turn.actor, until, reader))
    return until, stand_in


def come_back(turn: Turn) -> bool:
    """Whether they were away."""
    permit(turn.actor, Verb.BACK)
    rows = _current(turn)
    for row in rows:
        if row.starts < turn.now:
            row.ends = turn.now
            turn.work.add(row)
        else:
            turn.work.drop(row)
    if rows:
        _note(turn, "back", "")
    return bool(rows)


def any_hour(turn: Turn, words: str) -> bool:
    permit(turn.actor, Verb.ANY_HOUR)
    wanted = words.strip().lower()
    if wanted not in ("on", "off"):
        raise NoSuchChoice(given=words, choices="on, off")
    person = turn.work.person(turn.actor.id)
    person.any_hour = wanted == "on"
    turn.work.add(person)
    _note(turn, "any-hour", wanted)
    return person.any_hour


def who_is_on_call(turn: Turn) -> list[OnCall]:
    permit(turn.actor, Verb.ON_CALL)
    now = duty(turn)
    return [_on_call(turn, now, rota, shift) for rota, shift in now.shifts()]


def _on_call(turn: Turn, now: Duty, rota: Rota, shift: Shift) -> OnCall:
    after = rota.shift(shift.until)
    assert after is not None, "a rota that has begun goes on"
    there = next(iter(now.on_call_of(rota, shift)), None)
    person = turn.work.person
    return OnCall(rota, shift, person(shift.person), person(there) if there else None, person(after.person))


def _current(turn: Turn) -> list[Absence]:
    mine = (each for each in turn.work.absences(turn.now) if each.person_id == turn.actor.id)
    return [each for each in mine if each.starts <= turn.now]


def _note(turn: Turn, what: str, about: str) -> None:
    turn.work.audit(at=turn.now, person_id=turn.actor.id, what=what, about=about[:200], outcome="done")
