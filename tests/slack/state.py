"""What is said and shown in Slack and how it changes, without any HTTP."""

from dataclasses import dataclass, field

from tests.copies import copied
from tests.slack.cast import Cast
from tests.slack.grants import TRIGGER_SECONDS, Install, Refused, ResponseUrl, Trigger
from tests.slack.places import Json, Message, View, filled_in


@dataclass
class State(Cast):
    messages_tab: bool = True
    home_tab: bool = True
    said: dict[str, list[Message]] = field(default_factory=dict)
    whispered: list[Message] = field(default_factory=list)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    prompts: dict[str, Json] = field(default_factory=dict)
    """By direct channel."""
    statuses: dict[tuple[str, str], str] = field(default_factory=dict)
    """By channel and thread."""
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    _stamps: dict[str, int] = field(default_factory=dict)

    # What is said -----------------------------------------------------------------------------------------------

    def stamp(self, channel: str) -> str:
        micros = max(int(self.clock() * 10_000) * 100, self._stamps.get(channel, 0) + 100)
        self._stamps[channel] = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06}"

    def say(self, message: Message) -> Message:
        message.ts = message.ts or self.stamp(message.channel)
        if message.thread and (root := self.find(message.channel, message.thread)):
            root.thread = root.ts
        self.said.setdefault(message.channel, []).append(message)
        return message

    def find(self, channel: str, ts: str) -> Message | None:
        return next((message for message in self.said.get(channel, ()) if message.ts == ts), None)

    def messages(self, place: str) -> list[Message]:
        """As they stand now, replies too, in order of time; ``place`` is a channel or a person."""
        return [copied(one) for one in self.said.get(self.place(place).id, ()) if not one.deleted]

    def thread(self, place: str, ts: str) -> list[Message]:
        """The root and its replies."""
        return [one for one in self.messages(place) if ts in (one.ts, one.thread)]

    def ephemerals(self, place: str, user: str, shown: bool = True) -> list[Message]:
        channel = self.place(place).id
        mine = (one for one in self.whispered if (one.channel, one.only_for) == (channel, user))
        return [copied(one) for one in mine if one.shown or not shown]

    def home(self, user: str) -> View | None:
        return copied(self.homes.get(user))

    # Interactions -----------------------------------------------------------------------------------------------

    def trigger(self, user: str, install: Install) -> str:
        name = f"{self.number()}.{install.team or install.enterprise}.{user.lower()}"
        self.triggers[name] = Trigger(user, install, self.clock())
        return name

    def exchange(self, name: str, install: Install) -> Trigger:
        trigger = self.triggers.get(name)
        if trigger is None or trigger.install is not install:
            raise Refused("invalid_trigger_id", f"{name!r} was never given to this installation")
        if trigger.used:
            raise Refused("exchanged_trigger_id", "a trigger serves once")
        if self.clock() - trigger.made > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger

    def open_view(self, shape: Json, user: str, install: Install, below: View | None = None) -> View:
        number = self.number()
        team = self.users[user].team
        view = View(f"V{number:06}", filled_in(shape), user, team, self.app.id, install.bot_id, f"{number}.hash")
        view.installed_in = install.team or install.enterprise
        if below:
            view.root, view.previous = below.root or below.id, below.id
        self.views[view.id] = view
        return view

    def stack(self, user: str) -> list[View]:
        """The modals open in front of somebody, the topmost last."""
        return [view for view in self.views.values() if view.user == user and view.open]

    def change_view(self, view: View, shape: Json) -> None:
        view.shape, view.hash = filled_in(shape), f"{self.number()}.hash"
