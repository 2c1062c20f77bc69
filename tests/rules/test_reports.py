"""Reports: periods, verdicts and sums, against what was counted by hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.business_time import Calendar
from rules.lifecycle import Status
from rules.reports import Cause, Group, Period, Received, Report, Share, Tally, Times, judge, period, verdict
from rules.sla import State

NEW_YORK = "America/New_York"
ET = ZoneInfo(NEW_YORK)
HOURS = Calendar({day: ((480, 1080),) for day in ("mon", "tue", "wed", "thu", "fri")}, NEW_YORK)
MONDAY = datetime(2026, 1, 19, 14, tzinfo=UTC)
"""9:00 in New York."""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=ET).astimezone(UTC)


# Periods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("this week", "2026-01-19", "2026-01-25"),
        ("last week", "2026-01-12", "2026-01-18"),
        ("This  Month", "2026-01-01", "2026-01-31"),
        ("last month", "2025-12-01", "2025-12-31"),
        ("this quarter", "2026-01-01", "2026-03-31"),
        ("last quarter", "2025-10-01", "2025-12-31"),
        ("this year", "2026-01-01", "2026-12-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-q4", "2025-10-01", "2025-12-31"),
        ("q1 2026", "2026-01-01", "2026-03-31"),
        ("2026 Q1", "2026-01-01", "2026-03-31"),
        ("2026-01-05", "2026-01-05", "2026-01-05"),
        ("2026-01-05 2026-02-09", "2026-01-05", "2026-02-09"),
        ("2026-01-05..2026-02-09", "2026-01-05", "2026-02-09"),
        ("2026-01-05 to 2026-02-09", "2026-01-05", "2026-02-09"),
    ],
)
def test_a_period_is_whole_days(words: str, first: str, last: str) -> None:
    found = period(words, MONDAY, NEW_YORK)
    assert found == Period(date.fromisoformat(first), date.fromisoformat(last), NEW_YORK)


@pytest.mark.parametrize("words", ["", "next week", "2026-13", "2026-02-30", "2026-02-09 2026-02-01", "1026", "soon"])
def test_what_is_no_period_is_none(words: str) -> None:
    assert period(words, MONDAY, NEW_YORK) is None


def test_it_begins_and_ends_at_midnight_where_the_provider_is_also_when_clocks_change() -> None:
    march = period("2026-03", MONDAY, NEW_YORK)
    assert march is not None
    assert (march.since, march.until) == (datetime(2026, 3, 1, 5, tzinfo=UTC), datetime(2026, 4, 1, 4, tzinfo=UTC))
    early = datetime(2026, 1, 1, 3, tzinfo=UTC)  # still December there
    assert period("this month", early, NEW_YORK) == period("2025-12", MONDAY, NEW_YORK)


@given(st.dates(date(2001, 1, 1), date(2190, 1, 1)), st.integers(0, 800))
def test_its_steps_follow_each_other_and_every_moment_of_it_is_in_one(first: date, days: int) -> None:
    some = Period(first, first + timedelta(days=days), NEW_YORK)
    steps = list(some.buckets())
    assert steps[0] == first
    assert steps == sorted(set(steps))
    assert len(steps) <= 30
    for moment in (some.since, some.until - timedelta(microseconds=1)):
        assert some.bucket(moment) in steps


# Verdicts ---------------------------------------------------------------------------------------------------------


def received(
    number: int = 1,
    *,
    account: int = 1,
    plan: str | None = "acme/gold",
    on: datetime = MONDAY,
    target: int | None = 240,
    answered: datetime | None = None,
    met: bool | None = None,
    over: datetime | None = None,
    changed: str | None = None,
) -> Received:
    due = HOURS.add(on, target * 60) if target else None
    return Received(number, account, plan, on, target, due, answered, met, over, changed)


LATER = at(20, 12)
REPRIORITISED = "on_reprioritisation"


@pytest.mark.parametrize(
    ("case", "state", "cause"),
    [
        (received(answered=at(19, 13), met=True), State.MET, None),
        (received(answered=at(19, 13, 1), met=False), State.BREACHED, Cause.LATE),
        (received(on=at(20, 8)), State.RUNNING, None),
        (received(on=at(20, 7)), State.RUNNING, None),  # due at noon, to the minute
        (received(), State.BREACHED, Cause.UNANSWERED),
        (received(met=False), State.BREACHED, Cause.UNANSWERED),
        (received(over=at(19, 13)), State.CANCELLED, None),
        (received(over=at(19, 14)), State.BREACHED, Cause.ENDED),
        (received(met=False, changed=REPRIORITISED), State.BREACHED, Cause.REPRIORITISED),
        (received(answered=at(19, 12), met=False, changed=REPRIORITISED), State.BREACHED, Cause.REPRIORITISED),
        (received(met=False, changed="on_plan_change"), State.BREACHED, Cause.PLAN_CHANGED),
        (received(target=None), State.NO_TARGET, None),
        (received(target=None, answered=at(19, 12)), State.NO_TARGET, None),
    ],
)
def test_each_case_has_the_verdict_that_fell(case: Received, state: State, cause: Cause | None) -> None:
    """R2, R7, R9, R12, R14."""
    assert verdict(case, LATER) == (state, cause)


def test_what_fell_once_is_not_judged_again() -> None:
    """R14: whatever due time other hours would give today."""
    moved = received(answered=at(19, 12), met=True)._replace(due=at(19, 9))
    assert verdict(moved, LATER) == (State.MET, None)


def test_minutes_count_in_business_time_where_hours_are_published() -> None:
    over_night = received(on=at(19, 17), answered=at(20, 9))
    assert judge(over_night, HOURS, LATER)[2:] == (120, True)
    assert judge(over_night, None, LATER)[2:] == (16 * 60, False)


# Sums -------------------------------------------------------------------------------------------------------------


def test_the_sums_are_those_counted_by_hand() -> None:
    """Seven cases of two companies; on paper: 4 in time of 6 promised, 30 60 90 120 300 minutes to the answer."""
    report = Report(Period(date(2026, 1, 19), date(2026, 1, 25), NEW_YORK), LATER)
    cases = [
        received(1, answered=at(19, 9, 30), met=True),  # 30 minutes
        received(2, answered=at(19, 10), met=True),  # 60
        received(3, on=at(19, 17), answered=at(20, 8, 30), met=True),  # 60 + 30 = 90
        received(4, account=2, plan="acme/blue", answered=at(19, 11), met=True),  # 120
        received(5, account=2, plan="acme/blue", answered=at(19, 14), met=False),  # 300, an hour late
        received(6, account=2, plan="acme/blue", met=False, changed=REPRIORITISED),  # not answered at all
        received(7, account=2, plan="other/one", target=None, answered=at(19, 21)),  # 12 hours by the clock
    ]
    for case in cases:
        report.add(case, None if case.plan == "other/one" else HOURS)
    total = report.total
    assert (total.received, total.decided, total.broken) == (7, 6, 2)
    assert total.attainment is not None
    assert total.attainment.percent == 66
    assert dict(total.causes) == {Cause.LATE: 1, Cause.REPRIORITISED: 1}
    business, clock = total.times
    assert (business.count, business.median, business.slow, business.business) == (5, 90, 300, True)
    assert (clock.count, clock.median, clock.slow, clock.business) == (1, 720, 720, False)
    assert [(n, each.received, each.broken) for n, each in report.by_account().items()] == [(2, 4, 2), (1, 3, 0)]
    assert {plan: each.received for plan, each in report.by_plan().items()} == {
        "acme/blue": 3,
        "acme/gold": 3,
        "other/one": 1,
    }
    assert {one: each.received for one, each in report.by_provider().items()} == {"acme": 6, "other": 1}
    assert {day.day: each.received for day, each in report.steps.items()} == {19: 7}


def test_questions_are_no_cases_of_a_plan() -> None:
    report = Report(Period(date(2026, 1, 19), date(2026, 1, 25), NEW_YORK), LATER)
    report.of(1, None).asked += 3
    assert list(report.by_account()) == [1]
    assert report.by_plan() == report.by_provider() == {}
    report.of(1, None).closed[Status.CLOSED] += 1
    assert list(report.by_plan()) == [None]
    assert Group(1, None).provider is None


@pytest.mark.parametrize(
    ("minutes", "median", "slow"),
    [
        ([5], 5, 5),
        ([1, 2], 2, 2),  # the mean, a half rounded up
        ([10, 20, 30, 100], 25, 100),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 6, 9),
        ([7] * 9 + [100], 7, 7),
        ([7] * 8 + [100] * 2, 7, 100),
    ],
)
def test_the_middle_and_the_slow_end(minutes: list[int], median: int, slow: int) -> None:
    times = Times({each: minutes.count(each) for each in minutes}, True)
    assert (times.median, times.slow) == (median, slow)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60))
def test_at_least_nine_of_ten_are_within_and_no_fewer_minutes_would_do(minutes: list[int]) -> None:
    slow = Times({each: minutes.count(each) for each in minutes}, True).slow
    assert sum(each <= slow for each in minutes) * 10 >= len(minutes) * 9
    assert sum(each < slow for each in minutes) * 10 < len(minutes) * 9


def test_shares_are_rounded_down() -> None:
    assert [Share(part, 300).percent for part in (0, 1, 299, 300)] == [0, 0, 99, 100]
    assert (Tally().attainment, Tally().satisfied, Tally().times) == (None, None, ())


def test_a_group_alone_adds_up_to_itself() -> None:
    one, both = Tally(), Tally()
    one.stars.update({5: 3, 4: 1, 2: 1})
    one.closed.update({Status.CLOSED: 4, Status.UNCONFIRMED: 1, Status.WITHDRAWN: 2})
    for _ in range(2):
        both += one
    assert both.satisfied == Share(8, 10)
    assert (both.closings, both.unconfirmed) == (10, 2)
