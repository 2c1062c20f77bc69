"""No sentence of ours carries a figure of its own: prices, times, dates and counts come as values, or are not said.

What people wrote, articles and names of files are quotations: they never pass through here.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# "One" alone is a pronoun as well, "second" a moment, "May" and "March" are months only inside a sentence.
_ENGLISH = (
    "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundreds? thousands? millions? billions?"
    " dozens? half twice percent January February April June July August September October November December"
    " Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)
_FRENCH = (
    "zéro deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingts? trente quarante"
    " cinquante soixante cents? mille millions? milliards? dizaines? douzaines? quinzaines? demie? janvier février mars"
    " avril mai juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi"
    " dimanche"
)
_UNITS = r"hours?|minutes?|days?|weeks?|months?|years?|quarters?"
_UNITÉS = r"heures?|minutes?|jours?|semaines?|mois|ans|années?|trimestres?"
_WORDS = "|".join((*_ENGLISH.split(), *_FRENCH.split()))
_FIGURE = re.compile(
    rf"\d|\b(?:{_WORDS})\b|(?<=\w )(?-i:May|March)\b"
    rf"|\bone (?:business |working |calendar )?(?:{_UNITS})\b|\bune? (?:{_UNITÉS}|an)\b",
    re.I,
)
UNIT = re.compile(rf"\s*(?:%|(?:business |working |calendar )?(?:{_UNITS}|{_UNITÉS}|times|euros?|dollars?)\b)", re.I)
"""What makes a figure of the value that it follows."""


class HoldsFigure(ValueError):
    """A sentence of our own with a figure that no value vouches for: a mistake of whoever wrote it."""

    def __init__(self, words: str, figure: str) -> None:
        super().__init__(f"{figure!r} in {words!r} must be a value")


@lru_cache(maxsize=10_000)
def figure(words: str) -> str | None:
    """The first figure in them: digits, numbers as words, signs of money and of shares, names of months and days."""
    found = _FIGURE.search(words)
    signs = (sign for sign in words if sign in "%‰" or unicodedata.category(sign) in ("Sc", "No", "Nl"))
    return found[0] if found else next(signs, None)


def free_of_figures(words: str) -> str:
    if found := figure(words):
        raise HoldsFigure(words, found)
    return words


def slotted(text: str, written: Iterable[str]) -> str | None:
    """The text as a template: each value as it is written makes way for ``{v0}``, ``{v1}`` and so on, by its place.

    None where a figure is left over that is none of theirs: it must not be said.
    """
    template = text.replace("{", "{{").replace("}", "}}")
    for n, value in sorted(enumerate(written), key=lambda each: -len(each[1])):
        if value.strip():
            whole = rf"(?<![\w.,]){re.escape(value)}(?!\w|[.,]\d)"
            template = re.sub(whole, f"{{v{n}}}", template)
    rest = re.sub(r"(?<!\{)\{v\d+\}", " ", template)
    return None if figure(rest) else template
