"""From Teams' activities to acts: who did what where. Pure; what no activity of Teams' looks like raises."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from adapters.teams import forms
from adapters.teams.activity import moment
from bot.messages import Address, Body, Edited, Incoming, Picked, Pressed, Said, Submitted, User

Json = Mapping[str, Any]
SAY, FORM = "say", "form"  # verbs of our buttons
OPEN_FROM_MESSAGE = "open_from_message"  # the manifest's command on a message
GONE = {"remove", "remove-upgrade"}
BREAK = re.compile(r"<\s*(br|/p|/div|/li)\b[^>]*>", re.I)
QUOTED = re.compile(r"<quoted\b[^>]*/?>", re.I)
REPLY = re.compile(r"""<blockquote\b[^>]*itemtype="http://schema\.skype\.com/Reply"[^>]*itemid="(\d{1,20})\"""", re.I)
TAG = re.compile(r"<[^>]*>")


class Malformed(Exception):
    """No activity of Teams' looks like this."""


@dataclass(frozen=True)
class Where:
    """What is needed to write there."""

    tenant: str
    room: str
    """As Address has it: a person's own id, or the conversation without its thread."""
    conversation: str
    service_url: str
    bot: str
    kind: str
    """personal, channel or groupChat."""


@dataclass(frozen=True)
class Act:
    incoming: Incoming
    where: Where
    card: str = ""
    """The id of the card that was pressed."""
    dialog: bool = False
    """Whether a dialog waits for the answer."""


@dataclass(frozen=True)
class Met:
    """The bot was installed here, or is new in this conversation; ``greets`` the person alone with it."""

    where: Where
    hello: Incoming | None = None


@dataclass(frozen=True)
class Left:
    where: Where


@dataclass(frozen=True)
class Origin:
    """Who and where, as every activity tells."""

    raw: Json
    where: Where
    by: User
    member: str
    """How the roster calls them."""
    thread: str
    at: datetime
    unbound: bool

    @property
    def personal(self) -> bool:
        return self.where.kind == "personal"

    @property
    def id(self) -> str:
        """Of what they did; an invoke without one goes by its time."""
        return str(self.raw.get("id") or f"{self.raw.get('replyToId')} {self.at.timestamp():.6f}")

    def incoming(self, body: Body, key: str, **how: Any) -> Incoming:
        here = Address("teams", self.where.tenant, self.where.room, "" if self.personal else self.thread)
        private = Address("teams", self.where.tenant, self.by.id)
        return Incoming(
            f"teams:{self.where.conversation}:{key}",
            self.by,
            here,
            body,
            self.at,
            personal=self.personal,
            private=private,
            single=self.personal,
            unbound=self.unbound,
            **how,
        )


def origin(raw: Json, tenant: str, at: datetime, unbound: bool = False) -> Origin:
    """``tenant`` and ``at``: where and when it happened, as the edge made sure of; ``unbound``: no account's."""
    told, conversation = raw["from"], raw["conversation"]
    user = str(told.get("aadObjectId") or told["id"]).lower()
    base, _, thread = str(conversation["id"]).partition(";messageid=")
    kind = str(conversation.get("conversationType") or "personal")
    room = user if kind == "personal" else base
    where = Where(tenant, room, base, str(raw["serviceUrl"]).rstrip("/"), str(raw["recipient"]["id"]), kind)
    by = User(user, (tenant,), name=str(told.get("name") or ""), zone=str(raw.get("localTimezone") or ""))
    return Origin(raw, where, by, str(told["id"]), thread or str(raw.get("id") or ""), at, unbound)


def message(it: Origin) -> Act:
    """Said, or a button's Action.Submit where Action.Execute is not known."""
    raw, value = it.raw, it.raw.get("value")
    if isinstance(value, Mapping) and not raw.get("text"):
        return Act(it.incoming(_done(value), f"card {it.id}", visible=False), it.where)
    begins = not it.personal and it.thread == str(raw["id"])
    said = it.incoming(
        Said(words(raw)), str(raw["id"]), quotes=str(raw.get("replyToId") or ""), begins=begins, forms=True
    )
    return Act(said, it.where)


def edited(it: Origin) -> Act | None:
    """Teams also tells that a deleted message is back; that is no edit."""
    if (it.raw.get("channelData") or {}).get("eventType") != "editMessage":
        return None
    key = f"{it.raw['id']}:{it.at.timestamp():.3f}"
    return Act(it.incoming(Edited(words(it.raw)), key, addressed=False), it.where)


def invoked(it: Origin) -> Act | None:
    """None: nothing that the bot offers."""
    raw, name = it.raw, it.raw.get("name")
    value: Json = raw.get("value") or {}
    card = str(raw.get("replyToId") or "")
    match name:
        case "adaptiveCard/action":
            action = value["action"]
            body = _done({**(action.get("data") or {}), "verb": action.get("verb")})
            return Act(it.incoming(body, _key(body, card, it.id), visible=False, forms=True), it.where, card)
        case "task/fetch":
            line = str((value.get("data") or {}).get("say") or "open")
            return Act(_alone(it, Pressed(line)), it.where, dialog=True)
        case "task/submit":
            return Act(_alone(it, _done(value.get("data") or {})), it.where, dialog=True)
        case "composeExtension/fetchTask" if value.get("commandId") == OPEN_FROM_MESSAGE:
            return Act(_picked(it, value["messagePayload"]), it.where, dialog=True)
        case "composeExtension/submitAction":
            return Act(_alone(it, _done(value.get("data") or {})), it.where, dialog=True)
    return None


def met(it: Origin) -> Met | Left | None:
    """Installed, removed, or members changed; greeted is only who is alone with the bot."""
    raw, bot = it.raw, it.where.bot
    added = {str(each.get("id")) for each in raw.get("membersAdded") or ()}
    removed = {str(each.get("id")) for each in raw.get("membersRemoved") or ()}
    if bot in removed or str(raw.get("action") or "") in GONE:
        return Left(it.where)
    if raw.get("type") == "installationUpdate" or bot in added:
        hello = it.incoming(Said("hello"), "installed", visible=False) if it.personal else None
        return Met(it.where, hello)
    return None


def words(raw: Json) -> str:
    """What they wrote, without the mention of the bot: by the entity, since its name may also stand in their words."""
    text = str(raw.get("text") or "")
    for entity in raw.get("entities") or ():
        if entity.get("type") == "mention" and (entity.get("mentioned") or {}).get("id") == raw["recipient"]["id"]:
            text = text.replace(str(entity.get("text") or ""), "", 1) if entity.get("text") else text
    text = QUOTED.sub("", text)
    plain = unescape(TAG.sub("", BREAK.sub("\n", text))) if raw.get("textFormat") == "xml" else text
    files = (f"📎 {each.get('name') or 'file'}" for each in raw.get("attachments") or () if _is_file(each))
    return "\n".join(filter(None, (plain.strip(), *files)))


def quoted(raw: Json) -> str:
    """The id of the message that this one answers: in an entity, in the HTML beside the text, or as replyToId."""
    for entity in raw.get("entities") or ():
        if entity.get("type") == "quotedReply":
            return str((entity.get("quotedReply") or entity).get("messageId") or "")
    for attachment in raw.get("attachments") or ():
        found = REPLY.search(str(attachment.get("content"))) if attachment.get("contentType") == "text/html" else None
        if found:
            return found[1]
    return str(raw.get("replyToId") or "")


def _is_file(attachment: Json) -> bool:
    kind = str(attachment.get("contentType") or "")
    return kind == "application/vnd.microsoft.teams.file.download.info" or kind.startswith("image/")


def _done(data: Json) -> Body:
    """What a button or a form of ours says."""
    if FORM in data and data.get("verb", FORM) != SAY:
        try:
            sent = forms.answers(data)
        except ValueError as error:
            raise Malformed(str(error)) from None
        return Submitted(sent.form, sent.answers, sent.draft)
    if not isinstance(data.get(SAY), str) or not data[SAY].strip():
        raise Malformed("This is no button of mine.")
    return Pressed(data[SAY])


def _key(body: Body, card: str, act: str) -> str:
    """A form is sent off once from each card; a button may be pressed again."""
    return f"form {card}" if isinstance(body, Submitted) and card else act


def _alone(it: Origin, body: Body) -> Incoming:
    return it.incoming(body, it.id, visible=False, forms=True)


def _picked(it: Origin, payload: Json) -> Incoming:
    """A message of theirs or somebody else's, to become a case."""
    author = ((payload.get("from") or {}).get("user")) or {}
    text = unescape(TAG.sub("", BREAK.sub("\n", str((payload.get("body") or {}).get("content") or "")))).strip()
    written = moment(str(payload["createdDateTime"]))
    wrote = str(author.get("id") or "-").lower()
    home = str(author.get("tenantId") or it.where.tenant).lower()
    by = (
        it.by
        if wrote == it.by.id
        else User(wrote, (home,), home != it.where.tenant, str(author.get("displayName") or ""))
    )
    message = f"teams:{it.where.conversation}:{payload['id']}"
    return it.incoming(Picked(text, by, written, message), it.id, visible=False, forms=True)
