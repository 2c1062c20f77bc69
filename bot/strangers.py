"""Somebody whom nobody has linked: met as a guest, told where the desk is, or let in by a one-time code."""

from collections.abc import Collection

from bot import text
from bot.desk import linking
from bot.incoming import Incoming, Written
from bot.messages import Message, from_json, to_json
from bot.turn import Now, Turn, as_actor, the_desk, zone_of
from bot.understanding import Begin, Intent, Letter
from bot.who import barred, known, speaks_for, welcome
from rules.catalogue import Catalogues
from rules.refusals import Refusal
from store.links import fingerprint
from store.tables import Conversation, Person
from store.work import Work


class NotAStranger(Exception):
    """They are in the directory: what they say is read like anything else of theirs."""


def met(work: Work, incoming: Incoming, place: Conversation, intent: Intent | None, now: Now) -> Person | None:
    """Who speaks for an account is kept as its guest; who reports a problem from nowhere, as one of nobody's yet."""
    here, by = incoming.here, incoming.by
    if barred(work, here, by):
        return None
    account = speaks_for(work, place, here, by)
    reports = isinstance(intent, Letter) or (isinstance(intent, Begin) and bool(intent.known.get("problem")))
    if account is None and incoming.unbound and reports:
        account = work.unverified_account(here.channel, here.tenant).id
    return welcome(work, here, by, account, now.machine) if account else None


def no_more(work: Work, incoming: Incoming, now: Now, catalogues: Catalogues) -> Message | None:
    """Who left or was erased, where anybody may write: told once, and neither their words nor their room are kept."""
    here, provider = incoming.here, next(iter(catalogues.providers.values()))
    forged = isinstance(incoming.body, Written) and not incoming.body.proven  # which uses up nobody else's answer
    once = fingerprint("no more", here.channel, here.tenant, incoming.user, "unverified" if forged else "")
    work.forget_key(incoming.key)  # it may hold their address; the answer is given once all the same
    if not incoming.addressed or not work.first_time(once, now.machine):
        return None
    before = work.known_conversation(here.channel, here.tenant, here.room)
    place = before or work.conversation(here.channel, here.tenant, here.room)
    if before is None:
        work.forget_lanes([place.id], now.machine)  # once the answer has left
    return tell(work, incoming, place, text.no_more(provider, the_desk(zone_of(provider))), now)


def turn_away(work: Work, incoming: Incoming, place: Conversation, now: Now, catalogues: Catalogues) -> Message | None:
    here = incoming.here
    provider = next(iter(catalogues.providers.values()))
    reader = the_desk(zone_of(provider))
    if not incoming.unbound:
        return tell(work, incoming, place, text.stranger(provider, reader), now)
    once = f"unbound {here.channel} {here.tenant} {incoming.user}"
    if not work.first_time(once, now.machine):
        return None
    return tell(work, incoming, place, text.unknown_company(provider, reader), now)


def link(
    work: Work, incoming: Incoming, now: Now, *, catalogues: Catalogues, channels: Collection[str]
) -> Message | None:
    """The one line that does something for whom nobody knows; whatever is wrong with a code, the answer is one."""
    here, code = incoming.here, linking.code_in(incoming)
    before = known(work, here.channel, here.tenant, incoming.by, lock=True)
    if code is None or (before is not None and not before.guest):
        raise NotAStranger
    if not work.first_time(incoming.key, now.machine):
        kept = work.kept_answer(incoming.key)
        return from_json(kept) if kept else None
    place = work.conversation(here.channel, here.tenant, here.room)
    zone = incoming.by.zone or zone_of(next(iter(catalogues.providers.values())))
    try:
        person = linking.redeem(work, here, incoming.by, code, now.machine)
    except Refusal as refusal:
        return tell(work, incoming, place, text.refused(refusal, the_desk(zone)), now)
    actor = as_actor(person, zone)
    _tell_elsewhere(Turn(work, catalogues, actor, now, now.business, place), person, incoming, channels)
    if incoming.personal:
        person.conversation_id = place.id
        work.add(person)
    return tell(work, incoming, place, text.linked(actor), now)


def _tell_elsewhere(turn: Turn, person: Person, incoming: Incoming, channels: Collection[str]) -> None:
    """Where they were known before: should it not have been them, they say so."""
    place = person.conversation_id
    if place is None and "email" in channels and person.email:
        place = turn.work.conversation("email", "", person.email).id
    if place is not None and turn.place is not None and place != turn.place.id:
        turn.owe(place, text.linked_elsewhere(incoming.here.channel, incoming.by.name or incoming.user, turn.actor))


def tell(work: Work, incoming: Incoming, place: Conversation, said: Message, now: Now) -> Message | None:
    """To whoever did it, without a turn of theirs."""
    if incoming.at_once:
        work.keep_answer(incoming.key, to_json(said))
        return said
    only = {} if incoming.personal else {"only_for": incoming.user}
    thread = "" if incoming.begins and only else incoming.here.thread
    work.owe(place.id, now.machine, {"message": to_json(said), "thread": thread, **only})
    return None
