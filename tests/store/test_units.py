"""Units of work: whole or not at all, each by itself though many share a commit, in time or never."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from rules.refusals import NothingOpen, Refusal
from store.claim import Claim
from store.store import Store, Unavailable, open_store
from store.work import Work
from tests.store.inside import Gate, engine, everything, failing, got, on_postgresql, on_sqlite, put, sql

NOW = datetime(2026, 1, 19, 14, tzinfo=UTC)


class Odd(Exception):
    pass


class Abrupt(BaseException):
    """Not an Exception: what slips through an ``except Exception``."""


def owe(work: Work, room: str = "ann") -> None:
    work.owe(work.conversation("fake", "", room).id, NOW, {"message": {"text": "hello"}})


def owed(work: Work) -> int:
    return int(sql(work, "SELECT count(*) FROM outbox")[0][0])


async def test_a_unit_returns_what_it_returned_and_is_there(store: Store) -> None:
    def unit(work: Work, value: str) -> str:
        put(work, "a", value)
        owe(work)
        return value * 2

    assert await store.write(unit, "x") == "xx"
    assert await store.read(got, "a") == "x"
    assert await store.read(owed) == 1


async def test_what_a_unit_raises_comes_out_as_it_is_and_nothing_is_left_of_it(store: Store) -> None:
    def unit(work: Work) -> None:
        put(work, "a")
        owe(work)
        raise Odd("as it is")

    before = await store.read(everything)
    with pytest.raises(Odd, match=r"^as it is$"):
        await store.write(unit)
    assert await store.read(everything) == before


async def test_a_part_can_fail_alone_and_owes_nothing(store: Store) -> None:
    def unit(work: Work) -> None:
        put(work, "a")
        owe(work)
        try:
            with work.attempt():
                put(work, "b")
                owe(work, "bob")
                raise NothingOpen
        except Refusal:
            put(work, "c")

    await store.write(unit)
    assert [await store.read(got, name) for name in "abc"] == ["there", None, "there"]
    assert await store.read(owed) == 1


def twice(work: Work) -> None:
    sql(work, "INSERT INTO setting (name, value) VALUES ('twice', ''), ('twice', '')")


def blurt(error: BaseException, work: Work) -> None:
    raise error


@pytest.mark.parametrize(
    ("surprise", "raised"),
    [
        (partial(blurt, Odd()), Odd),
        (twice, IntegrityError),
        (partial(blurt, Abrupt()), Abrupt),
        (partial(blurt, StopIteration()), RuntimeError),  # as everywhere beneath a coroutine
    ],
)
async def test_a_unit_that_raises_does_not_poison_those_it_shares_a_commit_with(
    store: Store, gate: Gate, surprise: partial[None], raised: type[BaseException]
) -> None:
    def unit(work: Work, number: int) -> None:
        put(work, f"n{number}")
        if number % 3 == 0:
            surprise(work)

    first = asyncio.create_task(store.write(gate.stand))  # meanwhile the others gather behind it
    await gate.reached()
    writing = [asyncio.create_task(store.write(unit, number)) for number in range(30)]
    await asyncio.sleep(0)
    gate.open()
    ended = await asyncio.wait_for(asyncio.gather(first, *writing, return_exceptions=True), 30)
    assert [type(end) for end in ended[1:]] == [raised if n % 3 == 0 else type(None) for n in range(30)]
    there = [await store.read(got, f"n{number}") for number in range(30)]
    assert there == [None if n % 3 == 0 else "there" for n in range(30)]


async def test_a_look_that_raises_is_told_so_and_the_next_one_works(store: Store) -> None:
    for error, raised in ((Odd(), Odd), (StopIteration(), RuntimeError)):
        with pytest.raises(raised):
            await asyncio.wait_for(store.read(partial(blurt, error)), 30)
    assert await store.read(got, "a") is None


@on_sqlite
async def test_two_hundred_units_at_once_share_four_commits(store: Store, gate: Gate) -> None:
    commits: list[object] = []
    first = asyncio.create_task(store.write(gate.stand))
    await gate.reached()
    writing = [asyncio.create_task(store.write(put, f"n{number}")) for number in range(200)]
    await asyncio.sleep(0)
    event.listen(engine(store), "commit", commits.append)
    gate.open()
    await asyncio.gather(first, *writing)
    assert len(commits) <= 1 + 4


async def test_readers_see_only_what_is_committed_and_wait_for_no_writer(store: Store, gate: Gate) -> None:
    def unit(work: Work) -> None:
        put(work, "a")
        gate.stand()

    writing = asyncio.create_task(store.write(unit))
    await gate.reached()
    seen = await asyncio.wait_for(asyncio.gather(*(store.read(got, "a") for _ in range(20))), 30)
    assert set(seen) == {None}
    assert not writing.done()
    gate.open()
    await writing
    assert await store.read(got, "a") == "there"


async def test_a_unit_given_up_before_its_commit_is_never_done(store: Store, gate: Gate, database_url: str) -> None:
    def unit(work: Work) -> None:
        put(work, "a")
        owe(work)
        gate.stand()

    with pytest.raises(Unavailable):
        await store.write(unit, patience=0.05)
    gate.open()
    await store.close()  # whatever was under way is over now
    again = open_store(database_url)
    assert await again.read(got, "a") is None
    assert await again.read(owed) == 0
    await again.close()


async def test_a_unit_given_up_in_the_queue_is_not_even_begun(store: Store, gate: Gate, database_url: str) -> None:
    """Under load its work would cost others their turn."""
    begun: list[str] = []
    takes = 1 if database_url.startswith("sqlite") else 8  # writers at a time
    holding = [asyncio.create_task(store.write(gate.stand)) for _ in range(takes)]
    await gate.reached(by=takes)
    with pytest.raises(Unavailable):
        await store.write(lambda work: begun.append("a"), patience=0.05)
    with pytest.raises(Unavailable):
        await store.write(lambda work: begun.append("b"), patience=0.0)
    gate.open()
    await asyncio.gather(*holding, store.write(put, "after"))
    await store.close()  # whatever was under way is over now
    assert begun == []


@on_sqlite
async def test_who_shares_a_commit_with_a_unit_given_up_is_done_once_though_run_twice(store: Store) -> None:
    queue, group = Gate(store), Gate(store)
    runs: list[str] = []

    def count(work: Work, name: str) -> None:
        runs.append(name)
        put(work, name, f"{work.setting(name) or ''}I")
        owe(work, name)

    def count_and_stand(work: Work, name: str) -> None:
        count(work, name)
        group.stand()

    first = asyncio.create_task(store.write(queue.stand))
    await queue.reached()
    given_up = asyncio.create_task(store.write(count, "a", patience=0.3))
    others = [asyncio.create_task(store.write(count, "b")), asyncio.create_task(store.write(count_and_stand, "c"))]
    await asyncio.sleep(0)
    queue.open()
    group.reached_on_its_thread()
    assert runs == ["a", "b", "c"]
    with pytest.raises(Unavailable):
        await given_up
    group.open()
    await asyncio.gather(first, *others)
    assert runs == ["a", "b", "c", "b", "c"]
    assert [await store.read(got, name) for name in "abc"] == [None, "I", "I"]
    assert await store.read(owed) == 2


@pytest.mark.parametrize("falls", [False, True])
async def test_given_up_too_late_waits_for_what_becomes_of_it(
    store: Store, gate: Gate, falls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost_patience, too_late = asyncio.Event(), Claim.give_up

    def give_up(claim: Claim) -> bool:
        lost_patience.set()
        return too_late(claim)

    def commit(statement: str) -> bool:
        if statement == "COMMIT":
            gate.stand()
            return falls
        return False

    await store.read(got, "a")  # connected, so that the commit is reached in no time
    monkeypatch.setattr(Claim, "give_up", give_up)
    with failing(store, commit):
        writing = asyncio.create_task(store.write(put, "a", patience=0.5))
        await asyncio.wait_for(asyncio.gather(gate.reached(), lost_patience.wait()), 30)
        assert not writing.done()
        gate.open()
        ended = await asyncio.gather(writing, return_exceptions=True)
    assert [type(end) for end in ended] == [Unavailable if falls else type(None)]
    assert await store.read(got, "a") == (None if falls else "there")


async def test_a_unit_goes_on_when_whoever_asked_is_cancelled(store: Store, gate: Gate) -> None:
    def unit(work: Work) -> None:
        gate.stand()
        put(work, "a")

    asking = asyncio.create_task(store.write(unit))
    await gate.reached()
    asking.cancel()
    gate.open()
    await asyncio.gather(asking, return_exceptions=True)
    await store.write(put, "b")
    await store.close()  # waits for it


async def test_closing_finishes_what_was_begun_and_takes_nothing_more(
    store: Store, gate: Gate, database_url: str
) -> None:
    first = asyncio.create_task(store.write(gate.stand))
    await gate.reached()
    writing = [asyncio.create_task(store.write(put, f"n{number}")) for number in range(100)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await asyncio.wait_for(store.write(put, "late"), 30)
    with pytest.raises(Unavailable):
        await asyncio.wait_for(store.read(got, "late"), 30)
    assert not closing.done()
    gate.open()
    await asyncio.wait_for(asyncio.gather(first, closing, *writing), 30)
    again = open_store(database_url)
    assert {await again.read(got, f"n{number}") for number in range(100)} == {"there"}
    assert await again.read(got, "late") is None
    await again.close()


@on_postgresql
async def test_waiting_in_vain_for_a_connection_is_being_unavailable(store: Store, gate: Gate) -> None:
    def hold(work: Work) -> None:
        got(work, "a")
        gate.stand()

    engine(store).pool._timeout = 0.05  # type: ignore[attr-defined]
    holding = [asyncio.create_task(store.write(hold)) for _ in range(8)]
    await gate.reached(by=8)
    with pytest.raises(Unavailable):
        await store.write(put, "a")
    gate.open()
    await asyncio.gather(*holding)


@on_sqlite
async def test_only_a_server_moves_the_log_into_the_file(store: Store) -> None:
    def pages(work: Work) -> int:
        return int(sql(work, "PRAGMA wal_autocheckpoint")[0][0])

    assert await store.write(pages) == 0, "an import beside a running server leaves that to it"
    await store.take_over()
    assert await store.write(pages) > 0
