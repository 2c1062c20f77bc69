"""Words of one sense: what no utterance has ever said, the classifier knows by its like."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

FILE = Path(__file__).with_name("senses.txt")
OTHER = "_"
NEAR = 3
"""Senses so close to each other that they are taken together."""
MOST = 12
"""Senses of one message that are paired."""
SHORTEST = 5
"""Letters of a word that is known in spite of a slip."""
BESIDE = frozenset({"GOOD", "FOLK", "DAY"})
"""Senses that go with anything."""
LITTLE = frozenset(
    """
    how do does did can could would should may what when where who why which is are was were be am i you
    we it this that these my our your me us to of for with not no any some please there the a an still
    yet again in on if and or but have has had get from
    """.split()  # noqa: SIM905
)
_TOKEN = re.compile(r"\w+(?:[-'/]\w+)*|[^\w\s]")
_MARKS = frozenset("?!.:,")


def senses(folded: str) -> set[str]:
    """Of a message in small letters: its senses and little words, alone and as they follow each other."""
    tokens = _TOKEN.findall(_PHRASE.sub(lambda phrase: phrase[0].replace(" ", "_"), folded))
    stream = [sense for token in tokens if (sense := _sense(token))]
    line = [sense for n, sense in enumerate(stream) if n == 0 or sense != stream[n - 1]]
    said = sorted({sense for sense in stream if sense.isupper()})
    telling = [sense for sense in stream if sense.isupper() and sense not in BESIDE]
    framed = ["^", *line, "$"]
    found = {*line, *(f"2 {a} {b}" for a, b in pairwise(framed))}
    found |= {f"3 {a} {b} {c}" for a, b, c in zip(framed, framed[1:], framed[2:], strict=False)}
    found |= {f"near {a} {b}" for n, a in enumerate(telling[:MOST]) for b in telling[n + 1 : n + 1 + NEAR] if a != b}
    unknown = stream.count(OTHER)
    found |= {f"unknown {min(unknown, 6).bit_length()}", f"long {min(len(tokens), 64).bit_length()}"}
    found.add("head " + " ".join([sense for sense in line if sense not in _MARKS][:2]))
    if telling:
        found.add(f"first {telling[0]}")
    if len(said) <= NEAR:
        found.add(f"only {' '.join(said)}{f' {OTHER}' if unknown > 1 else ''}")
    return found


def strange(folded: str) -> bool:
    """Whether none of its words is known."""
    return all(_sense(token) in (OTHER, "", *_MARKS) for token in _TOKEN.findall(folded))


@lru_cache(maxsize=20_000)
def _sense(token: str) -> str:
    """Empty for marks that tell nothing."""
    if token in _WORDS:
        return _WORDS[token]
    stem = next((token[:n] for n in range(len(token), 1, -1) if token[:n] in _STEMS), None)
    if stem:
        return _STEMS[stem]
    if token in LITTLE or token in _MARKS:
        return token
    if len(token) >= SHORTEST and token.isalpha():
        found = next((_SLIPS[slip] for slip in (token, *_shorter(token)) if slip in _SLIPS), None)
        return found or OTHER
    return OTHER if token[0].isalnum() else ""


def _shorter(word: str) -> Iterator[str]:
    return (word[:n] + word[n + 1 :] for n in range(len(word)))


def _read() -> tuple[dict[str, str], dict[str, str]]:
    words: dict[str, str] = {}
    stems: dict[str, str] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        sense, colon, named = line.partition(": ")
        for word in named.split() if colon and not line.startswith("#") else ():
            (stems if word.endswith("*") else words).setdefault(word.rstrip("*"), sense)
    return words, stems


_WORDS, _STEMS = _read()
_PHRASES = "|".join(re.escape(word.replace("_", " ")) for word in sorted(_WORDS, reverse=True) if "_" in word)
_PHRASE = re.compile(rf"(?<!\w)(?:{_PHRASES})(?!\w)")
_SLIPS = {
    slip: sense
    for known in (_STEMS, _WORDS)
    for word, sense in known.items()
    if len(word) >= SHORTEST and word.isalpha()
    for slip in (word, *_shorter(word))
}
"""By one letter less than they have; two words that lack a letter each can be the same word with a slip."""
