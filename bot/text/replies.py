"""Saved replies: what there is, what was kept, and how their fields read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.messages import Code, Message, Quoted, Reader
from bot.plain import plain_spans
from bot.text.values import moment
from bot.wording import Row, message, say
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.views import CaseView
    from store.tables import SavedReply

LONGEST = 200  # characters of one in the list
_FIELDS = "{customer} {case} {me} {due}"


def saved_replies(replies: "Sequence[SavedReply]", reader: Actor) -> Message:
    line = Code(f"save NAME Hello {_FIELDS.split()[0]} ...")
    if not replies:
        return message(reader, say("No reply is saved yet: {line}", line=line))
    rows = tuple(Row(say("{name}: {words}", name=Code(f"!{one.name}"), words=_short(one.words))) for one in replies)
    used = say("{line} says one on a case.", style="small", line=Code("reply 1042 !NAME"))
    return message(reader, say("Saved replies", style="heading"), rows, used)


def saved(reply: "SavedReply", reader: Actor) -> Message:
    told = say("Saved. {line} says it on a case.", line=Code(f"reply 1042 !{reply.name}"))
    fields = say("These are filled in: {fields}", style="small", fields=Code(_FIELDS))
    return message(reader, told, fields)


def forgotten(reply: "SavedReply", reader: Actor) -> Message:
    return message(reader, say("{name} is no longer saved.", name=Code(f"!{reply.name}")))


def due_in_words(view: "CaseView", reader: Actor) -> str:
    """As the customer's clocks and the provider's show it, for words that a person of the desk sends."""
    assert view.case.due_at is not None, "asked for only where something is promised"
    return plain_spans((moment(view, view.case.due_at),), Reader(reader.zone, reader.language))


def _short(words: str) -> Quoted:
    return Quoted(shortened(words))


def shortened(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()} …"
