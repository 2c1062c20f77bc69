"""What both sides agree on: priority, coverage, a quote; and the customer's verdict at the end."""

from bot.desk.doors import CaseRef, find, record
from bot.desk.views import view
from bot.turn import Turn
from rules import sla
from rules.catalogue import Verdict
from rules.lifecycle import Verb
from rules.refusals import CaseMoved, Misunderstood, NoSuchChoice
from store.tables import Case

OFFERED, ACCEPTED, DECLINED = "offered", "accepted", "declined"


def prioritise(turn: Turn, ref: CaseRef, words: str) -> Case:
    """``high They invoice tomorrow``: reassessed, for a reason the customer reads (W45); elapsed time counts (R7)."""
    case = find(turn, Verb.PRIORITISE, ref)
    seen = view(turn, case)
    level, reason = _split(words, seen.provider.desk.priorities, "priority 1042 high REASON")
    case.priority, case.prioritised_by = level, turn.actor.id
    target, calendar = seen.plan.target(level) if seen.plan else None, seen.provider.calendar()
    if target and calendar and case.responded_at is None and target.minutes != case.target_minutes:
        case.target_minutes = target.minutes
        case.due_at = sla.due(calendar, case.received_at, target.minutes)
    return record(turn, case, Verb.PRIORITISE, f"{level}: {reason}")


def cover(turn: Turn, ref: CaseRef, words: str) -> Case:
    """``covered It is an ordinary view``: a person's verdict in place of the provisional one (W37)."""
    case = find(turn, Verb.COVER, ref)
    verdict, reason = _split(words, [verdict.value for verdict in Verdict], "cover 1042 covered REASON")
    case.coverage, case.covered_by = verdict, turn.actor.id
    return record(turn, case, Verb.COVER, f"{verdict.replace('_', ' ')}: {reason}")


def client_caused(turn: Turn, ref: CaseRef, words: str) -> Case:
    """Said to the customer before anything could be charged (W38)."""
    case = find(turn, Verb.CLIENT_CAUSED, ref)
    case.client_caused = True
    return record(turn, case, Verb.CLIENT_CAUSED, words)


def quote(turn: Turn, ref: CaseRef, words: str) -> Case:
    """``120 Two new reports``: an estimate in minutes of work, on time and materials; work waits for the Yes (W24)."""
    case = find(turn, Verb.QUOTE, ref)
    minutes, _, what = words.partition(" ")
    if not (minutes.isascii() and minutes.isdigit() and 0 < int(minutes[:7]) < 10**6 and what.strip()):
        raise Misunderstood(usage="quote 1042 120 WHAT")
    case.quotes, case.quote_minutes, case.quote_state = case.quotes + 1, int(minutes), OFFERED
    return record(turn, case, Verb.QUOTE, what.strip())


def accept(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    return _settle(turn, ref, Verb.ACCEPT, words, ACCEPTED)


def decline(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    return _settle(turn, ref, Verb.DECLINE, words, DECLINED)


def rate(turn: Turn, ref: CaseRef, words: str) -> Case:
    """1 to 5, with a comment if they like."""
    case = find(turn, Verb.RATE, ref)
    stars, _, comment = words.partition(" ")
    if stars not in {"1", "2", "3", "4", "5"}:
        raise NoSuchChoice(given=stars, choices="1, 2, 3, 4, 5")
    case.rating = int(stars)
    return record(turn, case, Verb.RATE, f"{stars} {comment}".strip())


def _settle(turn: Turn, ref: CaseRef, verb: Verb, words: str, state: str) -> Case:
    """``quote-2``: only the quote that they saw, and only while it is open."""
    case = find(turn, verb, ref)
    seen = words.partition(" ")[0].lower()
    if case.id != ref.number or case.quote_state != OFFERED or seen not in ("", "quote", f"quote-{case.quotes}"):
        raise CaseMoved(case=case.id)
    case.quote_state = state
    return record(turn, case, verb, f"quote-{case.quotes}")


def _split(words: str, choices: "tuple[str, ...] | list[str]", usage: str) -> tuple[str, str]:
    first, _, reason = words.partition(" ")
    if first.lower() not in choices:
        raise NoSuchChoice(given=first, choices=", ".join(choices))
    if not reason.strip():
        raise Misunderstood(usage=usage)
    return first.lower(), reason.strip()
