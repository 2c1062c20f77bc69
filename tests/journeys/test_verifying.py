"""The desk audits itself: history says how each case must stand, and whatever stands otherwise is found (R14)."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest

from bot.incoming import Said
from bot.verifying import LEASE, Nightly, Verification
from rules.business_time import Calendar
from rules.catalogue import Catalogues
from rules.verifying import History
from store.store import Store
from store.work import Work
from tests.store.inside import sql
from tests.verifying import differences, findings
from tests.world import CATALOGUES, World, opened


async def lived(world: World) -> World:
    """Case 1001 was answered, solved, reopened and closed; 1002 was merged into it; 1003 is with Eve, unanswered."""
    await opened(world)
    for who, line in (
        ("sam", "take 1001"),
        ("sam", "priority 1001 high They invoice tomorrow"),
        ("sam", "reply 1001 Looking into it"),
        ("sam", "wait 1001 Which form?"),
        ("ann", "reply 1001 All of them"),
        ("sam", "close 1001 Fixed it"),
        ("ann", "not-solved 1001 Still broken"),
        ("bob", "Exports take an hour"),
        ("sam", "merge 1001 1002"),
        ("sam", "close 1001 Now really"),
        ("ann", "confirm 1001"),
        ("ann", "rate 1001 4"),
    ):
        world.passes(minutes=7)
        await world.says(who, line)
    await opened(world, "eve", "Nothing loads")
    await world.passes_and_warns(hours=3)
    return world


async def test_an_eventful_life_is_the_sum_of_its_history(desk: World) -> None:
    world = await lived(desk)
    assert await findings(world.store) == []
    await world.says("ann", "reopen 1001 It is back")
    await world.says("sam", "force-close 1001 They left")
    await world.says("eve", "withdraw 1003")
    assert await findings(world.store) == []


async def closed(world: World) -> World:
    await world.says("ann", "The quote form is broken since this morning")
    for who, line in (("ann", "person"), ("sam", "take 1001"), ("sam", "close 1001 Fixed it"), ("ann", "confirm 1001")):
        await world.says(who, line)
    return world


TAMPERED = {
    "status": "'waiting_customer'",
    "version": "version + 1",
    "cycle": "1",
    "over_at": "'2026-01-19 14:00:00'",
    "confirmed_by": "(SELECT id FROM person WHERE name = 'Bob Shaw')",
    "confirmed_at": "'2026-01-19 14:00:00'",
    "force_reason": "'because'",
    "resolutions": "resolutions + 1",
    "answered_in_cycle": "NOT answered_in_cycle",
    "merged_into": "1003",
    "received_at": "'2026-01-19 13:59:59'",
    "target_minutes": "60",
    "due_at": "'2026-01-26 14:00:00'",
    "responded_at": "'2026-01-19 14:00:01'",
    "response_met": "NOT response_met",
}


async def test_whatever_is_tampered_with_is_found(desk: World) -> None:
    world = await lived(desk)
    for field, value in TAMPERED.items():
        [[kept]] = await world.store.write(sql, f"SELECT {field} FROM cases WHERE id = 1001")
        await world.store.write(sql, f"UPDATE cases SET {field} = {value} WHERE id = 1001")
        found = {(finding.about, finding.field) for finding in await findings(world.store) if finding.wrong}
        assert ("case 1001", field) in found
        assert {about for about, _ in found} <= {"case 1001", "case 1003"}, "1003: nobody merged into it"
        await world.store.write(_put_back, field, kept)
    assert await findings(world.store) == []


def _put_back(work: Work, field: str, kept: Any) -> None:
    sql(work, f"UPDATE cases SET {field} = :kept WHERE id = 1001", kept=kept)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("DELETE FROM case_event WHERE verb = 'take'", "version"),
        ("UPDATE case_event SET after = 'closed' WHERE verb = 'take'", "event 3"),
        ("UPDATE case_event SET verb = 'withdraw' WHERE verb = 'confirm'", "event 5"),
        ("UPDATE case_event SET verb = 'take' WHERE verb = 'open'", "event 1"),
        ("DELETE FROM case_event", "history"),
    ],
)
async def test_a_history_that_could_not_have_happened_is_found(sqlite_desk: World, change: str, found: str) -> None:
    world = await closed(sqlite_desk)
    await world.store.write(sql, change)
    assert found in {finding.field for finding in await findings(world.store) if finding.wrong}


LAST = "WHERE id = (SELECT max(id) FROM outbox)"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (f"UPDATE outbox SET done_at = NULL {LAST}", "done_at"),
        (f"UPDATE outbox SET receipt = NULL {LAST}", "receipt"),
        (f"UPDATE outbox SET joins = 9999 {LAST}", "joins"),
        (f"UPDATE outbox SET replaces = 9999 {LAST}", "replaces"),
        (f"UPDATE outbox SET instead_of = id {LAST}", "instead_of"),
        ("UPDATE card SET wanted = wanted + 1", "card in conversation"),
    ],
)
async def test_a_message_that_would_never_leave_or_refers_to_nothing_is_found(
    sqlite_desk: World, change: str, found: str
) -> None:
    world = await closed(sqlite_desk)
    await world.store.write(sql, change)
    assert [finding.field.partition(" 1")[0] for finding in await findings(world.store)] == [found]


async def test_loose_ends_are_found_on_either_database(case: World) -> None:
    await case.store.write(sql, f"UPDATE outbox SET done_at = NULL, joins = 9999 {LAST}")
    await case.store.write(sql, "UPDATE card SET wanted = wanted + 1")
    assert len(await differences(case.store)) == 3


async def test_what_waits_for_its_time_is_not_stuck(desk: World) -> None:
    world = await lived(desk)
    await world.hear("sam", Said("reply 1003 Hello"))
    assert await findings(world.store) == []


async def test_other_business_hours_later_make_no_verdict_wrong(desk: World) -> None:
    """R14: a holiday that the catalogue learns of afterwards is a note."""
    world = await lived(desk)
    found = await findings(world.store, _with_a_holiday(date(2026, 1, 19)))
    assert {finding.wrong for finding in found} == {False}
    assert "differs under today's calendar" in str(found[0])


async def test_a_history_from_before_promises_were_kept_says_so_and_is_judged_by_what_it_tells(desk: World) -> None:
    world = await lived(desk)
    await world.store.write(sql, "UPDATE case_event SET received_at = NULL, due_at = NULL, responded_at = NULL")
    verification = Verification(world.store, CATALOGUES)
    assert [finding async for finding in verification.all()] == []
    assert verification.unrecorded == verification.cases == 3
    await world.store.write(sql, "UPDATE cases SET responded_at = NULL WHERE id = 1001")
    assert {finding.field for finding in await findings(world.store)} == {"responded_at", "response_met"}


async def test_a_case_that_moves_while_it_is_read_is_read_again(desk: World) -> None:
    world = await lived(desk)
    assert [finding async for finding in Verification(cast(Store, _Late(world.store)), CATALOGUES).all()] == []


async def test_only_what_changed_since_a_day_is_read(desk: World) -> None:
    world = await lived(desk)
    later = Verification(world.store, CATALOGUES, since=world.time.business - timedelta(hours=3))
    assert [finding async for finding in later.all()] == []
    assert later.cases == 2, "1002 was merged before"


def night(world: World) -> Nightly:
    return Nightly(world.store, CATALOGUES, lambda: world.time, world.delivery.wake.set)


async def test_of_all_replicas_one_audits_each_night(desk: World) -> None:
    replicas = [night(desk) for _ in range(4)]
    assert sum(await asyncio.gather(*(each.round() for each in replicas))) == 1
    desk.passes(hours=17)  # 02:00 in New York
    assert sum([await each.round() for each in replicas]) == 0
    desk.passes(hours=1)
    assert sum(await asyncio.gather(*(each.round() for each in replicas))) == 1
    desk.passes(days=3)
    assert [await each.round() for each in replicas] == [True, False, False, False], "nights that were missed are one"


async def test_the_leads_are_told_once_a_night(desk: World) -> None:
    world = await lived(desk)
    await world.store.write(sql, "UPDATE cases SET cycle = 7 WHERE id = 1001")
    heard = len(world.heard("lena"))
    for _ in range(2):
        assert await night(world).round()
        await world.store.write(sql, "DELETE FROM setting WHERE name = 'verified'")
        await world.delivery.deliver_all()
    assert world.heard("lena")[heard:] == [
        "I looked myself over tonight: in 1 place what is kept and what history says differ.\n"
        "- #1001\n"
        "supporthub verify on the server shows all of them."
    ]
    world.passes(days=1)
    assert await night(world).round()
    await world.delivery.deliver_all()
    assert len(world.heard("lena")) == heard + 2


async def test_whoever_dies_over_it_is_succeeded(desk: World) -> None:
    dying = night(desk)
    began = desk.time.machine
    assert await desk.store.write(lambda work: work.may_verify(date(2026, 1, 19), began, began + LEASE))
    assert not await dying.round()
    desk.passes(minutes=61)
    assert await dying.round()


class _Late:
    """Reads cases a little before their events, as PostgreSQL may."""

    def __init__(self, store: Store) -> None:
        self.write = store.write
        self._store = store

    async def read(self, unit: Any, *args: Any, **how: Any) -> Any:
        found = await self._store.read(unit, *args, **how)
        if isinstance(found, list) and found and isinstance(found[0], History):
            return [replace(each, kept={**each.kept, "version": each.kept["version"] - 1}) for each in found]
        return found


def _with_a_holiday(day: date) -> Catalogues:
    changed = {}
    for name, provider in CATALOGUES.providers.items():
        clock = provider.clock
        other = clock and Calendar(clock.week, clock.zone, frozenset({*clock.holidays, day}), clock.label)
        changed[name] = replace(provider, clock=other)
    return Catalogues(changed)
