"""chat.* and reactions.*: posting, whispering, editing, deleting."""

import re
from typing import Any

from tests.slack import blocks
from tests.slack.grants import Install, Refused
from tests.slack.places import Channel, Json, Message, filled_in
from tests.slack.state import State

_TS = re.compile(r"\d{10}\.\d{6}")
_NEVER = ("as_user", "attachments", "container_id", "icon_emoji", "icon_url", "link_names", "parse", "username")
_KINDS = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


# Which channel ----------------------------------------------------------------------------------------------------


def needs(install: Install, scope: str) -> None:
    if scope not in install.scopes:
        provided = ",".join(sorted(install.scopes))
        raise Refused("missing_scope", f"needs {scope}", needed=scope, provided=provided)


def seen(state: State, install: Install, name: str) -> Channel:
    channel = state.channels.get(name)
    if channel is None or not state.reaches(install, channel):
        wrong = "" if re.fullmatch(r"[CDG][A-Z0-9]+", name) else f"{name!r} is no channel's id"
        raise Refused("channel_not_found", wrong)
    return channel


def readable(state: State, install: Install, name: str, right: str = "") -> Channel:
    channel = seen(state, install, name)
    if right:
        needs(install, f"{_KINDS[channel.kind]}:{right}")
    if install.bot not in channel.members:
        raise Refused("not_in_channel")
    return channel


def writable(state: State, install: Install, name: str) -> Channel:
    if re.fullmatch(r"[UW][A-Z0-9]+", name):
        person = state.users.get(name)
        if person is None or person.deleted or not state.covers(install, person.team):
            raise Refused("channel_not_found")
        if person.bot:
            raise Refused("cannot_dm_bot")
        name = state.direct(name, install).id
    channel = seen(state, install, name)
    if install.bot not in channel.members and "chat:write.public" not in install.scopes:
        raise Refused("not_in_channel")
    if channel.archived:
        raise Refused("is_archived")
    if channel.kind == "im" and not state.messages_tab:
        raise Refused("messages_tab_disabled")
    return channel


def _in_a_real_thread(state: State, channel: Channel, thread: str) -> None:
    if not thread:
        return
    root = state.find(channel.id, thread)
    if root is None:
        raise Refused("thread_not_found", f"there is no message {thread!r} in {channel.id}")
    if root.thread not in ("", root.ts):
        raise Refused("thread_not_found", f"{thread} is itself a reply, to {root.thread}")


def _only_what_we_use(args: Json) -> None:
    if used := sorted(set(_NEVER) & args.keys()):
        raise Refused("invalid_arguments", f"no message of ours needs {', '.join(used)}")


# The methods ------------------------------------------------------------------------------------------------------


def post_message(state: State, install: Install, **args: Any) -> Json:
    _only_what_we_use(args)
    blocks.check_message(args)
    channel = writable(state, install, args["channel"])
    thread = args.get("thread_ts", "")
    _in_a_real_thread(state, channel, thread)
    if args.get("reply_broadcast") and not thread:
        raise Refused("invalid_arguments", "only a reply can be broadcast")
    message = state.say(_made(state, install, channel, args))
    return {"channel": channel.id, "ts": message.ts, "message": message.json()}


def _made(state: State, install: Install, channel: Channel, args: Json) -> Message:
    return Message(
        channel.id,
        state.stamp(channel.id),
        install.bot,
        args.get("text", ""),
        install.team or state.users[install.bot].team,
        args.get("thread_ts", ""),
        filled_in(args.get("blocks", [])),
        args.get("metadata"),
        install.bot_id,
        state.app.id,
        args=dict(args),
        broadcast=args.get("reply_broadcast", False),
    )


def post_ephemeral(state: State, install: Install, **args: Any) -> Json:
    _only_what_we_use(args)
    blocks.check_ephemeral(args)
    channel = readable(state, install, args["channel"])
    if channel.archived:
        raise Refused("is_archived")
    if args["user"] not in channel.members:
        raise Refused("user_not_in_channel")
    thread = args.get("thread_ts", "")
    _in_a_real_thread(state, channel, thread)
    message = _made(state, install, channel, args)
    message.only_for = args["user"]
    message.shown = not thread or any(one.thread == thread != one.ts for one in state.said[channel.id])
    state.whispered.append(message)
    return {"message_ts": message.ts}


def update(state: State, install: Install, **args: Any) -> Json:
    _only_what_we_use(args)
    blocks.check_update(args)
    channel = seen(state, install, args["channel"])
    message = _own(state, install, channel, args["ts"], "cant_update_message")
    if channel.archived:
        raise Refused("is_archived")
    message.text = args.get("text", message.text)
    message.blocks = filled_in(args["blocks"]) if "blocks" in args else message.blocks
    message.metadata = (args["metadata"] or None) if "metadata" in args else message.metadata
    message.edited = {"user": install.bot, "ts": f"{int(state.clock())}.000000"}
    message.args, message.edits = dict(args), message.edits + 1
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.json()}


def delete(state: State, install: Install, channel: str, ts: str) -> Json:
    found = seen(state, install, channel)
    _own(state, install, found, ts, "cant_delete_message").deleted = True
    return {"channel": channel, "ts": ts}


def _own(state: State, install: Install, channel: Channel, ts: str, otherwise: str) -> Message:
    message = state.find(channel.id, ts)
    if message is None or message.deleted:
        raise Refused("message_not_found", "" if _TS.fullmatch(ts) else f"{ts!r} is no message's ts")
    if message.user != install.bot:
        raise Refused(otherwise)
    return message


def get_permalink(state: State, install: Install, channel: str, message_ts: str) -> Json:
    found = seen(state, install, channel)
    if not state.find(found.id, message_ts):
        raise Refused("message_not_found")
    where = f"https://{state.workspaces[found.team].domain}.slack.com/archives/{channel}"
    return {"channel": channel, "permalink": f"{where}/p{message_ts.replace('.', '')}"}


def react(state: State, install: Install, channel: str, name: str, timestamp: str) -> Json:
    message = state.find(readable(state, install, channel).id, timestamp)
    if message is None or message.deleted:
        raise Refused("message_not_found")
    if install.bot in message.reactions.get(name, ()):
        raise Refused("already_reacted")
    message.reactions.setdefault(name, []).append(install.bot)
    return {}


def unreact(state: State, install: Install, name: str, channel: str = "", timestamp: str = "") -> Json:
    message = state.find(readable(state, install, channel).id, timestamp)
    if message is None or install.bot not in message.reactions.get(name, ()):
        raise Refused("no_reaction")
    message.reactions[name].remove(install.bot)
    return {}
