"""What both sides agree on: coverage, a quote, and which of their questions is answered; the customer's verdict."""

import re
from collections.abc import Iterator, Sequence

from bot.desk.doors import CaseRef, find, record
from bot.desk.replies import worded
from bot.desk.views import CaseView, view
from bot.turn import Turn
from rules import coverage
from rules.agreements import ACCEPTED, DECLINED, OFFERED, WITHDRAWN, Judged, Standing, State, What, settled
from rules.catalogue import Kind, Verdict
from rules.lifecycle import OVER, STARS, Status, Verb, may
from rules.refusals import CaseMoved, ItIsCovered, Misunderstood, NoSuchChoice, NothingWaits, NotRated, WhichOne
from store.tables import Case


def cover(turn: Turn, ref: CaseRef, words: str) -> Case:
    """``covered It is an ordinary view``: a person's verdict in place of the provisional one (W37). It holds without
    the customer's answer; of what is covered no quote is left, whatever became of it (W7, W24)."""
    case = find(turn, Verb.COVER, ref)
    verdict, reason = split(words, [verdict.value for verdict in Verdict], "cover 1042 covered REASON")
    case.coverage, case.covered_by, case.covered_at = verdict, turn.actor.id, turn.now
    case.client_caused = case.client_caused and verdict != Verdict.COVERED
    if case.quote_state is not None and settled(verdict, case.client_caused):
        case.quote_state = WITHDRAWN
        turn.work.supersede(case.id, What.QUOTE, State.OFFERED, State.AGREED)
    return record(turn, case, Verb.COVER, str(Judged(Verdict(verdict), reason)))


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
    if settled(case.coverage, case.client_caused):
        judged = case.covered_by is not None
        raise ItIsCovered(case=case.id, judged=judged, clauses=_ruling(view(turn, case)))
    case.quotes, case.quote_minutes, case.quote_state = case.quotes + 1, int(minutes), OFFERED
    return record(turn, case, Verb.QUOTE, worded(turn, view(turn, case), what.strip()))


def _ruling(seen: CaseView) -> tuple[str, ...]:
    kind = Kind(seen.case.kind) if seen.case.kind else None
    found = coverage.coverage(seen.plan, kind) if seen.plan else None
    return found.clauses if found and found.verdict == seen.case.coverage else ()


def accept(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    return _settle(turn, ref, Verb.ACCEPT, words, ACCEPTED)


def decline(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    return _settle(turn, ref, Verb.DECLINE, words, DECLINED)


def rate(turn: Turn, ref: CaseRef, words: str) -> Case:
    """1 to 5, with a comment if they like."""
    case = find(turn, Verb.RATE, ref)
    given = _RATING.fullmatch(words.strip())
    if given is None or int(given["stars"]) not in STARS:
        raise NoSuchChoice(given=words.partition(" ")[0], choices=", ".join(map(str, STARS)))
    case.rating = int(given["stars"])
    return record(turn, case, Verb.RATE, f"{given['stars']} {given['comment']}".strip())


_RATING = re.compile(rf"(?P<stars>\d)(?: ?/ ?{STARS[-1]}| stars?)?(?![\d/]|\.\d)[\s,.:;!]*(?P<comment>.*)", re.I | re.S)


def last_confirmed(turn: Turn) -> int | None:
    """What whoever acts was asked about last: how it was."""
    return turn.work.last_confirmed_by(turn.actor.id)


def comment(turn: Turn, ref: CaseRef, words: str) -> Case:
    """With the rating that they gave."""
    case = find(turn, Verb.RATE, ref)
    if case.rating is None:
        raise NotRated(case=case.id)
    return record(turn, case, Verb.RATE, f"{case.rating} {words}")


def asks_rating(turn: Turn, case: Case) -> bool:
    """Once, of who confirmed it; of nobody who waits for a human answer to what they escalated (W53)."""
    account, opener = turn.actor.scope
    if case.rating is not None or case.status is not Status.CLOSED or turn.work.escalation_waits(case.id):
        return False
    return account is not None and not turn.work.escalations_wait(account, opener or turn.actor.id)


def what_is_meant(turn: Turn, ref: CaseRef, line: str, words: str) -> What:
    """By ``accept`` or ``decline``: what is named, or else the one thing that waits for whoever says it.

    WhichOne where several do, or it waits on the case that this one was merged into; NothingWaits.
    """
    named = words.partition(" ")[0].lower()
    answered = next(
        (what for what in (What.SLOT, What.QUOTE, What.PRIORITY, What.UPGRADE) if named.startswith(what)), None
    )
    case = _living(turn, ref.number)
    if answered or named or case is None or case.status in OVER:
        return answered or What.QUOTE
    waiting = tuple(_waiting(view(turn, case), turn))
    if len(waiting) > 1 or (waiting and case.id != ref.number):
        raise WhichOne(case=case.id, line=line, waiting=waiting)
    if waiting:
        return waiting[0][0]
    if case.slot_state == OFFERED:  # it is past, or their own
        return What.SLOT
    raise NothingWaits(case=case.id)


def _living(turn: Turn, number: int) -> Case | None:
    """The case, or the one that it goes on as (R9)."""
    case = turn.work.glance(number, *turn.actor.scope)
    while case is not None and case.merged_into is not None:
        case = turn.work.glance(case.merged_into, *turn.actor.scope)
    return case


def _waiting(seen: CaseView, turn: Turn) -> Iterator[tuple[What, int]]:
    case, actor = seen.case, turn.actor
    if case.quote_state == OFFERED and may(actor, Verb.ACCEPT):
        yield What.QUOTE, case.quotes
    if seen.waits_for(actor):
        yield What.SLOT, case.slots
    if case.priority_state == Standing.COUNTERED and may(actor, Verb.ACCEPT_PRIORITY):
        yield What.PRIORITY, case.priorities
    if may(actor, Verb.ACCEPT_UPGRADE) and (upgrade := turn.work.change_on(case.id)) and upgrade.waits:
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
