"""Slack's side door: one Bolt app for what comes over HTTP and over Socket Mode, answered once it is committed."""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack import inbound, modal
from adapters.slack.acts import Acts
from adapters.slack.api import Api
from adapters.slack.home import Homes
from adapters.slack.inbound import Act, Gone, Malformed, Visit
from adapters.slack.installs import NotInstalled, NoToken
from adapters.slack.people import People
from adapters.slack.render import render_one
from bot.channel import Busy, Host, Undeliverable, reference
from bot.forms import ShowForm
from bot.incoming import Address, Incoming, Said
from bot.messages import Message

log = logging.getLogger(__name__)
_quiet = logging.getLogger(f"{__name__}.bolt")
_quiet.setLevel(logging.ERROR)  # Bolt reads our variables too, and would tell of stores and tokens that it never uses
Payload = Mapping[str, Any]
Handler = Callable[[Payload], Awaitable[BoltResponse]]
Refused = Callable[[Payload, int], None]
PATIENCE = 2.5  # seconds: Slack waits three
CALM = 10.0  # seconds for what nobody waits for
RETRY = "x-slack-retry-num"
LAST = 3  # retries of an event: then Slack gives it up
A_MINUTE = timedelta(minutes=1)
ANY = re.compile(".*", re.S)
MOST_PROMPTS = 4


class Front:
    def __init__(self, host: Host, api: Api, acts: Acts, people: People, homes: Homes) -> None:
        self.homes = homes
        self._host, self._api, self._acts, self._people = host, api, acts, people
        self._tasks: set[asyncio.Task[None]] = set()
        self.lost: tuple[datetime, datetime] | None = None
        """From when to when Slack has given up events that we did not take, or never sent them."""
        self.bolt = self._bolt()

    async def dispatch(self, payload: dict[str, Any], retry: str = "0") -> BoltResponse:
        """What was verified and parsed: Bolt need do neither again."""
        if payload.get("type") == "app_rate_limited":
            return self._rate_limited(payload)
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=payload, headers={RETRY: retry})
        except Exception as error:  # Bolt looks into the payload before anybody checks it
            return _misshapen(error)
        answer = await self.bolt.async_dispatch(request)
        if answer.status == 500:  # none of ours says so: Bolt tripped over it
            return BoltResponse(status=400, body="No request of Slack's looks like this.")
        return ack() if answer.status == 404 else answer  # nothing that the bot offers

    async def again(self, act: Act) -> None:
        """What was read back, as if it came now. Raises Busy."""
        try:
            await self._hear(act, CALM)
        except NoToken as error:
            raise Busy(str(error)) from error
        except NotInstalled:
            raise Undeliverable("the app is not installed in this workspace") from None

    async def close(self) -> None:
        """Modals and pages that are on their way still arrive."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _bolt(self) -> AsyncApp:
        """Catch-alls only: what Bolt does not match it answers with 404, and Slack counts that as our failure."""
        app = AsyncApp(
            name="supporthub",
            logger=_quiet,
            authorize=_authorised,
            process_before_response=True,
            request_verification_enabled=False,
            ignoring_self_events_enabled=False,
            ssl_check_enabled=False,
            url_verification_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        app.event(ANY)(_listener(self._event, self._not_kept))
        app.command(ANY)(_listener(self._command))
        app.action(ANY)(_listener(self._pressed))
        app.shortcut(ANY)(_listener(self._shortcut))
        app.view(ANY)(_listener(self._submitted))
        return app

    async def _event(self, payload: Payload) -> BoltResponse:
        over = payload["event"]["type"] in ("app_uninstalled", "tokens_revoked")
        bot = "" if over else (await self._api.tokens.of(inbound.tenant_of(payload))).bot_user
        match inbound.event(payload, bot):
            case Visit() as visit:
                self._later(self._greet(visit))
            case Gone(tenant):
                await self._api.tokens.forget(tenant, _told_at(payload))
            case Act() as act:
                await self._hear(act)
        return ack()

    async def _command(self, payload: Payload) -> BoltResponse:
        act = inbound.command(payload)
        heard = await self._hear(act)
        said = heard.beside if isinstance(heard, ShowForm) else heard
        if said is None:
            return ack()
        line = act.body.text.partition(" ")[2] if isinstance(act.body, Said) else ""
        shown = render_one(said, line or "help")
        return ack({"response_type": "ephemeral", "text": shown.text, "blocks": shown.blocks})

    async def _pressed(self, payload: Payload) -> BoltResponse:
        act = inbound.pressed(payload)
        if act is not None:
            if not act.within:  # which only asks for another view
                await self._hear(act)
            if act.home:
                self._later(self.homes.opened(act.tenant, act.user, act.enterprise, act.view))
        return ack()

    async def _shortcut(self, payload: Payload) -> BoltResponse:
        act = inbound.shortcut(payload)
        if act is not None:
            await self._hear(act)
        return ack()

    async def _submitted(self, payload: Payload) -> BoltResponse:
        if payload.get("type") != "view_submission":
            return ack()
        act, sent = inbound.submitted(payload)
        heard = await self._hear(act)
        if (home := sent.metadata.get("home")) is not None:
            self._later(self.homes.opened(act.tenant, act.user, act.enterprise, home))
        if not isinstance(heard, ShowForm):
            return ack()
        if any(field.mistake for field in heard.fields):
            return ack(modal.errors(heard))
        return ack({"response_action": "update", "view": modal.view(heard, sent.metadata)})

    def _not_kept(self, payload: Payload, retry: int) -> None:
        """Whatever Slack tries again is no loss."""
        if retry >= LAST:
            self._lose(_told_at(payload), _told_at(payload))

    def _rate_limited(self, payload: Payload) -> BoltResponse:
        """In that minute and, as it seems, until the next such event Slack sends nothing more of the workspace's."""
        try:
            minute = datetime.fromtimestamp(int(payload["minute_rate_limited"]), UTC)
        except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
            return _misshapen(error)
        self._lose(minute, minute + 2 * A_MINUTE)
        return ack()

    def _lose(self, since: datetime, until: datetime) -> None:
        before = self.lost or (since, until)
        self.lost = min(before[0], since), max(before[1], until)

    async def _hear(self, act: Act, patience: float = PATIENCE) -> ShowForm | Message | None:
        """Within what Slack waits, all in all; a form is opened beside the answer."""
        began = asyncio.get_running_loop().time()
        bot = (await self._api.tokens.of(act.tenant)).bot_user
        try:
            async with asyncio.timeout(patience):
                incoming = await self._acts.incoming(act, bot)
        except TimeoutError:
            raise Busy("Slack does not answer") from None
        if incoming is None:
            return None
        left = patience - (asyncio.get_running_loop().time() - began)
        heard = await self._host.hear(incoming, within=max(left, 0.1))
        if isinstance(heard, ShowForm) and act.trigger:
            self._later(self._open(act, incoming, heard))
        return heard

    async def _open(self, act: Act, incoming: Incoming, form: ShowForm) -> None:
        """Where the modal does not open and nothing was kept yet, the questions are asked in the conversation."""
        about = {"room": act.room, "thread": incoming.here.thread} | ({"home": act.view} if act.home else {})
        view = modal.view(form, about)
        try:
            await self._api.call(act.tenant, lambda client: client.views_open(trigger_id=act.trigger, view=view))
        except Exception as error:
            log.warning("a modal did not open: %s", type(error).__name__)
            if form.draft is None:
                await self._host.hear(replace(incoming, forms=False, at_once=False), within=PATIENCE)

    async def _greet(self, visit: Visit) -> None:
        if visit.tab == "home":
            return await self.homes.opened(visit.tenant, visit.user, visit.enterprise, visit.view)
        by = await self._people.who(visit.tenant, visit.user, enterprise=visit.enterprise)
        if by is None:
            return
        greeting = await self._host.home(by, Address("slack", visit.tenant, visit.user))
        prompts = [{"title": each.label, "message": each.line} for each in greeting.prompts[:MOST_PROMPTS]]
        if prompts:  # without a thread: in the agent's conversation they stand above the composer
            how = {"channel_id": visit.channel, "prompts": prompts}
            await self._api.call(
                visit.tenant, lambda client: client.api_call("assistant.threads.setSuggestedPrompts", json=how)
            )

    def _later(self, what: Coroutine[Any, Any, None]) -> None:
        """Beside the answer, which must not wait for it."""
        task = asyncio.create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("beside an answer: %s", type(error).__name__)


def _told_at(payload: Payload) -> datetime:
    """When it happened: the same event delivered late must not undo a newer install."""
    return datetime.fromtimestamp(float(payload["event_time"]), UTC)


def ack(body: Mapping[str, Any] | None = None) -> BoltResponse:
    """200: it is kept for good, or there was nothing to keep."""
    if body is None:
        return BoltResponse(status=200, body="")
    return BoltResponse(status=200, body=json.dumps(body), headers={"content-type": ["application/json"]})


def _listener(handler: Handler, not_kept: Refused | None = None) -> Callable[..., Awaitable[BoltResponse]]:
    """Bolt loses the answer of a listener that raises, so none does. ``not_kept`` hears of what Slack sends in vain."""

    async def listener(body: dict[str, Any], request: AsyncBoltRequest) -> BoltResponse:
        answer = await answered(body)
        if answer.status == 503 and not_kept is not None:
            not_kept(body, _retry(request))
        return answer

    async def answered(body: dict[str, Any]) -> BoltResponse:
        try:
            return await handler(body)
        except (Busy, NoToken) as error:
            log.warning("not now: %s", error)
            return BoltResponse(status=503, body="Nothing was kept of this. Please try again.")
        except NotInstalled:
            return BoltResponse(status=403, body="The app is not installed in this workspace.")
        except (Malformed, KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
            return _misshapen(error)
        except Exception:
            quoted = reference()
            log.exception("unexpected %s", quoted)
            return BoltResponse(status=503, body=f"That did not go through. (Reference {quoted})")

    return listener


def _retry(request: AsyncBoltRequest) -> int:
    """Which one of Slack's it is; 0: its first attempt, or it does not say."""
    told = (request.headers.get(RETRY) or ["0"])[0]
    return int(told) if told.isdecimal() and len(told) < 4 else 0


def _misshapen(error: Exception) -> BoltResponse:
    return BoltResponse(status=400, body=f"No request of Slack's looks like this ({type(error).__name__}).")


async def _authorised() -> AuthorizeResult:
    """Tokens are Api's; Bolt wants to know that there is one."""
    return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="-", bot_id="-", bot_user_id="-")  # noqa: S106
