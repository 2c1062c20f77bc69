"""The API's routes, as aiohttp serves them."""

import re
from functools import partial
from hashlib import sha256

from aiohttp import web

from adapters.api.desk import Desk
from adapters.api.edge import admitted, asked, body, expect, guarded, key_of, read
from adapters.api.models import LARGEST_NUMBER, CaseInFull
from adapters.api.openapi import document
from adapters.api.problems import No, not_there
from adapters.api.routes import ROOT, ROUTES, Api, Call, Route
from bot.channel import Listener


def register(app: web.Application, listener: Listener, desk: Desk) -> None:
    api = Api(desk, listener)
    for route in ROUTES:
        handler = guarded(partial(_serve, route, api))
        app.router.add_route(route.method, ROOT + route.path, handler, expect_handler=expect)
    app.router.add_get(f"{ROOT}/openapi.json", guarded(_document))
    for path in (ROOT, f"{ROOT}/{{rest:.*}}"):
        app.router.add_route("*", path, guarded(_nothing), expect_handler=expect)


async def _serve(route: Route, api: Api, request: web.Request) -> web.StreamResponse:
    caller = await admitted(request, api.desk, route.writes)
    if route.writes and not caller.writes:
        raise No(403, "read_only", "This token may only read.")
    raw = await body(request) if route.body else b""
    given = read(raw, route.body) if route.body else None
    wanted = f"{request.method} {request.path} {given.model_dump_json() if given else ''}"
    call = Call(
        caller,
        _number(request) if route.of_case else 0,
        asked(request, route.query) if route.query else None,
        given,
        key_of(request) if route.writes else "",
        sha256(wanted.encode()).hexdigest(),  # the same however it is spaced, or its names are sorted
    )
    found = await route.does(api, call)
    headers = {}
    if route.status == 201 and isinstance(found, CaseInFull):
        headers["Location"] = f"{ROOT}/cases/{found.number}"
    return web.json_response(text=found.model_dump_json(), status=route.status, headers=headers)


def _number(request: web.Request) -> int:
    given = request.match_info["number"]
    if not re.fullmatch(r"[1-9][0-9]{0,8}", given, re.ASCII) or int(given) > LARGEST_NUMBER:
        raise not_there()
    return int(given)


async def _document(request: web.Request) -> web.StreamResponse:
    return web.json_response(document())


async def _nothing(request: web.Request) -> web.StreamResponse:
    path = request.path.removeprefix(ROOT)
    allowed = [each.method for each in ROUTES if re.fullmatch(each.path.replace("{number}", "[^/]+"), path)]
    if allowed and request.method not in allowed:
        raise No(405, "not_this_way", "This path knows other methods.", {"Allow": ", ".join(allowed)})
    raise not_there()
