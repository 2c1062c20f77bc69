"""Who somebody is, by Slack's own word: fresh within a minute, never guessed, and nobody's words against it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from adapters.slack.api import Api
from adapters.slack.grants import Grants
from adapters.slack.people import FRESH, People
from adapters.slack.tokens import OneWorkspace
from bot.channel import Busy
from bot.incoming import User
from store.tables import Case, Inbox
from tests.slack import faults
from tests.slack.far import Far
from tests.slack.stage import Stage
from tests.world import BROKEN


@dataclass
class Clock:
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.at


@dataclass
class Asking:
    far: Far
    clock: Clock
    people: People

    @property
    def asked(self) -> int:
        return len(self.far.called("users.info"))


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    async with Far() as far, aiohttp.ClientSession() as session:
        token = far.add_install("T1").token
        far.add_user("U0ANN", "Ann", zone="America/Toronto")
        clock = Clock()
        tokens = OneWorkspace(token, Grants(session, far.url, clock.now, "", ""), clock.now)
        yield Asking(far, clock, People(Api(tokens, session, far.url), clock.now))
        await tokens.close()
        assert far.violations == []


async def test_somebody_of_the_workspace_is_told_of(asking: Asking) -> None:
    assert await asking.people.who("T1", "U0ANN") == User("U0ANN", ("T1",), False, "ann", "America/Toronto")


async def test_slack_is_asked_once_a_minute(asking: Asking) -> None:
    for _ in range(3):
        await asking.people.who("T1", "U0ANN")
    assert asking.asked == 1
    asking.far.users["U0ANN"].restricted = True
    asking.clock.at += FRESH
    ann = await asking.people.who("T1", "U0ANN")
    assert ann
    assert (ann.outsider, asking.asked) == (True, 2)


@pytest.mark.parametrize("how", ["restricted", "ultra_restricted"])
async def test_a_guest_is_an_outsider(asking: Asking, how: str) -> None:
    setattr(asking.far.users["U0ANN"], how, True)
    ann = await asking.people.who("T1", "U0ANN")
    assert ann
    assert ann.outsider


@pytest.mark.parametrize("stranger", [True, False])
async def test_somebody_of_another_workspace_is_an_outsider_whatever_slack_calls_them(
    asking: Asking, stranger: bool
) -> None:
    asking.far.add_workspace("T2", "Northwind")
    asking.far.add_user("U2ZOE", "Zoe", "T2", stranger=stranger)
    asking.far.add_channel("C0SHARED", "ext", ["U2ZOE"], shared_with=["T2"])
    zoe = await asking.people.who("T1", "U2ZOE", team="T2")
    assert zoe
    assert (zoe.outsider, zoe.homes) == (True, ("T2",))


async def test_whom_slack_does_not_show_is_an_outsider_from_where_the_event_says(asking: Asking) -> None:
    asking.far.add_workspace("T2", "Northwind")
    asking.far.add_user("U2ZOE", "Zoe", "T2")
    zoe = await asking.people.who("T1", "U2ZOE", team="T2")
    assert zoe == User("U2ZOE", ("T2",), outsider=True)


async def test_whom_slack_does_not_show_is_never_at_home_because_an_event_says_so(asking: Asking) -> None:
    """Not even when it names the desk's own workspace."""
    asking.far.add_workspace("T2", "Northwind")
    asking.far.add_user("U2ZOE", "Zoe", "T2")
    zoe = await asking.people.who("T1", "U2ZOE", team="T1")
    assert zoe
    assert zoe.outsider


async def test_slack_s_word_counts_more_than_the_event_s(asking: Asking) -> None:
    ann = await asking.people.who("T1", "U0ANN", team="T9", enterprise="E9")
    assert ann
    assert (ann.homes, ann.outsider) == (("T1",), False)


async def test_in_an_organisation_people_are_at_home_in_their_workspace_and_in_it() -> None:
    async with Far() as far, aiohttp.ClientSession() as session:
        far.add_workspace("T5", "East", "E1")
        far.add_workspace("T6", "West", "E1")
        token = far.add_install(enterprise="E1").token
        far.add_user("U6WES", "Wes", "T6")
        clock = Clock()
        tokens = OneWorkspace(token, Grants(session, far.url, clock.now, "", ""), clock.now)
        people = People(Api(tokens, session, far.url), clock.now)
        wes = await people.who("E1", "U6WES", enterprise="E1")
        assert wes
        assert (wes.homes, wes.outsider) == (("T6", "E1"), False)
        await tokens.close()


@pytest.mark.parametrize("how", ["deleted", "bot"])
async def test_bots_and_who_is_switched_off_are_nobody(asking: Asking, how: str) -> None:
    setattr(asking.far.users["U0ANN"], how, True)
    assert await asking.people.who("T1", "U0ANN") is None


async def test_who_was_switched_off_is_nobody_within_a_minute(asking: Asking) -> None:
    await asking.people.who("T1", "U0ANN")
    asking.far.users["U0ANN"].deleted = True
    asking.clock.at += FRESH
    assert await asking.people.who("T1", "U0ANN") is None


FAILING = [
    faults.status(500),
    faults.status(503),
    faults.status(429, 30),
    faults.html(),
    faults.bad_json(),
    faults.error("internal_error"),
    faults.error("fatal_error"),
    faults.error("ratelimited"),
    faults.error("missing_scope"),
    faults.error("token_expired"),
]


@pytest.mark.parametrize("step", FAILING)
async def test_while_slack_does_not_tell_nobody_acts_on_a_guess(asking: Asking, step: faults.Step) -> None:
    asking.far.script("users.info", step)
    with pytest.raises(Busy):
        await asking.people.who("T1", "U0ANN")
    assert await asking.people.who("T1", "U0ANN")


async def test_what_slack_said_a_minute_ago_counts_and_no_longer_even_while_it_fails(asking: Asking) -> None:
    await asking.people.who("T1", "U0ANN")
    with asking.far.rule(faults.status(503), "users.info"):
        asking.clock.at += FRESH - timedelta(seconds=1)
        assert await asking.people.who("T1", "U0ANN")
        asking.clock.at += timedelta(seconds=1)
        with pytest.raises(Busy):
            await asking.people.who("T1", "U0ANN")


async def test_a_name_is_only_for_show_and_its_id_will_do(asking: Asking) -> None:
    assert await asking.people.name("T1", "U0ANN") == "ann"
    asking.far.script("users.info", faults.status(500))
    asking.far.add_user("U0BOB", "Bob")
    assert await asking.people.name("T1", "U0BOB") == "U0BOB"
    assert await asking.people.name("T1", "U0NOBODY") == "U0NOBODY"


# In the whole -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [faults.status(500), faults.html(), faults.status(429, 30)])
async def test_without_slack_s_word_nothing_is_kept_and_the_redelivery_is_the_first_time(
    stage: Stage, step: faults.Step
) -> None:
    stage.far.script("users.info", step)
    done = await stage.slack.message("U0ANN", "U0ANN", BROKEN)
    assert done.status == 503
    assert (await stage.rows(Inbox), await stage.rows(Case)) == ([], [])
    done = await stage.slack.insist(done)
    await stage.settle()
    assert done.kept
    assert len(await stage.rows(Case)) == 1


async def test_where_slack_takes_its_time_the_answer_comes_within_its_own_patience(stage: Stage) -> None:
    gate = faults.Gate()
    stage.far.script("users.info", gate)
    done = await stage.slack.message("U0ANN", "U0ANN", BROKEN)
    gate.open()
    assert done.status == 503
    assert done.seconds < 3
    assert (await stage.rows(Inbox), await stage.rows(Case)) == ([], [])
    await stage.slack.redeliver(done)
    await stage.settle()
    assert len(await stage.rows(Case)) == 1


async def test_a_command_whose_asker_slack_does_not_tell_does_nothing(stage: Stage) -> None:
    stage.far.script("users.info", faults.status(500))
    done = await stage.slack.command("U0SAM", "U0SAM", "/case", "queue")
    assert done.status == 503
    assert await stage.rows(Inbox) == []


async def test_a_reader_s_zone_is_slack_s_where_the_directory_has_none(stage: Stage) -> None:
    stage.far.users["U0ANN"].zone = "Asia/Tokyo"
    await stage.writes("ann", BROKEN)
    [receipt, *_] = stage.said("U0ANN")
    assert "13:00 ET" in receipt  # the directory has Toronto for her
