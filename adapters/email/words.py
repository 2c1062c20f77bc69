"""The few words of our own that only mail needs."""

from collections.abc import Iterable, Sequence

from bot.messages import Button

OBEYED = ("confirm", "not-solved", "reopen")
"""What a reply may begin with, if the sender is beyond doubt; the core decides."""
UNREADABLE = "(A mail came that could not be read. The mail server has it.)"
EMPTY = "(A mail without words.)"
ENCRYPTED = "(An encrypted mail, which cannot be read here.)"


def what_next(buttons: Sequence[Button], by_reply: bool, chats: Sequence[str]) -> tuple[list[tuple[str, str]], str]:
    """Nothing can be pressed in a mail: lines to write with what each does, and a sentence about the rest."""
    lines = [(b.line, b.label) for b in buttons if by_reply and b.line.split(maxsplit=1)[0] in OBEYED]
    written = {line for line, _ in lines}
    rest = [b.label for b in buttons if b.line not in written]
    where = " or ".join(chats)
    return lines, f"In {where} you can also choose: {', '.join(rest)}." if rest and where else ""


def reply_adds(case: int) -> str:
    return f"Reply to this mail to add to case #{case}."


TO_ANSWER = "To answer, write one of these as the first line of your reply:"


def with_files(text: str, files: Iterable[tuple[str, str, int]]) -> str:
    """Files stay with the mail server; their names, kinds and sizes go along."""
    named = (f"📎 {name or 'file'} ({kind}, {_size(size)})" for name, kind, size in files)
    return "\n".join(filter(None, (text, *named)))


def _size(octets: int) -> str:
    if octets < 1024 * 1024:
        return f"{max(1, round(octets / 1024))} kB"
    return f"{octets / 1024 / 1024:.1f} MB"
