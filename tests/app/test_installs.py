"""What Slack gave us, in the store: sealed, for one tenant alone, and renewed by one process at a time."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.slack.installs import Install
from app.clock import Clock
from app.installs import StoredInstalls
from app.secrets import Seal, WrongKey
from bot.channel import Busy
from bot.turn import Now
from store.store import Store, Unavailable
from store.work import Work

KEY = SecretStr("a key of the desk that is long enough")
MONDAY = datetime(2025, 1, 20, 14, 0, tzinfo=UTC)
NORTHWIND = Install(
    "T0NORTH",
    "A0HUB",
    "xoxe.xoxb-secret-of-northwind",
    "U0HUB",
    "B0HUB",
    ("chat:write", "commands"),
    "xoxe-secret-of-northwind",
    MONDAY + timedelta(hours=12),
    "Northwind — Ünïcode",
)


class Stopped(Clock):
    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> Now:
        return Now(self.at, self.at)


@pytest.fixture
def clock() -> Stopped:
    return Stopped()


def installs(store: Store, clock: Stopped, key: SecretStr = KEY) -> StoredInstalls:
    return StoredInstalls(store, Seal(key, lambda: clock.at), clock)


async def sealed(store: Store) -> str:
    row = await store.read(Work.install, "slack", "T0NORTH")
    assert row
    return row.sealed


async def test_what_is_kept_is_found_by_every_process(store: Store, clock: Stopped) -> None:
    await installs(store, clock).keep(NORTHWIND)
    assert await installs(store, clock).find("T0NORTH") == NORTHWIND
    assert await installs(store, clock).find("T0CONTOSO") is None


async def test_an_install_replaces_the_one_before(store: Store, clock: Stopped) -> None:
    kept = installs(store, clock)
    lasting = Install("T0NORTH", "A0HUB", "xoxb-2", "U0HUB", "B0HUB", (), None, None, "Northwind")
    await kept.keep(NORTHWIND)
    await kept.keep(lasting)
    assert await kept.find("T0NORTH") == lasting
    await kept.forget("T0NORTH", clock().machine)
    await kept.forget("T0NORTH", clock().machine)
    assert await kept.find("T0NORTH") is None


async def test_an_uninstalling_told_late_leaves_the_newer_install(store: Store, clock: Stopped) -> None:
    kept = installs(store, clock)
    await kept.keep(NORTHWIND)
    await kept.forget("T0NORTH", clock().machine - timedelta(seconds=1))
    assert await kept.find("T0NORTH") == NORTHWIND


async def test_who_reads_the_database_reads_no_token(store: Store, clock: Stopped) -> None:
    kept = installs(store, clock)
    await kept.keep(NORTHWIND)
    first = await sealed(store)
    assert "secret" not in first
    assert "xox" not in first
    await kept.keep(NORTHWIND)
    assert await sealed(store) != first


async def test_another_key_opens_nothing_and_says_which_setting_it_is(store: Store, clock: Stopped) -> None:
    await installs(store, clock).keep(NORTHWIND)
    other = SecretStr("another key of the desk, quite as long")
    with pytest.raises(WrongKey) as told:
        await installs(store, clock, other).find("T0NORTH")
    assert "SUPPORTHUB_SECRET_KEY" in str(told.value)
    assert other.get_secret_value() not in str(told.value)


async def test_a_row_that_was_moved_to_another_tenant_is_refused(store: Store, clock: Stopped) -> None:
    kept = installs(store, clock)
    await kept.keep(NORTHWIND)
    await store.write(Work.keep_install, "slack", "T0EVE", await sealed(store), MONDAY)
    with pytest.raises(WrongKey):
        await kept.find("T0EVE")


async def test_one_process_renews_until_it_is_done_or_late(store: Store, clock: Stopped) -> None:
    kept = installs(store, clock)
    await kept.keep(NORTHWIND)
    until = MONDAY + timedelta(seconds=60)
    asked = await asyncio.gather(*(installs(store, clock).may_renew("T0NORTH", until) for _ in range(8)))
    assert sorted(asked) == [False] * 7 + [True]
    clock.at = until
    assert await kept.may_renew("T0NORTH", until + timedelta(seconds=60))
    assert not await kept.may_renew("T0NORTH", until + timedelta(seconds=60))
    await kept.keep(NORTHWIND)
    assert await kept.may_renew("T0NORTH", until + timedelta(seconds=60))
    assert not await kept.may_renew("T0CONTOSO", until)


@pytest.mark.parametrize(
    "ask",
    [
        lambda kept: kept.find("T0NORTH"),
        lambda kept: kept.keep(NORTHWIND),
        lambda kept: kept.forget("T0NORTH", MONDAY),
        lambda kept: kept.may_renew("T0NORTH", MONDAY),
    ],
)
async def test_a_store_that_does_not_answer_is_busy(
    clock: Stopped, ask: Callable[[StoredInstalls], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away:
        async def read(self, *_: object) -> None:
            raise Unavailable("away")

        write = read

    with pytest.raises(Busy):
        await ask(StoredInstalls(Away(), Seal(KEY, lambda: MONDAY), clock))  # type: ignore[arg-type]


# The seal itself


def test_what_is_sealed_for_one_purpose_is_nothing_to_another() -> None:
    seal = Seal(KEY, lambda: MONDAY)
    assert seal.open("one", seal.seal("one", "Grüße")) == "Grüße"
    with pytest.raises(WrongKey):
        seal.open("another", seal.seal("one", "Grüße"))
    assert seal.fresh("another", seal.seal("one", "Grüße"), timedelta(minutes=1)) is None


def test_what_is_to_be_fresh_is_so_for_a_while_and_kept_things_for_ever(clock: Stopped) -> None:
    seal = Seal(KEY, lambda: clock.at)
    made = seal.seal("state", "x")
    clock.at += timedelta(minutes=10)
    assert seal.fresh("state", made, timedelta(minutes=10)) == "x"
    clock.at += timedelta(seconds=1)
    assert seal.fresh("state", made, timedelta(minutes=10)) is None
    clock.at += timedelta(days=9999)
    assert seal.open("state", made) == "x"


@pytest.mark.parametrize("junk", ["", "x", "é", "\ud800", "gAAAAA", "=" * 5000])
def test_junk_is_never_fresh(junk: str) -> None:
    assert Seal(KEY, lambda: MONDAY).fresh("state", junk, timedelta(minutes=10)) is None


def test_a_short_key_is_refused_without_being_told() -> None:
    with pytest.raises(ValueError, match="SUPPORTHUB_SECRET_KEY must have at least 32 characters") as told:
        Seal(SecretStr("hunter2"), lambda: MONDAY)
    assert "hunter2" not in str(told.value)
    assert "long enough" not in repr(vars(Seal(KEY, lambda: MONDAY)))
