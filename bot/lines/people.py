"""Who is who, who is there, and what they chose for themselves."""

from dataclasses import replace

from bot import desk, signing_in, text
from bot.desk import CaseRef, linking
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import Verb, permit
from rules.refusals import LinkedAlready


def whois(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    person = desk.whois(turn, words)
    said = text.whois(person, turn.work.account(person.account_id) if person.account_id else None, turn.actor)
    left = text.gone(person.left_at, turn.actor).parts if person.left_at else ()
    return replace(said, parts=(*said.parts, *left))


def link(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    """Only reached by whoever is somebody here already."""
    permit(turn.actor, Verb.LINK)
    raise LinkedAlready(who=turn.actor.name)


def invite(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    code = desk.invite(turn, words)
    return replace(text.code_made(code, turn.actor), way_in=code.hash)


def links(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    what, names = linking.read_proposals(turn, words)
    if not what:
        return text.proposals(linking.waiting(turn.work), turn.actor)
    approved, by = what == "approve", turn.work.person(turn.actor.id)
    done = linking.decide(turn.work, names, approved, turn.time.machine, by)
    if approved:
        linking.tell_of(turn, done)
    return text.decided(done, approved, turn.actor)


def leave(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.left(desk.leave(turn, words), turn.actor)


def away(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.went_away(*desk.go_away(turn, words), turn.actor)


def back(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.came_back(desk.come_back(turn), turn.actor)


def on_call(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.on_call(desk.who_is_on_call(turn), turn.actor)


def any_hour(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.any_hour(desk.any_hour(turn, words), turn.actor)


def language(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.language_chosen(desk.choose_language(turn, words))


def zone(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.zone_chosen(desk.choose_zone(turn, words))


def portal(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    """A link of their own, where nobody else reads it."""
    if turn.links is None or "portal" not in turn.channels:
        return text.no_portal(turn.actor)
    person, machine = turn.work.person(turn.actor.id), turn.time.machine
    if signing_in.elsewhere(person, turn.links):
        return text.own_sign_in(f"{turn.links.origin}{signing_in.path()}", turn.actor)
    token = signing_in.link_for(turn.work, person, machine)
    if token is None:
        return text.enough_links(turn.actor)
    said = signing_in.told(turn.links.origin, token, machine, turn.actor)
    if turn.personal or turn.at_once or turn.whispers:
        return said
    turn.tell(person, lambda _: said)
    return text.link_sent(turn.actor)
