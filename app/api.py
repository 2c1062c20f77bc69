"""What the API reads: an account's cases, files and plan, as whoever its token acts for may see them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar, TypeVarTuple, get_args
from urllib.parse import urlencode

from aiohttp import web

from adapters.api import models
from adapters.api.channel import Api
from adapters.api.desk import Caller
from adapters.api.server import register
from app.clock import Clock
from app.settings import Settings
from bot import desk
from bot.channel import Busy
from bot.desk.integrating import bearer
from bot.desk.views import CaseView
from bot.dispatch import Bot
from bot.limits import Limits, of_program
from bot.turn import Now, Turn, as_actor, zone_of
from rules.catalogue import Catalogues
from rules.lifecycle import Verb, offered, permit
from rules.people import STAFF, Actor
from store.store import Store, Unavailable
from store.tables import Case, CaseEvent, Person
from store.work import Work

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
PATIENCE = 5.0  # seconds
USED = timedelta(minutes=10)  # between two notes that a token was used
CAN = frozenset(get_args(models.Act))


class ApiConnection:
    def __init__(self, store: Store, clock: Clock) -> None:
        self.channel = Api()
        self._store, self._clock = store, clock

    def register(self, app: web.Application, host: Bot) -> None:
        register(app, host, Reading(self._store, self._clock, host.catalogues, host.limits))

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def close(self) -> None:
        pass


def connect(settings: Settings, store: Store, clock: Clock) -> ApiConnection:
    """Always there: without a token nobody gets past its edge."""
    return ApiConnection(store, clock)


class Reading:
    """adapters.api.desk.Desk, from the store."""

    def __init__(
        self, store: Store, clock: Callable[[], Now], catalogues: Catalogues, limits: Limits | None = None
    ) -> None:
        self._store, self._clock, self._catalogues = store, clock, catalogues
        self._limits = limits or Limits()

    def now(self) -> datetime:
        return self._clock().business

    async def caller(self, token: str) -> Caller | None:
        at = self._clock().machine
        found = await self._read(bearer, token)
        if found is None:
            return None
        row = found.token
        if row.used_at is None or at - row.used_at > USED:
            await self._write(Work.use_token, row.hash, at)
        return Caller(row.hash, row.name, found.person.id, found.account.id, row.writes)

    async def wait(self, caller: Caller, acts: bool) -> float:
        wants = of_program(caller.token, caller.account, acts)
        try:
            lacking = await self._limits.more(wants, self._clock().machine, PATIENCE)
        except Unavailable as error:
            raise Busy(str(error)) from error
        return max(lacking.values(), default=0.0)

    async def first(self, key: str, request: str) -> bool:
        return await self._write(_first, key, request, self._clock().machine)

    async def opened(self, key: str) -> int | None:
        return await self._read(_opened, key)

    async def me(self, caller: Caller) -> models.Me:
        return await self._read(_me, caller)

    async def plan(self, caller: Caller) -> models.Plan | None:
        return await self._read(self._in_turn, caller, _plan)

    async def cases(self, caller: Caller, wanted: models.CaseFilter, path: str) -> models.CasePage:
        return await self._read(self._in_turn, caller, lambda turn: _cases(turn, wanted, path))

    async def case(self, caller: Caller, number: int) -> models.CaseInFull | None:
        return await self._read(self._in_turn, caller, lambda turn: _case(turn, number))

    async def files(self, caller: Caller, number: int) -> models.Files | None:
        return await self._read(self._in_turn, caller, lambda turn: _files(turn, number))

    def _in_turn(self, work: Work, caller: Caller, read: Callable[[Turn], T]) -> T:
        """As that person reads; nothing of it is written."""
        now, provider = self._clock(), next(iter(self._catalogues.providers.values()))
        actor = as_actor(work.person(caller.person), zone_of(provider))
        return read(Turn(work, self._catalogues, actor, now, now.business))

    async def _read(self, unit: Callable[[Work, *Ts], T], *args: *Ts) -> T:
        try:
            return await self._store.read(unit, *args, patience=PATIENCE)
        except Unavailable as error:
            raise Busy(str(error)) from error

    async def _write(self, unit: Callable[[Work, *Ts], T], *args: *Ts) -> T:
        try:
            return await self._store.write(unit, *args, patience=PATIENCE)
        except Unavailable as error:
            raise Busy(str(error)) from error


def _first(work: Work, key: str, request: str, at: datetime) -> bool:
    name = f"request {key}"
    if work.first_time(name, at):
        work.keep_answer(name, {"request": request})
    return (work.kept_answer(name) or {}).get("request") == request


def _opened(work: Work, key: str) -> int | None:
    number = (work.kept_answer(f"letter {key}") or {}).get("case")
    return number if isinstance(number, int) else None


def _me(work: Work, caller: Caller) -> models.Me:
    account, person = work.account(caller.account), work.person(caller.person)
    return models.Me(
        account=account.slug,
        account_name=account.name,
        acts_as=person.email or person.name,
        token=caller.name,
        writes=caller.writes,
    )


def _plan(turn: Turn) -> models.Plan | None:
    permit(turn.actor, Verb.PLAN)
    mine = desk.entitlement(turn)
    if mine is None:
        return None
    plan, contract = mine.plan, mine.contract
    named = sorted(plan.targets.items(), key=lambda each: each[0] or "")
    return models.Plan(
        id=plan.id,
        name=plan.name,
        provider=plan.provider.name,
        starts=contract.starts,
        ends=contract.ends,
        licences=contract.licences,
        targets=tuple(
            models.Target(priority=priority, business_minutes=target.minutes, clauses=tuple(target.clauses))
            for priority, target in named
        ),
        concierge=mine.concierge.name if mine.concierge else None,
        coach=mine.coach.name if mine.coach else None,
    )


def _cases(turn: Turn, wanted: models.CaseFilter, path: str) -> models.CasePage:
    permit(turn.actor, Verb.COMPANY)
    assert turn.actor.account is not None, "a token's person is a customer"
    live = {"live": True, "over": False}.get(wanted.state)
    found = turn.work.case_numbers(turn.actor.account, live, wanted.since, wanted.before, wanted.limit + 1)
    page = found[: wanted.limit]
    told = turn.work.last_told(page)
    cases = (models.Case(**_facts(turn, case, told[case.id])) for case in turn.work.cases_numbered(page))
    more = len(found) > len(page)
    return models.CasePage(cases=tuple(cases), next=_next(wanted, path, page[-1]) if more else None)


def _next(wanted: models.CaseFilter, path: str, last: int) -> str:
    asked = wanted.model_copy(update={"before": last}).model_dump(mode="json", exclude_none=True)
    return f"{path}?{urlencode(asked)}"


def _case(turn: Turn, number: int) -> models.CaseInFull | None:
    case = _seen(turn, number)
    if case is None:
        return None
    events = turn.work.events(case.id, internal=False)
    history = tuple(_event(turn.work, each) for each in events)
    return models.CaseInFull(**_facts(turn, case, events[-1].at), details=case.details, history=history)


def _files(turn: Turn, number: int) -> models.Files | None:
    if _seen(turn, number) is None:
        return None
    rows = turn.work.files_told(number)
    return models.Files(
        files=tuple(
            models.File(name=row.name, media_type=row.media_type, size=row.size, state=row.state, at=row.at)
            for row in rows
        )
    )


def _seen(turn: Turn, number: int) -> Case | None:
    permit(turn.actor, Verb.SEE)
    return turn.work.glance(number, *turn.actor.scope)


def _facts(turn: Turn, case: Case, told: datetime) -> dict[str, Any]:
    seen: CaseView = desk.view(turn, case)
    return {
        "number": case.id,
        "subject": case.subject,
        "status": case.status.value,
        "priority": case.priority,
        "opened_by": seen.opener.name,
        "assignee": seen.assignee.name if seen.assignee else None,
        "received_at": case.received_at,
        "expected_response_at": case.due_at,
        "responded_at": case.responded_at,
        "last_event_at": told,
        "resolution": case.resolutions or None,
        "merged_into": case.merged_into,
        "can": _can(turn.actor, seen),
    }


def _can(actor: Actor, seen: CaseView) -> tuple[str, ...]:
    can = offered(actor, seen.case.status, seen.opened_by(actor))
    return tuple(verb.value for verb in can if verb.value in CAN)


def _event(work: Work, event: CaseEvent) -> models.Event:
    return models.Event(
        at=event.at,
        by=event.by_name,
        side="desk" if event.person_id is None or _of_desk(work.person(event.person_id)) else "customer",
        did=event.verb.value,
        words=event.words,
        status=event.after.value,
    )


def _of_desk(person: Person) -> bool:
    return person.role in STAFF
