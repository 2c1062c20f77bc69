"""What a message names: cases, what shall be done, how urgent, which product, what kind of request, when."""

import re
from collections.abc import Iterable, Mapping

from bot.understanding.classifier import Wanted
from rules.catalogue import Provider
from rules.coverage_guess import classify

Slots = Mapping[str, int | str | list[int]]

ACTIONS = {
    # How else people ask for a line; the first that is found counts, so the narrow ones stand before the wide.
    "not-solved": "not (?:solved|fixed|resolved)|still (?:broken|not working)",
    "reopen": "re-?open",
    "withdraw": "withdraw|(?:cancel|delete|drop)(?= (?:the |my |this |that )?(?:case|ticket|request|#))",
    "escalate": r"escalat\w+",
    "merge": "merge",
    "split": "split",
    "priority": "(?:re)?prioriti[sz]e|(?:set|change|raise|lower|make|mark) .{0,30}(?:priority|critical|urgent|high)",
    "assign": "(?:re)?assign|give .{1,40} to|hand .{1,40} to",
    "transfer": "transfer",
    "schedule": "(?:re)?schedule",
    "ack": "ack(?:nowledge)?",
    "note": "(?:add|leave) an? (?:internal )?note",
    "reply": "reply|respond to",
    "take": "take|grab|claim|pick up",
    "confirm": "confirm",
    "solved": "works now|is (?:fixed|solved|working)",
    "close": r"clos(?:e|ing)|resolve|mark .{0,30}(?:resolved|done|closed)",
    "show": "show|pull up",
}
PRIORITIES = {
    "critical": "critical|urgent|blocker|p1",
    "high": "high|p2",
    "normal": "normal|medium|p3",
    "low": "low|p4",
}

ASKS_HOW = (
    r"^(?:(?:hi|hello|hey)\W+)?(?:please )?(?:how (?:do|can|could|would|should|to|does)\b|where (?:do|can|is|are)\b"
    r"|what(?:'s| is) the (?:best |right |easiest )?way\b|(?:show|tell|teach) (?:me|us) how\b"
    r"|is (?:there a way|it possible)\b)"
)
NUMBER = re.compile(
    r"\b[A-Z]{2,4}-(\d{1,9})\b|#(\d{1,9})\b"
    r"|\b(?:case|ticket|request|issue|dossier|caso|vorgang|заявк\w+)s?(?: (?:no\.?|nr\.?|number|id|num))?"
    r"[ :]?#?(\d{1,9})\b"
    r"|(?<!error )(?<!code )(?<![\w.,$€£:/-])([1-9]\d{3,5})(?![\w:/%-]|[.,]\d)",
    re.I,
)
"""A case; a number alone only where it can be one: they begin at 1001."""

_ACTS = {name: re.compile(rf"\b(?:{words})\b", re.I) for name, words in ACTIONS.items()}
_LEVELS = {name: re.compile(rf"\b(?:{words})\b", re.I) for name, words in PRIORITIES.items()}
_WHEN = re.compile(r"\b(?:re)?schedul\w+\b(.{1,120})", re.I)


def named(said: str) -> dict[str, int | str | list[int]]:
    cases = list(dict.fromkeys(int(next(filter(None, found))) for found in NUMBER.findall(said)))
    level = next((name for name, words in _LEVELS.items() if words.search(said)), None)
    found: dict[str, int | str | list[int]] = {"case_id": cases[0]} if cases else {}
    if len(cases) > 1:
        found["case_ids"] = cases
    return found | ({"priority": level} if level else {}) | _time(said)


def acted(said: str) -> str | None:
    """Which line somebody says in a sentence."""
    return next((name for name, words in _ACTS.items() if words.search(said)), None)


def noticed(said: str, intent: Wanted, providers: Iterable[Provider]) -> dict[str, str]:
    """By what the catalogues know: the product, and the kind of a request where its words leave no doubt."""
    if intent not in (Wanted.OPEN_TICKET, Wanted.HOW_DO_I, Wanted.ENTITLEMENTS):
        return {}
    known = list(providers)
    product = _product(said.casefold(), known)
    kind = next((kind for one in known if (kind := classify(said, one))), None)
    return ({"product": product} if product else {}) | ({"category": str(kind)} if kind else {})


def _product(said: str, providers: Iterable[Provider]) -> str | None:
    """The longest name: "Terrasoft CRM Bank" is not Terrasoft CRM."""
    names = [name for one in providers if one.products for name in one.products.names]
    parts = sorted(((part.strip(), name) for name in names for part in name.split("/")), key=lambda pair: -len(pair[0]))
    return next((name for part, name in parts if part.casefold() in said), None)


def _time(said: str) -> dict[str, str]:
    """Somebody's own words for it: when that is, tells the clock of whoever said it."""
    found = _WHEN.search(said)
    words = NUMBER.sub(" ", found[1]) if found else ""
    words = re.sub(r"^\W*(?:(?:a|the|call|session|meeting|case|ticket|for|on|to)\b\W*)*", "", words, flags=re.I).strip(
        " .!?"
    )
    return {"time": words} if words else {}
