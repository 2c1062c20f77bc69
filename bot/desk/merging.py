"""Two cases become one: what was agreed on goes on with both its stamps, as do the questions that nobody has answered;
what was still open falls (R9)."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from bot import text
from bot.desk import escalation, handing_over, inviting
from bot.desk.doors import CaseRef, find, record
from bot.desk.promising import follow_proposal
from bot.desk.views import view
from bot.turn import Turn, as_actor
from rules import sla
from rules.agreements import (
    ACCEPTED,
    OFFERED,
    REQUESTED,
    WITHDRAWN,
    Carried,
    Kept,
    Merged,
    Standing,
    State,
    What,
    settled,
)
from rules.appointments import AGREED, CALLED_OFF, MISSED
from rules.lifecycle import Status, Verb
from rules.refusals import CantMerge, CantMergeYet, Misunderstood
from rules.sla import OFFER
from store.tables import Agreement, Case

_NAMED = re.compile(r"(?:(?:into|with|to|and)\b\s*)?(?:case\b\s*)?#?", re.I)
OPEN = frozenset({Standing.PROPOSED, Standing.COUNTERED})
HOLDS = frozenset({AGREED, MISSED})
"""Of a time: somebody still counts on a contact, or was let down and waits for one (R13)."""


def merge(turn: Turn, ref: CaseRef, into: str) -> Case:
    """One of the two goes on: the one received first, whichever was named first. Returns the one that does."""
    number = _NAMED.sub("", into.strip()).strip()
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Misunderstood(usage="merge 1042 1043")
    pair = {case.id: case for case in (find(turn, Verb.MERGE, CaseRef(n)) for n in sorted({ref.number, int(number)}))}
    if len(pair) != 2 or len({case.account_id for case in pair.values()}) != 1:
        raise CantMerge(case=ref.number)
    lives = pair.pop(sla.survivor({n: case.received_at for n, case in pair.items()}))
    [ends] = pair.values()
    kept = tuple(_carry_over(turn, lives, ends))
    fell = tuple(_let_fall(turn, ends, kept))
    asks = ends.promised_by != OFFER and ends.status not in (lives.status, Status.AWAITING)
    _go_on_waiting(turn, lives, ends)
    ends.merged_into = lives.id
    turn.work.follow_on(ends.id, lives.id)
    turn.work.refresh_cards(lives.id, turn.time.machine)
    lives.resolutions += 1  # whoever was asked whether it is solved was not asked about this
    turn.work.add(lives)
    handing_over.take_up(turn, lives)
    record(turn, ends, Verb.MERGE, str(Merged(lives.id, fell)))
    if kept:
        words = str(Carried(ends.id, kept))
        _tell_the_other(turn, record(turn, lives, Verb.CARRY_OVER, words), ends, words)
    if asks and lives.status in (Status.WAITING, Status.AWAITING):
        record(turn, lives, Verb.JOIN, f"#{ends.id}")
    if ends.opened_by != lives.opened_by and not turn.work.person(ends.opened_by).guest:
        turn.work.follow(lives.id, ends.opened_by, turn.now)  # they hear what becomes of it
    return lives


def _go_on_waiting(turn: Turn, lives: Case, ends: Case) -> None:
    """The oldest question without an answer, where the one that goes on has had its first (R3)."""
    first = ends.received_at if ends.owed and ends.promised_by != OFFER else None
    if not lives.owed:
        lives.asked_at = min((at for at in (lives.asked_at, ends.asked_at, first) if at is not None), default=None)
    escalation.schedule(turn, lives)


def _carry_over(turn: Turn, lives: Case, ends: Case) -> Iterator[Kept]:
    """CantMergeYet where both have one, and one case cannot hold both."""
    change = turn.work.change_on(ends.id)
    if change is not None and change.declined_at is None and change.applied_at is None:
        raise _cant(lives, ends, What.UPGRADE)
    paid = _quote(turn, lives, ends)
    if paid:
        yield Kept.QUOTE
    if _slot(turn, lives, ends):
        yield Kept.SLOT
    if _verdict(lives, ends, paid=paid):
        yield Kept.VERDICT
    if _priority(turn, lives, ends):
        yield Kept.PRIORITY
    if ends.client_caused and not lives.client_caused:
        lives.client_caused = True
        yield Kept.CAUSE
    if lives.quote_state in (OFFERED, ACCEPTED) and settled(lives.coverage, lives.client_caused):
        raise _cant(lives, ends, "coverage")


def _quote(turn: Turn, lives: Case, ends: Case) -> bool:
    """Every accepted one holds; or at least their wish for one is not lost."""
    if ends.quote_state == REQUESTED and lives.quote_state is None:
        lives.quote_state = REQUESTED
        return True
    accepted = _agreed(turn, ends, What.QUOTE)
    if not accepted and ends.quote_state != ACCEPTED:
        return False
    if lives.quote_state == OFFERED:
        raise _cant(lives, ends, What.QUOTE)
    for each in accepted:
        lives.quotes += 1
        turn.work.carry_over(each, lives.id, lives.quotes)
    lives.quotes += not accepted  # from before stamps were kept
    lives.quote_minutes = int(accepted[-1].terms) if accepted else ends.quote_minutes
    lives.quote_state = ACCEPTED
    return True


def _slot(turn: Turn, lives: Case, ends: Case) -> bool:
    if ends.slot_state not in HOLDS:
        return False
    ahead = lives.slot_at is not None and lives.slot_at > turn.now
    if lives.slot_state in HOLDS or (lives.slot_state == OFFERED and ahead):
        raise _cant(lives, ends, What.SLOT)
    turn.work.supersede(lives.id, What.SLOT, State.OFFERED, State.AGREED)
    lives.slots += 1
    for each in _agreed(turn, ends, What.SLOT)[-1:]:
        turn.work.carry_over(each, lives.id, lives.slots)
    for name in ("slot_at", "slot_ends", "slot_state", "slot_by", "reminded_at"):
        setattr(lives, name, getattr(ends, name))
    return True


def _priority(turn: Turn, lives: Case, ends: Case) -> bool:
    """The higher one, as both sides stand to it; the promise moves along where that can still be kept (R7)."""
    ranks = view(turn, lives).provider.desk.priorities
    if _rank(ranks, ends.priority) <= _rank(ranks, lives.priority):
        return False
    turn.work.supersede(lives.id, What.PRIORITY, State.OFFERED, State.AGREED)
    lives.priorities += 1
    if (last := turn.work.last_proposal(ends.id, What.PRIORITY)) is not None:
        turn.work.carry_over(last, lives.id, lives.priorities)
    for name in ("priority", "priority_state", "prioritised_by"):
        setattr(lives, name, getattr(ends, name))
    follow_proposal(turn, lives)
    return True


def _rank(ranks: Sequence[str], priority: str | None) -> int:
    """Of none: in the middle."""
    return len(ranks) - ranks.index(priority) if priority in ranks else len(ranks) // 2


def _verdict(lives: Case, ends: Case, *, paid: bool) -> bool:
    """What the desk ruled, or what it quoted for: where nobody has ruled on the one that goes on."""
    judged = ends.covered_by is not None
    if lives.covered_by is not None:
        if judged and lives.coverage != ends.coverage:
            raise _cant(lives, ends, "coverage")
        return False
    if not judged and not paid:
        return False
    for name in ("kind", "coverage", "covered_by", "covered_at", "estimate_minutes"):
        setattr(lives, name, getattr(ends, name))
    return judged


def _let_fall(turn: Turn, ends: Case, kept: Collection[Kept]) -> Iterator[What]:
    """Nobody can answer it any more."""
    if ends.quote_state == OFFERED:
        ends.quote_state = WITHDRAWN
        yield What.QUOTE
    if ends.slot_state == OFFERED:
        ends.slot_state = CALLED_OFF
        yield What.SLOT
    if ends.priority_state in OPEN and Kept.PRIORITY not in kept:
        yield What.PRIORITY
    for what in (What.QUOTE, What.SLOT, What.PRIORITY):
        turn.work.supersede(ends.id, what, State.OFFERED)


def _tell_the_other(turn: Turn, lives: Case, ends: Case, words: str) -> None:
    """Whoever agreed to it on the case that ended, where that one lived."""
    opener = turn.work.person(ends.opened_by)
    here, there = (lives.conversation_id, lives.thread), (ends.conversation_id, ends.thread)
    if here == there or opener.left_at is not None:
        return
    seen = view(turn, lives)
    reader = as_actor(opener, seen.zone)
    said = text.news(seen, Verb.CARRY_OVER, turn.actor, words, reader)
    dated = replace(said, calendar=inviting.file(seen, reader, None)) if inviting.agreed(lives) else said
    turn.owe(ends.conversation_id, dated, lives.id, thread=ends.thread)


def _agreed(turn: Turn, case: Case, what: What) -> list[Agreement]:
    return [each for each in turn.work.agreements(case.id) if each.what == what and each.state == State.AGREED]


def _cant(lives: Case, ends: Case, what: str) -> CantMergeYet:
    return CantMergeYet(case=ends.id, other=lives.id, what=what)
