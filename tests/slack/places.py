"""The things Slack keeps: workspaces, people, channels, messages and views."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.slack.mrkdwn import unescaped

Json = dict[str, Any]


@dataclass
class App:
    id: str = "A0DESK"
    client_id: str = "111.222"
    client_secret: str = "the client's secret"
    signing_secret: str = "8f742231b10e8888abcd99yyyzzz85a5"
    verification: str = "an old token nobody should check"
    app_token: str = "xapp-1-A0DESK-1-abc"


@dataclass
class Workspace:
    id: str
    name: str
    enterprise: str = ""
    """The organisation on Enterprise Grid that it belongs to."""

    @property
    def domain(self) -> str:
        return self.name.lower().replace(" ", "-")


@dataclass
class User:
    id: str
    team: str
    name: str
    zone: str = "America/New_York"
    email: str = ""
    restricted: bool = False
    """A guest in several channels."""
    ultra_restricted: bool = False
    """A guest in one channel."""
    stranger: bool = False
    confirmed: bool = True
    """Whether they followed the link that Slack sent to their address."""
    deleted: bool = False
    bot: bool = False

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")


@dataclass
class Channel:
    id: str
    team: str
    name: str
    kind: Literal["channel", "group", "im", "mpim"] = "channel"
    members: set[str] = field(default_factory=set)
    shared_with: set[str] = field(default_factory=set)
    """Teams of other companies, through Slack Connect."""
    archived: bool = False
    person: str = ""
    bot: str = ""
    """Whose direct conversation it is."""

    def json(self) -> Json:
        kinds = {f"is_{kind}": self.kind == kind for kind in ("channel", "group", "im", "mpim")}
        more: Json = {"user": self.person} if self.kind == "im" else {"name": self.name}
        shared = bool(self.shared_with)
        return {
            "id": self.id,
            **kinds,
            **more,
            "is_archived": self.archived,
            "is_private": self.kind != "channel",
            "is_ext_shared": shared,
            "is_shared": shared,
            "context_team_id": self.team,
        }


@dataclass
class Message:
    channel: str
    ts: str
    user: str
    text: str
    team: str = ""
    thread: str = ""
    """The ts of the root; of a root with replies, its own; empty in the channel itself."""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    bot_id: str = ""
    app_id: str = ""
    edited: Json | None = None
    deleted: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    args: Json = field(default_factory=dict)
    """What the app's latest call said about it."""
    edits: int = 0
    broadcast: bool = False
    only_for: str = ""
    """The one who sees it, if ephemeral."""
    shown: bool = True
    """Whether anybody sees it: an ephemeral one in a thread without replies does not appear at all."""

    @property
    def key(self) -> str:
        """The outbox's key, where the metadata has one."""
        return str((self.metadata or {}).get("event_payload", {}).get("key", ""))

    @property
    def elements(self) -> list[Json]:
        return [element for _, element in pressable(self.blocks)]

    @property
    def buttons(self) -> list[Json]:
        return [element for element in self.elements if element["type"] == "button"]

    @property
    def labels(self) -> list[str]:
        return [str(button["text"]["text"]) for button in self.buttons]

    @property
    def words(self) -> str:
        """Everything that people read in it, a text a line."""
        return "\n".join(words(self.blocks)) if self.blocks else unescaped(self.text)

    def json(self, with_metadata: bool = False) -> Json:
        made: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": self.team}
        if self.bot_id:
            made |= {"bot_id": self.bot_id, "app_id": self.app_id, "bot_profile": {"id": self.bot_id}}
        optional = {"thread_ts": self.thread, "blocks": self.blocks, "edited": self.edited}
        made |= {name: value for name, value in optional.items() if value}
        if self.reactions:
            made["reactions"] = [{"name": n, "users": u, "count": len(u)} for n, u in self.reactions.items()]
        if with_metadata and self.metadata:
            made["metadata"] = self.metadata
        return made


@dataclass
class View:
    id: str
    shape: Json
    """As the app made it, block and action ids filled in."""
    user: str
    team: str
    app: str
    bot_id: str
    hash: str
    installed_in: str = ""
    """The team, or for a whole organisation the enterprise, whose installation it belongs to."""
    root: str = ""
    previous: str = ""
    open: bool = True

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.shape["blocks"]
        return blocks

    @property
    def title(self) -> str:
        return str(self.shape.get("title", {}).get("text", ""))

    @property
    def labels(self) -> list[str]:
        """Of the questions it asks, in order."""
        return [str(block["label"]["text"]) for block in self.blocks if block["type"] == "input"]

    @property
    def buttons(self) -> list[Json]:
        return [element for _, element in pressable(self.blocks) if element["type"] == "button"]

    @property
    def words(self) -> str:
        return "\n".join(words(self.blocks))

    def json(self, values: Json | None = None) -> Json:
        made = {
            "id": self.id,
            "team_id": self.team,
            "state": {"values": values or {}},
            "hash": self.hash,
            "root_view_id": self.root or self.id,
            "previous_view_id": self.previous or None,
            "app_id": self.app,
            "app_installed_team_id": self.installed_in or self.team,
            "bot_id": self.bot_id,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "close": None,
            "submit": None,
        }
        return {**made, **self.shape}


def pressable(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each block with an interactive element of it."""
    for block in blocks:
        inside = [*block.get("elements", ()), *(block[name] for name in ("accessory", "element") if name in block)]
        yield from ((block, element) for element in inside if "action_id" in element)


def words(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from words(one)
    elif isinstance(value, dict):
        if isinstance(said := value.get("text"), str):
            yield unescaped(said) if value.get("type") == "mrkdwn" else said
        for name, one in value.items():
            if name not in ("option_groups", "options", "confirm", "initial_option"):
                yield from words(one)


def filled_in(value: Any, name: str = "0") -> Any:
    """As Slack keeps blocks: ids for what had none, and its defaults written out."""
    if isinstance(value, list):
        return [filled_in(one, f"{name}{number}") for number, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    made = {key: filled_in(one, f"{name}{key[:1]}") for key, one in value.items()}
    kind = value.get("type")
    if kind == "plain_text":
        made.setdefault("emoji", True)
    elif kind == "mrkdwn":
        made.setdefault("verbatim", False)
    elif kind in _BLOCKS and "alt_text" not in value:
        made.setdefault("block_id", f"b{name}")
    elif kind in _INTERACTIVE:
        made.setdefault("action_id", f"a{name}")
    return made


_BLOCKS = {"section", "header", "divider", "context", "actions", "input", "context_actions", "markdown"}
_INTERACTIVE = {
    *("button", "overflow", "static_select", "external_select", "users_select", "channels_select"),
    *("conversations_select", "multi_static_select", "multi_external_select", "multi_users_select"),
    *("multi_channels_select", "multi_conversations_select", "radio_buttons", "checkboxes", "datepicker"),
    *("timepicker", "datetimepicker", "plain_text_input", "email_text_input", "url_text_input", "number_input"),
    *("file_input", "feedback_buttons", "icon_button"),
}
