"""What the desk says of itself: that what it keeps and its history disagree."""

from collections.abc import Sequence

from bot.messages import CaseNumber, Code, Message
from bot.wording import Row, message, say, several
from rules.people import Actor

NAMED = 10


def differing(differences: int, about: Sequence[str], reader: Actor) -> Message:
    """``about``: cases and messages as the verification names them ("case 1042")."""
    told = several(
        "I looked myself over tonight: in {n} place what is kept and what history says differ.",
        "I looked myself over tonight: in {n} places what is kept and what history says differ.",
        differences,
        style="alert",
    )
    rows = tuple(Row(say("{what}", what=_named(each))) for each in about[:NAMED])
    more = several("And {n} more.", "And {n} more.", len(about) - NAMED) if len(about) > NAMED else None
    how = say("{line} on the server shows all of them.", style="small", line=Code("supporthub verify"))
    return message(reader, told, rows, more, how)


def _named(about: str) -> CaseNumber | Code:
    kind, _, number = about.partition(" ")
    return CaseNumber(int(number)) if kind == "case" else Code(about)
