"""Webhooks, as the settings have them: the adapter with the house's store, clock and seal."""

from datetime import timedelta

from aiohttp import web

from adapters.webhooks.channel import Hook, Hooks, Webhooks
from app.clock import Clock
from app.secrets import Seal, WrongKey
from app.settings import Mode, Settings
from bot.channel import NotSent
from bot.desk.integrating import CHANNEL
from bot.dispatch import Bot
from store.store import Store, Unavailable
from store.work import Work

PURPOSE = "webhook"
PATIENCE = 5.0  # seconds
AGAIN = timedelta(minutes=5)


class WebhookConnection:
    """Nothing comes in by it."""

    def __init__(self, channel: Webhooks) -> None:
        self.channel = channel

    def register(self, app: web.Application, host: Bot) -> None:
        pass

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def close(self) -> None:
        await self.channel.close()


def connect(settings: Settings, store: Store, clock: Clock) -> WebhookConnection | None:
    """None without a key to seal secrets with: then no webhook can be added either."""
    if settings.secret_key is None:
        return None
    seal = Seal(settings.secret_key, lambda: clock().machine)
    return WebhookConnection(Webhooks(hooks(store, seal), lambda: clock().machine, near(settings)))


def near(settings: Settings) -> bool:
    """Whether this very machine may be called."""
    return settings.mode is not Mode.PRODUCTION


def hooks(store: Store, seal: Seal) -> Hooks:
    async def of(room: str) -> Hook | None:
        try:
            found = await store.read(_named, room, patience=PATIENCE)
            return Hook(found[0], seal.open(PURPOSE, found[1])) if found else None
        except (Unavailable, WrongKey) as error:
            raise NotSent(str(error), AGAIN) from error  # when, so that the other webhooks' calls go on

    return of


def _named(work: Work, room: str) -> tuple[str, str] | None:
    place = work.known_conversation(CHANNEL, "", room)
    hook = work.webhook_of(place.id) if place else None
    return (hook.url, hook.sealed) if hook else None
