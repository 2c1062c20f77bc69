"""Who a step of the ladder reaches: those it names, whoever stands in for them, and somebody in any case (R10)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import time

from bot.desk.views import CaseView
from bot.messages import Message
from bot.turn import Turn, the_desk
from rules import on_call
from rules.ladder import Hearer, Hearers
from rules.on_call import Away, Rota, Shift
from rules.people import Actor
from store.tables import Absence, Person
from store.tables import Rota as RotaRow


@dataclass(frozen=True)
class Heard:
    """Whom to tell."""

    people: tuple[Person, ...] = ()
    desk: bool = False
    mail: bool = False


@dataclass(frozen=True)
class Duty:
    """Who is on call and who is away, at this turn's time."""

    turn: Turn
    rotas: tuple[Rota, ...]
    away: tuple[Away, ...]

    def shifts(self) -> list[tuple[Rota, Shift]]:
        return [(rota, shift) for rota in self.rotas if (shift := rota.shift(self.turn.now))]

    def standing(self, people: Iterable[int]) -> list[int]:
        """They, or whoever stands in for them."""
        found = (on_call.present(person, self.away, self.turn.now) for person in people)
        return [person for person in dict.fromkeys(found) if person is not None]

    def on_call(self) -> list[int]:
        """Of each rota one."""
        return list(dict.fromkeys(one for rota, shift in self.shifts() for one in self.on_call_of(rota, shift)))

    def on_call_of(self, rota: Rota, shift: Shift) -> list[int]:
        """Whose turn it is, or their stand-in, or the next in turn who is there."""
        first = list(rota.people).index(shift.person)
        return self.standing([*rota.people[first:], *rota.people[:first]])[:1]


def duty(turn: Turn) -> Duty:
    rotas = tuple(_rota(row) for row in turn.work.rotas())
    return Duty(turn, rotas, tuple(away(row) for row in turn.work.absences(turn.now)))


def away(row: Absence) -> Away:
    return Away(row.person_id, row.starts, row.ends, row.stand_in_id)


def _rota(row: RotaRow) -> Rota:
    return Rota(row.name, row.people, row.begins, time.fromisoformat(row.handover), row.zone, row.days)


def heard(turn: Turn, seen: CaseView, hearers: Hearers) -> Heard:
    """Where nobody has that part in the case, the desk's room hears it; where all who have are away, who is on call."""
    on_duty, people, desk = duty(turn), list[int](), False
    for hearer in hearers:
        named = _named(turn, seen, hearer, on_duty)
        found = on_duty.standing(named) or (on_duty.on_call() if named else [])
        people += found
        desk = desk or (not found and hearer is not Hearer.MAIL)
    told = tuple(turn.work.person(number) for number in dict.fromkeys(people))
    return Heard(told, desk, Hearer.MAIL in hearers and seen.provider.escalation is not None)


def _named(turn: Turn, seen: CaseView, hearer: Hearer, on_duty: Duty) -> list[int]:
    work = turn.work
    match hearer:
        case Hearer.ASSIGNEE:
            found = [seen.assignee]
        case Hearer.CONCIERGE:
            found = [work.concierge(seen.case.account_id)]
        case Hearer.COACH:
            found = [work.coach(seen.case.account_id)]
        case Hearer.LEAD:
            found = [*work.leads()]
        case Hearer.ON_CALL:
            return on_duty.on_call()
        case Hearer.DESK | Hearer.MAIL:
            found = []
    return [person.id for person in found if person]


def tell(
    turn: Turn, seen: CaseView, whom: Heard, key: str, words: Callable[[Actor], Message], alone: bool = False
) -> None:
    """Each once ever under that key; whom nobody has ever met is not told nowhere, but in the desk's room.

    ``alone``: at once, and not in one message with others.
    """
    number, how = seen.case.id, {"warning": True, "alone": alone}
    told = [turn.tell(person, words, number, key=f"{key} {person.id}", **how) for person in whom.people]
    if whom.desk or not told or not all(told):
        _announce(turn, seen, key, words, whom.people, alone)
    if whom.mail and seen.provider.escalation is not None:
        mailbox = turn.work.conversation("email", "", seen.provider.escalation.address)
        turn.owe(mailbox.id, words(the_desk(seen.zone)), number, key=f"{key} mail", warning=True)


def _announce(
    turn: Turn, seen: CaseView, key: str, words: Callable[[Actor], Message], but: tuple[Person, ...], alone: bool
) -> None:
    rooms, number = turn.work.desk_rooms(), seen.case.id
    for room in rooms:
        said = words(the_desk(seen.zone))
        turn.owe(room.id, said, number, under_card=True, key=f"{key} room {room.id}", warning=True)
    for person in [] if rooms else turn.work.staff():
        if person not in but:
            turn.tell(person, words, number, key=f"{key} {person.id}", warning=True, alone=alone)
