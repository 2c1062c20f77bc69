"""A message as Teams is sent it: in as many activities as it takes, or shortened to one."""

from collections.abc import Iterable, Iterator, Sequence

from adapters.teams.card import Piece, pieces_of, rows, small
from adapters.teams.lengths import shortened
from adapters.teams.runs import Run, said, sentence
from adapters.teams.words import Element, block, still
from bot.channel import Outgoing
from bot.languages import spans, translated
from bot.messages import Button, Code, Link, Message, Moment, Spans, Text

Activity = dict[str, object]
Card = dict[str, object]

# Teams takes 100 KB of an activity in UTF-16 and advises 80; that is 40,960 units, among them the address, what a card
# is wrapped in, and its summary.
ROOM, ELEMENTS = 36_000, 200
SUMMARY, REST = 150, 150
BUTTONS = 18_000  # units of those that a shortened card keeps
TWIN = 4_000  # characters
SHORT = 600  # characters that fit however they are written: at most six units each
NOTHING = "There is nothing to show."
CARD = "application/vnd.microsoft.card.adaptive"


def render(message: Message) -> list[Activity]:
    """Nothing is lost, whatever its length. A row of buttons stays with what stands before it."""
    talk = _talk(message)
    if talk and (words := _words(message)):
        return [_text(words)]
    pieces = pieces_of(message) or [_nothing()]
    return [_text(_said(some)) if talk else _shown(some) for some in _packed(pieces)]


def render_one(message: Message, rest: str) -> Activity:
    """For a place that takes only one; ``rest`` is the line that sends all of it. Rows of buttons are kept."""
    pieces = pieces_of(message) or [_nothing()]
    return _text(_said(pieces)) if _talk(message) and _fits(pieces) else activity(card_of(message, rest))


def rest(out: Outgoing) -> str:
    """The line that sends all of what had to be shortened."""
    return f"show {out.case}" if out.case and out.root else (f"status {out.case}" if out.case else "help")


def card_of(message: Message, rest: str) -> Card:
    """The same, always as a card: what answers a button that was pressed on one."""
    cut = "Shortened. Write {line} to me for all of it." if rest.strip() else "Shortened."
    return card(_fitted(message, spans(translated(message.language, cut), {"line": (Code(rest[:REST]),)}.__getitem__)))


def activity(made: Card) -> Activity:
    """A card as a message; Teams shows the summary in notifications."""
    told = str(made["fallbackText"])
    content = {"contentType": CARD, "content": made}
    return {"type": "message", "summary": _summary(told), "attachments": [content]}


def card(pieces: Sequence[Piece], actions: Sequence[Element] = ()) -> Card:
    body = [element for piece in pieces for element in piece.elements]
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": _said(pieces),
        "msteams": {"width": "Full"},
        "body": body,
        **({"actions": list(actions)} if actions else {}),
    }


def twin(message: Message, most: int = TWIN) -> str:
    """Its words, for a place that takes nothing else; cut where there are more."""
    told = _said(pieces_of(message) or [_nothing()])
    return told if len(told) <= most else told[: most - 1] + "…"


def _talk(message: Message) -> bool:
    """Whether it is sentences that lose nothing as text: no link, and no moment for nobody's clock in particular."""
    sentences = [part.spans for part in message.parts if isinstance(part, Text) and part.style == "normal"]
    drawn = (Link, Moment) if message.zone == "UTC" else (Link,)
    return len(sentences) == len(message.parts) and not any(
        isinstance(span, drawn) for sentence_ in sentences for span in sentence_
    )


def _fitted(message: Message, note: Spans) -> list[Piece]:
    """All of it; or its beginning, the buttons and the note."""
    pieces = pieces_of(message) or [_nothing()]
    if _fits(pieces):
        return pieces
    end = [*_kept(button for piece in pieces for button in piece.row), *small(note, message.reader)]
    kept: list[Piece] = []
    for piece in (piece for piece in pieces if not piece.row):
        if not _fits([*kept, piece, *end]):
            break
        kept.append(piece)
    return [*kept, *end]


def _kept(buttons: Iterable[Button]) -> Iterator[Piece]:
    taken = 0
    for row in rows(buttons):
        taken += row.weight
        if taken <= BUTTONS:
            yield row


def _packed(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    current: list[Piece] = []
    for piece in pieces:
        if current and not _fits([*current, piece]):
            carried = current[-1:] if _together(current, piece) else []
            yield current[: len(current) - len(carried)]
            current = carried
        current.append(piece)
    yield current


def _together(current: Sequence[Piece], piece: Piece) -> bool:
    """Whether the last of them should move on with the buttons that follow it."""
    return bool(piece.row) and len(current) > 1 and not current[-1].row and _fits([current[-1], piece])


def _fits(pieces: Sequence[Piece]) -> bool:
    return sum(len(piece.elements) for piece in pieces) <= ELEMENTS and sum(piece.weight for piece in pieces) <= ROOM


def _shown(pieces: Sequence[Piece]) -> Activity:
    return activity(card(pieces))


def _words(message: Message) -> str:
    """Of talk that needs no measuring; empty where it does."""
    told = [said(sentence(part.spans, message.reader)) for part in message.parts if isinstance(part, Text)]
    short = sum(map(len, told)) < SHORT
    return still("\n".join(words for words in told if words.strip())) if short else ""


def _text(words: str) -> Activity:
    return {"type": "message", "text": words, "textFormat": "plain"}


def _said(pieces: Iterable[Piece]) -> str:
    return still("\n".join(piece.said for piece in pieces if piece.said))


def _summary(told: str) -> str:
    first = next((line for line in told.splitlines() if line.strip()), NOTHING)
    return shortened(first, SUMMARY)


def _nothing() -> Piece:
    return Piece([block([Run(NOTHING)], {})], NOTHING)
