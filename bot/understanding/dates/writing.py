"""One way to write each thing: figures for words, clocks with a colon, no small talk, and the zone taken out."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache


def _counted(words: str, first: int) -> dict[str, int]:
    return {word: number for number, word in enumerate(words.split(), first)}


ONES = _counted("one two three four five six seven eight nine", 1)
TEENS = _counted("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10)
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
NTH = _counted("first second third fourth fifth sixth seventh eighth ninth", 1)
TEENTH = _counted(
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth", 10
) | {"thirtieth": 30}
FIGURES = ONES | TEENS | TENS | NTH | TEENTH


def _one_of(*words: dict[str, int]) -> str:
    return f"(?:{'|'.join(word for some in words for word in some)})"


def _sum(said: str) -> int:
    return sum(FIGURES[word] for word in said.split())


def _past(found: re.Match[str]) -> str:
    """quarter past 8, 20 minutes to 9"""
    minutes = {"half": 30, "quarter": 15}.get(found[1]) or int(found[1])
    hour = int(found[3])
    return f"{hour}:{minutes:02}" if found[2] == "past" else f"{hour - 1 or 12}:{60 - minutes:02}"


def _and_a_half(found: re.Match[str]) -> str:
    """2 and a half hours, 2 hours and a half"""
    return f"{found[1]}.5 " if found[1] else f"{found[2]}.5 hours"


Rules = tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...]
FORMS: Rules = (
    (r"[’‘`]", "'"),
    (r"[‐‑‒–—]", "-"),
    (r"(?<=[a-z])-(?=[a-z])", " "),
    (r"\b(?:tmrw|tmr|tmw|tomm?orr?ow|2morrow)\b", "tomorrow"),
    (r"\b(early|late) this\b", r"this \1"),
    (r"\bnext (?=(?:business|working) day\b)", "1 "),
    (r"\bnext month(?: on)? the (\d\d?)(?:st|nd|rd|th)?\b", r"the \1 of next month"),
    # Figures: an hour with its minutes first, then what stands alone.
    (
        rf"\b({_one_of(ONES, TEENS)}) ({_one_of(TENS)}(?: {_one_of(ONES)})?|ten|fifteen)\b",
        lambda found: f"{_sum(found[1])}:{_sum(found[2])}",
    ),
    (rf"\b{_one_of(TENS)} {_one_of(NTH)}\b|\b{_one_of(NTH, TEENTH)}\b(?! thing)", lambda found: f"{_sum(found[0])}th"),
    (rf"\b{_one_of(TENS)} {_one_of(ONES)}\b|\b{_one_of(TENS, TEENS, ONES)}\b", lambda found: str(_sum(found[0]))),
    # Amounts.
    (r"\ban? hour and a half\b", "1.5 hours"),
    (r"\b(\d\d?) and a half (?=hours?\b)|\b(\d\d?) hours? and a half\b", _and_a_half),
    (r"\bhalf an? hour\b", "30 minutes"),
    (r"\b(?:an? )?fortnight\b", "2 weeks"),
    (r"\b(?:an? |the )?couple(?: of)?\b", "2"),
    (r"\b(?:a )?few\b", "3"),
    (r"\ban? (?=(?:minute|hour|day|week|month|year|business|working)\b)", "1 "),
    # Clocks.
    (r"(?<=\d)t(?=\d\d:\d\d)", " "),
    (r"\bp\.? ?m\b\.?", "pm"),
    (r"\ba\.? ?m\b\.?", "am"),
    (r"(?<=\d) ?([ap])\.? ?m?\b\.?", r"\1m"),
    (r"\b(\d{1,2})\.(\d\d)(?=[ap]m)", r"\1:\2"),
    (r"\b(\d{1,2})h(\d\d)\b", r"\1:\2"),
    (r"\b24 ?h(?:ours?|rs?)?(?: (?:clock|format))?:? (?=\d{1,2}[h:]\d\d)", ""),
    (r"\b(in|within|for|next) (\d{1,2})h\b", r"\1 \2 hours"),
    (r"\b(\d{1,2})h(?!\w)", r"\1:00"),
    (r"\b(0\d)([0-5]\d)\b", r"\1:\2"),
    (r"(?<!\bin )\b([01]\d|2[0-3])([0-5]\d) ?(?:h|hrs?|hours)\b", r"\1:\2"),
    (r"\bat ([01]\d|2[0-3])([0-5]\d)\b", r"at \1:\2"),
    (r"\bhalf (\d\d?)\b(?!:)", r"\1:30"),
    (r"\b(half|quarter|\d\d?)(?: min(?:ute)?s?)? (past) (\d\d?)(?!\d)", _past),
    (r"\b(?:a )?(quarter|\d\d?(?= min))(?: min(?:ute)?s?)? (to) (\d\d?)(?!\d)", _past),
    (r"(?<=:\d\d) ?(?:o ?'? ?clock|minutes?)\b", ""),
    (r"(?<=\d) ?o ?'? ?clock\b", ":00"),
    (r"(?:\bat )?\b(\d{1,2})-?ish\b", r"at \1"),
    (r"(?<=:\d\d)-?ish\b", ""),
    (r"\b(?:12(?::00)? )?(?:noon|midday)\b", "12:00pm"),
    (r"\b(?:12(?::00)? )?midnight\b", "00:00"),
    (r"\b(?:between|from) now (?:and|to|until|till) (?=\d)", "today until "),
    # What says nothing about time.
    (r"[?!;()\",]|(?<=[a-z])\.|\.$", " "),
    (r"\b(?:can|could|shall) (?:we|you|i) (?:please )?(?:do|meet|talk|speak|call|make it)?\b", " "),
    (r"\b(?:i am|i'm|we are|we're) (?:free|available)\b|\bworks?(?: (?:fine|best))?(?: for (?:me|us))?\b", " "),
    (r"\b(?:please|pls|maybe|perhaps|let's|say|how about|what about|around|about|approximately)\b", " "),
    (r"\b(?:(?:at )?any ?time|sometime|call me|call us|meet)\b", " "),
)


MEANT = (
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow january february march april june july"
    " august september october november december morning afternoon evening noon business"
)
NAMES = frozenset(MEANT.split(" "))
OTHERS = frozenset(("match", "loon"))
"""Words of their own, as near as they are."""
_WORD = re.compile(r"[a-z]{5,12}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@lru_cache(1024)
def _repaired(word: str) -> str:
    """``wendesday``: the one name that is a slip of the finger away, if there is one."""
    if word in NAMES or word in OTHERS:
        return word
    near = {it for it in _slips(word) if it in NAMES}
    return near.pop() if len(near) == 1 else word


def _slips(word: str) -> Iterator[str]:
    for n in range(len(word) + 1):
        before, after = word[:n], word[n:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            yield before + letter + after[1:]


def plain(text: str) -> str:
    said = unicodedata.normalize("NFKC", text).casefold()[: len(text)]
    said = _WORD.sub(lambda found: _repaired(found[0]), said)
    for pattern, instead in FORMS:
        said = re.sub(pattern, instead, said)
    return " ".join(said.split())


ZONES = {
    "America/New_York": "e[sd]?t|eastern|new york|toronto|montreal|ottawa",
    "America/Halifax": "a[sd]t|atlantic|halifax",
    "America/Chicago": "c[sd]?t|central|chicago|winnipeg",
    "America/Denver": "m[sd]?t|mountain|denver|calgary|edmonton",
    "America/Los_Angeles": "p[sd]?t|pacific|vancouver",
    "Europe/London": "bst|uk|british|london",
    "Europe/Paris": "cest|cet|paris|berlin|madrid",
    "Asia/Kolkata": "ist|indian?",
    "UTC": "utc|gmt|z",
}


def _at_the_end(said: str, names: str) -> re.Match[str] | None:
    """ "10am tomorrow (London)": what stands last, and is no letter that may be anything."""
    found = re.search(rf"(?<=[a-z\d] )(?:in )?(?:{names})$", said)
    return found if found and len(found[0]) > 1 else None


def zoned(said: str) -> tuple[str, str | None]:
    """Without the zone, and its IANA name: named behind a clock or as a time, where "et" is no other word."""
    said = re.sub(r"\b(?:my|your|our|local) time\b", "", said).strip()
    for zone, names in ZONES.items():
        kind = "(?: (?:standard|daylight|summer))?"
        behind = rf"(?<=[\dm]) ?\b(?:{names}){kind}(?: time)?(?!\w)"
        if found := re.search(rf"{behind}|\b(?:in )?(?:{names}){kind} time\b", said) or _at_the_end(said, names):
            return f"{said[: found.start()]} {said[found.end() :].lstrip()}".strip(), zone
    return said, None
