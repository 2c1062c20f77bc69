"""A person's own page: the app's Home tab."""

from adapters.slack.blocks import Block, section
from adapters.slack.render import NOTHING, Room, fitted
from bot.languages import translated
from bot.messages import Message

# A view has 250 kB, and one character may take six bytes of it; it has no plain twin.
HOME = Room(95, 25_000, 10**9)


def home(message: Message) -> Block:
    """What views.publish takes as ``view``."""
    note = translated(message.language, "Shortened. Write to me for all of it.")
    blocks = [block for piece in fitted(message, HOME, (note,)) for block in piece.blocks]
    return {"type": "home", "blocks": blocks or [section(NOTHING)]}
