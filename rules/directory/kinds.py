"""What may stand behind a key: for each kind of value the words that ask for it and the test that it fits."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Generic, TypeVar
from zoneinfo import available_timezones

from rules.catalogue import Kind as Requests
from rules.directory.values import Identity, Place
from rules.people import STAFF, Role

T = TypeVar("T")

LONGEST = 200
"""Characters of one text."""
MOST_LICENCES = 1_000_000
MOST_MINUTES = 100_000
"""Of a promised response."""
MOST_DAYS = 366
"""Of one person's turn on call."""
NO_DATE = date.min
"""Stands for a date that could not be read, so that no second mistake grows out of the first."""
NO_MOMENT = datetime.min.replace(tzinfo=UTC)
"""The same for an instant."""


@dataclass(frozen=True)
class Kind(Generic[T]):
    must: str
    """Ends the sentence "KEY must be ..."."""
    fits: Callable[[object], T | None]
    """The value read, or None where what stands there does not fit."""
    blank: T
    """Taken for what does not fit: the file is refused anyway, but the rest of it is still read."""
    known: Collection[str] = ()
    """What can be meant, for "did you mean"."""


# Left out of every text: control characters, line ends, lone surrogates, and the marks that turn the reading direction,
# by which a name can be made to look like another.
HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def words(raw: object) -> str | None:
    """One line of text without the blanks around it; a text with no letter and no digit shows nothing."""
    if not isinstance(raw, str) or HIDDEN.search(raw) or not any(map(str.isalnum, raw)):
        return None
    text = raw.strip()
    return text if len(text) <= LONGEST else None


def shaped(raw: object, pattern: re.Pattern[str]) -> re.Match[str] | None:
    return pattern.fullmatch(words(raw) or "")


def text(must: str, pattern: str, *, small: bool = False) -> Kind[str]:
    """Text of one shape; ``small`` where capitals make no difference: it comes out in small letters."""
    compiled = re.compile(pattern, re.ASCII | (re.IGNORECASE if small else 0))

    def fits(raw: object) -> str | None:
        match = shaped(raw, compiled)
        return (match[0].lower() if small else match[0]) if match else None

    return Kind(must, fits, "")


def one_of(known: Collection[str], must: str, *, small: bool = False) -> Kind[str]:
    """One of the texts known, whatever their shape: what refers to a misshapen slug is not a second mistake."""

    def fits(raw: object) -> str | None:
        word = words(raw)
        word = word.lower() if word and small else word
        return word if word in known else None

    return Kind(must, fits, "", sorted(known))


GUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
ADDRESS = rf"{LOCAL}(\.{LOCAL})*@({LABEL}\.)+[a-z]{LABEL}"

NAME = Kind(f"one line of at most {LONGEST} characters with a letter or a digit", words, "")
SLUG = text('small letters, digits and hyphens, such as "northwind"', r"[a-z0-9]+(?:-[a-z0-9]+)*")
EMAIL = text('an e-mail address such as "ann@northwind.example"', ADDRESS, small=True)
TENANT = text('the id of a Teams tenant, such as "72f988bf-86f1-41af-91ab-2d7cd011db47"', GUID, small=True)
WORKSPACE = text('the id of a Slack workspace or organisation, such as "T0NORTH"', "[TE][A-Z0-9]+")


def _slack_user(raw: object) -> Identity | None:
    match = shaped(raw, re.compile("([TE][A-Z0-9]+)/([UW][A-Z0-9]+)"))
    return Identity("slack", match[1], match[2]) if match else None


def _teams_user(raw: object) -> Identity | None:
    match = shaped(raw, re.compile(f"({GUID})/({GUID})", re.IGNORECASE | re.ASCII))
    return Identity("teams", match[1].lower(), match[2].lower()) if match else None


def _slack_room(raw: object) -> Place | None:
    match = shaped(raw, re.compile("([TE][A-Z0-9]+)/([CG][A-Z0-9]+)"))
    return Place("slack", match[1], match[2]) if match else None


def _teams_room(raw: object) -> Place | None:
    match = shaped(raw, re.compile("[^\\s/;]+"))  # no link, and not one thread of the conversation (";messageid=")
    return Place("teams", "", match[0]) if match else None


USERS: dict[str, Kind[Identity | None]] = {
    "slack": Kind('a Slack workspace and user, such as "T0NORTH/U0ANN"', _slack_user, None),
    "teams": Kind('a Teams tenant and user, two ids as in "<tenant id>/<aadObjectId>"', _teams_user, None),
}
ROOMS: dict[str, Kind[Place | None]] = {
    "slack": Kind('a Slack workspace and channel, such as "T0DESK/C0NW"', _slack_room, None),
    "teams": Kind('a Teams conversation id without /, ; and blanks, such as "19:ab12@thread.tacv2"', _teams_room, None),
}


def _date(raw: object) -> date | None:
    return raw if type(raw) is date and 1990 <= raw.year < 2200 else None  # a datetime is a date to isinstance


def _moment(raw: object) -> date | None:
    return raw if isinstance(raw, date) and 1990 <= raw.year < 2200 else None


def _clock(raw: object) -> time | None:
    match = shaped(raw, re.compile("([01][0-9]|2[0-3]):([0-5][0-9])"))
    return time(int(match[1]), int(match[2])) if match else None


def _days(raw: object) -> int | None:
    return raw if type(raw) is int and 1 <= raw <= MOST_DAYS else None


def _licences(raw: object) -> int | None:
    return raw if type(raw) is int and 1 <= raw <= MOST_LICENCES else None  # True is an int to isinstance


def _minutes(raw: object) -> int | None:
    return raw if type(raw) is int and 1 <= raw <= MOST_MINUTES else None


def _kept(raw: object) -> int | None:
    """In months; 0: for good."""
    match = shaped(raw, re.compile("([1-9][0-9]{0,2}) (month|year)s?|(for good)"))
    if match is None:
        return None
    return 0 if match[3] else int(match[1]) * (12 if match[2] == "year" else 1)


def _amount(raw: object) -> Decimal | None:
    match = shaped(raw, re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?"))
    return (Decimal(match[0]) or None) if match else None


ROLES = {str(role): role for role in sorted(STAFF)}

DATE = Kind("a date between 1990 and 2199 without quotes, such as 2026-01-01", _date, NO_DATE)
MOMENT = Kind("a day such as 2026-02-02, or a time such as 2026-02-02T09:00:00, without quotes", _moment, NO_DATE)
CLOCK = Kind('a time of day in quotes, such as "09:00"', _clock, time())
DAYS = Kind(f"a whole number from 1 to {MOST_DAYS}", _days, 1)
LICENCES = Kind(f"a whole number from 1 to {MOST_LICENCES}", _licences, 0)
MINUTES = Kind(f"a whole number of minutes from 1 to {MOST_MINUTES}", _minutes, 1)
KEPT = Kind('"for good", or months or years such as "18 months" and "5 years"', _kept, 0)
REQUEST = one_of([str(kind) for kind in Requests], 'a kind of request, such as "hardware"')
AMOUNT: Kind[Decimal | None] = Kind('an amount above zero in quotes, such as "40000.00"', _amount, None)
YES_NO = Kind("true or false", lambda raw: raw if isinstance(raw, bool) else None, False)
# The clock is nobody's role: it stands for one that could not be read.
ROLE = Kind(f"one of {', '.join(ROLES)}", lambda raw: ROLES.get(words(raw) or ""), Role.CLOCK, ROLES)


@cache
def zone() -> Kind[str]:
    """A function, since the list of zones is read from the system."""
    real = available_timezones() - {"localtime", "Factory"}  # names that mean another zone on every machine, or none
    return one_of(real, 'the IANA name of a zone, such as "America/Toronto"')
