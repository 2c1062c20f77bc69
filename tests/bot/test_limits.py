"""Who does too much at once is told once when to go on; nobody else notices, and no word is lost unsaid."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from bot.channel import Busy
from bot.incoming import Deleted, Edited, Said, Written
from bot.limits import COSTLY, CUSTOMER, PERSON, STRANGER, Limits, Rate, told_until
from store.store import Store
from store.tables import Case, CaseEvent
from tests.world import MONDAY, World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Where no other SQL is run than in the tests that are on both."""
TOLD = "That was a lot at once. This is not kept, nor what you write here before "
OFTEN = "You have asked for this very often."


@pytest.fixture
async def slow(case: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Ann's case is open, and a customer may do two things at once."""
    monkeypatch.setitem(PERSON, CUSTOMER, Rate(2, 2))
    case.bot = replace(case.bot, limits=Limits())
    return case


async def words(world: World) -> Sequence[str]:
    """All that stands in the history of cases."""
    return await world.ask_store(lambda work: [each.words for each in work._session.exec(select(CaseEvent))])  # type: ignore[no-any-return]


def test_one_of_each_is_taken_or_none_and_time_gives_them_back() -> None:
    limits, wants = Limits(), {"one": Rate(2, 1), "other": Rate(5, 60)}
    assert [dict(limits.take(wants, MONDAY)) for _ in range(3)] == [{}, {}, {"one": 60}]
    assert [dict(limits.take({"other": Rate(5, 60)}, MONDAY)) for _ in range(4)] == [{}, {}, {}, {"other": 1}]
    assert limits.take(wants, MONDAY + timedelta(seconds=45)) == {"one": 15}
    assert not limits.take(wants, MONDAY + timedelta(seconds=61))
    assert limits.take(wants, MONDAY)  # a clock that goes back gives nothing


def test_until_when_is_a_whole_minute_which_is_not_too_early() -> None:
    at = MONDAY.replace(second=30)
    assert told_until({"one": 1}, at) == MONDAY + timedelta(minutes=2)
    assert told_until({"one": 150}, at) == MONDAY + timedelta(minutes=4)


@ON_SQLITE
async def test_a_flood_is_told_once_and_heard_again_from_the_time_that_was_said(slow: World) -> None:
    seen = len(slow.heard("ann"))
    for number in range(20):
        await slow.says("ann", f"reply 1001 flood {number}")
    assert [each for each in await words(slow) if "flood" in each] == ["flood 0", "flood 1"]
    told = [each for each in slow.heard("ann")[seen:] if each.startswith(TOLD)]
    assert [each.splitlines()[0] for each in told] == [f"{TOLD}Mon 19 Jan 09:02 Toronto: please send it again then."]
    await slow.says("bob", "The export fails too")  # of the same company
    assert "The export fails too" in str(await slow.ask_store(lambda work: work._session.exec(select(Case)).all()))
    slow.passes(seconds=90)  # there would be some for her again, but she was told otherwise
    with counting() as ran:
        await slow.hear("ann", Said("reply 1001 Hello?"))
    assert ran == []
    slow.passes(seconds=30)
    await slow.says("ann", "reply 1001 Is anybody there?")
    assert "Is anybody there?" in await words(slow)


@ON_SQLITE
async def test_whoever_is_answered_at_once_is_told_each_time_and_among_others_they_alone(slow: World) -> None:
    for _ in range(2):
        await slow.says("ann", "status 1001", at_once=True)
    told = [await slow.says("ann", "status 1001", at_once=True) for _ in range(3)]
    assert all(str(each).startswith(TOLD) for each in told)
    for _ in range(3):
        await slow.says("bob", "It fails", room="shared", visible=True)
    (post,) = [each for each in slow.fake.posts if each.text.startswith(TOLD)]
    assert (post.room, post.only_for) == ("shared", "bob")


@ON_SQLITE
async def test_letters_wait_with_their_mail_server_and_what_was_said_is_still_changed_and_taken_back(
    slow: World,
) -> None:
    for number in range(2):
        await slow.says("ann", f"reply 1001 Note {number}", key=f"note {number}", visible=True)
    with pytest.raises(Busy):
        await slow.hear("ann", Written("A letter", proven=True), key="letter")
    await slow.does("ann", Edited("reply 1001 Note one, corrected", "note 1"))
    await slow.does("ann", Deleted("note 0"))
    assert "Note one, corrected" in str(await words(slow))
    assert "Note 0" not in await words(slow)
    slow.passes(minutes=2)
    await slow.hear("ann", Written("A letter", proven=True), key="letter")
    assert "A letter" in str(await slow.ask_store(lambda work: work._session.exec(select(Case)).all()))


@ON_SQLITE
async def test_letters_that_somebody_forges_use_up_nothing_of_hers_nor_of_her_company(
    slow: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.limits.COMPANY", Rate(2, 1))
    for number in range(2):
        await slow.hear("ann", Written(f"Forged {number}"), key=f"forged {number}")
    with pytest.raises(Busy):
        await slow.hear("ann", Written("Forged 3"), key="forged 3")
    await slow.hear("ann", Written("This is really me", proven=True), key="letter")
    await slow.says("bob", "reply 1001 And me")
    assert "This is really me" in str(await slow.ask_store(lambda work: work._session.exec(select(Case)).all()))
    assert "And me" in await words(slow)


@ON_SQLITE
async def test_whoever_goes_on_in_another_room_is_told_there_too(slow: World) -> None:
    for number in range(3):
        await slow.says("ann", f"reply 1001 flood {number}")
    seen = len(slow.fake.posts)
    for _ in range(3):
        await slow.says("ann", "The import fails as well", room="shared", visible=True)
    (post,) = slow.fake.posts[seen:]
    assert (post.room, post.only_for, post.text.startswith(TOLD)) == ("shared", "ann", True)


@ON_SQLITE
async def test_a_clock_that_was_ahead_keeps_nobody_waiting_for_what_it_said(slow: World) -> None:
    async def told() -> str:
        return str(await slow.says("ann", "status 1001", at_once=True))

    slow.passes(days=1)
    assert (await told(), await told(), await told())[2].startswith(f"{TOLD}Tue 20 Jan 09:02")
    slow.passes(days=-1)  # it was set right
    assert (await told()).startswith(f"{TOLD}Mon 19 Jan 09:02")
    slow.passes(minutes=2)
    await slow.says("ann", "reply 1001 Is anybody there?")
    assert "Is anybody there?" in await words(slow)


@ON_SQLITE
async def test_what_was_written_while_nobody_heard_is_no_flood(slow: World) -> None:
    for number in range(5):
        await slow.says("ann", f"reply 1001 late {number}", at=slow.time.business - timedelta(minutes=10))
    assert [each for each in await words(slow) if "late" in each] == [f"late {number}" for number in range(5)]


@ON_SQLITE
async def test_a_costly_line_has_a_limit_of_its_own_and_everything_else_is_heard(
    case: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("export", "ask", "open"):
        monkeypatch.setitem(COSTLY[kind], CUSTOMER, Rate(1, 1))
    case.bot = replace(case.bot, limits=Limits())
    for line, again in (
        ("/report this month", "/report this week"),
        ("how do I add a user?", "how do I export a report?"),
        ("/open The printer is broken", "/open The scanner is broken"),
    ):
        assert OFTEN not in str(await case.says("ann", line))
        await case.says("ann", "/cancel")
        assert str(await case.says("ann", again)).startswith(OFTEN)
        assert await case.says("ann", again) == ""  # told once
    await case.says("ann", "reply 1001 Here is the log")
    assert "Here is the log" in await words(case)
    assert OFTEN not in str(await case.says("sam", "queue"))


@ON_SQLITE
async def test_so_have_companies_and_all_strangers_together(case: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.limits.COMPANY", Rate(2, 1))
    monkeypatch.setattr("bot.limits.STRANGERS", Rate(2, 1))
    case.bot = replace(case.bot, limits=Limits())
    told = [str(await case.says(who, "status", at_once=True)) for who in ("ann", "bob", "ann", "eve")]
    assert [each.startswith(TOLD) for each in told] == [False, False, True, False]

    def strangers(work: Any) -> list[str]:
        return [each.subject for each in work._session.exec(select(Case).where(Case.id > 1001))]

    for number in range(4):
        await case.says(f"stranger {number}", f"It is broken, says {number}", unbound=True)
    assert await case.ask_store(strangers) == ["It is broken, says 0", "It is broken, says 1"]


@ON_SQLITE
async def test_whom_nobody_knows_is_not_answered_without_end(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PERSON, STRANGER, Rate(2, 1))
    desk.bot = replace(desk.bot, limits=Limits())
    for _ in range(5):
        await desk.says("nobody", "hello")
    assert [each[:19] for each in desk.heard("nobody")] == ["I don't know you ye"] * 2 + [TOLD[:19]]
    for _ in range(5):
        await desk.says("guesser", "link ABCD-EFGH-JKLM-NPQR")
    assert [each[:19] for each in desk.heard("guesser")][-1] == TOLD[:19]
    assert len(desk.heard("guesser")) == 3


async def test_several_servers_draw_from_one_account_and_each_gives_a_share_by_itself(store: Store) -> None:
    """With two of them at most one and a half times as much; and who starts again has only its share of its own."""
    wants = {"person 1": Rate(40, 60), "company 1": Rate(400, 60)}
    servers = [Limits(store), Limits(store)]
    given = 0
    for number in range(100):
        given += not await servers[number % 2].more(wants, MONDAY)
    assert given == 40 + 2 * 10
    assert sum([not await Limits(store).more(wants, MONDAY) for _ in range(1)]) == 1
    started = Limits(store)
    assert sum([not await started.more(wants, MONDAY) for _ in range(20)]) == 10
    later = MONDAY + timedelta(seconds=10)
    assert sum([not await started.more(wants, later) for _ in range(20)]) == 2 + 10  # of its share, of the account
    assert await store.write(lambda work: work.forget_allowances(later)) == 0
    assert await store.write(lambda work: work.forget_allowances(later + timedelta(hours=1))) == 1


async def test_a_server_whose_clock_was_ahead_shuts_the_others_out_for_a_minute_at_most(store: Store) -> None:
    wants = {"person 1": Rate(4, 60)}

    async def taken(now: datetime) -> int:
        limits = Limits(store)
        limits.take(wants, now)
        return sum([not await limits.more(wants, now) for _ in range(10)])

    assert await taken(MONDAY + timedelta(days=1)) == 4
    assert await taken(MONDAY) == 0
    assert await taken(MONDAY + timedelta(minutes=1)) == 0
    assert await taken(MONDAY + timedelta(minutes=2)) == 4


async def test_an_ordinary_turn_asks_the_database_nothing_more(case: World) -> None:
    async def statements(limits: Limits | None) -> int:
        case.bot = replace(case.bot, limits=limits)
        with counting() as ran:
            await case.says("ann", "reply 1001 Still broken")
        return len(ran)

    await statements(None)  # the first of a kind prepares what the others use
    assert await statements(Limits(case.store)) == await statements(None) > 0


@contextmanager
def counting() -> Iterator[list[str]]:
    ran: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        ran.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        event.remove(Engine, "before_cursor_execute", note)
