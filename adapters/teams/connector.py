"""The Bot Connector's calls: on one shared session, with the bot's own token, to trusted servers only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
)
from pydantic import BaseModel, ValidationError
from yarl import URL

from adapters.teams.answers import Json, object_in, text_in
from adapters.teams.outcomes import Ambiguous, Answer, meaning, pause
from adapters.teams.token import BotToken
from adapters.teams.trust import Trust
from bot.channel import NotSent, Undeliverable

Activity = Mapping[str, Any]
TIME_OUT = ClientTimeout(total=8, connect=4)
"""Seconds for one call: two of them, with two tokens, still end before the house stops waiting for a send."""

PAGE = 200  # members a call


@dataclass(frozen=True)
class Member:
    """Somebody of a conversation. Each may be empty, save the id."""

    id: str
    object_id: str
    """aadObjectId, in small letters."""
    tenant: str
    """Their own, in small letters."""
    name: str
    email: str
    role: str
    """user, guest or anonymous."""


class Connector:
    """Each call raises Undeliverable (a Refusal if Teams said so), NotSent, or what leaves open whether it was done."""

    def __init__(
        self, session: ClientSession, token: BotToken, trust: Trust, time_out: ClientTimeout = TIME_OUT
    ) -> None:
        self._session, self._token, self._trust, self._time_out = session, token, trust, time_out

    async def send(self, service_url: str, conversation: str, activity: Activity, reply_to: str = "") -> str:
        """Its id; empty where Teams took it and told none."""
        path = ("conversations", conversation, "activities", *([reply_to] if reply_to else []))
        return text_in(await self._call("POST", service_url, path, activity), "id")

    async def update(self, service_url: str, conversation: str, message: str, activity: Activity) -> None:
        path = ("conversations", conversation, "activities", message)
        await self._call("PUT", service_url, path, {**activity, "id": message})

    async def delete(self, service_url: str, conversation: str, message: str) -> None:
        await self._call("DELETE", service_url, ("conversations", conversation, "activities", message))

    async def create_conversation(self, service_url: str, tenant: str, bot: str, user: str) -> str:
        """The id of the one between this person and the bot: the same however often it is asked for."""
        wanted = {
            "isGroup": False,
            "bot": {"id": bot},
            "members": [{"id": user}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        made = text_in(await self._call("POST", service_url, ("conversations",), wanted), "id")
        if not made:
            raise Ambiguous("Teams told no id for the conversation")
        return made

    async def member(self, service_url: str, conversation: str, user: str) -> Member:
        return _member(await self._call("GET", service_url, ("conversations", conversation, "members", user)))

    async def members(self, service_url: str, conversation: str, after: str = "") -> tuple[list[Member], str]:
        """A page of them, and what names the next one; empty: there is none."""
        query = {"pageSize": str(PAGE)} | ({"continuationToken": after} if after else {})
        path = ("conversations", conversation, "pagedmembers")
        told = await self._call("GET", service_url, path, query=query)
        listed = told.get("members") or []
        if not isinstance(listed, list):
            raise Ambiguous("Teams' answer is no list of members")
        return [_member(one) for one in listed], text_in(told, "continuationToken")

    async def _call(
        self,
        method: str,
        service_url: str,
        path: tuple[str, ...],
        body: Activity | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Json:
        url = self._place(service_url, path).with_query(query)
        token = await self._token.value()
        answer = await self._attempt(method, url, token, body)
        if answer.status == 401:  # before its time: a secret was changed, or a clock is wrong
            self._token.forget(token)
            answer = await self._attempt(method, url, await self._token.value(), body)
        if 200 <= answer.status < 300:
            return answer.told
        raise meaning(answer)

    def _place(self, service_url: str, path: tuple[str, ...]) -> URL:
        """Trusted or not at all: no token is even asked for before."""
        base = self._trust.base(service_url)
        if any(part.strip(".") == "" for part in path):
            raise Undeliverable("this is no id of Teams'")
        return URL("/".join((base, "v3", *(quote(part, safe="", errors="replace") for part in path))), encoded=True)

    async def _attempt(self, method: str, url: URL, token: str, body: Activity | None) -> Answer:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
            data = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(
                "utf-8", "replace"
            )
        try:
            async with self._session.request(
                method, url, data=data, headers=headers, allow_redirects=False, timeout=self._time_out
            ) as response:
                return Answer(response.status, await _told(response), pause(response.headers))
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise NotSent(f"Teams cannot be reached: {type(error).__name__}") from None
        except (ClientError, OSError) as error:
            raise Ambiguous(f"Teams did not answer: {type(error).__name__}") from None


def _member(told: object) -> Member:
    try:
        found = _Account.model_validate(told)
    except ValidationError:
        raise Ambiguous("Teams' answer is no member") from None
    return Member(
        found.id,
        (found.aadObjectId or found.objectId or "").lower(),
        (found.tenantId or "").lower(),
        found.name or "",
        found.email or "",
        found.userRole or "",
    )


class _Account(BaseModel):
    id: str
    aadObjectId: str | None = None
    objectId: str | None = None
    tenantId: str | None = None
    name: str | None = None
    email: str | None = None
    userRole: str | None = None


async def _told(response: ClientResponse) -> Json:
    """Once its status is there, Teams has decided: what is wrong with the rest changes nothing."""
    try:
        return await object_in(response)
    except (ClientError, OSError, ValueError):
        return {}
