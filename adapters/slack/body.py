"""The shapes that Slack's requests have; what has none of them raises ValueError or RecursionError."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn
from urllib.parse import parse_qsl

Kind = Literal["event", "command", "interaction", "url_verification", "ssl_check"]
DEEPEST = 50
"""Levels of JSON: ten times what Slack nests, and nothing that recursion trips over."""
ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class Body:
    raw: str
    payload: Mapping[str, Any]
    """A command's fields, or the JSON object of anything else."""
    kind: Kind


def from_json(text: str) -> Body:
    payload = _object(text)
    return Body(text, payload, _told(payload))


def from_form(text: str) -> Body:
    fields = _once(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100))
    if "payload" in fields:
        payload = _object(fields["payload"])
        if not isinstance(payload.get("type"), str):
            raise ValueError
        return Body(text, payload, "interaction")
    if fields.get("ssl_check") == "1":
        return Body(text, fields, "ssl_check")
    homes = [fields[name] for name in ("team_id", "enterprise_id") if fields.get(name)]
    ids = [fields.get("user_id"), fields.get("channel_id"), *homes]
    if not fields.get("command") or not homes or not all(map(_is_id, ids)):
        raise ValueError
    return Body(text, fields, "command")


READERS: Mapping[str, Callable[[str], Body]] = {
    "application/json": from_json,
    "application/x-www-form-urlencoded": from_form,
}


def _told(payload: Mapping[str, Any]) -> Kind:
    match payload:
        case {"type": "url_verification", "challenge": str()}:
            return "url_verification"
        case {"type": "event_callback", "event": {"type": str()}} if _has_home(payload):
            return "event"
        case {"type": "url_verification" | "event_callback"}:
            raise ValueError
        case {"type": str()}:
            return "event"  # such as app_rate_limited
        case _:
            raise ValueError


def _has_home(payload: Mapping[str, Any]) -> bool:
    """An organisation's events may name no workspace of their own."""
    match payload.get("team_id") or payload.get("authorizations"):
        case str() as team:
            return _is_id(team)
        case [{}, *_]:
            return True
        case _:
            return False


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(ID.fullmatch(value))


def _object(text: str) -> dict[str, Any]:
    """An object without what parsers disagree about, or choke on later."""
    found = json.loads(
        text, object_pairs_hook=_once, parse_int=_whole, parse_float=_finite, parse_constant=_no_constant
    )
    if not isinstance(found, dict):
        raise ValueError
    _check_depth(found, DEEPEST)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _whole(digits: str) -> int:
    if len(digits) > 20 or not -(2**63) <= (found := int(digits)) < 2**63:
        raise ValueError
    return found


def _finite(digits: str) -> float:
    found = float(digits)
    if not math.isfinite(found):
        raise ValueError
    return found


def _no_constant(name: str) -> NoReturn:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(name)


def _check_depth(value: dict[str, Any] | list[Any], left: int) -> None:
    if not left:
        raise ValueError
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            _check_depth(each, left - 1)
