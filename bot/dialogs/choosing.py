"""What people write instead of pressing: the one answer that all of their words mean, never a guess between two."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.spoken import plain_letters

_WORD = re.compile(r"[a-z]+")
_SAYING_NOTHING = """
a an about actually again and are as be bit by can fairly for got guess i id in is it its just kind like me my
of one our please pretty priority probably quite rather really said say so some something sort that the
thing there think this to us very want we what would you assez c ca ce cela chose crois de des dirais du
elle en est et il j je l la le les m mon nous notre on par pense plutot pour priorite que quelque s sans
doute tres un une vous
"""
_FILLERS = frozenset(_SAYING_NOTHING.split())


@dataclass(frozen=True)
class Meant:
    """By each answer, the words that tell it from the others of its question."""

    words: Mapping[str, str]

    def read(self, raw: str) -> str | None:
        said = set(_WORD.findall(plain_letters(raw).lower())) - _FILLERS
        found = [answer for answer, words in self.words.items() if said and said <= set(words.split())]
        return found[0] if len(found) == 1 else None


MEANT = {
    "scope": Meant(
        {
            "existing": "existing exist exists already have had avons avez deja existe existant existante",
            "new": "new brand nouveau nouvelle nouveaux nouvelles neuf neuve",
        }
    ),
    "priority": Meant(
        {
            "critical": "critical critique",
            "high": "high elevee eleve haute haut",
            "normal": "normal normale",
            "low": "low faible basse bas",
        }
    ),
}
