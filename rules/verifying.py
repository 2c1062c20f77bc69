"""Recomputes a case from its history and says where what is kept differs; the same for what the lanes owe (R14)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rules import sla
from rules.catalogue import Catalogues
from rules.lifecycle import OVER, OVERTAKEN, RULES, Status, Verb

BEGINS = (Verb.OPEN, Verb.OPEN_FOR, Verb.IMPORT)
REOPENS = (Verb.NOT_SOLVED, Verb.REOPEN)


@dataclass(frozen=True)
class Promise:
    """The first answer's clock as an event left it."""

    received: datetime
    target: int | None
    """Business minutes."""
    due: datetime | None
    responded: datetime | None


@dataclass(frozen=True)
class Happened:
    at: datetime
    verb: Verb
    by: int | None
    before: Status | None
    after: Status
    words: str
    promise: Promise | None
    """None in a history from before it was kept."""


@dataclass(frozen=True)
class History:
    case: int
    kept: Mapping[str, Any]
    """The case's row, column by column."""
    events: Sequence[Happened]
    merged_here: int
    """How many other cases go on as this one."""


@dataclass(frozen=True)
class Finding:
    about: str
    """``case 1042``, ``message 17``."""
    field: str
    kept: object
    recomputed: object
    why: str
    wrong: bool = True
    """False: a note, such as a verdict that other business hours would not have given."""

    def __str__(self) -> str:
        return f"{self.about}: {self.field}: kept {_shown(self.kept)}, recomputed {_shown(self.recomputed)}: {self.why}"


def verify(history: History, catalogues: Catalogues) -> list[Finding]:
    if not history.events:
        return [Finding(_about(history), "history", "empty", "an opening", "no event of it is kept")]
    expected = _standing(history) | _promised(history)
    found = [
        Finding(_about(history), field, history.kept[field], value, WHY.get(field, "the sum of its history"))
        for field, value in expected.items()
        if history.kept[field] != value
    ]
    return [*_moves(history), *found, *_answered(history), *_cancelled(history), *_today(history, catalogues)]


def unrecorded(history: History) -> bool:
    """Whether its history began before received, target and due times were kept in it."""
    return bool(history.events) and history.events[0].promise is None


WHY = {
    "version": "the number of its events",
    "cycle": "one more than its reopenings",
    "over_at": "when it last ended",
    "confirmed_by": "whose confirm closed it",
    "confirmed_at": "when its confirm came",
    "force_reason": "the words with which it was closed",
    "resolutions": "how often it was called solved, or another case joined it",
    "merged_into": "where its merge led",
    "received_at": "as its first event recorded it",
    "target_minutes": "as its last event recorded it",
    "due_at": "as its last event recorded it",
    "responded_at": "when the first answer of a person was written",
    "cancelled_at": "when it first ended, or its customer called it solved, without an answer",
    "response_met": "whether that answer came by the time then due, and no breach was recorded before",
}


def _moves(history: History) -> Iterator[Finding]:
    """Each event goes on from the one before, as the table of verbs allows."""
    state: Status | None = None
    for number, event in enumerate(history.events, 1):
        moves = RULES[event.verb].moves
        if number == 1:
            allowed = event.verb in BEGINS and (event.before, event.after) == (Status.NEW, Status.NEW)
        else:
            ends = (moves[state], OVERTAKEN.get(event.verb)) if state is not None and state in moves else ()
            allowed = event.before is state and event.after in ends
        if not allowed:
            kept = f"{event.verb} from {event.before} to {event.after}"
            way = moves.get(state, "not allowed") if state else "an opening"
            yield Finding(_about(history), f"event {number}", kept, way, f"it was {state or 'not there'} before")
        state = event.after


def _standing(history: History) -> dict[str, object]:
    row: dict[str, Any] = {"status": Status.NEW, "version": len(history.events), "cycle": 1}
    row |= dict.fromkeys(ENDED) | {"answered_in_cycle": False, "resolutions": history.merged_here, "merged_into": None}
    for event in history.events:
        row["answered_in_cycle"] |= RULES[event.verb].responds
        row["status"] = event.after
        if event.after in OVER:
            row["over_at"] = row["over_at"] or event.at
        elif row["over_at"] is not None or event.verb in REOPENS:
            row |= dict.fromkeys(ENDED) | {"cycle": row["cycle"] + 1, "answered_in_cycle": False}
        row |= _done(event, row)
    return row


ENDED = ("over_at", "confirmed_by", "confirmed_at", "force_reason")


def _done(event: Happened, row: Mapping[str, Any]) -> dict[str, object]:
    """What this verb itself writes."""
    match event.verb:
        case Verb.CONFIRM:
            return {"confirmed_by": event.by, "confirmed_at": event.at}
        case Verb.FORCE_CLOSE:
            return {"force_reason": event.words}
        case Verb.MERGE:
            number = event.words.partition(" ")[0].removeprefix("#")
            return {"merged_into": int(number) if number.isdecimal() else None}
        case Verb.RESOLVE:
            return {"resolutions": row["resolutions"] + 1}
        case Verb.SOLVED if event.before is not Status.AWAITING:
            return {"resolutions": row["resolutions"] + 1}
    return {}


def _promised(history: History) -> dict[str, object]:
    """The verdict is the one that fell with the first answer, under the due time of that moment (R2, R14)."""
    first, last = history.events[0].promise, history.events[-1].promise
    answer = _answer(history)
    promised: dict[str, object] = {}
    if last is not None:
        promised |= {"target_minutes": last.target, "due_at": last.due}
    if first is not None:
        promised |= {"received_at": first.received}
    if answer is None:
        promised |= {"responded_at": None, "response_met": None}
    elif (then := _counts(history) or answer.promise) is not None:
        promised["responded_at"] = then.responded
        promised["response_met"] = then.responded <= then.due if then.responded and then.due else None
    else:
        promised["response_met"] = _met(history.kept["responded_at"], history.kept["due_at"])
    if any(event.verb is Verb.BREACH for event in history.events):  # only ever before the first answer
        promised["response_met"] = False
    return promised


def _answered(history: History) -> Iterator[Finding]:
    """Nobody answers before they were asked, nor later than it was heard; and who was answered has an answer."""
    answer, at = _answer(history), history.kept["responded_at"]
    if answer is not None and answer.promise is None and at is None:
        yield Finding(_about(history), "responded_at", at, answer.at, WHY["responded_at"])
    if answer is not None and at is not None and at > answer.at:
        yield Finding(_about(history), "responded_at", at, answer.at, "later than it was recorded")


def _cancelled(history: History) -> Iterator[Finding]:
    """Whoever is answered first waits for nothing; what ended before this was kept has none."""
    kept, first = history.kept["cancelled_at"], next(filter(settles, history.events), None)
    at = first.at if first is not None and not RULES[first.verb].responds else None
    if kept is not None and kept != at:
        yield Finding(_about(history), "cancelled_at", kept, at, WHY["cancelled_at"])


def settles(event: Happened) -> bool:
    """Whether nobody waits for the first answer after it."""
    return RULES[event.verb].responds or event.after in OVER or event.verb is Verb.SOLVED


def _today(history: History, catalogues: Catalogues) -> Iterator[Finding]:
    """A promise is kept as it was made: what today's catalogue would make of it is a note."""
    received, target, due = (history.kept[name] for name in ("received_at", "target_minutes", "due_at"))
    appointed = history.kept["slot_at"]
    provider = catalogues.providers.get((history.kept["plan"] or "").partition("/")[0])
    calendar = provider.counted() if provider else None
    if calendar is None or target is None or due is None or due == appointed:
        return
    today = sla.due(calendar, received, target)
    if today != due:
        yield Finding(_about(history), "due_at", due, today, "differs under today's calendar", wrong=False)


def _answer(history: History) -> Happened | None:
    return next((event for event in history.events if RULES[event.verb].responds), None)


def _counts(history: History) -> Promise | None:
    """Of the answers the one that was written first, though it may have left, or come by mail, after another."""
    answers = (event.promise for event in history.events if RULES[event.verb].responds)
    written = [(one.responded, number, one) for number, one in enumerate(answers) if one and one.responded]
    return min(written)[2] if written else None


def _met(responded: datetime | None, due: datetime | None) -> bool | None:
    return None if responded is None or due is None else responded <= due


def _about(history: History) -> str:
    return f"case {history.case}"


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "empty" if value is None else str(value)


@dataclass(frozen=True)
class Owed:
    """A message, and what it refers to: each as its lane's number, None where there is no such row."""

    number: int
    lane: int
    case: int | None
    done: bool
    ended: bool
    """It has a receipt, a reason why it is dead, or was withdrawn."""
    place: int | None
    scheduled: bool
    """Whether its lane says when there is something to send."""
    known_case: bool
    joins: int | None
    """0: it may leave together with others, and has not."""
    joined: int | None
    replaces: int | None
    replaced: int | None
    instead_of: int | None
    instead: int | None


def loose_ends(owed: Owed) -> Iterator[Finding]:
    """A message is sent, dead or due; what it refers to is there, in the lane where it must be."""

    def found(field: str, kept: object, recomputed: object, why: str) -> Finding:
        return Finding(f"message {owed.number}", field, kept, recomputed, why)

    if owed.place is None:
        yield found("conversation_id", owed.lane, None, "there is no such conversation")
    elif not owed.done and not owed.scheduled:
        yield found("done_at", None, "due", f"conversation {owed.lane} has nothing scheduled: it would never leave")
    if owed.done and not owed.ended:
        yield found("receipt", None, "a receipt or a reason", "it ended without either")
    if owed.case is not None and not owed.known_case:
        yield found("case_id", owed.case, None, "there is no such case")
    for field, refers, there in (("joins", owed.joins, owed.joined), ("replaces", owed.replaces, owed.replaced)):
        if refers and there != owed.lane:
            yield found(field, refers, None, f"no message {refers} is in conversation {owed.lane}")
    if owed.instead_of is not None and owed.instead in (None, owed.lane):
        yield found("instead_of", owed.instead_of, None, f"no message {owed.instead_of} is in another conversation")
