"""Who is on call in turn, and who is away: the tables of a directory file that warnings follow (R10)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.directory import kinds
from rules.directory.kinds import NO_DATE, NO_MOMENT, Kind
from rules.directory.values import Absence, Rota, Staff
from rules.directory.walk import Table, shown
from rules.on_call import Away, circle


def rota(table: Table, email: Kind[str]) -> Rota:
    name = table.need("name", kinds.NAME)
    table.once("rota", name, "name")
    if "people" not in table.keys:
        table.note(f"people is missing; it must be a list: {email.must}.")
    return Rota(
        name,
        people=table.many("people", email, least=1),
        begins=table.need("begins", kinds.DATE),
        handover=table.need("handover", kinds.CLOCK),
        timezone=table.need("timezone", kinds.zone()),
        days=table.need("days", kinds.DAYS),
        line=table.line,
    )


def absence(table: Table, email: Kind[str], staff: Mapping[str, Staff]) -> Absence:
    """Whole days are those of the absent one's own zone; ``until`` is the last of them."""
    who = table.need("staff", email)
    written = {key: table.need(key, kinds.MOMENT) for key in ("from", "until")}
    zone = staff[who].timezone if who in staff else "UTC"
    begins, until = (_instant(table, key, at, zone) for key, at in written.items())
    read = Absence(who, begins, until, table.may("stand_in", email, None), table.line)
    if NO_MOMENT not in (begins, until) and until <= begins:
        table.note("until must be after from.", "until")
        return replace(read, begins=NO_MOMENT)
    if read.stand_in == who:
        table.note("stand_in must be somebody else.", "stand_in")
        return replace(read, stand_in=None)
    return read


def _instant(table: Table, key: str, at: date | datetime, zone: str | None) -> datetime:
    if at is NO_DATE:
        return NO_MOMENT
    if isinstance(at, datetime) and at.tzinfo is not None:
        return at.astimezone(UTC)
    if zone is None:
        mend = "give them a timezone, or write an offset as in 2026-02-02T09:00:00-05:00"
        table.note(f"{key} is on nobody's clock; {mend}.", key)
        return NO_MOMENT
    if not isinstance(at, datetime):
        at = datetime.combine(at + timedelta(days=1) if key == "until" else at, time())
    return at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def apart(root: Table, absences: Iterable[Absence], staff: Sequence[Staff]) -> None:
    """Notes absences of one person that overlap, and stand-ins who wait for one another."""
    numbers = {member.email: number for number, member in enumerate(staff)}
    before: list[tuple[Absence, Away]] = []
    for index, this in enumerate(absences):
        if NO_MOMENT in (this.begins, this.until) or this.staff not in numbers:
            continue
        away = Away(numbers[this.staff], this.begins, this.until, numbers.get(this.stand_in or ""))
        same = next((each for each in before if each[0].staff == this.staff and _meet(each[1], away)), None)
        if same:
            root.note(f"overlaps the absence on line {same[0].line}; leave one of them.", "absence", index, "from")
        elif ring := circle(away, [each for _, each in before]):
            names = " -> ".join(shown(staff[number].email) for number in [*ring, ring[0]])
            root.note(f"stand_in goes round in a circle: {names}.", "absence", index, "stand_in")
        before.append((this, away))


def _meet(one: Away, other: Away) -> bool:
    return one.starts < other.ends and other.starts < one.ends
