"""Slack, as the settings have it: the adapter with the house's store, key and clock."""

from typing import TYPE_CHECKING

from app.clock import Clock
from app.installs import StoredInstalls
from app.secrets import Seal
from app.settings import Settings
from store.store import Store

if TYPE_CHECKING:  # half a second of a start that has no Slack
    from adapters.slack.server import SlackConnection


def connect(settings: Settings, store: Store, clock: Clock) -> "SlackConnection | None":
    """None where nothing of Slack's is set. Called inside the loop."""
    given = settings.slack
    if given is None:
        return None
    from adapters.slack.server import Credentials, SlackConnection

    seal = Seal(settings.secret_key, lambda: clock().machine) if settings.secret_key and given.client_id else None
    secrets = {
        name: value.get_secret_value() if (value := getattr(given, name)) else ""
        for name in ("signing_secret", "bot_token", "app_token", "client_secret")
    }
    return SlackConnection(
        Credentials(given.api_url, client_id=given.client_id or "", public_url=settings.public_url or "", **secrets),
        StoredInstalls(store, seal, clock) if seal else None,
        seal,
        lambda: clock().machine,
    )
