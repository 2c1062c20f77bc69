"""Requests to the edge, over real sockets and with real keys."""

import asyncio
import json
from dataclasses import dataclass, field

from aiohttp import ClientResponse, ClientSession, web
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.utils import base64url_encode

from adapters.teams.edge import Checked, Gate, read
from adapters.teams.inbound_token import TokenCheck
from adapters.teams.keys import Keys
from adapters.teams.trust import Trust
from tests.adapters.teams.moments import Moments
from tests.adapters.teams.saying import URL
from tests.teams.far import Far
from tests.teams.signing import Key

JSON = "application/json"


@dataclass
class Edge:
    far: Far
    session: ClientSession
    clock: Moments
    keys: Keys
    tokens: TokenCheck
    url: str = ""
    port: int = 0
    heard: list[Checked] = field(default_factory=list)
    failing: Exception | None = None
    patience: float = 10

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(await read(request, Gate(self.tokens, Trust()), self.patience))
        if self.failing:
            raise self.failing
        return web.Response()

    def headers(self, token: str | None = None, kind: str = JSON) -> dict[str, str]:
        signed = self.far.sign() if token is None else token
        return {"Content-Type": kind, "Authorization": f"Bearer {signed}"}

    async def post(self, raw: object, headers: dict[str, str] | None = None) -> ClientResponse:
        """Signed, unless other headers are given."""
        data = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
        given = self.headers() if headers is None else headers
        async with self.session.post(self.url, data=data, headers=given) as told:
            await told.read()
        return told

    async def status(self, raw: object, token: str | None = None) -> int:
        return (await self.post(raw, self.headers(token))).status

    async def wire(self, *pieces: bytes, hang_up: bool = False) -> bytes:
        """Bytes as they are; returns the first line of the answer, not of a mere 100 Continue."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        line = b"" if hang_up else await reader.readline()
        if b" 100 " in line:
            await reader.readline()
            line = await reader.readline()
        writer.close()
        return line


def signed(edge: Edge, header: object, claims: object) -> str:
    now = int(edge.clock.seconds())
    good = {"iss": edge.far.signer.issuer, "aud": edge.far.app.id, "nbf": now, "exp": now + 60, "serviceurl": URL}
    parts = (header, good | claims if isinstance(claims, dict) else claims)
    text = b".".join(base64url_encode(json.dumps(part).encode()) for part in parts)
    return (text + b"." + base64url_encode(Key(1).private.sign(text, PKCS1v15(), SHA256()))).decode()
