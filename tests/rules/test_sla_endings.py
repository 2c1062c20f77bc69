"""How a clock ends, stands still and is recomputed, rule by rule."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import sla
from rules.sla import Breach, Step
from tests.rules.clocks import DESK, LADDER, SUCCESS, at, et, minutes, monday


def test_r2_a_reply_after_closing_is_late_though_no_business_time_has_passed() -> None:
    received, closing = et("2025-01-17T14:00"), et("2025-01-17T18:00")
    late = closing + timedelta(minutes=5)
    assert late > sla.due(DESK, received, SUCCESS) == closing
    assert (sla.elapsed(DESK, received, late), sla.share_used(DESK, received, SUCCESS, late)) == (240, 100)


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
