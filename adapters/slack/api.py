"""Calls of Slack's Web API: the tenant's token, one shared session, no retries, and what an error means."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from aiohttp import ClientConnectorError, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.installs import Install, NotInstalled, NoToken
from adapters.slack.tokens import Tokens
from bot.channel import NotSent, Undeliverable

quiet = logging.getLogger(f"{__name__}.sdk")
quiet.setLevel(logging.WARNING)  # at DEBUG the SDK words every call, tokens and all
Call = Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]
TIME_OUT = 10  # seconds for one call
LONGEST_PAUSE = timedelta(minutes=10)  # however long Slack asks us to wait
WAIT = timedelta(seconds=30)  # where one workspace refuses us: no failure of Slack's, so that no other one waits

# Slack would refuse it again: why, for the desk to read.
PERMANENT = {
    "channel_not_found": "Slack knows no such channel, or the app is not in it",
    "not_in_channel": "the app was removed from this channel",
    "is_archived": "the channel is archived",
    "is_inactive": "the channel is archived",
    "user_not_found": "Slack knows no such person",
    "user_not_visible": "the app may not write to this person",
    "users_not_found": "Slack knows no such person",
    "user_disabled": "the person's account is switched off",
    "cannot_dm_bot": "a bot cannot be written to",
    "user_not_in_channel": "the person is not in this channel",
    "messages_tab_disabled": "the app's Messages tab is switched off",
    "restricted_action": "a rule of the workspace forbids the app to write here",
    "restricted_action_read_only_channel": "the channel is read-only",
    "restricted_action_thread_only_channel": "the channel takes only threads",
    "restricted_action_thread_locked": "the thread is locked",
    "restricted_action_non_threadable_channel": "the channel takes no threads",
    "msg_too_long": "Slack finds it too long",
    "msg_blocks_too_long": "Slack finds it too long",
    "invalid_blocks": "Slack does not take its layout",
    "no_permission": "the app may not write here",
    "ekm_access_denied": "the workspace's own key does not let the app write",
    "team_access_not_granted": "the app is not allowed in this workspace",
    "account_inactive": "the app was uninstalled from this workspace",
    "token_revoked": "the app's token was revoked",
    "org_login_required": "the workspace is moving to an organisation",
    "external_channel_migrating": "the channel is moving to another workspace",
}
# The same, of a message and not of the place where it stands.
MISSING = {
    "thread_not_found": "the thread is gone",
    "message_not_found": "the message to change is gone",
    "cant_update_message": "the message to change is not the app's",
    "edit_window_closed": "the message is too old to change",
}
# Refused before anything was done, for a reason that passes or that an administrator mends.
PASSING = {
    "invalid_auth",
    "not_authed",
    "token_expired",
    "accesslimited",
}
# Whatever is asked, until an administrator mends it.
STRANGERS = {*PASSING, "missing_scope", "account_inactive", "token_revoked"}


class Api:
    def __init__(self, tokens: Tokens, session: ClientSession, url: str) -> None:
        self.tokens = tokens
        self._session, self._url = session, url
        self._clients: dict[str, AsyncWebClient] = {}
        self.refuses: dict[str, str] = {}
        """Tenants that refused our latest call as if we were strangers, and why."""

    async def call(self, tenant: str, call: Call) -> Any:
        """The answer's JSON. Raises Undeliverable, NotSent, or what leaves it open whether it was done."""
        client = self._client(tenant, (await self._install(tenant)).bot_token)
        try:
            answer = await call(client)
        except ClientConnectorError as error:
            raise NotSent(f"Slack cannot be reached: {type(error).__name__}") from None
        except SlackApiError as error:
            if (code := _code(error)) in STRANGERS:
                self.refuses[tenant] = code
            raise meaning(error) from None
        self.refuses.pop(tenant, None)
        return answer.data

    async def bot(self, tenant: str) -> str:
        """The user id under which the app writes there."""
        return (await self._install(tenant)).bot_user

    async def _install(self, tenant: str) -> Install:
        try:
            return await self.tokens.of(tenant)
        except NotInstalled:
            raise Undeliverable("the app is not installed in this workspace") from None
        except NoToken as error:
            raise NotSent(str(error), after=WAIT) from None

    def _client(self, tenant: str, token: str) -> AsyncWebClient:
        client = self._clients.get(tenant)
        if client is None or client.token != token:
            client = AsyncWebClient(token, self._url, TIME_OUT, session=self._session, retry_handlers=[], logger=quiet)
            self._clients[tenant] = client
        return client


class Missing(Undeliverable):
    """The message that it is about is gone, or closed to us; the room is not."""


class Throttled(NotSent):
    """Too many calls: it is taken after the pause that Slack names."""


class NotAllowed(NotSent):
    """The app lacks a scope, which an administrator may still give it."""


class Ambiguous(Exception):
    """Slack failed in a way that leaves open whether it was done."""


def meaning(error: SlackApiError) -> Exception:
    """What the channel's seam calls it."""
    answer: Any = error.response
    status = getattr(answer, "status_code", 0) or getattr(answer, "status", 0)  # an unreadable one is aiohttp's own
    code = _code(error)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Throttled("Slack asks for a pause", after=_pause(getattr(answer, "headers", {})))
    if code in PERMANENT:
        return Undeliverable(PERMANENT[code])
    if code in MISSING:
        return Missing(MISSING[code])
    if code == "missing_scope":
        return NotAllowed("Slack refuses the app for now: missing_scope", after=WAIT)
    if code in PASSING:
        return NotSent(f"Slack refuses the app for now: {code}", after=WAIT)
    if status >= 500 or not code or code in ("internal_error", "fatal_error", "service_unavailable", "request_timeout"):
        return Ambiguous(f"Slack failed: {status} {code}".strip())
    return Undeliverable(f"Slack refuses it: {code}")


def _code(error: SlackApiError) -> str:
    data: Any = getattr(error.response, "data", error.response)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def _pause(headers: Any) -> timedelta:
    """As Slack asks, within reason."""
    try:
        asked = timedelta(seconds=float(headers.get("Retry-After", 1)))
    except (TypeError, ValueError, OverflowError):
        asked = timedelta(seconds=1)
    return min(max(asked, timedelta(seconds=1)), LONGEST_PAUSE)
