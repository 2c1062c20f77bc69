"""A channel with no vendor behind it, as strict as one: refuses what no vendor would take, fails when told to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.channel import Outgoing, Undeliverable
from bot.messages import Button, Buttons, Items, Message, from_json, to_json
from bot.plain import plain


@dataclass
class Post:
    room: str
    thread: str
    message: Message
    key: str
    root: bool
    edits: int = 0
    only_for: str = ""

    @property
    def text(self) -> str:
        return plain(self.message)

    @property
    def buttons(self) -> list[Button]:
        return [button for part in self.message.parts for button in buttons_of(part)]


def buttons_of(part: object) -> list[Button]:
    if isinstance(part, Buttons):
        return list(part.buttons)
    return [item.button for item in part.items if item.button] if isinstance(part, Items) else []


@dataclass
class Fake:
    gap: timedelta = timedelta(0)
    burst: timedelta = timedelta(0)
    threads: bool = False
    posts: list[Post] = field(default_factory=list)
    sends: int = 0
    before: Callable[[Outgoing], None] = lambda out: None
    """Raises here: it did not arrive."""
    after: Callable[[Outgoing], None] = lambda out: None
    """Raises here: it did arrive, and nobody knows."""
    tells: bool = True
    """Whether the channel can be asked what arrived."""

    async def send(self, out: Outgoing) -> str:
        self.sends += 1
        assert from_json(to_json(out.message)) == out.message, "what is kept must read back the same"
        assert out.message.parts, "an empty message"
        for part in out.message.parts:
            assert len(buttons_of(part)) <= 25, "no vendor shows so many buttons"
        self.before(out)
        receipt = self._edit(out) if out.edits else self._post(out)
        self.after(out)
        return receipt

    def _post(self, out: Outgoing) -> str:
        if out.to.thread and out.to.thread not in self._receipts(out.to.room) and not out.to.thread.startswith("t"):
            raise Undeliverable("there is no such thread here")
        self.posts.append(Post(out.to.room, out.to.thread, out.message, out.key, out.root, only_for=out.only_for))
        return f"p{len(self.posts)}"

    def _edit(self, out: Outgoing) -> str:
        number = int(out.edits.removeprefix("p"))
        post = self.posts[number - 1] if number <= len(self.posts) else None
        if post is None or post.room != out.to.room:
            raise Undeliverable("there is nothing of that id to edit")
        post.message, post.key, post.edits = out.message, out.key, post.edits + 1
        return out.edits

    async def sent(self, out: Outgoing) -> str | None:
        found = (f"p{n}" for n, post in enumerate(self.posts, 1) if post.key == out.key)
        return next(found, None) if self.tells else None

    def _receipts(self, room: str) -> set[str]:
        return {f"p{n}" for n, post in enumerate(self.posts, 1) if post.room == room}
