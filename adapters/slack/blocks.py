"""The parts of a message as Block Kit, each in pieces that fit anywhere, with the same in plain words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import assert_never

from adapters.slack.lengths import cut, escape, one_line, shortened, size
from adapters.slack.mrkdwn import Line, bold, flowing, mrkdwn, said
from bot.languages import translated
from bot.messages import (
    Bar,
    Button,
    Buttons,
    Facts,
    Item,
    Items,
    Message,
    Person,
    Picture,
    Quote,
    Quoted,
    Reader,
    Spans,
    Text,
)

Block = dict[str, object]
Part = Text | Facts | Quote | Buttons | Items | Bar | Picture

SECTION, FIELD = 2_500, 1_700  # characters; Slack takes 3,000 and 2,000, and there are labels and names to add
HEADING, LABEL, LINE = 150, 75, 2_000
FIELDS, ACTIONS = 10, 25  # of one block
SHORT = 200  # characters of a fact that fits beside another
NAME = 150  # characters of an author's name, and of their role
CELLS = 10  # of a gauge
WITHIN = ":within"  # how the ids of buttons end that change what they stand in
URL, ALT = 3_000, 1_900  # characters of a picture's address, of what is said of it


@dataclass(frozen=True, slots=True)
class Piece:
    """Blocks that stay together, with their plain twin."""

    blocks: list[Block]
    said: str
    """Escaped."""
    weight: int
    """Characters in the blocks, the lines that buttons say among them."""
    row: tuple[Button, ...] = ()
    """The buttons, where it is a row of them and nothing else."""


def pieces_of(message: Message, numbers: Iterator[int]) -> list[Piece]:
    """``numbers`` tell the buttons of one message apart."""
    return [piece for part in message.parts for piece in _part(part, message.reader, numbers)]


def rows(buttons: Iterable[Button], numbers: Iterator[int], label: int = LABEL) -> Iterator[Piece]:
    """Of buttons as far as they are different, with labels of at most so many characters."""
    usable = [button for button in dict.fromkeys(buttons) if _usable(button)]
    for start in range(0, len(usable), ACTIONS):
        row = tuple(usable[start : start + ACTIONS])
        labels = [_label(button, label) for button in row]
        elements = [_button(button, words, numbers) for button, words in zip(row, labels, strict=True)]
        weight = sum(map(size, labels)) + sum(size(button.line) for button in row)
        yield Piece([{"type": "actions", "elements": elements}], " ".join(f"[{one}]" for one in labels), weight, row)


def small(spans: Spans, reader: Reader) -> Iterator[Piece]:
    for line in flowing(spans, reader, SECTION):
        yield Piece([_context(line.shown)], line.said, size(line.shown))


def section(shown: str) -> Block:
    return {"type": "section", "text": _marked_up(shown)}


def literal(text: str) -> Block:
    """A text object without mark-up; ``text`` is escaped."""
    return {"type": "plain_text", "text": text, "emoji": False}


# Parts ------------------------------------------------------------------------------------------------------------


def _part(part: Part, reader: Reader, numbers: Iterator[int]) -> Iterator[Piece]:
    match part:
        case Text(spans, "heading"):
            return _heading(spans, reader)
        case Text(spans, "small"):
            return small(spans, reader)
        case Text(spans, style):
            return _text(flowing(spans, reader, SECTION), "⚠️ " if style == "alert" else "")
        case Facts(facts):
            return _facts(facts, reader)
        case Quote():
            return _quote(part, reader)
        case Buttons(buttons):
            return rows(buttons, numbers)
        case Items(items):
            return _items(items, reader, numbers)
        case Bar(percent, spans):
            filled = min(max(percent, 0) * CELLS // 100, CELLS)
            return _text(flowing(spans, reader, SECTION), "▰" * filled + "▱" * (CELLS - filled) + " ")
        case Picture():
            return _picture(part, reader)
    assert_never(part)


def _text(lines: Iterable[Line], sign: str = "") -> Iterator[Piece]:
    for line in lines:
        yield Piece([section(sign + line.shown)], line.said, len(sign) + size(line.shown))
        sign = ""


def _heading(spans: Spans, reader: Reader) -> Iterator[Piece]:
    """One that is too long stands there cut, and below it in full."""
    words = said(spans, reader)
    title = shortened(words, HEADING)
    header: Block = {"type": "header", "text": literal(title)}
    if size(escape(one_line(words))) > HEADING:
        first, *rest = _text(flowing(spans, reader, SECTION))
        yield replace(first, blocks=[header, *first.blocks], weight=size(title) + first.weight)
        yield from rest
    elif title:
        yield Piece([header], title, size(title))


def _facts(facts: Iterable[tuple[str, Spans]], reader: Reader) -> Iterator[Piece]:
    """Short ones two abreast, long ones on their own."""
    lines = (_fact(name, spans, reader) for name, spans in facts)
    for short, run in groupby(lines, key=lambda lines: len(lines) == 1 and size(lines[0].said) <= SHORT):
        flat = (line for lines in run for line in lines)
        yield from (_abreast(some) for some in _together(flat, FIELDS)) if short else _text(flat)


def _fact(name: str, spans: Spans, reader: Reader) -> list[Line]:
    colon = translated(reader.language, ":")
    if size(escape(name)) > SHORT:
        return flowing((Quoted(name), f"{colon} ", *spans), reader, SECTION)
    first, *rest = flowing(spans, reader, FIELD) or [Line("", "")]
    shown = f"{bold(name)}\n{first.shown}".strip()
    return [Line(shown, f"{escape(name)}{colon} {first.said}"), *rest] if shown else []


def _abreast(lines: Sequence[Line]) -> Piece:
    block: Block = {"type": "section", "fields": [_marked_up(line.shown) for line in lines]}
    return Piece([block], "\n".join(line.said for line in lines), sum(size(line.shown) for line in lines))


def _together(lines: Iterable[Line], most: int = SECTION) -> Iterator[list[Line]]:
    """As many as fit one block."""
    some: list[Line] = []
    weight = 0
    for line in lines:
        heavy = max(size(line.shown), size(line.said)) + 1
        if some and (len(some) == most or weight + heavy > SECTION):
            yield some
            some, weight = [], 0
        some.append(line)
        weight += heavy
    if some:
        yield some


def _picture(picture: Picture, reader: Reader) -> Iterator[Piece]:
    """Slack fetches it, and from nowhere but https. The words stand there where it can't, or they are too many."""
    words, url = one_line(said(picture.spans, reader)), picture.url
    drawn, whole = url.startswith("https://") and size(url) <= URL and words, size(escape(words)) <= ALT
    if drawn:
        block: Block = {"type": "image", "image_url": url, "alt_text": shortened(words, ALT)}
        yield Piece([block], escape(words) if whole else "", min(size(words), ALT) + size(url))
    if not drawn or not whole:
        yield from _text(flowing(picture.spans, reader, SECTION))


def _quote(quote: Quote, reader: Reader) -> Iterator[Piece]:
    """The words as literal text, marked off so that nobody can speak for the bot; every piece names the author."""
    language = reader.language
    badge = (f" {translated(language, '[internal]')}",) if quote.internal else ()
    by = (Person(_name(quote.by.name), _name(quote.by.role)), *badge)
    lock, end = ("🔒 " if quote.internal else ""), translated(language, ":")
    for words in _quoted(quote.words):
        shown, plain = lock + mrkdwn((*by, end), reader), escape(said((*by, end), reader))
        body: list[Block] = [{"type": "section", "text": literal(words)}] if words else []
        yield Piece([_context(shown), *body], f"{plain}\n{words}".rstrip(), size(shown) + size(words))
        end = translated(language, ", continued:")


def _quoted(words: str) -> Iterator[str]:
    whole = _marked_off(words if words.strip() else "")
    if size(whole) <= SECTION:
        yield whole
    else:
        pieces = cut(words, SECTION, lambda piece: size(_marked_off(piece)))
        yield from (_marked_off(piece) for piece in pieces if piece.strip())


def _marked_off(words: str) -> str:
    return escape("\n".join(f"> {line}" for line in words.splitlines()))


def _name(name: str) -> str:
    return name if len(name) <= NAME else name[: NAME - 1] + "…"


def _items(items: Iterable[Item], reader: Reader, numbers: Iterator[int]) -> Iterator[Piece]:
    """One with a button has a block of its own; the others share."""
    for pressed, run in groupby(items, key=lambda item: item.button is not None and _usable(item.button)):
        if pressed:
            yield from (piece for item in run for piece in _pressed(item, reader, numbers))
        else:
            lines = (line for item in run for line in flowing(("- ", *item.spans), reader, SECTION))
            for some in _together(line for line in lines if line.said.strip() != "-"):
                shown = "\n".join(line.shown for line in some)
                yield Piece([section(shown)], "\n".join(line.said for line in some), size(shown))


def _pressed(item: Item, reader: Reader, numbers: Iterator[int]) -> Iterator[Piece]:
    assert item.button
    label = _label(item.button, LABEL)
    lines = flowing(("- ", *item.spans), reader, SECTION)
    if lines[0].said.strip() == "-":
        lines = [Line(label, "-")]
    *before, last = (replace(line, shown=line.shown.removeprefix("- ")) for line in lines)
    yield from _text(before)
    block = section(last.shown) | {"accessory": _button(item.button, label, numbers)}
    weight = size(last.shown) + size(label) + size(item.button.line)
    yield Piece([block], f"{last.said} [{label}]", weight)


# Buttons and text objects -----------------------------------------------------------------------------------------


def _usable(button: Button) -> bool:
    """A line that Slack would not take whole would say something else."""
    return bool(button.line.strip()) and size(button.line) <= LINE


def _label(button: Button, most: int) -> str:
    return shortened(button.label, most) or shortened(button.line, most)


def _button(button: Button, label: str, numbers: Iterator[int]) -> Block:
    style: Block = {} if button.style == "normal" else {"style": button.style}
    name = f"say:{next(numbers)}" + (WITHIN if button.within else "")
    made: Block = {"type": "button", "action_id": name, "text": literal(label), "value": button.line}
    return made | style


def _context(shown: str) -> Block:
    return {"type": "context", "elements": [_marked_up(shown)]}


def _marked_up(text: str) -> Block:
    """``verbatim``, or Slack would look for channels and people in what stands there plainly."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}
