"""Everybody of a workspace with a confirmed address, page by page and as slowly as Slack asks."""

from collections.abc import Awaitable, Callable
from typing import Any

from adapters.slack.api import Api, Throttled
from adapters.slack.people import as_user
from bot.channel import NotSent, Undeliverable

PAGE, PAGES = 200, 500  # people a call, as Slack recommends; calls
WAITS = 20  # in a row, for one page: Slack takes twenty a minute
BOT = "USLACKBOT"
UNTOLD = "Slack tells no addresses; the app lacks the scope users:read.email and must be installed again"
Pause = Callable[[float], Awaitable[None]]
Found = tuple[str, str, str]
"""User id, name, address."""


async def read(api: Api, tenant: str, pause: Pause) -> list[Found]:
    """Raises Undeliverable or NotSent, or what leaves open why: a part of them is never all."""
    people, cursor = list[dict[str, Any]](), ""
    for _ in range(PAGES):
        told = await _page(api, tenant, cursor, pause)
        people += [one for one in told["members"] if _employed(one, tenant)]
        cursor = str((told.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    else:
        raise NotSent("Slack tells of more people than can be read")
    found = [(str(one["id"]), as_user(one, tenant).name, _address(one)) for one in people]
    if people and not any(address for _, _, address in found):
        raise Undeliverable(UNTOLD)
    return [each for each in found if each[2]]


async def _page(api: Api, tenant: str, cursor: str, pause: Pause) -> Any:
    after: dict[str, Any] = {"cursor": cursor} if cursor else {}
    for _ in range(WAITS):
        try:
            return await api.call(tenant, lambda client: client.users_list(limit=PAGE, team_id=tenant, **after))
        except Throttled as error:
            await pause(error.after.total_seconds() if error.after else 1.0)
    raise NotSent("Slack asked for one pause after the other")


def _employed(told: dict[str, Any], tenant: str) -> bool:
    """A person at home there, not a guest or a stranger, nor one who only was invited or is switched off."""
    gone = told.get("deleted") or told.get("is_invited_user")
    machine = told.get("is_bot") or told.get("is_workflow_bot") or told["id"] == BOT
    return not (gone or machine or as_user(told, tenant).outsider)


def _address(told: dict[str, Any]) -> str:
    confirmed = told.get("is_email_confirmed") is not False
    return str((told.get("profile") or {}).get("email") or "") if confirmed else ""
