"""The Bot Connector's calls on what Teams keeps, each as strict as Teams and where we can be stricter."""

from dataclasses import dataclass
from typing import Any

from tests.slack.shapes import Check, array, boolean, record, string
from tests.teams.places import Json, threaded
from tests.teams.refusing import Refused, addressed, answered, checked, of_the_bot, own, reachable, writable
from tests.teams.state import State


@dataclass(frozen=True)
class Done:
    status: int
    body: Json | list[Json] | None
    wrong: str = ""


# New conversations ------------------------------------------------------------------------------------------------

_TENANT = record({"id": string(40)})
_BOT: dict[str, Check] = {"bot": record({"id": string(100)}, {"name": string(100)}), "tenantId": string(40)}
_MEMBER = record({"id": string(255)}, {"name": string(255, 0), "aadObjectId": string(40)})
_DIRECT = record(
    {"members": array(_MEMBER, 1, 1)}, {**_BOT, "isGroup": boolean, "channelData": record({"tenant": _TENANT})}
)
_THREAD = record(
    {
        "isGroup": boolean,
        "activity": lambda value, path: None,
        "channelData": record({"channel": record({"id": string(255)})}, {"tenant": _TENANT}),
    },
    _BOT,
)


def create(state: State, body: Any) -> Done:
    """A person's own conversation with the bot, or a thread in a channel."""
    threaded_one = isinstance(body, dict) and "channel" in (body.get("channelData") or {})
    (_THREAD if threaded_one else _DIRECT)(body, "")
    of_the_bot(state, body.get("bot"))
    return _new_thread(state, body) if threaded_one else _direct(state, body)


def _direct(state: State, body: Json) -> Done:
    if body.get("isGroup"):
        raise Refused(400, "BadSyntax", "Incorrect conversation creation parameters", "bots make no group chats")
    tenant = body.get("tenantId") or body.get("channelData", {}).get("tenant", {}).get("id")
    if not tenant:
        raise Refused(400, "BadArgument", "Tenant is missing", "a conversation is created in a tenant")
    person = state.person(body["members"][0]["id"])
    if person is None or person.tenant != tenant:
        raise Refused(403, "ForbiddenOperationException", "Failed to decrypt conversation id", "nobody of this tenant")
    place = state.place(person.id)
    if not place.installed:
        raise Refused(403, "ForbiddenOperationException", "The bot is not installed in user's personal scope")
    return Done(201, {"id": place.id})


def _new_thread(state: State, body: Json) -> Done:
    if body["isGroup"] is not True:
        raise Refused(400, "BadSyntax", "Incorrect conversation creation parameters", "a thread's isGroup is true")
    found, thread = writable(state, body["channelData"]["channel"]["id"])
    if found.kind != "channel" or thread:
        raise Refused(400, "BadArgument", "Unknown channel", "threads begin in channels")
    wrong = checked(found, body["activity"])
    posted = state.say(found.id, state.app.bot, body["activity"])
    return Done(201, {"id": threaded(found.id, posted.id), "activityId": "" if wrong else posted.id}, wrong)


# Activities -------------------------------------------------------------------------------------------------------


def send(state: State, conversation: str, activity: Any, reply_to: str = "") -> Done:
    found, thread = writable(state, conversation)
    if reply_to:
        thread = answered(state, found, reply_to) or thread
    wrong = checked(found, activity)
    addressed(state, conversation, found, activity)
    if activity["type"] == "typing":
        return Done(202, {})
    posted = state.say(found.id, state.app.bot, activity, thread, reply_to)
    return Done(201, {"id": "" if wrong else posted.id}, wrong)


def update(state: State, conversation: str, id: str, activity: Any) -> Done:
    found, _ = writable(state, conversation)
    posted = own(state, found, id)
    if wrong := checked(found, activity):
        raise Refused(400, "BadSyntax", "Activity resulted into multiple skype activities", wrong)
    if activity["type"] != "message":
        raise Refused(400, "BadSyntax", "Not a message", "only a message takes a message's place")
    if activity.get("id", id) != id:
        raise Refused(400, "BadArgument", "Ids differ", f"the activity calls itself {activity['id']}")
    addressed(state, conversation, found, activity)
    state.change(posted, activity)
    return Done(200, {"id": id})


def delete(state: State, conversation: str, id: str) -> Done:
    found, _ = writable(state, conversation)
    own(state, found, id).deleted = True
    return Done(200, None)


# People -----------------------------------------------------------------------------------------------------------


def members(state: State, conversation: str) -> Done:
    found, _ = reachable(state, conversation)
    return Done(200, [state.users[one].json() for one in sorted(found.members)])


def paged_members(state: State, conversation: str, query: Json) -> Done:
    """The size of a page is only a suggestion, and what is left has a token of its own."""
    found, _ = reachable(state, conversation)
    everybody, size = sorted(found.members), query.pop("pageSize", "")
    after = query.pop("continuationToken", "")
    if query or not (size.isdecimal() and 50 <= int(size) <= 500):
        raise Refused(400, "BadArgument", "Bad query", f"a page of {size!r} members, and {query}")
    if after and after not in everybody:
        raise Refused(400, "BadArgument", "Bad token", f"{after!r} was never given")
    start = everybody.index(after) if after else 0
    page, more = everybody[start : start + state.page], everybody[start + state.page :]
    left = {"continuationToken": more[0]} if more else {}
    return Done(200, {"members": [state.users[one].json() for one in page], **left})


def member(state: State, conversation: str, id: str) -> Done:
    found, _ = reachable(state, conversation)
    person = state.person(id)
    if person is None or person.id not in found.members:
        raise Refused(404, "MemberNotFoundInConversation", "Member not found in conversation.")
    return Done(200, person.json())
