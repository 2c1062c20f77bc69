"""``supporthub intake``: one mail from standard input, for mail servers that run a program for each."""

import asyncio

from adapters.email.lmtp import LARGEST
from adapters.email.server import take
from app.clock import Clock
from app.email import CHATS, given
from app.settings import Settings
from bot.channel import Busy
from bot.dispatch import Bot
from rules.catalogue import load_folder
from store.store import open_store


class Refused(Exception):
    """It can never be taken; the sentence goes back to the mail server."""

    for_good = True


class Later(Exception):
    """Nothing was kept; the mail server tries again."""


async def intake(raw: bytes, settings: Settings, sender: str | None) -> None:
    """Kept, or left alone for good. The server that runs sends what is owed; without one it waits. Never migrates:
    a schema that is not this release's is a reason to try again."""
    if settings.mail is None:
        raise Later("mail is off: SUPPORTHUB_SMTP_URL and SUPPORTHUB_MAIL_FROM are not set")
    if len(raw) > LARGEST:
        raise Refused(f"the mail is larger than {LARGEST // 1024 // 1024} MiB")
    clock, catalogues = Clock(), load_folder(settings.catalogues)
    store = open_store(settings.database_url.get_secret_value())
    try:
        channels = {"email", *(name for name in CHATS if getattr(settings, name) is not None)}
        bot = Bot(store, catalogues, clock, lambda: None, channels=channels)
        await take(raw, sender, clock().machine, given(settings, settings.mail).house, bot)
    except Busy as error:
        raise Later(str(error)) from error
    finally:
        await store.close()


def run(raw: bytes, settings: Settings, sender: str | None) -> None:
    asyncio.run(intake(raw, settings, sender))
