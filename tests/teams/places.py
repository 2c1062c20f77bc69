"""The things Teams keeps: tenants, people, teams, conversations and the messages in them."""

import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.teams.reading import actions, inputs, words

Json = dict[str, Any]
Kind = Literal["personal", "channel", "groupChat"]


def guid(name: str) -> str:
    """Always the same for the same name."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


@dataclass
class App:
    """The bot's registration, in the provider's tenant."""

    id: str = guid("support hub")
    name: str = "Support Hub"
    secret: str = "the-client-secret"
    tenant: str = guid("provider")

    @property
    def bot(self) -> str:
        return f"28:{self.id}"


@dataclass
class Tenant:
    id: str
    name: str


@dataclass
class User:
    id: str
    """Their object id in the tenant."""
    tenant: str
    name: str
    guest: bool = False
    locale: str = "en-US"
    zone: str = "America/New_York"
    upn: str = ""

    @property
    def mri(self) -> str:
        """By which bots, and only these, know the person."""
        return f"29:1{uuid.UUID(self.id).hex}_{uuid.UUID(self.tenant).hex[:12]}"

    def json(self) -> Json:
        """A TeamsChannelAccount."""
        given, _, surname = self.name.partition(" ")
        return {
            "id": self.mri,
            "name": self.name,
            "aadObjectId": self.id,
            "givenName": given,
            "surname": surname,
            "email": self.upn,
            "userPrincipalName": self.upn,
            "tenantId": self.tenant,
            "userRole": "guest" if self.guest else "user",
        }


@dataclass
class Team:
    id: str
    """Also that of its General channel."""
    tenant: str
    name: str
    members: set[str] = field(default_factory=set)
    installed: bool = True

    @property
    def group(self) -> str:
        return guid(self.id)


@dataclass
class Conversation:
    id: str
    kind: Kind
    tenant: str
    name: str = ""
    team: Team | None = None
    person: str = ""
    members: set[str] = field(default_factory=set)
    installed: bool = True
    blocked: bool = False
    """They blocked the bot: to be told apart from an uninstalled one by the answer."""

    def json(self, thread: str = "") -> Json:
        made: Json = {"conversationType": self.kind, "tenantId": self.tenant, "id": threaded(self.id, thread)}
        if self.kind != "personal":
            made["isGroup"] = True
        return made


@dataclass
class Posted:
    """A message that stands in a conversation."""

    id: str
    conversation: str
    by: str
    """A person's object id, or the bot's 28:…"""
    activity: Json
    """As it reads now."""
    at: float
    thread: str = ""
    """In a channel the id of the first message of its thread, its own if it is that."""
    reply_to: str = ""
    edits: int = 0
    deleted: bool = False
    versions: list[Json] = field(default_factory=list)
    views: dict[str, Json] = field(default_factory=dict)
    """The cards that single people see in its place, since they pressed something."""
    html: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def from_bot(self) -> bool:
        return self.by.startswith("28:")

    @property
    def text(self) -> str:
        return str(self.activity.get("text", ""))

    @property
    def summary(self) -> str:
        """What notifications say."""
        return str(self.activity.get("summary", "")) or self.text

    @property
    def card(self) -> Json | None:
        return next((one["content"] for one in self.activity.get("attachments", ()) if "content" in one), None)

    def card_for(self, user: str) -> Json | None:
        return self.views.get(user) or self.card

    @property
    def buttons(self) -> list[Json]:
        return list(actions(self.card)) if self.card else []

    @property
    def labels(self) -> list[str]:
        return [str(button["title"]) for button in self.buttons]

    @property
    def questions(self) -> list[str]:
        """The labels of what the card asks, in order."""
        return [str(one["label"]) for one in inputs(self.card)]

    @property
    def words(self) -> str:
        """Everything that people read in it, a text a line."""
        return "\n".join(words(self.card)) if self.card else self.text


def threaded(conversation: str, thread: str) -> str:
    return f"{conversation};messageid={thread}" if thread else conversation


def parted(conversation: str) -> tuple[str, str]:
    room, _, thread = conversation.partition(";messageid=")
    return room, thread
