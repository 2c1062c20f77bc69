"""What a line must hold: the fields that the kinds share, each with the sentence that tells what is wrong with it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

if TYPE_CHECKING:
    from app.explain.house import House

Answer = Mapping[str, object]
Q = TypeVar("Q", bound="Question")
LONGEST = 10_000
"""Characters of anything that a person wrote."""


class Wrong(Exception):
    """A sentence instead of an answer, with the clauses behind it, if any."""

    def __init__(self, says: str, clauses: tuple[str, ...] = ()) -> None:
        self.says, self.clauses = says, clauses
        super().__init__(says)


class Question(BaseModel, ABC):
    """One line. What it does not know it ignores, so that a line may carry notes of its own."""

    model_config = ConfigDict(strict=True, frozen=True)

    @abstractmethod
    def answer(self, house: "House") -> Answer:
        """Raises Wrong, or ValueError with a sentence."""


def asked(question: type[Q], line: object) -> Q:
    if not isinstance(line, dict):
        raise Wrong("A line must be one JSON object.")
    try:
        return question.model_validate(line)
    except ValidationError as error:
        raise Wrong(_sentences(error)) from None


SAYS = {
    "missing": "is missing",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "string_unicode": "must be text",
    "string_too_short": "must not be empty",
    "string_too_long": "must be shorter",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "value_error": "{error}",
}


def _sentences(error: ValidationError) -> str:
    """One a field; where either of two types would do, it tells both."""
    wrong: dict[str, list[str]] = {}
    for one in error.errors(include_url=False, include_input=False):
        says = SAYS[one["type"]].format(**one.get("ctx", {})) if one["type"] in SAYS else "is not what it must be"
        if says not in (told := wrong.setdefault(str(one["loc"][0]), [])):
            told.append(says)
    return " ".join(f"`{name}` {' or '.join(told)}." for name, told in wrong.items())


_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _read_instant(written: object) -> datetime:
    """Without an offset it is UTC, like every instant here."""
    try:
        if isinstance(written, str) and _INSTANT.fullmatch(written):
            at = datetime.fromisoformat(written)
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("must be an instant such as 2026-01-19T13:30:00Z")


def _read_day(written: object) -> date:
    try:
        if isinstance(written, str) and _DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise ValueError("must be a date such as 2026-01-31")


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # what zoneinfo raises differs with the shape of the wrong name
        raise ValueError("must be a time zone such as America/New_York") from None
    return name


Text = Annotated[str, Field(min_length=1, max_length=200)]
Written = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Instant = Annotated[datetime, BeforeValidator(_read_instant)]
Day = Annotated[date, BeforeValidator(_read_day)]
Days = list[Day]
Zone = Annotated[str, AfterValidator(_known_zone)]
Minutes = Annotated[int, Field(ge=1, le=10**7)]


def instant(at: datetime) -> str:
    """ISO 8601 in UTC, with a Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
