"""What only letters need to be said."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.messages import Message, Quote, Quoted
from bot.messages import Person as Named
from bot.text.entitlements import entitlement
from bot.text.telling import opened
from bot.wording import label, message, say
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.views import CaseView

LONGEST_NAME = 160


def opened_by_letter(view: "CaseView", reader: Actor) -> Message:
    """The receipt; who has no contract also reads what there is, and where a person is reached (W5)."""
    receipt = opened(view, reader)
    if view.plan is not None:
        return receipt
    head = message(reader, say("These are the plans:"))
    plans = entitlement(None, view.provider, reader).parts[1:]
    return replace(receipt, parts=(*receipt.parts, *head.parts, *plans))


def unverified(name: str) -> str:
    """As the desk reads it, and the history keeps it."""
    return label(say("{name}, by unverified mail", name=Quoted(name[:LONGEST_NAME])))


def unsigned(words: str, reader: Actor) -> Message:
    said = say("A mail came whose sender cannot be told. Nobody was answered.", style="alert")
    return message(reader, said, Quote(Named("supporthub", ""), words, internal=True))
