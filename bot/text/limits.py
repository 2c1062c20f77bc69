"""What is said to whoever writes more at once than anybody needs to."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.messages import Message, Moment
from bot.text.values import reached_at
from bot.wording import message, say
from rules.people import Actor

if TYPE_CHECKING:
    from rules.catalogue import Provider


def flooded(until: datetime, provider: "Provider", reader: Actor) -> Message:
    """Said once: it covers whatever they write until then."""
    told = "That was a lot at once. This is not kept, nor what you write here before {at}: please send it again then."
    return message(reader, say(told, at=Moment(until)), reached_at(provider))


def too_often(until: datetime, provider: "Provider", reader: Actor) -> Message:
    """About one costly thing."""
    told = "You have asked for this very often. It was not done: please ask again at {at}. All else is heard as ever."
    return message(reader, say(told, at=Moment(until)), reached_at(provider))
