"""How do I? Finds articles by their best section, and says whether the best is good enough to be an answer."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import Stemmer

from bot.understanding.articles import Article, Section, sections

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

# BM25F over sections. Measured on 2,400 articles: sections and these weights help most, then the stems.
_TITLE, _HEADING, _TAGS, _BODY = 6.0, 3.0, 2.0, 1.0
_SATURATION = 2.0
_LENGTH = 0.5
"""How far a long body counts for less; the other fields are short anyway."""
_USUAL = 110
"""Words in a section's body. A constant: what one account has written must not move what another one finds."""

# Logistic, fitted to questions that have an answer and to others that have none, among 36 to 2,400 articles.
_NEVER, _MUCH, _WHOLE, _ALONE = -8.1, 2.2, 7.7, -1.7
_CONFIDENT = 0.5

_SNIPPET = 300

# What a message may cost at most.
_LONGEST_QUESTION = 1_000
_MOST_REPAIRS = 8
_LONGEST_REPAIR = 20
_SCANNED = 20_000

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE = re.compile(r"[.:!?] ")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_ASKING = frozenset(
    _WORD.findall(
        "a an and any are as at be been being by can could did do does for from get getting had has have help hi hello "
        "how i id if im in is isnt it its ive let like many may me might must my need of on or our please possible "
        "shall should so some tell than thanks that the their them there these they this those to trying us want "
        "wanted was way we were what whats when where wheres which who will with wont would you your"
    )
)
"""What is said in any question, whatever it is about."""


@dataclass(frozen=True)
class Hit:
    article: Article
    heading: str
    """Of the section that fits best; empty for the beginning of the article."""
    score: float
    text: str = field(repr=False)
    """Of the section, plain."""
    rarities: Mapping[str, float] = field(repr=False, compare=False)
    """What was looked for: stems, each with its weight."""

    @cached_property
    def snippet(self) -> str:
        """The text around the best match, at most 300 characters. Cut when asked for: few hits are ever shown."""
        return _snippet(self.text, self.rarities)


@dataclass(frozen=True)
class Found:
    hits: tuple[Hit, ...] = ()
    """The best first. Some may be there although nothing is answered: to look at, not to rely on."""
    confidence: float = 0.0

    @property
    def answered(self) -> bool:
        return self.confidence >= _CONFIDENT


@dataclass(frozen=True)
class _Wanted:
    """One word of a question, and what it adds to the sections that have it."""

    stem: str
    rarity: float
    where: Indexes
    adds: Floats


class Knowledge:
    """An index in memory, built once and never changed: threads may share it, a new one replaces it."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = tuple(articles)
        split = [sections(article) for article in self._articles]
        sizes = np.array([len(parts) for parts in split], np.intp)
        self._sections = [section for parts in split for section in parts]
        self._first = np.append(0, sizes.cumsum())
        self._accounts = {it.account: n for n, it in enumerate(self._articles, 1)} | {None: 0}
        accounts = np.array([self._accounts[it.account] for it in self._articles], np.intp)
        self._account = np.repeat(accounts, sizes)
        self._terms, self._start, self._where, self._impact = _postings(self._articles, split)

    def search(self, question: str, account: str | None = None, limit: int = 10) -> Found:
        """No word and no number of another account's articles has any influence on what is found (C1)."""
        readable = (self._account == 0) | (self._account == self._accounts.get(account, 0))
        wanted = self._wanted(question[:_LONGEST_QUESTION], readable)
        if not any(word.where.size for word in wanted):
            return Found()
        scores = np.zeros(len(self._sections))
        for word in wanted:
            scores[word.where] += word.adds
        best = np.maximum.reduceat(scores, self._first[:-1])
        order = np.argsort(-best, kind="stable")[: max(limit, 2)]
        rarities = {word.stem: word.rarity for word in wanted}
        hits = tuple(self._hit(n, scores, rarities) for n in order[:limit].tolist() if best[n] > 0)
        return Found(hits, _confidence(best[order].tolist(), list(rarities.values()), _rarity(0, _count(readable))))

    def _wanted(self, question: str, readable: Flags) -> list[_Wanted]:
        words = [word for word in dict.fromkeys(_words(question)) if word not in _ASKING]
        found: dict[str, _Wanted] = {}
        repairs = 0
        for word, stem in zip(words, _stems(words), strict=True):
            it = self._look_up(stem, readable)
            if not it.where.size and repairs < _MOST_REPAIRS:
                repairs += 1
                it = self._repaired(word, readable) or it
            found.setdefault(it.stem, it)
        return list(found.values())

    def _look_up(self, stem: str, readable: Flags) -> _Wanted:
        term = self._terms.get(stem)
        its = slice(0) if term is None else slice(self._start[term], self._start[term + 1])
        kept = readable[self._where[its]]
        rarity = _rarity(_count(kept), _count(readable))
        return _Wanted(stem, rarity, self._where[its][kept], rarity * self._impact[its][kept])

    def _repaired(self, word: str, readable: Flags) -> _Wanted | None:
        """The commonest word that is one slip of a finger away."""
        if not (4 <= len(word) <= _LONGEST_REPAIR and word.isalpha()):
            return None
        stems = self._terms.keys() & _stems(list(_slips(word)))
        likely = (self._look_up(stem, readable) for stem in sorted(stems))
        return max((it for it in likely if it.where.size), key=lambda it: it.where.size, default=None)

    def _hit(self, n: int, scores: Floats, rarities: Mapping[str, float]) -> Hit:
        its = slice(self._first[n], self._first[n + 1])
        best = int(scores[its].argmax())
        parts = self._sections[its]
        text = next((it.text for it in (*parts[best:], *parts) if it.text), "")
        return Hit(self._articles[n], parts[best].heading, float(scores[its][best]), text, rarities)


def _words(text: str) -> list[str]:
    return [_folded(word) for word in _WORD.findall(text)]


def _folded(word: str) -> str:
    return word.casefold().replace("’", "").replace("'", "")


def _stems(words: list[str]) -> list[str]:
    """By a stemmer of its own, which costs nothing: one must not be shared by threads. Its cache would only slow it."""
    found: list[str] = Stemmer.Stemmer("english", 0).stemWords(words)
    return found


def _count(flags: Flags) -> int:
    return int(np.count_nonzero(flags))


def _rarity(sections: int, of: int) -> float:
    return math.log(1 + (of - sections + 0.5) / (sections + 0.5))


def _slips(word: str) -> Iterator[str]:
    """All that one letter too few, too many, wrong or swapped can have been meant for."""
    for n in range(len(word) + 1):
        before, after = word[:n], word[n:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            yield before + letter + after[1:]


def _postings(
    articles: Sequence[Article], split: Sequence[Sequence[Section]]
) -> tuple[dict[str, int], Indexes, Indexes, Floats]:
    """The terms; where each one's postings start; of each posting its section, and what the term weighs there."""
    known, terms = dict[str, int](), dict[str, int]()
    sizes, found, weights = list[int](), list[int](), list[float]()

    def read(text: str) -> list[int]:
        words = _words(text)
        unknown = [word for word in words if word not in known]
        for word, stem in zip(unknown, _stems(unknown), strict=True):
            known[word] = terms.setdefault(stem, len(terms))
        return [known[word] for word in words]

    for article, parts in zip(articles, split, strict=True):
        title, tags = read(article.title), read(" ".join(article.tags + article.products))
        for part in parts:
            body, weight = read(part.text), dict[int, float]()
            share = _BODY / (1 - _LENGTH + _LENGTH * len(body) / _USUAL)
            for told, adds in (title, _TITLE), (read(part.heading), _HEADING), (tags, _TAGS), (body, share):
                for term in told:
                    weight[term] = weight.get(term, 0.0) + adds
            sizes.append(len(weight))
            found.extend(weight)
            weights.extend(weight.values())
    which, weighs = np.array(found, np.intp), np.array(weights, np.float64)
    order = np.argsort(which, kind="stable")
    start = np.searchsorted(which[order], np.arange(len(terms) + 1))
    where = np.repeat(np.arange(len(sizes)), np.array(sizes, np.intp))
    return terms, start, where[order], (weighs * (_SATURATION + 1) / (weighs + _SATURATION))[order]


def _confidence(best: Sequence[float], rarities: Sequence[float], rarest: float) -> float:
    """Between 0 and 1. A match far ahead of the next one is, all else alike, more often a coincidence."""
    first, second = (*best, 0.0)[:2]
    much = first / rarest
    whole = first / (sum(rarities) * (_SATURATION + 1))
    alone = (first - second) / first
    return 1 / (1 + math.exp(-(_NEVER + _MUCH * much + _WHOLE * whole + _ALONE * alone)))


def _snippet(text: str, rarities: Mapping[str, float]) -> str:
    """From the beginning of the sentence, where that is near."""
    if len(text) <= _SNIPPET:
        return text
    room, lead = _SNIPPET - 2, 60  # two dots of omission
    start = _densest(text, rarities, room - lead)
    before = text[max(0, start - lead) : start]
    ends = [0] if start <= lead else [mark.end() for mark in _SENTENCE.finditer(before)]
    start -= len(before) - (ends[-1] if ends else before.find(" ") + 1)
    rest = text[start:]
    shown = rest if len(rest) <= room else rest[:room].rsplit(" ", 1)[0] + "…"
    return shown if ends else "…" + shown


def _densest(text: str, rarities: Mapping[str, float], width: int) -> int:
    """Where the stretch begins that has most of what was asked for, each word counted once."""
    places = list(_beginnings(rarities).finditer(text, 0, _SCANNED))
    stems = _stems([_folded(place[0]) for place in places])
    marks = [(place, stem) for place, stem in zip(places, stems, strict=True) if stem in rarities]
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
