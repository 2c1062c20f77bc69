"""Reading a call's arguments, and holding them against the signatures of slack_sdk's own client."""

import base64
import collections.abc
import inspect
import json
import types
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Union, get_args, get_origin

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

_IN_THE_HEADER = {"app_token", "client_id", "client_secret", "token"}
_ALWAYS = {"team_id"}  # sent with every call by a client that was made for one workspace of an organisation


@dataclass
class Arguments:
    values: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    client: tuple[str, str] = ("", "")
    """The app's id and secret, from Basic authentication or the form."""
    typed: bool = False
    """Whether they came as JSON."""
    wrong: list[str] = field(default_factory=list)


async def read(request: web.Request) -> Arguments:
    read = Arguments()
    kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if kind == "Bearer":
        read.token = credentials
    elif kind == "Basic":
        name, _, secret = base64.b64decode(credentials).decode().partition(":")
        read.client = (name, secret)
    if "token" in request.query:
        read.wrong.append("a token in the address ends up in logs")
    read.values.update(request.query)
    if request.content_type == "application/json":
        read.typed = True
        _read_json(await request.text(), read)
    elif request.can_read_body:
        read.values.update({name: value for name, value in (await request.post()).items() if isinstance(value, str)})
    if "client_id" in read.values:
        read.client = (read.values.pop("client_id"), read.values.pop("client_secret", ""))
    return read


def check(method: str, read: Arguments) -> None:
    """Adds to ``wrong`` whatever slack_sdk's signature does not know, miss or allow; turns form values into JSON's."""
    known = _signature(method)
    for name in sorted(read.values.keys() - known.keys() - _ALWAYS):
        read.wrong.append(f"there is no argument {name}")
    for name, (kinds, required) in known.items():
        if name not in read.values:
            if required and name not in _IN_THE_HEADER:
                read.wrong.append(f"the argument {name} is missing")
            continue
        value = read.values[name] if read.typed else _from_form(read.values[name], kinds)
        if value is None or type(value) not in kinds:
            read.wrong.append(f"the argument {name} may not be {type(value).__name__}")
        if isinstance(value, str) and {list, dict} & kinds and name in ("blocks", "metadata", "view", "prompts"):
            value = _from_form(value, {list, dict})
        read.values[name] = value


def exists(method: str) -> bool:
    return hasattr(AsyncWebClient, method.replace(".", "_"))


def _read_json(body: str, read: Arguments) -> None:
    try:
        given = json.loads(body)
        read.values.update({name: value for name, value in given.items() if value is not None})
    except (ValueError, AttributeError):
        read.wrong.append("the body is no JSON object")


@cache
def _signature(method: str) -> dict[str, tuple[set[type], bool]]:
    parameters = inspect.signature(getattr(AsyncWebClient, method.replace(".", "_"))).parameters
    return {
        name: (_kinds(parameter.annotation), parameter.default is parameter.empty)
        for name, parameter in parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }


def _kinds(annotation: Any) -> set[type]:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return set().union(*(_kinds(one) for one in get_args(annotation)))
    if origin in (list, collections.abc.Sequence):
        return {list}
    if annotation in (str, bool, int, float):
        return {annotation}
    return set() if annotation is type(None) else {dict}


def _from_form(value: str, kinds: set[type]) -> Any:
    if bool in kinds and value.lower() in ("1", "0", "true", "false"):
        return value.lower() in ("1", "true")
    if int in kinds and value.lstrip("-").isdigit():
        return int(value)
    if {list, dict} & kinds and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
