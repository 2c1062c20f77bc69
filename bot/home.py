"""A person's own page in a channel: how things stand for them, and what they could say first."""

from bot import desk, text
from bot.channel import Home
from bot.messages import Address, User
from bot.turn import Now, Turn, as_actor, the_desk, zone_of
from bot.who import guest, known, speaks_for
from rules.catalogue import Catalogues
from rules.people import Actor
from store.work import Work


def greet(work: Work, by: User, private: Address, now: Now, catalogues: Catalogues) -> Home:
    """Changes nothing; somebody unknown is told where the desk is reached (W5)."""
    provider = next(iter(catalogues.providers.values()))
    zone = by.zone or zone_of(provider)
    actor = _actor(work, by, private, zone)
    if actor is None:
        return Home(text.stranger(provider, the_desk(zone)), ())
    turn = Turn(work, catalogues, actor, now, now.business)
    if actor.staff:
        return Home(text.desk_home(desk.queue(turn).rows, actor), text.prompts(actor))
    mine = None if actor.guest else desk.entitlement(turn)
    concierge = None if actor.guest or actor.account is None else work.concierge(actor.account)
    return Home(text.customer_home(desk.company(turn), mine, concierge, actor), text.prompts(actor))


def _actor(work: Work, by: User, private: Address, zone: str) -> Actor | None:
    person = known(work, private.channel, private.tenant, by)
    if person is not None:
        return as_actor(person, zone)
    account = speaks_for(work, None, private, by)
    return guest(by, account, zone) if account else None
