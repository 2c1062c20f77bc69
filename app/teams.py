"""Teams, as the settings have it: the adapter with the house's store and clock."""

from typing import TYPE_CHECKING

from app.clock import Clock
from app.places import StoredPlaces
from app.settings import Mode, Settings
from store.store import Store

if TYPE_CHECKING:  # a second of a start that has no Teams
    from adapters.teams.server import TeamsConnection


def connect(settings: Settings, store: Store, clock: Clock) -> "TeamsConnection | None":
    """None where nothing of Teams' is set. Called inside the loop."""
    given = settings.teams
    if given is None:
        return None
    from adapters.teams.server import Credentials, TeamsConnection
    from adapters.teams.trust import Trust

    credentials = Credentials(
        given.app_id,
        given.app_password.get_secret_value(),
        given.app_tenant_id,
        given.openid_metadata_url,
        given.token_issuer,
        given.login_url,
        Trust(given.service_hosts, development=settings.mode is Mode.DEVELOPMENT),
        given.unknown_tenants == "answer",
    )
    return TeamsConnection(credentials, StoredPlaces(store, clock), lambda: clock().machine)
