"""How values are worded: states, roles, plans, times, and where a provider is reached."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot import figures
from bot.messages import CaseNumber, Clause, Code, Duration, Link, Moment, Printed
from bot.messages import Person as Named
from bot.wording import Choice, InTheir, Sentence, say
from rules import sla
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
ELIGIBILITY = {
    "eligible": "eligible",
    "no_contract": "no contract covers the day it was received: a person checks",
    "not_licensed": "the sender holds no licensed seat: a person checks",
    "not_nominated": "opened by somebody who is not a nominated user: a person checks",
}


def named(actor: Actor) -> Named:
    return Named(actor.name, ROLES.get(actor.role, ""))


def number(view: "CaseView") -> CaseNumber:
    return CaseNumber(view.case.id)


def plan(view: "CaseView") -> Sentence | Printed:
    return Printed(view.plan.name) if view.plan else say("none found for today; a person checks")


def expected(view: "CaseView") -> Sentence:
    case = view.case
    if case.due_at is None or case.target_minutes is None:
        return say("no response time is published for this plan")
    target = view.plan.target() if view.plan else None
    return say(
        "by {due}, {target} ({clauses})",
        due=moment(view, case.due_at),
        target=Duration(case.target_minutes, business=True),
        clauses=clauses(target.clauses if target else ()),
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


def with_(view: "CaseView") -> Sentence | Named:
    if view.assignee is None:
        return say("nobody yet")
    return Named(view.assignee.name, ROLES[view.assignee.role])


def response(view: "CaseView") -> Sentence:
    case = view.case
    if case.responded_at is not None:
        at = moment(view, case.responded_at)
        if case.response_met is None:
            return say("{at}; no response time is published", at=at)
        return say("in time, {at}", at=at) if case.response_met else say("late, {at}", at=at)
    return expected(view)


def reach(provider: "Provider") -> dict[str, Any]:
    """Telephone and address (W1, W53), or that none is published."""
    phone, email = provider.phone, provider.escalation or provider.email
    return {
        "phone": Link(f"{phone.printed}, {phone.tel}", phone.link) if phone else say("no published number"),
        "email": Link(email.address, f"mailto:{email.address}") if email else say("no published address"),
    }


def priority(view: "CaseView") -> Sentence:
    case = view.case
    if case.priority is None:
        return say("not said")
    said = say(PRIORITIES[case.priority])
    return said if case.prioritised_by else say("{level}, as the customer proposes", level=said)


def left(view: "CaseView") -> Sentence:
    """How much of the response time is left, in business time, or how long it is over."""
    case, calendar = view.case, view.provider.calendar()
    if case.target_minutes is None or calendar is None:
        return say("no response time is published")
    minutes = case.target_minutes - sla.elapsed(calendar, case.received_at, view.now)
    if minutes >= 0:
        return say("{left} left", left=Duration(minutes, business=True))
    return say("{over} over", over=Duration(-minutes, business=True))
