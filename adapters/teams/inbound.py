"""From Teams' activities to acts: who did what where. Pure; what no activity of Teams' looks like raises."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import unescape
from typing import Any
from zoneinfo import available_timezones

from adapters.teams import forms
from adapters.teams.activity import YEARS, moment
from adapters.teams.files import files
from bot.incoming import Address, Body, Deleted, Edited, Incoming, Picked, Pressed, Said, SentOn, Submitted, User

Json = Mapping[str, Any]
SAY, FORM, WITHIN = "say", "form", "within"  # verbs of our buttons, and what they carry
SHEET = "sheet"  # what a form carries along to be known again
LONGEST = 100  # characters of that
OPEN_FROM_MESSAGE, SEND_ON = "open_from_message", "send_on"  # the manifest's commands on a message
WRITTEN = {"message", "messageUpdate"}
READ = "application/vnd.microsoft.readReceipt"
NOTED = timedelta(seconds=10)  # after Teams has posted a message we know it
MILLISECONDS = re.compile(r"[0-9]{12,13}", re.ASCII)
ZONES = available_timezones()
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
    sheet: str = ""
    """Names the form that is sent off, or the one to be shown now."""
    dialog: bool = False
    """Whether a dialog waits for the answer."""
    within: bool = False
    """Whether the answer is to take the place of the card that was pressed."""


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
        here = Address("teams", self.where.tenant, self.where.room, self.thread)
        private = Address("teams", self.where.tenant, self.by.id)
        return Incoming(
            f"teams:{self.where.conversation}:{key}",
            self.by,
            here,
            body,
            self.at,
            personal=self.personal,
            private=private,
            single=True,
            whispers=False,
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
    zone = str(raw.get("localTimezone") or "")
    by = User(user, (tenant,), name=str(told.get("name") or ""), zone=zone if zone in ZONES else "")
    return Origin(raw, where, by, str(told["id"]), (thread or _begun(raw)) if kind == "channel" else "", at, unbound)


def _begun(raw: Json) -> str:
    """The thread, where its address does not name it: of the message that was chosen, or begun by this one."""
    value = raw.get("value")
    chosen = value.get("messagePayload") if isinstance(value, Mapping) else None
    if isinstance(chosen, Mapping):
        return str(chosen.get("replyToId") or chosen.get("id") or "")
    return str(raw.get("id") or "") if raw.get("type") in WRITTEN else ""


def message(it: Origin) -> Act:
    """Said, or a button's Action.Submit where Action.Execute is not known."""
    raw, value = it.raw, it.raw.get("value")
    if isinstance(value, Mapping) and not raw.get("text"):
        return _acted(it, value, f"card {it.id}")
    how = {"begins": it.thread == str(raw["id"]), "addressed": it.personal or _called(raw), "forms": it.personal}
    came = files(raw.get("attachments") or (), it.where.service_url)
    said = it.incoming(Said(words(raw)), str(raw["id"]), quotes=quoted(raw), files=came, **how)
    return Act(said, it.where, it.id)


def edited(it: Origin) -> Act | None:
    """Teams also tells that a deleted message is back; that is no edit."""
    if (it.raw.get("channelData") or {}).get("eventType") != "editMessage":
        return None
    key = f"{it.raw['id']}:{it.at.timestamp():.3f}"
    return Act(it.incoming(Edited(words(it.raw), _said(it)), key, addressed=False), it.where)


def deleted(it: Origin) -> Act | None:
    """Taken back by whoever wrote it. They can put it there again, but it was told to others as gone."""
    if (it.raw.get("channelData") or {}).get("eventType") != "softDeleteMessage":
        return None
    key = f"{it.raw['id']}:deleted"
    return Act(it.incoming(Deleted(_said(it)), key, visible=False, addressed=False), it.where)


def _said(it: Origin) -> str:
    """The key under which the message was heard."""
    return f"teams:{it.where.conversation}:{it.raw['id']}"


def invoked(it: Origin) -> Act | None:
    """None: nothing that the bot offers."""
    raw, name = it.raw, it.raw.get("name")
    value: Json = raw.get("value") or {}
    match name:
        case "adaptiveCard/action":
            action = value["action"]
            return _acted(it, {**(action.get("data") or {}), "verb": action.get("verb")}, it.id, forms=True)
        case "task/fetch":
            line = str((value.get("data") or {}).get("say") or "open")
            return Act(it.incoming(Pressed(line), it.id, visible=False, forms=True), it.where, it.id, dialog=True)
        case "composeExtension/fetchTask" if (command := value.get("commandId")) in (OPEN_FROM_MESSAGE, SEND_ON):
            chosen = _picked(it, value["messagePayload"], on=command == SEND_ON)
            return Act(chosen, it.where, it.id, dialog=True)
        case "task/submit" | "composeExtension/submitAction":
            return _acted(it, value.get("data") or {}, it.id, forms=True, dialog=True)
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


def read_until(it: Origin) -> datetime | None:
    """They have seen the message of that id, and all before it. Ids are the milliseconds at which each was posted; when
    it was posted by our account is a little later, yet before they looked."""
    if it.raw.get("name") != READ or not it.personal:
        return None
    last = it.raw["value"]["lastReadMessageId"]
    if not (isinstance(last, str) and MILLISECONDS.fullmatch(last)):
        raise Malformed("no such message")
    return min(datetime.fromtimestamp(int(last) / 1000, UTC) + NOTED, it.at)


def words(raw: Json) -> str:
    """What they wrote, without the mention of the bot: by the entity, since its name may also stand in their words."""
    text = str(raw.get("text") or "")
    for at, meant in _mentions(raw):
        text = text.replace(at, "" if _is_bot(raw, meant) else f"@{meant.get('name') or TAG.sub('', at)}", 1)
    text = QUOTED.sub("", text)
    plain = unescape(TAG.sub("", BREAK.sub("\n", text))) if raw.get("textFormat") == "xml" else text
    return plain.strip()


def _called(raw: Json) -> bool:
    """Where the app may read along, not all that it hears is meant for it."""
    return any(_is_bot(raw, meant) for _, meant in _mentions(raw))


def _mentions(raw: Json) -> Iterator[tuple[str, Json]]:
    """How each stands in the text, and who is meant."""
    for entity in raw.get("entities") or ():
        if entity.get("type") == "mention" and entity.get("text"):
            yield str(entity["text"]), entity.get("mentioned") or {}


def _is_bot(raw: Json, meant: Json) -> bool:
    return bool(meant.get("id") == raw["recipient"]["id"])


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


def _acted(it: Origin, data: Json, key: str, forms: bool = False, dialog: bool = False) -> Act:
    """A button may be pressed again; a form that says the same is sent off once."""
    body, sheet = _done(data), str(data.get(SHEET) or "")[:LONGEST]
    # In their own chat the next question follows below: no form takes the place of the one that was answered.
    forms = forms and not (it.personal and isinstance(body, Pressed) and body.line.startswith("answer "))
    if isinstance(body, Submitted) and sheet:
        said = sha256(repr(sorted(body.answers.items())).encode("utf-8", "replace")).hexdigest()
        key = f"form {sheet} {it.by.id} {said}"
    within = forms and data.get(WITHIN) is True
    return Act(it.incoming(body, key, visible=False, forms=forms), it.where, sheet or it.id, dialog, within)


def _picked(it: Origin, payload: Json, on: bool) -> Incoming:
    """A message of theirs or somebody else's, to become a case, or to go ``on`` to the customer."""
    author = ((payload.get("from") or {}).get("user")) or {}
    text = unescape(TAG.sub("", BREAK.sub("\n", str((payload.get("body") or {}).get("content") or "")))).strip()
    written = moment(str(payload["createdDateTime"]))
    if written.year not in YEARS:
        raise Malformed("This message is not of our time.")
    wrote = str(author.get("id") or "-").lower()
    home = str(author.get("tenantId") or it.where.tenant).lower()
    by = (
        it.by
        if wrote == it.by.id
        else User(wrote, (home,), home != it.where.tenant, str(author.get("displayName") or ""))
    )
    message = f"teams:{it.where.conversation}:{payload['id']}"
    came = files(payload.get("attachments") or (), it.where.service_url)
    if on:
        came = came if by is it.by else ()
        return it.incoming(SentOn(by, message), it.id, visible=False, files=came)
    return it.incoming(Picked(text, by, written, message), it.id, visible=False, forms=True, files=came)
