"""Identity providers, played strictly on a real socket: one that a desk signs in with, and Microsoft's for Teams."""

import base64
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.teams.signing import Key, Signer

CLIENT, SECRET = "desk-client", "desk secret"


@dataclass
class Provider:
    """Hands a code to whoever signs in there, and a token for it: once, to whom it was handed, with the right proof."""

    server: TestServer = field(init=False)
    email: str = "sam@desk.example"
    verified: object = True
    claims: dict[str, Any] = field(default_factory=dict)
    without: Iterable[str] = ()
    sign: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    issuer: str = ""
    fetched: int = 0
    described: int = 0
    redeemed: int = 0
    """How often its keys, its metadata and its tokens were asked for."""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    async def __aenter__(self) -> "Provider":
        app = web.Application()
        app.add_routes(
            [
                web.get("/.well-known/openid-configuration", self._metadata),
                web.get("/authorize", self._authorize),
                web.post("/token", self._token),
                web.get("/keys", self._keys),
                web.get("/common/discovery/v2.0/keys", self._keys),
            ]
        )
        self.server = TestServer(app)
        await self.server.start_server()
        self.issuer = self.url
        self.signer = Signer(CLIENT, time.time, lambda: "")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.close()

    @property
    def url(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def _metadata(self, _: web.Request) -> web.Response:
        self.described += 1
        there = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return web.json_response({"issuer": self.issuer} | {name: f"{self.url}/{path}" for name, path in there.items()})

    async def _keys(self, _: web.Request) -> web.Response:
        self.fetched += 1
        return web.json_response({"keys": [key.json() for key in self.signer.keys]})

    async def _authorize(self, request: web.Request) -> web.Response:
        asked = {name: values[0] for name, values in parse_qs(request.query_string, strict_parsing=True).items()}
        wanted = {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge"}
        assert set(asked) == wanted | {"code_challenge_method"}, asked
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
        assert urlsplit(asked["redirect_uri"]).path == "/portal/oidc"
        code = secrets.token_urlsafe()
        self._codes[code] = asked
        self.asked.append(asked)
        back = urlencode({"code": code, "state": asked["state"]})
        raise web.HTTPFound(f"{asked['redirect_uri']}?{back}")

    async def _token(self, request: web.Request) -> web.Response:
        self.redeemed += 1
        given = {name: str(value) for name, value in (await request.post()).items()}
        basic = base64.b64encode(f"{CLIENT}:{quote_plus(SECRET)}".encode()).decode()
        asked = self._codes.pop(given.get("code", ""), None)
        proof = base64.urlsafe_b64encode(sha256(given.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        good = (
            request.headers.get("Authorization") == f"Basic {basic}"
            and given.get("grant_type") == "authorization_code"
            and asked is not None
            and asked["redirect_uri"] == given.get("redirect_uri")
            and asked["code_challenge"] == proof
        )
        if not good or asked is None:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": self.token(asked["nonce"])})

    def token(self, nonce: str) -> str:
        said: dict[str, Any] = {
            "iss": self.issuer,
            "sub": "u1",
            "iat": int(time.time()),
            "nonce": nonce,
            "email": self.email,
        }
        said |= {"email_verified": self.verified, **self.claims}
        return self.signer.sign(without=self.without, **self.sign, **said)

    def stranger(self) -> Key:
        return Key(-1, kid="kid-of-nobody")
