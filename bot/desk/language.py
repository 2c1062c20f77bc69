"""In which language somebody is written to, and by whose clock."""

from dataclasses import replace
from zoneinfo import available_timezones

from bot.languages import languages
from bot.turn import Turn
from rules.lifecycle import Verb, permit
from rules.people import Actor
from rules.refusals import NoSuchChoice


def choose_language(turn: Turn, words: str) -> Actor:
    """They, as they read from now on."""
    permit(turn.actor, Verb.LANGUAGE)
    wanted = words.strip().lower()
    if wanted not in languages():
        raise NoSuchChoice(given=words, choices=", ".join(languages()))
    person = turn.work.person(turn.actor.id)
    person.language = wanted
    turn.work.add(person)
    return replace(turn.actor, language=wanted)


def choose_zone(turn: Turn, words: str) -> Actor:
    """The same; by the zone's own name, in any case of letters."""
    permit(turn.actor, Verb.LANGUAGE)
    known = {zone.lower(): zone for zone in available_timezones()}
    wanted = known.get(words.strip().lower())
    if wanted is None:
        raise NoSuchChoice(given=words, choices="Europe/Paris, America/Toronto, Asia/Tokyo")
    person = turn.work.person(turn.actor.id)
    person.zone = wanted
    turn.work.add(person)
    return replace(turn.actor, zone=wanted)
