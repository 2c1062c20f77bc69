"""Whoever does too much at once: told once when to go on, so that nothing is lost without a word."""

from collections.abc import Callable
from functools import partial

from bot import text
from bot.channel import Busy
from bot.incoming import Incoming, Written
from bot.limits import Held, Limits, TooMuch, counts, only_this, told_until, who
from bot.messages import Message
from bot.strangers import tell
from bot.turn import Now, the_desk, zone_of
from rules.catalogue import Catalogues
from store.store import Store
from store.work import Work


def held(limits: Limits | None, incoming: Incoming, now: Now) -> Held | None:
    """Whether they were told to wait: looked up before anything else, at no cost."""
    if limits is None or not counts(incoming, now.business):
        return None
    return limits.held(who(incoming), now.machine)


async def slowed(
    limits: Limits, catalogues: Catalogues, incoming: Incoming, much: TooMuch, now: Now, patience: float
) -> Held | None:
    """None: among all servers there was enough, and it is taken."""
    lacking = await limits.more(much.wants, now.machine, patience)
    if not lacking:
        return None
    kind = only_this(lacking)
    name = f"{who(incoming)} {kind}".rstrip()
    if (before := limits.held(name, now.machine)) is not None:
        return before
    provider, until = next(iter(catalogues.providers.values())), told_until(lacking, now.machine)
    said = (text.too_often if kind else text.flooded)(until, provider, much.actor or the_desk(zone_of(provider)))
    limits.hold(name, found := Held(until, said))
    return found


async def put_off(
    store: Store, incoming: Incoming, held: Held, now: Now, patience: float, wake: Callable[[], None]
) -> Message | None:
    """Told once in each room. A letter stays with its mail server, which tries again; who is answered at once is told
    again each time."""
    if isinstance(incoming.body, Written):
        raise Busy("that many letters at once wait with their mail server")
    if incoming.at_once:
        return held.said
    if (room := (incoming.here.tenant, incoming.here.room)) not in held.told:
        held.told.add(room)
        try:
            await store.write(partial(_tell, said=held.said), incoming, now, patience=patience)
        except BaseException:
            held.told.discard(room)  # it is brought again
            raise
        finally:
            wake()
    return None


def _tell(work: Work, incoming: Incoming, now: Now, said: Message) -> None:
    here = incoming.here
    tell(work, incoming, work.conversation(here.channel, here.tenant, here.room), said, now)
