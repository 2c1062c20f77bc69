"""What the desk promises, and when it warns, rule by rule."""

import pytest

from rules import sla
from rules.business_time import Calendar
from rules.ladder import Ladder
from rules.sla import Step, Stretch
from tests.rules.clocks import DESK, LADDER, SUCCESS, WEEKDAYS, et, monday

ROUND_THE_CLOCK = Calendar({day: [(0, 1440)] for day in (*WEEKDAYS, "sat", "sun")}, "America/New_York")


@pytest.mark.parametrize(
    ("received", "minutes", "due"),
    [
        pytest.param("2025-01-17T17:30", 240, "2025-01-20T11:30", id="over a weekend"),
        pytest.param("2025-01-17T14:00", 240, "2025-01-17T18:00", id="exactly at closing"),
        pytest.param("2025-01-17T14:00:01", 240, "2025-01-20T08:00:01", id="one second past closing"),
        pytest.param("2025-01-17T18:00", 120, "2025-01-20T10:00", id="received at closing"),
        pytest.param("2025-01-18T12:00", 120, "2025-01-20T10:00", id="received on a Saturday"),
        pytest.param("2025-01-20T03:00", 480, "2025-01-20T16:00", id="received before opening"),
        pytest.param("2025-12-24T17:00", 120, "2025-12-26T09:00", id="over a holiday"),
        pytest.param("2025-03-07T17:00", 120, "2025-03-10T09:00", id="over the weekend that clocks go forward"),
        pytest.param("2025-10-31T17:00", 120, "2025-11-03T09:00", id="over the weekend that clocks go back"),
    ],
)
def test_r6_w46_w47_a_target_is_spent_in_business_hours(received: str, minutes: int, due: str) -> None:
    assert sla.due(DESK, et(received), minutes) == et(due)


@pytest.mark.parametrize(
    ("received", "due"),
    [("2025-03-08T22:00", "2025-03-09T07:00"), ("2025-11-01T22:00", "2025-11-02T05:00")],
)
def test_r6_eight_hours_are_eight_hours_while_the_clocks_change(received: str, due: str) -> None:
    assert sla.due(ROUND_THE_CLOCK, et(received), 480) == et(due)


def test_r6_a_due_time_is_in_utc() -> None:
    due = sla.due(DESK, et("2025-01-17T17:30"), SUCCESS)
    assert due.isoformat() == "2025-01-20T16:30:00+00:00"


def test_r15_the_way_to_a_due_time_is_told_window_by_window() -> None:
    assert sla.explain(DESK, et("2025-01-17T17:30"), SUCCESS) == [
        Stretch(et("2025-01-17T17:30"), et("2025-01-17T18:00"), used=1800, remaining=12600),
        Stretch(monday("08:00"), monday("11:30"), used=12600, remaining=0),
    ]


def test_r15_the_way_to_closing_time_ends_at_closing_time() -> None:
    assert sla.explain(DESK, monday("14:00"), SUCCESS) == [Stretch(monday("14:00"), monday("18:00"), 14400, 0)]


def test_r15_what_each_window_uses_adds_up_to_the_target_even_between_two_seconds() -> None:
    stretches = sla.explain(DESK, et("2025-01-16T17:59:59.300000"), 1300)
    assert sum(stretch.used for stretch in stretches) == 1300 * 60
    assert stretches[-1].remaining == 0


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        ("2025-01-17T17:30", "2025-01-20T11:30", 240),
        ("2025-01-20T09:00", "2025-01-20T09:01:59", 1),
        ("2025-01-18T09:00", "2025-01-19T09:00", 0),
        ("2025-01-20T10:00", "2025-01-20T09:00", 0),
    ],
)
def test_r4_elapsed_time_is_whole_business_minutes(since: str, until: str, minutes: int) -> None:
    assert sla.elapsed(DESK, et(since), et(until)) == minutes


@pytest.mark.parametrize(
    ("now", "share"),
    [("08:00", 0), ("09:11:59", 29), ("09:12", 30), ("11:59:59", 99), ("12:00", 100), ("13:12", 130), ("07:00", 0)],
)
def test_r10_the_share_used_is_rounded_down(now: str, share: int) -> None:
    assert sla.share_used(DESK, monday("08:00"), SUCCESS, monday(now)) == share


def test_r10_warnings_come_at_half_three_quarters_and_all_of_the_target() -> None:
    assert sla.warnings(LADDER, DESK, et("2025-01-17T17:30"), SUCCESS) == {
        50: monday("09:30"),
        75: monday("10:30"),
        100: monday("11:30"),
    }
    assert sla.warnings(LADDER, DESK, monday("08:00"), 1)[75] == monday("08:00:45")


@pytest.mark.parametrize(
    ("now", "threshold"),
    [
        ("09:59:59", None),
        ("10:00", "50"),
        ("10:59:59", "50"),
        ("11:00", "75"),
        ("12:00", "100"),
        ("12:29:59", "100"),
        ("12:30", "100+1"),
        ("17:45", "100+11"),
    ],
)
def test_r10_after_downtime_only_the_highest_step_is_reached(now: str, threshold: str | None) -> None:
    step = sla.reached(LADDER, DESK, monday("08:00"), SUCCESS, monday(now))
    assert (step and step.threshold) == threshold


def test_r10_alarms_follow_one_another_up_the_ladder_within_business_hours() -> None:
    now, alarms = et("2025-01-17T15:00"), []
    for _ in range(5):
        step = sla.next_alarm(LADDER, DESK, et("2025-01-17T14:00"), SUCCESS, now)
        alarms.append(step)
        now = step.at
    assert alarms == [
        Step(50, 0, et("2025-01-17T16:00")),
        Step(75, 0, et("2025-01-17T17:00")),
        Step(100, 0, et("2025-01-17T18:00")),
        Step(100, 1, monday("08:30")),
        Step(100, 2, monday("09:00")),
    ]


def test_r10_nothing_is_reached_out_of_hours_that_was_not_at_closing() -> None:
    at_closing = sla.reached(LADDER, DESK, et("2025-01-17T14:00"), SUCCESS, et("2025-01-17T18:00"))
    assert sla.reached(LADDER, DESK, et("2025-01-17T14:00"), SUCCESS, et("2025-01-20T08:00")) == at_closing


@pytest.mark.parametrize(
    ("acknowledged", "alarm"),
    [
        pytest.param("10:45", ("75", "11:15"), id="a warning waits for the lapse"),
        pytest.param("11:45", ("100", "12:15"), id="so does the news of the breach"),
        pytest.param("12:05", ("100+1", "12:35"), id="so does a rung"),
        pytest.param("12:30", ("100+2", "13:00"), id="a rung at the lapse itself comes on time"),
        pytest.param("10:05", ("75", "11:00"), id="no step is due before the lapse"),
    ],
)
def test_r11_an_acknowledgement_holds_the_ladder_for_thirty_minutes(acknowledged: str, alarm: tuple[str, str]) -> None:
    step = sla.next_alarm(LADDER, DESK, monday("08:00"), SUCCESS, monday(acknowledged), monday(acknowledged))
    assert (step.threshold, step.at) == (alarm[0], monday(alarm[1]))


def test_r11_a_held_step_is_reached_when_the_acknowledgement_lapses_and_not_before() -> None:
    def reached(now: str) -> Step | None:
        return sla.reached(LADDER, DESK, monday("08:00"), SUCCESS, monday(now), acknowledged=monday("11:45"))

    assert [step and step.threshold for step in map(reached, ("11:44", "12:00", "12:14:59", "12:15"))] == [
        "75",
        "75",
        "75",
        "100",
    ]


def test_r11_of_several_held_steps_only_the_highest_comes_after_the_lapse() -> None:
    step = sla.next_alarm(LADDER, DESK, monday("08:00"), 40, monday("08:15"), acknowledged=monday("08:15"))
    assert (step.threshold, step.at) == ("100", monday("08:45"))


def test_r11_once_lapsed_an_acknowledgement_changes_nothing() -> None:
    now = monday("12:35")
    with_it = sla.next_alarm(LADDER, DESK, monday("08:00"), SUCCESS, now, acknowledged=monday("12:05"))
    assert with_it == sla.next_alarm(LADDER, DESK, monday("08:00"), SUCCESS, now)


def test_r11_an_acknowledgement_lasts_thirty_business_minutes() -> None:
    assert sla.lapses(LADDER, DESK, et("2025-01-17T17:45")) == monday("08:15")


def test_r11_an_acknowledgement_stops_no_clock() -> None:
    assert sla.due(DESK, monday("08:00"), SUCCESS) == monday("12:00")


OWN = Ladder({25: (), 60: ()}, climb_minutes=10, acknowledged_minutes=15)


def test_a_ladder_of_a_catalogues_own_has_its_own_steps_rungs_and_lapse() -> None:
    now, alarms = monday("08:00"), []
    for _ in range(4):
        step = sla.next_alarm(OWN, DESK, monday("08:00"), 100, now)
        alarms.append(step)
        now = step.at
    assert [(step.threshold, step.at) for step in alarms] == [
        ("25", monday("08:25")),
        ("60", monday("09:00")),
        ("100+1", monday("09:50")),
        ("100+2", monday("10:00")),
    ]
    assert sla.lapses(OWN, DESK, monday("08:00")) == monday("08:15")


@pytest.mark.parametrize(
    ("now", "quiet"),
    [
        ("2025-01-17T17:59:59", False),
        ("2025-01-17T18:05", False),
        ("2025-01-17T18:05:01", True),
        ("2025-01-18T12:00", True),
        ("2025-01-20T07:59:59", True),
        ("2025-01-20T08:00", False),
        ("2025-12-25T12:00", True),
    ],
)
def test_r10_out_of_hours_is_quiet_but_for_what_falls_on_closing_time(now: str, quiet: bool) -> None:
    assert sla.quiet(DESK, et(now)) == quiet


def test_r13_a_ladder_without_a_target_begins_at_once_and_climbs() -> None:
    at_once = Ladder({0: ()})
    before, since = monday("09:59:59"), monday("10:00")
    assert sla.reached(at_once, DESK, since, 0, before) is None
    steps = [sla.reached(at_once, DESK, since, 0, monday(now)) for now in ("10:00", "10:29", "10:30", "11:00")]
    assert [(step.share, step.rung) for step in steps if step] == [(0, 0), (0, 0), (100, 1), (100, 2)]
    assert sla.next_alarm(at_once, DESK, since, 0, before).at == since
