"""The portal, as the settings have it: the adapter with the house's store, clock and people."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, TypeVarTuple

from aiohttp import ClientSession, web
from yarl import URL

from adapters.portal.channel import Portal
from adapters.portal.edge import NEAR, Origins, Refused
from adapters.portal.log import Entry, Log
from adapters.portal.oidc import SignInElsewhere
from adapters.portal.server import PREFIX, Portals, register
from adapters.portal.sessions import Visitor
from adapters.portal.teams_tab import TokenCheck
from adapters.web.cast import CastMember
from app.clock import Clock
from app.filed import FiledViews
from app.secrets import Seal
from app.settings import Mode, Settings
from bot import board as desk_views
from bot import portal as views
from bot import signing_in, text
from bot.channel import Busy
from bot.dispatch import Bot
from bot.messages import Message
from bot.plain import plain
from bot.shown import customers as shown
from bot.shown import desk as staff_shown
from bot.turn import Now, Turn
from bot.who import MAIL
from rules.people import STAFF
from rules.refusals import NobodyLikeThat, NotForYou, Refusal
from store.sessions import SEEN_EVERY
from store.store import Store, Unavailable
from store.tables import RoomEntry
from store.work import Work

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
PATIENCE = 5.0  # seconds: browsers wait
LATEST = 200
"""Entries of a conversation that its page shows."""
ROOM = "portal:"
"""Begins the names of its rooms among those that are kept for pages."""


def connect(settings: Settings, store: Store, clock: Clock) -> "PortalConnection | None":
    """None where browsers have no address to reach it by."""
    if settings.public_url is None and settings.mode is Mode.PRODUCTION:
        return None
    return PortalConnection(settings, store, clock)


def invited(work: Work, settings: Settings, address: str, now: Now) -> str:
    """A one-time link, in a sentence for whoever hands it on. Raises NobodyLikeThat, or ValueError with a sentence."""
    here = None if settings.mode is Mode.PRODUCTION else f"http://{settings.host}:{settings.port}"
    origin, person = settings.public_url or here, work.person_at(address.strip().lower())
    if origin is None:
        raise ValueError("The portal is off: set SUPPORTHUB_PUBLIC_URL (docs/portal.md).")
    if person is None or person.left_at is not None or person.erased_at is not None:
        raise NobodyLikeThat(who=address, several="")
    if settings.oidc is not None and person.role in STAFF:
        raise ValueError(f"The desk signs in by its own way, at {origin}{signing_in.path()}.")
    token = signing_in.link_for(work, person, now.machine)
    if token is None:
        raise ValueError(f"{person.name} has {signing_in.AT_ONCE} links already: one of them, or none for a while.")
    work.audit(at=now.machine, person_id=person.id, what="portal link", about="on the command line", outcome="done")
    until = now.machine + signing_in.LINK_LIVES
    told = f"It works once, until {until:%H:%M} UTC, and whoever opens it is {person.name}: hand it to nobody else."
    return f"{origin}{signing_in.path(token)}\n{told}"


class PortalConnection:
    def __init__(self, settings: Settings, store: Store, clock: Clock, cast: Sequence[CastMember] = ()) -> None:
        """``cast`` is the playground's, and only there is anybody let in without a link."""
        self._settings, self._store, self._clock, self._cast = settings, store, clock, cast
        self._http: ClientSession | None = None
        near = settings.mode is not Mode.PRODUCTION
        self.origins = Origins(settings.public_url or "", near, settings.trusted_proxies or NEAR)
        self.channel = Portal(Log(StoredRooms(store)), lambda: clock().business)

    def register(self, app: web.Application, host: Bot) -> None:
        house = House(host)
        asks, teams = self._elsewhere(), self._teams()
        cast = tuple((one.id, one.name, one.about) for one in self._cast)
        given = Portals(
            house,
            Views(host),
            DeskViews(host),
            self.origins,
            asks,
            teams,
            files=FiledViews(host),
            mail=MAIL in host.channels,
            cast=cast,
            as_cast=house.as_cast if cast else None,
        )
        register(app, host, self.channel, given)
        if self._settings.mode is not Mode.DEMO:
            app.router.add_get("/", _to_the_portal)

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    def _session(self) -> ClientSession:
        self._http = self._http or ClientSession()
        return self._http

    def _elsewhere(self) -> SignInElsewhere | None:
        given, key = self._settings.oidc, self._settings.secret_key
        if given is None or key is None:
            return None
        secret, now = given.client_secret.get_secret_value(), lambda: self._clock().machine
        seal = Seal(key, now)
        return SignInElsewhere(given.issuer, given.client_id, secret, self._session, seal, now, given.trusts_email)

    def _teams(self) -> TokenCheck | None:
        given, public = self._settings.teams, self._settings.public_url
        if given is None or public is None:
            return None
        host = URL(public).host or ""
        return TokenCheck(given.app_id, host, self._session, lambda: self._clock().machine, given.login_url)


async def _to_the_portal(_request: web.Request) -> web.Response:
    return web.Response(status=303, headers={"Location": f"{PREFIX}/"})


class House:
    """See adapters.portal.sessions.Sessions."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send_link(self, address: str, origin: str) -> None:
        bot = self._bot
        given = (address, bot.clock(), bot.catalogues, bot.channels, origin, bot.links)
        if await self._write(signing_in.send_link, *given):
            bot.wake()

    async def redeem(self, token: str) -> str | None:
        bot = self._bot
        return await self._write(signing_in.redeem, token, bot.clock(), bot.channels, bot.links)

    async def by_address(self, address: str) -> str | None:
        return await self._write(signing_in.by_address, address, self._bot.clock(), self._bot.channels)

    async def by_teams(self, tenant: str, user: str) -> str | None:
        return await self._write(signing_in.by_teams, tenant, user, self._bot.clock(), self._bot.channels)

    async def as_cast(self, user: str) -> str | None:
        """For the playground."""
        return await self._write(signing_in.as_cast, user, self._bot.clock(), self._bot.channels)

    async def visitor(self, token: str, seen: bool = True) -> Visitor | None:
        now = self._bot.clock()
        found = await self._read(signing_in.visitor, token, now, self._bot.catalogues)
        if seen and found is not None and found.seen_at <= now.machine - SEEN_EVERY:
            await self._write(Work.seen_in, token, now.machine)
        return found

    async def end(self, token: str, person: int) -> None:
        await self._write(signing_in.end, token, person, self._bot.clock())

    async def end_all(self, person: int) -> None:
        await self._write(signing_in.end_all, person, self._bot.clock())

    async def count(self, person: int) -> int:
        now = self._bot.clock().machine
        return len(await self._read(Work.sessions_of, person, now, signing_in.IDLE))

    async def _read(self, unit: Callable[[Work, *Ts], T], *args: *Ts) -> T:
        try:
            return await self._bot.store.read(unit, *args, patience=PATIENCE)
        except Unavailable as error:
            raise Busy(str(error)) from error

    async def _write(self, unit: Callable[[Work, *Ts], T], *args: *Ts) -> T:
        try:
            return await self._bot.store.write(unit, *args, patience=PATIENCE)
        except Unavailable as error:
            raise Busy(str(error)) from error


class Looking:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def _look(self, visitor: Visitor, see: Callable[[Turn], T]) -> T:
        bot = self._bot

        def unit(work: Work) -> T:
            turn = views.looking(work, visitor.person, bot.clock(), bot.catalogues, bot.links)
            try:
                return see(turn)
            except Refusal as refusal:
                raise Refused(403, plain(text.refused(refusal, turn.actor))) from None

        try:
            return await bot.store.read(unit, patience=PATIENCE)
        except Unavailable as error:
            raise Busy(str(error)) from error


class Views(Looking):
    """See adapters.portal.views.Views."""

    async def home(self, visitor: Visitor, page: int) -> shown.Home:
        return await self._look(visitor, lambda turn: views.home(turn, page))

    async def cases(self, visitor: Visitor, only: str, words: str, page: int) -> shown.Listed:
        return await self._look(visitor, lambda turn: views.cases(turn, only, words, page))

    async def case(self, visitor: Visitor, number: int) -> shown.Case | None:
        return await self._look(visitor, lambda turn: views.case(turn, number))

    async def plan(self, visitor: Visitor) -> Sequence[Message]:
        return await self._look(visitor, views.plan)

    async def people(self, visitor: Visitor) -> shown.People:
        return await self._look(visitor, views.people)

    async def terms(self, visitor: Visitor) -> shown.Terms:
        return await self._look(visitor, views.terms)

    async def privacy(self, visitor: Visitor) -> Message:
        return await self._look(visitor, views.privacy)


class DeskViews(Looking):
    """See adapters.portal.views.DeskViews. What somebody may not see is nothing to them."""

    async def board(self, visitor: Visitor, words: str, page: int, sort: str, down: bool) -> staff_shown.Board | None:
        return await self._show(visitor, lambda turn: desk_views.board(turn, words, page, sort, down))

    async def mark(self, visitor: Visitor, case: int | None) -> str | None:
        return await self._show(visitor, lambda turn: desk_views.mark(turn, case))

    async def case(self, visitor: Visitor, number: int) -> staff_shown.StaffCase | None:
        return await self._show(visitor, lambda turn: desk_views.case(turn, number))

    async def companies(self, visitor: Visitor, words: str, page: int) -> staff_shown.Companies | None:
        return await self._show(visitor, lambda turn: desk_views.companies(turn, words, page))

    async def company(self, visitor: Visitor, slug: str) -> staff_shown.CompanyPage | None:
        return await self._show(visitor, lambda turn: desk_views.company(turn, slug))

    async def _show(self, visitor: Visitor, see: Callable[[Turn], T | None]) -> T | None:
        def seen(turn: Turn) -> T | None:
            try:
                return see(turn)
            except NotForYou:
                return None

        return await self._look(visitor, seen)


class StoredRooms:
    """See adapters.portal.log.Rooms."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, room: str, key: str, entry: Mapping[str, object]) -> None:
        await self._store.write(Work.keep_entry, f"{ROOM}{room}", key, dict(entry), "")

    async def find(self, key: str) -> Entry | None:
        found = await self._store.read(Work.entry, key)
        return _entry(found) if found and found.room.startswith(ROOM) else None

    async def since(self, room: str, revision: int = 0) -> list[Entry]:
        rows = await self._store.read(Work.entries_of, f"{ROOM}{room}", revision, LATEST)
        return [_entry(row) for row in rows]


def _entry(row: RoomEntry) -> Entry:
    kept: dict[str, Any] = row.entry
    return Entry(row.key, row.room.removeprefix(ROOM), row.revision, kept)
