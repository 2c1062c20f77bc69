"""Followers hear what happens to a case besides those whom it concerns: each thing once, where they are met."""

from collections.abc import Callable, Collection
from dataclasses import replace

from bot.messages import Buttons
from bot.turn import Turn, Words, as_actor, zone_of
from bot.who import MAIL
from rules.eligibility import Handover
from rules.lifecycle import RULES, Side, Verb
from rules.people import STAFF, Role
from store.tables import Case, Conversation, Person


def tell_followers(
    turn: Turn,
    case: Case,
    verb: Verb,
    event: int | None,
    words: Callable[[Person], Words],
    but: Collection[int],
) -> None:
    """The desk's people of all that is told, the customer's of what their side may know. ``but``: who has heard it."""
    told = RULES[verb].told
    internal = Side.CUSTOMER not in told and turn.actor.role is not Role.CUSTOMER
    waits = case.handover in (Handover.ASKED, Handover.DECLINED)  # the desk does not have it yet
    for person in turn.work.followers(case) if told else ():
        reads_along = person.conversation_id == case.conversation_id
        unheard = waits if person.account_id is None else internal
        if person.id != turn.actor.id and person.id not in but and not reads_along and not unheard:
            _tell(turn, person, words(person), case.id, event)
    if verb in ANSWERS and case.resolutions:
        _tell_guests(turn, case, event, words)


ANSWERS = frozenset({Verb.REPLY, Verb.CALL, Verb.WAIT, Verb.RESOLVE, Verb.FORCE_CLOSE})


def _tell_guests(turn: Turn, case: Case, event: int | None, words: Callable[[Person], Words]) -> None:
    """Whose case goes on as this one (R9): they follow none, and hear its answers where theirs was, no more of it."""
    for ended in turn.work.merged_here(case.id):
        opener = turn.work.person(ended.opened_by)
        there = (ended.conversation_id, ended.thread) != (case.conversation_id, case.thread)
        if opener.guest and opener.left_at is None and opener.id != case.opened_by and there:
            said = words(opener)(as_actor(opener, zone_of(turn.provider)))
            said = replace(said, parts=tuple(part for part in said.parts if not isinstance(part, Buttons)))
            turn.owe(ended.conversation_id, said, case.id, thread=ended.thread, event=event)


def reads_there(turn: Turn, case: Case, internal: bool, place: Conversation) -> bool:
    """Whether what is said on the case from now on may be read in that place: people leave, and rooms change hands."""
    if place.desk:
        return True
    reader = turn.work.person_at(place.room) if place.channel == MAIL else turn.work.at_home_in(place)
    if reader is not None:
        return _may_read(turn, case, internal, reader)
    if place.account_id is not None:
        return not internal and place.account_id == case.account_id
    lives = {case.conversation_id, *(one.conversation_id for one in turn.work.merged_here(case.id))}
    return not internal and place.id in lives and turn.work.person(case.opened_by).left_at is None


def _may_read(turn: Turn, case: Case, internal: bool, reader: Person) -> bool:
    if reader.left_at is not None or reader.erased_at is not None:
        return False
    if reader.role in STAFF:
        return True
    theirs = not reader.guest or case.opened_by == reader.id or turn.work.opened_one_of(case.id, reader.id)
    return not internal and reader.account_id == case.account_id and theirs


def _tell(turn: Turn, person: Person, words: Words, case: int, event: int | None) -> None:
    """Whom nobody has ever met, by mail."""
    if not turn.tell(person, words, case, event=event) and MAIL in turn.channels and person.email:
        said = words(as_actor(person, zone_of(turn.provider)))
        turn.owe(turn.work.conversation(MAIL, "", person.email).id, said, case, event=event)
