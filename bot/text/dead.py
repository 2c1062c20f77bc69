"""Dead letters, for those who can do something about them. Their words are the desk's side's, and shown as plain."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.messages import CaseNumber, Code, Count, Message, Moment, Quote, Quoted, from_json
from bot.messages import Person as Named
from bot.plain import plain
from bot.wording import Choice, Part, Row, Sentence, Table, message, say
from rules.people import Actor
from store.tables import Card

if TYPE_CHECKING:
    from bot.desk.dead import Opened, Page
    from store.dead_letters import DeadLetter


def erased(reader: Actor) -> Message:
    """In the place of what was said to, or of, somebody who is forgotten."""
    return message(reader, say("This message was erased."))


def undeliverable(reason: str, to: str, words: str, other: str | None, reader: Actor) -> Message:
    """Told to the desk: what was not delivered, to whom and why, and where it goes instead."""
    said = say("Not delivered to {to}: {reason}.", style="alert", to=Quoted(to), reason=Quoted(reason))
    instead = say("It goes to {other} instead.", other=Quoted(other)) if other else None
    quote = Quote(Named("supporthub", ""), words, internal=True) if words else None
    return message(reader, said, instead, quote)


def dead_letters(page: "Page", reader: Actor) -> Message:
    """The latest first, without their words."""
    if not page.letters:
        return message(reader, say("No dead letters here."))
    heading = say("Dead letters: {all}", style="heading", all=Count(page.all))
    rows = tuple(_row(letter, to) for letter, to in page.letters)
    more = (Choice(say("Older ones"), f"dead page {page.number + 1}"),) if page.more else ()
    return message(reader, heading, rows, more)


def _row(letter: "DeadLetter", to: str) -> Row:
    told = "{name}: {at}, to {to}{case}: {why}."
    about = say(" about {case}", case=CaseNumber(letter.row.case_id)) if letter.row.case_id else say("")
    show = Choice(say("Show"), f"dead {letter.name}")
    where = _where(letter, to)
    why = Quoted(letter.row.dead or "")
    return Row(say(told, name=Code(letter.name), at=Moment(letter.at), to=where, case=about, why=why), show)


def _where(letter: "DeadLetter", to: str) -> Sentence:
    return say("{to} ({channel})", to=Quoted(to), channel=Quoted(letter.place.channel))


def dead_letter(opened: "Opened", reader: Actor) -> Message:
    """Everything about one."""
    letter, row = opened.letter, opened.letter.row
    facts = [
        ("To", _where(letter, opened.to)),
        ("Given up", say("{at}: {why}", at=Moment(letter.at), why=Quoted(row.dead or ""))),
        ("Owed since", say("{at}", at=Moment(row.owed_at))),
        ("Attempts", _attempts(letter)),
        ("Instead", _instead(opened)),
    ]
    case: list[tuple[str, Sentence]] = [("Case", say("{case}", case=CaseNumber(row.case_id)))] if row.case_id else []
    again = (Choice(say("Send again"), f"dead {letter.name} replay", "primary"),) if not opened.elsewhere else ()
    heading = say("Dead letter {name}", style="heading", name=Code(letter.name))
    return message(reader, heading, Table((*facts[:1], *case, *facts[1:])), _words(letter), again)


def _attempts(letter: "DeadLetter") -> Sentence:
    row = letter.row
    if row.tried_at is None:
        return say("{many}", many=Count(row.attempt))
    return say("{many}, the first {at}", many=Count(row.attempt), at=Moment(row.tried_at))


def _instead(opened: "Opened") -> Sentence:
    other = opened.stand_in
    if other is None:
        return say("nothing")
    to = Quoted(opened.instead)
    if other.dead is not None:
        return say("to {to}, dead as {name}", to=to, name=Code(str(other.id)))
    return (
        say("to {to}, sent {at}", to=to, at=Moment(other.done_at))
        if other.receipt and other.done_at
        else say("to {to}, on its way or withdrawn", to=to)
    )


def _words(letter: "DeadLetter") -> Part:
    if isinstance(letter.row, Card):
        return say("The live card of its case, drawn anew whenever it is sent.")
    return Quote(Named("supporthub", ""), plain(from_json(letter.row.message)), internal=True)


def replayed(letters: Sequence["DeadLetter"], reader: Actor) -> Message:
    if not letters:
        return message(reader, say("There is nothing to send again."))
    names = Code(" ".join(letter.name for letter in letters))
    return message(
        reader, say("Back in their lanes: {names}. They leave as soon as their channel takes them.", names=names)
    )
