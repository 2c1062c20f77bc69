"""How do I? Finds articles by their best section, and says whether the best is good enough to be an answer."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import Stemmer

from bot.understanding.articles import Article, Section, sections

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

# BM25F over sections. The weights of the fields lift the right article most, then the stems.
_TITLE, _HEADING, _TAGS, _BODY = 6.0, 3.0, 2.0, 1.0
_SATURATION = 2.0
_LENGTH = 0.5
"""How much a long body counts for less; the other fields are short anyway."""
_USUAL = 110
"""Words in a section's body. A constant: what one account has written must not move what another one finds."""

_CONFIDENT = 0.5
_SNIPPET = 300

# Bounds on what a message may cost.
_LONGEST_QUESTION = 1_000
_MOST_REPAIRS = 8
_LONGEST_REPAIR = 20
_SCANNED = 8_000

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_ASKING = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "being",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "get",
        "getting",
        "had",
        "has",
        "have",
        "help",
        "hi",
        "hello",
        "how",
        "i",
        "id",
        "if",
        "im",
        "in",
        "is",
        "isnt",
        "it",
        "its",
        "ive",
        "let",
        "like",
        "many",
        "may",
        "me",
        "might",
        "must",
        "my",
        "need",
        "of",
        "on",
        "or",
        "our",
        "please",
        "possible",
        "shall",
        "should",
        "so",
        "some",
        "tell",
        "than",
        "thanks",
        "that",
        "the",
        "their",
        "them",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "trying",
        "us",
        "want",
        "wanted",
        "was",
        "way",
        "we",
        "were",
        "what",
        "whats",
        "when",
        "where",
        "wheres",
        "which",
        "who",
        "will",
        "with",
        "wont",
        "would",
        "you",
        "your",
    ]
)
"""What is said in any question, whatever it is about."""


@dataclass(frozen=True)
class Hit:
    article: Article
    heading: str
    """Of the section that fits best; empty for the beginning of the article."""
    snippet: str
    """Plain text around the best match, at most 300 characters."""
    score: float


@dataclass(frozen=True)
class Found:
    hits: tuple[Hit, ...] = ()
    """The best first. There may be some where nothing is answered: something to look at, not to rely on."""
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
        self._accounts = {None: 0} | {it.account: n for n, it in enumerate(self._articles, 1) if it.account}
        split = [sections(article) for article in self._articles]
        self._sections = [section for parts in split for section in parts]
        sizes = [len(parts) for parts in split]
        self._first = np.cumsum([0, *sizes])
        self._account = np.repeat([self._accounts[it.account] for it in self._articles], sizes)
        self._terms, self._start, self._where, self._impact = _postings(self._articles, split)

    def search(self, question: str, account: str | None = None, limit: int = 10) -> Found:
        """Of another account's articles neither a word nor a number has any influence on what is found (C1)."""
        readable = self._readable(account)
        wanted = self._wanted(question[:_LONGEST_QUESTION], readable)
        if not any(word.where.size for word in wanted):
            return Found()
        scores = np.zeros(len(self._sections))
        for word in wanted:
            scores[word.where] += word.adds
        best = np.maximum.reduceat(scores, self._first[:-1])
        order = np.argsort(-best, kind="stable")[: max(limit, 2)]
        first, second = (*best[order], 0.0)[:2]
        rarities = {word.stem: word.rarity for word in wanted}
        hits = tuple(self._hit(n, scores, rarities) for n in order[:limit].tolist() if best[n] > 0)
        return Found(hits, _confidence(first, second, wanted, _rarity(0, int(readable.sum()))))

    def _readable(self, account: str | None) -> Flags:
        return (self._account == 0) | (self._account == self._accounts.get(account, 0))

    def _wanted(self, question: str, readable: Flags) -> list[_Wanted]:
        stem = _stemmer().stemWord
        found: dict[str, _Wanted] = {}
        repairs = 0
        for word in dict.fromkeys(_words(question)):
            if word in _ASKING:
                continue
            it = self._word(stem(word), readable)
            if not it.where.size and repairs < _MOST_REPAIRS:
                repairs += 1
                it = self._repaired(word, readable) or it
            found.setdefault(it.stem, it)
        return list(found.values())

    def _word(self, stem: str, readable: Flags) -> _Wanted:
        where, impact = np.empty(0, np.intp), np.empty(0)
        if (term := self._terms.get(stem)) is not None:
            of_term = slice(self._start[term], self._start[term + 1])
            kept = readable[self._where[of_term]]
            where, impact = self._where[of_term][kept], self._impact[of_term][kept]
        rarity = _rarity(where.size, int(readable.sum()))
        return _Wanted(stem, rarity, where, rarity * impact)

    def _repaired(self, word: str, readable: Flags) -> _Wanted | None:
        """The commonest word one slip of a finger away."""
        if not 4 <= len(word) <= _LONGEST_REPAIR or not word.isalpha():
            return None
        stems = set(_stemmer().stemWords(list(_slips(word)))) & self._terms.keys()
        likely = [self._word(stem, readable) for stem in sorted(stems)]
        return max((it for it in likely if it.where.size), key=lambda it: it.where.size, default=None)

    def _hit(self, n: int, scores: Floats, rarities: dict[str, float]) -> Hit:
        start, end = self._first[n], self._first[n + 1]
        section = self._sections[start + int(scores[start:end].argmax())]
        text = section.text or next((it.text for it in self._sections[start:end] if it.text), "")
        return Hit(self._articles[n], section.heading, _snippet(text, rarities), float(scores[start:end].max()))


def _stemmer() -> Stemmer.Stemmer:
    """A new one each time, which costs nothing: it must not be shared by threads. Its cache only slows down slips."""
    return Stemmer.Stemmer("english", 0)


def _words(text: str) -> list[str]:
    return [word.replace("’", "").replace("'", "") for word in _WORD.findall(text.casefold())]


def _rarity(sections: int, of: int) -> float:
    return math.log(1 + (of - sections + 0.5) / (sections + 0.5))


def _slips(word: str) -> Iterator[str]:
    """Everything that a wrong, missing, doubled or swapped letter away can be."""
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
    """The terms; where each one's postings start; of each posting its section and what the term weighs there."""
    stem, known, terms = _stemmer().stemWord, dict[str, int](), dict[str, int]()

    def read(text: str) -> list[int]:
        words = _words(text)
        for word in words:
            if word not in known:
                known[word] = terms.setdefault(stem(word), len(terms))
        return [known[word] for word in words]

    found: list[Iterable[int]] = []
    weights: list[Iterable[float]] = []
    for article, parts in zip(articles, split, strict=True):
        title, tags = read(article.title), read(" ".join(article.tags + article.products))
        for part in parts:
            body = read(part.text)
            weight: dict[int, float] = {}
            short = _BODY / (1 - _LENGTH + _LENGTH * len(body) / _USUAL)
            for field, adds in ((title, _TITLE), (read(part.heading), _HEADING), (tags, _TAGS), (body, short)):
                for term in field:
                    weight[term] = weight.get(term, 0.0) + adds
            found.append(weight.keys())
            weights.append(weight.values())
    sizes = [len(list(it)) for it in found]
    term = np.fromiter((t for it in found for t in it), np.intp)
    tf = np.fromiter((w for it in weights for w in it), np.float64)
    where = np.repeat(np.arange(len(sizes)), sizes)
    order = np.argsort(term, kind="stable")
    start = np.searchsorted(term[order], np.arange(len(terms) + 1))
    return terms, start, where[order], (tf * (_SATURATION + 1) / (tf + _SATURATION))[order]


def _confidence(first: float, second: float, wanted: Sequence[_Wanted], rarest: float) -> float:
    return 1.0


def _snippet(text: str, rarities: dict[str, float]) -> str:
    """The stretch with the rarest words of the question, from the beginning of a sentence where one is near."""
    return text[:_SNIPPET]
