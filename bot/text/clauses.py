"""Why the bot promises or refuses something: the clause itself, and for a case each step that led there (R15)."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bot.messages import Clause, Day, Duration, Message, Printed, Quote
from bot.messages import Person as Named
from bot.text.coverage import of_case, ruled, verdict
from bot.text.handing_over import eligibility
from bot.text.values import cited, hours, moment, number, priority, promised_by, target, unpromised
from bot.wording import Part, Row, Sentence, Table, message, say
from rules import sla
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.clauses import Cited
    from bot.desk.views import CaseView
    from rules.catalogue import Provider, Terms


def clauses_in_full(found: "Sequence[Cited]", reader: Actor) -> Message:
    """Our wording, and the printed words where every one of them counts (W39-W41); then which terms they are of."""
    parts: list[Part] = []
    for one in found:
        parts.append(say("{id}: {says}", id=Clause(one.clause.id), says=Printed(one.clause.says)))
        if one.clause.quote:
            parts.append(Quote(Named(one.provider.name, ""), one.clause.quote))
    of = {(one.provider.id, one.terms.version): one for one in found}
    parts += [_terms(Printed(one.provider.name), one.terms) for one in of.values()]
    return message(reader, *parts, why=False)


def in_force(provider: "Provider", terms: "Terms") -> Sentence:
    return _terms(Printed(provider.name), terms)


def _terms(provider: Printed, terms: "Terms") -> Sentence:
    told = "{provider}, terms version {version}, in force since {day}."
    return say(told, style="small", provider=provider, version=Printed(terms.version), day=Day(terms.effective))


def why(view: "CaseView", reader: Actor) -> Message:
    """The clock, window by window, and whatever else was judged of the case, each with its clauses."""
    terms = next((one for one in view.provider.terms if one.version == view.case.terms), None)
    of = _terms(Printed(view.provider.name), terms) if terms else None
    return message(reader, *_clock(view), Table(tuple(_judged(view))), of)


def _clock(view: "CaseView") -> tuple[Part | None, ...]:
    case, calendar = view.case, view.provider.counted()
    if case.target_minutes is None or case.due_at is None:
        return (say("{case} has no due time: {reason}.", case=number(view), reason=unpromised(view)),)
    head = say(
        "{case} is due {due}: {target} from when it was received ({clauses}).",
        case=number(view),
        due=moment(view, case.due_at),
        target=target(view),
        clauses=promised_by(view),
    )
    steps = tuple(Row(_stretch(view, each)) for each in sla.explain(calendar, case.received_at, case.target_minutes))
    counted = hours(view.provider.hours) or _no_hours()
    received = say("Received {at}.", at=moment(view, case.received_at))
    return (head, _later_plan(view), received, steps, _ended(view), counted)


def _ended(view: "CaseView") -> Sentence | None:
    """Its clock, without an answer."""
    if view.case.cancelled_at is None:
        return None
    told = "Nobody waits for that first answer any more: its clock ended {at}."
    return say(told, at=moment(view, view.case.cancelled_at))


def _later_plan(view: "CaseView") -> Sentence | None:
    """Whose target it is, where a later contract was sooner than the plan that the case keeps (R7, W36)."""
    plan = view.provider.plans.get(view.case.promised_by or "")
    if plan is None or view.plan is None or plan.id == view.plan.id:
        return None
    told = "That time is of {plan}, by a later contract; when it was received the plan was {old}."
    return say(told, plan=Printed(plan.name), old=Printed(view.plan.name))


def _no_hours() -> Sentence:
    return say("Counted around the clock, since no hours are published.", style="small")


def _stretch(view: "CaseView", each: sla.Stretch) -> Sentence:
    return say(
        "{start} to {end}: {used} counted, {left} to go",
        start=moment(view, each.start),
        end=moment(view, each.end),
        used=Duration(each.used // 60),
        left=Duration(each.remaining // 60),
    )


def _judged(view: "CaseView") -> Iterator[tuple[str, Any]]:
    yield "Coverage", _coverage(view)
    asked = "priority_change" if view.case.prioritised_by else "accepted_priority"
    yield "Priority", say("{level}{clause}", level=priority(view), clause=cited(view, asked))
    yield "Eligibility", say("{stands}{clause}", stands=eligibility(view), clause=cited(view, "eligibility"))


def _coverage(view: "CaseView") -> Sentence:
    """Provisional until a person says so (W37)."""
    found, case = of_case(view), view.case
    if found is not None:
        return verdict(found, view.provider)
    if case.covered_by and case.coverage:
        return Sentence("{verdict}, as a person judged{clause}.{reasons}", ruled(view))
    return say("none to judge: it is about the contract") if view.change else say("nobody has judged it yet")
