"""The bodies of Slack's own requests, as Slack builds them."""

import re
from collections.abc import Iterable
from typing import Any

from tests.slack.grants import Install
from tests.slack.places import Channel, Json, Message, User, View, pressable
from tests.slack.state import State

_MENTION = re.compile(r"&lt;(@[UW][A-Z0-9]+)&gt;")
_ADDRESS = re.compile(r"(?<![\w|<])(https?://[^\s<>|]+[^\s<>|.,;:!?)])")
_MAIL = re.compile(r"(?<![\w|<:])([\w.+-]+@[\w-]+\.[\w.]*\w)")


def typed(state: State, text: str, named: bool = False) -> str:
    """What somebody typed, as Slack hands it on: escaped, with mentions and links as tokens.

    ``named`` is how commands with ``should_escape`` have them: <@U1|ann>.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def mention(found: re.Match[str]) -> str:
        user = state.users.get(found[1][1:])
        if user is None:
            return found[0]
        return f"<{found[1]}|{user.handle}>" if named else f"<{found[1]}>"

    mentioned = _MENTION.sub(mention, escaped)
    return mentioned if named else _MAIL.sub(r"<mailto:\1|\1>", _ADDRESS.sub(r"<\1>", mentioned))


# Events -----------------------------------------------------------------------------------------------------------


def envelope(state: State, install: Install, event: Json, number: int, where: Channel | None, sender: str = "") -> Json:
    team = _heard_in(state, install, where, sender)
    home = state.workspaces[team]
    made = {
        "token": state.app.verification,
        "team_id": state.users[sender].team if where and where.shared_with and sender else team,
        "context_team_id": team,
        "context_enterprise_id": home.enterprise or None,
        "api_app_id": state.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number:010}",
        "event_time": int(state.clock()),
        "authorizations": [
            {
                "enterprise_id": home.enterprise or None,
                "team_id": team,
                "user_id": install.bot,
                "is_bot": True,
                "is_enterprise_install": install.org,
            }
        ],
        "is_ext_shared_channel": bool(where and where.shared_with),
        "event_context": f"4-{number:010}",
    }
    return made | ({"enterprise_id": home.enterprise} if home.enterprise else {})


def _heard_in(state: State, install: Install, where: Channel | None, sender: str) -> str:
    if install.team:
        return install.team
    if where and where.kind != "im":
        return where.team
    return state.users[sender or install.bot].team


def message_event(state: State, message: Message, channel: Channel) -> Json:
    made = {**written(state, message), "channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind}
    if message.thread and message.thread != message.ts and (root := state.find(channel.id, message.thread)):
        made["parent_user_id"] = root.user
    if channel.shared_with and not message.bot_id:
        made["user_team"] = made["source_team"] = state.users[message.user].team
    return made


def written(state: State, message: Message) -> Json:
    made = message.json()
    if not message.bot_id:
        made["client_msg_id"] = f"client-{message.channel}-{message.ts}"
        made["blocks"] = [{"type": "rich_text", "block_id": "rich", "elements": [_rich(message.text)]}]
    return made


def _rich(text: str) -> Json:
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}


def mention_event(state: State, message: Message, channel: Channel) -> Json:
    made = message_event(state, message, channel) | {"type": "app_mention"}
    return {name: value for name, value in made.items() if name not in ("channel_type", "parent_user_id")}


# Interactions -----------------------------------------------------------------------------------------------------


def interaction(state: State, install: Install, user: User, kind: str, trigger: str = "", app: bool = True) -> Json:
    home = state.workspaces[install.team or user.team]
    made: Json = {
        "type": kind,
        "team": {"id": home.id, "domain": home.domain},
        "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": user.team},
        "token": state.app.verification,
        "enterprise": {"id": home.enterprise, "name": home.enterprise} if home.enterprise else None,
        "is_enterprise_install": install.org,
    }
    if home.enterprise:
        made["team"] |= {"enterprise_id": home.enterprise, "enterprise_name": home.enterprise}
    made |= {"api_app_id": state.app.id} if app else {}
    return made | ({"trigger_id": trigger} if trigger else {})


def channel_named(channel: Channel) -> Json:
    return {"id": channel.id, "name": "privategroup" if channel.kind == "group" else channel.name}


def container(message: Message) -> Json:
    made: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": bool(message.only_for),
    }
    return made | ({"thread_ts": message.thread} if message.thread else {})


def find_element(blocks: list[Json], what: str) -> tuple[Json, Json, Json | None]:
    """The one element, with its block and the option meant, that says or stands for ``what``."""
    found = [(b, e, option) for b, e in pressable(blocks) for option, names in _names(e) if what in names]
    offered = [name for _, e in pressable(blocks) for _, names in _names(e) for name in names[:1]]
    assert found, f"there is nothing to press called {what!r}, only {offered}"
    assert len({repr(option or element.get("value")) for _, element, option in found}) == 1, f"{what!r} names several"
    return found[0]


def _names(element: Json) -> Iterable[tuple[Json | None, list[str]]]:
    """Per thing that can be chosen: the option and what names it; its label comes first."""
    for option in _options(element):
        yield option, [option["text"]["text"], option["value"]]
    for name in ("positive_button", "negative_button"):
        if name in element:
            yield element[name], [element[name]["text"]["text"], element[name]["value"]]
    if element["type"] in ("button", "icon_button"):
        yield None, [element["text"]["text"], element.get("value", ""), element["action_id"]]


def _options(element: Json) -> list[Json]:
    return [*element.get("options", ()), *(o for group in element.get("option_groups", ()) for o in group["options"])]


def action(block: Json, element: Json, option: Json | None, now: float) -> Json:
    made: Json = {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "type": element["type"],
        "action_ts": f"{now:.6f}",
    }
    made |= {name: element[name] for name in ("text", "value", "style", "url") if name in element}
    if element["type"] == "feedback_buttons" and option:
        return made | {"text": option["text"], "value": option["value"]}
    if element["type"] in ("checkboxes", "multi_static_select"):
        return made | {"selected_options": [option]}
    return made | ({"selected_option": option} if option else {})


def submission(state: State, install: Install, view: View, kind: str, values: Json, trigger: str = "") -> Json:
    made = interaction(state, install, state.users[view.user], kind, trigger)
    if install.org:
        made["team"] = None
    made["view"] = view.json(values)
    ends: Json = {"response_urls": []} if kind == "view_submission" else {"is_cleared": False}
    return made | ends


def stated(value: Any) -> Json:
    """An object of ids to objects, for ``state``."""
    return {"values": value}
