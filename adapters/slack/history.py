"""What people wrote while nobody heard it: read from Slack, and heard as if it came now, but as of when it was said."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from aiohttp import ClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import inbound
from adapters.slack.api import Ambiguous, Api, Call, Missing, NotAllowed, Throttled
from adapters.slack.channel import Slack
from adapters.slack.files import files
from adapters.slack.inbound import TICKET, Act, Chosen, Malformed
from bot.channel import Busy, NotSent, Undeliverable
from bot.incoming import Address

log = logging.getLogger(__name__)
Payload = Mapping[str, Any]
Pause = Callable[[float], Awaitable[None]]
PAGE, PAGES = 200, 50  # of one room or thread; some apps are given fifteen messages at a time, and one page a minute
AT_ONCE, GAP = 20, timedelta(seconds=2)  # calls, and between any after them: Slack takes fifty a minute
WAITS = 20  # in a row, for one page
PASSING = (Busy, NotSent, Ambiguous, ClientError, OSError, TimeoutError)
MISSHAPEN = (Malformed, KeyError, IndexError, TypeError, AttributeError, ValueError)


class Desk(Protocol):
    """What ``app`` knows."""

    async def goes_on(self, pause: timedelta) -> bool:
        """Whether it is still ours to read, for that pause and a while more."""

    async def knows(self, key: str) -> bool:
        """Whether this act was heard and done."""


class NotOurs(Exception):
    """Somebody else reads by now."""


@dataclass(frozen=True)
class _Span:
    since: datetime
    until: datetime

    @property
    def bounds(self) -> dict[str, Any]:
        """Both ends, or Slack would begin at another one."""
        return {"oldest": f"{self.since.timestamp():.6f}", "latest": f"{self.until.timestamp():.6f}", "limit": PAGE}

    def has(self, told: Payload) -> bool:
        return self.since.timestamp() <= float(told["ts"]) <= self.until.timestamp()


class History:
    def __init__(self, api: Api, slack: Slack, again: Callable[[Act], Awaitable[object]], pause: Pause) -> None:
        self._api, self._slack, self._again, self._pause = api, slack, again, pause
        self._grids: dict[str, str] = {}
        self._calls = 0

    async def read(self, places: Sequence[Address], since: datetime, until: datetime, desk: Desk) -> bool:
        """False: not all that can be read was. What Slack keeps from us is logged, and no reason to try again."""
        closed, failed = Counter[str](), Counter[str]()
        for (tenant, room), threads in _rooms(places).items():
            try:
                await _Room(self, desk, tenant, room, threads, _Span(since, until)).read()
            except NotOurs:
                return False
            except Undeliverable as why:
                closed[str(why)] += 1
            except PASSING as error:
                failed[f"{type(error).__name__}: {error}"] += 1
        for reason, many in (closed + failed).items():
            log.warning("%d of %d rooms could not be read back: %s", many, len(_rooms(places)), reason)
        return not failed

    async def call(self, desk: Desk, tenant: str, call: Call) -> Any:
        """At Slack's pace, however long it wants us to wait."""
        for _ in range(WAITS):
            self._calls += 1
            await self.wait(desk, GAP if self._calls > AT_ONCE else timedelta(0))
            try:
                return await self._api.call(tenant, call)
            except NotAllowed as error:
                raise Undeliverable("the app has not the scope for it") from error
            except Throttled as error:
                await self.wait(desk, error.after or GAP)
        raise NotSent("Slack asked for one pause after the other")

    async def wait(self, desk: Desk, pause: timedelta) -> None:
        if not await desk.goes_on(pause):
            raise NotOurs
        await self._pause(pause.total_seconds())

    async def grid(self, desk: Desk, tenant: str) -> str:
        """The organisation to which the workspace belongs, as each event would tell."""
        if tenant not in self._grids:
            told = await self.call(desk, tenant, lambda client: client.auth_test())
            self._grids[tenant] = str(told.get("enterprise_id") or "")
        return self._grids[tenant]

    async def bot(self, tenant: str) -> str:
        return await self._api.bot(tenant)

    async def channel(self, tenant: str, room: str) -> str:
        return await self._slack.room(tenant, room)

    async def hear(self, act: Act) -> None:
        await self._again(act)


@dataclass(frozen=True)
class _Room:
    """One room with its threads, in the order in which things were said there."""

    history: History
    desk: Desk
    tenant: str
    room: str
    threads: tuple[str, ...]
    """In which somebody may have gone on, though they began before."""
    span: _Span

    async def read(self) -> None:
        channel = await self.history.channel(self.tenant, self.room)
        found = {str(each["ts"]): each for each in await self._pages(_history(channel, self.span))}
        begun = [ts for ts, each in found.items() if each.get("reply_count")]
        for thread in dict.fromkeys((*self.threads, *begun)):
            try:
                replies = await self._pages(_replies(channel, thread, self.span))
            except Missing:
                continue  # it was deleted
            found |= {str(each["ts"]): each for each in replies if self.span.has(each)}
        bot = await self.history.bot(self.tenant)
        for ts in sorted(found, key=float):
            for act in await self._acts(found[ts], channel, bot):
                await self.history.hear(act)

    async def _pages(self, call: Callable[[AsyncWebClient, str | None], Any]) -> list[Payload]:
        found: list[Payload] = []
        cursor: str | None = None
        for _ in range(PAGES):
            page = await self.history.call(self.desk, self.tenant, lambda client, at=cursor: call(client, at))  # type: ignore[misc]
            found += page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return found
        log.warning("a room has more than can be read back: what is older is left out")
        return found

    async def _acts(self, told: Payload, channel: str, bot: str) -> list[Act]:
        """As the event stream would have told them, under the same keys."""
        try:
            event, grid = await self._event(told, channel), await self.history.grid(self.desk, self.tenant)
            said = inbound.event(self._payload(event, grid), bot)
            acts = [said] if isinstance(said, Act) else []
            tickets = (inbound.event(self._payload(each, grid), bot) for each in _tickets(told, channel))
            return acts + [_chosen(each, told) for each in tickets if isinstance(each, Act)]
        except MISSHAPEN as error:
            log.warning("a message was not read back: %s", type(error).__name__)
            return []

    async def _event(self, told: Payload, channel: str) -> dict[str, Any]:
        kind = {"channel": channel, "channel_type": "im" if channel.startswith("D") else "channel"}
        if told.get("edited") and await self.desk.knows(f"slack:{channel}:{told['ts']}"):
            return {"type": "message", "subtype": "message_changed", "message": told, **kind}
        return {"type": "message", **told, **kind}

    def _payload(self, event: Payload, grid: str) -> dict[str, Any]:
        """History does not tell whether a channel is shared: what begins there goes on in private. Where a case lives
        in a thread, nobody else reads along."""
        told = event.get("message") or event
        mixed = told.get("thread_ts") not in self.threads
        install = {"enterprise_id": self.tenant, "is_enterprise_install": True}
        authorization = install if self.tenant.startswith("E") else {"team_id": self.tenant}
        known = {"authorizations": [authorization], "is_ext_shared_channel": mixed}
        return {**known, "event": event, "enterprise_id": grid}


def _rooms(places: Iterable[Address]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Each with its threads."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for each in places:
        if each.tenant:
            known = found.setdefault((each.tenant, each.room), ())
            found[each.tenant, each.room] = (*known, each.thread) if each.thread else known
    return found


def _history(channel: str, span: _Span) -> Callable[[AsyncWebClient, str | None], Any]:
    return lambda client, cursor: client.conversations_history(channel=channel, cursor=cursor, **span.bounds)


def _replies(channel: str, thread: str, span: _Span) -> Callable[[AsyncWebClient, str | None], Any]:
    return lambda client, cursor: client.conversations_replies(channel=channel, ts=thread, cursor=cursor, **span.bounds)


def _tickets(told: Payload, channel: str) -> list[dict[str, Any]]:
    """Whoever put one on it, as far as Slack still tells; other signs go by when they were put, which it does not."""
    item = {"type": "message", "channel": channel, "ts": told["ts"]}
    return [
        {"type": "reaction_added", "user": user, "reaction": each["name"], "item": item, "event_ts": told["ts"]}
        | {"item_user": told.get("user") or ""}
        for each in told.get("reactions") or ()
        if each["name"].partition("::")[0] in TICKET
        for user in each.get("users") or ()
    ]


def _chosen(act: Act, told: Payload) -> Act:
    """The message is at hand already."""
    if not isinstance(act.body, Chosen):
        return act
    body, thread = replace(act.body, text=told.get("text") or ""), str(told.get("thread_ts") or told["ts"])
    return replace(act, body=body, thread=thread, files=files(told.get("files") or ()))
