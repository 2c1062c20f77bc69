"""Microsoft's signing keys: fetched without holding up the loop, kept for a day, fetched anew for an unknown one."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from aiohttp import ClientError, ClientSession
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError
from pydantic import BaseModel, Field

from adapters.teams.answers import Json, object_in
from adapters.teams.flight import Flight

log = logging.getLogger(__name__)
PATIENCE = 5.0  # seconds for both documents
FRESH = timedelta(hours=24)
ALLOWED, COOL_DOWN = 5, timedelta(seconds=60)
"""So many unknown keys are asked for at once, and one more a minute: a rotation is no outage, a flood no flood."""
PAUSE = timedelta(seconds=5)
"""After a failure."""
SHORTEST = 2048  # bits
NEVER = datetime.min.replace(tzinfo=UTC)


class NoKeys(Exception):
    """None could ever be fetched: nobody can be told from anybody else."""


@dataclass(frozen=True)
class Key:
    public: RSAPublicKey
    endorsements: frozenset[str]
    """The channels that it may sign for."""


class Keys:
    def __init__(
        self, session: ClientSession, metadata_url: str, now: Callable[[], datetime], patience: float = PATIENCE
    ) -> None:
        self._session, self._url, self._now, self._patience = session, metadata_url, now, patience
        self._keys: Mapping[str, Key] = {}
        self._stale = self._again = NEVER
        self._left, self._since = float(ALLOWED), now()
        self._fetching: Flight[None] = Flight()
        self.refreshes = {"ok": 0, "failed": 0}
        """How the attempts ended so far."""
        self.trouble = ""
        """Why the last attempt failed; empty: it did not."""

    async def find(self, kid: str) -> Key | None:
        """None: Microsoft has no such key. Raises NoKeys."""
        if self._now() >= self._stale or (kid not in self._keys and self._may_ask()):
            await self._refresh()
        if not self._keys:
            raise NoKeys
        return self._keys.get(kid)

    async def examine(self) -> int:
        """How many there are, fetched now. Raises NoKeys."""
        await self._fetching.join(self._fetch)
        if self.trouble:
            raise NoKeys(self.trouble)
        return len(self._keys)

    async def close(self) -> None:
        await self._fetching.close()

    def _may_ask(self) -> bool:
        if self._fetching.under_way:
            return True
        now = self._now()
        self._left = min(ALLOWED, self._left + max(now - self._since, timedelta()) / COOL_DOWN)
        self._since = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    async def _refresh(self) -> None:
        if self._fetching.under_way or self._now() >= self._again:
            await self._fetching.join(self._fetch)

    async def _fetch(self) -> None:
        """What was known stays where nothing comes in its place."""
        try:
            async with asyncio.timeout(self._patience):
                found = read(await self._get(_place(await self._get(self._url), self._url)))
        except (ClientError, OSError, ValueError) as error:
            self.trouble = f"Microsoft's signing keys cannot be fetched: {type(error).__name__}"
            log.warning("%s", self.trouble)
            self.refreshes["failed"] += 1
            self._again = self._now() + PAUSE
            return
        self.refreshes["ok"] += 1
        self._keys, self._stale, self.trouble = found, self._now() + FRESH, ""

    async def _get(self, url: str) -> Json:
        async with self._session.get(url, allow_redirects=False) as answer:
            if answer.status != 200:
                raise ValueError("no document there")
            return await object_in(answer)


class _Metadata(BaseModel):
    jwks_uri: str


class _Listed(BaseModel):
    keys: list[object]


class _Jwk(BaseModel):
    kid: Annotated[str, Field(min_length=1)]
    kty: Literal["RSA"]
    n: str
    e: str
    use: Literal["sig"] = "sig"
    endorsements: frozenset[str] = frozenset()


def _place(metadata: Json, source: str) -> str:
    """Where the keys themselves are: no less protected than what told so."""
    url = _Metadata.model_validate(metadata).jwks_uri
    if source.startswith("https:") and not url.startswith("https://"):
        raise ValueError("the keys are not behind https")
    return url


def read(document: Json) -> Mapping[str, Key]:
    """The keys whose signatures can be checked, by their names; raises ValueError where there is none."""
    found = dict(filter(None, map(_key, _Listed.model_validate(document).keys)))
    if not found:
        raise ValueError("no key in the document")
    return found


def _key(listed: object) -> tuple[str, Key] | None:
    """None for one of another kind, or too short to be safe: it is nobody's."""
    try:
        jwk = _Jwk.model_validate(listed)
        public = PyJWK({"kty": jwk.kty, "n": jwk.n, "e": jwk.e}, "RS256").key
    except (ValueError, PyJWTError):
        return None
    return (jwk.kid, Key(public, jwk.endorsements)) if public.key_size >= SHORTEST else None
