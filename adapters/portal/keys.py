"""An identity provider's documents: its signing keys, fetched when one is asked for that is not known yet."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from aiohttp import ClientError, ClientSession
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

log = logging.getLogger(__name__)
PATIENCE = 5.0  # seconds
FRESH = timedelta(hours=24)
PAUSE = timedelta(seconds=60)
"""Between two fetches for keys that are not there: a rotation is found at once, a flood of inventions causes none."""
LARGEST = 256 * 1024
SHORTEST = 2048  # bits
LEEWAY = 120
"""Seconds between the provider's clock and ours."""
ALGORITHM = "RS256"
NEVER = datetime.min.replace(tzinfo=UTC)
Json = dict[str, Any]
Claims = Mapping[str, Any]


class NotVouchedFor(Exception):
    """The token is not one that says who somebody is, here and now."""


class NoAnswer(Exception):
    """The provider could not be asked."""


async def document(session: ClientSession, url: str, **asked: Any) -> Json:
    """A JSON object from there. Raises NoAnswer."""
    method = "POST" if "data" in asked else "GET"
    try:
        async with asyncio.timeout(PATIENCE), session.request(method, url, allow_redirects=False, **asked) as answer:
            raw = await answer.content.read(LARGEST)
            if answer.status != 200 or not answer.content.at_eof():
                raise NoAnswer(f"{answer.status}")
            told = await _object(raw)
    except (ClientError, OSError, TimeoutError, ValueError) as error:
        raise NoAnswer(type(error).__name__) from error
    return told


async def _object(raw: bytes) -> Json:
    import json

    told = json.loads(raw)
    if not isinstance(told, dict):
        raise ValueError("no object")
    return told


class Keys:
    def __init__(self, session: Callable[[], ClientSession], now: Callable[[], datetime]) -> None:
        self._session, self._now = session, now
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._fetched = self._asked = NEVER
        self._one = asyncio.Lock()

    async def find(self, kid: str, url: str) -> RSAPublicKey:
        """Raises NotVouchedFor, NoAnswer."""
        async with self._one:  # who waited here finds that it was asked a moment ago, and does not ask again
            stale = self._now() - self._fetched > FRESH
            if (stale or kid not in self._keys) and self._now() - self._asked > PAUSE:
                await self._fetch(url)
        if not self._keys:
            raise NoAnswer("no keys so far")
        if kid not in self._keys:
            raise NotVouchedFor("no such key")
        return self._keys[kid]

    async def _fetch(self, url: str) -> None:
        """What was known stays where nothing comes in its place."""
        try:
            told = await document(self._session(), url)
        except NoAnswer:
            return
        finally:
            self._asked = self._now()
        listed = told.get("keys")
        found = dict(filter(None, map(_key, listed if isinstance(listed, list) else ())))
        if found:
            self._keys, self._fetched = found, self._now()


def _key(listed: object) -> tuple[str, RSAPublicKey] | None:
    """None for what is no key to check signatures with."""
    if not isinstance(listed, dict) or listed.get("kty") != "RSA" or listed.get("use", "sig") != "sig":
        return None
    try:
        public = jwt.PyJWK({name: str(listed[name]) for name in ("kty", "n", "e")}, ALGORITHM).key
    except (jwt.PyJWTError, KeyError, ValueError):
        return None
    kid = listed.get("kid")
    return (kid, public) if isinstance(kid, str) and public.key_size >= SHORTEST else None


async def verified(
    token: str, keys: Keys, url: str, audience: str | list[str], issuer: str | None, now: datetime
) -> Claims:
    """What a signed token says. Without ``issuer`` the caller checks it. Raises NotVouchedFor, NoAnswer."""
    try:
        header = jwt.get_unverified_header(token)
        kid = header.get("kid")
        if header.get("alg") != ALGORITHM or not isinstance(kid, str):
            raise NotVouchedFor("of another kind")
        key = await keys.find(kid, url)
        claims: Claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=issuer,
            options={
                "require": ["exp", "iat", "iss", "aud"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise NotVouchedFor(type(error).__name__) from None
    times = [claims.get(name, now.timestamp()) for name in ("nbf", "iat", "exp")]
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in times):
        raise NotVouchedFor("without times")
    if not (max(times[:2]) - LEEWAY <= now.timestamp() < times[2] + LEEWAY):
        raise NotVouchedFor("not now")
    return claims
