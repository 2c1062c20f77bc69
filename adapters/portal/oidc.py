"""The desk's own sign-in: OpenID Connect, an authorization code with PKCE, for its people alone."""

import asyncio
import base64
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Protocol
from urllib.parse import quote_plus, urlencode

from aiohttp import ClientSession, web

from adapters.portal.edge import Refused
from adapters.portal.keys import (
    FRESH,
    NEVER,
    PAUSE,
    Claims,
    Json,
    Keys,
    NoAnswer,
    NotVouchedFor,
    document,
    verified,
)
from adapters.portal.pages import Site
from adapters.portal.sessions import Cookie, Sessions
from adapters.portal.signing_in import Door

log = logging.getLogger(__name__)
LIVES = timedelta(minutes=10)
"""To sign in there and come back."""
PURPOSE = "oidc"
UNDER_WAY = Cookie("supporthub-oidc")
FAILED = "That sign-in did not work. Please try again."
NOBODY = "Your address is no member of this desk's, or nobody has verified it."


class Seals(Protocol):
    def seal(self, purpose: str, text: str) -> str: ...
    def fresh(self, purpose: str, sealed: str, within: timedelta) -> str | None: ...


@dataclass
class SignInElsewhere:
    """As the settings name it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    session: Callable[[], ClientSession]
    seals: Seals
    now: Callable[[], datetime]
    trusts_email: bool = False
    """Whether each address that the issuer names is verified, though it does not say so of any."""
    keys: Keys = field(init=False)
    _told: Json | None = None
    _asked: datetime = NEVER
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.keys = Keys(self.session, self.now)

    async def metadata(self) -> Json:
        """As it was told within a day; asked for by one at a time, and after a failure not for a minute. Raises
        NoAnswer; also where what is said there is of another issuer."""
        async with self._one:
            if self.now() - self._asked > (PAUSE if self._told is None else FRESH):
                self._told, self._asked = None, self.now()
                self._told = await self._metadata()
            if self._told is None:
                raise NoAnswer("a moment ago it did not")
            return self._told

    async def _metadata(self) -> Json:
        told = await document(self.session(), f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        wanted = [told.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        encrypted = self.issuer.startswith("https://")
        good = all(isinstance(url, str) and (url.startswith("https://") or not encrypted) for url in wanted)
        if told.get("issuer") != self.issuer or not good:
            raise NoAnswer("another issuer")
        return told


@dataclass
class Oidc:
    asks: SignInElsewhere
    door: Door
    sessions: Sessions
    _ended: dict[str, datetime] = field(default_factory=dict)
    """States that came back here, as long as their cookies live."""

    async def begin(self, request: web.Request, site: Site) -> web.StreamResponse:
        self.door.not_too_often(request)
        origin = self.door.origins.of(request)
        metadata = await self._metadata()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        asked = {
            "response_type": "code",
            "client_id": self.asks.client_id,
            "redirect_uri": f"{origin}{site.prefix}/oidc",
            "scope": "openid email",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        endpoint = str(metadata["authorization_endpoint"])
        there = web.Response(
            status=303, headers={"Location": f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"}
        )
        kept = self.asks.seals.seal(PURPOSE, json.dumps([state, nonce, verifier]))
        UNDER_WAY.set(there, origin, kept, int(LIVES.total_seconds()))
        return there

    async def end(self, request: web.Request, site: Site) -> web.StreamResponse:
        """Only the browser that began it may end it, and once, however it ends: what it holds is taken away."""
        origin = self.door.origins.of(request)
        try:
            self.door.not_too_often(request)
            there = await self._end(request, site, origin)
        except Refused as no:
            there = self.door.pages.page(site, "problem.html", None, status=no.status, sentence=str(no), again=None)
        UNDER_WAY.clear(there, origin)
        return there

    async def _end(self, request: web.Request, site: Site, origin: str) -> web.StreamResponse:
        sealed = self.asks.seals.fresh(PURPOSE, UNDER_WAY.read(request, origin), LIVES)
        state, nonce, verifier = json.loads(sealed) if sealed else ("", "", "")
        code = request.query.get("code", "")
        if not state or not compare_digest(request.query.get("state", "").encode(), state.encode()) or not code:
            raise Refused(403, FAILED)
        if not self._first(state):
            raise Refused(403, FAILED)
        try:
            claims = await self._claims(code, verifier, nonce, f"{origin}{site.prefix}/oidc")
        except NotVouchedFor as error:
            log.warning("a sign-in of the desk was refused: %s", error)
            raise Refused(403, FAILED) from None
        except NoAnswer as error:
            log.warning("the desk's own sign-in does not answer: %s", error)
            raise Refused(503, FAILED) from None
        session = await self._session(claims)
        if session is None:
            raise Refused(403, NOBODY)
        return self.door.let_in(request, site, session)

    def _first(self, state: str) -> bool:
        """A cookie that was kept in spite of us asks the provider nothing more."""
        now = self.asks.now()
        self._ended = {each: at for each, at in self._ended.items() if now - at < LIVES}
        first = state not in self._ended
        self._ended[state] = now
        return first

    async def _claims(self, code: str, verifier: str, nonce: str, back: str) -> Claims:
        metadata, asks = await self.asks.metadata(), self.asks
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        who = {"Authorization": _basic(asks.client_id, asks.client_secret)}
        told = await document(asks.session(), str(metadata["token_endpoint"]), data=given, headers=who)
        token, url = told.get("id_token"), str(metadata["jwks_uri"])
        if not isinstance(token, str):
            raise NotVouchedFor("no id_token")
        claims = await verified(token, asks.keys, url, asks.client_id, asks.issuer, asks.now())
        said = claims.get("nonce")
        if not isinstance(said, str) or not compare_digest(said.encode(), nonce.encode()):
            raise NotVouchedFor("another nonce")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != asks.client_id:
            raise NotVouchedFor("for several, and not for us")
        return claims

    async def _session(self, claims: Claims) -> str | None:
        """An address that the provider has not verified is a claim that anybody could make."""
        address, verified_ = claims.get("email"), claims.get("email_verified", self.asks.trusts_email)
        if verified_ is not True or not isinstance(address, str):
            return None
        return await self.sessions.by_address(address)

    async def _metadata(self) -> Json:
        try:
            return await self.asks.metadata()
        except NoAnswer as error:
            log.warning("the desk's own sign-in does not answer: %s", error)
            raise Refused(503, FAILED) from None


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _basic(name: str, secret: str) -> str:
    """As RFC 6749 (2.3.1) has it: each half encoded as in a form."""
    return f"Basic {base64.b64encode(f'{quote_plus(name)}:{quote_plus(secret)}'.encode()).decode()}"
