"""What both sides agree on: coverage, a quote, and which of their questions is answered; the customer's verdict."""

from collections.abc import Iterator, Sequence

from bot.desk.doors import CaseRef, find, record
from bot.desk.views import CaseView, view
from bot.turn import Turn
from rules import coverage
from rules.agreements import ACCEPTED, DECLINED, OFFERED, WITHDRAWN, Standing, State, What
from rules.catalogue import INCLUDED, Kind, Verdict
from rules.lifecycle import STARS, Verb
from rules.refusals import CaseMoved, ItIsCovered, Misunderstood, NoSuchChoice
from store.tables import Case


def cover(turn: Turn, ref: CaseRef, words: str) -> Case:
    """``covered It is an ordinary view``: a person's verdict in place of the provisional one (W37). It holds without
    the customer's answer; what is covered is quoted no more (W24)."""
    case = find(turn, Verb.COVER, ref)
    verdict, reason = split(words, [verdict.value for verdict in Verdict], "cover 1042 covered REASON")
    case.coverage, case.covered_by, case.covered_at = verdict, turn.actor.id, turn.now
    if verdict in INCLUDED and case.quote_state == OFFERED:
        case.quote_state = WITHDRAWN
        turn.work.supersede(case.id, What.QUOTE, State.OFFERED)
    return record(turn, case, Verb.COVER, f"{verdict.replace('_', ' ')}: {reason}")


def client_caused(turn: Turn, ref: CaseRef, words: str) -> Case:
    """Said to the customer before anything could be charged (W38): that takes a quote, and their word."""
    case = find(turn, Verb.CLIENT_CAUSED, ref)
    case.client_caused = True
    return record(turn, case, Verb.CLIENT_CAUSED, words)


def quote(turn: Turn, ref: CaseRef, words: str) -> Case:
    """``120 Two new reports``: an estimate in minutes of work, on time and materials; work waits for the Yes (W24)."""
    case = find(turn, Verb.QUOTE, ref)
    minutes, _, what = words.partition(" ")
    if not (minutes.isascii() and minutes.isdigit() and 0 < int(minutes[:7]) < 10**6 and what.strip()):
        raise Misunderstood(usage="quote 1042 120 WHAT")
    if case.coverage == Verdict.COVERED and case.covered_by is not None and not case.client_caused:
        raise ItIsCovered(case=case.id, clauses=_ruling(view(turn, case)))
    case.quotes, case.quote_minutes, case.quote_state = case.quotes + 1, int(minutes), OFFERED
    return record(turn, case, Verb.QUOTE, what.strip())


def _ruling(seen: CaseView) -> tuple[str, ...]:
    kind = Kind(seen.case.kind) if seen.case.kind else None
    found = coverage.coverage(seen.plan, kind) if seen.plan else None
    return found.clauses if found and found.verdict == Verdict.COVERED else ()


def accept(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    return _settle(turn, ref, Verb.ACCEPT, words, ACCEPTED)


def decline(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    return _settle(turn, ref, Verb.DECLINE, words, DECLINED)


def rate(turn: Turn, ref: CaseRef, words: str) -> Case:
    """1 to 5, with a comment if they like."""
    case = find(turn, Verb.RATE, ref)
    stars, _, comment = words.partition(" ")
    if stars not in {str(star) for star in STARS}:
        raise NoSuchChoice(given=stars, choices=", ".join(map(str, STARS)))
    case.rating = int(stars)
    return record(turn, case, Verb.RATE, f"{stars} {comment}".strip())


def what_is_meant(turn: Turn, ref: CaseRef, line: str, words: str) -> What:
    """By ``accept`` or ``decline``: what is named, or else the one thing that waits for whoever says it.

    Misunderstood where several things do and none is named.
    """
    named = words.partition(" ")[0].lower()
    answered = next(
        (what for what in (What.SLOT, What.QUOTE, What.PRIORITY, What.UPGRADE) if named.startswith(what)), None
    )
    case = turn.work.glance(ref.number, *turn.actor.scope)
    if answered or named or case is None:
        return answered or What.QUOTE
    waiting = list(_waiting(view(turn, case), turn))
    if len(waiting) > 1:
        raise Misunderstood(usage=" · ".join(f"{line} {case.id} {what}-{number}" for what, number in waiting))
    if waiting:
        return waiting[0][0]
    return What.SLOT if case.slot_state is not None else What.QUOTE


def _waiting(seen: CaseView, turn: Turn) -> Iterator[tuple[What, int]]:
    case = seen.case
    if case.quote_state == OFFERED and not turn.actor.staff:
        yield What.QUOTE, case.quotes
    if seen.waits_for(turn.actor):
        yield What.SLOT, case.slots
    if case.priority_state == Standing.COUNTERED and not turn.actor.staff:
        yield What.PRIORITY, case.priorities
    if not turn.actor.staff and (upgrade := turn.work.change_on(case.id)) and upgrade.waits:
        yield What.UPGRADE, upgrade.number


def _settle(turn: Turn, ref: CaseRef, verb: Verb, words: str, state: str) -> Case:
    """``quote-2``: only the quote that they saw, and only while it is open."""
    case = find(turn, verb, ref)
    if case.id != ref.number or case.quote_state != OFFERED or not named(words, What.QUOTE, case.quotes):
        raise CaseMoved(case=case.id)
    case.quote_state = state
    return record(turn, case, verb, f"quote-{case.quotes}")


def named(words: str, what: What, number: int) -> bool:
    """Whether that very one is meant, or the current one."""
    return words.partition(" ")[0].lower() in ("", what, f"{what}-{number}")


def split(words: str, choices: Sequence[str], usage: str) -> tuple[str, str]:
    """One of the choices, and the reason for it."""
    first, _, reason = words.partition(" ")
    if first.lower() not in choices:
        raise NoSuchChoice(given=first, choices=", ".join(choices))
    if not reason.strip():
        raise Misunderstood(usage=usage)
    return first.lower(), reason.strip()
