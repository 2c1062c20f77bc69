"""The bot token of a tenant: from memory, asked for once, and told from none."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
from aiohttp import web

from adapters.slack.grants import Grants
from adapters.slack.installs import Install, NotInstalled, NoToken
from adapters.slack.tokens import ManyWorkspaces, OneWorkspace
from tests.adapters.slack.granting import Clock, Granting, install, no, reset, saying
from tests.adapters.slack.tokens.shelf import TOKEN, Shelf


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
