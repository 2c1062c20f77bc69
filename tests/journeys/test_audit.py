"""``supporthub audit escalations`` finds what the ladder should have done and did not."""

from collections.abc import Callable
from datetime import timedelta

from bot.auditing import page
from bot.channel import Outgoing, Undeliverable
from store.tables import Case, Outbox
from store.work import Work
from tests.world import CATALOGUES, World, opened


async def late(world: World) -> list[str]:
    minute = timedelta(minutes=1)
    _, found = await world.store.read(page, 1000, world.time.business, minute, CATALOGUES)
    return [str(each) for each in found]


async def change(world: World, how: Callable[[Case], None]) -> None:
    def unit(work: Work) -> None:
        case = work.case(1001, None)
        assert case is not None
        how(case)
        work.add(case)

    await world.store.write(unit)


async def test_a_desk_that_makes_its_rounds_has_nothing_late(case: World) -> None:
    assert await late(case) == []
    for _ in range(6):
        await case.passes_and_warns(hours=1)
        assert await late(case) == []
    await case.passes_and_warns(hours=6)
    assert await late(case) == [], "in the night everything sleeps"
    await case.says("sam", "reply 1001 On it")
    await case.says("sam", "schedule 1001 tomorrow 10am")
    await case.presses("ann", "Accept the time")
    assert await late(case) == []


async def test_a_round_that_nobody_made_is_late(case: World) -> None:
    case.passes(hours=2, minutes=1)
    assert await late(case) == []
    case.passes(minutes=9)
    assert await late(case) == ["#1001: 50: late by 0:10:00: due 2026-01-19 16:00:00 UTC, and nobody made the round"]


async def test_an_alarm_that_is_missing_or_too_far_away_is_found_before_it_is_due(case: World) -> None:
    def never(row: Case) -> None:
        row.next_alarm_at = None

    def later(row: Case) -> None:
        row.next_alarm_at = row.received_at + timedelta(hours=3)

    await change(case, never)
    assert await late(case) == [
        "#1001: 50: late by 0:00:00: no alarm is set, though one is due 2026-01-19 16:00:00 UTC"
    ]
    await change(case, later)
    assert "its alarm is set to 2026-01-19 17:00:00 UTC, due 2026-01-19 16:00:00 UTC" in (await late(case))[0]


async def test_an_appointment_whose_alarm_was_lost_is_found(case: World) -> None:
    await case.says("sam", "reply 1001 On it")
    await case.says("sam", "schedule 1001 tomorrow 10am")
    await case.presses("ann", "Accept the time")

    def never(row: Case) -> None:
        row.next_alarm_at = None

    await change(case, never)
    [found] = await late(case)
    assert found.startswith("#1001: slot-1: late by 0:00:00: no alarm is set")


async def test_a_recorded_step_without_a_message_is_found(case: World) -> None:
    await case.passes_and_warns(hours=2)

    def lose(work: Work) -> None:
        row = work.find(Outbox, key=f"warn 1001.1.50 room {work.desk_rooms()[0].id}")
        work.drop(row)

    await case.store.write(lose)
    assert await late(case) == ["#1001: 50: recorded: 1 of its warnings have no message"]


async def test_a_step_that_reached_nobody_is_found_and_one_that_was_passed_on_is_not(case: World) -> None:
    def gone(out: Outgoing) -> None:
        raise Undeliverable("account_inactive")

    await case.says("sam", "take 1001")
    case.fake.before = gone
    await case.passes_and_warns(hours=2)
    assert await late(case) == [], "it went to Sam's mailbox"
    case.channels["email"].before = gone  # type: ignore[attr-defined]
    await case.passes_and_warns(hours=1)
    assert any(found.startswith("#1001: 75: recorded: nobody was reached: ") for found in await late(case))


async def test_a_case_that_cannot_be_read_hides_no_other(case: World) -> None:
    await opened(case, "eve")

    def broken(row: Case) -> None:
        row.plan = "websan/gone"

    await change(case, broken)
    case.passes(hours=9)
    first, second = sorted(await late(case))
    assert first.startswith("#1001: its next step: recorded: cannot be computed: UnknownPlan")
    assert second.startswith("#1002: 50: late by")
