"""The bot token of a tenant: from memory, asked for once, renewed by one process and stored before it is used."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from aiohttp import web

from adapters.slack.grants import Grants
from adapters.slack.installs import Install, NotInstalled, NoToken
from adapters.slack.rotation import Rotation
from adapters.slack.tokens import ManyWorkspaces, OneWorkspace
from bot.channel import Busy
from tests.adapters.slack.granting import MONDAY, Clock, Granting, granting, grants, install, no, reset, saying

SOON, PAST = timedelta(minutes=10), timedelta(minutes=-1)
TOKEN = "xoxb-of-the-settings"


@dataclass
class Shelf:
    """Installs in memory; see adapters.slack.installs.Installs."""

    now: Callable[[], datetime]
    kept: dict[str, Install] = field(default_factory=dict)
    leases: dict[str, datetime] = field(default_factory=dict)
    found: int = 0
    busy: int = 0
    """How many of the next calls find the store busy."""
    gate: asyncio.Event | None = None

    async def find(self, tenant: str) -> Install | None:
        self.found += 1
        await self._answer()
        return self.kept.get(tenant)

    async def keep(self, install: Install) -> None:
        await self._answer()
        self.kept[install.tenant] = install
        self.leases.pop(install.tenant, None)

    async def forget(self, tenant: str, before: datetime) -> None:
        await self._answer()
        self.kept.pop(tenant, None)

    async def may_renew(self, tenant: str, until: datetime) -> bool:
        await self._answer()
        if tenant not in self.kept or self.leases.get(tenant, MONDAY - timedelta(days=9)) > self.now():
            return False
        self.leases[tenant] = until
        return True

    async def _answer(self) -> None:
        await asyncio.sleep(0)
        if self.gate:
            await self.gate.wait()
        if self.busy:
            self.busy -= 1
            raise Busy


async def breath(_: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf(clock: Clock) -> Shelf:
    return Shelf(clock)


@pytest.fixture
async def slack() -> AsyncIterator[Granting]:
    async with granting() as slack:
        slack.whose[TOKEN] = {
            "team_id": "T0DESK", "team": "The desk", "user_id": "U0HUB", "bot_id": "B0HUB", "enterprise_id": "E0ALL"
        }  # fmt: skip
        yield slack


@pytest.fixture
async def given(slack: Granting, clock: Clock) -> AsyncIterator[Grants]:
    async with grants(slack.api_url, clock) as given:
        yield given


@pytest.fixture
async def replica(shelf: Shelf, given: Grants, clock: Clock) -> AsyncIterator[Callable[[], ManyWorkspaces]]:
    """Call it for another process over the same store."""
    made: list[ManyWorkspaces] = []

    def make(patience: float = 60) -> ManyWorkspaces:
        made.append(ManyWorkspaces(shelf, Rotation(shelf, given, clock, breath), clock, patience=patience))
        return made[-1]

    yield make
    for each in made:
        await each.close()


# The token of the settings


async def test_slack_is_asked_once_whose_the_token_is_however_many_ask_us(
    slack: Granting, given: Grants, clock: Clock
) -> None:
    tokens = OneWorkspace(TOKEN, given, clock)
    found = await asyncio.gather(*(tokens.of("T0DESK") for _ in range(20)))
    clock.forward(days=9)
    assert await tokens.of("T0DESK") == found[0] == found[19]
    assert slack.asked == ["auth.test"]
    assert found[0] == Install(
        "T0DESK", "", TOKEN, "U0HUB", "B0HUB", ("chat:write", "commands"), None, None, "The desk"
    )


async def test_it_serves_only_its_own_workspace(given: Grants, clock: Clock) -> None:
    tokens = OneWorkspace(TOKEN, given, clock)
    for tenant in ("T0NORTH", "E0ALL", ""):
        with pytest.raises(NotInstalled):
            await tokens.of(tenant)


async def test_a_token_for_a_whole_organisation_serves_the_organisation(
    slack: Granting, given: Grants, clock: Clock
) -> None:
    slack.whose[TOKEN] |= {"is_enterprise_install": True}
    assert (await OneWorkspace(TOKEN, given, clock).of("E0ALL")).tenant == "E0ALL"


async def test_a_failure_is_not_asked_about_again_at_once_but_later_and_ever_more_rarely(
    slack: Granting, given: Grants, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = OneWorkspace(TOKEN, given, clock)
    slack.script = [reset, saying(lambda: no("ratelimited", 429)), saying(lambda: web.Response(text="<html>"))]
    for after in (0, 1.1, 2.1):
        clock.forward(seconds=after)
        for _ in range(3):
            with pytest.raises(NoToken):
                await tokens.of("T0DESK")
    assert len(slack.asked) == 3
    clock.forward(seconds=4.1)
    assert (await tokens.of("T0DESK")).tenant == "T0DESK"
    assert TOKEN not in caplog.text


async def test_a_slack_that_is_silent_costs_nobody_three_seconds(slack: Granting, given: Grants, clock: Clock) -> None:
    slack.held = asyncio.Event()
    tokens = OneWorkspace(TOKEN, given, clock, patience=0.01)
    with pytest.raises(NoToken):
        await tokens.of("T0DESK")
    slack.held.set()
    await tokens.close()
    assert (await tokens.of("T0DESK")).tenant == "T0DESK"
    assert slack.asked == ["auth.test"]


async def test_an_uninstalled_app_finds_its_token_dead(slack: Granting, given: Grants, clock: Clock) -> None:
    tokens = OneWorkspace(TOKEN, given, clock)
    await tokens.of("T0DESK")
    await tokens.forget("T0NORTH", clock())
    await tokens.of("T0DESK")
    assert slack.asked == ["auth.test"]
    slack.whose.clear()
    await tokens.forget("T0DESK", clock())
    with pytest.raises(NoToken, match="invalid_auth"):
        await tokens.of("T0DESK")


@pytest.mark.parametrize("word", ["account_inactive", "token_revoked"])
async def test_what_is_owed_to_a_workspace_that_uninstalled_the_app_is_not_tried_for_a_day(
    slack: Granting, given: Grants, clock: Clock, word: str
) -> None:
    tokens = OneWorkspace(TOKEN, given, clock)
    await tokens.of("T0DESK")
    slack.script = [saying(lambda: no(word))]
    await tokens.forget("T0DESK", clock())
    for _ in range(2):
        with pytest.raises(NotInstalled):
            await tokens.of("T0DESK")
    assert slack.asked == ["auth.test"] * 2
    clock.forward(seconds=2)
    assert (await tokens.of("T0DESK")).tenant == "T0DESK", "it was installed again"


# Those that administrators gave us


async def test_a_token_is_remembered_for_a_minute(
    shelf: Shelf, replica: Callable[[], ManyWorkspaces], clock: Clock
) -> None:
    tokens = replica()
    shelf.kept["T0NORTH"] = install()
    assert await tokens.of("T0NORTH") == install()
    clock.forward(seconds=59)
    await tokens.of("T0NORTH")
    assert shelf.found == 1
    clock.forward(seconds=1)
    await tokens.of("T0NORTH")
    assert shelf.found == 2


async def test_many_who_ask_at_once_cost_one_look(shelf: Shelf, replica: Callable[[], ManyWorkspaces]) -> None:
    tokens = replica()
    shelf.kept["T0NORTH"] = install()
    await asyncio.gather(*(tokens.of("T0NORTH") for _ in range(50)))
    assert shelf.found == 1


async def test_one_who_gives_up_does_not_take_the_answer_from_the_others(
    shelf: Shelf, replica: Callable[[], ManyWorkspaces]
) -> None:
    shelf.gate, shelf.kept["T0NORTH"] = asyncio.Event(), install()
    tokens = replica()
    first, second = (asyncio.create_task(tokens.of("T0NORTH")) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    shelf.gate.set()
    assert await second == install()
    with suppress(asyncio.CancelledError):
        await first


async def test_an_absence_is_remembered_for_seconds_and_ends_with_an_install_here(
    shelf: Shelf, replica: Callable[[], ManyWorkspaces], clock: Clock
) -> None:
    tokens = replica()
    for _ in range(9):
        with pytest.raises(NotInstalled):
            await tokens.of("T0NORTH")
    assert shelf.found == 1
    shelf.kept["T0NORTH"] = install()  # by another process
    clock.forward(seconds=5)
    assert await tokens.of("T0NORTH") == install()
    with pytest.raises(NotInstalled):
        await tokens.of("T0CONTOSO")
    await tokens.keep(install("T0CONTOSO"))
    assert await tokens.of("T0CONTOSO") == shelf.kept["T0CONTOSO"]


async def test_a_forgotten_tenant_has_no_token_from_then_on(
    shelf: Shelf, replica: Callable[[], ManyWorkspaces], clock: Clock
) -> None:
    tokens = replica()
    await tokens.keep(install())
    await tokens.forget("T0NORTH", clock())
    for _ in range(2):
        with pytest.raises(NotInstalled):
            await tokens.of("T0NORTH")
        clock.forward(minutes=2)
    assert not shelf.kept


async def test_a_store_that_is_busy_or_slow_is_no_absence(shelf: Shelf, replica: Callable[..., ManyWorkspaces]) -> None:
    shelf.kept["T0NORTH"], shelf.busy = install(), 1
    with pytest.raises(NoToken):
        await replica().of("T0NORTH")
    shelf.gate, hurried = asyncio.Event(), replica(patience=0.01)
    with pytest.raises(NoToken):
        await hurried.of("T0NORTH")
    shelf.gate.set()
    await hurried.close()
    assert await hurried.of("T0NORTH") == install()
    assert shelf.found == 2


async def test_memory_does_not_grow_with_names_that_nobody_installed(
    replica: Callable[[], ManyWorkspaces], clock: Clock
) -> None:
    tokens = replica()
    for number in range(3000):
        with pytest.raises(NotInstalled):
            await tokens.of(f"T{number}")
        clock.forward(seconds=1)
    assert len(tokens._known) <= 1000


# Rotation


async def test_a_token_that_ends_soon_is_used_while_the_next_one_is_fetched(
    slack: Granting, shelf: Shelf, replica: Callable[[], ManyWorkspaces]
) -> None:
    tokens = replica()
    shelf.kept["T0NORTH"], slack.refresh["xoxe-T0NORTH-0"] = install(ends=SOON), "T0NORTH"
    slack.held = asyncio.Event()
    assert await tokens.of("T0NORTH") == install(ends=SOON)
    slack.held.set()
    await tokens.close()
    new = await tokens.of("T0NORTH")
    assert (new.bot_token, new.refresh_token) == ("xoxe.xoxb-T0NORTH-1", "xoxe-T0NORTH-1")
    assert new.expires_at == MONDAY + timedelta(hours=12)
    assert new == shelf.kept["T0NORTH"]
    assert (new.bot_user, new.scopes, new.name) == ("U0HUB", ("chat:write", "commands"), "Northwind")


async def test_one_token_that_has_time_is_left_alone(
    slack: Granting, shelf: Shelf, replica: Callable[[], ManyWorkspaces]
) -> None:
    tokens = replica()
    shelf.kept["T0NORTH"] = install(ends=timedelta(minutes=31))
    await tokens.of("T0NORTH")
    await tokens.close()
    assert slack.asked == []


@pytest.mark.parametrize("ends", [SOON, PAST])
async def test_of_all_processes_exactly_one_asks_slack(
    slack: Granting, shelf: Shelf, replica: Callable[[], ManyWorkspaces], clock: Clock, ends: timedelta
) -> None:
    shelf.kept["T0NORTH"], slack.refresh["xoxe-T0NORTH-0"] = install(ends=ends), "T0NORTH"
    replicas = [replica() for _ in range(4)]
    found = await asyncio.gather(*(each.of("T0NORTH") for each in replicas for _ in range(5)))
    for each in replicas:
        await each.close()
    clock.forward(seconds=60)
    later = [await each.of("T0NORTH") for each in replicas]
    assert slack.asked == ["refresh_token"]
    assert {each.bot_token for each in later} == {"xoxe.xoxb-T0NORTH-1"}
    assert {each.bot_token for each in found} == {"xoxb-T0NORTH-0" if ends == SOON else "xoxe.xoxb-T0NORTH-1"}


async def test_the_next_token_is_stored_before_anybody_uses_it(
    slack: Granting, shelf: Shelf, replica: Callable[[], ManyWorkspaces], monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = replica()
    shelf.kept["T0NORTH"], slack.refresh["xoxe-T0NORTH-0"] = install(ends=PAST), "T0NORTH"
    reached, gate, keep = asyncio.Event(), asyncio.Event(), shelf.keep

    async def slowly(install: Install) -> None:
        reached.set()
        await gate.wait()
        await keep(install)

    monkeypatch.setattr(shelf, "keep", slowly)
    asking = asyncio.create_task(tokens.of("T0NORTH"))
    await reached.wait()
    assert not asking.done()
    gate.set()
    assert (await asking) == shelf.kept["T0NORTH"]


async def test_a_store_that_is_busy_after_slack_answered_loses_no_token(
    slack: Granting, shelf: Shelf, replica: Callable[[], ManyWorkspaces]
) -> None:
    tokens = replica()
    shelf.kept["T0NORTH"], slack.refresh["xoxe-T0NORTH-0"] = install(ends=PAST), "T0NORTH"
    slack.held = asyncio.Event()
    asking = asyncio.create_task(tokens.of("T0NORTH"))
    await slack.called.wait()
    shelf.busy = 5
    slack.held.set()
    assert (await asking).bot_token == shelf.kept["T0NORTH"].bot_token == "xoxe.xoxb-T0NORTH-1"


@pytest.mark.parametrize(
    "answer", [reset, saying(lambda: no("internal_error")), saying(lambda: web.Response(status=503))]
)
async def test_while_slack_fails_the_old_token_goes_on_and_slack_is_asked_again_in_a_minute(
    slack: Granting, shelf: Shelf, replica: Callable[[], ManyWorkspaces], clock: Clock, answer: object
) -> None:
    tokens = replica()
    shelf.kept["T0NORTH"], slack.refresh["xoxe-T0NORTH-0"] = install(ends=SOON), "T0NORTH"
    slack.script.append(answer)  # type: ignore[arg-type]
    assert await tokens.of("T0NORTH") == install(ends=SOON)
    await tokens.close()
    assert await tokens.of("T0NORTH") == install(ends=SOON)
    assert slack.asked == ["refresh_token"]
    clock.forward(seconds=61)
    await tokens.of("T0NORTH")
    await tokens.close()
    assert (await tokens.of("T0NORTH")).bot_token == "xoxe.xoxb-T0NORTH-1"


async def test_without_a_token_that_works_a_failing_slack_is_told_as_such(
    slack: Granting, shelf: Shelf, replica: Callable[..., ManyWorkspaces], clock: Clock
) -> None:
    tokens = replica()
    shelf.kept["T0NORTH"], slack.refresh["xoxe-T0NORTH-0"] = install(ends=PAST), "T0NORTH"
    slack.script.append(reset)
    for each in (tokens, replica(patience=0.01)):
        with pytest.raises(NoToken):
            await each.of("T0NORTH")
    assert slack.asked == ["refresh_token"]
    clock.forward(seconds=61)
    assert (await tokens.of("T0NORTH")).bot_token == "xoxe.xoxb-T0NORTH-1"


async def test_a_refused_refresh_looks_first_whether_somebody_else_renewed(
    slack: Granting, shelf: Shelf, replica: Callable[[], ManyWorkspaces]
) -> None:
    tokens = replica()
    shelf.kept["T0NORTH"] = install(ends=PAST)
    newer = install(ends=timedelta(hours=12), serial=7)

    async def meanwhile(_: web.Request) -> web.StreamResponse:
        shelf.kept["T0NORTH"] = newer
        return no("invalid_refresh_token")

    slack.script.append(meanwhile)
    assert await tokens.of("T0NORTH") == newer


async def test_a_refresh_that_slack_refuses_for_good_ends_the_install_with_its_last_token(
    slack: Granting, shelf: Shelf, replica: Callable[[], ManyWorkspaces], clock: Clock
) -> None:
    tokens = replica()
    shelf.kept["T0NORTH"] = install(ends=SOON)
    assert await tokens.of("T0NORTH") == install(ends=SOON)
    await tokens.close()
    assert await tokens.of("T0NORTH") == install(ends=SOON)
    clock.forward(minutes=10)
    with pytest.raises(NotInstalled):
        await tokens.of("T0NORTH")
    assert not shelf.kept


async def test_a_wrong_client_secret_takes_no_install_away(
    slack: Granting, shelf: Shelf, replica: Callable[..., ManyWorkspaces]
) -> None:
    tokens = replica()
    shelf.kept["T0NORTH"] = install(ends=PAST)
    slack.script.append(saying(lambda: no("bad_client_secret")))
    with pytest.raises(NoToken):
        await tokens.of("T0NORTH")
    assert shelf.kept


async def test_nothing_secret_shows_where_an_install_is_printed() -> None:
    assert "xox" not in repr(install(ends=SOON))
