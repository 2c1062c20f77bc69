"""What Microsoft's servers refuse, whichever call it comes with."""

from typing import Any

from tests.slack.shapes import Invalid
from tests.teams.cards import check_activity
from tests.teams.places import Conversation, Json, Posted, parted
from tests.teams.state import State


class Refused(Exception):
    """Teams answers so; ``wrong`` says, if the app should never have asked, what is wrong with that."""

    def __init__(self, status: int, code: str, message: str = "", wrong: str = "") -> None:
        self.status, self.code, self.message, self.wrong = status, code, message or code, wrong
        super().__init__(status, code, wrong)


def reachable(state: State, conversation: str) -> tuple[Conversation, str]:
    room, thread = parted(conversation)
    found = state.conversations.get(room)
    if found is None or (thread and (found.kind != "channel" or not _stood(state, room, thread))):
        raise Refused(404, "ConversationNotFound", "Conversation not found.")
    if not state.is_installed(found):
        raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
    return found, thread


def writable(state: State, conversation: str) -> tuple[Conversation, str]:
    found, thread = reachable(state, conversation)
    if found.blocked:
        raise Refused(403, "MessageWritesBlocked", "Message writes are blocked by the user.")
    return found, thread


def _stood(state: State, room: str, thread: str) -> bool:
    """A thread outlives its deleted first message."""
    return any(one.thread == thread for one in state.posted.get(room, ()))


def checked(place: Conversation, activity: Any) -> str:
    """What is wrong with it although Teams takes it."""
    if isinstance(activity, dict) and activity.get("text") and activity.get("attachments"):
        text = {name: one for name, one in activity.items() if name not in ("attachments", "summary")}
        card = {name: one for name, one in activity.items() if name not in ("text", "textFormat")}
        for part in (text, card):
            check_activity(part, place.kind == "personal")
        return "text and attachments together are split, and no id comes back"
    try:
        check_activity(activity, place.kind == "personal")
    except Invalid as wrong:
        if "UTF-16" in wrong.why:
            raise Refused(413, "MessageSizeTooBig", "Message size too large.", str(wrong)) from None
        raise
    return ""


def addressed(state: State, conversation: str, found: Conversation, activity: Json) -> None:
    """What it says of itself is so."""
    of_the_bot(state, activity.get("from"))
    named = activity.get("conversation", {})
    if named.get("id", conversation) not in (conversation, found.id):
        raise Refused(400, "BadArgument", "Conversations differ", f"it says that it is for {named['id']}")
    if named.get("tenantId", found.tenant) != found.tenant:
        raise Refused(400, "BadArgument", "Tenants differ", f"it says that it is for the tenant {named['tenantId']}")
    to = activity.get("recipient", {}).get("id")
    person = state.person(to) if to else None
    if to and (person is None or person.id not in found.members):
        raise Refused(400, "BadArgument", "Unknown recipient", f"{to} is not there")
    for entity in activity.get("entities", ()):
        mentioned = state.person(entity["mentioned"]["id"])
        if mentioned is None or mentioned.id not in found.members:
            raise Refused(400, "BadArgument", "Unknown mention", f"{entity['mentioned']['id']} is not there")


def of_the_bot(state: State, account: Json | None) -> None:
    if account and account["id"] != state.app.bot:
        raise Refused(400, "BadArgument", "Unknown bot", f"{account['id']} is not the bot")


def answered(state: State, found: Conversation, id: str) -> str:
    """The thread of what is replied to."""
    posted = state.find(found.id, id)
    if posted is None and id not in state.heard:
        raise Refused(
            404, "ActivityNotFoundInConversation", "Activity not found.", f"a reply to {id}, which is not there"
        )
    return posted.thread if posted else ""


def own(state: State, found: Conversation, id: str) -> Posted:
    posted = state.find(found.id, id)
    if posted is None:
        raise Refused(404, "ActivityNotFoundInConversation", "Activity not found.")
    if not posted.from_bot:
        raise Refused(403, "NotEnoughPermissions", "Not the sender.", f"{id} is not the bot's own")
    return posted
