"""The parts of a message as elements of an Adaptive Card, in pieces that fit anywhere, with the same in plain words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, assert_never

from adapters.teams.buttons import action_set, sets, title, usable
from adapters.teams.lengths import shortened, size, weight
from adapters.teams.runs import Line, Run, said, sentence
from adapters.teams.words import SECTION, Element, block, flowing, inert, still
from bot.languages import translated
from bot.messages import Bar, Button, Buttons, Facts, Item, Items, Message, Person, Picture, Quote, Reader, Spans, Text

Part = Text | Facts | Quote | Buttons | Items | Bar | Picture

NAME, TIP = 150, 60  # units of somebody's name, of a tooltip
ALT = 1_000  # units of what is said of a picture
FACTS, FACT = 50, 160  # in one set; characters of one in it
LABELS = "100px"  # the column of the facts' names
LATE, SOON = 100, 75  # percent of a target from which its bar has another colour

Look = Mapping[str, object]
NORMAL: Look = {}
SMALL: Look = {"size": "small", "isSubtle": True}
HEADING: Look = {"size": "large", "weight": "bolder"}
ALERT: Look = {"color": "attention", "weight": "bolder"}
BOLD: Look = {"weight": "bolder"}
MIDDLE: Element = {"verticalContentAlignment": "center"}
CLOSE: Element = {"spacing": "small"}  # to what stands before it


@dataclass(frozen=True, slots=True)
class Piece:
    """Elements that stay together, with their plain twin."""

    elements: list[Element]
    said: str
    row: tuple[Button, ...] = ()
    """The buttons, where it is a row of them and nothing else."""
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", weight(self.elements) + weight(still(self.said)) + 4)


def pieces_of(message: Message) -> list[Piece]:
    return [piece for part in message.parts for piece in _part(part, message.reader)]


def rows(buttons: Iterable[Button]) -> Iterator[Piece]:
    """Of buttons as far as they are different."""
    for some in sets(buttons):
        yield Piece([action_set(some)], " ".join(f"[{title(button)}]" for button in some), tuple(some))


def small(spans: Spans, reader: Reader) -> Iterator[Piece]:
    return _text(flowing(sentence(spans, reader)), SMALL)


def heading(words: str) -> Iterator[Piece]:
    return _text(flowing([Run(words)]), HEADING, heading=True)


# Parts ------------------------------------------------------------------------------------------------------------


def _part(part: Part, reader: Reader) -> Iterator[Piece]:
    match part:
        case Text(spans, style):
            return _styled(flowing(sentence(spans, reader)), style)
        case Facts(facts):
            return _facts(facts, reader)
        case Quote():
            return _quote(part, reader)
        case Buttons(buttons):
            return rows(buttons)
        case Items(items):
            return _items(items, reader)
        case Bar(percent, spans):
            return _bar(percent, flowing(sentence(spans, reader)))
        case Picture():
            return _picture(part, reader)
    assert_never(part)


def _styled(lines: list[Line], style: Literal["normal", "heading", "small", "alert"]) -> Iterator[Piece]:
    match style:
        case "normal":
            return _text(lines, NORMAL)
        case "heading":
            return _text(lines, HEADING, heading=True)
        case "small":
            return _text(lines, SMALL)
        case "alert":
            return _text(lines, ALERT, sign="⚠️ ")
    assert_never(style)


def _text(lines: Iterable[Line], look: Look, sign: str = "", heading: bool = False) -> Iterator[Piece]:
    for number, line in enumerate(lines):
        made = block(line, look, "" if number else sign, heading)
        yield Piece([made | CLOSE if number else made], said(line))


def _bar(percent: int, lines: list[Line]) -> Iterator[Piece]:
    """Drawn where the client knows how, put together from columns elsewhere; the words stand below in any case."""
    for number, line in enumerate(lines):
        words = block(line, NORMAL) | CLOSE
        yield Piece([words] if number else [_drawn(percent), words], said(line))


def _picture(picture: Picture, reader: Reader) -> Iterator[Piece]:
    """Teams fetches it, and from nowhere but https. The words stand there where it can't, or they are too many."""
    words = sentence(picture.spans, reader)
    told = " ".join(said(words).split())
    drawn, whole = picture.url.startswith("https://") and told, size(told) <= ALT
    if drawn:
        image: Element = {
            "type": "Image",
            "url": picture.url,
            "altText": still(shortened(told, ALT)),
            "size": "stretch",
        }
        yield Piece([image | {"msteams": {"allowExpand": True}}], told if whole else "")
    if not drawn or not whole:
        yield from _text(flowing(words), NORMAL)


def _drawn(percent: int) -> Element:
    full = min(max(percent, 0), 100)
    colour = "attention" if percent >= LATE else "warning" if percent >= SOON else "accent"
    widths = ((full, colour), (100 - full, "emphasis"))
    columns = [_filled(width, style) for width, style in widths if width]
    fallback: Element = {"type": "ColumnSet", "columns": columns}
    return {"type": "ProgressBar", "value": full, "max": 100, "color": colour, "fallback": fallback}


def _filled(width: int, style: str) -> Element:
    return {"type": "Column", "width": width, "style": style, "minHeight": "4px", "spacing": "none", "items": []}


def _quote(quote: Quote, reader: Reader) -> Iterator[Piece]:
    """The words in a box of their own, so that nobody can speak for the bot; every piece names the author."""
    language = reader.language
    internal = (Run(" "), Run(translated(language, "[internal]"), badge=True))
    lock, badge = ("🔒 ", internal) if quote.internal else ("", ())
    by = Person(shortened(quote.by.name, NAME), shortened(quote.by.role, NAME))
    words = Run("\n".join(quote.words.splitlines()))
    for number, line in enumerate(flowing([words]) or [[]]):
        end = translated(language, ", continued:" if number else ":")
        head = [*sentence((by,), reader), *badge, Run(end)]
        body = [block(line, NORMAL) | CLOSE] if line else []
        box: Element = {"type": "Container", "style": "emphasis", "items": [block(head, SMALL, lock), *body]}
        told = "\n".join(f"> {each}" for each in said(line).splitlines())
        yield Piece([box], f"{said(head)}\n{told}".rstrip("\n"))


# Facts ------------------------------------------------------------------------------------------------------------


def _facts(facts: Iterable[tuple[str, Spans]], reader: Reader) -> Iterator[Piece]:
    """A set where all of them are plain, otherwise all of them rows, so that they stand in line."""
    told, colon = [(name, sentence(spans, reader)) for name, spans in facts], translated(reader.language, ":")
    if all(_plain(name, runs) for name, runs in told):
        for start in range(0, len(told), FACTS):
            yield _set(told[start : start + FACTS], colon)
    else:
        yield from (piece for name, runs in told for piece in _fact(name, runs, colon))


def _plain(name: str, runs: Line) -> bool:
    value = said(runs)
    short = len(name) + len(value) <= FACT
    return short and inert(name) and inert(value) and not any(run.clock or run.url or run.code for run in runs)


def _set(told: Iterable[tuple[str, Line]], colon: str) -> Piece:
    made = [{"title": name, "value": said(runs)} for name, runs in told]
    return Piece(
        [{"type": "FactSet", "facts": made}], "\n".join(f"{fact['title']}{colon} {fact['value']}" for fact in made)
    )


def _fact(name: str, runs: Line, colon: str) -> Iterator[Piece]:
    if size(name) > SECTION // 4:
        yield from _text(flowing([Run(f"{name}{colon} "), *runs]), NORMAL)
        return
    first, *rest = flowing(runs) or [[]]
    if name.strip() or first:
        label = [block([Run(name)], BOLD)] if name.strip() else []
        value = [block(first, NORMAL)] if first else []
        yield Piece([_beside(_column(LABELS, label), _column("stretch", value))], f"{name}{colon} {said(first)}")
    yield from _text(rest, NORMAL)


def _beside(*columns: Element) -> Element:
    return {"type": "ColumnSet", "columns": list(columns), **CLOSE}


def _column(width: str, items: Sequence[Element]) -> Element:
    return {"type": "Column", "width": width, "items": list(items)}


# Lists and buttons ------------------------------------------------------------------------------------------------


def _items(items: Iterable[Item], reader: Reader) -> Iterator[Piece]:
    for item in items:
        lines = flowing(sentence(item.spans, reader))
        if item.button is not None and usable(item.button):
            yield from _pressed(lines, item.button)
        else:
            yield from _listed(lines)


def _listed(lines: Iterable[Line]) -> Iterator[Piece]:
    for number, line in enumerate(lines):
        bullet, dash = ("", "") if number else ("• ", "- ")
        yield Piece([block(line, NORMAL, sign=bullet) | CLOSE], dash + said(line))


def _pressed(lines: list[Line], button: Button) -> Iterator[Piece]:
    """The button stands beside the words, and says to screen readers what they are about."""
    *before, last = lines or [[]]
    yield from _listed(before)
    told = said(last)
    tip = shortened(f"{title(button)}: {told}", TIP) if told else ""
    words = [block(last, NORMAL)] if last else []
    dash = "" if before else "- "
    row = _beside(_column("stretch", words) | MIDDLE, _column("auto", [action_set([button], tip)]) | MIDDLE)
    yield Piece([row], f"{dash}{told} [{title(button)}]")
