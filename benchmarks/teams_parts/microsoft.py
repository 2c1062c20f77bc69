"""The least of Microsoft's servers: keys, logins, and a connector that says "created" at once."""

import asyncio
import json
import ssl
import sys
from itertools import count

import jwt
from aiohttp import web

from benchmarks.teams_parts.serving import KEYS, METADATA

Json = dict[str, object]
LIFE = 86_400  # seconds
TOKEN = jwt.encode({"aud": "the connector", "exp": 4_102_444_800}, "a secret that nobody ever looks at", "HS256")


def connector() -> web.Application:
    """For each call but those of the roster a line on stdout: whose, where, and whether with a token."""
    app, ids = web.Application(), count(1)

    async def call(request: web.Request) -> web.Response:
        await request.read()
        about = request.match_info
        if about["what"] == "members":
            return web.json_response({"id": about["about"], "aadObjectId": "", "tenantId": "", "userRole": "user"})
        place = about["conversation"] if request.method == "POST" else "-"
        signed = request.headers.get("Authorization") == f"Bearer {TOKEN}"
        print(about["server"], place, int(signed), flush=True)
        return web.json_response({"id": str(next(ids))}, status=201)

    app.router.add_route("*", "/{server}/v3/conversations/{conversation}/{what}", call)
    app.router.add_route("*", "/{server}/v3/conversations/{conversation}/{what}/{about}", call)
    return app


def login(metadata: Json, keys: Json) -> web.Application:
    app = web.Application()

    async def token(_: web.Request) -> web.Response:
        made = {"token_type": "Bearer", "expires_in": LIFE, "ext_expires_in": LIFE, "access_token": TOKEN}
        return web.json_response(made)

    async def tell_keys(_: web.Request) -> web.Response:
        return web.json_response(keys)

    async def tell_metadata(request: web.Request) -> web.Response:
        return web.json_response(metadata | {"jwks_uri": f"http://{request.host}{KEYS}"})

    async def federation(request: web.Request) -> web.Response:
        base = f"https://{request.host}/adfs"
        return web.json_response(
            {"issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token"}
        )

    app.router.add_post("/{tenant}/oauth2/v2.0/token", token)
    app.router.add_post("/adfs/token", token)
    app.router.add_get("/adfs/.well-known/openid-configuration", federation)
    app.router.add_get(KEYS, tell_keys)
    app.router.add_get(METADATA, tell_metadata)
    return app


async def serve(certificate: str, metadata: Json, keys: Json) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    ports = []
    for app, context in ((connector(), None), (login(metadata, keys), None), (login(metadata, keys), tls)):
        runner = web.AppRunner(app, access_log=None, keepalive_timeout=3600)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        ports.append(runner.addresses[0][1])
    print(*ports, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], *map(json.loads, sys.argv[2:])))
