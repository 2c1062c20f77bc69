"""Which clauses a message cites, and the one button beneath it that shows them."""

from collections.abc import Sequence
from dataclasses import replace

from bot.languages import translated
from bot.messages import Bar, Button, Buttons, CaseNumber, Clause, Facts, Items, Message, Picture, Quote, Spans, Text

WHY = "clause "
Part = Text | Facts | Quote | Buttons | Items | Bar | Picture


def with_why(parts: tuple[Part, ...], language: str) -> tuple[Part, ...]:
    """Nothing is added where nothing is cited."""
    ids = cited(parts)
    if not ids:
        return parts
    return _asking(parts, ids, language)


def _asking(parts: tuple[Part, ...], ids: Sequence[str], language: str) -> tuple[Part, ...]:
    button = Button(translated(language, "Why"), f"{WHY}{' '.join(ids)}")
    if isinstance(last := parts[-1], Buttons):
        return (*parts[:-1], Buttons((*last.buttons, button)))
    return (*parts, Buttons((button,)))


def beneath(first: Message, then: Message) -> Message:
    """Both as one, with one button for the clauses of both, whose cases are the first one's."""
    ids = cited(first.parts)
    more = [id for id in cited(then.parts) if id not in ids]
    every = (*_without_why(first.parts), *_without_why(then.parts))
    shown = replace(first, parts=every)
    return replace(shown, parts=_asking(every, (*ids, *more), first.language)) if ids or more else shown


def _without_why(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    kept = (replace(it, buttons=_but_why(it.buttons)) if isinstance(it, Buttons) else it for it in parts)
    return tuple(it for it in kept if not isinstance(it, Buttons) or it.buttons)


def _but_why(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    return tuple(button for button in buttons if not button.line.startswith(WHY))


def cited(parts: Sequence[Part]) -> tuple[str, ...]:
    """The clauses, after the case that all is about, if it is one: they are shown in the terms of its receipt (W36)."""
    values = [span for part in parts for span in _said(part)]
    cases = {span.number for span in values if isinstance(span, CaseNumber)}
    ids = dict.fromkeys(span.id for span in values if isinstance(span, Clause))
    return (*(str(number) for number in cases if len(cases) == 1), *ids) if ids else ()


def _said(part: Part) -> Spans:
    match part:
        case Text(spans) | Bar(_, spans) | Picture(_, spans):
            return spans
        case Facts(facts):
            return tuple(span for _, spans in facts for span in spans)
        case Items(items):
            return tuple(span for item in items for span in item.spans)
    return ()
