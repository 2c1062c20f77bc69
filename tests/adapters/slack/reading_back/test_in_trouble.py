"""Reading back goes on through limits, kills, refusals and databases that were away, and says what it gave up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from store.store import Store, Unavailable
from store.tables import Account, Tenant
from store.work import Work
from tests.adapters.slack.reading_back.gap import ANN, NORTH, REPORT, SAM, SHOP, Desk, at, set_up
from tests.slack import faults
from tests.slack.delivery import Request
from tests.slack.stage import TEAM
from tests.world import BROKEN

# At Slack's pace, and whatever happens ----------------------------------------------------------------------------


async def test_it_keeps_to_slack_s_pace(desk: Desk) -> None:
    """The fake takes fifty calls a minute, and refuses the fifty-first."""

    def many(work: Work) -> None:
        for number in range(80):
            work.conversation("slack", TEAM, f"C0ROOM{number}")

    await desk.stage.world.store.write(many)
    for number in range(80):
        desk.stage.far.add_channel(f"C0ROOM{number}")
    await desk.goes_deaf(minutes=5)
    await desk.hears_again(minutes=20)
    assert {call.answer for call in desk.stage.far.called("conversations.history")} == {"ok"}
    assert len(desk.stage.far.called("conversations.history")) > 80


async def test_an_app_that_may_look_once_a_minute_at_fifteen_messages_reads_all_the_same(desk: Desk) -> None:
    await desk.stage.bind(NORTH, "northwind")
    desk.stage.far.history_limited = True
    await desk.goes_deaf(minutes=5)
    first = await desk.writes("ann", f"{desk.stage.slack.mention(NORTH)} {BROKEN}", NORTH)
    for number in range(40):
        await desk.writes("bob", f"Lunch {number}?", NORTH)
    await desk.hears_again(minutes=20)
    (case,) = await desk.cases()
    assert case.received_at == at(first)
    assert max(desk.slept) >= 50
    asked = [call for call in desk.stage.far.called("conversations.history") if call.args["channel"] == NORTH]
    assert len([call for call in asked if call.answer == "ok"]) == 3


async def test_slack_asks_for_a_pause_and_gets_it(desk: Desk) -> None:
    await desk.goes_deaf(minutes=5)
    await desk.writes("ann", BROKEN)
    desk.stage.far.script("conversations.history", faults.status(429, retry_after=90))
    await desk.hears_again(minutes=20)
    assert 90 in desk.slept
    assert len(await desk.cases()) == 1


@pytest.mark.parametrize("calls", [1, 3, 5])
async def test_a_reader_killed_on_its_way_is_followed_by_another(desk: Desk, calls: int) -> None:
    await desk.goes_deaf(minutes=5)
    for who in ("ann", "bob", "eve"):
        await desk.writes(who, f"{BROKEN}, says {who}")
    desk.stage.world.passes(minutes=20)
    desk.stage.slack.events = None
    gaps = desk.gaps
    assert await gaps.beat()
    with pytest.raises(Killed):
        await gaps.read(Dying(desk.stage.connection, calls))  # type: ignore[arg-type]
    await desk.reads()
    assert len(await desk.cases()) < 3, "the dead one's lease still runs"
    desk.stage.world.passes(minutes=3)
    await desk.reads()
    assert len(await desk.cases()) == 3
    assert len({case.opened_by for case in await desk.cases()}) == 3


class Killed(BaseException):
    """The process is gone."""


class Dying:
    """A reader that is gone after so many calls."""

    def __init__(self, connection: Any, calls: int) -> None:
        self._connection, self._left = connection, calls
        self.name, self.silence, self.redelivers = connection.name, connection.silence, connection.redelivers

    async def read_back(self, places: Any, since: Any, until: Any, desk: Any) -> bool:
        dying = self

        class Until:
            async def goes_on(self, pause: timedelta) -> bool:
                dying._left -= 1
                if dying._left < 0:
                    raise Killed
                return bool(await desk.goes_on(pause))

            async def knows(self, key: str) -> bool:
                return bool(await desk.knows(key))

        return bool(await self._connection.read_back(places, since, until, Until()))


async def test_a_slack_that_is_down_is_read_when_it_is_back(desk: Desk) -> None:
    await desk.goes_deaf(minutes=5)
    await desk.writes("ann", BROKEN)
    with desk.stage.far.rule(faults.status(503), "conversations.history"):
        await desk.hears_again(minutes=20)
    assert (await desk.cases(), "gap slack" in await desk.settings()) == ([], True)
    desk.stage.world.passes(minutes=3)
    await desk.reads()
    assert len(await desk.cases()) == 1


async def test_what_cannot_be_read_for_a_day_is_given_up_and_said(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    await desk.goes_deaf(minutes=5)
    with desk.stage.far.rule(faults.status(503), "conversations.history"):
        await desk.hears_again(minutes=20)
        for _ in range(25):
            desk.stage.world.passes(hours=1)
            gaps = desk.gaps
            await gaps.read(desk.stage.connection)
    assert "gap slack" not in await desk.settings()
    assert "given up" in caplog.text


async def test_a_token_that_slack_refuses_is_no_pause_to_wait_through(desk: Desk) -> None:
    await desk.goes_deaf(minutes=5)
    await desk.writes("ann", BROKEN)
    with desk.stage.far.rule(faults.error("invalid_auth"), "conversations.history"):
        await desk.hears_again(minutes=20)
    assert sum(desk.slept) < 60
    desk.stage.world.passes(minutes=3)
    await desk.reads()
    assert len(await desk.cases()) == 1


async def test_a_scope_that_is_not_there_and_a_channel_left_are_said_and_hold_nothing_up(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    far = desk.stage.far
    await desk.stage.bind(NORTH, "northwind")
    far.add_channel(SHOP, "shop", [ANN], with_bot=False)
    await desk.stage.bind(SHOP, "northwind")
    await desk.goes_deaf(minutes=5)
    await desk.writes("ann", BROKEN)
    install = far.installed_in(TEAM)
    assert install
    install.scopes -= {"channels:history"}
    await desk.hears_again(minutes=20)
    assert len(await desk.cases()) == 1
    assert "the app has not the scope for it" in caplog.text
    assert "gap slack" not in await desk.settings()
    far.violations.clear()  # it says so of each call that lacks a scope


async def test_a_person_whom_slack_does_not_tell_costs_nobody_else_their_words(desk: Desk) -> None:
    await desk.goes_deaf(minutes=5)
    await desk.writes("ann", BROKEN)
    await desk.writes("bob", REPORT)
    with desk.stage.far.rule(faults.status(500), "users.info", lambda call: call.args["user"] == ANN):
        await desk.hears_again(minutes=20)
    assert [case.subject for case in await desk.cases()] == [REPORT]
    desk.stage.world.passes(minutes=3)
    await desk.reads()
    assert sorted(case.subject for case in await desk.cases()) == sorted([BROKEN, REPORT])


# What else is a gap -----------------------------------------------------------------------------------------------


async def test_a_database_that_was_away_longer_than_slack_tries_is_read_back_from_then(desk: Desk) -> None:
    """Nobody could say that they hear: the last beat is from before the outage."""
    assert await desk.gaps.beat()
    with away(desk.stage.world.store):
        desk.stage.world.passes(minutes=1)
        refused = await desk.stage.slack.message(ANN, ANN, BROKEN)
        assert refused.status == 503
        assert not await desk.gaps.beat()
        desk.stage.world.passes(minutes=10)
    await desk.reads()
    (case,) = await desk.cases()
    assert refused.message
    assert case.received_at == at(refused.message)


@contextmanager
def away(store: Any) -> Iterator[None]:
    async def gone(*_: Any, **__: Any) -> Any:
        raise Unavailable("the database is away")

    store.write = store.read = gone
    try:
        yield
    finally:
        del store.write, store.read


async def test_an_event_that_slack_still_tried_again_when_the_desk_fell_is_read_back(desk: Desk) -> None:
    """It is older than the gap."""
    with away(desk.stage.world.store):
        refused = await desk.stage.slack.message(ANN, ANN, BROKEN)
        assert refused.status == 503
    await desk.goes_deaf()
    desk.stage.world.passes(minutes=4)
    assert await desk.gaps.beat()
    await desk.hears_again(minutes=10)
    assert len(await desk.cases()) == 1


async def test_an_event_refused_to_its_last_retry_is_read_back_though_the_desk_was_alive(desk: Desk) -> None:
    assert await desk.gaps.beat()
    with away(desk.stage.world.store):
        refused = await desk.stage.slack.message(ANN, ANN, BROKEN)
        for attempt in (1, 2):
            await desk.stage.slack._again(refused, attempt, marked=True)
        assert desk.stage.connection.lost is None, "Slack tries once more"
        assert (await desk.stage.slack._again(refused, 3, marked=True)).status == 503
    assert desk.stage.connection.lost is not None
    desk.stage.world.passes(seconds=30)
    await desk.reads()
    assert len(await desk.cases()) == 1
    assert desk.stage.connection.lost is None


async def test_what_slack_left_out_since_there_was_too_much_is_read_back(desk: Desk) -> None:
    assert await desk.gaps.beat()
    minute = desk.stage.world.time.machine.replace(second=0, microsecond=0)
    desk.stage.slack.events = set()
    await desk.writes("ann", BROKEN)
    told = {"token": "-", "type": "app_rate_limited", "team_id": TEAM, "api_app_id": "A0DESK"}
    limited = told | {"minute_rate_limited": int(minute.timestamp())}
    assert (await desk.stage.slack._sent(_event(limited))).status == 200
    await desk.reads()
    assert await desk.cases() == [], "the minute is not over"
    desk.stage.world.passes(minutes=2)
    await desk.reads()
    assert len(await desk.cases()) == 1
    assert (await desk.stage.slack._sent(_event(told | {"minute_rate_limited": "soon"}))).status == 400


def _event(body: dict[str, Any]) -> Request:
    return Request("events_api", body)


async def test_a_socket_that_was_cut_is_read_back_when_it_is_there_again(sqlite_store: Store) -> None:
    async with set_up(sqlite_store, socket_mode=True) as desk:
        assert await desk.stage.connection.hears()
        assert await desk.gaps.beat()
        client: Any = desk.stage.connection._socket.client  # type: ignore[union-attr]
        client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
        await client.current_session.close()
        desk.stage.slack.events = set()
        wrote = await desk.writes("ann", BROKEN)
        desk.stage.world.passes(minutes=5)
        assert await desk.gaps.beat(), "the store answers"
        assert await desk.cases() == []
        assert (await desk.settings())["alive slack"] < desk.stage.world.time.machine.isoformat()
        client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = True
        await client.connect_to_new_endpoint(force=True)
        await desk.hears_again(seconds=1)
        (case,) = await desk.cases()
        assert case.received_at == at(wrote)


async def test_who_asks_for_it_in_a_shared_channel_is_answered_in_private(desk: Desk) -> None:
    """History does not tell that people of other companies read along."""
    far = desk.stage.far
    far.add_workspace("T2", "Contoso")
    far.add_channel(SHOP, "shared", [ANN, SAM], shared_with=["T2"])

    def theirs(work: Work) -> None:
        """The workspace is Northwind's own."""
        work.add(Tenant(channel="slack", tenant=TEAM, account_id=work.find(Account, slug="northwind").id))
        work.conversation("slack", TEAM, SHOP)

    await desk.stage.world.store.write(theirs)
    await desk.goes_deaf(minutes=5)
    await desk.writes("ann", f"{desk.stage.slack.mention(SHOP)} {BROKEN}", SHOP)
    await desk.hears_again(minutes=20)
    assert len(await desk.cases()) == 1
    assert desk.stage.said(SHOP) == []
    assert (await desk.stage.lives_in())[0] == ANN
