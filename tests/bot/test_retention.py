"""A desk that keeps closed cases for a year: then their words and files go, and every figure stays as it was."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from bot.acting import expire_drafts
from bot.attachments import KEPT
from bot.erasing.scrubbing import GONE
from bot.incoming import Said
from bot.messages import to_json
from bot.retention import Retention
from bot.turn import the_desk
from bot.verifying import Verification
from bot.wording import message, say
from rules.directory import read
from rules.retention import months_before
from store.store import Store, Unavailable
from store.tables import Account, Attachment, Audit, Case, RoomEntry
from store.work import Work
from tests.world import CATALOGUES, MONDAY, World, opened

CANARY = "my salary slip 4711 of Oak Street stands in the quote form"


async def dump(store: Store) -> str:
    def unit(work: Work) -> list[str]:
        tables = SQLModel.metadata.sorted_tables
        rows = ((table.name, row) for table in tables for row in work._session.connection().execute(table.select()))
        return [f"{name} {tuple(row)}" for name, row in rows]

    return "\n".join(await store.read(unit))


async def rows(world: World, kind: Any) -> list[Any]:
    found: list[Any] = await world.ask_store(lambda work: list(work._session.exec(select(kind))))
    return found


async def a_life(world: World) -> None:
    """Two cases of Northwind with words everywhere, one of them closed; and one of Contoso's, closed too."""
    await opened(world, problem=CANARY)
    await world.says("sam", f"note 1001 {CANARY}, says she")
    await world.says("sam", "show 1001")
    await world.says("sam", f"reply 1001 We look at {CANARY}")
    await world.says("sam", f"close 1001 Gone: {CANARY}")
    await world.says("ann", "confirm 1001")
    await world.says("ann", f"rate 1001 4 for {CANARY}")
    await world.says("ann", f"ask How do I find {CANARY}?")
    await world.says("sam", "draft-article 1001")
    await world.says("bob", "open The import fails since this morning")
    await world.says("eve", "open The report is empty")
    await world.says("sam", "close 1003 It is full again")
    await world.says("eve", "confirm 1003")

    def more(work: Work) -> None:
        at = MONDAY.isoformat()
        work.keep_entry("portal:9", "k1", {"kind": "said", "at": at, "text": CANARY}, "")
        event = work.last_event(1001)
        file = {"name": f"{CANARY}.png", "channel": "fake", "state": KEPT, "sha256": "a" * 64, "at": MONDAY}
        work.attach(case_id=1001, event_id=event, **file)

    await world.store.write(more)


async def settled(world: World, months: int) -> None:
    """A month of 31 days more than those; and housekeeping, as the server does it."""
    world.passes(days=2)
    await world.store.write(expire_drafts, world.time, CATALOGUES)
    await world.delivery.deliver_all()
    world.passes(days=31 * (months + 1))
    await world.store.write(Work.forget_inbox, world.time.machine)


async def test_after_a_year_the_words_are_gone_everywhere_and_the_figures_hold(desk: World) -> None:
    await desk.store.write(lambda work: work.keep_for(12))
    await a_life(desk)
    retention = Retention(desk.store, lambda: desk.time)
    before = {
        case.id: (case.status, case.received_at, case.response_met, case.rating) for case in await rows(desk, Case)
    }
    assert await retention.round() == 0, "a year is not over"
    assert CANARY in await dump(desk.store)
    await settled(desk, 12)
    assert sum(await asyncio.gather(retention.round(), retention.round())) == 2, "two servers do it once"
    left = [line for line in (await dump(desk.store)).splitlines() if "4711" in line]
    assert left == []
    cases = {case.id: case for case in await rows(desk, Case)}
    assert {
        number: (case.status, case.received_at, case.response_met, case.rating) for number, case in cases.items()
    } == before
    assert [cases[number].subject for number in (1001, 1002, 1003)][0::2] == [GONE, GONE]
    assert "The import fails" in cases[1002].subject, "what lives is kept"
    assert [finding async for finding in Verification(desk.store, CATALOGUES).all() if finding.wrong] == []
    [file] = await rows(desk, Attachment)
    assert (file.state, file.sha256, file.next_at is not None) == ("gone", "a" * 64, True), "the keeper drops it"
    assert await rows(desk, RoomEntry) == []
    told = sorted(row.about for row in await rows(desk, Audit) if row.what == "retention")
    assert [line.partition(" from ")[0] for line in told] == [
        "account 1: 1 cases and 1 questions",
        "account 2: 1 cases and 0 questions",
    ]
    assert await retention.round() == 0
    assert len([row for row in await rows(desk, Audit) if row.what == "retention"]) == 2


async def test_whoever_is_killed_in_the_middle_leaves_nothing_half_done_for_good(
    sqlite_desk: World,
) -> None:
    await sqlite_desk.store.write(lambda work: work.keep_for(12))
    await a_life(sqlite_desk)
    await settled(sqlite_desk, 12)

    class Dies(Retention):
        async def _copies(self, *_: object) -> None:
            raise Unavailable("the power")

    with pytest.raises(Unavailable):
        await Dies(sqlite_desk.store, lambda: sqlite_desk.time).round()
    assert CANARY in await dump(sqlite_desk.store), "messages quote it still"
    first = Retention(sqlite_desk.store, lambda: sqlite_desk.time)
    assert await first.round() == 2
    assert "4711" not in await dump(sqlite_desk.store)


async def test_what_is_opened_again_meanwhile_keeps_its_words_and_what_waits_for_its_customer(
    sqlite_desk: World,
) -> None:
    """And begins anew when it is closed again."""
    desk = sqlite_desk
    await desk.store.write(lambda work: work.keep_for(12))
    await a_life(desk)
    await settled(desk, 12)

    class Meanwhile(Retention):
        async def _copies(self, *given: Any) -> None:
            await desk.hear("sam", Said("reopen 1003 It is back"))
            await desk.hear("sam", Said("reply 1003 We look at it once more"))
            await super()._copies(*given)

    assert await Meanwhile(desk.store, lambda: desk.time).round() == 1
    await desk.delivery.deliver_all()
    assert any("We look at it once more" in each for each in desk.heard("eve"))
    await desk.says("sam", "reopen 1001 The same again")  # emptied before
    for number, who in ((1001, "ann"), (1003, "eve")):
        await desk.says("sam", f"close {number} Mended: 4711")
        await desk.says(who, f"confirm {number}")
    assert not [case.id for case in await rows(desk, Case) if case.emptied_at]
    await settled(desk, 12)
    assert await Retention(desk.store, lambda: desk.time).round() == 2
    assert "4711" not in await dump(desk.store)


async def test_a_merged_case_is_kept_as_long_as_the_one_it_goes_on_as(sqlite_desk: World) -> None:
    desk = sqlite_desk
    await desk.store.write(lambda work: work.keep_for(12))
    for number in (1001, 1002, 1003):
        await desk.says("bob", f"open The import {number} fails since this morning")
        await desk.says("bob", "cancel")
    await desk.says("sam", "merge 1003 into 1002")
    await desk.says("sam", "merge 1002 into 1001")
    await settled(desk, 12)
    retention = Retention(desk.store, lambda: desk.time)
    assert await retention.round() == 0
    assert "The import 1003 fails" in await dump(desk.store)
    await desk.says("sam", "close 1001 Gone")
    await desk.says("bob", "confirm 1001")
    await settled(desk, 12)
    assert [await retention.round() for _ in range(4)] == [1, 1, 1, 0]
    assert "The import 1003 fails" not in await dump(desk.store)


async def test_a_message_that_was_owed_a_moment_later_than_its_number_says_is_not_passed_over(
    sqlite_desk: World,
) -> None:
    desk = sqlite_desk

    def owed(work: Work) -> None:
        work.keep_for(1)
        place = work.conversation("fake", "", "ann").id
        for name, seconds in (("first", 0), ("second", 120), ("third", 60)):
            told = message(the_desk("UTC"), say(f"canary the {name}"))
            work.owe(place, MONDAY + timedelta(seconds=seconds), {"message": to_json(told)})

    await desk.store.write(owed)
    retention = Retention(desk.store, lambda: desk.time)
    desk.passes(days=31, seconds=90)
    await retention.round()
    left = await dump(desk.store)
    assert [name for name in ("first", "second", "third") if f"canary the {name}" in left] == ["second"]
    desk.passes(minutes=1)
    await retention.round()
    assert "canary" not in await dump(desk.store)


@pytest.mark.parametrize(("says", "months"), [("for good", 0), ("5 years", 60), ("1 month", 1), ("18 months", 18)])
def test_the_directory_file_says_how_long(says: str, months: int) -> None:
    text = f'[[account]]\nname = "N"\nslug = "n"\nkeep_closed_cases = "{says}"\n[desk]\nkeep_closed_cases = "{says}"\n'
    found = read(text, CATALOGUES.plans)
    assert found.desk is not None
    assert (found.accounts[0].keep_months, found.desk.keep_months) == (months, months)


async def test_an_account_has_its_own_time_and_for_good_is_the_usual_one(sqlite_desk: World) -> None:
    for number, who in ((1001, "ann"), (1002, "eve")):
        await sqlite_desk.says(who, "open The report is empty")
        await sqlite_desk.says("sam", f"close {number} It is full again")
        await sqlite_desk.says(who, f"confirm {number}")
    await settled(sqlite_desk, 1200)
    retention = Retention(sqlite_desk.store, lambda: sqlite_desk.time)
    assert await retention.round() == 0

    def own(work: Work) -> None:
        account = work.find(Account, slug="northwind")
        account.keep_months = 0
        work.add(account)
        work.keep_for(1)

    await sqlite_desk.store.write(own)
    assert await retention.round() == 1
    assert [case.id for case in await rows(sqlite_desk, Case) if case.emptied_at] == [1002]


def test_months_are_the_calendars() -> None:
    march = MONDAY.replace(month=3, day=31)
    assert f"{months_before(march, 1):%Y-%m-%d}" == "2026-02-28"
    assert f"{months_before(march, 60):%Y-%m-%d}" == "2021-03-31"
    assert f"{months_before(march, 3):%Y-%m-%d}" == "2025-12-31"
