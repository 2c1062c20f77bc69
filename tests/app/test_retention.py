"""``supporthub retention``: what is said before and after."""

from datetime import UTC, datetime

from app.retention import Due, told
from bot.retention import Keeping
from store.tables import Account

UNTIL, OLDER = datetime(2025, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)


def kept(oldest: datetime | None, cases: int = 0) -> Due:
    return Due(Keeping(Account(name="Northwind", slug="northwind"), 18, UNTIL, oldest), cases, 0)


def test_only_where_something_is_due_it_is_said_who_erases_it() -> None:
    assert list(told([kept(None)], None)) == [
        "northwind: kept 18 months, since 2025-01-01; nothing is older.",
        "There is nothing to erase.",
    ]
    first, then = told([kept(OLDER, 3)], None)
    assert first.endswith("3 cases and 0 questions are older.")
    assert then.startswith("Nothing was done. The server erases it within the hour; --yes does it now.")
    assert list(told([kept(OLDER, 3)], 3))[-1] == "3 cases erased: their figures stay."
    assert list(told([], None)) == [
        "Closed cases are kept for good: keep_closed_cases of the directory file says otherwise."
    ]
