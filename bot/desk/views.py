"""A case with the names that its picture needs."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.desk.entitlements import Proposed
from bot.desk.entitlements import proposed as proposed_change
from bot.invitations import Links
from bot.turn import Turn, zone_of
from rules import agreements, sla
from rules.appointments import AGREED, OFFERED, Slot
from rules.catalogue import Plan, Provider
from rules.coverage import COACHED
from rules.people import Actor
from store.groups import Related
from store.tables import Account, Case, Incident, Person


@dataclass(frozen=True)
class CaseView:
    """A case with the names that its picture needs."""

    case: Case
    account: Account
    opener: Person
    assignee: Person | None
    plan: Plan | None
    """As it was at receipt; None where no contract covered the day."""
    provider: Provider
    now: datetime
    """Business time at which it was looked at."""
    proposer: Person | None = None
    """Who proposed the appointment's time."""
    links: Links | None = None
    coach: Person | None = None
    """Whom such requests are for, where the plan names one (W17)."""
    others: tuple[Related, ...] = ()
    """Cases that have to do with it, where its whole picture is shown."""
    followers: tuple[Person, ...] = ()
    """The same: who hears of it besides those whom it concerns."""
    incident: Incident | None = None
    """Of which it is one; the desk's own knowledge."""
    change: Proposed | None = None
    """What it is about, where it is about the contract."""
    joint: frozenset[int] = frozenset()
    """Who opened the cases that go on as this one (R9)."""

    @property
    def by_offer(self) -> bool:
        """Whether the desk began it with an offer, so that nobody waits for an answer."""
        return self.case.promised_by == sla.OFFER

    def used(self) -> int | None:
        """Percent of the response time that is gone; None where none is published."""
        calendar = self.provider.counted()
        if self.case.target_minutes is None:
            return None
        until = self.case.responded_at or self.case.cancelled_at or self.now
        return sla.share_used(calendar, self.case.received_at, self.case.target_minutes, until)

    @property
    def lacks(self) -> Literal["quote", "answer"] | None:
        """What is missing before work that the customer pays for may begin (W24)."""
        case = self.case
        return agreements.lacks(case.coverage, case.covered_by is not None, case.quote_state)

    @property
    def slot(self) -> Slot | None:
        """The latest time that was proposed for an appointment."""
        return Slot(self.case.slot_at, self.case.slot_ends) if self.case.slot_at else None

    @property
    def calendar_link(self) -> str | None:
        """Where a calendar fetches the time that is agreed on."""
        case = self.case
        if self.links is None or case.slot_state != AGREED or case.slot_at is None:
            return None
        return self.links.to(case.id, case.slots, case.slot_at)

    def related(self, reader: Actor) -> tuple[int, ...]:
        """Of the others those that this reader may see (C1)."""
        account, opener = reader.scope
        theirs = (one for one in self.others if account in (None, one.account_id) and opener in (None, one.opened_by))
        return tuple(one.id for one in theirs)

    def followed_by(self, reader: Actor) -> tuple[Person, ...]:
        """Of those who follow it, whom this reader may know of: the desk of all, a company of its own people."""
        if reader.guest:
            return ()
        return tuple(one for one in self.followers if reader.staff or one.account_id == reader.account)

    def opened_by(self, reader: Actor) -> int:
        """The reader, where one of the cases that it is now was theirs."""
        return reader.id if reader.id in self.joint and not reader.guest else self.case.opened_by

    def theirs(self, reader: Actor) -> bool:
        """Whether the time was proposed by this reader's own side."""
        return self.proposer is not None and (self.proposer.account_id is None) == reader.staff

    def waits_for(self, reader: Actor) -> bool:
        """Whether a proposed time waits for this reader's side."""
        case = self.case
        return (
            case.slot_state == OFFERED
            and case.slot_at is not None
            and case.slot_at > self.now
            and not self.theirs(reader)
        )

    @property
    def zone(self) -> str:
        """The zone that the provider's times are stated in."""
        return zone_of(self.provider)


def pictured(turn: Turn, case: Case) -> CaseView:
    """With what only its whole picture names."""
    others, group = tuple(turn.work.related(case.id)), case.incident_id
    followers = tuple(turn.work.followers(case))
    incident = turn.work.incident(group) if group else None
    return replace(view(turn, case), others=others, followers=followers, incident=incident)


def view(turn: Turn, case: Case) -> CaseView:
    work = turn.work
    plan = turn.catalogues.plan(case.plan) if case.plan else None
    return CaseView(
        case,
        work.account(case.account_id),
        work.person(case.opened_by),
        work.person(case.assignee_id) if case.assignee_id else None,
        plan,
        plan.provider if plan else turn.provider,
        turn.now,
        work.person(case.slot_by) if case.slot_by else None,
        turn.links,
        work.coach(case.account_id) if plan and plan.coach and case.kind in COACHED else None,
        change=proposed_change(turn, case)
        if plan and case.coverage is None
        else None,  # such a case is judged for none
        joint=frozenset(one.opened_by for one in work.merged_here(case.id)) if case.resolutions else frozenset(),
    )
