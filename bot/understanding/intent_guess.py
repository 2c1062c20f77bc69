"""What somebody wants, by the grammar of lines first and by telling words otherwise. A first cut: small on purpose."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot import commands
from rules.people import Role
from rules.refusals import Misunderstood

LONGEST = 2_000
"""Characters looked at: what somebody wants they say early."""
CERTAIN, CLEAR, LIKELY, DOUBTFUL = 1.0, 0.9, 0.75, 0.4
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
    """case_id, action, priority: those that are named."""


LINES = {
    **dict.fromkeys(("status", "why", "cases", "at-risk"), Wanted.SLA_STATUS),
    **dict.fromkeys(("plan", "price", "fact", "termination"), Wanted.ENTITLEMENTS),
    "open": Wanted.OPEN_TICKET,
    "ask": Wanted.HOW_DO_I,
    "help": Wanted.HELP,
    "hello": Wanted.GREETING,
    "thanks": Wanted.OTHER,
    "cancel": Wanted.CANCEL,
}
"""Every other line is a case_command."""

ACTIONS = {
    # The line, and how else people ask for it. The first that is found counts, so the narrow ones stand before.
    "force-close": r"force[- ]close",
    "not-solved": r"not (?:solved|fixed|resolved)|still (?:broken|not working)",
    "reopen": r"re-?open",
    "withdraw": r"withdraw|(?:cancel|delete|drop|discard)(?= (?:the |my |this |that )?(?:case|ticket|request|issue|#))",
    "escalate": r"escalat\w+",
    "merge": r"merge",
    "split": r"split",
    "priority": r"(?:re)?prioriti[sz]e|(?:set|change|raise|lower|bump|make|mark)\b.{0,40}\b(?:priority|critical|urgent|high|normal|low)",
    "assign": r"(?:re)?assign|give .{1,40} to|hand .{1,40} (?:over )?to",
    "transfer": r"transfer",
    "schedule": r"(?:re)?schedule",
    "ack": r"ack(?:nowledge)?",
    "note": r"(?:add|leave|make) (?:a |an )?(?:internal )?note|note",
    "reply": r"reply|respond to|answer (?:the )?(?:case|ticket)",
    "call": r"log (?:a |the )?call",
    "take": r"take|grab|claim|pick up|i'll (?:do|handle)",
    "confirm": r"confirm",
    "solved": r"(?:works|is working|is fixed|is solved|fixed|solved)(?: now)?",
    "close": r"clos(?:e|ing)|resolve|mark .{0,30}(?:resolved|done|closed)",
    "show": r"show|open up|pull up",
}
PRIORITIES = {
    "critical": r"critical|urgent|blocker|p1|sev ?1",
    "high": r"high|p2",
    "normal": r"normal|medium|p3",
    "low": r"low|p4",
}

_ASKING = (
    r"^(?:\W*(?:hi|hello|hey)\W+)?(?:please |quick question\W+)?(?:how (?:do|can|could|would|should|to|does|might)\b"
    r"|where (?:do|can|is|are) |what(?:'s| is) the (?:best |right |easiest )?way|(?:show|tell|teach) (?:me|us) how"
    r"|is (?:there a way|it possible)|(?:can|could) (?:i|we|you) (?:show|tell|explain|export|share|set up|use)\b)"
)
SAYS: dict[Wanted, tuple[str, ...]] = {
    Wanted.HOW_DO_I: (_ASKING, r"\bhow (?:do|can|to|should) ?(?:i|we|you)?\b", r"\b(?:tutorial|instructions|guide|steps to|documentation|training video)\b"),
    Wanted.SLA_STATUS: (
        r"\bstatus\b|\bany (?:news|update|progress)|\bupdates? on\b",
        r"\bwhen (?:will|can|should|do|am|is)\b.{0,60}\b(?:hear|repl\w+|respon\w+|answer\w*|back|look\w*|due|fixed|done)\b",
        r"\bhow long\b.{0,60}\b(?:wait\w*|take|until|left|before)\b|\bstill waiting\b|\bno (?:answer|reply|response)\b",
        r"\b(?:overdue|eta|due|breach\w*|sla|deadline|time left|at risk)\b",
        r"\bwhere (?:is|are) (?:my|our) (?:case|ticket|request)s?|\b(?:my|our) (?:open )?(?:cases|tickets|requests)\b",
        r"\bwhat(?:'s| is) happening with\b|\bhas (?:any|some)(?:one|body) (?:looked|seen|started)\b",
    ),
    Wanted.ENTITLEMENTS: (
        r"\b(?:my|our|which|what|the|success|winning|base|basic|standard|premium) (?:support )?plans?\b|\bentitle\w*",
        r"\b(?:is|are|do|does|would|what)\b.{0,60}\b(?:cover\w*|includ\w+)\b|\bcoverage\b|\bout of scope\b",
        r"\b(?:pric(?:e|es|ing)|how much|costs?|fees?|charged?|invoice|refunds?)\b",
        r"\b(?:contract|agreement|subscription|renew\w*|seats?|licen[cs]es?|upgrade (?:to|our|my))\b",
        r"\b(?:support|opening|business|office) hours\b|\bresponse times?\b|\bweekends?\b|\bholidays?\b|\bphone number\b",
        r"\b(?:terminat\w+|cancel)\b.{0,20}\b(?:contract|agreement|subscription|support|plan)\b",
    ),
    Wanted.OPEN_TICKET: (
        r"\b(?:open|create|raise|log|report|submit|file|start)\b.{0,20}\b(?:case|ticket|request|issue|problem|bug|incident)\b",
        r"\b(?:errors?|exceptions?|bugs?|broken?|crash\w*|fail(?:s|ed|ing|ure)?|froze|frozen|stuck|outage|blank page|timeouts?)\b",
        r"\b(?:isn't|aren't|won't|doesn't|don't|didn't|is not|are not|does not|do not|will not|not|never|stopped|no longer)"
        r" (?:\w+ )?(?:work|load|sav|open|sync|send|start|respond|updat|print|appear|show|receiv|display)\w*",
        r"\b(?:can't|cannot|can not|couldn't|unable to)\b",
        r"\b(?:is|are|went|seems?) (?:\w+ )?(?:down|slow|gone|wrong|missing|empty)\b|\b(?:wrong|disappeared|vanished|lost)\b",
        r"\b(?:problem|trouble|issue)s? (?:with|in|on|when)\b|\bhaving (?:a |some )?(?:problem|trouble|issue)s?\b",
        r"\b(?:need|want|please|would like)\b.{0,30}\b(?:help with|add|change|rename|fix|set up|reset|access|install)\b",
    ),
}  # fmt: skip
WHOLE = {
    Wanted.CANCEL: r"(?:please )?(?:cancel(?: (?:that|this|it))?|never ?mind|forget (?:it|that|about it)|stop|abort|drop it|scrap that)(?: please)?",
    Wanted.GREETING: r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|bonjour|hola)"
    r"(?: (?:there|all|team|everyone|bot|support|again))*",
    Wanted.HELP: r"(?:please )?(?:help(?: me)?(?: please)?|what can (?:you|i) (?:do|say|ask)(?: here)?|commands|menu|options"
    r"|how does this(?: bot)? work|who are you|what are you)",
    Wanted.OTHER: r"(?:(?:many |ok(?:ay)? )?(?:thanks|thank you|thx|cheers|ty|merci)(?: a lot| so much| very much)?|ok(?:ay)?|yes|no|lol)",
}  # fmt: skip


def guess(text: str, role: Role = Role.CUSTOMER, in_case: int | None = None) -> Guess:
    """`in_case` is the case of the thread: whoever names no other one there means it."""
    said = _clean(text)
    found = _whole(said) or _line(said, role, in_case) or _asked_for(said, in_case) or _likely(said)
    return Guess(found.intent, found.confidence, {**_named(said), **found.slots})


def _clean(text: str) -> str:
    """Without mentions and other mark-up of channels, with plain quotes and single blanks."""
    said = unicodedata.normalize("NFKC", text[:LONGEST]).translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})
    said = re.sub(r"<at>[^<]{0,80}</at>|<@[A-Z0-9]{1,20}(?:\|[^>]{0,80})?>", " ", said)
    return " ".join(said.replace("&amp;", "&").replace("&nbsp;", " ").split())


def _whole(said: str) -> Guess | None:
    bare = re.sub(r"[^\w' ]", "", said).strip().casefold()
    return next((Guess(what, CERTAIN) for what, pattern in WHOLE.items() if re.fullmatch(pattern, bare)), None)


def _line(said: str, role: Role, in_case: int | None) -> Guess | None:
    """As the desk itself would read it; a line that only begins as one counts as meant."""
    first = re.match(r"(?:/case |/support |[/!] ?)?([a-z-]+)\b", said, re.I)
    name = first[1].casefold() if first else ""
    if name == "open" and not re.match(r"open up\b", said, re.I):
        return Guess(Wanted.OPEN_TICKET, CLEAR)
    try:
        line = commands.parse(said, role, in_case)
    except Misunderstood:
        return _of_line(name, None, CLEAR) if name in commands.COMMANDS else Guess(Wanted.HELP, DOUBTFUL)
    return _of_line(line.name, line.case.number if line.case else None, CERTAIN) if line else None


def _of_line(name: str, case: int | None, confidence: float) -> Guess:
    intent = LINES.get(name, Wanted.CASE_COMMAND)
    slots: dict[str, int | str] = {"action": name} if intent is Wanted.CASE_COMMAND else {}
    return Guess(intent, confidence, slots | ({"case_id": case} if case else {}))


def _asked_for(said: str, in_case: int | None) -> Guess | None:
    """A command in a sentence: only about a case that is named, or the one they are in, and never a question how."""
    case = _named(said).get("case_id") or in_case
    if case is None or re.search(_ASKING, said, re.I):
        return None
    action = next((name for name, words in ACTIONS.items() if re.search(rf"\b(?:{words})\b", said, re.I)), None)
    if action is None:
        return Guess(Wanted.SLA_STATUS, LIKELY, {"case_id": case}) if _score(Wanted.SLA_STATUS, said) else None
    asked = Guess(
        Wanted.CASE_COMMAND, CLEAR if "case_id" in _named(said) else LIKELY, {"action": action, "case_id": case}
    )
    return (
        Guess(Wanted.SLA_STATUS, LIKELY, {"case_id": case})
        if said.endswith("?") and _score(Wanted.SLA_STATUS, said)
        else asked
    )


def _likely(said: str) -> Guess:
    scores = sorted(((_score(what, said), what) for what in SAYS), reverse=True)
    (most, what), (next_most, _) = scores[0], scores[1]
    if not most:
        return Guess(Wanted.OTHER, DOUBTFUL)
    if what is not Wanted.OPEN_TICKET and re.search(SAYS[Wanted.OPEN_TICKET][1], said, re.I) and most - next_most < 1:
        what = Wanted.OPEN_TICKET
    return Guess(what, LIKELY + 0.05 * min(most - next_most, 4) if most > next_most else DOUBTFUL + 0.2)


def _score(what: Wanted, said: str) -> int:
    """How many of its telling words stand there; who asks how to do something rarely means anything else."""
    found = [pattern for pattern in SAYS[what] if re.search(pattern, said, re.I)]
    return len(found) + (2 if _ASKING in found else 0)


def _named(said: str) -> dict[str, int | str]:
    """A bare number is a case only where it can be one: they begin at 1001."""
    slots: dict[str, int | str] = {}
    number = r"#(\d{1,9})\b|\b(?:case|ticket|request|issue)s?(?: (?:no\.?|number|nr\.?))? ?#?(\d{1,9})\b|(?<![\w.$€£:/-])([1-9]\d{3,5})(?![\w.:/%-])"
    if found := re.search(number, said, re.I):
        slots["case_id"] = int(found[1] or found[2] or found[3])
    priority = next((name for name, words in PRIORITIES.items() if re.search(rf"\b(?:{words})\b", said, re.I)), None)
    return slots | ({"priority": priority} if priority else {})
