"""The bot's own token: from Microsoft's login, for the Bot Connector, kept until shortly before it ends."""

import asyncio
import logging
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated

from aiohttp import ClientError, ClientSession
from pydantic import BaseModel, Field

from adapters.teams.answers import Json, object_in
from adapters.teams.flight import Flight
from bot.channel import NotSent

log = logging.getLogger(__name__)
SCOPE = "https://api.botframework.com/.default"
PATIENCE = 4.0  # seconds
EARLY = timedelta(minutes=5)
QUICKEST, SLOWEST = timedelta(seconds=1), timedelta(seconds=60)
"""Between two attempts that fail."""
WORD = re.compile(r"[\w.:-]{1,100}", re.ASCII)
NEVER = datetime.min.replace(tzinfo=UTC)


class BotToken:
    def __init__(
        self,
        session: ClientSession,
        login_url: str,
        tenant: str,
        app_id: str,
        secret: str,
        now: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        self._session, self._now, self._patience = session, now, patience
        self._url = f"{login_url.rstrip('/')}/{tenant}/oauth2/v2.0/token"
        self._form = {
            "grant_type": "client_credentials",
            "client_id": app_id,
            "client_secret": secret,
            "scope": SCOPE,
        }
        self._token, self._due, self._end = "", NEVER, NEVER
        self._wait, self._again = QUICKEST, NEVER
        self._asking: Flight[str] = Flight()
        self.trouble = ""
        """Why the last attempt failed; empty: it did not."""

    async def value(self) -> str:
        """Raises NotSent."""
        if self._now() < self._due:
            return self._token
        try:
            return await self._asking.join(self._ask)
        except NotSent:
            if self._now() < self._end:  # a new one is due, but the old one still lives
                return self._token
            raise

    def forget(self, token: str) -> None:
        """It was refused; whoever asks next gets a new one."""
        if token == self._token:
            self._due = self._end = NEVER

    async def close(self) -> None:
        await self._asking.close()

    async def _ask(self) -> str:
        now = self._now()
        if now < self._again:
            raise NotSent(self.trouble, after=self._again - now)
        try:
            async with (
                asyncio.timeout(self._patience),
                self._session.post(self._url, data=self._form, allow_redirects=False) as answer,
            ):
                told = await object_in(answer)
                granted = _Granted.model_validate(told) if answer.status == 200 else None
        except (ClientError, OSError, ValueError) as error:
            raise self._failed(f"Microsoft's login does not answer: {type(error).__name__}") from None
        if granted is None:
            raise self._failed(f"Microsoft's login gives the bot no token: {_reason(told)}")
        life = timedelta(seconds=granted.expires_in)
        self._token, self._end = granted.access_token, now + life
        self._due = self._end - min(EARLY, life / 2)
        self._wait, self.trouble = QUICKEST, ""
        return self._token

    def _failed(self, why: str) -> NotSent:
        log.warning("%s", why)
        pause = self._wait * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)
        self.trouble, self._again = why, self._now() + pause
        self._wait = min(self._wait * 2, SLOWEST)
        return NotSent(why, after=pause)


class _Granted(BaseModel):
    access_token: Annotated[str, Field(pattern=r"^[!-~]+$")]
    expires_in: Annotated[int, Field(gt=0, lt=10**7)]


def _reason(told: Json) -> str:
    """Microsoft's own word; its description repeats what it was sent."""
    error = told.get("error")
    return error if isinstance(error, str) and WORD.fullmatch(error) else "it does not say why"
