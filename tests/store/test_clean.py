"""What servers do beside acts and messages: take over from a dead one, sweep each its own, forget what is old."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.incoming import Said
from store.store import Store, Unavailable, open_store
from store.work import Work
from tests.store.inside import Gate, on_postgresql, on_sqlite, settled
from tests.world import BROKEN, MONDAY, World

LEASE = timedelta(seconds=60)


@on_sqlite
async def test_one_server_runs_on_a_file_and_another_takes_over_when_it_is_gone(
    desk: World, store: Store, database_url: str
) -> None:
    await desk.hear("ann", Said(BROKEN))
    await store.take_over()
    assert await store.write(Work.claim, MONDAY, LEASE, 16)
    heir = open_store(database_url)
    with pytest.raises(Unavailable):
        await heir.take_over()
    assert await heir.write(Work.claim, MONDAY, LEASE, 16) == []
    await store.close()
    await heir.take_over()
    assert {one.unsure for one in await heir.write(Work.claim, MONDAY, LEASE, 16)} == {True}
    await heir.close()


@on_postgresql
async def test_replicas_share_a_server_and_leave_each_other_their_leases(
    desk: World, store: Store, database_url: str
) -> None:
    await desk.hear("ann", Said(BROKEN))
    await store.take_over()
    assert await store.write(Work.claim, MONDAY, LEASE, 16)
    other = open_store(database_url)
    await other.take_over()
    assert await other.write(Work.claim, MONDAY, LEASE, 16) == []
    await other.close()


def alarms(work: Work) -> list[int]:
    return [case.id for case in work.due_alarms(MONDAY + timedelta(days=30), 2)]


def drafts(work: Work) -> list[int]:
    return [draft.person_id for draft in work.expired_drafts(MONDAY + timedelta(days=30), 2)]


@on_postgresql
@pytest.mark.parametrize("sweep", [alarms, drafts])
async def test_two_sweepers_at_once_sweep_each_its_own(
    desk: World, gate: Gate, sweep: Callable[[Work], list[int]]
) -> None:
    for who in ("ann", "bob", "eve"):
        await desk.hear(who, Said(BROKEN))  # a case each, with a due time and an open question

    def unit(work: Work) -> list[int]:
        found = sweep(work)
        gate.stand()
        return found

    sweeping = [asyncio.create_task(desk.store.write(unit)) for _ in range(2)]
    await gate.reached(by=2)
    gate.open()
    found = await asyncio.gather(*sweeping)
    assert sorted(len(mine) for mine in found) == [1, 2]
    assert len({number for mine in found for number in mine}) == 3


async def test_what_is_in_the_inbox_is_forgotten_by_age(desk: World) -> None:
    await desk.store.write(Work.first_time, "old", MONDAY)
    await desk.store.write(Work.first_time, "young", MONDAY + timedelta(seconds=1))
    assert await desk.store.write(Work.forget_inbox, MONDAY) == 1
    assert await desk.store.write(Work.first_time, "old", MONDAY)
    assert not await desk.store.write(Work.first_time, "young", MONDAY)


async def test_the_web_rooms_changes_become_visible_in_the_order_of_their_revisions(store: Store, gate: Gate) -> None:
    """Or a page that has read up to one would never ask for an earlier one."""

    def keep(work: Work, key: str) -> None:
        work.keep_entry("ann", key, {"text": key}, "")
        if key == "first":
            gate.stand()

    def seen(work: Work) -> list[tuple[str, int]]:
        return [(entry.key, entry.revision) for entry in work.entries_since(0)]

    first = asyncio.create_task(store.write(keep, "first"))
    await gate.reached()
    second = asyncio.create_task(store.write(keep, "second"))
    await settled(second, store)
    assert not second.done()
    assert await store.read(seen) == []
    gate.open()
    await asyncio.gather(first, second)
    assert await store.read(seen) == [("first", 1), ("second", 2)]
    await store.write(keep, "second")
    assert await store.read(seen) == [("first", 1), ("second", 2)], "the same again is no change"
