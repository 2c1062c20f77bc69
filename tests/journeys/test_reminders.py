"""Once a time is agreed, both sides are reminded of it, a day and half an hour before (W52)."""

import pytest

from tests.journeys.test_audit import late
from tests.world import World, opened

HEAD = "A reminder: the appointment for #1001 is Wed 21 Jan 10:00 ET."


@pytest.fixture
async def agreed(case: World) -> World:
    """Answered in time by Sam, who is to call Ann on Wednesday at 10:00; it is Monday, 9:00."""
    await case.says("sam", "take 1001")
    await case.says("sam", "reply 1001 I call you")
    await case.says("sam", "schedule 1001 wednesday 10am")
    await case.presses("ann", "Accept the time")
    return case


def reminded(world: World) -> dict[str, list[str]]:
    """Of those who were, by room."""
    rooms = ("ann", "bob", "sam", "cora", "lena", "desk", "eve", "tess")
    told = {room: [text.partition("\n")[0] for text in world.heard(room) if "A reminder" in text] for room in rooms}
    return {room: texts for room, texts in told.items() if texts}


async def test_both_sides_are_reminded_a_day_and_half_an_hour_before(agreed: World) -> None:
    """W52, W58."""
    assert await agreed.passes_and_warns(hours=24, minutes=59) == 0
    assert await agreed.passes_and_warns(minutes=1) == 1
    assert reminded(agreed) == {"ann": [HEAD], "sam": [HEAD]}
    assert await agreed.passes_and_warns(hours=23, minutes=29) == 0
    assert await agreed.passes_and_warns(minutes=1) == 1
    assert reminded(agreed) == {"ann": [HEAD] * 2, "sam": [HEAD] * 2}
    await agreed.passes_and_warns(minutes=29)
    assert len(reminded(agreed)["ann"]) == 2


async def test_a_reminder_lets_either_side_move_it_or_call_it_off(agreed: World) -> None:
    await agreed.passes_and_warns(hours=25)
    assert agreed.last("ann").endswith("[Another time] [Call it off]")
    await agreed.presses("ann", "Call it off")
    assert "Appointment: Wed 21 Jan 10:00 ET, called off" in agreed.card()


async def test_agreed_shortly_before_there_is_one_reminder_or_none(case: World) -> None:
    await case.says("sam", "take 1001")
    await case.says("sam", "schedule 1001 today 10am")
    await case.presses("ann", "Accept the time")
    assert reminded(case) == {}
    await case.passes_and_warns(minutes=30)
    assert [len(texts) for texts in reminded(case).values()] == [1, 1]
    await case.says("sam", "schedule 1001 today 9:50am")
    await case.presses("ann", "Accept the time")
    await case.passes_and_warns(minutes=15)
    assert [len(texts) for texts in reminded(case).values()] == [1, 1]


@pytest.mark.parametrize("line", ["decline 1001 slot-1 agreed", "withdraw 1001", "schedule 1001 thursday 10am"])
async def test_nobody_is_reminded_of_a_time_that_no_longer_holds(agreed: World, line: str) -> None:
    await agreed.says("ann", line)
    await agreed.passes_and_warns(hours=25)
    await agreed.passes_and_warns(hours=23, minutes=30)
    assert reminded(agreed) == {}


async def test_a_time_that_was_kept_early_is_not_reminded_of(agreed: World) -> None:
    await agreed.passes_and_warns(hours=48, minutes=30)
    await agreed.says("sam", "call 1001 Talked it through")
    before = reminded(agreed)
    await agreed.passes_and_warns(minutes=20)
    assert reminded(agreed) == before


async def test_another_time_has_reminders_of_its_own(agreed: World) -> None:
    await agreed.passes_and_warns(hours=25)
    await agreed.says("ann", "schedule 1001 friday 3pm")
    await agreed.presses("sam", "Accept the time")
    await agreed.passes_and_warns(hours=53)
    assert reminded(agreed)["ann"] == [HEAD, "A reminder: the appointment for #1001 is Fri 23 Jan 15:00 ET."]


async def test_after_downtime_there_is_one_and_none_when_the_time_is_past(agreed: World) -> None:
    await agreed.passes_and_warns(hours=48, minutes=40)
    assert reminded(agreed) == {"ann": [HEAD], "sam": [HEAD]}
    await agreed.says("ann", "schedule 1001 friday 3pm")
    await agreed.presses("sam", "Accept the time")
    await agreed.passes_and_warns(days=2, hours=6)
    assert reminded(agreed) == {"ann": [HEAD], "sam": [HEAD]}
    assert "has logged a contact" in agreed.last("sam")


async def test_they_come_at_any_hour_since_the_time_was_agreed_on(agreed: World) -> None:
    """And what else is due in the night still waits for the morning (R10)."""
    await agreed.says("ann", "schedule 1001 today 8pm")
    await agreed.presses("sam", "Accept the time")
    await agreed.says("ann", "reply 1001 Which number will you call?")
    await agreed.passes_and_warns(hours=9, minutes=45)
    assert reminded(agreed) == {}
    assert await late(agreed) == []
    await agreed.passes_and_warns(minutes=45)
    assert set(reminded(agreed)) == {"ann", "sam"}
    assert "waits for the next answer" not in "".join(agreed.heard("sam"))
    assert await late(agreed) == []
    await agreed.passes_and_warns(hours=12, minutes=30)
    assert "has logged a contact" in "".join(agreed.heard("sam"))


async def test_a_reminder_that_nobody_sent_is_found(agreed: World) -> None:
    agreed.passes(hours=25, minutes=2)
    assert await late(agreed) == [
        "#1001: slot-1: late by 0:02:00: due 2026-01-20 15:00:00 UTC, and nobody made the round"
    ]


async def test_where_nobody_works_on_it_the_desks_room_is_reminded(case: World) -> None:
    await case.says("sam", "schedule 1001 tomorrow 10am")
    await case.presses("ann", "Accept the time")
    await case.passes_and_warns(hours=24, minutes=30)
    assert set(reminded(case)) == {"ann", "desk"}


async def test_whoever_works_on_it_by_then_is_reminded_and_who_stands_in_for_them(agreed: World) -> None:
    await agreed.says("sam", "assign 1001 lena")
    await agreed.passes_and_warns(hours=25)
    assert set(reminded(agreed)) == {"ann", "lena"}
    await agreed.says("lena", "away until friday 5pm cora")
    await agreed.passes_and_warns(hours=23, minutes=30)
    assert {room: len(texts) for room, texts in reminded(agreed).items()} == {"ann": 2, "lena": 1, "cora": 1}


async def test_each_reads_it_in_their_own_zone_too(desk: World) -> None:
    await opened(desk, "eve", "Exports fail")
    await desk.says("sam", "schedule 1001 tomorrow 10am")
    await desk.presses("eve", "Accept the time")
    await desk.passes_and_warns(hours=24, minutes=30)
    assert reminded(desk)["eve"] == ["A reminder: the appointment for #1001 is Tue 20 Jan 10:00 ET (15:00 London)."]


async def test_a_provider_without_published_hours_reminds_all_the_same(desk: World) -> None:
    """R12."""
    await opened(desk, "tess", "Exports fail")
    await desk.says("sam", "schedule 1001 saturday 9am")
    await desk.presses("tess", "Accept the time")
    await desk.passes_and_warns(days=4)
    assert set(reminded(desk)) == {"tess", "desk"}
