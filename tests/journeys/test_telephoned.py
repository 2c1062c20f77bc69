"""Somebody telephoned, and the desk opens their case: its clock runs from the call (R1)."""

import pytest

from tests.journeys.sides import the_case
from tests.verifying import differences
from tests.world import World


async def test_the_clock_runs_from_when_they_called(sqlite_desk: World) -> None:
    """R1, R6. Where no time is said, from now."""
    case = sqlite_desk
    case.passes(days=1, hours=1)
    for number, said, at, subject in (
        (1001, "at 8:30 The phone rang: login fails", "Tue 20 Jan 08:30", "The phone rang: login fails"),
        (1002, "at yesterday 4pm Yesterday it broke", "Mon 19 Jan 16:00", "Yesterday it broke"),
        (1003, "at friday 2pm the report", "Fri 16 Jan 14:00", "the report"),
        (1004, "at 2026-01-20T13:00:00+00:00 the form", "Tue 20 Jan 08:00", "the form"),
    ):
        told = str(await case.says("sam", f"open-for ann@northwind.example {said}"))
        assert told == f"Done. Case #{number} is open for Ann Lee.\nReceived {at} ET.", said
        assert case.card(number).startswith(f"#{number}: {subject}\n")
    assert "by Tue 20 Jan 12:30 ET" in case.card(1001)
    for number, said in ((1005, "at work nothing prints"), (1006, "It fails at 8:30")):
        assert "Received" not in str(await case.says("sam", f"open-for ann@northwind.example {said}"))
        assert (await the_case(case, number)).received_at == case.time.business
    assert await differences(case.store) == []


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("at 16:00 the form", "That time is still to come, so nothing was received then."),
        ("at 2026-01-02 10:00 the form", "That is more than 7 days ago. Without a time it counts from now."),
        ("at 25:99 the form", "I can't tell which time that is."),
        ("at 8:30", "I didn't follow that."),
    ],
)
async def test_a_time_that_cannot_be_is_refused_and_nothing_is_opened(
    sqlite_desk: World, said: str, wrong: str
) -> None:
    assert str(await sqlite_desk.says("sam", f"open-for ann@northwind.example {said}")).startswith(wrong)
    assert not [post for post in sqlite_desk.posts("desk") if post.root]
