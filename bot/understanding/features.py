"""What of a message the classifier looks at: its words and pairs of them, runs of letters, and what the words mean."""

import html
import re
import unicodedata
import zlib
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.understanding.senses import senses

Row = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Which features there are, and how much of each."""

HEAD, TAIL = 240, 120
"""Characters looked at: what somebody wants they say first, or at last."""
MARKED = 2
"""How much longer it may be with a channel's mark-up."""
RUNS = (3, 4, 5)
"""Letters of a run."""
WORDS, LETTERS, SENSES = 1 << 14, 1 << 15, 1 << 13
"""Places for each kind; two features that share one are told apart by their company."""
PLACES = WORDS + LETTERS + SENSES
OF_SENSES = 2.0
"""How much more than letters and words their senses count: measured by cross-validation, like the sizes above."""

_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "`": " "})
_MENTION = re.compile(r"<at\b[^>]{0,40}>[^<]{0,80}</at>|<[@#!][\w-]{1,40}(?:\|[^>]{0,80})?>")
_LINK = re.compile(r"<?https?://[^\s|>]{1,300}(?:\|([^>]{0,80}))?>?")
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,10}\b[^<>]{0,80}>", re.I)
_CASE = re.compile(r"\b[a-z]{2,4}-\d{4,9}\b|(?<!error )(?<!code )(?<!\w)#?\d{4,9}\b")
_TOKEN = re.compile(r"\w+(?:'\w+)?|[^\w\s]")


def plain(text: str) -> str:
    """Its beginning and end, without mentions and other mark-up of channels, with plain quotes and single blanks."""
    said = html.unescape(_cut(text, MARKED))
    said = _LINK.sub(lambda link: f" {link[1] or 'url'} ", _MENTION.sub(" ", said))
    said = unicodedata.normalize("NFKC", _TAG.sub(" ", said)).translate(_QUOTES)
    return _cut(" ".join(said.split()))


def _cut(said: str, times: int = 1) -> str:
    head, tail = times * HEAD, times * TAIL
    return said if len(said) <= head + tail else f"{said[:head]} {said[-tail:]}"


def features(said: str) -> Row:
    """Of plain text; each of the three kinds weighs the same however long the message is."""
    folded = _CASE.sub("0000", said.casefold())
    words, letters = _words(folded), _runs(folded)
    meant = _placed(senses(folded), SENSES)
    places = np.concatenate((words, letters + WORDS, meant + WORDS + LETTERS))
    parts = ((words, 1.0), (letters, 1.0), (meant, OF_SENSES))
    return places, np.concatenate([np.full(len(part), (much / max(len(part), 1)) ** 0.5) for part, much in parts])


def _words(folded: str) -> NDArray[np.int64]:
    tokens = ["^", *_TOKEN.findall(folded), "$"]
    return _placed({*tokens, *(f"{one} {two}" for one, two in pairwise(tokens))}, WORDS)


def _placed(named: set[str], size: int) -> NDArray[np.int64]:
    """The same on every machine, which Python's own hashes are not."""
    return np.unique(np.fromiter((zlib.crc32(name.encode()) % size for name in named), np.int64, len(named)))


def _runs(folded: str) -> NDArray[np.int64]:
    """All of a length at once."""
    points = np.frombuffer(f" {folded} ".encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    found = [np.zeros(0, np.uint64)]
    for length in RUNS:
        rolled = np.full(max(len(points) - length + 1, 0), length, np.uint64)
        for n in range(length if len(rolled) else 0):
            rolled = rolled * np.uint64(0x9E3779B97F4A7C15) + points[n : len(rolled) + n]
        found.append((rolled ^ (rolled >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(40))
    return np.unique(np.concatenate(found).astype(np.int64) % LETTERS)
