"""``supporthub retention``: what was kept for long enough, and erasing it now instead of within the hour."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.clock import DemoClock
from bot.erasing.scrubbing import GONE
from bot.retention import Keeping, Retention, terms
from store.current import must_be_current, must_exist
from store.store import open_store
from store.work import Work

if TYPE_CHECKING:
    from datetime import datetime

    from app.settings import Settings


@dataclass(frozen=True)
class Due:
    keeping: Keeping
    cases: int
    questions: int


async def retention(settings: "Settings", do: bool) -> tuple[list[Due], int]:
    """What is due of each account that does not keep all for good; how many cases were erased."""
    url = settings.database_url.get_secret_value()
    must_exist(url)
    store = open_store(url)
    try:
        await must_be_current(store)
        clock = DemoClock(store)
        await clock.load()
        found, done = await store.read(_due, clock().business), 0
        while do and (erased := await Retention(store, clock).round()):
            done += erased
        return found, done
    finally:
        await store.close()


def _due(work: Work, now: "datetime") -> list[Due]:
    return [Due(each, *work.count_old(each.account.id, each.until, GONE)) for each in terms(work, now)]


def told(found: list[Due], done: int | None) -> Iterator[str]:
    """``done``: how many were erased; None where nobody asked for it."""
    for due in found:
        keeping = due.keeping
        says = f"{due.cases} cases and {due.questions} questions are older" if keeping.due else "nothing is older"
        yield f"{keeping.account.slug}: kept {_months(keeping.months)}, since {keeping.until:%Y-%m-%d}; {says}."
    if not found:
        yield "Closed cases are kept for good: keep_closed_cases of the directory file says otherwise."
    elif done is None and not any(due.keeping.due for due in found):
        yield "There is nothing to erase."
    elif done is None:
        yield "Nothing was done. The server erases it within the hour; --yes does it now. It cannot be undone."
    else:
        yield f"{done} cases erased: their figures stay."


def _months(months: int) -> str:
    years, rest = divmod(months, 12)
    many, what = (months, "month") if rest else (years, "year")
    return f"{many} {what}{'' if many == 1 else 's'}"
