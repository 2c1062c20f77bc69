"""Every line understood: what it does, for whom, and how it is written. Buttons say the same lines."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bot import desk, spoken
from bot.desk import CaseRef
from bot.languages import languages
from bot.lines import (
    Does,
    agreements,
    announcements,
    cases,
    contacts,
    coverage,
    following,
    incidents,
    letters,
    on_case,
    outward,
    people,
    plans,
    replies,
    reports,
    talk,
    with_words,
)
from rules.lifecycle import RULES, Verb
from rules.people import STAFF, Role
from rules.refusals import Misunderstood

Wants = Literal["no", "may", "must"]


@dataclass(frozen=True)
class Command:
    verb: Verb
    does: Does
    case: Wants = "must"
    """Whether the line names a case."""
    words: Wants = "no"
    """Whether people's own words follow."""
    called: str = "TEXT"
    """What they are called where its use is shown."""


@dataclass(frozen=True)
class Line:
    """A line as it was understood; ``whole``: so clearly that it is obeyed in the middle of a dialog too."""

    name: str
    case: CaseRef | None
    words: str
    whole: bool
    missing: bool = False
    """Whether the words that it needs are still to be asked for."""


WHEN, RATING = "WHEN", "1-5"
DELIVERED = "yes | no | none"


# Where a line means one thing to customers and another to staff, both stand here and the role decides.
COMMANDS: dict[str, tuple[Command, ...]] = {
    "status": (Command(Verb.SEE, cases.status, case="may"),),
    "show": (Command(Verb.SEE, cases.show),),
    "why": (Command(Verb.SEE, coverage.why),),
    "cases": (Command(Verb.COMPANY, cases.cases, case="no"),),
    "at-risk": (Command(Verb.COMPANY, cases.at_risk, case="no"),),
    "queue": (Command(Verb.QUEUE, cases.queue, case="no", words="may", called="FILTER ... [page 2]"),),
    "home": (
        Command(Verb.QUEUE, talk.home, case="no", words="may", called="FILTER ... [page 2]"),
        Command(Verb.COMPANY, talk.home, case="no", words="may", called="page 2"),
    ),
    "take": (Command(Verb.TAKE, on_case(desk.take)),),
    "assign": (Command(Verb.ASSIGN, cases.assign, words="must", called="WHO | auto"),),
    "ack": (Command(Verb.ACKNOWLEDGE, cases.ack),),
    "away": (Command(Verb.AWAY, people.away, case="no", words="must", called="UNTIL [STAND-IN]"),),
    "back": (Command(Verb.BACK, people.back, case="no"),),
    "on-call": (Command(Verb.ON_CALL, people.on_call, case="no"),),
    "any-hour": (Command(Verb.ANY_HOUR, people.any_hour, case="no", words="must", called="on | off"),),
    "language": (Command(Verb.LANGUAGE, people.language, case="no", words="must", called=" | ".join(languages())),),
    "zone": (Command(Verb.LANGUAGE, people.zone, case="no", words="must", called="Europe/Paris"),),
    "portal": (Command(Verb.HELP, people.portal, case="no"),),
    "reply": (
        Command(Verb.REPLY, outward.says("reply"), words="must"),
        Command(Verb.SAY, cases.say, words="must"),
    ),
    "send-note": (Command(Verb.REPLY, outward.send_note),),
    "undo": (Command(Verb.UNDO, outward.undo, case="may", words="may", called="17"),),
    "send-anyway": (Command(Verb.UNDO, outward.send_anyway, case="may", words="may", called="17"),),
    "add": (Command(Verb.SAY, cases.add, words="must"),),
    "move": (Command(Verb.MOVE, cases.move, words="must"),),
    "follow": (Command(Verb.FOLLOW, following.follow),),
    "unfollow": (Command(Verb.UNFOLLOW, following.unfollow),),
    "note": (Command(Verb.NOTE, cases.note, words="must"),),
    "call": (Command(Verb.CALL, outward.says("call"), words="must"),),
    "wait": (Command(Verb.WAIT, outward.says("wait"), words="must"),),
    "priority": (Command(Verb.PRIORITISE, agreements.prioritise, words="must"),),
    "not-that": (Command(Verb.NOT_THAT, coverage.not_that),),
    "estimate": (Command(Verb.ESTIMATE, coverage.estimate),),
    "enquire": (Command(Verb.ENQUIRE, coverage.enquire),),
    "ask-person": (Command(Verb.OPEN, coverage.ask_person, case="no", words="must"),),
    "covered": (Command(Verb.COVERED, coverage.covered, case="no", words="must"),),
    "clause": (Command(Verb.HELP, coverage.clause, case="no", words="must", called="ID"),),
    "cover": (Command(Verb.COVER, with_words(desk.cover), words="must"),),
    "client-caused": (Command(Verb.CLIENT_CAUSED, outward.says("client-caused"), words="must"),),
    "quote": (Command(Verb.QUOTE, outward.says("quote"), words="must"),),
    "schedule": (Command(Verb.SCHEDULE, agreements.schedule, words="must", called=WHEN),),
    "accept": (
        Command(Verb.ACCEPT, agreements.accept, words="may"),
        Command(Verb.AGREE, agreements.accept, words="may"),
    ),
    "decline": (
        Command(Verb.DECLINE, agreements.decline, words="may"),
        Command(Verb.TURN_DOWN, agreements.decline, words="may"),
    ),
    "close": (Command(Verb.RESOLVE, outward.says("close"), words="may"),),
    "code-delivered": (Command(Verb.CODE_DELIVERED, with_words(desk.code_delivered), words="must", called=DELIVERED),),
    "record": (Command(Verb.RECORD, agreements.record),),
    "resolve": (Command(Verb.RESOLVE, cases.resolve),),
    "force-close": (Command(Verb.FORCE_CLOSE, outward.says("force-close"), words="must"),),
    "merge": (Command(Verb.MERGE, cases.merge, words="must"),),
    "split": (Command(Verb.SPLIT, cases.split, words="must"),),
    "draft-article": (Command(Verb.DRAFT_ARTICLE, cases.draft_article),),
    "transfer": (Command(Verb.TRANSFER, cases.transfer, words="must", called="QUEUE"),),
    "link-cases": (Command(Verb.LINK_CASES, cases.link, words="must", called="1043"),),
    "unlink-cases": (Command(Verb.UNLINK_CASES, cases.unlink, words="must", called="1043"),),
    "incident": (Command(Verb.GROUP, incidents.incident, case="no", words="may", called="open TITLE | 3 add 1042"),),
    "saved": (Command(Verb.SAVED, replies.saved, case="no"),),
    "save": (Command(Verb.SAVED, replies.save, case="no", words="must", called="NAME TEXT"),),
    "unsave": (Command(Verb.SAVED, replies.unsave, case="no", words="must", called="NAME"),),
    "open-for": (Command(Verb.OPEN_FOR, cases.open_for, case="no", words="must"),),
    "whois": (Command(Verb.WHOIS, people.whois, case="no", words="must"),),
    "link": (Command(Verb.LINK, people.link, case="no", words="must", called="CODE"),),
    "invite": (Command(Verb.INVITE, people.invite, case="no", words="must", called="WHO"),),
    "links": (Command(Verb.LINKS, people.links, case="no", words="may", called="approve all | reject 3"),),
    "leave": (Command(Verb.LEAVE, people.leave, case="no", words="must", called="WHO to WHO"),),
    "nominate": (Command(Verb.NOMINATE, contacts.nominate, case="no", words="must", called="WHO [off]"),),
    "contact-person": (Command(Verb.CONTACT_PERSON, contacts.contact_person, case="no", words="must", called="WHO"),),
    "deputy": (Command(Verb.DEPUTY, contacts.deputy, case="no", words="must", called="WHO UNTIL"),),
    "hand-over": (Command(Verb.HAND_OVER, contacts.hand_over),),
    "not-needed": (Command(Verb.NOT_NEEDED, with_words(desk.not_needed), words="may"),),
    "eligible": (Command(Verb.ELIGIBLE, with_words(desk.eligible), words="may"),),
    "ineligible": (Command(Verb.INELIGIBLE, outward.says("ineligible"), words="must"),),
    "announce": (Command(Verb.ANNOUNCE, announcements.announce, case="no", words="must", called="AUDIENCE TEXT"),),
    "announcements": (Command(Verb.ANNOUNCE, announcements.announcements, case="no"),),
    "announcement": (Command(Verb.ANNOUNCE, announcements.announcement, case="no", words="must", called="7"),),
    "report": (
        Command(Verb.REPORT, reports.report, case="no", words="may", called="PERIOD [ACCOUNT]"),
        Command(Verb.OWN_REPORT, reports.report, case="no", words="may", called="PERIOD"),
    ),
    "digest": (Command(Verb.DIGEST, reports.digest, case="no", words="must", called="on | off"),),
    "dead": (Command(Verb.DEAD, letters.dead, case="no", words="may", called="17 [replay]"),),
    "solved": (Command(Verb.SOLVED, cases.solved),),
    "confirm": (Command(Verb.CONFIRM, cases.confirm),),
    "confirm-all": (Command(Verb.CONFIRM, cases.confirm_all, case="no", words="may", called="1042 r1 1043 r2"),),
    "not-solved": (Command(Verb.NOT_SOLVED, with_words(desk.not_solved), words="may"),),
    "rate": (Command(Verb.RATE, cases.rate, case="may", words="must", called=RATING),),
    "comment": (Command(Verb.RATE, cases.comment, words="must"),),
    "withdraw": (Command(Verb.WITHDRAW, on_case(desk.withdraw)),),
    "reopen": (Command(Verb.REOPEN, outward.reopen, words="may"),),
    "escalate": (Command(Verb.ESCALATE, cases.escalate, words="may"),),
    "person": (Command(Verb.PERSON, cases.person, case="may", words="may"),),
    "ask": (Command(Verb.ASK, talk.ask, case="no", words="must"),),
    "plan": (
        Command(Verb.CONTRACT, plans.contract, case="no", words="may", called="ACCOUNT"),
        Command(Verb.PLAN, plans.plan, case="no"),
    ),
    "licences": (Command(Verb.LICENCES, plans.licences, case="no", words="must", called="+2 [DAYS]"),),
    "extend": (Command(Verb.LICENCES, plans.licences, case="no", words="must", called="2 [DAYS]"),),
    "upgrade": (
        Command(Verb.UPGRADE, plans.upgrade, case="may", words="must", called="ACCOUNT PLAN [SEATS]"),
        Command(Verb.WISH, plans.wish, case="no", words="may", called="PLAN [SEATS]"),
    ),
    "notice": (Command(Verb.NOTICE, plans.notice, case="no", words="must", called="ACCOUNT DATE"),),
    "terminate": (Command(Verb.TERMINATE, plans.terminate, case="no", words="must", called="ACCOUNT REASON"),),
    "price": (Command(Verb.PLAN, plans.price, case="no", words="may"),),
    "fact": (Command(Verb.HELP, plans.fact, case="no", words="must"),),
    "termination": (Command(Verb.PLAN, plans.termination, case="no"),),
    "help": (Command(Verb.HELP, talk.help, case="no"),),
    "hello": (Command(Verb.HELP, talk.hello, case="no"),),
    "thanks": (Command(Verb.HELP, talk.thanks, case="no"),),
}

_LINE = re.compile(r"(?P<mark>/case\b|/support\b|[/!])?\s*(?P<name>[a-z][a-z-]*)\b[:,]?\s*(?P<rest>.*)", re.I | re.S)
_CASE = re.compile(r"(?:case\s+)?#?(?P<number>\d{1,9})\b(?![-/.:]\d)(?:\s+r(?P<seen>\d{1,9})\b)?[:,]?\s*", re.I)


def command(name: str, role: Role) -> Command:
    """The one meant for this role; where none is, the first, whose rule then says no."""
    meant = COMMANDS[name]
    return next((one for one in meant if role in RULES[one.verb].by), meant[0])


def parse(
    line: str,
    role: Role,
    current: int | None = None,
    only: int | None = None,
    pressed: bool = False,
    plans: Collection[str] = (),
) -> Line | None:
    """What a line asks for; None where it is no command but people's own words.

    ``current`` is the case of the thread or quoted message, ``only`` the single one that could be meant, ``plans`` are
    what theirs are called, as ``str.casefold`` writes them. Raises
    Misunderstood where it begins as a command (a mark, a button, a verb with a case number) and does not go on as one.
    """
    found = _LINE.fullmatch(spoken.line(line).strip())
    if found is None:
        return None
    marked, name = pressed or bool(found["mark"]), found["name"].lower()
    rest = found["rest"].strip()
    if name == "confirm" and (every := _EVERY.fullmatch(rest)):
        name, rest = "confirm-all", every["which"]
    if name == "saved" and role in STAFF and (one := _SAVED.fullmatch(rest)):
        name, rest = "reply", f"{one['case']} !{one['name']}"
    if name == "why" and _CLAUSES.fullmatch(found["rest"].strip()):
        name = "clause"
    if name not in COMMANDS:
        if marked and (found["mark"] or "").lower() != "/support":
            raise Misunderstood(usage="help")
        return None
    wanted = command(name, role)
    number = _CASE.match(rest) if wanted.case != "no" else None
    other = not marked or wanted.called in (WHEN, RATING)
    if number and other and len(number["number"]) < SHORTEST and "#" not in number[0]:
        number = None  # "Call 2 of the service fails" speaks of no case, "/schedule 26 January" of a day
    words = rest[number.end() :].strip() if number else rest
    if not marked and not number and not _bare(wanted, words) and not _spoken(name, wanted, words, role, plans):
        return None
    case = _ref(number, current or (None if wanted.called == RATING else only))  # what is rated is over
    missing = wanted.words == "must" and not words
    unsaid = missing and not case and name not in ALONE
    if (wanted.case == "must" and case is None) or unsaid or _too_much(wanted.words, words):
        if not marked and words:
            return None  # somebody talking: "Status 5000 error when saving"
        raise Misunderstood(usage=usage(name, wanted))
    return Line(name, case, words, marked or number is not None or name in WHOLE, missing)


def usage(name: str, wanted: Command) -> str:
    case = {"no": "", "may": " [1042]", "must": " 1042"}[wanted.case]
    return name + case + {"no": "", "may": f" [{wanted.called}]", "must": f" {wanted.called}"}[wanted.words]


def _bare(wanted: Command, words: str) -> bool:
    """Without mark and number only the verb alone is a command; anything longer is somebody talking."""
    return words.rstrip(" .!").lower() in ("", "please")


def _spoken(name: str, wanted: Command, words: str, role: Role, plans: Collection[str]) -> bool:
    """Lines that name no case and need no mark, as long as they go on as nobody's report would."""
    if wanted.verb in WORDS:  # "upgrade failed" is a report, "upgrade winning 25" is none
        named = _PLAN.fullmatch(words.strip().rstrip(".!").casefold())
        return named is not None and named["plan"] in plans
    said = SPOKEN.get(wanted.verb if wanted.verb in AS_ROLE else name)
    return role in RULES[wanted.verb].by and said is not None and bool(said.fullmatch(words.strip().rstrip(".!")))


WORDS = {Verb.WISH}
AS_ROLE = {Verb.OWN_REPORT, Verb.QUEUE}  # go on in another way for those who may do this; home as the queue does
_PLAN = re.compile(
    r"(?:to )?(?P<plan>.+?)(?: plan)?(?: [+$]?[\d,.]+){0,2}(?: (?:users|seats|licen[cs]es))?(?: please)?"
)
WHOLE = {"language", "zone"}  # what cannot answer a question of ours
LOOSE = {"save"}  # in the middle of a dialog only with a mark: "save it again" may be what is to be written
ALONE = {"ask"}  # whose words are asked for, though they are about no case
SHORTEST = 4  # digits of a case number
_FILTER = r"(at[ -]risk|unassigned|waiting([ -](customer|confirmation))?|mine|unconfirmed|all|critical|high|normal|low)"
_NARROWED = rf"({_FILTER}|(account|queue|plan|priority|with) \S{{1,40}})"
_DATE = r"\d{4}-\d\d-\d\d"
_PERIOD = (
    r"(for )?((this|last) (week|month|quarter|year)|\d{4}(-\d\d)?|\d{4}[- ]q[1-4]|q[1-4][- ]\d{4}"
    rf"|{_DATE}(( to | ?\.\. ?| ){_DATE})?)"
)
_COMPANY = r"(for )?(?!is |was |are |were )\S{1,60}( \S{1,60}){0,3}"
_ANY = re.compile(r".+", re.S)
_SAVED = re.compile(r"(?P<case>(case\s+)?#?\d{4,9})[:,]?\s+!?(?P<name>[a-z0-9-]+)", re.I)
_EVERY = re.compile(r"all\b\W*(?P<which>.*)", re.I | re.S)
_CLAUSES = re.compile(r"((case )?#?\d{4,9}\W+)?([A-Z]{1,4}[0-9][A-Z0-9.]*\W*)+", re.I)
SPOKEN = {
    "ask": _ANY,
    "ask-person": _ANY,
    "clause": _CLAUSES,
    "covered": re.compile(r"(?!by\b|in\b|under\b).{3,}", re.I | re.S),
    "queue": re.compile(
        rf"({_NARROWED}[ ,]+)*({_NARROWED}|\S{{1,40}})?([ ,]+{_NARROWED})*([ ,]*page \d{{1,4}})?", re.I
    ),
    "home": re.compile(r"page \d{1,4}", re.I),
    "confirm-all": re.compile(r"(#?\d{4,9}\s+r\d{1,9}[\s,]*)+", re.I),
    "incident": re.compile(r"open .+|#?\d{1,9}(\s+(add|remove|reply|close)\b.*)?", re.I | re.S),
    "rate": re.compile(r"\d( ?/ ?5| stars?)?", re.I),
    "save": re.compile(r"[a-z0-9-]{1,60} .+", re.I | re.S),
    "unsave": re.compile(r"[a-z0-9-]{1,60}", re.I),
    "price": re.compile(r"([a-z]{1,20}\b)?(\s*[$+]?[\d,.]+){0,2}", re.I),
    "plan": re.compile(r"\S{1,60}"),
    "licences": re.compile(r"\+?\d{1,6}( \d{1,6}( days)?)?( without support)?", re.I),
    "extend": re.compile(r"\+?\d{1,6}( \d{1,6}( days)?)?", re.I),
    "upgrade": re.compile(r"from \d{4}-\d\d-\d\d|\S{1,60} [a-z]{1,40}( [+$]?[\d,.]+){0,2}", re.I),
    "notice": re.compile(r"\S{1,60} \d{4}-\d\d-\d\d"),
    "terminate": _ANY,
    "open-for": _ANY,
    "away": re.compile(r".{1,80}"),
    "any-hour": re.compile(r"on|off", re.I),
    "zone": re.compile(r"[a-z]{2,20}/[a-z_/-]{2,40}|UTC", re.I),
    "language": re.compile(r"[a-z]{2}(-[a-z]{2,4})?", re.I),
    "whois": _ANY,
    "link": re.compile(r"[0-9a-z]{4}(-?[0-9a-z]{4}){3}", re.I),
    "invite": _ANY,
    "links": re.compile(r"(approve|reject) (all|[\d ,]+)", re.I),
    "leave": _ANY,
    "nominate": _ANY,
    "contact-person": _ANY,
    "deputy": re.compile(r".+ (off|\d{4}-\d{2}-\d{2})", re.I),
    "announce": _ANY,
    "announcement": re.compile(r"\d{1,9}( page \d{1,4})?", re.I),
    "report": re.compile(rf"({_PERIOD}( {_COMPANY})?|{_COMPANY} {_PERIOD})( please)?", re.I),
    "own-report": re.compile(rf"{_PERIOD}( please)?", re.I),
    "digest": re.compile(r"on|off", re.I),
    "dead": re.compile(r"page \d{1,4}|\d[\d.]*( replay)?", re.I),
}


def _ref(number: "re.Match[str] | None", otherwise: int | None) -> CaseRef | None:
    if number:
        return CaseRef(int(number["number"]), int(number["seen"]) if number["seen"] else None)
    return CaseRef(otherwise) if otherwise else None


def _too_much(wants: Wants, words: str) -> bool:
    return wants == "no" and words.rstrip(" .!").lower() not in ("", "please")
