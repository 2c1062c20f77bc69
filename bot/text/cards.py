"""How a case looks: its card, its history, and lists of cases."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.messages import CaseNumber, Code, Message, Quoted
from bot.messages import Person as Named
from bot.text.agreements import CODE, history_of, history_of_priority, quoted, reason, stamped
from bot.text.coverage import SILENT, rows
from bot.text.following import followers, follows
from bot.text.handing_over import eligibility, handover, word_on
from bot.text.proof import step, warnings
from bot.text.upgrading import answers as answers_of_change
from bot.text.upgrading import rows as rows_of_change
from bot.text.values import (
    COVERAGE,
    ROLES,
    appointment,
    left,
    level,
    moment,
    number,
    plan,
    proposed,
    response,
    slot,
    status,
    with_,
)
from bot.wording import Choice, Gauge, Part, Row, Sentence, Table, message, say
from rules.agreements import Standing
from rules.appointments import Slot
from rules.lifecycle import OVER, Status, Verb, offered
from rules.people import Actor, Role

if TYPE_CHECKING:
    from bot.desk.proof import Proof
    from bot.desk.stamps import Stamps
    from bot.desk.views import CaseView
    from store.tables import CaseEvent


def card(view: "CaseView", reader: Actor) -> Message:
    """How a case stands, with what this reader can do."""
    return message(reader, *card_parts(view, reader), why=False)  # a picture; "why 1042" tells all of it


def card_parts(view: "CaseView", reader: Actor) -> tuple[Part | None, ...]:
    case = view.case
    unfinished = case.incomplete and case.over_at is None
    return (
        say("{case}: {subject}", style="heading", case=number(view), subject=Quoted(case.subject)),
        Table((*(_desk_rows(view) if reader.staff else ()), *_rows_of(view, reader))),
        gauge(view),
        say("Not all questions are answered.", style="small") if unfinished else None,
        (
            *choices(view, reader),
            *answers_of_change(view, reader),
            *_call_off(view, reader),
            *follows(view, reader),
        ),
    )


def gauge(view: "CaseView") -> Gauge | None:
    """While somebody is owed an answer: how much of its time is gone."""
    used = view.used()
    if used is None or not view.case.owed:
        return None
    return Gauge(used, left(view))


def _desk_rows(view: "CaseView") -> tuple[tuple[str, Any], ...]:
    opener = Named(view.opener.name, ROLES[Role.CUSTOMER])
    return (
        ("Customer", say("{who}, {account}", who=opener, account=Quoted(view.account.name))),
        ("Eligibility", eligibility(view)),
        *_incident(view),
    )


def _incident(view: "CaseView") -> tuple[tuple[str, Any], ...]:
    """For the desk's eyes alone."""
    group = view.incident
    if group is None:
        return ()
    return (("Incident", say("{name}: {title}", name=Code(f"incident {group.id}"), title=Quoted(group.title))),)


def _rows_of(view: "CaseView", reader: Actor) -> list[tuple[str, Any]]:
    case = view.case
    first = "Expected response" if case.owed else "First response"
    rows: list[tuple[str, Any]] = [("Status", status(view)), ("With", with_(view)), ("Plan", plan(view))]
    rows.append((first, response(view)))
    rows += _extras(view)
    if others := view.related(reader):
        rows.append(("Related to", _numbers(others)))
    rows += followers(view, reader)
    written = (("Details", case.details), ("Changed before", case.changed), ("Closed because", case.force_reason))
    return rows + [(name, Quoted(value)) for name, value in written if value]


def _numbers(cases: Sequence[int]) -> Sentence:
    names = {f"c{n}": CaseNumber(case) for n, case in enumerate(cases)}
    return Sentence(", ".join(f"{{{name}}}" for name in names), dict(names))


def _extras(view: "CaseView") -> list[tuple[str, Any]]:
    """What is said only where there is something to say."""
    case = view.case
    extras: list[tuple[str, Any]] = [("Hand-over", handover(view))] if case.handover else []
    if case.priority:
        label = "Priority proposed" if proposed(view) else "Priority"
        extras.append((label, level(view)))
    if case.coverage and (case.covered_by or case.coverage not in SILENT):
        verdict = say(COVERAGE[case.coverage])
        extras.append(("Coverage", verdict if case.covered_by else say("{looks}; a person confirms it", looks=verdict)))
    extras += (*rows(view), *rows_of_change(view))
    if case.quote_state:
        extras.append(("Quote", quoted(view)))
    if case.code_delivered:
        extras.append(("Code", say(CODE[case.code_delivered])))
    if view.slot:
        extras.append(("Appointment", appointed(view)))
    if case.merged_into:
        extras.append(("Goes on as", CaseNumber(case.merged_into)))
    if case.split_from:
        extras.append(("Split from", CaseNumber(case.split_from)))
    return extras


def appointed(view: "CaseView") -> Sentence:
    at, by = appointment(view), view.proposer
    settled = _SETTLED.get(view.case.slot_state or "")
    if settled:
        return say(settled, at=at)
    return say("{at}, proposed by {who}", at=at, who=Named(by.name, ROLES[by.role]) if by else say("nobody"))


_SETTLED = {
    "agreed": "{at}, agreed",
    "declined": "{at}, declined",
    "called_off": "{at}, called off",
    "kept": "{at}, kept",
    "missed": "{at}, missed",
    "late": "{at}, missed and made up for",
}
SHOWN = 20  # rows: more is no list to read, and more buttons than vendors take


def history(
    view: "CaseView", events: Sequence["CaseEvent"], stamps: "Stamps", proofs: Sequence["Proof"], reader: Actor
) -> Message:
    rows = tuple(Row(what_happened(view, event)) for event in events[-SHOWN:])
    happened = (say("What happened", style="heading"), rows)
    both = stamped(view, stamps)[-SHOWN:]
    agreed = (say("Agreed on", style="heading"), both) if both else ()
    warned = (say("Who was warned", style="heading"), warnings(proofs[-SHOWN:])) if proofs else ()
    return message(reader, *card_parts(view, reader), *happened, *agreed, *warned, why=False)


def what_happened(view: "CaseView", event: "CaseEvent") -> Sentence:
    about: dict[str, Any] = {"at": moment(view, event.at), "who": Quoted(event.by_name)}
    about |= {"did": say(_HAPPENED[event.verb])}
    if event.verb is Verb.ASSIGN and event.words == event.by_name:
        return Sentence("{at}: {who} {did}", {**about, "did": say(_HAPPENED[Verb.TAKE])})
    if event.deleted_at is not None:
        return Sentence("{at}: {who} {did}: {words}", {**about, "words": say("deleted by its author")})
    if not event.words:
        return Sentence("{at}: {who} {did}", about)
    words: Any = Quoted(event.words)
    if event.verb in TIMED:
        words = slot(view, Slot.read(event.words))
    elif event.verb is Verb.WARN:
        words = step(event.words)
    elif event.verb in (Verb.MERGE, Verb.CARRY_OVER, Verb.COVER):
        words = history_of(event.verb, event.words)
    elif event.verb is Verb.BREACH:
        words = say(_BREACHED[event.words])
    elif event.verb is Verb.PRIORITISE:
        about |= {"level": history_of_priority(event.words), "words": Quoted(reason(event.verb, event.words))}
        return Sentence("{at}: {who} {did}: {level}: {words}", about)
    return Sentence("{at}: {who} {did}: {words}", {**about, "words": words})


_BREACHED = {
    "on_reprioritisation": "by the new priority",
    "on_plan_change": "by the new contract",
    "missed": "before its target changed",
}
TIMED = {Verb.SCHEDULE, Verb.AGREE, Verb.TURN_DOWN, Verb.CALL_OFF, Verb.MISS}
"""Their events' words are instants, shown as the reader's clocks read them."""


_HAPPENED = {
    Verb.OPEN: "opened it",
    Verb.ENRICH: "added",
    Verb.COMPLETE: "answered the questions",
    Verb.SAY: "wrote",
    Verb.MOVE: "moved words to",
    Verb.PERSON: "asked for a person",
    Verb.TAKE: "took it",
    Verb.ASSIGN: "gave it to",
    Verb.REPLY: "answered",
    Verb.CALL: "logged a call",
    Verb.NOTE: "noted",
    Verb.EDIT: "changed what they had said",
    Verb.DELETE: "deleted what they had said",
    Verb.WAIT: "asked the customer",
    Verb.RESOLVE: "called it solved",
    Verb.SOLVED: "said it works",
    Verb.CONFIRM: "confirmed and closed it",
    Verb.NOT_SOLVED: "said it is not solved",
    Verb.FORCE_CLOSE: "closed it without confirmation",
    Verb.WITHDRAW: "withdrew it",
    Verb.REOPEN: "reopened it",
    Verb.ESCALATE: "escalated it",
    Verb.ELIGIBLE: "found it eligible",
    Verb.INELIGIBLE: "found it not eligible",
    Verb.FORWARD: "asked for the word of",
    Verb.HAND_OVER: "handed it over",
    Verb.NOT_NEEDED: "said that it is not needed",
    Verb.RELEASE: "let the desk have it without that word",
    Verb.PRIORITISE: "set the priority",
    Verb.COVER: "judged the coverage",
    Verb.NOT_THAT: "asked a person to judge the coverage, which looked",
    Verb.ESTIMATE: "asked for an estimate",
    Verb.ENQUIRE: "asked for it to be planned with a consultant",
    Verb.CLIENT_CAUSED: "thinks a change by the customer caused it",
    Verb.QUOTE: "quoted time and materials",
    Verb.ACCEPT: "accepted",
    Verb.UPGRADE: "proposed a change of the contract",
    Verb.WISH: "asked for a change of the contract",
    Verb.ACCEPT_UPGRADE: "accepted the change of the contract",
    Verb.DECLINE_UPGRADE: "declined the change of the contract",
    Verb.APPLY: "entered the change of the contract",
    Verb.SOONER: "found it answered sooner by the new contract",
    Verb.DECLINE: "declined",
    Verb.ACCEPT_PRIORITY: "accepted",
    Verb.DECLINE_PRIORITY: "declined",
    Verb.CODE_DELIVERED: "said whether all code is handed over",
    Verb.BREACH: "found the response time past",
    Verb.SCHEDULE: "proposed an appointment",
    Verb.AGREE: "accepted the appointment",
    Verb.TURN_DOWN: "declined the appointment",
    Verb.CALL_OFF: "called off the appointment",
    Verb.MISS: "found the appointment missed",
    Verb.MERGE: "merged it with",
    Verb.CARRY_OVER: "brought over from",
    Verb.JOIN: "opened it again for",
    Verb.SPLIT: "split off",
    Verb.DRAFT_ARTICLE: "drafted an article",
    Verb.TRANSFER: "moved it to the queue",
    Verb.OPEN_FOR: "opened it for the customer",
    Verb.PASS_ON: "passed it on to",
    Verb.IMPORT: "imported it from another desk, where it was",
    Verb.RATE: "rated it",
    Verb.REMIND: "reminded the customer to confirm",
    Verb.LINK_CASES: "related it to",
    Verb.UNLINK_CASES: "no longer related it to",
    Verb.GROUP: "changed its incident",
    Verb.WARN: "warned",
    Verb.ACKNOWLEDGE: "acknowledged",
}


def cases(views: Sequence["CaseView"], reader: Actor) -> Message:
    if not views:
        return message(reader, say("Your company has no cases. Write what is going wrong and I open one."))
    return message(reader, say("Your company's cases", style="heading"), listed(views))


def short_of_time(views: Sequence["CaseView"], reader: Actor) -> Message:
    if not views:
        return message(reader, say("None of your company's cases is short of time."))
    return message(reader, say("Short of time", style="heading"), listed(views))


def listed(views: Sequence["CaseView"]) -> tuple[Row, ...]:
    return tuple(
        Row(
            say(
                "{case} {subject}, {status}, {who}",
                case=number(view),
                subject=Quoted(view.case.subject),
                status=status(view),
                who=with_(view),
            ),
            Choice(say("Show"), f"status {view.case.id}"),
        )
        for view in views[:SHOWN]
    )


ANSWERING = {Verb.SCHEDULE, Verb.AGREE, Verb.TURN_DOWN}
"""While a proposed time waits for the reader's side."""
# Buttons: ``r2`` only where the reader agrees to what they saw.
_BUTTONS: dict[Verb, tuple[str, str, Any]] = {
    Verb.TAKE: ("Take", "take {0.id}", "primary"),
    Verb.CONFIRM: ("Yes, close it", "confirm {0.id} r{0.resolutions}", "primary"),
    Verb.NOT_SOLVED: ("No, not solved", "not-solved {0.id} r{0.resolutions}", "normal"),
    Verb.ACCEPT: ("Accept the quote", "accept {0.id} quote-{0.quotes}", "primary"),
    Verb.DECLINE: ("Decline the quote", "decline {0.id} quote-{0.quotes}", "normal"),
    Verb.ACCEPT_PRIORITY: ("Accept the priority", "accept {0.id} priority-{0.priorities}", "primary"),
    Verb.DECLINE_PRIORITY: ("Decline the priority", "decline {0.id} priority-{0.priorities}", "normal"),
    Verb.AGREE: ("Accept the time", "accept {0.id} slot-{0.slots}", "primary"),
    Verb.SCHEDULE: ("Another time", "schedule {0.id}", "normal"),
    Verb.TURN_DOWN: ("Decline the time", "decline {0.id} slot-{0.slots}", "normal"),
    Verb.REOPEN: ("Reopen", "reopen {0.id}", "normal"),
}


_ON_WARNINGS: dict[Verb, tuple[str, str, Any]] = {
    Verb.ACKNOWLEDGE: ("Acknowledge", "ack {0.id}", "primary"),
    Verb.TAKE: ("Take", "take {0.id}", "normal"),
    Verb.REPLY: ("Reply", "reply {0.id}", "normal"),
    Verb.ASSIGN: ("Reassign", "assign {0.id}", "normal"),
}


_ANEW: dict[Verb, tuple[str, str, Any]] = {Verb.CALL_OFF: ("Another time", "schedule {0.id}", "normal")}


def choices(view: "CaseView", reader: Actor) -> tuple[Choice, ...]:
    return _choices(view, reader, _BUTTONS)


def _call_off(view: "CaseView", reader: Actor) -> tuple[Choice, ...]:
    """Only where they see the time that is agreed: an old button of the proposal must not undo the agreement."""
    if view.case.slot_state not in ("agreed", "missed"):
        return ()
    return _choices(view, reader, {Verb.CALL_OFF: ("Call it off", "decline {0.id} slot-{0.slots} agreed", "normal")})


def reminded(view: "CaseView", reader: Actor) -> tuple[Choice, ...]:
    return (*_choices(view, reader, _ANEW), *_call_off(view, reader))


def answers_to(view: "CaseView", reader: Actor, *, asked: bool) -> tuple[Choice, ...]:
    """What gives the word that it waits for; ``asked``: whether the desk is to have it."""
    if asked:
        return word_on(view)
    waits = view.case.status is Status.WAITING
    write = (Choice(say("Write an answer"), f"reply {view.case.id}", "primary"),) if waits else ()
    return (*write, *choices(view, reader), *answers_of_change(view, reader))


def choices_on_warning(view: "CaseView", reader: Actor, *, but: Verb | None = None) -> tuple[Choice, ...]:
    """One press each (C5). ``but``: what was just done, and is offered anew with the next warning."""
    return _choices(view, reader, {verb: each for verb, each in _ON_WARNINGS.items() if verb is not but})


def _choices(view: "CaseView", reader: Actor, buttons: dict[Verb, tuple[str, str, Any]]) -> tuple[Choice, ...]:
    case = view.case
    possible = set(offered(reader, case.status, view.opened_by(reader)))
    if case.assignee_id is not None:
        possible -= {Verb.TAKE}
    if case.quote_state != "offered":
        possible -= {Verb.ACCEPT, Verb.DECLINE}
    if case.priority_state != Standing.COUNTERED:
        possible -= {Verb.ACCEPT_PRIORITY, Verb.DECLINE_PRIORITY}
    if not view.waits_for(reader):
        possible -= ANSWERING
    if case.status not in OVER:
        possible -= {Verb.REOPEN}  # "not solved" says it before
    return tuple(
        Choice(say(words), line.format(case), style)
        for verb, (words, line, style) in buttons.items()
        if verb in possible
    )
