"""What can be asked and done: each a row, from which it is served, checked and documented."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar

from pydantic import BaseModel

from adapters.api.desk import Caller, Desk
from adapters.api.models import (
    CaseFilter,
    CaseInFull,
    CasePage,
    Confirmation,
    Files,
    Me,
    NewCase,
    NewWords,
    Plan,
    Reason,
)
from adapters.api.problems import No, not_there, refused
from bot.channel import Listener
from bot.incoming import Address, Body, Incoming, Pressed, User, Written
from bot.messages import Message

T = TypeVar("T")
ROOT = "/api/v1"
PATIENCE = 8.0  # seconds until it is decided whether an act was kept


@dataclass(frozen=True)
class Call:
    """A request that was let in and understood."""

    caller: Caller
    number: int = 0
    """Of the case that its path names."""
    query: Any = None
    body: Any = None
    key: str = ""
    request: str = ""
    """A hash of all that it asks for."""


@dataclass(frozen=True)
class Api:
    desk: Desk
    listener: Listener

    async def me(self, call: Call) -> Me:
        return await self.desk.me(call.caller)

    async def plan(self, call: Call) -> Plan:
        return _there(await self.desk.plan(call.caller))

    async def cases(self, call: Call) -> CasePage:
        return await self.desk.cases(call.caller, call.query, f"{ROOT}/cases")

    async def case(self, call: Call) -> CaseInFull:
        return _there(await self.desk.case(call.caller, call.number))

    async def files(self, call: Call) -> Files:
        return _there(await self.desk.files(call.caller, call.number))

    async def open(self, call: Call) -> CaseInFull:
        new, key = call.body, _key(call)
        letter = Written(new.text, new.subject, id=key, proven=True, bare=True, priority=new.priority or "")
        await self._does(call, letter)
        opened = await self.desk.opened(key)
        return _there(await self.desk.case(call.caller, opened) if opened else None)

    async def say(self, call: Call) -> CaseInFull:
        return await self._on_case(call, "reply", call.body.text)

    async def confirm(self, call: Call) -> CaseInFull:
        await self._does(call, Pressed(f"confirm {call.number} r{call.body.resolution}"))
        return await self.case(call)

    async def not_solved(self, call: Call) -> CaseInFull:
        return await self._on_case(call, "not-solved", call.body.text)

    async def reopen(self, call: Call) -> CaseInFull:
        return await self._on_case(call, "reopen", call.body.text)

    async def _on_case(self, call: Call, verb: str, words: str) -> CaseInFull:
        """After the comma all is words, whatever they begin with."""
        line = f"{verb} {call.number}"
        await self._does(call, Pressed(f"{line}, {words}" if words.strip() else line))
        return await self.case(call)

    async def _does(self, call: Call, act: Body) -> None:
        """Said to the desk like a person's act, under the name of whom the token acts for; authorised there."""
        caller = call.caller
        if not await self.desk.first(_key(call), call.request):
            raise No(422, "key_used", "This key named another request before: each act needs one of its own.")
        by, here = User(str(caller.person), name=caller.name), Address("api", "", str(caller.person))
        incoming = Incoming(_key(call), by, here, act, self.desk.now(), at_once=True)
        said = await self.listener.hear(incoming, within=PATIENCE)
        if isinstance(said, Message) and said.refused:
            raise refused(said)


def _key(call: Call) -> str:
    """Inbox keys are short, and this one must stay another than all others."""
    return f"api:{sha256(f'{call.caller.token} {call.key}'.encode()).hexdigest()}"


def _there(found: T | None) -> T:
    if found is None:
        raise not_there()
    return found


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    name: str
    does: Callable[[Api, Call], Awaitable[BaseModel]] = field(repr=False)
    answers: type[BaseModel]
    summary: str
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200

    @property
    def writes(self) -> bool:
        return self.method == "POST"

    @property
    def of_case(self) -> bool:
        return "{number}" in self.path


CASE = "/cases/{number}"
ROUTES = (
    Route("GET", "/me", "me", Api.me, Me, "Whom this token acts for"),
    Route("GET", "/plan", "plan", Api.plan, Plan, "The account's contract in force today"),
    Route("GET", "/cases", "cases", Api.cases, CasePage, "The account's cases, the latest first", query=CaseFilter),
    Route("POST", "/cases", "openCase", Api.open, CaseInFull, "Open a case", NewCase, status=201),
    Route("GET", CASE, "case", Api.case, CaseInFull, "One case with its history"),
    Route("GET", f"{CASE}/files", "files", Api.files, Files, "The files that came with it"),
    Route("POST", f"{CASE}/words", "addWords", Api.say, CaseInFull, "Add something to it", NewWords),
    Route("POST", f"{CASE}/confirm", "confirm", Api.confirm, CaseInFull, "It is solved: close it", Confirmation),
    Route("POST", f"{CASE}/not-solved", "notSolved", Api.not_solved, CaseInFull, "It is not solved", Reason),
    Route("POST", f"{CASE}/reopen", "reopen", Api.reopen, CaseInFull, "Open it again", Reason),
)
