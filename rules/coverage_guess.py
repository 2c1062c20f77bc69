"""A first guess at what kind of request a text is, from its words; no guess at all where they leave a doubt.

A guess decides nothing: its verdict is provisional and "not a report" sends the case to a person. Still a wrong
exclusion costs more than a question, so words count whole only, not where they are denied, and two kinds are none.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from rules import coverage_words as words
from rules.catalogue import Kind, Provider

LONGEST = 2_000
"""Characters looked at: a request says early what it is about."""
NEAR = 60
"""Characters before a word in which it can be denied."""


def _any(alternatives: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(alternatives)})"


def _whole(alternatives: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b{_any(alternatives)}(?!\w)")


Patterns = Mapping[Kind, re.Pattern[str]]
OBJECTS: Patterns = {kind: _whole(named) for kind, named in words.OBJECTS.items()}
WISHES: Patterns = {kind: _whole(named) for kind, named in words.WISHES.items()}
TROUBLE, SELF_MADE = _whole(words.TROUBLE), _whole(words.SELF_MADE)
FOREIGN, DOUBTFUL = _whole(words.FOREIGN), _whole(words.DOUBTFUL)
OUTAGE, UPDATE = _whole(words.OUTAGE), _whole(words.UPDATE)
BROWSERS = {name: _whole(called) for name, called in words.BROWSERS.items()}
DENIED = re.compile(rf"(?:\b|(?=n't)){_any(words.DENIED)}$")
FINE = re.compile(rf" {_any(words.FINE)}\b")
VERB_BEFORE = re.compile(rf"\b{_any(words.VERB_BEFORE)} $")
VERB_AFTER = re.compile(rf" {_any(words.VERB_AFTER)}\b")


def classify(text: str, provider: Provider) -> Kind | None:
    """The kind that the words name beyond doubt; None: a person looks."""
    said = _plain(text, provider)
    objects = set(_kinds(OBJECTS, said)) | set(_own_kinds(provider, said))
    if (named := set(_browsers(said))) and provider.browsers and provider.browsers.names:
        objects -= {Kind.UNSUPPORTED_BROWSER}
        objects |= set() if named & set(_listed(provider.browsers.names)) else {Kind.UNSUPPORTED_BROWSER}
    if objects or any(_noun(said, found) for found in DOUBTFUL.finditer(said)):
        return _only(objects)
    trouble = _means(TROUBLE, said)
    if trouble and _means(SELF_MADE, said):
        return Kind.CLIENT_CAUSED_BREAK_FIX
    wishes = set(_kinds(WISHES, said))
    if Kind.HOW_DO_I in wishes:
        wishes -= {Kind.TWEAK, Kind.OUT_OF_SCOPE_CHANGE}  # asks how to do it, not to have it done
    return _only(wishes | ({Kind.BREAK_FIX} if trouble else set()))


def outage(text: str, provider: Provider) -> bool:
    """Whether the words suspect one of Microsoft's (W34)."""
    return _means(OUTAGE, _plain(text, provider))


def update(text: str, provider: Provider) -> bool:
    """Whether somebody asks for a version update to be carried out, where the provider rules on that (T11)."""
    return provider.version_update is not None and _means(UPDATE, _plain(text, provider))


def names_object(text: str) -> bool:
    """Whether it speaks of something that some provider treats apart, a report or a plug-in for one."""
    said = " ".join(text[:LONGEST].casefold().split())
    return bool(DOUBTFUL.search(said)) or any(pattern.search(said) for pattern in OBJECTS.values())


def _only(kinds: set[Kind]) -> Kind | None:
    if kinds == {Kind.SSRS_REPORT, Kind.POWER_BI}:
        return Kind.SSRS_REPORT  # one clause speaks of both (W32)
    return next(iter(kinds)) if len(kinds) == 1 else None


def _plain(text: str, provider: Provider) -> str:
    """Small letters, plain quotes, single blanks; products taken out: "Terrasoft Training" asks for no training."""
    said = unicodedata.normalize("NFKC", text[:LONGEST]).replace("\u2019", "'").casefold()[:LONGEST]
    said = " ".join(re.sub(r"[^\w'\"./,;:!?-]+", " ", said).split())
    for product in provider.products.names if provider.products and provider.products.closed else ():
        said = re.sub(rf"\b{re.escape(product.casefold())}\b", "the product", said)
    return FOREIGN.sub("add-on", said)


def _kinds(patterns: Patterns, said: str) -> Iterator[Kind]:
    return (kind for kind, pattern in patterns.items() if _means(pattern, said))


def _means(pattern: re.Pattern[str], said: str) -> bool:
    """Whether the words stand there, neither denied before nor called fine after."""
    return any(_meant(said, found) for found in pattern.finditer(said))


def _browsers(said: str) -> Iterator[str]:
    return (name for name, pattern in BROWSERS.items() if _means(pattern, said))


def _listed(supported: Iterable[str]) -> Iterator[str]:
    """Those that the operator lists as supported (W34: the page lists none)."""
    return (name for entry in supported for name in BROWSERS if BROWSERS[name].search(entry.casefold()))


def _meant(said: str, found: re.Match[str]) -> bool:
    near = max(0, found.start() - NEAR)
    return not DENIED.search(said, near, found.start()) and not FINE.match(said, found.end())


def _noun(said: str, found: re.Match[str]) -> bool:
    """Whether it is meant, and as a thing: "to report a fault" is no report."""
    verb = VERB_BEFORE.search(said, max(0, found.start() - NEAR), found.start()) or VERB_AFTER.match(said, found.end())
    return _meant(said, found) and (found[0].endswith("s") or not verb)


def _own_kinds(provider: Provider, said: str) -> Iterator[Kind]:
    """By what this provider's customers call them."""
    for kind, nouns in provider.words.items():
        alternatives = tuple(re.sub(r"\\[ -]", "[ -]?", re.escape(noun.casefold())) + "s?" for noun in nouns)
        if any(_noun(said, found) for found in _whole(alternatives).finditer(said)):
            yield kind
