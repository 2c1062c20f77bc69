"""A token that ends is renewed by one process and stored before it is used."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp import web

from adapters.slack.installs import Install, NotInstalled, NoToken
from adapters.slack.tokens import ManyWorkspaces
from tests.adapters.slack.granting import MONDAY, Clock, Granting, install, no, reset, saying
from tests.adapters.slack.tokens.shelf import Shelf

SOON, PAST = timedelta(minutes=10), timedelta(minutes=-1)


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
