"""The activities that Teams sends, as documented and as captured from it."""

import html
import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.teams.far import Far
from tests.teams.places import Conversation, Json, Posted, User

FILE_TYPE = "application/vnd.microsoft.teams.file.download.info"


def envelope(far: Far, kind: str, person: User, place: Conversation, thread: str = "") -> Json:
    """What all have in common; ``id`` is still to be given."""
    now = datetime.fromtimestamp(far.clock(), UTC)
    local = now.astimezone(ZoneInfo(person.zone))
    return {
        "type": kind,
        "timestamp": f"{now:%Y-%m-%dT%H:%M:%S.%f}0Z",  # seven digits, as .NET writes them
        "localTimestamp": f"{local:%Y-%m-%dT%H:%M:%S.%f}0{local.isoformat()[-6:]}",
        "localTimezone": person.zone,
        "channelId": "msteams",
        "serviceUrl": far.service_url,
        "from": {"id": person.mri, "name": person.name, "aadObjectId": person.id},
        "conversation": place.json(thread),
        "recipient": {"id": far.app.bot, "name": far.app.name},
        "entities": [client_info(person)],
        "channelData": channel_data(place),
        "locale": person.locale,
    }


def client_info(person: User) -> Json:
    country = person.locale.partition("-")[2]
    made = {"locale": person.locale, "country": country, "platform": "Web", "timezone": person.zone}
    return {**made, "type": "clientInfo"}


def channel_data(place: Conversation, **more: Json | str) -> Json:
    made: Json = {"tenant": {"id": place.tenant}}
    if place.team:
        team = {"id": place.team.id, "name": place.team.name, "aadGroupId": place.team.group}
        made |= {"teamsChannelId": place.id, "teamsTeamId": place.team.id, "channel": {"id": place.id}, "team": team}
    return made | more


def invoke_id() -> str:
    return f"f:{uuid.uuid4()}"


# Words ------------------------------------------------------------------------------------------------------------


def mentioned(text: str, names: dict[str, str]) -> tuple[str, list[Json]]:
    """``@Name`` for each name, as a mention; the entities in the order of the text."""
    entities = []
    for name, id in names.items():
        at = f"<at>{name}</at>"
        if f"@{name}" in text:
            text = text.replace(f"@{name}", at)
            entities.append({"mentioned": {"id": id, "name": name}, "text": at, "type": "mention"})
    return text, sorted(entities, key=lambda one: text.index(str(one["text"])))


def as_html(text: str, entities: list[Json], quote: str = "") -> Json:
    """The formatted text that comes along as an attachment."""
    made = html.escape(text, quote=False).replace("\n", "<br>")
    for number, one in enumerate(entities):
        name = one["mentioned"]["name"]
        span = f'<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="{number}">{name}</span>'
        made = made.replace(html.escape(one["text"], quote=False), span)
    return {"contentType": "text/html", "content": f"{quote}<p>{made}</p>"}


def quotation(far: Far, posted: Posted) -> str:
    """How the message that is answered comes along."""
    person = far.users.get(posted.by)
    mri, name = (person.mri, person.name) if person else (far.app.bot, far.app.name)
    preview = html.escape(posted.words.replace("\n", " ")[:120], quote=False)
    return (
        f'<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="{posted.id}">\n'
        f'<strong itemprop="mri" itemid="{mri}">{html.escape(name)}</strong>'
        f'<span itemprop="time" itemid="{posted.id}"></span>\n<p itemprop="preview">{preview}</p>\n</blockquote>\n'
    )


def quoted_entity(far: Far, posted: Posted) -> Json:
    """How newer clients name the message that is answered."""
    person = far.users.get(posted.by)
    quoted = {
        "messageId": posted.id,
        "senderId": person.mri if person else far.app.bot,
        "senderName": person.name if person else far.app.name,
        "preview": posted.words[:120],
        "time": posted.id,
        "isReplyDeleted": posted.deleted,
        "validatedMessageReference": True,
    }
    return {"type": "quotedReply", "quotedReply": quoted}


def file(far: Far, name: str) -> Json:
    ending = name.rpartition(".")[2]
    return {
        "contentType": FILE_TYPE,
        "contentUrl": f"https://contoso.sharepoint.com/personal/documents/{name}",
        "name": name,
        "content": {"downloadUrl": far.file_url(name), "uniqueId": str(uuid.uuid4()), "fileType": ending},
    }


def payload(far: Far, posted: Posted) -> Json:
    """A message as a message extension is shown it."""
    person = far.users.get(posted.by)
    identity = {"id": posted.by, "displayName": person.name if person else far.app.name}
    who = {"user": {"userIdentityType": "aadUser", **identity} if person else None}
    app = {"applicationIdentityType": "bot", **identity, "id": far.app.id}
    written = f"{datetime.fromtimestamp(posted.at, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
    body = posted.html or as_html(posted.text, [])["content"]
    return {
        "id": posted.id,
        "replyToId": posted.thread if posted.thread not in ("", posted.id) else None,
        "createdDateTime": written,
        "lastModifiedDateTime": None,
        "deleted": False,
        "subject": None,
        "summary": None,
        "importance": "normal",
        "locale": "en-us",
        "linkToMessage": f"https://teams.microsoft.com/l/message/{posted.conversation}/{posted.id}",
        "from": {"device": None, "conversation": None, **who, "application": None if person else app},
        "body": {"contentType": "html", "content": f"<div>\n{body}\n</div>"},
        "attachments": [],
        "mentions": [],
        "reactions": [],
    }
