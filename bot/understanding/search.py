"""How do I? Finds articles by their best section, and says whether the best is good enough to be an answer."""

import json
import math
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from bot.understanding.articles import Article, Reader
from bot.understanding.index import SATURATION, Array, Index, build
from bot.understanding.snippets import snippet
from bot.understanding.stems import ASKING, LIKES, LONGEST, slips, stems, words

LIKE = 0.5
"""What a word counts that people use for nearly the same."""

# Words that stand side by side in the question do so in the answer. Looked at where it can still change the order.
_PAIR = 2.0
_PAIR_IN = np.array([3.0, 3.0, 1.0])
"""Title, heading, body."""
_PAIRS_ENOUGH = 3.0
_LOOKED_AT = 40
_LOOKED_INTO = 400

# Logistic, fitted to questions that have an answer and to others that have none, among 36 to 2,400 articles.
_NEVER, _MUCH, _WHOLE, _WORDS = -13.7, 1.55, 15.3, 2.45
_CONFIDENT = 0.5

# What a message may cost at most.
_LONGEST_QUESTION = 1_000
_MOST_WORDS = 40
_MOST_REPAIRS = 8
_LONGEST_REPAIR = 20
_READERS_KEPT = 32

ANYBODY = Reader()


@dataclass(frozen=True)
class Hit:
    article: Article
    """Without its body."""
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
        return snippet(self.text, self.rarities)


@dataclass(frozen=True)
class Found:
    hits: tuple[Hit, ...] = ()
    """The best first. Some may be there although nothing is answered: to look at, not to rely on."""
    confidence: float = 0.0

    @property
    def answered(self) -> bool:
        return self.confidence >= _CONFIDENT


@dataclass(frozen=True)
class _Readable:
    """What somebody may read."""

    sections: Array | None
    """A flag each; None: all."""
    count: int


@dataclass(frozen=True)
class _Wanted:
    """One word of a question, and what it adds to the sections that have it."""

    stem: str
    term: int
    rarity: float
    where: Array
    adds: Array


class Knowledge:
    """An index in memory, never changed: threads may share it, a new one replaces it."""

    def __init__(self, articles: Iterable[Article] | Index, provider_of: Mapping[str, str] | None = None) -> None:
        self._index = articles if isinstance(articles, Index) else build(articles, provider_of)
        names = json.loads(self._index.names.tobytes())
        self._accounts: dict[str | None, int] = {name: n for n, name in enumerate(names["accounts"])}
        self._providers: dict[str | None, int] = {name: n for n, name in enumerate(names["providers"])}
        self._sizes = np.diff(self._index.first)
        self._total = int(self._index.first[-1])
        self._known: OrderedDict[Reader, _Readable] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sizes)

    def search(self, question: str, reader: Reader = ANYBODY, limit: int = 10) -> Found:
        """No word and no number of an article that they may not read has any influence on what is found (C1)."""
        readable = self._readable(reader)
        wanted = self._wanted(question[:_LONGEST_QUESTION], readable)
        if not any(len(word.where) for word in wanted):
            return Found()
        scores = np.zeros(self._total, np.float32)
        for word in wanted:
            np.add.at(scores, word.where, word.adds)  # thrice as fast as +=, since no index is converted
        best = np.maximum.reduceat(scores, self._index.first[:-1])
        near = _highest(best, max(limit, _LOOKED_AT))
        self._side_by_side(scores, near[:_LOOKED_AT], wanted)
        ranked = np.array([scores[self._its(n)].max() for n in near.tolist()])
        order = np.argsort(-ranked, kind="stable")
        rarities = {word.stem: word.rarity for word in wanted}
        hits = tuple(self._hit(n, scores, rarities) for n in near[order][:limit].tolist())
        return Found(hits, _confidence(float(best[near[0]]), list(rarities.values()), _rarity(0, readable.count)))

    def _readable(self, reader: Reader) -> _Readable:
        found = self._known.get(reader)
        if found is None:
            found = self._known[reader] = self._looked_up(reader)
            while len(self._known) > _READERS_KEPT:
                self._known.popitem(last=False)
        return found

    def _looked_up(self, reader: Reader) -> _Readable:
        index = self._index
        theirs = (index.account == 0) | (index.account == self._accounts.get(reader.account, 0))
        if not reader.nominated:
            theirs &= ~index.nominated
        if reader.provider is not None:
            bit = self._providers.get(reader.provider)
            theirs &= (index.providers == 0) | ((index.providers & (0 if bit is None else 1 << bit)) != 0)
        if theirs.all():
            return _Readable(None, self._total)
        sections = np.repeat(theirs, self._sizes)
        return _Readable(sections, int(np.count_nonzero(sections)))

    def _wanted(self, question: str, readable: _Readable) -> list[_Wanted]:
        asked = [word for word in dict.fromkeys(words(question)) if word not in ASKING][:_MOST_WORDS]
        found: dict[str, _Wanted] = {}
        repairs = 0
        for word, stem in zip(asked, stems(asked), strict=True):
            it = self._look_up(stem, readable)
            if not len(it.where) and repairs < _MOST_REPAIRS:
                repairs += 1
                it = self._repaired(word, readable) or it
            found.setdefault(it.stem, it)
        return [self._with_likes(it, found, readable) for it in found.values()]

    def _look_up(self, stem: str, readable: _Readable) -> _Wanted:
        name = np.bytes_(stem.encode()[:LONGEST])
        term = int(np.searchsorted(self._index.stems, name))
        if term == len(self._index.stems) or self._index.stems[term] != name:
            return _Wanted(stem, -2, _rarity(0, readable.count), _NONE, _NONE)
        its = slice(self._index.start[term], self._index.start[term + 1])
        where, impact = self._index.where[its], self._index.impact[its]
        if readable.sections is not None:
            kept = readable.sections[where]
            where, impact = where[kept], impact[kept]
        rarity = _rarity(len(where), readable.count)
        return _Wanted(stem, term, rarity, where, impact * np.float32(rarity))

    def _with_likes(self, it: _Wanted, asked: Mapping[str, _Wanted], readable: _Readable) -> _Wanted:
        """Where only the other word stands, it counts for some of this one."""
        others = [self._look_up(stem, readable) for stem in LIKES.get(it.stem, ()) if stem not in asked]
        if not len(it.where) or not any(len(other.where) for other in others):
            return it
        adds = np.zeros(self._total, np.float32)
        for other in others:
            if other.rarity > 0:
                np.maximum.at(adds, other.where, other.adds * np.float32(LIKE * it.rarity / other.rarity))
        np.maximum.at(adds, it.where, it.adds)
        where = np.flatnonzero(adds)
        return _Wanted(it.stem, it.term, it.rarity, where, adds[where])

    def _repaired(self, word: str, readable: _Readable) -> _Wanted | None:
        """The commonest word that is one slip of a finger away."""
        if not (4 <= len(word) <= _LONGEST_REPAIR and word.isalpha() and len(self._index.stems)):
            return None
        meant = sorted({stem for stem in stems(slips(word)) if stem})
        names = np.array([stem.encode()[:LONGEST] for stem in meant], f"S{LONGEST}")
        places = np.searchsorted(self._index.stems, names)
        known = np.flatnonzero(self._index.stems[np.minimum(places, len(self._index.stems) - 1)] == names)
        likely = [self._look_up(meant[n], readable) for n in known.tolist()]
        return max((it for it in likely if len(it.where)), key=lambda it: len(it.where), default=None)

    def _side_by_side(self, scores: Array, articles: Array, wanted: Sequence[_Wanted]) -> None:
        """Adds to their sections for words that follow each other there as they do in the question."""
        if len(wanted) < 2:
            return
        index = self._index
        sections = np.concatenate([np.arange(index.first[n], index.first[n + 1]) for n in articles.tolist()])
        sections = sections[scores[sections] > 0]
        begins = index.words_at[sections]
        lengths = np.minimum(index.words_at[sections + 1] - begins, _LOOKED_INTO)
        which = np.repeat(np.arange(len(sections)), lengths)
        ends = np.cumsum(lengths)
        terms = index.words[np.arange(ends[-1]) + np.repeat(begins - (ends - lengths), lengths)]
        place = _places(terms, [word.term for word in wanted])
        breaks = np.cumsum(terms == -1)
        before = np.append(0, breaks)[ends - lengths]
        field = np.minimum(breaks - before[which], len(_PAIR_IN) - 1)
        at = np.flatnonzero((place[:-1] >= 0) & (place[1:] == place[:-1] + 1) & (which[1:] == which[:-1]))
        seen = np.zeros((len(_PAIR_IN), len(sections), len(wanted) - 1), np.float32)
        seen[field[at], which[at], place[at]] = 1
        told = np.tensordot(_PAIR_IN, seen, 1)
        rarities = np.array([word.rarity for word in wanted])
        scores[sections] += _PAIR * (told / (told + _PAIRS_ENOUGH)) @ ((rarities[1:] + rarities[:-1]) / 2)

    def _its(self, n: int) -> slice:
        return slice(int(self._index.first[n]), int(self._index.first[n + 1]))

    def _hit(self, n: int, scores: Array, rarities: Mapping[str, float]) -> Hit:
        its, index = self._its(n), self._index
        best = its.start + int(scores[its].argmax())
        texts = (_text(index.texts, index.texts_at, part) for part in (*range(best, its.stop), *range(its.start, best)))
        article = _article(json.loads(_text(index.facts, index.facts_at, n)))
        heading = _text(index.headings, index.headings_at, best)
        return Hit(article, heading, float(scores[best]), next((text for text in texts if text), ""), rarities)


class Shelf:
    """The index in use. Another takes its place as a whole, while searches end in the one in which they began."""

    def __init__(self, knowledge: Knowledge | None = None) -> None:
        self.knowledge = knowledge or Knowledge(())

    def __len__(self) -> int:
        return len(self.knowledge)

    def search(self, question: str, reader: Reader = ANYBODY, limit: int = 10) -> Found:
        return self.knowledge.search(question, reader, limit)


_NONE: Array = np.zeros(0, np.int32)


def _highest(values: Array, count: int) -> Array:
    """Where the highest are that are above nothing, in order; equals as they stand."""
    least = np.partition(values, -count)[-count] if len(values) > count else 0
    found = np.flatnonzero(values >= least if least > 0 else values > 0)
    return found[np.argsort(-values[found], kind="stable")][:count]


def _places(terms: Array, wanted: Sequence[int]) -> Array:
    """Of each term, which word of the question it is; -1: none."""
    order = np.argsort(wanted, kind="stable")
    ordered = np.array(wanted)[order]
    found = np.minimum(np.searchsorted(ordered, terms), len(wanted) - 1)
    return np.where((ordered[found] == terms) & (terms >= 0), order[found], -1)


def _text(whole: Array, at: Array, n: int) -> str:
    return bytes(whole[at[n] : at[n + 1]]).decode()


def _article(facts: dict[str, Any]) -> Article:
    return Article(**{**facts, "tags": tuple(facts["tags"]), "products": tuple(facts["products"])})


def _rarity(sections: int, of: int) -> float:
    return math.log(1 + (of - sections + 0.5) / (sections + 0.5))


def _confidence(best: float, rarities: Sequence[float], rarest: float) -> float:
    """Between 0 and 1: how much was found, how much of what was asked, and of how many words."""
    much = best / rarest
    whole = best / (sum(rarities) * (SATURATION + 1))
    return 1 / (1 + math.exp(-(_NEVER + _MUCH * much + _WHOLE * whole + _WORDS * math.log(len(rarities)))))
