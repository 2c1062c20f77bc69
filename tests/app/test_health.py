"""``/readyz``: what makes a server unready, and what only degrades it since another one would fare no better."""

from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from app import health
from app.clock import Clock
from bot.breaker import Breaker
from bot.turn import Now
from store.store import Store, Unavailable
from store.work import Work
from tests.slack.faults import error
from tests.slack.stage import staged
from tests.teams.stage import staged as teams_staged
from tests.world import World


class At(Clock):
    """A clock that stands."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> Now:
        return Now(self.at, self.at)


async def ready(store: Store, leaving: bool = False, ailing: dict[str, str] | None = None, ahead: int = 0) -> Any:
    """Status and body."""
    app = web.Application()
    clock = At(datetime.now(UTC) + timedelta(seconds=ahead))
    health.register(app, store, clock, lambda: leaving, lambda: ailing or {})
    async with TestClient(TestServer(app)) as client, client.get("/readyz") as told:
        return told.status, await told.json()


def marked(work: Work, at: str) -> None:
    work._session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{at}'")


class Full:
    """A disk on which nothing fits any more."""

    async def write(self, *_: object, **__: object) -> None:
        raise Unavailable("database or disk is full")


async def test_a_server_is_unready_when_it_leaves_or_its_database_will_not_do(desk: World) -> None:
    assert await ready(desk.store) == (200, {"status": "ready", "queue_age_seconds": 0.0})
    assert await ready(desk.store, leaving=True) == (503, {"status": "this server is leaving"})
    assert (await ready(Full()))[0] == 503  # type: ignore[arg-type]
    await desk.store.write(marked, "9999")
    status, said = await ready(desk.store)
    assert (status, "at revision 9999, this release at" in said["status"]) == (503, True)


async def test_what_fails_elsewhere_only_degrades_it(sqlite_desk: World) -> None:
    status, said = await ready(sqlite_desk.store, ailing={"slack": "it does not answer"})
    assert (status, said["degraded"]) == (200, {"slack": "it does not answer"})

    def owed(work: Work) -> None:
        work.owe(work.conversation("fake", "", "x").id, datetime.now(UTC), {"message": {}})

    await sqlite_desk.store.write(owed)
    status, said = await ready(sqlite_desk.store, ahead=301)
    assert (status, said["degraded"], said["queue_age_seconds"] > 300) == (200, {"queue": "messages wait"}, True)


def test_a_channel_that_is_left_alone_and_one_that_is_refused_are_told() -> None:
    class Refused:
        name, trouble = "teams", "Microsoft's login gives the bot no token: invalid_client"

    silent = {"slack": Breaker(open_until=datetime.now(UTC)), "email": Breaker()}
    told = health.ailing(silent, [Refused(), object()])
    assert told == {"slack": "it does not answer", "teams": Refused.trouble}


async def test_slack_tells_which_token_is_refused_until_it_is_mended(sqlite_desk: World) -> None:
    async with staged(sqlite_desk.store) as stage:
        await stage.writes("ann", "cases")
        assert stage.connection.trouble == ""
        with stage.far.rule(error("invalid_auth"), "chat.postMessage"):
            await stage.writes("ann", "cases")
        assert stage.connection.trouble == "T1: invalid_auth"
        await stage.writes("bob", "cases")
        assert stage.connection.trouble == ""


async def test_teams_tells_that_it_gets_no_token(sqlite_desk: World) -> None:
    async with teams_staged(sqlite_desk.store) as stage:
        secret, stage.far.app.secret = stage.far.app.secret, "another one by now"
        await stage.writes("ann", "cases")
        assert stage.connection.trouble == "Microsoft's login gives the bot no token: invalid_client"
        stage.far.app.secret = secret
