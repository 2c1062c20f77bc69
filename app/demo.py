"""The playground: the real core, seeded people, one page for all sides, a movable clock, no account anywhere."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from adapters.web.cast import DESK, CastMember
from adapters.web.channel import Web
from adapters.web.log import Log
from adapters.web.mailbox import Mailbox
from adapters.web.server import register
from app.clock import DemoClock
from app.portal import PortalConnection
from app.rooms import StoredRooms
from app.server import House, open_house
from app.settings import Mode, Settings
from bot.channel import Channel
from bot.desk.directory import apply
from bot.languages import languages
from rules.catalogue import Catalogues
from rules.directory import Directory
from rules.directory import read as read_directory
from store.tables import Conversation, Person
from store.work import Work

DIRECTORY = Path(__file__).parent / "demo.toml"
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
CAST = (
    CastMember(
        "ann",
        "Ann Lee",
        "Northwind, Success plan, nominated user",
        zone="America/Toronto",
        suggestions=("How do I share a view?", "The quote form is broken since this morning", "plan"),
    ),
    CastMember("bob", "Bob Shaw", "Northwind, Ann's colleague", zone="America/Vancouver", suggestions=("cases",)),
    CastMember(
        "eve",
        "Eve Stone",
        "Contoso, Base plan",
        zone="Europe/London",
        suggestions=("How do I merge duplicates?", "status 1001"),
    ),
    CastMember(
        "tess",
        "Tess Moreau",
        "Fabrikam, Terrasoft Standard plan",
        zone="Europe/Paris",
        suggestions=("What is your response time?", "price premium 4", "price premium 5"),
    ),
    CastMember("sam", "Sam Ortiz", "Support desk", desk=True, suggestions=("queue", "take 1001", "help")),
    CastMember("cora", "Cora Diaz", "Concierge of Northwind", desk=True, suggestions=("queue at risk",)),
    CastMember("lena", "Lena Park", "Team lead", desk=True, suggestions=("plan northwind", "announcements")),
)


class NotHere(Exception):
    """The playground acts as anybody without a password: it never leaves this machine, and never runs in production."""


async def demo(settings: Settings, ready: Callable[[str], None]) -> None:
    if settings.mode is not Mode.DEMO:
        raise NotHere("The playground is refused in production mode: it lets everybody act as anybody.")
    if settings.host not in LOOPBACK:
        raise NotHere(f"The playground listens on this machine only: {settings.host} is refused.")
    store, catalogues = await open_house(settings)
    clock = DemoClock(store)
    await clock.load()
    await store.write(
        seed, read_directory(DIRECTORY.read_text(), catalogues.plans, DIRECTORY.name, languages()), clock().machine
    )
    log = Log(StoredRooms(store))
    portal = PortalConnection(settings, store, clock, CAST)
    channels: dict[str, Channel] = {
        "web": Web(log, clock.now),
        "email": Mailbox(log, clock.now),
        "portal": portal.channel,
    }
    house = House(settings, store, catalogues, clock, channels, (portal,))
    _pages(house, log, clock, catalogues)
    await house.run(ready)


def _pages(house: House, log: Log, clock: DemoClock, catalogues: Catalogues) -> None:
    hours = next(iter(catalogues.providers.values())).hours
    shown = {"zone": hours.zone, "label": hours.label} if hours else {}
    register(house.app, house.bot, log, clock, CAST, **shown)


def seed(work: Work, directory: Directory, now: datetime) -> None:
    """The demo's people, each with a room of their own on the page, and the room that the desk shares.

    They move in once: whoever has left or was erased since stays away.
    """
    if not _everybody(work):
        apply(work, directory, now)
    desk: Conversation = work.conversation("web", "", DESK)
    desk.desk = True
    work.add(desk)
    for member in CAST:
        if work.person_of("web", [""], member.id) is None:
            person = next((p for p in _everybody(work) if (p.email or "").startswith(f"{member.id}@")), None)
            if person is None:
                continue
            person.conversation_id = work.conversation("web", "", member.id).id
            work.add(person)
            work.link("web", "", member.id, person, "demo", now)


def _everybody(work: Work) -> list[Person]:
    return [*work.staff(), *work.customers()]
