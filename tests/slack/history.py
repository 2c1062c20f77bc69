"""conversations.*: what was said somewhere, who is there, and talking to somebody alone."""

import re
from collections.abc import Sequence
from typing import Any

from tests.slack.chat import needs, readable, seen
from tests.slack.grants import Install, Refused
from tests.slack.places import Channel, Json, Message
from tests.slack.state import State

_KINDS = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
LIMITED = 15  # messages a call, for apps outside Slack's marketplace that many workspaces install


def replies(state: State, install: Install, channel: str, ts: str, **how: Any) -> Json:
    found = readable(state, install, channel, "history")
    root = state.find(found.id, ts)
    if root is None or root.deleted:
        raise Refused("thread_not_found", "" if re.fullmatch(r"\d{10}\.\d{6}", ts) else f"{ts!r} is no message's ts")
    start = root.thread or root.ts
    thread = [one for one in _said(state, found) if start in (one.ts, one.thread)]
    answer = _page(state, [one for one in thread[1:] if _between(one, **how)], 1000, **how)
    return answer | {"messages": [_shown(state, thread[0], **how), *answer["messages"]]}


def history(state: State, install: Install, channel: str, **how: Any) -> Json:
    """Newest first, and without replies."""
    found = readable(state, install, channel, "history")
    rooted = [one for one in _said(state, found) if one.thread in ("", one.ts) or one.broadcast]
    return _page(state, [one for one in reversed(rooted) if _between(one, **how)], 100, **how)


def info(state: State, install: Install, channel: str, include_num_members: bool = False, **_: Any) -> Json:
    found = seen(state, install, channel)
    needs(install, f"{_KINDS[found.kind]}:read")
    made = found.json() | {"is_member": install.bot in found.members}
    return {"channel": made | ({"num_members": len(found.members)} if include_num_members else {})}


def members(state: State, install: Install, channel: str, cursor: str = "", limit: int = 100) -> Json:
    found = seen(state, install, channel)
    needs(install, f"{_KINDS[found.kind]}:read")
    everybody, start = sorted(found.members), int(cursor or 0)
    more = str(start + limit) if start + limit < len(everybody) else ""
    return {"members": everybody[start : start + limit], "response_metadata": {"next_cursor": more}}


def open_direct(
    state: State, install: Install, users: str | Sequence[str] = "", channel: str = "", return_im: bool = False
) -> Json:
    if channel or "," in users:
        raise Refused("invalid_arguments", "we only talk to one person alone, named by user id")
    person = state.users.get(str(users))
    if person is None:
        raise Refused("user_not_found", "" if re.fullmatch(r"[UW][A-Z0-9]+", str(users)) else f"{users!r} is no user")
    if person.bot:
        raise Refused("cannot_dm_bot")
    if person.deleted:
        raise Refused("user_disabled")
    if not state.covers(install, person.team):
        raise Refused("user_not_visible")
    known = len(state.channels)
    direct = state.direct(person.id, install)
    made = direct.json() | {"is_open": True} if return_im else {"id": direct.id}
    return {"channel": made} | ({"no_op": True, "already_open": True} if known == len(state.channels) else {})


def _said(state: State, channel: Channel) -> list[Message]:
    return [one for one in state.said.get(channel.id, ()) if not one.deleted]


def _between(one: Message, oldest: str = "0", latest: str = "9999999999", inclusive: bool = False, **_: Any) -> bool:
    """Neither end itself, unless that is asked for."""
    for end in (oldest, latest):
        if not re.fullmatch(r"\d{1,10}(\.\d{1,6})?", end):
            raise Refused("invalid_arguments", f"{end!r} is no ts")
    ts = float(one.ts)
    return float(oldest) < ts < float(latest) or (inclusive and one.ts in (oldest, latest))


def _shown(state: State, one: Message, include_all_metadata: bool = False, **_: Any) -> Json:
    """A root tells of its thread, not what was said there."""
    made = one.json(include_all_metadata)
    if one.broadcast:
        made |= {"subtype": "thread_broadcast"}
    replies = [
        each for each in state.said.get(one.channel, ()) if each.thread == one.ts != each.ts and not each.deleted
    ]
    if replies:
        made |= {"reply_count": len(replies), "latest_reply": replies[-1].ts}
        made |= {"reply_users": list(dict.fromkeys(each.user for each in replies))}
    return made


def _page(state: State, found: list[Message], usual: int, limit: int = 0, cursor: str = "", **how: Any) -> Json:
    """A cursor names the last message that was shown: what is said meanwhile moves no page."""
    if limit and not 0 < limit < 1000:
        raise Refused("invalid_limit", f"{limit} messages a page")
    stamps = [one.ts for one in found]
    last = cursor.removeprefix("next_ts:")
    if cursor and last not in stamps:
        raise Refused("invalid_cursor", f"{cursor!r} was never given for these messages")
    start = stamps.index(last) + 1 if cursor else 0
    end = start + (limit or usual)
    more = {"next_cursor": f"next_ts:{stamps[end - 1]}"} if end < len(found) else {}
    made: Json = {"messages": [_shown(state, one, **how) for one in found[start:end]], "has_more": bool(more)}
    return made | ({"response_metadata": more} if more else {})
