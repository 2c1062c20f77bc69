"""What is proposed, answered and still missing between the two sides of a case, and both their stamps."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.messages import CaseNumber, Code, Duration, Link, Message, Quoted
from bot.messages import Person as Named
from bot.text.coverage import ruled
from bot.text.upgrading import terms as contract_terms
from bot.text.values import (
    COVERAGE,
    PRIORITIES,
    ROLES,
    appointment,
    cited,
    clauses,
    moment,
    number,
    priority,
    slot,
    status,
)
from bot.wording import Choice, Part, Row, Sentence, Table, label, message, say
from rules.agreements import (
    DECLINED,
    REQUESTED,
    UNDONE,
    WITHDRAWN,
    Carried,
    Judged,
    Kept,
    Merged,
    Reassessed,
    Standing,
    State,
    What,
    makes_code,
)
from rules.appointments import Slot
from rules.catalogue import Verdict
from rules.lifecycle import Verb
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.stamps import Stamped, Stamps
    from bot.desk.views import CaseView
    from store.tables import Person


def agreed_on(view: "CaseView", verb: Verb, words: str) -> tuple[str, dict[str, Any]] | None:
    """How the news of it is put, where that depends on what was agreed on."""
    if verb is Verb.PRIORITISE:
        return reassessed(words)
    if verb is Verb.COVER:
        return _NEWS["ruled"], ruled(view)
    if verb is Verb.CARRY_OVER:
        return _NEWS["carried"], {"other": CaseNumber(Carried.read(words).of)}
    if verb is Verb.JOIN:
        return _NEWS["joined"], {"other": CaseNumber(int(words.removeprefix("#")))}
    return (_NEWS["undone"], {}) if verb is Verb.RESOLVE and undone(view) else None


_NEWS = {
    "ruled": "{who} judged {case}: {verdict}{clause}.{reasons}",
    "carried": "{who} merged {other} into {case}. What holds from there:",
    "joined": "{who} merged {other} into {case}, which is open again.",
    "undone": "{who} says {case} is over, without the work that was quoted.",
}


def shall_it_close(view: "CaseView") -> Sentence:
    """Asked of the customer (W59)."""
    clause = cited(view, "closing_rule")
    if undone(view):
        return say("Shall it be closed? It closes only when you say so{clause}.", clause=clause)
    return say("Is it solved for you? It closes only when you say so{clause}.", clause=clause)


def reassessed(words: str) -> tuple[str, dict[str, Any]]:
    """How the desk set a priority, old to new (W45)."""
    change = Reassessed.read(words)
    about = {"after": _level(change.after), "before": _level(change.before or change.after)}
    if change.before is None:
        return _REASSESSED["set"], about
    return _REASSESSED["confirmed" if change.before == change.after else "changed"], about


_REASSESSED = {
    "set": "{who} set the priority of {case} to {after}.",
    "confirmed": "{who} confirmed the priority of {case}: {after}.",
    "changed": "{who} changed the priority of {case} from {before} to {after}.",
}


def history_of_priority(words: str) -> Sentence:
    change = Reassessed.read(words)
    if change.before in (None, change.after):
        return _level(change.after)
    return say("{before} to {after}", before=_level(change.before or ""), after=_level(change.after))


def reason(verb: Verb, words: str) -> str:
    """What people said with it; the rest of the words is ours to put."""
    if verb is Verb.COVER:
        return Judged.read(words).reason
    return Reassessed.read(words).reason if verb is Verb.PRIORITISE else words


def history_of(verb: Verb, words: str) -> Sentence:
    """What such an event's words say."""
    if verb is Verb.MERGE:
        merged = Merged.read(words)
        into = CaseNumber(merged.into)
        return say("{into}; {fell} fell", into=into, fell=_listed(merged.fell)) if merged.fell else say("{n}", n=into)
    if verb is Verb.CARRY_OVER:
        carried = Carried.read(words)
        return say("{other}: {kept}", other=CaseNumber(carried.of), kept=_listed(carried.kept))
    judged = Judged.read(words)
    return say("{verdict}: {reason}", verdict=say(COVERAGE[judged.verdict]), reason=Quoted(judged.reason))


def _listed(things: Sequence[str]) -> Sentence:
    names = {f"t{n}": say(_THINGS[thing]) for n, thing in enumerate(things)}
    return Sentence(", ".join(f"{{{name}}}" for name in names), names)


_THINGS = {
    "quote": "the quote",
    "slot": "the appointment",
    "priority": "the priority",
    "verdict": "the coverage",
    "cause": "the cause",
}


def told_besides(view: "CaseView", verb: Verb, words: str) -> Part | None:
    """What both sides are to know of it."""
    case = view.case
    if verb is Verb.MERGE and (fell := Merged.read(words).fell):
        return say("What was still open on it fell: {things}.", things=_listed(fell))
    if verb is Verb.CARRY_OVER:
        return Table(tuple(_KEPT[each](view) for each in Carried.read(words).kept))
    if verb is Verb.COVER and case.quote_state == WITHDRAWN and case.coverage == Verdict.COVERED:
        return say("The quote is withdrawn, and nothing is charged.")
    if verb is Verb.COVER and case.quote_state == WITHDRAWN:
        return say("The quote is withdrawn.")
    return None


def undone(view: "CaseView") -> bool:
    """Whether it ends, if it does, without the work that was quoted."""
    return view.case.quote_state == DECLINED


def quoted(view: "CaseView") -> Sentence:
    """How its latest quote stands."""
    case = view.case
    if case.quote_state == REQUESTED:
        return say("asked for by the customer")
    state = say(QUOTE[case.quote_state or ""])
    if case.quote_minutes is None:
        return state
    return say("{minutes} of work, {state}", minutes=Duration(case.quote_minutes), state=state)


QUOTE = {
    "offered": "waiting for the customer's answer",
    "accepted": "accepted",
    "declined": "declined",
    "withdrawn": "withdrawn",
}
_KEPT: "dict[Kept, Callable[[CaseView], tuple[str, Any]]]" = {
    Kept.QUOTE: lambda view: ("Quote", quoted(view)),
    Kept.SLOT: lambda view: ("Appointment", appointment(view)),
    Kept.VERDICT: lambda view: ("Coverage", say(COVERAGE[view.case.coverage or "unknown"])),
    Kept.CAUSE: lambda view: ("Cause", say("a change on the customer's side, as the desk thinks")),
    Kept.PRIORITY: lambda view: ("Priority", priority(view)),
}


def asked_of(view: "CaseView", verb: Verb, reader: Actor) -> Sentence | None:
    """What the customer is to know before they answer."""
    if reader.staff:
        return None
    if verb is Verb.PRIORITISE and view.case.priority_state == Standing.COUNTERED:
        told = "It holds from now on, and is agreed once you accept it{clause}."
        return say(told, clause=cited(view, "accepted_priority"))
    if verb is Verb.COVER and view.lacks:
        return say("None of it starts before you accept a quote{clause}.", clause=cited(view, "mini_project"))
    if verb is Verb.SCHEDULE and view.lacks:
        return say("Work itself starts when you have accepted a quote{clause}.", clause=cited(view, "mini_project"))
    return None


def needs_word(about: dict[str, Any]) -> Sentence:
    """Why it cannot be called solved yet (W24)."""
    cite = by_clauses(about.get("clauses", ()))
    if about.get("lacks") == "quote":
        told = "Case {case} is work that the customer pays for, and was not quoted yet{clause}: {line}"
        return say(told, case=about["case"], clause=cite, line=Code(f"quote {about['number']} MINUTES WHAT"))
    told = "The customer has not answered the quote on case {case} yet{clause}. Its work starts when they accept it."
    return say(told, case=about["case"], clause=cite)


def by_clauses(ids: tuple[str, ...]) -> Sentence:
    return say(" ({clauses})", clauses=clauses(ids)) if ids else say("")


def resolved(view: "CaseView", reader: Actor) -> Message:
    """With the one question that is left of work that the customer pays for, or of a change (W39)."""
    said = say("Done. Case {case} is {status}.", case=number(view), status=status(view))
    return message(reader, said, *_code_question(view))


def _code_question(view: "CaseView") -> tuple[Part, ...]:
    case = view.case
    if case.code_delivered or not makes_code(case.kind, case.coverage, case.quote_state):
        return ()
    line = f"code-delivered {case.id}"
    asked = say("Does the customer have all code that was made for them{clause}?", clause=cited(view, "new_work"))
    return asked, tuple(Choice(say(words), f"{line} {answer}") for answer, words in _HANDED_OVER.items())


_HANDED_OVER = {"yes": "Yes", "no": "Not yet", "none": "There was none"}


def record(view: "CaseView", link: str | None, until: datetime, reader: Actor) -> Message:
    """Where it is fetched; without an address of this server's, how it is made."""
    if link is None and not reader.staff:
        return message(reader, say("Ask the desk: it makes the signed record of case {case}.", case=number(view)))
    if link is None:
        told = "An operator of the desk makes the signed record of case {case}: {line}"
        return message(reader, say(told, case=number(view), line=Code(f"supporthub record {view.case.id}")))
    there = Link(label(say("Fetch it"), reader.language), link)
    fetched = say("The signed record of case {case}: {link}", case=number(view), link=there)
    lasts = say("Whoever has this address can read it until {until}.", style="small", until=moment(view, until))
    return message(reader, fetched, lasts)


CODE = {"yes": "handed over", "no": "not handed over yet", "none": "there was none"}


def stamped(view: "CaseView", stamps: "Stamps") -> tuple[Row, ...]:
    """Who proposed what, and who answered, each with the time."""
    rows = [Row(_stamped(view, each)) for each in stamps.proposals]
    case = view.case
    if stamps.judge and case.coverage and case.covered_at:
        told = "Coverage: {verdict}; judged by {who}, {at}"
        who, at = _named(stamps.judge), moment(view, case.covered_at)
        rows.append(Row(say(told, verdict=say(COVERAGE[case.coverage]), who=who, at=at)))
    return tuple(rows)


def _stamped(view: "CaseView", each: "Stamped") -> Sentence:
    row = each.agreement
    about: dict[str, Any] = {"terms": _terms(view, What(row.what), row.terms), "answer": _answer(view, each)}
    about |= {"who": _named(each.proposer), "at": moment(view, row.proposed_at)}
    undone = (row.what, row.terms) == (What.CLOSING, UNDONE)
    return Sentence(_UNDONE["stamped"] if undone else _PROPOSED[What(row.what)], about)


_PROPOSED = {
    What.PRIORITY: "Priority: {terms}, proposed by {who}, {at}; {answer}",
    What.SLOT: "Appointment: {terms}, proposed by {who}, {at}; {answer}",
    What.QUOTE: "Quote: {terms} of work, proposed by {who}, {at}; {answer}",
    What.UPGRADE: "Contract: {terms}, proposed by {who}, {at}; {answer}",
    What.CLOSING: "Called solved by {who}, {at}; {answer}",
}


_UNDONE = {"stamped": "Called over, without the work that was quoted, by {who}, {at}; {answer}"}


def _answer(view: "CaseView", each: "Stamped") -> Sentence:
    row = each.agreement
    if each.answerer is None or row.answered_at is None:
        return say("not answered") if row.state == State.OFFERED else say("replaced before it was answered")
    template = _ANSWERED[State(row.state)]
    return Sentence(template, {"who": _named(each.answerer), "at": moment(view, row.answered_at)})


_ANSWERED = {
    State.OFFERED: "answered by {who}, {at}",
    State.AGREED: "agreed by {who}, {at}",
    State.DECLINED: "declined by {who}, {at}",
    State.SUPERSEDED: "agreed by {who}, {at}, and replaced since",
}


def _terms(view: "CaseView", what: What, terms: str) -> Any:
    match what:
        case What.PRIORITY:
            return _level(terms)
        case What.SLOT:
            return slot(view, Slot.read(terms))
        case What.QUOTE:
            return Duration(int(terms))
        case What.UPGRADE:
            return contract_terms(view.provider, terms)
    return say("")


def _level(level: str) -> Sentence:
    return say(PRIORITIES[level])


def _named(person: "Person") -> Named:
    return Named(person.name, ROLES[person.role])
