"""Whether a request may have support, as far as the directory tells; whatever it says, a case has its number and its
clock, and a person rules (W11, W37, W55, W56)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rules.catalogue import Contacts


class Eligibility(StrEnum):
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    """Only ever a person's word, with a reason that the customer reads."""
    NO_CONTRACT = "no_contract"
    ENDED = "ended"
    """A contract was there and is over, or its notice has run out (W48)."""
    NOT_LICENSED = "not_licensed"
    UNPAID = "unpaid"
    """Not paid ahead for the day: staff are warned, nobody is locked out (W43)."""
    NOT_NOMINATED = "not_nominated"
    NOT_CONTACT_PERSON = "not_contact_person"


LIKELY = frozenset(
    {Eligibility.ELIGIBLE, Eligibility.UNPAID, Eligibility.NOT_NOMINATED, Eligibility.NOT_CONTACT_PERSON}
)
"""What the first human answer confirms along the way; anything else somebody has to say expressly."""


@dataclass(frozen=True)
class Term:
    """How long a contract runs. Whether it was signed on a trial licence is not asked: that never blocks (W33)."""

    starts: date
    ends: date | None = None
    """The last day, included; None: it runs on."""
    noticed: date | None = None
    """When the customer's written notice came in."""
    notice_days: int | None = None
    """Days of the calendar from the notice to the end; None: none are published."""
    ended: date | None = None
    """The day on which the provider ended it (W30)."""

    @property
    def last_day(self) -> date | None:
        lapses = self.noticed + timedelta(days=self.notice_days) if self.noticed and self.notice_days else None
        return min((day for day in (self.ends, lapses, self.ended) if day is not None), default=None)

    def holds(self, day: date) -> bool:
        """From the first day on, be it before the product is in use (W4)."""
        return self.starts <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class Asker:
    licensed: bool
    nominated: bool
    in_charge: bool
    """The account's contact person, or their deputy on that day (T10)."""


def without_contract(terms: Iterable[Term], day: date) -> Eligibility:
    """Why none of these holds on that day."""
    return Eligibility.ENDED if any(term.starts <= day for term in terms) else Eligibility.NO_CONTRACT


def check(asker: Asker, contacts: Contacts, *, seats: bool, paid_until: date | None, day: date) -> Eligibility:
    """Under a contract that holds on that day. ``seats``: the provider's terms ask for a licence for every user."""
    if seats and not asker.licensed:
        return Eligibility.NOT_LICENSED
    if paid_until is not None and paid_until < day:
        return Eligibility.UNPAID
    if entitled(asker, contacts):
        return Eligibility.ELIGIBLE
    return Eligibility.NOT_NOMINATED if contacts.rule == "nominated" else Eligibility.NOT_CONTACT_PERSON


def entitled(asker: Asker, contacts: Contacts) -> bool:
    """Whether they may ask for their company without anybody else's word (W27, T10)."""
    return asker.nominated if contacts.rule == "nominated" else asker.in_charge


class Handover(StrEnum):
    """Whether somebody who may ask for the company stands behind a case that somebody else of it opened."""

    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    """Nobody answered in time: it is the desk's all the same."""
    FLAGGED = "flagged"
    """Taken at once, and marked: critical, nobody to ask, or the account has it so."""


def handover(
    asker: Asker, contacts: Contacts, *, seats: bool, critical: bool, accept_all: bool, somebody: bool
) -> Handover | None:
    """``somebody``: there is a person to ask. None: nobody's word is needed, or a person has to look at it anyway."""
    if entitled(asker, contacts) or (seats and not asker.licensed):
        return None
    at_once = accept_all or not somebody or (critical and contacts.critical_accepted)
    return Handover.FLAGGED if at_once else Handover.ASKED
