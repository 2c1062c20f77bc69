"""Waiting for the customer's Yes (W59): all of it at once, and how they are reminded; nothing closes itself."""

import re
from dataclasses import dataclass

from bot import text
from bot.desk import escalation
from bot.desk.closing import confirm
from bot.desk.doors import CaseRef, record
from bot.desk.views import CaseView, view
from bot.turn import Turn, as_actor
from rules.lifecycle import Verb, permit
from rules.refusals import Misunderstood, Refusal
from store.tables import Case

ALL = "confirm all"
LISTED = 20
_SEEN = re.compile(r"#?(\d{4,9})\s+r(\d{1,9})")
_BETWEEN = re.compile(r"[\s,]*")


@dataclass(frozen=True)
class Confirmed:
    done: tuple[CaseView, ...]
    left: tuple[int, ...]
    """What changed since they were asked, or is not theirs."""


def to_confirm(turn: Turn) -> list[CaseView]:
    """What waits for this very person's word: of the whole company, where they are nominated."""
    permit(turn.actor, Verb.CONFIRM)
    assert turn.actor.account is not None, "only customers confirm"
    opener = None if turn.actor.nominated else turn.actor.id
    return [view(turn, case) for case in turn.work.awaiting_of(turn.actor.account, opener, LISTED)]


def confirm_all(turn: Turn, words: str) -> Confirmed:
    """``1042 r1 1043 r2``: each as it was seen, and none but these."""
    seen = [(int(number), int(resolution)) for number, resolution in _SEEN.findall(words)]
    if not seen or len(seen) > LISTED or not _BETWEEN.fullmatch(_SEEN.sub("", words)):
        raise Misunderstood(usage=ALL)
    done, left = list[CaseView](), list[int]()
    for number, resolution in sorted(set(seen)):  # the one order in which several cases are locked
        try:
            done.append(view(turn, confirm(turn, CaseRef(number, resolution))))
        except Refusal:
            left.append(number)
    return Confirmed(tuple(done), tuple(left))


def remind(turn: Turn, case: Case) -> bool:
    """If it is time; after downtime once, at night not before the morning. Whether it has to wait for that."""
    at = escalation.asks_again(turn.catalogues, case)
    if at is None or at > turn.now:
        return False
    if escalation.quiet_until(turn, case) is not None:
        return True
    case.confirm_reminders = escalation.asked_so_far(turn.catalogues, case, turn.now)
    if turn.work.escalation_waits(case.id):
        turn.work.add(case)  # whoever waits for a human answer is asked nothing (W53)
        return False
    record(turn, case, Verb.REMIND, quiet=True)
    seen, key = view(turn, case), f"confirm {case.id} {case.awaiting_since:%Y%m%d%H%M%S%f}.{case.confirm_reminders}"
    said = text.please_confirm(seen, as_actor(seen.opener, seen.zone))
    turn.owe(case.conversation_id, said, case.id, thread=case.thread, key=key)
    return False
