"""Asking for the customer's Yes, all at once or again; and for their verdict once they gave it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.messages import CaseNumber, Count, Message, Quoted
from bot.text.cards import choices
from bot.text.values import cited, number, with_
from bot.wording import Choice, Part, Row, message, say, several
from rules.lifecycle import STARS
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.confirming import Confirmed
    from bot.desk.views import CaseView


def works_now(view: "CaseView", reader: Actor) -> Message:
    """The customer says so; one more press makes it final (W59)."""
    return message(reader, say("Good. Shall I close case {case}?", case=number(view)), choices(view, reader))


def thanks(view: "CaseView", reader: Actor, asks: bool = False) -> Message:
    """The customer confirmed; ``asks`` how it was, in the same message and once."""
    said = say("Thank you. Case {case} is closed. If it comes back, reopen it.", case=number(view))
    return message(reader, said, choices(view, reader), *(_survey(view) if asks else ()))


def _survey(view: "CaseView") -> tuple[Part, ...]:
    asked = say("How was it, from {worst} (poor) to {best} (very good)?", worst=Count(STARS[0]), best=Count(STARS[-1]))
    return asked, tuple(Choice(say("{n}", n=Count(star)), f"rate {view.case.id} {star}") for star in STARS)


def rated(view: "CaseView", commented: bool, reader: Actor) -> Message:
    more = () if commented else (Choice(say("Add a comment"), f"comment {view.case.id}"),)
    return message(reader, say("Thank you, the desk has it."), more)


def please_confirm(view: "CaseView", reader: Actor) -> Message:
    """A reminder, not the last word: nothing closes by itself (W59)."""
    told = "A reminder: is {case} solved for you? It closes only when you say so{clause}."
    said = say(told, case=number(view), clause=cited(view, "closing_rule"))
    return message(reader, said, say("{subject}", subject=Quoted(view.case.subject)), choices(view, reader))


def to_confirm(views: "Sequence[CaseView]", reader: Actor) -> Message:
    """What they would confirm, each in the state in which it is listed."""
    if not views:
        return message(reader, say("Nothing waits for your confirmation."))
    one, many = "{n} case waits for your confirmation", "{n} cases wait for your confirmation"
    return message(reader, several(one, many, len(views), style="heading"), *_list(views))


def monthly(views: "Sequence[CaseView]", reader: Actor) -> Message:
    """After the last reminder, once a month, all of them in one message."""
    one = "{n} case still waits for your confirmation. It closes only when you say so{clause}."
    many = "{n} cases still wait for your confirmation. They close only when you say so{clause}."
    return message(
        reader, several(one, many, len(views), clause=cited(views[0], "closing_rule")), *_list(views[:LISTED])
    )


LISTED = 20


def _list(views: "Sequence[CaseView]") -> tuple[Part, ...]:
    rows = tuple(
        Row(
            say("{case} {subject}", case=number(view), subject=Quoted(view.case.subject)),
            Choice(say("Show"), f"status {view.case.id}"),
        )
        for view in views
    )
    each = " ".join(f"{view.case.id} r{view.case.resolutions}" for view in views)
    return rows, (Choice(say("Yes, close all of these"), f"confirm all {each}", "primary"),)


def confirmed_all(confirmed: "Confirmed", reader: Actor) -> Message:
    one, many = "Thank you. {n} case is closed.", "Thank you. {n} cases are closed."
    said = several(one, many, len(confirmed.done)) if confirmed.done else say("Nothing was closed.")
    rows = tuple(
        Row(say("{case} has changed since you were asked.", case=CaseNumber(n)), Choice(say("Show"), f"status {n}"))
        for n in confirmed.left
    )
    return message(reader, said, rows)


def given_in_turn(view: "CaseView", reader: Actor) -> Message:
    return message(reader, say("Done. Case {case} is with {whom}.", case=number(view), whom=with_(view)))
