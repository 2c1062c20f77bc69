"""Answers that the desk gives often: kept under a name, with fields that are filled in for each case."""

import re

from bot import text
from bot.desk.views import CaseView
from bot.turn import Turn, as_actor
from rules.lifecycle import Verb, permit
from rules.refusals import Misunderstood, NoSavedReply, NoSuchField, NothingToFillIn
from store.tables import SavedReply

FIELDS = ("customer", "case", "me", "due")
MOST = 200
SAVE = "save NAME TEXT"
NAMED = re.compile(r"!([a-z0-9][a-z0-9-]{0,59})", re.I)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_FIELD = re.compile(r"\{([^{}]*)\}")


def saved(turn: Turn) -> list[SavedReply]:
    permit(turn.actor, Verb.SAVED)
    return turn.work.saved_replies(MOST)


def check(turn: Turn, words: str) -> None:
    """Refuses the name of a reply that nobody saved, before it is said on any case."""
    if (named := NAMED.fullmatch(words.strip())) is not None:
        _found(turn, named[1])


def save(turn: Turn, words: str) -> SavedReply:
    """``greeting Hello {customer}, we look into {case}.``: new, or in the place of the one that was called so."""
    permit(turn.actor, Verb.SAVED)
    name, _, said = words.partition(" ")
    name, said = name.lower().removeprefix("!"), said.strip()
    if not _NAME.fullmatch(name) or not said or NAMED.fullmatch(said):  # what is filled in names no other
        raise Misunderstood(usage=SAVE)
    for field in _FIELD.findall(said):
        if field not in FIELDS:
            raise NoSuchField(name=field, fields=", ".join(FIELDS))
    reply = turn.work.saved_reply(name) or SavedReply(name=name, words=said, by_id=turn.actor.id, at=turn.now)
    reply.words, reply.by_id, reply.at = said, turn.actor.id, turn.now
    turn.work.add(reply)
    return reply


def forget(turn: Turn, name: str) -> SavedReply:
    permit(turn.actor, Verb.SAVED)
    reply = _found(turn, name.strip().removeprefix("!"))
    turn.work.drop(reply)
    return reply


def worded(turn: Turn, seen: CaseView, words: str) -> str:
    """What ``!greeting`` stands for on this case; any other words as they are."""
    named = NAMED.fullmatch(words.strip())
    if named is None:
        return words
    reply = _found(turn, named[1])

    def filled(field: "re.Match[str]") -> str:
        return _filled(turn, seen, field[1])

    return _FIELD.sub(filled, reply.words)


def _filled(turn: Turn, seen: CaseView, field: str) -> str:
    match field:
        case "customer":
            return seen.opener.name
        case "case":
            return f"#{seen.case.id}"
        case "me":
            return turn.actor.name
        case "due" if seen.case.due_at is not None and seen.case.owed:
            return text.due_in_words(seen, as_actor(seen.opener, seen.zone))
    raise NothingToFillIn(case=seen.case.id, name=field)


def _found(turn: Turn, name: str) -> SavedReply:
    reply = turn.work.saved_reply(name.lower())
    if reply is None:
        raise NoSavedReply(name=name)
    return reply
