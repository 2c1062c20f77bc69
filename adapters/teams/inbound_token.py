"""The token that Teams' requests bear: signed by Microsoft for this channel, for this bot, and for now."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import jwt

from adapters.teams.keys import Key, Keys, NoKeys
from adapters.teams.refused import Refused

CHANNEL = "msteams"
LEEWAY = 300
"""Seconds between Microsoft's clock and ours."""
BEARER = re.compile(r"bearer +([\w-]+\.[\w-]+\.[\w-]+)", re.ASCII | re.IGNORECASE)
ALGORITHM: Final = "RS256"
NOT_SIGNED = "This wants a token that Microsoft signed."
MANY = 100
"""Good tokens that are remembered: Teams uses each for an hour."""
Claims = Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    kid: str
    key: Key
    claims: Claims


class TokenCheck:
    def __init__(self, keys: Keys, app_id: str, issuer: str, now: Callable[[], datetime]) -> None:
        if not (app_id and issuer):
            raise ValueError("with an empty app id or issuer anybody's token would do")
        self._keys, self._app_id, self._issuer, self.now = keys, app_id, issuer, now
        self._seen: dict[str, Seen] = {}

    async def claims(self, authorization: Sequence[str]) -> Claims:
        """What the token in the one Authorization header says. Raises Refused."""
        bearer = BEARER.fullmatch(authorization[0]) if len(authorization) == 1 else None
        if bearer is None:
            raise Refused(401, "This wants a bearer token in its Authorization header.")
        seen = await self._signed(bearer[1])
        self._check_time(seen.claims)
        if CHANNEL not in seen.key.endorsements:
            raise Refused(403, "The signer of this token does not speak for Microsoft Teams.")
        return seen.claims

    async def _signed(self, token: str) -> Seen:
        """A signature is checked once for as long as its key is known."""
        seen = self._seen.get(token)
        kid = seen.kid if seen else _kid(token)
        key = await self._signer(kid)
        if seen is None or seen.key is not key:
            seen = Seen(kid, key, self._verified(token, key))
            if len(self._seen) >= MANY:
                self._seen.clear()
            self._seen[token] = seen
        return seen

    async def _signer(self, kid: str) -> Key:
        try:
            key = await self._keys.find(kid)
        except NoKeys:
            raise Refused(503, "Microsoft's keys could not be fetched yet. Please try again.") from None
        if key is None:
            raise Refused(401, NOT_SIGNED)
        return key

    def _verified(self, token: str, key: Key) -> Claims:
        try:
            return jwt.decode(
                token,
                key.public,
                algorithms=[ALGORITHM],
                audience=self._app_id,
                issuer=self._issuer,
                # Times are checked below, by the clock that we are given.
                options={
                    "require": ["exp", "nbf", "iss", "aud"],
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidAudienceError:
            raise Refused(403, "This token is for another bot.") from None
        except jwt.InvalidIssuerError:
            raise Refused(403, "This token is not from Microsoft's Bot Connector.") from None
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            raise Refused(401, NOT_SIGNED) from None

    def _check_time(self, claims: Claims) -> None:
        now, begins, ends = self.now().timestamp(), claims["nbf"], claims["exp"]
        if not (_is_time(begins) and _is_time(ends)):
            raise Refused(401, NOT_SIGNED)
        if not begins - LEEWAY <= now < ends + LEEWAY:
            raise Refused(401, "This token is not valid now, or one of the two clocks is wrong.")


def _kid(token: str) -> str:
    """The name of the key that it says it is signed with."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        raise Refused(401, NOT_SIGNED) from None
    kid = header.get("kid")
    if header.get("alg") != ALGORITHM or not isinstance(kid, str):
        raise Refused(401, NOT_SIGNED)
    return kid


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53
