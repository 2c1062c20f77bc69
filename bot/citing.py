"""Which clauses a message cites, and the one button beneath it that shows them."""

from collections.abc import Sequence

from bot.languages import translated
from bot.messages import Bar, Button, Buttons, CaseNumber, Clause, Facts, Items, Quote, Spans, Text

Part = Text | Facts | Quote | Buttons | Items | Bar


def with_why(parts: tuple[Part, ...], language: str) -> tuple[Part, ...]:
    """Nothing is added where nothing is cited."""
    ids = cited(parts)
    if not ids:
        return parts
    button = Button(translated(language, "Why"), f"clause {' '.join(ids)}")
    if isinstance(last := parts[-1], Buttons):
        return (*parts[:-1], Buttons((*last.buttons, button)))
    return (*parts, Buttons((button,)))


def cited(parts: Sequence[Part]) -> tuple[str, ...]:
    """The clauses, after the case that all is about, if it is one: they are shown in the terms of its receipt (W36)."""
    values = [span for part in parts for span in _said(part)]
    cases = {span.number for span in values if isinstance(span, CaseNumber)}
    ids = dict.fromkeys(span.id for span in values if isinstance(span, Clause))
    return (*(str(number) for number in cases if len(cases) == 1), *ids) if ids else ()


def _said(part: Part) -> Spans:
    match part:
        case Text(spans) | Bar(_, spans):
            return spans
        case Facts(facts):
            return tuple(span for _, spans in facts for span in spans)
        case Items(items):
            return tuple(span for item in items for span in item.spans)
    return ()
