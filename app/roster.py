"""Who is in a tenant, by the vendor's own word, in the shape in which the desk compares it with its directory."""

from aiohttp import ClientError

from adapters.slack.api import Ambiguous as SlackUnclear
from adapters.teams.outcomes import Ambiguous as TeamsUnclear
from app import slack, teams
from app.clock import Clock
from app.settings import Settings
from bot.channel import Busy, NotSent, Undeliverable
from bot.desk import linking
from bot.desk.linking import Listed
from rules.refusals import NotBound
from store.current import must_be_current, must_exist
from store.store import open_store

OFF = {
    "slack": "Slack is not set up: set SLACK_BOT_TOKEN and so on (docs/slack.md).",
    "teams": "Teams is not set up: set MICROSOFT_APP_ID and so on (docs/teams.md).",
}


class Unread(Exception):
    """In a sentence, why the roster could not be read whole; nothing is proposed then."""


async def read(settings: Settings, channel: str, tenant: str, conversation: str) -> list[Listed]:
    """All who are really there: no bots, nobody switched off, no guests and nobody of another company."""
    url = settings.database_url.get_secret_value()
    must_exist(url)
    store = open_store(url)
    try:
        await must_be_current(store)
        await store.read(linking.candidates, channel, tenant)
        connection = (slack if channel == "slack" else teams).connect(settings, store, Clock())
        if connection is None:
            raise Unread(OFF[channel])
        try:
            found = await connection.roster(tenant, conversation)
        finally:
            await connection.close()
    except NotBound:
        raise Unread(f"{channel} {tenant} belongs to no account, and the desk is not met there.") from None
    except (Undeliverable, NotSent, SlackUnclear, TeamsUnclear, Busy, ClientError, TimeoutError) as why:
        raise Unread(f"The roster was not read: {why}.") from None
    finally:
        await store.close()
    return [Listed(user, name, email.lower()) for user, name, email in found]
