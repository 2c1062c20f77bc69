"""The few words of our own that only mail needs."""

import re
from collections.abc import Sequence

from bot.figures import either
from bot.languages import translated
from bot.messages import ENGLISH, Button

OBEYED = re.compile(r"(?:confirm|not-solved|reopen)\b|(?:accept|decline) \d+ slot-")
"""What a reply may begin with, if the sender is beyond doubt; the core decides."""
UNREADABLE = "(A mail came that could not be read. The mail server has it.)"
EMPTY = "(A mail without words.)"
ENCRYPTED = "(An encrypted mail, which cannot be read here.)"


def what_next(
    buttons: Sequence[Button], by_reply: bool, chats: Sequence[str], language: str = ENGLISH
) -> tuple[list[tuple[str, str]], str]:
    """Nothing can be pressed in a mail: lines to write with what each does, and a sentence about the rest."""
    lines = [(b.line, b.label) for b in buttons if by_reply and OBEYED.match(b.line)]
    written = {line for line, _ in lines}
    rest = [b.label for b in buttons if b.line not in written]
    if not (rest and chats):
        return lines, ""
    also = translated(language, "In {chats} you can also choose: {buttons}.")
    return lines, also.format(chats=either(chats, language), buttons=", ".join(rest))


def reply_adds(case: int, language: str = ENGLISH) -> str:
    return translated(language, "Reply to this mail to add to case {case}.").format(case=f"#{case}")


TO_ANSWER = "To answer, write one of these as the first line of your reply:"
