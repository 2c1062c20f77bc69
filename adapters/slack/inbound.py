"""From Slack's payloads to acts: who did what where, as far as the payload tells. Misshapen ones raise."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from adapters.slack import modal
from adapters.slack.blocks import WITHIN
from adapters.slack.files import files, removed
from bot.incoming import Body, Deleted, Edited, File, Pressed, Reacted, Said, Submitted

Payload = Mapping[str, Any]
OPEN_FROM_MESSAGE, OPEN_CASE = "open_from_message", "open_case"  # callback ids of the manifest's shortcuts
TICKET, EYES, DONE = {"ticket", "admission_tickets"}, {"eyes"}, {"white_check_mark", "heavy_check_mark"}
OUT = {"outbox_tray"}
TOMBSTONE = "tombstone"
SPEECH = {"", "file_share", "me_message", "thread_broadcast"}
SAY = "say:"  # how the ids of our buttons begin


class Malformed(Exception):
    """No request of Slack's looks like this."""


@dataclass(frozen=True)
class Chosen:
    """A message that is to become a case, or ``on`` to the customer; ``text`` is None where Slack must be asked."""

    channel: str
    ts: str
    author: str
    text: str | None = None
    team: str = ""
    on: bool = False


@dataclass(frozen=True)
class Act:
    key: str
    tenant: str
    """The install's: a workspace, or the organisation that it is for."""
    user: str
    room: str
    """A channel, or the user's own id where they are alone with the bot."""
    body: Body | Chosen
    at: datetime | None = None
    """None: now, since Slack does not say."""
    team: str = ""
    """Where the payload says that the user is at home."""
    enterprise: str = ""
    thread: str = ""
    quotes: str = ""
    visible: bool = True
    addressed: bool = True
    begins: bool = False
    mixed: bool = False
    at_once: bool = False
    trigger: str = ""
    """What a modal can be opened with, for three seconds."""
    home: bool = False
    """Whether it was done on the bot's own page, which is then drawn anew."""
    files: tuple[File, ...] = ()
    view: str = ""
    """The line that says which view of that page stands there; with ``within``, which is to."""
    within: bool = False


@dataclass(frozen=True)
class Visit:
    """Somebody opened the bot's own page or conversation."""

    tenant: str
    user: str
    tab: str
    channel: str
    enterprise: str = ""
    view: str = ""
    """The line that says which view of the page stood there."""


@dataclass(frozen=True)
class Gone:
    """The app was uninstalled, or its token revoked."""

    tenant: str


def tenant_of(payload: Payload) -> str:
    """Of the install for which Slack sends this."""
    for each in payload.get("authorizations") or ():
        return str((each.get("enterprise_id") if each.get("is_enterprise_install") else None) or each["team_id"])
    view = payload.get("view")
    if isinstance(view, Mapping) and view.get("app_installed_team_id"):
        return str(view["app_installed_team_id"])  # ``team`` would be the outsider's own, in a shared channel
    if payload.get("is_enterprise_install") in (True, "true"):
        return str((payload.get("enterprise") or {}).get("id") or payload["enterprise_id"])
    message = payload.get("message")
    if payload.get("type") == "block_actions" and isinstance(message, Mapping) and message.get("team"):
        return str(message["team"])  # our bot's: the same
    team = payload.get("team")
    return str(team["id"] if isinstance(team, Mapping) else payload["team_id"])


def event(payload: Payload, bot: str) -> Act | Visit | Gone | None:
    """None: of no interest."""
    told = payload["event"]
    match told["type"]:
        case "message":
            return _message(payload, told, bot)
        case "app_mention":
            return _said(payload, told, bot, addressed=True)
        case "reaction_added":
            return _reaction(payload, told)
        case "app_home_opened":
            enterprise = str(payload.get("enterprise_id") or "")
            tab = told.get("tab") or "home"
            return Visit(tenant_of(payload), told["user"], tab, told["channel"], enterprise, _line(told.get("view")))
        case "app_uninstalled":
            return Gone(tenant_of(payload))
        case "tokens_revoked":
            return Gone(tenant_of(payload)) if (told.get("tokens") or {}).get("bot") else None
    return None


def _message(payload: Payload, told: Payload, bot: str) -> Act | None:
    subtype = told.get("subtype") or ""
    if subtype == "message_changed":
        gone = told["message"].get("subtype") == TOMBSTONE
        return _deleted(payload, told, bot) if gone else _changed(payload, told, bot)
    if subtype == "message_deleted":
        return _deleted(payload, told, bot)
    if subtype not in SPEECH:
        return None
    called = told.get("channel_type") == "im" or f"<@{bot}" in (told.get("text") or "")
    return _said(payload, told, bot, addressed=called)


def _said(payload: Payload, told: Payload, bot: str, addressed: bool) -> Act | None:
    if told.get("bot_id") or not told.get("user") or told["user"] == bot:
        return None
    act = _act(payload, told, told["channel"], told["ts"], told["user"], personal=told.get("channel_type") == "im")
    thread, came = told.get("thread_ts") or told["ts"], files(told.get("files") or ())
    body, begins = Said(told.get("text") or ""), thread == told["ts"]
    return replace(act, body=body, thread=thread, addressed=addressed, begins=begins, files=came)


def _changed(payload: Payload, told: Payload, bot: str) -> Act | None:
    """An edit of somebody's; Slack also tells of previews that it added, which are none."""
    now, before = told["message"], told.get("previous_message") or {}
    edit = now.get("edited") or {}
    same = not edit.get("ts") or now.get("text") == before.get("text")
    gone = removed(now.get("files") or (), before.get("files") or ())
    if same and gone:
        return _without(payload, told, bot, gone)
    if same or now.get("bot_id") or now.get("user") in (None, bot):
        return None
    personal = told.get("channel_type") == "im"
    act = _act(payload, now, told["channel"], edit["ts"], now["user"], personal)
    key = f"slack:{told['channel']}:{now['ts']}:{edit['ts']}"
    thread = now.get("thread_ts") or now["ts"]
    said = f"slack:{told['channel']}:{now['ts']}"
    return replace(act, key=key, body=Edited(now.get("text") or "", said), thread=thread, addressed=False)


def _without(payload: Payload, told: Payload, bot: str, gone: tuple[str, ...]) -> Act | None:
    """They took back these files, and left the rest of the message; where that is nothing, all of it."""
    now = told["message"]
    act = _deleted(payload, {**told, "previous_message": now}, bot)
    if act is None or not ((now.get("text") or "").strip() or files(now.get("files") or ())):
        return act
    said = f"slack:{told['channel']}:{now['ts']}"
    return replace(act, key=f"{said}:without:{' '.join(gone)}", body=Deleted(said, gone))


def _deleted(payload: Payload, told: Payload, bot: str) -> Act | None:
    """By whoever wrote it, as far as Slack tells; where replies stand under it, something is left in its place."""
    before = told.get("previous_message") or {}
    if before.get("bot_id") or before.get("subtype") == TOMBSTONE or before.get("user") in (None, bot):
        return None
    personal = told.get("channel_type") == "im"
    act = _act(payload, before, told["channel"], before["ts"], before["user"], personal)
    thread, at = before.get("thread_ts") or before["ts"], moment(told["ts"])
    gone = replace(act, key=f"{act.key}:deleted", body=Deleted(act.key), at=at)
    return replace(gone, thread=thread, visible=False, addressed=False)


def _reaction(payload: Payload, told: Payload) -> Act | None:
    item, sign = told["item"], told["reaction"].partition("::")[0]
    if item.get("type") != "message" or sign not in TICKET | EYES | DONE | OUT:
        return None
    act = _act(payload, told, item["channel"], told["event_ts"], told["user"], personal=item["channel"].startswith("D"))
    if sign in TICKET:
        key = f"slack:{item['channel']}:{item['ts']}:ticket:{act.user}"
        chosen = Chosen(item["channel"], item["ts"], told.get("item_user") or "")
        return replace(act, key=key, body=chosen, visible=False)
    key = f"{act.key}:{sign}:{act.user}"
    if sign in OUT:
        chosen = Chosen(item["channel"], item["ts"], told.get("item_user") or "", on=True)
        return replace(act, key=key, body=chosen, visible=False, addressed=False)
    return replace(act, key=key, body=Reacted("take" if sign in EYES else "resolve"), quotes=item["ts"], visible=False)


def _act(payload: Payload, told: Payload, channel: str, ts: str, user: str, personal: bool) -> Act:
    tenant = tenant_of(payload)
    return Act(
        key=f"slack:{channel}:{ts}",  # a shared channel's message is the same in every workspace that has it
        tenant=tenant,
        user=user,
        room=user if personal else channel,
        body=Said(""),
        at=moment(ts),
        team=str(told.get("user_team") or told.get("team") or ""),
        enterprise=str(payload.get("enterprise_id") or ""),
        mixed=bool(payload.get("is_ext_shared_channel")),
    )


def command(fields: Payload) -> Act:
    """Answered in the response, for their eyes only; whatever else follows goes to their own room."""
    mark = "/support" if "support" in fields["command"] else "/case"
    return _private(fields, fields["user_id"], fields["trigger_id"], Said(f"{mark} {fields.get('text') or ''}".strip()))


def pressed(payload: Payload) -> Act | None:
    """A button of ours says its line where the message stands."""
    action = payload["actions"][0]
    if not str(action.get("action_id", "")).startswith(SAY):
        return None  # a button that is only a link
    body, user = Pressed(str(action["value"])), payload["user"]["id"]
    act = _private(payload, user, payload["trigger_id"], body, at_once=False)
    container = payload.get("container") or {}
    if container.get("type") != "message":
        view = payload.get("view") or {}
        home = view.get("type") == "home"
        within = home and str(action["action_id"]).endswith(WITHIN)
        return replace(act, home=home, view=body.line if within else _line(view), within=within)
    channel = str(container["channel_id"])
    thread = container.get("thread_ts") or (payload.get("message") or {}).get("thread_ts") or ""
    return replace(act, room=user if channel.startswith("D") else channel, thread=str(thread))


def _line(view: Any) -> str:
    return str(view.get("private_metadata") or "") if isinstance(view, Mapping) else ""


def shortcut(payload: Payload) -> Act | None:
    user, trigger = payload["user"]["id"], payload["trigger_id"]
    if payload["callback_id"] == OPEN_CASE:
        return _private(payload, user, trigger, Pressed("open"), at_once=False)
    if payload["callback_id"] != OPEN_FROM_MESSAGE:
        return None
    picked, channel = payload["message"], payload["channel"]["id"]
    thread, came = str(picked.get("thread_ts") or picked["ts"]), files(picked.get("files") or ())
    said, team = picked.get("text") or "", str(picked.get("team") or "")
    chosen = Chosen(channel, picked["ts"], picked.get("user") or "", said, team)
    act = replace(_private(payload, user, trigger, chosen, at_once=False), files=came)
    return act if channel.startswith("D") else replace(act, room=channel, thread=thread)


def submitted(payload: Payload) -> tuple[Act, modal.Submission]:
    """One view is one act, however often it is sent off: Slack may not have had our answer."""
    try:
        sent = modal.answers(payload["view"])
    except ValueError as error:
        raise Malformed(str(error)) from None
    body = Submitted(sent.form, sent.answers, sent.draft)
    act = _private(payload, payload["user"]["id"], f"view:{payload['view']['id']}", body, at_once=False)
    room = sent.metadata.get("room") or act.user
    return replace(act, room=room, thread=sent.metadata.get("thread", ""), trigger=""), sent


def _private(payload: Payload, user: str, trigger: str, body: Body | Chosen, at_once: bool = True) -> Act:
    who = payload.get("user")
    team = who.get("team_id") if isinstance(who, Mapping) else payload.get("team_id")
    organisation = payload.get("enterprise")
    enterprise = organisation.get("id") if isinstance(organisation, Mapping) else payload.get("enterprise_id")
    tenant = tenant_of(payload)
    return Act(
        key=f"slack:{tenant}:{trigger}",
        tenant=tenant,
        user=user,
        room=user,
        body=body,
        team=str(team or ""),
        enterprise=str(enterprise or ""),
        visible=False,
        at_once=at_once,
        trigger=trigger,
    )


def moment(ts: str) -> datetime:
    """Slack's ids of messages are the times at which they were written (UTC)."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (OverflowError, OSError):
        raise Malformed("no such time") from None
