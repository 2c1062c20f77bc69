"""What the desk hears of its own words on their way to a customer: while they can be taken back, and afterwards."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.messages import CaseNumber, Duration, Message, Part, Person, Quote, Quoted
from bot.text.values import ROLES, named, number
from bot.wording import Choice, message, say, several
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.holding import Colleague
    from bot.desk.views import CaseView
    from store.tables import HeldAct


def held(view: "CaseView", row: "HeldAct", wait: timedelta, shown: bool, reader: Actor) -> Message:
    """``shown``: with its words, which are not those that they typed."""
    one = "On case {case} this goes out to {who} in {n} second."
    many = "On case {case} this goes out to {who} in {n} seconds."
    seconds, who = max(round(wait.total_seconds()), 1), Quoted(view.opener.name)
    said = several(one, many, seconds, case=number(view), who=who)
    quote = Quote(named(reader), row.words) if shown and row.words else None
    return message(reader, said, quote, (Choice(say("Undo"), f"undo {row.case_id} {row.id}"),))


def answered_before(view: "CaseView", row: "HeldAct", other: "Colleague", reader: Actor) -> Message:
    """Two at once on one case: theirs waits for a word, and is lost in no case."""
    who = Person(other.person.name, ROLES[other.person.role])
    minutes = int((view.now - other.at).total_seconds() // 60) if other.at else 0
    if other.at is None:
        told = say("{who} is about to answer case {case}. Yours waits.", who=who, case=number(view))
    elif minutes < 1:
        told = say("{who} answered case {case} just now. Yours waits.", who=who, case=number(view))
    else:
        ago = Duration(minutes)
        told = say("{who} answered case {case} {ago} ago. Yours waits.", who=who, case=number(view), ago=ago)
    theirs = Quote(who, other.words) if other.words else None
    mine = Quote(named(reader), row.words) if row.words else None
    anyway = Choice(say("Send anyway"), f"send-anyway {row.case_id} {row.id}", "primary")
    return message(reader, told, theirs, mine, (anyway, Choice(say("Drop"), f"undo {row.case_id} {row.id}")))


def requoted(told: Message, by: Actor, words: str | None) -> Message:
    """What somebody else was told, with their words as these read now, or without."""

    def now(part: Part) -> Part | None:
        if not isinstance(part, Quote) or part.by != named(by):
            return part
        return replace(part, words=words) if words else None

    return replace(told, parts=tuple(part for part in map(now, told.parts) if part is not None))


def goes_out(case: int, reader: Actor) -> Message:
    return message(reader, say("It goes out now, on case {case}.", case=CaseNumber(case)))


def taken_back(case: int, words: str, reader: Actor) -> Message:
    """With their words, to be said better."""
    said = say("Taken back. Nothing of it went out on case {case}.", case=CaseNumber(case))
    return message(reader, said, Quote(named(reader), words) if words else None)


def nothing_held(before: bool, reader: Actor) -> Message:
    """``before``: they took that very one back already."""
    if before:
        return message(reader, say("That was taken back already: nothing of it went out."))
    return message(reader, say("It is too late for that: nothing of yours waits to go out any more."))


def never_sent(case: int, words: str, reader: Actor) -> Message:
    told = "You did not say whether this is to go out on case {case}, so it did not."
    return message(reader, say(told, case=CaseNumber(case)), Quote(named(reader), words) if words else None)


def did_not_leave(case: int, words: str, why: Message, reader: Actor) -> Message:
    """It was fine when they said it, and is no more."""
    said = say("This did not go out on case {case}:", style="alert", case=CaseNumber(case))
    told = message(reader, said, Quote(named(reader), words) if words else None)
    return replace(told, parts=(*told.parts, *why.parts), refused=why.refused)
