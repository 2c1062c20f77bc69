"""Words as the search knows them: folded, without asking words, by their stems, with their slips and their likes."""

import re
from collections.abc import Iterable, Iterator

import Stemmer

_WORD = re.compile(r"\w+(?:['’]\w+)*")
LONGEST = 40  # bytes of a stem
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

ASKING = frozenset(
    _WORD.findall(
        "a an and any are as at be been being by can could did do does for from get getting had has have help hi hello "
        "how i id if im in is isnt it its ive let like many may me might must my need of on or our please possible "
        "shall should so some tell than thanks that the their them there these they this those to trying us want "
        "wanted was way we were what whats when where wheres which who will with wont would you your"
    )
)
"""What is said in any question, whatever it is about."""

_ALIKE = """
    mail email message · delete remove erase · picture image photo screenshot · create make add · change edit modify
    show view display see · find search locate · copy duplicate · file attachment document · stop disable
    start begin · customer client · vendor supplier · invoice bill · error problem issue · setting option preference
    permission right access · enable allow activate · cost price · save keep store · folder directory
    excel spreadsheet · configure setup · company organization organisation · assign allocate · calculate compute
    close finish complete · user person · import upload · export download · app application
"""


def spelt(text: str) -> list[str]:
    """Its words as they are written."""
    return _WORD.findall(text.replace("_", " "))


def words(text: str) -> list[str]:
    return [folded(word) for word in spelt(text)]


def folded(word: str) -> str:
    return word.casefold().replace("’", "").replace("'", "")


def stems(words: Iterable[str]) -> list[str]:
    """By a stemmer of its own, which costs nothing: one must not be shared by threads. Its cache would only slow it."""
    found: list[str] = Stemmer.Stemmer("english", 0).stemWords(list(words))
    return found


def slips(word: str) -> Iterator[str]:
    """All that one letter too few, too many, wrong or swapped can have been meant for."""
    for n in range(len(word) + 1):
        before, after = word[:n], word[n:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            yield before + letter + after[1:]


def _likes() -> dict[str, tuple[str, ...]]:
    groups = [stems(line.split()) for line in re.split(r"[·\n]", _ALIKE) if line.strip()]
    found: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for stem in group:
            found[stem] = found.get(stem, ()) + tuple(other for other in group if other != stem)
    return found


LIKES = _likes()
"""Of a stem those of other words that people use for nearly the same."""
