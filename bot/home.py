"""A person's own page in a channel: how things stand for them, and what they could say first."""

from contextlib import suppress

from bot import text
from bot.channel import Home
from bot.desk.homes import company_home, desk_home
from bot.incoming import Address, User
from bot.messages import Message
from bot.turn import Now, Turn, as_actor, the_desk, zone_of
from bot.who import guest, known, speaks_for
from rules.catalogue import Catalogues
from rules.people import Actor
from rules.refusals import Refusal
from store.work import Work


def page(turn: Turn, words: str = "") -> Message:
    """``home``, or what it was narrowed to: ``home at-risk page 2``."""
    if turn.actor.staff:
        return text.desk_home(desk_home(turn, words), turn.actor)
    return text.company_home(company_home(turn, words), turn.actor)


def greet(work: Work, by: User, private: Address, now: Now, catalogues: Catalogues, line: str = "") -> Home:
    """Changes nothing; somebody unknown is told where the desk is reached (W5). ``line``: what a button of it said."""
    provider = next(iter(catalogues.providers.values()))
    zone = by.zone or zone_of(provider)
    actor = _actor(work, by, private, zone)
    if actor is None:
        return Home(text.stranger(provider, the_desk(zone)), ())
    turn, prompts = Turn(work, catalogues, actor, now, now.business), text.prompts(actor)
    with suppress(Refusal):  # what it was narrowed to may be gone by now
        return Home(page(turn, line.partition(" ")[2]), prompts)
    return Home(page(turn), prompts)


def _actor(work: Work, by: User, private: Address, zone: str) -> Actor | None:
    person = known(work, private.channel, private.tenant, by)
    if person is not None:
        return as_actor(person, zone)
    account = speaks_for(work, None, private, by)
    return guest(by, account, zone) if account else None
