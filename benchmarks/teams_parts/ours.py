"""Our adapter, with the whole desk behind it."""

from datetime import UTC, datetime, timedelta

from aiohttp import web

from adapters.teams.places import Place
from adapters.teams.server import Credentials, TeamsConnection
from adapters.teams.trust import Trust
from app.clock import Clock
from app.places import StoredPlaces
from benchmarks.desk import PEOPLE, desk
from benchmarks.teams_parts.serving import Given, run
from store.store import open_store
from tests.teams.places import guid
from tests.teams.stage import DESK, TeamsIds


async def make(app: web.Application, given: Given) -> None:
    store = open_store(given.database)
    await store.migrate()
    places = StoredPlaces(store, Clock())
    service = given.service_url.rstrip("/")
    for number in range(PEOPLE):  # as if they had written before
        customer = guid(f"customer{number}")
        await places.keep(given.tenant, customer, Place(given.tenant, f"a:{customer}", service, "personal"))
    trust = Trust(["http://127.0.0.1"], development=True)
    credentials = Credentials(
        given.app_id, given.password, given.tenant, given.metadata_url, given.issuer, given.login_url, trust
    )
    connection = TeamsConnection(credentials, places, lambda: datetime.now(UTC))
    connection.channel.gap = connection.channel.burst = timedelta(0)
    ids = TeamsIds(given.tenant, "", DESK)
    connection.register(app, await desk(app, store, "teams", given.tenant, ids, connection.channel, guid))


if __name__ == "__main__":
    run(make)
