"""What the desk's people hear about being away and being on call."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.messages import Message, Moment, Quoted
from bot.text.values import named
from bot.wording import Row, Sentence, message, say
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.duty import OnCall
    from store.tables import Person


def went_away(until: datetime, stand_in: "Person | None", reader: Actor) -> Message:
    """The absolute time, since "friday" was theirs and is read here."""
    said = say("You are away until {at}.", at=Moment(until))
    if stand_in is None:
        return message(reader, said, say("Your warnings go to whoever is on call, or to the desk."))
    return message(reader, said, say("Your warnings go to {who}.", who=Quoted(stand_in.name)))


def stands_in(who: Actor, until: datetime, reader: Actor) -> Message:
    told = "{who} is away until {at}. You stand in: warnings for them come to you."
    return message(reader, say(told, who=named(who), at=Moment(until)))


def came_back(was_away: bool, reader: Actor) -> Message:
    if not was_away:
        return message(reader, say("You were not away."))
    return message(reader, say("Welcome back. Warnings reach you again."))


def any_hour(on: bool, reader: Actor) -> Message:
    if on:
        return message(reader, say("Warnings reach you at any hour."))
    return message(reader, say("Warnings reach you in business hours; a critical case at any hour."))


def on_call(shifts: Sequence["OnCall"], reader: Actor) -> Message:
    if not shifts:
        return message(reader, say("Nobody is on call: no rota has begun."))
    return message(reader, say("On call", style="heading"), tuple(Row(shift(each)) for each in shifts))


def shift(each: "OnCall") -> Sentence:
    about: dict[str, Any] = {
        "rota": Quoted(each.rota.name),
        "who": Quoted(each.whose.name),
        "at": Moment(each.shift.until),
    }
    after = {**about, "next": Quoted(each.next.name)}
    if each.there is None:
        return Sentence("{rota}: {who}, who is away, until {at}; then {next}", after)
    if each.there.id != each.whose.id:
        told = "{rota}: {there} in place of {who}, until {at}; then {next}"
        return Sentence(told, {**after, "there": Quoted(each.there.name)})
    return Sentence("{rota}: {who} until {at}; then {next}", after)
