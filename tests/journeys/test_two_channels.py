"""One case in two channels: the customer in one, the desk in another; only what is meant for both crosses."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.server import EVENTS, Credentials, SlackConnection
from store.store import Store, open_store
from store.tables import Case
from store.work import Work
from tests.slack import stage as slack_stage
from tests.slack.far import Far as SlackFar
from tests.slack.slack import Slack
from tests.slack.stage import DESK as SLACK_DESK
from tests.slack.stage import Stage as SlackStage
from tests.slack.stage import user
from tests.teams.places import guid
from tests.teams.stage import DESK as TEAMS_DESK
from tests.teams.stage import Stage as TeamsStage
from tests.teams.stage import plain_of
from tests.teams.stage import staged as teams_staged
from tests.world import BROKEN, World, seed

ANN = guid("ann")
SECRET = "they forgot to pay, I think"


@dataclass
class Both:
    teams: TeamsStage
    slack: SlackStage

    @property
    def world(self) -> World:
        return self.teams.world

    async def desk_is(self, channel: str) -> None:
        """That one's room, and no other."""

        def only(work: Work) -> None:
            for room in work.desk_rooms():
                room.desk = room.channel == channel
                work.add(room)

        await self.world.store.write(only)

    async def warns(self, **time: float) -> None:
        self.world.passes(**time)
        await self.world.escalation.round()
        await self.teams.settle()


@asynccontextmanager
async def beside(teams: TeamsStage) -> AsyncIterator[Both]:
    """Slack, joined to the world that Teams is in."""
    async with SlackFar() as far:
        given = Credentials(far.url, far.app.signing_secret, slack_stage.populate(far), "")
        connection = SlackConnection(given, None, None, lambda: datetime.now(UTC))
        connection.channel.gap = timedelta(0)
        world = teams.world
        await world.store.write(seed, "slack", True, slack_stage.IDS)
        world.delivery.channels = {**world.channels, "slack": connection.channel}
        app = web.Application()
        connection.register(app, world.bot)
        async with TestServer(app) as server:
            await connection.start()
            async with Slack(far, str(server.make_url(EVENTS))) as slack:
                yield Both(teams, SlackStage(far, slack, world, connection))
            await connection.stop()
            await connection.close()
        assert far.violations == [], far.violations


@pytest.fixture
async def sqlite_store(migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[Store]:
    shutil.copy(migrated_sqlite, tmp_path / "desk.db")
    opened = open_store(f"sqlite:///{tmp_path}/desk.db")
    yield opened
    await opened.close()


@pytest.fixture
async def both(sqlite_store: Store) -> AsyncIterator[Both]:
    async with teams_staged(sqlite_store) as teams, beside(teams) as joined:
        yield joined


@pytest.fixture
async def case(both: Both) -> Both:
    """Ann's, from Teams; the desk is in Slack."""
    await both.desk_is("slack")
    await both.teams.writes("ann", BROKEN)
    await both.teams.writes("ann", "cancel")
    return both


@pytest.fixture
async def other(both: Both) -> Both:
    """Ann's, from Slack; the desk is in Teams."""
    await both.desk_is("teams")
    written = await both.slack.writes("ann", BROKEN)
    await both.slack.writes("ann", "cancel", thread=written.ts)
    both.slack.threads["ann", user("ann")] = written.ts
    return both


# Opened in Teams, worked in Slack ---------------------------------------------------------------------------------


async def test_a_case_opened_in_teams_has_its_card_in_slack_and_in_the_customer_s_chat(case: Both) -> None:
    assert BROKEN in case.slack.card().text
    assert BROKEN in plain_of(case.teams.card(place=ANN))
    assert [one for one in case.teams.far.said(TEAMS_DESK) if one.card] == []


async def test_taken_in_slack_the_customer_s_card_in_teams_says_so(case: Both) -> None:
    before = case.teams.card(place=ANN)
    await case.slack.presses("sam", "Take", SLACK_DESK)
    after = case.teams.card(place=ANN)
    assert after.id == before.id
    assert "With: Sam Ortiz" in plain_of(after)


async def test_a_reply_under_slack_s_card_arrives_in_teams_by_name(case: Both) -> None:
    await case.slack.writes("sam", "!reply We look into it", SLACK_DESK, case.slack.card().ts)
    assert case.teams.said(ANN)[-1].endswith("Sam Ortiz (support desk):\n> We look into it")
    assert (await case.teams.case()).responded_at is not None


async def test_what_the_customer_says_in_teams_stands_under_slack_s_card(case: Both) -> None:
    await case.teams.writes("ann", "It happens on Save")
    assert "> It happens on Save" in case.slack.under_card()[-1]
    assert "Ann Lee (customer)" in case.slack.under_card()[-1]


async def test_internal_notes_never_cross_to_teams(case: Both) -> None:
    await case.slack.writes("sam", SECRET, SLACK_DESK, case.slack.card().ts)
    await case.slack.commands("cora", f"/case note 1001 {SECRET} too")
    await case.slack.commands("sam", "/case reply 1001 We look into it")
    for line in ("show 1001", "status 1001", "cases"):
        await case.teams.writes("ann", line)
    seen = str([one.versions for one in case.teams.far.activities(ANN)])
    assert "We look into it" in seen
    assert "forgot to pay" not in seen
    assert ("note", SECRET) in await case.teams.history()


async def test_words_that_are_moved_in_teams_move_under_slack_s_cards(case: Both) -> None:
    await case.teams.writes("ann", "The invoices are doubled")
    await case.teams.presses("ann", "Move", ANN)
    await case.teams.presses("ann", "New case", ANN)
    assert "moved what stood here to case #1002" in case.slack.under_card(1001)[-1]
    assert "doubled" not in "\n".join(case.slack.under_card(1001))
    assert "> The invoices are doubled" in "\n".join(case.slack.under_card(1002))


async def test_closed_in_slack_it_is_confirmed_in_teams(case: Both) -> None:
    await case.slack.writes("sam", "!close Fixed", SLACK_DESK, case.slack.card().ts)
    await case.teams.presses("ann", "Yes, close it", ANN)
    assert (await case.teams.case()).status == "closed"
    assert "closed, confirmed by the customer" in case.slack.card().text
    assert "closed, confirmed by the customer" in plain_of(case.teams.card(place=ANN))
    assert len(await case.teams.rows(Case)) == 1


async def test_a_warning_goes_where_each_of_the_desk_was_last_met(case: Both) -> None:
    await case.teams.writes("cora", "hello")  # from now on she is in Teams
    await case.warns(hours=3)
    assert case.teams.said(guid("cora"))[-1].startswith("#1001 has used 75 % of its response time.")
    assert "has used 75 %" not in "\n".join(case.slack.said(user("cora")))
    await case.teams.presses("cora", "Acknowledge", guid("cora"))
    assert "Cora Diaz (concierge) sees to #1001." in "\n".join(case.slack.under_card())


async def test_who_blocked_the_app_in_teams_reads_the_answer_in_slack(case: Both) -> None:
    case.teams.far.block(ANN)
    await case.slack.commands("sam", "/case reply 1001 We look into it")
    assert "> We look into it" in case.slack.said(user("ann"))[-1]
    told = "\n".join(case.slack.under_card())
    assert "the person has blocked or removed the app in Teams" in told


# Opened in Slack, worked in Teams ---------------------------------------------------------------------------------


async def test_a_case_opened_in_slack_is_taken_by_the_card_in_teams(other: Both) -> None:
    await other.teams.presses("sam", "Take", TEAMS_DESK)
    assert "Sam Ortiz (support desk) is working on #1001." in other.slack.said(user("ann"))[-1]


async def test_a_reply_from_teams_arrives_in_slack_s_thread_by_name(other: Both) -> None:
    await other.teams.writes("sam", "!reply We look into it", TEAMS_DESK, thread=other.teams.card().id)
    last = other.slack.far.messages(user("ann"))[-1]
    assert last.thread == other.slack.threads["ann", user("ann")]
    assert other.slack.said(user("ann"))[-1].endswith("Sam Ortiz (support desk):\n> We look into it")


async def test_what_the_customer_says_in_slack_stands_under_teams_card(other: Both) -> None:
    await other.slack.writes("ann", "It happens on Save", thread=other.slack.threads["ann", user("ann")])
    assert "> It happens on Save" in other.teams.under_card()[-1]


async def test_internal_notes_never_cross_to_slack(other: Both) -> None:
    await other.teams.writes("sam", SECRET, TEAMS_DESK, thread=other.teams.card().id)
    await other.teams.writes("cora", f"note 1001 {SECRET} too")
    await other.teams.writes("sam", "reply 1001 We look into it")
    await other.slack.commands("ann", "/support show 1001")
    seen = str([*other.slack.far.messages(user("ann")), *other.slack.far.ephemerals(user("ann"), user("ann"))])
    assert "We look into it" in seen
    assert "forgot to pay" not in seen
    assert ("note", SECRET) in await other.teams.history()


async def test_closed_in_teams_it_is_confirmed_in_slack(other: Both) -> None:
    await other.teams.writes("sam", "close 1001 Fixed")
    await other.slack.presses("ann", "Yes, close it")
    assert (await other.teams.case()).status == "closed"
    assert "closed, confirmed by the customer" in plain_of(other.teams.card())


# Rooms of the desk in both ----------------------------------------------------------------------------------------


async def test_with_a_room_in_each_both_cards_stay_true_whoever_works_where(both: Both) -> None:
    await both.teams.writes("ann", BROKEN)
    await both.teams.writes("ann", "cancel")
    await both.slack.presses("sam", "Take", SLACK_DESK)
    await both.teams.writes("cora", "!reply We look into it", TEAMS_DESK, thread=both.teams.card().id)
    assert "With: Sam Ortiz" in both.slack.card().text
    assert "With: Sam Ortiz" in plain_of(both.teams.card())
    assert "> We look into it" in "\n".join(both.slack.under_card())
    await both.slack.writes("sam", SECRET, SLACK_DESK, both.slack.card().ts)
    assert SECRET in "\n".join(both.teams.under_card())
    assert "forgot to pay" not in str([one.versions for one in both.teams.far.activities(ANN)])
