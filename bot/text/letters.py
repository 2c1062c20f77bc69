"""What only letters need to be said."""

from bot.messages import Message, Quote, Quoted
from bot.messages import Person as Named
from bot.wording import label, message, say
from rules.people import Actor

LONGEST_NAME = 160


def unverified(name: str) -> str:
    """As the desk reads it, and the history keeps it."""
    return label(say("{name}, by unverified mail", name=Quoted(name[:LONGEST_NAME])))


def by_program(name: str, program: str) -> str:
    """As the history keeps what another system did in somebody's name."""
    return label(say("{name}, by {program}", name=Quoted(name[:120]), program=Quoted(program[:60])))


def unsigned(words: str, reader: Actor) -> Message:
    said = say("A mail came whose sender cannot be told. Nobody was answered.", style="alert")
    return message(reader, said, Quote(Named("supporthub", ""), words, internal=True))
