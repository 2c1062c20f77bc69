"""Warning the desk before a promise is broken, and climbing from one to the next until somebody answers (R10, R11)."""

from collections.abc import Callable
from datetime import datetime

from bot import text
from bot.desk.views import CaseView, view
from bot.messages import Message
from bot.turn import Turn, the_desk
from rules import sla
from rules.people import Actor
from store.tables import Case, Person


def schedule(turn: Turn, case: Case) -> None:
    """When the next step is due; never while nothing is promised or nobody waits for an answer."""
    since, calendar = _since(case), view(turn, case).provider.calendar()
    if case.target_minutes is None or calendar is None or since is None or case.over_at is not None:
        case.next_alarm_at = None
    else:
        case.next_alarm_at = sla.next_alarm(calendar, since, case.target_minutes, turn.now, case.acknowledged_at).at


def reached(turn: Turn, case: Case) -> sla.Step | None:
    """The highest step passed: after downtime the lower ones are not sent."""
    since, calendar = _since(case), view(turn, case).provider.calendar()
    if case.target_minutes is None or calendar is None or since is None:
        return None
    return sla.reached(calendar, since, case.target_minutes, turn.now, case.acknowledged_at)


def _since(case: Case) -> datetime | None:
    """The first answer's clock (R1); once that is given, the next one's, which never outranks it (R3)."""
    return case.received_at if case.responded_at is None else case.asked_at


def warn(turn: Turn, case: Case, step: sla.Step) -> None:
    """Tells whoever this step reaches, each once ever for this case, cycle and step."""
    seen = view(turn, case)
    if case.responded_at is not None:
        return _warn_of_next(turn, seen, step)
    key = f"warn {case.id}.{case.cycle}.{step.threshold}"
    _tell(turn, seen, _people(turn, seen, step), _announced(seen, step), key, lambda r: text.warned(seen, step, r))
    if step.share >= 100 and step.rung == 0 and seen.provider.escalation is not None:
        mailbox = turn.work.conversation("email", "", seen.provider.escalation.address)
        turn.owe(mailbox.id, text.warned(seen, step, the_desk(seen.zone)), case.id, key=f"{key} mail", warning=True)


def _warn_of_next(turn: Turn, seen: CaseView, step: sla.Step) -> None:
    """The desk's own clock: the assignee, then the lead; never mail, and never called a breach (R3, R10)."""
    case = seen.case
    people = turn.work.leads() if step.share >= 100 else [seen.assignee] if seen.assignee else []
    key = f"next {case.id}.{case.asked_at:%Y%m%d%H%M%S%f}.{step.threshold}"
    _tell(turn, seen, people, _announced(seen, step), key, lambda r: text.unanswered(seen, step, r))


def critical(turn: Turn, case: Case) -> None:
    """Proposed critical: the concierge, or the desk, hears of it at once, whatever the hour (R10)."""
    seen = view(turn, case)
    people = [person for person in (turn.work.concierge(case.account_id),) if person]
    _tell(turn, seen, people, not people, f"critical {case.id}", lambda r: text.critical(seen, r))


def _people(turn: Turn, seen: CaseView, step: sla.Step) -> list[Person]:
    """50 % the assignee; 75 % the concierge too; 100 % the concierge and the leads; then everybody on the ladder."""
    assignee = [seen.assignee] if seen.assignee else []
    concierge = [person for person in (turn.work.concierge(seen.case.account_id),) if person]
    if step.rung:
        return _once(assignee + concierge + turn.work.leads())
    if step.share >= 100:
        return _once(concierge + turn.work.leads())
    return _once(assignee + (concierge if step.share >= 75 else []))


def _announced(seen: CaseView, step: sla.Step) -> bool:
    """Whether the desk's rooms hear of it: while nobody works on it, and again when the ladder is climbed."""
    return seen.assignee is None or step.rung > 0


def _tell(
    turn: Turn, seen: CaseView, people: list[Person], announce: bool, key: str, words: Callable[[Actor], Message]
) -> None:
    number = seen.case.id
    told = [turn.tell(person, words, number, key=f"{key} {person.id}", warning=True) for person in people]
    if announce or not any(told):
        for room in turn.work.desk_rooms():
            said = words(the_desk(seen.zone))
            turn.owe(room.id, said, number, under_card=True, key=f"{key} room {room.id}", warning=True)


def _once(people: list[Person]) -> list[Person]:
    return list({person.id: person for person in people}.values())
