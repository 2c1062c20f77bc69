"""What the desk promises, when it warns and how a clock ends, rule by rule."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import sla
from rules.business_time import Calendar
from rules.ladder import Ladder
from rules.sla import Breach, State, Step, Stretch

NEW_YORK = ZoneInfo("America/New_York")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
DESK = Calendar({day: [(480, 1080)] for day in WEEKDAYS}, "America/New_York", frozenset({date(2025, 12, 25)}), "ET")
ROUND_THE_CLOCK = Calendar({day: [(0, 1440)] for day in (*WEEKDAYS, "sat", "sun")}, "America/New_York")
SUCCESS = 240  # minutes, W46
LADDER = Ladder()


def et(text: str) -> datetime:
    """An instant as the clock in New York reads it; in January 2025 the 17th is a Friday, the 20th a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def monday(time: str) -> datetime:
    return et(f"2025-01-20T{time}")


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
    assert sla.first_response(DESK, monday("08:00"), SUCCESS, monday("12:01")).state == State.BREACHED


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


@pytest.mark.parametrize(
    ("responded", "cancelled", "now", "state"),
    [
        pytest.param(None, None, "09:00", State.RUNNING, id="waiting"),
        pytest.param(None, None, "12:00", State.RUNNING, id="waiting, due this instant"),
        pytest.param(None, None, "12:00:01", State.BREACHED, id="waiting too long"),
        pytest.param("09:00", None, "17:00", State.MET, id="answered"),
        pytest.param("12:00", None, "17:00", State.MET, id="answered at the due instant"),
        pytest.param("12:00:01", None, "17:00", State.BREACHED, id="answered late"),
        pytest.param(None, "09:00", "17:00", State.CANCELLED, id="R9 merged away while open"),
        pytest.param(None, "12:01", "17:00", State.BREACHED, id="R9 merged away after a breach"),
        pytest.param("09:00", "10:00", "17:00", State.MET, id="R9 merged away after an answer"),
        pytest.param("10:00", "09:00", "17:00", State.CANCELLED, id="R9 answered after the merge"),
    ],
)
def test_r2_a_first_response_is(responded: str | None, cancelled: str | None, now: str, state: State) -> None:
    verdict = sla.first_response(
        DESK,
        monday("08:00"),
        SUCCESS,
        monday(now),
        responded=monday(responded) if responded else None,
        cancelled=monday(cancelled) if cancelled else None,
    )
    assert (verdict.state, verdict.due) == (state, monday("12:00"))


def test_r2_a_reply_after_closing_is_late_though_no_business_time_has_passed() -> None:
    received, closing = et("2025-01-17T14:00"), et("2025-01-17T18:00")
    verdict = sla.first_response(DESK, received, SUCCESS, monday("09:00"), responded=closing + timedelta(minutes=5))
    assert (verdict.state, verdict.elapsed, verdict.share) == (State.BREACHED, 240, 100)


def test_r2_the_clock_stands_still_once_answered() -> None:
    verdict = sla.first_response(DESK, monday("08:00"), SUCCESS, monday("17:00"), responded=monday("09:12"))
    assert (verdict.elapsed, verdict.share) == (72, 30)


@pytest.mark.parametrize("recorded", [State.MET, State.BREACHED])
@pytest.mark.parametrize("responded", [None, "08:30", "17:00"])
def test_r7_r8_r14_a_recorded_verdict_is_frozen(recorded: State, responded: str | None) -> None:
    verdict = sla.first_response(
        DESK,
        monday("08:00"),
        SUCCESS,
        monday("17:30"),
        responded=monday(responded) if responded else None,
        cancelled=monday("17:15"),
        recorded=State.MET if recorded is State.MET else State.BREACHED,
    )
    assert verdict.state == recorded


@pytest.mark.parametrize("now", ["08:01", "17:59"])
def test_r12_t7_without_a_published_target_there_is_elapsed_time_and_nothing_else(now: str) -> None:
    verdict = sla.first_response(DESK, monday("08:00"), None, monday(now))
    elapsed = (monday(now) - monday("08:00")) // timedelta(minutes=1)
    assert verdict == sla.Verdict(State.NO_TARGET, elapsed, due=None, share=None)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        pytest.param([], "2025-01-20T12:00", id="none"),
        pytest.param([("09:00", "10:00")], "2025-01-20T13:00", id="one"),
        pytest.param([("10:00", "11:00"), ("08:30", "09:00")], "2025-01-20T13:30", id="two, in any order"),
        pytest.param([("09:00", "10:30"), ("10:00", "11:00")], "2025-01-20T14:00", id="two that overlap"),
        pytest.param([("09:00", "11:00"), ("09:30", "10:00")], "2025-01-20T14:00", id="one within another"),
        pytest.param([("11:00", "12:00"), ("12:30", "13:00")], "2025-01-20T13:30", id="the first brings the second in"),
        pytest.param([("12:00", "15:00")], "2025-01-20T12:00", id="from the due time on"),
        pytest.param([("06:00", "08:30")], "2025-01-20T12:30", id="since before it was received"),
        pytest.param([("11:00", "21:00")], "2025-01-21T09:00", id="into the night"),
    ],
)
def test_r3_r5_pauses_push_a_next_response_back_by_their_business_time(pauses: list[tuple[str, str]], due: str) -> None:
    paused = [(monday(start), monday(end)) for start, end in pauses]
    assert sla.due(DESK, monday("08:00"), SUCCESS, paused) == et(due)


def test_r5_a_pause_out_of_hours_moves_no_due_time() -> None:
    overnight = [(et("2025-01-16T19:00"), et("2025-01-16T23:00"))]
    assert sla.due(DESK, et("2025-01-16T17:00"), 660, overnight) == et("2025-01-17T18:00")


def test_r5_the_first_response_clock_knows_no_pauses() -> None:
    with pytest.raises(TypeError, match="pauses"):
        sla.first_response(DESK, monday("08:00"), SUCCESS, monday("09:00"), pauses=[])  # type: ignore[call-arg]


def test_r5_steps_wait_out_a_pause() -> None:
    paused = [(monday("09:00"), monday("10:00"))]
    assert sla.warnings(LADDER, DESK, monday("08:00"), SUCCESS, paused)[50] == monday("11:00")
    step = sla.next_alarm(LADDER, DESK, monday("08:00"), SUCCESS, monday("09:00"), pauses=paused)
    assert step == Step(50, 0, monday("11:00"))
    assert sla.reached(LADDER, DESK, monday("08:00"), SUCCESS, monday("10:59"), pauses=paused) is None
    assert sla.reached(LADDER, DESK, monday("08:00"), SUCCESS, monday("11:00"), pauses=paused) == step
    assert sla.share_used(DESK, monday("08:00"), SUCCESS, monday("11:00"), paused) == 50


@pytest.mark.parametrize(
    ("now", "share"), [("09:00", 25), ("09:30", 25), ("10:00", 25), ("10:24", 35), ("11:24", 60), ("12:00", 60)]
)
def test_r5_nothing_is_used_up_during_a_pause(now: str, share: int) -> None:
    paused = [(monday("11:24"), monday("13:00")), (monday("09:00"), monday("10:00"))]
    assert sla.share_used(DESK, monday("08:00"), SUCCESS, monday(now), paused) == share
    assert sla.elapsed(DESK, monday("08:00"), monday(now), paused) == SUCCESS * share // 100


minutes = st.integers(0, 3 * 1440)
targets = st.integers(1, 700)
pause_lists = st.lists(st.tuples(minutes, minutes).map(sorted), max_size=4)
bounded = settings(max_examples=50, deadline=None)


@given(minutes, targets, pause_lists)
@bounded
def test_r5_paused_clocks_count_each_open_unpaused_minute(received: int, target: int, pauses: list[list[int]]) -> None:
    first = et("2025-01-17T00:00")
    paused = [(at(first, start), at(first, end)) for start, end in pauses]
    left, minute = target, received
    while left:
        held = any(start <= minute < end for start, end in pauses)
        left -= DESK.is_open(at(first, minute)) and not held
        minute += 1
    assert sla.due(DESK, at(first, received), target, paused) == at(first, minute)
    assert sla.elapsed(DESK, at(first, received), at(first, minute), paused) == target


@given(minutes, targets, pause_lists, st.integers(0, 5 * 86_400_000), st.none() | st.integers(0, 200))
@bounded
def test_r10_the_next_alarm_is_later_than_now_and_is_what_will_then_be_reached(
    received: int, target: int, pauses: list[list[int]], passed: int, since: int | None
) -> None:
    first = et("2025-01-17T00:00")
    start, now = at(first, received), at(first, received) + timedelta(milliseconds=passed)
    paused = [(at(first, a), at(first, b)) for a, b in pauses]
    acknowledged = None if since is None else now - timedelta(minutes=since)
    step = sla.next_alarm(LADDER, DESK, start, target, now, acknowledged, paused)
    before = sla.reached(LADDER, DESK, start, target, step.at - timedelta(milliseconds=1), acknowledged, paused)
    after = sla.reached(LADDER, DESK, start, target, step.at, acknowledged, paused)
    assert step.at > now
    assert after is not None
    assert after.threshold == step.threshold
    assert before is None or before.threshold != step.threshold


def at(first: datetime, minute: int) -> datetime:
    return first.astimezone(UTC) + timedelta(minutes=minute)


@pytest.mark.parametrize(
    ("old", "new", "changed", "was_breached", "due", "kind"),
    [
        pytest.param(480, 240, "09:00", None, "12:00", None, id="sooner, in time"),
        pytest.param(480, 120, "10:00", None, "10:00", None, id="due at the very change"),
        pytest.param(480, 120, "11:00", None, "10:00", Breach.ON_REPRIORITISATION, id="already past"),
        pytest.param(480, 120, "11:00", False, "10:00", Breach.ON_REPRIORITISATION, id="already past, none recorded"),
        pytest.param(240, 480, "13:00", True, "16:00", Breach.MISSED, id="a longer target erases no breach"),
        pytest.param(240, 480, "13:00", None, "16:00", Breach.MISSED, id="nor one that nobody recorded"),
        pytest.param(240, 120, "13:00", None, "10:00", Breach.MISSED, id="missed before the change"),
        pytest.param(240, 120, "13:00", True, "10:00", Breach.MISSED, id="missed and recorded"),
        pytest.param(240, 480, "12:00", None, "16:00", None, id="later, in time"),
    ],
)
def test_r7_after_a_change_the_time_already_elapsed_counts(
    old: int, new: int, changed: str, was_breached: bool | None, due: str, kind: Breach | None
) -> None:
    result = sla.recompute(DESK, monday("08:00"), old, new, monday(changed), was_breached)
    assert result == sla.Recomputed(monday(due), kind is not None, kind)


@pytest.mark.parametrize(
    ("at_receipt", "later", "kept"),
    [(480, 240, 240), (240, 480, 240), (240, None, 240), (None, 240, None), (None, None, None)],
)
def test_r7_a_later_contract_applies_only_if_it_shortens(
    at_receipt: int | None, later: int | None, kept: int | None
) -> None:
    assert sla.in_force(at_receipt, later) == kept


def test_r9_of_merged_cases_the_one_received_first_survives() -> None:
    assert sla.survivor({1007: monday("09:00"), 1012: monday("08:00"), 1003: monday("10:00")}) == 1012
    assert sla.survivor({1012: monday("09:00"), 1007: monday("09:00")}) == 1007
