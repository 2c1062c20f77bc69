"""What is owed to a room, for delivery to send."""

from collections.abc import Callable

from bot.channel import NotSent, Outgoing, Undeliverable
from bot.messages import Message, Text, to_json
from tests.fake import Fake
from tests.world import World


async def owe(desk: World, room: str, *texts: str, **more: object) -> None:
    def unit(work) -> None:
        for text in texts:
            row = {"message": to_json(Message((Text((text,)),))), **more}
            work.owe(work.conversation(desk.channel, "", room).id, desk.time.machine, row)

    await desk.store.write(unit)


def down(out: Outgoing) -> None:
    raise NotSent("down")


def up(out: Outgoing) -> None:
    """As usual."""


def gone(*rooms: str, why: str = "the bot was removed") -> Callable[[Outgoing], None]:
    """For ``Fake.before``: these rooms take nothing any more."""

    def refuse(out: Outgoing) -> None:
        if out.to.room in rooms:
            raise Undeliverable(why)

    return refuse


def told(desk: World) -> list[str]:
    return [text for text in desk.heard("desk") if text.startswith("Not delivered")]


def gone_quiet(*rooms: str) -> Callable[[Outgoing], None]:
    return lambda out: down(out) if out.to.room in rooms else None


def mailbox(desk: World) -> Fake:
    email = desk.channels["email"]
    assert isinstance(email, Fake)
    return email
