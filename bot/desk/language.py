"""In which language somebody is written to."""

from dataclasses import replace

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
