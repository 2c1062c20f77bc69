"""The calls by which Slack gives a bot token, renews it, and tells whose it is."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from aiohttp import ClientSession
from pydantic import BaseModel, Field, ValidationError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.installs import Install

PATIENCE = 10  # seconds
WORD = re.compile(r"[\w.:-]{1,100}")
M = TypeVar("M", bound=BaseModel)
Text = Annotated[str, Field(min_length=1)]
quiet = logging.getLogger(f"{__name__}.sdk")
quiet.setLevel(logging.WARNING)  # at DEBUG the SDK writes codes and refresh tokens down


class SlackSaidNo(Exception):
    """With Slack's own word for why, such as ``invalid_code``."""

    @property
    def error(self) -> str:
        return str(self.args[0])


class SlackSilent(Exception):
    """No answer, or none that makes sense. Whether Slack did it is open."""


class Grants:
    def __init__(
        self,
        session: ClientSession,
        api_url: str,
        now: Callable[[], datetime],
        client_id: str = "",
        client_secret: str = "",
    ) -> None:
        self._client = AsyncWebClient(
            base_url=api_url, session=session, timeout=PATIENCE, retry_handlers=[], logger=quiet
        )
        self._now = now
        self._id = client_id
        self._secret = client_secret

    async def exchange(self, code: str, redirect_uri: str) -> Install:
        """What an administrator's consent gives."""
        call = self._client.oauth_v2_access(
            client_id=self._id, client_secret=self._secret, code=code, redirect_uri=redirect_uri
        )
        granted = _shaped(_Granted, (await _answered(call)).data)
        place = granted.enterprise if granted.is_enterprise_install else granted.team
        if place is None:
            raise SlackSilent("it did not say for whom")
        whose = await self.whose(granted.access_token)
        return replace(
            whose,
            tenant=place.id,
            app_id=granted.app_id,
            scopes=_split(granted.scope),
            refresh_token=granted.refresh_token,
            expires_at=self._end(granted.expires_in),
            name=place.name or place.id,
        )

    async def renew(self, install: Install) -> Install:
        """The next token in place of this one. The refresh token works once."""
        call = self._client.oauth_v2_access(
            client_id=self._id,
            client_secret=self._secret,
            grant_type="refresh_token",
            refresh_token=install.refresh_token,
        )
        granted = _shaped(_Renewed, (await _answered(call)).data)
        end = self._end(granted.expires_in)
        return replace(install, bot_token=granted.access_token, refresh_token=granted.refresh_token, expires_at=end)

    async def whose(self, token: str) -> Install:
        answer = await _answered(self._client.auth_test(token=token))
        found = _shaped(_Whose, answer.data)
        tenant, name = found.team_id, found.team
        if found.is_enterprise_install and found.enterprise_id:
            tenant, name = found.enterprise_id, found.enterprise_name or found.team
        scopes = _split(answer.headers.get("x-oauth-scopes", ""))
        return Install(tenant, "", token, found.user_id, found.bot_id, scopes, None, None, name or tenant)

    async def may_connect(self, app_token: str) -> None:
        """Whether Socket Mode would take that token; nothing is connected. Raises SlackSaidNo, SlackSilent."""
        await _answered(self._client.apps_connections_open(app_token=app_token))

    def _end(self, seconds: int | None) -> datetime | None:
        return None if seconds is None else self._now() + timedelta(seconds=seconds)


class _Place(BaseModel):
    id: Text
    name: str | None = None


class _Granted(BaseModel):
    access_token: Text
    app_id: str = ""
    scope: str = ""
    team: _Place | None = None
    enterprise: _Place | None = None
    is_enterprise_install: bool = False
    refresh_token: Text | None = None
    expires_in: Annotated[int, Field(gt=0, lt=10**9)] | None = None


class _Renewed(BaseModel):
    access_token: Text
    refresh_token: Text
    expires_in: Annotated[int, Field(gt=0, lt=10**9)]


class _Whose(BaseModel):
    team_id: Text
    team: str | None = None
    enterprise_id: str | None = None
    enterprise_name: str | None = None
    user_id: Text
    bot_id: str = ""
    is_enterprise_install: bool = False


async def _answered(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Raises SlackSaidNo or SlackSilent; their texts hold nothing secret, unlike the SDK's."""
    try:
        async with asyncio.timeout(PATIENCE):  # the SDK's own timeout means nothing to a session it was given
            return await call
    except SlackApiError as no:
        data = getattr(no.response, "data", None)
        error = data.get("error") if isinstance(data, Mapping) else None
        if isinstance(error, str) and WORD.fullmatch(error):
            raise SlackSaidNo(error) from None
        raise SlackSilent("it answered without an answer") from None
    except Exception as error:  # whatever a connection, or an answer of another kind than JSON, makes the SDK raise
        raise SlackSilent(type(error).__name__) from None


def _shaped(shape: type[M], data: object) -> M:
    try:
        return shape.model_validate(data, strict=True)
    except ValidationError:
        raise SlackSilent(f"its answer lacks what {shape.__name__.strip('_').lower()} needs") from None


def _split(scopes: str) -> tuple[str, ...]:
    return tuple(scope for scope in scopes.replace(" ", "").split(",") if scope)
