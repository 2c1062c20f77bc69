"""What a page does is a line said to the bot, in the name of whoever is signed in, and authorised there."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlencode

from aiohttp import web

from adapters.portal.answered import UNDO, Answered, answered, typed
from adapters.portal.channel import CHANNEL, name, shown
from adapters.portal.edge import SAYS, Refused
from adapters.portal.filing import Filing
from adapters.portal.log import Log
from adapters.portal.pages import Pages, Site, first_case
from adapters.portal.sessions import Visitor
from bot.channel import Busy, Listener
from bot.forms import ShowForm
from bot.incoming import Address, Body, File, Incoming, Pressed, Said, Submitted, User, marks
from bot.messages import Message

KEY = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
PLACE = re.compile(r"/[A-Za-z0-9/?&=%_.+-]{0,300}", re.ASCII)
FIELD = "field-"
LONGEST = 40_000  # characters of one line
DESK = "desk"
"""The room that the desk's people share."""
ON_CASE = re.compile(r"[a-z-]+ \d{1,9}", re.ASCII)
"""A line after which a tag could follow, as the r2 of ``close 1042 r2``."""
SOON = 1.0
"""Seconds in which what was said on account of an act is on its way to the page that comes next."""


@dataclass
class Saying:
    bot: Listener
    log: Log
    now: Callable[[], datetime]
    """Business time."""
    pages: Pages
    filing: Filing
    soon: float = SOON

    async def say(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        """``line``: as a button says it; ``words``: their own, added to it, or said freely where there is none."""
        given, files = await self.filing.read(request, visitor)
        line, words = given.get("line", "").strip(), given.get("words", "").strip() or marks(files)
        apart = ":" if words and ON_CASE.fullmatch(line) else ""  # words are words, and no tag
        text = f"{line}{apart} {words}".strip()
        if not text or len(text) > LONGEST:
            raise Refused(400, "There was nothing to say, or far too much.")
        return await self._act(site, visitor, given, Pressed(text) if line else Said(text), files)

    async def submit(self, request: web.Request, site: Site, visitor: Visitor) -> web.StreamResponse:
        given, files = await self.filing.read(request, visitor)
        draft = given.get("draft", "")
        answers = {key.removeprefix(FIELD): value for key, value in given.items() if key.startswith(FIELD)}
        form = Submitted(given.get("form", ""), answers, int(draft) if _is_number(draft) else None)
        return await self._act(site, visitor, given, form, files)

    async def form(self, site: Site, visitor: Visitor, line: str, path: str) -> web.Response:
        """A blank one: nothing is written by showing it."""
        found = await self._hear(visitor, Pressed(line), _fresh(), visitor.user)
        if isinstance(found, ShowForm):
            return self.pages.page(site, "form.html", visitor, path=path, form=found, back=path)
        said = Answered(found) if found else None
        return self.pages.page(site, "talk.html", visitor, path=path, said=said, entries=(), room=visitor.user)

    async def _act(
        self, site: Site, visitor: Visitor, given: Mapping[str, str], body: Body, files: tuple[File, ...]
    ) -> web.StreamResponse:
        key, back = given.get("key", ""), given.get("back", "/")
        if not KEY.fullmatch(key) or not PLACE.fullmatch(back) or back.startswith("//"):
            raise Refused(400, "This page takes what its own form sends.")
        room = _room(visitor, given)
        sent = [sha256(each.content).hexdigest() for each in files]
        filled = sha256(repr((body, *sent) if sent else body).encode()).hexdigest()[:16]
        act = f"{key} {filled}"  # a page that somebody went back to, filled in otherwise, is another act
        if isinstance(body, Said):
            beside = marks(files)
            words = body.text if body.text == beside else f"{body.text}\n{beside}".strip()
            await self._keep_words(visitor, words, act, room)
        before, line = await self._latest(room), given.get("line", "").strip()
        others = await self.log.since(_answers(visitor)) if line.startswith(UNDO) else ()
        try:
            found = await self._hear(visitor, body, act, room, talk=back.startswith("/talk"), files=files)
        except Busy:
            return self._busy(site, visitor, given, files)
        if isinstance(found, ShowForm):
            said = Answered(found.beside) if found.beside else None
            return self.pages.page(site, "form.html", visitor, path=back, form=found, back=back, said=said)
        if isinstance(found, Message):
            entry = {**shown(found, self.now()), **typed(found, line, given.get("words", "").strip(), others)}
            await self.log.keep(_answers(visitor), name(_key(visitor, act)), entry)
            return _see(site, _place(body, back, found), name(_key(visitor, act)))
        await self.log.wait(room, before, self.soon)
        return _see(site, back if back.startswith("/talk") else "/talk")

    async def _hear(
        self, visitor: Visitor, body: Body, act: str, room: str, talk: bool = False, files: tuple[File, ...] = ()
    ) -> ShowForm | Message | None:
        """In the conversation (``talk``) it is answered and asked there; elsewhere on the page that comes next."""
        at, here = self.now(), Address(CHANNEL, "", room)
        own = room == visitor.user
        key, by, page = _key(visitor, act), User(visitor.user), own and not talk
        incoming = Incoming(key, by, here, body, at, personal=own, at_once=page, forms=page, files=files)
        return await self.bot.hear(incoming)

    async def _keep_words(self, visitor: Visitor, text: str, act: str, room: str) -> None:
        """Their own words stand in the conversation before the bot hears them."""
        key = f"{name(_key(visitor, act))} said"
        if await self.log.find(key) is None:
            said = {
                "kind": "said",
                "at": self.now().isoformat(),
                "text": text,
                "by": visitor.name,
                "user": visitor.user,
            }
            await self.log.keep(room, key, said)

    async def answer(self, request: web.Request, visitor: Visitor) -> Answered | None:
        """What the act before this page was answered, if it was this visitor's."""
        key = request.query.get("said", "")
        found = await self.log.find(key) if key else None
        if found is None or found.room != _answers(visitor) or found.entry.get("kind") != "bot":
            return None
        return answered(found.entry)

    async def _latest(self, room: str) -> int:
        return max((entry.revision for entry in await self.log.since(room)), default=0)

    def _busy(self, site: Site, visitor: Visitor, given: Mapping[str, str], files: tuple[File, ...]) -> web.Response:
        """With the same form under the same name, so that trying again does it once; files have to be chosen again."""
        action = "submit" if "form" in given else "say"
        again = None if files else {"action": f"{site.prefix}/{action}", "fields": given}
        return self.pages.page(site, "problem.html", visitor, status=503, sentence=SAYS[503], again=again)


def _key(visitor: Visitor, act: str) -> str:
    """Names the act among all that every channel brings."""
    return f"{CHANNEL}:{visitor.user}:{act}"


def _answers(visitor: Visitor) -> str:
    """Apart from the conversation: only the page that did something shows them."""
    return f"{visitor.user}/answers"


def _room(visitor: Visitor, given: Mapping[str, str]) -> str:
    room = given.get("room", "") or visitor.user
    if room != visitor.user and not (room == DESK and visitor.staff):
        raise Refused(403, "That room is not yours.")
    return room


def _place(body: Body, back: str, answer: Message) -> str:
    """A form that opened a case leads to it."""
    number = first_case(answer.parts) if isinstance(body, Submitted) else None
    return f"/cases/{number}" if number else back


def _see(site: Site, back: str, key: str = "") -> web.Response:
    joined = "&" if "?" in back else "?"
    there = f"{site.prefix}{back}{joined + urlencode({'said': key}) if key else ''}"
    return web.Response(status=303, headers={"Location": there})


def _fresh() -> str:
    from adapters.portal.pages import fresh

    return fresh()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
