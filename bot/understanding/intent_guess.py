"""What somebody wants: by the grammar of lines first, otherwise by what the classifier learned; for bot and explain."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot import commands
from bot.understanding.classifier import Shares, Wanted, shipped
from bot.understanding.features import plain
from bot.understanding.senses import strange
from bot.understanding.slots import ASKS_HOW, Slots, acted, named, noticed
from bot.understanding.terms import covered, entitled, plainly
from rules.catalogue import Provider
from rules.people import Role
from rules.refusals import Misunderstood

__all__ = ["CERTAIN", "SURE", "Guess", "Wanted", "guess"]

CERTAIN, CLEAR, UNCLEAR = 1.0, 0.9, 0.4
SURE = 0.7
"""Below it a person is asked rather than guessed at."""
IN_CASE: Shares = {Wanted.CASE_COMMAND: 1.0, Wanted.SLA_STATUS: 0.5, Wanted.OPEN_TICKET: -0.5}
"""In a case's thread most words are for the case."""
ASKED_FOR: Shares = {Wanted.CASE_COMMAND: 1.5}
"""A line's verb beside a case's number, and nobody asks how."""
ASKED_OF_TERMS: Shares = {Wanted.ENTITLEMENTS: 1.5}
"""A question that the catalogues have an answer to."""
ASKED_HOW: Shares = {Wanted.HOW_DO_I: 0.7}
STRANGE = 0.6
"""No more can be told of words that are all unknown."""


@dataclass(frozen=True)
class Guess:
    intent: Wanted
    confidence: float
    slots: Slots = field(default_factory=dict)
    shares: Shares = field(default_factory=dict)
    """How likely the others are, where nothing was certain."""


LINES = {
    **dict.fromkeys(("status", "why", "cases", "at-risk"), Wanted.SLA_STATUS),
    **dict.fromkeys(("plan", "price", "fact", "termination", "covered", "clause"), Wanted.ENTITLEMENTS),
    **dict.fromkeys(("licences", "extend", "upgrade"), Wanted.ENTITLEMENTS),
    "open-for": Wanted.OPEN_TICKET,
    "ask": Wanted.HOW_DO_I,
    "help": Wanted.HELP,
    "hello": Wanted.GREETING,
    "thanks": Wanted.OTHER,
}
"""Every other line is a case_command."""

WHOLE = {
    Wanted.CANCEL: "(please )?(cancel( that| this| it)?|never ?mind|forget (it|that|about it)|stop|abort|drop it)",
    Wanted.GREETING: "(hi|hello|hey|hiya|greetings|good (morning|afternoon|evening|day))( there| all| team| everyone)*",
    Wanted.HELP: "help( me)?( please)?|what can (you|i) (do|say|ask)( here)?|commands|menu|how does this( bot)? work",
    Wanted.OTHER: "(many |ok(ay)? )?(thanks|thank you|thx|cheers)( a lot| so much| very much)?|ok(ay)?|yes|no",
}
PERSON = re.compile(
    r"(please )?((can i|i want to|i'd like to|let me) )?((talk|speak) (to|with) )?(a |an |some ?)?(real |live )?"
    r"(person|human|human being|somebody|someone|agent)\W*(please|now)?\W*",
    re.I,
)
_OPENS = re.compile(
    r"(?:/case |/support |[/!] ?)?open\b(?!\s+(?:cases|tickets|requests|issues|hours|on|at|#?\d))[\s:]+\w", re.I
)
_NAME = re.compile(r"(?:/case |/support |[/!] ?)?([a-z-]+)\b", re.I)


def person_wanted(text: str) -> bool:
    return bool(PERSON.fullmatch(text.strip()))


def guess(
    text: str, role: Role = Role.CUSTOMER, in_case: int | None = None, providers: Iterable[Provider] = ()
) -> Guess:
    """`in_case` is the case of the thread: whoever names no other one there means it."""
    said = plain(text)
    found = _whole(said) or _line(said, role, in_case) or _of_terms(said) or _likely(said, in_case)
    slots = {**named(said), **noticed(said, found.intent, providers), **found.slots}
    return Guess(found.intent, found.confidence, slots, found.shares)


def _whole(said: str) -> Guess | None:
    bare = re.sub(r"[^\w' ]", "", said[:80]).strip().casefold() if len(said) <= 80 else ""
    return next((Guess(what, CERTAIN) for what, pattern in WHOLE.items() if re.fullmatch(pattern, bare)), None)


def _of_terms(said: str) -> Guess | None:
    return Guess(Wanted.ENTITLEMENTS, CLEAR) if plainly(said) or covered(said) else None


def _line(said: str, role: Role, in_case: int | None) -> Guess | None:
    """As the desk itself reads it. What begins as a line and does not go on as one counts as meant."""
    first = _NAME.match(said)
    name = first[1].casefold() if first else ""
    if name == "open" and _OPENS.match(said):
        return Guess(Wanted.OPEN_TICKET, CLEAR)
    if person_wanted(said):
        return Guess(Wanted.CASE_COMMAND, CLEAR, {"action": "person"})
    try:
        line = commands.parse(said, role, in_case)
    except Misunderstood:
        return _of_line(name, None, CLEAR) if name in commands.COMMANDS else None
    return _of_line(line.name, line.case.number if line.case else None, CERTAIN) if line else None


def _of_line(name: str, case: int | None, confidence: float) -> Guess:
    intent = LINES.get(name, Wanted.CASE_COMMAND)
    action: Slots = {"action": name} if intent is Wanted.CASE_COMMAND else {}
    return Guess(intent, confidence, {**action, **({"case_id": case} if case else {})})


def _likely(said: str, in_case: int | None) -> Guess:
    if not said:
        return Guess(Wanted.OTHER, UNCLEAR)
    case = named(said).get("case_id") or in_case
    action = acted(said) if case and not re.search(ASKS_HOW, said, re.I) else None
    shares = shipped().shares(said, _prior(said, in_case, action))
    intent = max(shares, key=lambda wanted: shares[wanted])
    if in_case and intent is Wanted.OPEN_TICKET:  # there, words are for the case
        intent, action = Wanted.CASE_COMMAND, action or "reply"
        shares = {**shares, Wanted.CASE_COMMAND: shares[Wanted.CASE_COMMAND] + shares[Wanted.OPEN_TICKET]}
        shares[Wanted.OPEN_TICKET] = 0.0
    slots: dict[str, int | str | list[int]] = {}
    if case and intent in (Wanted.CASE_COMMAND, Wanted.SLA_STATUS):
        slots["case_id"] = case
    if action and intent is Wanted.CASE_COMMAND:
        slots["action"] = action
    most = STRANGE if intent is Wanted.OTHER and strange(said.casefold()) else 1.0
    return Guess(intent, min(round(shares[intent], 3), most), slots, shares)


def _prior(said: str, in_case: int | None, action: str | None) -> Shares:
    terms = entitled(said)
    priors = (
        IN_CASE if in_case else {},
        ASKED_FOR if action else {},
        ASKED_HOW if re.search(ASKS_HOW, said, re.I) else {},
        ASKED_OF_TERMS if terms and LINES[terms.command] is Wanted.ENTITLEMENTS else {},
    )
    return {wanted: sum(prior.get(wanted, 0.0) for prior in priors) for wanted in Wanted}
