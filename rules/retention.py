"""How long is long enough: whole months of the calendar, back from now."""

from calendar import monthrange
from datetime import datetime


def months_before(now: datetime, months: int) -> datetime:
    """The same day of an earlier month, or its last where it has no such day."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
