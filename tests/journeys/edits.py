"""People change what they said, and take it back."""

from typing import Any

from bot.incoming import Address, Deleted, Edited, Incoming, Picked, Reacted, SentOn, User
from store.tables import Case, CaseEvent, Draft, Outbox
from store.work import Work
from tests.world import World

BODIES = Edited | Deleted | Picked | Reacted | SentOn


async def does(world: World, who: str, body: BODIES, **how: Any) -> str:
    """What they read at that where they are."""
    world.acts += 1
    here = Address(world.channel, "", how.pop("room", who), how.pop("thread", ""))
    how.setdefault("personal", here.room == who)
    key, seen, at = how.pop("key", f"act {world.acts}"), len(world.fake.posts), how.pop("at", world.time.business)
    how.setdefault("addressed", False)
    await world.bot.hear(Incoming(key, User(who), here, body, at, **how))
    await world.delivery.deliver_all()
    return "\n".join(post.text for post in world.fake.posts[seen:] if post.room == here.room)


async def changes(world: World, who: str, of: str, text: str, **how: Any) -> str:
    return await does(world, who, Edited(text, of), **how)


async def takes_back(world: World, who: str, of: str, **how: Any) -> str:
    return await does(world, who, Deleted(of), **how)


async def notes(world: World, text: str, key: str = "", case: int = 1001) -> str:
    """Sam writes it in the case's thread at the desk, without a verb and without calling anybody."""
    how = {"key": key} if key else {}
    thread = world.receipt(case)
    return str(await world.says("sam", text, room="desk", thread=thread, addressed=False, **how))


async def happened(world: World, case: int = 1001) -> list[tuple[str, str]]:
    events: list[CaseEvent] = await world.ask_store(lambda work: work.events(case, internal=True))
    return [(str(one.verb), one.words) for one in events]


def told(world: World, room: str, words: str) -> list[str]:
    return [text for text in world.heard(room) if words in text]


def still_kept(work: Work, words: str) -> list[str]:
    rows = [row for kind in (Outbox, CaseEvent, Draft, Case) for row in work.rows_after(kind, None, 999)]
    return [repr(row) for row in rows if words in repr(row.model_dump())]
