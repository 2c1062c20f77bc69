"""The playground: the real core, seeded people, one page for all sides, a movable clock, no account anywhere."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.web.cast import DESK, CastMember
from adapters.web.channel import Web
from adapters.web.log import Log
from adapters.web.mailbox import Mailbox
from adapters.web.playground import Playground
from adapters.web.server import register
from app.clock import DemoClock
from app.manners import WRITERS
from app.opening import open_house
from app.portal import PortalConnection
from app.rooms import StoredRooms
from app.server import House
from app.settings import Mode, Settings
from bot.channel import Channel
from bot.desk.directory import apply
from bot.languages import languages
from bot.plain import plain
from rules.business_time import AROUND_THE_CLOCK, Calendar
from rules.catalogue import Catalogues
from rules.directory import Directory
from rules.directory import read as read_directory
from store.store import Store, Unavailable
from store.tables import Conversation, Person
from store.work import Work

log = logging.getLogger(__name__)
PATIENCE = 5.0  # seconds for all that follows from a step
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
        "Fabrikam, Terrasoft Standard plan, contact person",
        zone="Europe/Paris",
        suggestions=("What is your response time?", "price premium 4", "price premium 5"),
    ),
    CastMember(
        "theo",
        "Theo Blanc",
        "Fabrikam, Tess's colleague",
        zone="Europe/Paris",
        suggestions=("How do I merge duplicates?",),
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
    await clock.begin()
    house, _ = stage(settings, store, catalogues, clock)
    await move_in(house)
    await house.run(ready)


def stage(settings: Settings, store: Store, catalogues: Catalogues, clock: DemoClock) -> tuple[House, Playground]:
    """The house with the playground in it, not running yet."""
    log = Log(StoredRooms(store))
    portal = PortalConnection(settings, store, clock, CAST)
    channels: dict[str, Channel] = {
        "web": Web(log, clock.now),
        "email": Mailbox(log, clock.now),
        "portal": portal.channel,
    }
    house = House(settings, store, catalogues, clock, channels, (portal,))
    desk = next(iter(catalogues.providers.values()))
    shown = {"zone": desk.hours.zone, "label": desk.hours.label} if desk.hours else {}
    behind = Behind(house, desk.calendar() or AROUND_THE_CLOCK)
    how = {"undo_seconds": int(settings.undo.total_seconds())}
    play = register(
        house.app,
        house.bot,
        log,
        clock,
        CAST,
        **shown,
        writers=WRITERS,
        backstage=behind,
        plain=plain,
        how=how,
    )
    return house, play


async def move_in(house: House) -> None:
    directory = read_directory(DIRECTORY.read_text(), house.catalogues.plans, DIRECTORY.name, languages())
    await house.store.write(seed, directory, house.clock().machine)


class Behind:
    """See adapters.web.backstage.Backstage."""

    def __init__(self, house: House, calendar: Calendar) -> None:
        self._house, self._calendar = house, calendar

    async def settle(self) -> None:
        house = self._house
        at_once = (house.holding, house.escalation, house.announcing, house.assigning)
        by_the_calendar = (house.monthly, house.weekly, house.digest)
        try:
            async with asyncio.timeout(PATIENCE):
                for each in (*at_once, *by_the_calendar):
                    while await each.round():
                        pass
                await house.delivery.rest()
        except Unavailable as error:
            log.warning("not settled: %s", error)
        except TimeoutError:
            log.warning("not settled within %s seconds", PATIENCE)

    async def moved(self) -> None:
        await self._house.store.write(Work.part_warnings, self._house.clock().machine)

    async def event(self, after: datetime) -> datetime | None:
        return await self._house.store.read(Work.next_alarm, after)

    def morning(self, after: datetime) -> datetime:
        """Of the first day with work that is not over before it begins."""
        today = after.astimezone(ZoneInfo(self._calendar.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        opens = self._calendar.roll_forward(today)
        return opens if opens > after else self._calendar.roll_forward(today + timedelta(days=1))


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
