"""What somebody wants, by the grammar of lines first and by telling words otherwise. A first cut: small on purpose."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot import commands
from bot.understanding.router import person_wanted
from rules.people import Role
from rules.refusals import Misunderstood

LONGEST = 2_000
"""Characters looked at: what somebody wants they say early."""
CERTAIN, CLEAR, LIKELY, TIED, UNCLEAR = 1.0, 0.9, 0.75, 0.6, 0.4
"""Below 0.7 a person is asked rather than guessed at."""


class Wanted(StrEnum):
    OPEN_TICKET = "open_ticket"
    HOW_DO_I = "how_do_i"
    SLA_STATUS = "sla_status"
    ENTITLEMENTS = "entitlements"
    CASE_COMMAND = "case_command"
    GREETING = "greeting"
    HELP = "help"
    CANCEL = "cancel"
    OTHER = "other"


@dataclass(frozen=True)
class Guess:
    intent: Wanted
    confidence: float
    slots: Mapping[str, int | str] = field(default_factory=dict)
    """case_id, action and priority, where they are named."""


LINES = {
    **dict.fromkeys(("status", "why", "cases", "at-risk"), Wanted.SLA_STATUS),
    **dict.fromkeys(("plan", "price", "fact", "termination"), Wanted.ENTITLEMENTS),
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
SAYS: dict[Wanted, tuple[str, ...]] = {
    # Where two say as much, the first is meant: trouble is not to be overheard.
    Wanted.OPEN_TICKET: (
        r"\b(?:open|create|raise|log|report|submit|file)\b.{0,20}\b(?:case|ticket|request|issue|problem|bug|incident)\b",
        r"\b(?:errors?|exceptions?|bugs?|broken?|crash\w*|fail(?:s|ed|ing|ure)?|frozen?|stuck|outage|timeouts?)\b",
        r"\b(?:isn't|aren't|won't|doesn't|don't|didn't|not|never|stopped|no longer)"
        r" (?:\w+ )?(?:work|load|sav|open|sync|send|start|respond|updat|print|appear|show|receiv|display)",
        r"\b(?:can't|cannot|can not|couldn't|unable to)\b",
        r"\b(?:is|are|went|seems?) (?:\w+ )?(?:down|slow|gone|missing|empty)\b|\b(?:wrong|disappeared|vanished|lost)\b",
        r"\b(?:problem|trouble|issue)s? (?:with|in|on|when)\b|\bhaving (?:a |some )?(?:problem|trouble|issue)s?\b",
        r"\b(?:need|want|please|would like)\b.{0,30}\b(?:help with|add|change|rename|fix|set up|reset|access)\b",
    ),
    Wanted.HOW_DO_I: (
        r"\bhow (?:do|can|to|should)\b",
        r"\b(?:tutorial|instructions|guide|steps to|documentation|training video)\b",
    ),
    Wanted.SLA_STATUS: (
        r"\bstatus\b|\bany (?:news|update|progress)\b|\bupdates? on\b",
        r"\bwhen (?:will|can|should|do|is)\b.{0,60}\b(?:hear|repl\w+|respon\w+|answer\w*|back|look\w*|due|fixed)\b",
        r"\bhow long\b.{0,60}\b(?:wait\w*|take|until|left|before)\b|\bstill waiting\b|\bno (?:answer|reply|response)\b",
        r"\b(?:overdue|eta|due|breach\w*|sla|deadline|time left|at risk)\b",
        r"\bwhere (?:is|are) (?:my|our) (?:case|ticket|request)|\b(?:my|our) (?:open )?(?:cases|tickets|requests)\b",
        r"\bwhat(?:'s| is) happening with\b|\bhas (?:any|some)(?:one|body) (?:looked|seen|started)\b",
    ),
    Wanted.ENTITLEMENTS: (
        r"\b(?:my|our|which|what|the|success|winning|base|basic|standard|premium) (?:support )?plans?\b|\bentitle",
        r"\b(?:is|are|do|does|would|what)\b.{0,60}\b(?:cover|includ)|\bcoverage\b|\bout of scope\b",
        r"\b(?:pric(?:e|es|ing)|how much|costs?|fees?|charged?|invoice|refunds?)\b",
        r"\b(?:contract|agreement|subscription|renew|seats?|licen[cs]es?|upgrade (?:to|our|my))\b",
        r"\b(?:support|opening|business|office) hours\b|\bresponse times?\b|\bweekends?\b|\bholidays?\b|\bphone\b",
        r"\b(?:terminate|cancel)\b.{0,20}\b(?:contract|agreement|subscription|support|plan)\b",
    ),
}
NUMBER = (
    r"#(\d{1,9})\b|\b(?:case|ticket|request|issue)s?(?: (?:no\.?|number))? ?#?(\d{1,9})\b"
    r"|(?<!error )(?<!code )(?<![\w.$€£:/-])([1-9]\d{3,5})(?![\w:/%-]|\.\d)"
)
"""A case; a number alone only where it can be one: they begin at 1001."""


def guess(text: str, role: Role = Role.CUSTOMER, in_case: int | None = None) -> Guess:
    """`in_case` is the case of the thread: whoever names no other one there means it."""
    said = _clean(text)
    named = _named(said)
    found = (
        _whole(said) or _line(said, role, in_case) or _asked_for(said, named.get("case_id") or in_case) or _likely(said)
    )
    return Guess(found.intent, found.confidence, {**named, **found.slots})


def _clean(text: str) -> str:
    """Without mentions and other mark-up of channels, with plain quotes and single blanks."""
    said = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST].translate({0x2018: "'", 0x2019: "'"})
    said = re.sub(r"<at>[^<]{0,80}</at>|<@[A-Z0-9]{1,20}(?:\|[^>]{0,80})?>", " ", said)
    return " ".join(said.replace("&amp;", "&").replace("&nbsp;", " ").split())


def _whole(said: str) -> Guess | None:
    bare = re.sub(r"[^\w' ]", "", said).strip().casefold()
    return next((Guess(what, CERTAIN) for what, pattern in WHOLE.items() if re.fullmatch(pattern, bare)), None)


def _line(said: str, role: Role, in_case: int | None) -> Guess | None:
    """As the desk itself reads it. What begins as a line and does not go on as one counts as meant."""
    first = re.match(r"(?:/case |/support |[/!] ?)?([a-z-]+)\b", said, re.I)
    name = first[1].casefold() if first else ""
    if name == "open":
        return Guess(Wanted.OPEN_TICKET, CLEAR)
    if person_wanted(said):
        return Guess(Wanted.CASE_COMMAND, CLEAR, {"action": "person"})
    try:
        line = commands.parse(said, role, in_case)
    except Misunderstood:
        return _of_line(name, None, CLEAR) if name in commands.COMMANDS else Guess(Wanted.HELP, UNCLEAR)
    return _of_line(line.name, line.case.number if line.case else None, CERTAIN) if line else None


def _of_line(name: str, case: int | None, confidence: float) -> Guess:
    intent = LINES.get(name, Wanted.CASE_COMMAND)
    action: dict[str, int | str] = {"action": name} if intent is Wanted.CASE_COMMAND else {}
    return Guess(intent, confidence, action | ({"case_id": case} if case else {}))


def _asked_for(said: str, case: int | str | None) -> Guess | None:
    """A line said in a sentence: only of a case, and never where somebody asks how."""
    if case is None or _has(ASKS_HOW, said):
        return None
    if _score(Wanted.SLA_STATUS, said):
        return Guess(Wanted.SLA_STATUS, CLEAR, {"case_id": case})
    action = next((name for name, words in ACTIONS.items() if _has(rf"\b(?:{words})\b", said)), None)
    return Guess(Wanted.CASE_COMMAND, CLEAR, {"action": action, "case_id": case}) if action else None


def _likely(said: str) -> Guess:
    scores = {what: _score(what, said) for what in SAYS}
    first, second = sorted(scores, key=lambda what: -scores[what])[:2]
    if not scores[first]:
        return Guess(Wanted.OTHER, UNCLEAR)
    ahead = scores[first] - scores[second]
    return Guess(first, round(LIKELY + 0.05 * min(ahead, 4), 2) if ahead else TIED)


def _score(what: Wanted, said: str) -> int:
    """How many of its telling words stand there; who asks how rarely means anything else."""
    found = sum(_has(pattern, said) for pattern in SAYS[what])
    return found + 3 if what is Wanted.HOW_DO_I and _has(ASKS_HOW, said) else found


def _named(said: str) -> dict[str, int | str]:
    number = re.search(NUMBER, said, re.I)
    case: dict[str, int | str] = {"case_id": int(number[1] or number[2] or number[3])} if number else {}
    priority = next((name for name, words in PRIORITIES.items() if _has(rf"\b(?:{words})\b", said)), None)
    return case | ({"priority": priority} if priority else {})


def _has(pattern: str, said: str) -> bool:
    return re.search(pattern, said, re.I) is not None
