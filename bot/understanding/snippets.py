"""The part of a section that shows best why it was found."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from bot.understanding.stems import folded, stems

LONGEST = 300
SCANNED = 20_000

_SENTENCE = re.compile(r"[.:!?] ")


def snippet(text: str, rarities: Mapping[str, float]) -> str:
    """Around the densest match, from the beginning of its sentence where that is near."""
    if len(text) <= LONGEST:
        return text
    room, lead = LONGEST - 2, 60  # two dots of omission
    start = _densest(text, rarities, room - lead)
    before = text[max(0, start - lead) : start]
    ends = [0] if start <= lead else [mark.end() for mark in _SENTENCE.finditer(before)]
    start -= len(before) - (ends[-1] if ends else before.find(" ") + 1)
    rest = text[start:]
    shown = rest if len(rest) <= room else rest[:room].rsplit(" ", 1)[0] + "…"
    return shown if ends else "…" + shown


def _densest(text: str, rarities: Mapping[str, float], width: int) -> int:
    """Where the stretch begins that has most of what was asked for, each word counted once."""
    places = list(_beginnings(rarities).finditer(text, 0, SCANNED))
    found = stems(folded(place[0]) for place in places)
    marks = [(place, stem) for place, stem in zip(places, found, strict=True) if stem in rarities]
    inside: Counter[str] = Counter()
    most, start, has, first = 0.0, 0, 0.0, 0
    for place, stem in marks:
        has += 0 if inside[stem] else rarities[stem]
        inside[stem] += 1
        while place.end() - marks[first][0].start() > width and marks[first][0] is not place:
            gone = marks[first][1]
            inside[gone] -= 1
            has -= 0 if inside[gone] else rarities[gone]
            first += 1
        if has > most + 1e-9:
            most, start = has, marks[first][0].start()
    return start


def _beginnings(stems: Iterable[str]) -> re.Pattern[str]:
    """Of words that may have one of the stems (their last letter can change): stemming every word takes longer."""
    starts = "|".join(re.escape(stem[: max(1, len(stem) - 1)]) for stem in stems)
    return re.compile(rf"(?<![^\W_])(?:{starts})(?:['’]?[^\W_])*", re.I)
