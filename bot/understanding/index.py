"""The index of all articles: plain arrays, so that one process can build them and another map them into its memory."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import Stemmer

from bot.understanding.articles import NOMINATED, Article, Section, sections
from bot.understanding.snippets import SCANNED
from bot.understanding.stems import ASKING, LONGEST, folded, spelt

Array = npt.NDArray[Any]

# BM25F over sections. Measured on 2,400 articles: sections and these weights help most, then the stems.
TITLE, HEADING, BODY, TAGS, ABOUT = 6.0, 3.0, 1.0, 2.0, 1.0
SATURATION = 3.0
LENGTH = 0.4
"""How far a long body counts for less; the other fields are short anyway."""
USUAL = 110
"""Words in a section's body. A constant: what one account has written must not move what another one finds."""

POINTERS = frozenset(
    {"related information", "related articles", "related links", "related topics"}
    | {"see also", "next steps", "further reading", "more information"}
)
"""Headings of sections that only say where else to read: what they name stands there, not here."""

BREAK, _ASKING = -1, -2
_FIELDS, _IN_ORDER = 5, 3
"""Of each section: title, heading and body, whose order of words counts, then tags and what the article is about."""
_BLOCK = 2_000
"""Articles whose words are counted in one go: memory for that must not grow with their number."""


@dataclass(frozen=True)
class Index:
    stems: Array
    """Sorted; the number of a term is its place here."""
    start: Array
    """Of each term, where its postings begin; one more for the end, as in everything of this kind below."""
    where: Array
    """Of each posting, the section."""
    impact: Array
    """And what the term weighs there, before its rarity."""
    first: Array
    """Of each article, its first section."""
    words: Array
    """The terms of each section as they stand, without asking words: title, break, heading, break, body, break."""
    words_at: Array
    facts: Array
    """UTF-8, as the texts below: of each article a JSON object, itself without its body."""
    facts_at: Array
    headings: Array
    headings_at: Array
    texts: Array
    texts_at: Array
    account: Array
    """Of each article, the place of its account among the ``names``; 0: everybody's."""
    nominated: Array
    providers: Array
    """A bit for each provider whose customers it is for; none: for all."""
    names: Array
    """JSON: the accounts and the providers."""

    def save(self, folder: Path) -> None:
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name))

    @classmethod
    def load(cls, folder: Path) -> "Index":
        """Nothing is read before it is looked at; the files may be deleted at once."""
        return cls(**{field.name: _mapped(folder / f"{field.name}.npy") for field in fields(cls)})


def build(articles: Iterable[Article], provider_of: Mapping[str, str] | None = None) -> Index:
    """``provider_of``: by a product's name, whoever supports it."""
    made = _Builder({name.casefold(): id for name, id in (provider_of or {}).items()})
    for article in articles:
        made.add(article)
    return made.index()


def _mapped(file: Path) -> Array:
    found: Array = np.load(file, mmap_mode="r" if file.stat().st_size > 1 << 20 else None)
    return found


class _Terms(dict[str, int]):
    """The number of each word's stem; words of all questions have none."""

    def __init__(self) -> None:
        self.stems: dict[bytes, int] = {}
        self._stem = Stemmer.Stemmer("english", 0).stemWord

    def __missing__(self, word: str) -> int:
        plain = folded(word)
        if plain in ASKING:
            term = _ASKING
        else:
            term = self.stems.setdefault(self._stem(plain).encode()[:LONGEST], len(self.stems))
        self[word] = term
        return term


class _Texts:
    """Many in one."""

    def __init__(self) -> None:
        self.whole, self.ends = bytearray(), [0]

    def add(self, text: str) -> None:
        self.whole += text.encode()
        self.ends.append(len(self.whole))

    def arrays(self) -> tuple[Array, Array]:
        return np.frombuffer(self.whole, np.uint8), np.array(self.ends, np.int64)


class _Builder:
    def __init__(self, provider_of: Mapping[str, str]) -> None:
        self.provider_of = provider_of
        self.terms = _Terms()
        self.accounts: dict[str | None, int] = {None: 0}
        self.providers: dict[str, int] = {}
        self.facts, self.headings, self.texts = _Texts(), _Texts(), _Texts()
        self.readers: list[tuple[int, bool, int]] = []
        """Of each article its account, whether only nominated users read it, and its providers."""
        self.parts: list[int] = []
        """Of each article, how many sections it has."""
        self.blocks: list[tuple[Array, ...]] = []
        self.counted = 0
        self.said: list[int] = []
        self.lengths: list[int] = []
        self.weights: list[float] = []

    def add(self, article: Article) -> None:
        parts = [part for part in sections(article) if part.heading.casefold() not in POINTERS] or [Section("", "")]
        self.parts.append(len(parts))
        self.readers.append(self._readers(article))
        self.facts.add(json.dumps({**asdict(article), "body": ""}))
        title, about = self._read(article.title), self._read(article.description)
        tags = self._read(" ".join(article.tags + article.products))
        for part in parts:
            heading, body = self._read(part.heading), self._read(part.text)
            share = BODY / (1 - LENGTH + LENGTH * len(body) / USUAL)
            for told, weighs in (title, TITLE), (heading, HEADING), (body, share), (tags, TAGS), (about, ABOUT):
                self.said += told
                self.said.append(BREAK)
                self.lengths.append(len(told) + 1)
                self.weights.append(weighs)
            self.headings.add(part.heading)
            self.texts.add(part.text[:SCANNED])
        if len(self.parts) % _BLOCK == 0:
            self._count()

    def _read(self, text: str) -> list[int]:
        return list(map(self.terms.__getitem__, spelt(text)))

    def _readers(self, article: Article) -> tuple[int, bool, int]:
        account = self.accounts.setdefault(article.account, len(self.accounts))
        found = {self.provider_of.get(product.casefold()) for product in article.products} - {None}
        theirs = [self.providers.setdefault(str(one), len(self.providers)) for one in found]
        return account, article.audience == NOMINATED, sum(1 << bit for bit in theirs)

    def _count(self) -> None:
        """What was read since the last time: postings by section and term, and the words in their order."""
        said, lengths = np.array(self.said, np.int32), np.array(self.lengths, np.int64)
        size = len(lengths) // _FIELDS
        section = np.repeat(np.repeat(np.arange(size), _FIELDS), lengths)
        in_order = np.repeat(np.tile(np.arange(_FIELDS) < _IN_ORDER, size), lengths) & (said != _ASKING)
        weights = np.repeat(np.array(self.weights, np.float64), lengths)
        pairs, weighs = _summed((section << 32 | said)[said >= 0], weights[said >= 0])
        impact = (weighs * (SATURATION + 1) / (weighs + SATURATION)).astype(np.float32)
        where = ((pairs >> 32) + self.counted).astype(np.int32)
        lasts = np.bincount(section[in_order], minlength=size)
        self.blocks.append(((pairs & 0xFFFFFFFF).astype(np.int32), where, impact, said[in_order], lasts))
        self.counted += size
        self.said, self.lengths, self.weights = [], [], []

    def index(self) -> Index:
        self._count()
        terms, where, impact, words, lasts = (np.concatenate(each) for each in zip(*self.blocks, strict=True))
        self.blocks.clear()
        stems = np.array(list(self.terms.stems), f"S{LONGEST}")
        by_name = np.argsort(stems, kind="stable")
        renamed = np.full(len(stems) + 1, BREAK, np.int32)  # a break, -1, is called so afterwards too
        renamed[by_name] = np.arange(len(stems))
        terms = renamed[terms]
        order = np.argsort(terms, kind="stable")
        account, nominated, providers = np.array(self.readers, np.int64).reshape(-1, 3).T
        names = json.dumps({"accounts": list(self.accounts), "providers": list(self.providers)})
        return Index(
            stems[by_name],
            np.searchsorted(terms[order], np.arange(len(stems) + 1)),
            where[order],
            impact[order],
            np.append(0, np.cumsum(self.parts, dtype=np.int64)),
            renamed[words],
            np.append(0, np.cumsum(lasts)),
            *self.facts.arrays(),
            *self.headings.arrays(),
            *self.texts.arrays(),
            account,
            nominated.astype(bool),
            providers,
            np.frombuffer(names.encode(), np.uint8),
        )


def _summed(keys: Array, weights: Array) -> tuple[Array, Array]:
    """Each key once, in order, with the sum of its weights."""
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[starts], np.add.reduceat(weights[order], starts) if len(starts) else weights[:0]
