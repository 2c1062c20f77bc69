"""The part of a unit of work that reports: cases a page at a time past the ORM, everything else as sums."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy import case as either
from sqlmodel import Session, col, update

from rules.eligibility import Handover
from rules.lifecycle import OVER, Status, Verb
from rules.people import Role
from rules.reports import CHANGES, Group, Period, Received
from rules.sla import OFFER
from store.sql import table
from store.tables import Account, Assignment, Case, CaseEvent, Enquiry, Person

DIGESTED = (Role.LEAD, Role.CONCIERGE)


class Reports:
    """``accounts``: whose; None is everybody's."""

    _session: Session

    def received(self, period: Period, accounts: tuple[int, ...] | None, after: int, limit: int) -> list[Received]:
        """The next cases by number that were received then."""
        names = ("id", "account_id", "plan", "received_at", "target_minutes", "due_at", "responded_at", "response_met")
        case = table(Case).c
        event = table(CaseEvent).c
        broken = (event.case_id == case.id, event.verb == Verb.BREACH, event.words.in_(CHANGES))
        changed = select(event.words).where(*broken).order_by(event.id).limit(1).scalar_subquery()
        apart = either((case.response_met.is_(False), changed), else_=None)
        ended = func.coalesce(case.cancelled_at, case.over_at)
        found = select(*(case[name] for name in names), ended, apart).where(
            case.id > after, case.received_at >= period.since, case.received_at < period.until, *_of(accounts)
        )
        rows = self._session.connection().execute(found.order_by(case.id).limit(limit))
        return [Received._make(row) for row in rows]

    def ended(self, period: Period, accounts: tuple[int, ...] | None) -> Iterator[tuple[Group, Status, int]]:
        """How many ended how, as history tells it: each ending counts, also of what was reopened since."""
        at, ends = _during(period), and_(col(CaseEvent.after).in_(OVER), col(CaseEvent.before).not_in(OVER))
        return self._grouped(col(CaseEvent.after), _events(accounts).where(*at, ends))

    def missed(self, period: Period, accounts: tuple[int, ...] | None) -> Iterator[tuple[Group, str, int]]:
        """Agreed times that passed without a contact (R13)."""
        found = _events(accounts).where(*_during(period), col(CaseEvent.verb) == Verb.MISS)
        return self._grouped(col(CaseEvent.verb), found)

    def rated(self, period: Period, accounts: tuple[int, ...] | None) -> Iterator[tuple[Group, str, int]]:
        """Stars given then; of several for one closing, such as with a comment afterwards, the last. They outlive a
        reopening, for which the case itself forgets them."""
        event, later = table(CaseEvent).c, table(CaseEvent).alias()
        after = (later.c.case_id == event.case_id, later.c.id > event.id)
        next_one = select(later.c.verb).where(*after, later.c.verb.in_((Verb.RATE, Verb.CONFIRM)))
        last = next_one.order_by(later.c.id).limit(1).correlate(table(CaseEvent)).scalar_subquery()
        given = (event.verb == Verb.RATE, last.is_distinct_from(Verb.RATE))
        stars = func.substr(event.words, 1, 1)
        return self._grouped(stars, _events(accounts).where(*_during(period), *given))

    def backlog(self, at: datetime, accounts: tuple[int, ...] | None) -> Iterator[tuple[Group, bool, int]]:
        """What was open then. What is over since before then was over: only the rest has its history looked at."""
        case, event = table(Case).c, table(CaseEvent).c
        before = select(event.after).where(event.case_id == case.id, event.at < at).order_by(event.id.desc())
        stood = before.limit(1).correlate(table(Case)).scalar_subquery()
        open_then = or_(case.over_at.is_(None), case.over_at >= at)
        live = or_(and_(case.over_at.is_(None), case.cycle == 1), stood.not_in(OVER))
        found = select(func.count()).select_from(table(Case))
        return self._grouped(
            case.over_at.is_(None), found.where(case.received_at < at, open_then, live, *_of(accounts))
        )

    def questions(self, period: Period, accounts: tuple[int, ...] | None) -> list[tuple[int, str, int]]:
        """Of each account, how many came out how."""
        asked = (Enquiry.at >= period.since, Enquiry.at < period.until)
        theirs = () if accounts is None else (col(Enquiry.account_id).in_(accounts),)
        found = select(Enquiry.account_id, Enquiry.outcome, func.count()).where(*asked, *theirs)  # type: ignore[call-overload]
        rows = self._session.connection().execute(found.group_by(Enquiry.account_id, Enquiry.outcome))
        return [(account, outcome, many) for account, outcome, many in rows]

    def account_names(self, numbers: tuple[int, ...] | None = None) -> dict[int, str]:
        found = select(table(Account).c.id, table(Account).c.name)
        if numbers is not None:
            found = found.where(table(Account).c.id.in_(numbers))
        return {number: name for number, name in self._session.connection().execute(found)}

    def looked_after(self, person: int) -> tuple[int, ...]:
        """The accounts of a concierge."""
        mine = select(table(Assignment).c.account_id).where(table(Assignment).c.concierge_id == person)
        return tuple(sorted(number for (number,) in self._session.connection().execute(mine)))

    def to_digest(self) -> list[Person]:
        """Leads and concierges who want one, and can be written to."""
        person = table(Person).c
        here = (person.left_at.is_(None), person.erased_at.is_(None), person.conversation_id.is_not(None))
        found = select(Person).where(person.role.in_(DIGESTED), person.digest, *here).order_by(person.id)
        return list(self._session.exec(found).scalars())  # type: ignore[call-overload]

    def may_digest(self, person: int, week: date) -> bool:
        """Whether the caller is the one to tell them; from now on they were."""
        mine = (col(Person.id) == person, or_(col(Person.digested_on).is_(None), col(Person.digested_on) < week))
        return bool(self._session.exec(update(Person).where(*mine).values(digested_on=week)).rowcount)

    def _grouped(self, by: Any, found: "Select[Any]") -> Iterator[tuple[Group, Any, int]]:
        case = table(Case).c
        rows = found.add_columns(case.account_id, case.plan, by).group_by(case.account_id, case.plan, by)
        for many, account, plan, value in self._session.connection().execute(rows):
            yield Group(account, plan), value, many


def _of(accounts: tuple[int, ...] | None) -> Iterator[Any]:
    """Of what was asked of the desk: not its own offers, nor what its customer's side never handed over (W27, T10)."""
    case = table(Case).c
    yield case.promised_by.is_distinct_from(OFFER)
    yield or_(case.handover.is_(None), case.handover.not_in((Handover.ASKED, Handover.DECLINED)))
    if accounts is not None:
        yield case.account_id.in_(accounts)


def _events(accounts: tuple[int, ...] | None) -> "Select[Any]":
    found = select(func.count()).select_from(table(CaseEvent).join(table(Case)))
    return found.where(*_of(accounts))


def _during(period: Period) -> tuple[Any, Any]:
    return col(CaseEvent.at) >= period.since, col(CaseEvent.at) < period.until
