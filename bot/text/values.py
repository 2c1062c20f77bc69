"""How values are worded: states, roles, plans, times, and where a provider is reached."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot import figures
from bot.messages import CaseNumber, Clause, Code, Duration, Link, Moment, Printed, Quoted, Value
from bot.messages import Person as Named
from bot.wording import Choice, InTheir, Sentence, Style, say
from rules import sla
from rules.agreements import DECLINED, NOT_AGREED, Standing
from rules.appointments import Slot
from rules.lifecycle import Status
from rules.people import Actor, Role

if TYPE_CHECKING:
    from bot.desk.views import CaseView
    from rules.catalogue import Hours, Provider

STATUS = {
    Status.NEW: "new",
    Status.OPEN: "being worked on",
    Status.WAITING: "waiting for the customer",
    Status.AWAITING: "solved, awaiting the customer's confirmation",
    Status.CLOSED: "closed, confirmed by the customer",
    Status.UNCONFIRMED: "closed without confirmation",
    Status.WITHDRAWN: "withdrawn",
    Status.MERGED: "merged with another case",
}
ROLES = {
    Role.CUSTOMER: "customer",
    Role.AGENT: "support desk",
    Role.CONCIERGE: "concierge",
    Role.COACH: "coach",
    Role.LEAD: "team lead",
    Role.ADMIN: "administrator",
}
COVERAGE = {
    "covered": "covered",
    "covered_but_may_be_charged": "covered, and may be charged",
    "time_and_materials": "time and materials",
    "mini_project_tm": "a mini project, on time and materials",
    "excluded": "not covered",
    "excluded_tm": "not covered; on time and materials",
    "plan_separately": "to be planned separately with a consultant",
    "not_in_plan_offer_tm_or_upgrade": "not in this plan; on time and materials, or with another plan",
    "unknown": "for a person to judge",
}
PRIORITIES = {"critical": "Critical", "high": "High", "normal": "Normal", "low": "Low"}


def named(actor: Actor) -> Named:
    return Named(actor.name, ROLES.get(actor.role, ""))


def number(view: "CaseView") -> CaseNumber:
    return CaseNumber(view.case.id)


def plan(view: "CaseView") -> Sentence | Printed:
    return Printed(view.plan.name) if view.plan else say("none found for today; a person checks")


def expected(view: "CaseView") -> Sentence:
    case = view.case
    if case.due_at is None or case.target_minutes is None:
        return unpromised(view)
    about: dict[str, Any] = {"due": moment(view, case.due_at), "target": target(view), "clauses": promised_by(view)}
    return Sentence("by {due}, {target} ({clauses})", about)


def unpromised(view: "CaseView") -> Sentence:
    """Why there is no time to expect an answer by."""
    if view.by_offer:
        return say("the desk began it with an offer, so no answer is due")
    if view.plan is None:
        return say("no contract, so no response time is promised")
    return say("no response time is published for this plan")


def target(view: "CaseView") -> Duration:
    """In the provider's hours, or around the clock where it publishes none."""
    return Duration(view.case.target_minutes or 0, business=view.provider.hours is not None)


def promised_by(view: "CaseView") -> Sentence:
    """The clauses of the plan at receipt or of a later one that is sooner (R7), or the contract's own word (T7)."""
    by = view.case.promised_by
    if by == "contract":
        return say("by the contract")
    plan = view.provider.plans.get(by) if by else view.plan
    found = plan.target(view.case.priority) if plan else None
    return clauses(found.clauses if found else ())


def status(view: "CaseView") -> Sentence:
    """In words; nothing of paid work is being done before it is quoted and accepted (W24)."""
    now, declined = view.case.status, view.case.quote_state == DECLINED
    if now in (Status.NEW, Status.OPEN, Status.WAITING) and view.lacks:
        return say(_LACKS[view.lacks])
    if now in (Status.NEW, Status.OPEN) and declined:
        return say("quote declined")
    if now is Status.AWAITING and declined:
        return say("over without the work that was quoted, awaiting the customer's confirmation")
    return say(STATUS[now])


_LACKS = {
    "quote": "waiting for a quote by the desk",
    "answer": "waiting for the customer to accept a quote",
}


def cited(view: "CaseView", question: str) -> Sentence:
    """The clause of this case's own provider, where it has one."""
    found = view.provider.facts.get(question)
    return say(" ({clauses})", clauses=clauses(found.clauses)) if found else say("")


def outline(view: "CaseView") -> "tuple[tuple[str, Sentence | Value], ...]":
    """Whose case it is, how urgent and in whose hands (C5)."""
    customer = say("{who}, {account}", who=Quoted(view.opener.name), account=Quoted(view.account.name))
    return (
        ("Subject", Quoted(view.case.subject)),
        ("Customer", customer),
        ("Plan", plan(view)),
        ("Priority", priority(view)),
        ("With", with_(view)),
        ("Expected response", expected(view)),
    )


def moment(view: "CaseView", at: datetime) -> Moment:
    """First in the provider's zone, where promises are made, then in the reader's."""
    hours = view.provider.hours
    year = at.astimezone(ZoneInfo(view.zone)).year != view.now.astimezone(ZoneInfo(view.zone)).year
    return Moment(at, hours.zone, hours.label, year) if hours else Moment(at, year=year)


def slot(view: "CaseView", slot: Slot) -> Sentence | Moment:
    if slot.ends is None:
        return moment(view, slot.at)
    return say("{at} until {ends}", at=moment(view, slot.at), ends=moment(view, slot.ends))


def appointment(view: "CaseView") -> Sentence | Moment:
    return slot(view, view.slot) if view.slot else say("not agreed")


def outside(view: "CaseView") -> Sentence | None:
    """That the proposed time is not within business hours, and which one would be."""
    calendar = view.provider.calendar()
    if calendar is None or view.slot is None or view.slot.within(calendar):
        return None
    if (nearest := within(view)) is None:
        return say("That is outside business hours.")
    told = "That is outside business hours. The nearest time within hours is {at}."
    return say(told, at=moment(view, nearest.at))


def within(view: "CaseView") -> Slot | None:
    """The nearest time within business hours, where the proposed one is not."""
    calendar, slot = view.provider.calendar(), view.slot
    if calendar is None or slot is None or slot.within(calendar):
        return None
    at = slot.nearest(calendar, view.now)
    return Slot(at, at + (slot.ends - slot.at) if slot.ends else None) if at else None


def which_time() -> Sentence:
    return say("That can be several times. Which one do you mean?")


def times(lines: Sequence[tuple[str, str]], zone: str) -> tuple[Choice, ...]:
    """Each with its year: 4/5 may be next year's. ``lines`` are Slots, as they write themselves, and what says each."""
    return tuple(Choice(_on_clocks(Slot.read(written), zone), line) for written, line in lines)


def _on_clocks(slot: Slot, zone: str) -> Sentence:
    at = Moment(slot.at, zone, year=True)
    if slot.ends is None:
        return say("{at}", at=at)
    return say("{at} until {ends}", at=at, ends=Moment(slot.ends, zone))


def no_time(example: str) -> Sentence:
    return say("I can't tell which time that is. Say it like this: {example}", example=Code(example))


def past_time() -> Sentence:
    return say("That time is past.")


def hours(hours: "Hours | None") -> Sentence | None:
    """What the due time assumes (W47)."""
    if hours is None:
        return None
    assumed = Printed(" ".join(hours.assumptions))
    week = InTheir(lambda language: Printed(figures.week(hours.week, hours.zone, hours.label, language)))
    counted = "Counted in business hours, {hours} ({clauses}). {assumed}"
    return say(counted, style="small", hours=week, clauses=clauses(hours.clauses), assumed=assumed)


def clause(says: str, id: str) -> Sentence:
    return say("{says} ({clause})", says=Printed(says), clause=Clause(id))


def clauses(ids: Sequence[str]) -> Sentence:
    names = {f"c{n}": Clause(id) for n, id in enumerate(ids)}
    return Sentence(", ".join(f"{{{name}}}" for name in names), dict(names))


def words_of(ids: Sequence[str], provider: "Provider") -> Sentence:
    """Each clause as it is worded, after a space."""
    names = {f"s{n}": clause(provider.clauses[id].says, id) for n, id in enumerate(ids)}
    return Sentence("".join(f" {{{name}}}" for name in names), names)


def with_(view: "CaseView") -> Sentence | Named:
    if view.assignee is None:
        return say("nobody yet")
    return Named(view.assignee.name, ROLES[view.assignee.role])


def response(view: "CaseView") -> Sentence:
    case = view.case
    if case.responded_at is not None:
        at = moment(view, case.responded_at)
        if case.response_met is None:
            return say("{at}; {reason}", at=at, reason=unpromised(view))
        return say("in time, {at}", at=at) if case.response_met else say("late, {at}", at=at)
    if case.cancelled_at is None or case.due_at is None:
        return expected(view)
    if case.response_met is False or case.cancelled_at > case.due_at:
        return say("none by {due}", due=moment(view, case.due_at))
    return say("no longer waited for")


def reach(provider: "Provider") -> dict[str, Any]:
    """Telephone and address (W1, W53), or that none is published."""
    phone, email = provider.phone, provider.escalation or provider.email
    return {
        "phone": Link(f"{phone.printed}, {phone.tel}", phone.link) if phone else say("no published number"),
        "email": Link(email.address, f"mailto:{email.address}") if email else say("no published address"),
    }


def reached_at(provider: "Provider", style: Style = "normal") -> Sentence | None:
    """Where else the desk is reached; nothing where no page says."""
    if not (provider.phone or provider.escalation or provider.email):
        return None
    return Sentence("The desk is also reached at {phone} and {email}.", reach(provider), style)


def priority(view: "CaseView") -> Sentence:
    case = view.case
    if case.priority is None:
        return say("not said")
    said = level(view)
    return say("{level}, as the customer proposes", level=said) if proposed(view) else said


def level(view: "CaseView") -> Sentence:
    """And whether both sides agree on it (W57)."""
    said = say(PRIORITIES[view.case.priority or ""])
    if view.case.priority_state in NOT_AGREED:
        return say("{level} (not agreed)", level=said)
    return say("{level}, agreed", level=said) if view.case.priority_state == Standing.AGREED else said


def proposed(view: "CaseView") -> bool:
    """Whether it is the customer's word alone so far."""
    return view.case.priority_state == Standing.PROPOSED or (
        view.case.priority_state is None and not view.case.prioritised_by
    )


def left(view: "CaseView") -> Sentence:
    """How much of the response time is left, in business time, or how long it is over."""
    case, calendar = view.case, view.provider.counted()
    if case.target_minutes is None:
        return say("no response time is published")
    minutes = case.target_minutes - sla.elapsed(calendar, case.received_at, view.now)
    if not minutes:
        return say("no time left")
    if minutes > 0:
        return say("{left} left", left=Duration(minutes, business=view.provider.hours is not None))
    return say("{over} over", over=Duration(-minutes, business=view.provider.hours is not None))
