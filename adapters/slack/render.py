"""A message as Slack is sent it: in as many messages as it takes, or shortened to one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from adapters.slack.blocks import LABEL, NAME, Block, Piece, pieces_of, rows, section, small
from adapters.slack.lengths import size
from bot.channel import Outgoing
from bot.languages import spans, translated
from bot.messages import Button, Code, Message, Spans

MOST_BUTTONS = 250  # that a shortened message keeps
SHARE = 4_000  # of its characters, for their labels and as many for their lines
TWIN = 1_000  # of the characters of its plain text
NOTHING = "There is nothing to show."


@dataclass(frozen=True)
class Rendered:
    text: str
    """All of it in plain words, for notifications and screen readers; escaped."""
    blocks: list[Block]


@dataclass(frozen=True)
class Room:
    """What one place takes: blocks, characters in them, characters of plain text."""

    blocks: int
    weight: int
    said: int


MESSAGE = Room(45, 10_000, 3_900)


def render(message: Message) -> list[Rendered]:
    """Nothing is lost, whatever its length. A row of buttons stays with what stands before it."""
    pieces = pieces_of(message, count(1))
    return [_rendered(pieces)] if _fits(pieces, MESSAGE) else [_rendered(some) for some in _packed(pieces)]


def render_one(message: Message, rest: str) -> Rendered:
    """For a place that takes only one; ``rest`` is the line that sends all of it. Rows of buttons are kept."""
    cut = "Shortened. Write {line} to me for all of it." if rest.strip() else "Shortened."
    note = spans(translated(message.language, cut), {"line": (Code(rest[:NAME]),)}.__getitem__)
    return _rendered(fitted(message, MESSAGE, note))


def rest(out: Outgoing) -> str:
    """The line that sends all of what had to be shortened."""
    return f"show {out.case}" if out.case and out.root else (f"status {out.case}" if out.case else "help")


def fitted(message: Message, room: Room, note: Spans) -> list[Piece]:
    """All of it; or its beginning, the buttons and the note."""
    numbers = count(1)
    pieces = pieces_of(message, numbers)
    if _fits(pieces, room):
        return pieces
    end = [*_kept((button for piece in pieces for button in piece.row), numbers), *small(note, message.reader)]
    kept: list[Piece] = []
    for piece in (piece for piece in pieces if not piece.row):
        if not _fits([*kept, piece, *end], room):
            break
        kept.append(piece)
    return [*kept, *end]


def _kept(buttons: Iterable[Button], numbers: Iterator[int]) -> Iterator[Piece]:
    """As many as can be pressed soundly, their labels cut where they are many."""
    chosen: list[Button] = []
    lines = 0
    for button in dict.fromkeys(buttons):
        lines += size(button.line)
        if len(chosen) < MOST_BUTTONS and lines <= SHARE:
            chosen.append(button)
    twin = TWIN
    for row in rows(chosen, numbers, min(LABEL, SHARE // max(len(chosen), 1))):
        twin -= size(row.said)
        yield row if twin >= 0 else Piece(row.blocks, "", row.weight, row.row)


def _packed(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    current: list[Piece] = []
    for piece in pieces:
        if current and not _fits([*current, piece], MESSAGE):
            carried = current[-1:] if _together(current, piece) else []
            yield current[: len(current) - len(carried)]
            current = carried
        current.append(piece)
    yield current


def _together(current: Sequence[Piece], piece: Piece) -> bool:
    """Whether the last of them should move on with the buttons that follow it."""
    return bool(piece.row) and len(current) > 1 and not current[-1].row and _fits([current[-1], piece], MESSAGE)


def _fits(pieces: Sequence[Piece], room: Room) -> bool:
    return (
        sum(len(piece.blocks) for piece in pieces) <= room.blocks
        and sum(piece.weight for piece in pieces) <= room.weight
        and sum(size(piece.said) + 1 for piece in pieces) <= room.said
    )


def _rendered(pieces: Sequence[Piece]) -> Rendered:
    blocks = [block for piece in pieces for block in piece.blocks]
    text = "\n".join(piece.said for piece in pieces if piece.said)
    return Rendered(text or NOTHING, blocks or [section(NOTHING)])
