"""The life of a case in one table: who may do what, in which state, where it leads and who hears of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from rules.people import CUSTOMERS, LEADS, STAFF, Actor, Role
from rules.refusals import NotForYou, NotNow, NotYours


class Status(StrEnum):
    NEW = "new"
    OPEN = "open"
    WAITING = "waiting_customer"
    AWAITING = "awaiting_confirmation"
    """Staff say it is solved; the customer has not said so yet (W59)."""
    CLOSED = "closed"
    """Confirmed by the customer: nothing else leads here (W59)."""
    UNCONFIRMED = "closed_unconfirmed"
    """Closed by staff, with a reason and without the customer's word: a state of its own, reported as such."""
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    """Goes on under another number; whatever is said to it reaches that one (R9)."""


class Verb(StrEnum):
    OPEN = "open"
    ENRICH = "enrich"
    COMPLETE = "complete"
    SEE = "see"
    SAY = "say"
    MOVE = "move"
    PERSON = "person"
    TAKE = "take"
    ASSIGN = "assign"
    REPLY = "reply"
    CALL = "call"
    NOTE = "note"
    EDIT = "edit"
    """Its author changed what they had said; the words before stay in the event that it was said with."""
    DELETE = "delete"
    """Its author took back what they had said: the words are gone, and this stands for them."""
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    WAIT = "wait"
    RESOLVE = "resolve"
    SOLVED = "solved"
    CONFIRM = "confirm"
    NOT_SOLVED = "not-solved"
    FORCE_CLOSE = "force-close"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    FORWARD = "forward"
    """Whoever may ask for the company is asked to stand behind it (W27, T10)."""
    HAND_OVER = "hand-over"
    NOT_NEEDED = "not-needed"
    RELEASE = "release"
    """It reaches the desk without their word."""
    PRIORITISE = "priority"
    COVER = "cover"
    NOT_THAT = "not-that"
    """The customer doubts what was guessed of its coverage (W37)."""
    ESTIMATE = "estimate"
    ENQUIRE = "enquire"
    CLIENT_CAUSED = "client-caused"
    QUOTE = "quote"
    ACCEPT = "accept"
    DECLINE = "decline"
    ACCEPT_PRIORITY = "accept-priority"
    DECLINE_PRIORITY = "decline-priority"
    CODE_DELIVERED = "code-delivered"
    RECORD = "record"
    SCHEDULE = "schedule"
    AGREE = "agree"
    TURN_DOWN = "turn-down"
    CALL_OFF = "call-off"
    MISS = "miss"
    """An agreed time passed without a contact (R13)."""
    MERGE = "merge"
    CARRY_OVER = "carry-over"
    """What was agreed on goes on with the case that another one was merged into (R9)."""
    JOIN = "join"
    """A case that still waits for the desk goes on as this one, which is open again for that (R9)."""
    SPLIT = "split"
    DRAFT_ARTICLE = "draft-article"
    TRANSFER = "transfer"
    OPEN_FOR = "open-for"
    RATE = "rate"
    REMIND = "remind"
    """The customer is reminded that their confirmation is awaited (W59)."""
    SAVED = "saved"
    UNDO = "undo"
    """What the desk said is taken back before it leaves."""
    LINK_CASES = "link-cases"
    UNLINK_CASES = "unlink-cases"
    INCIDENT = "incident"
    """One cause behind cases of several companies; no customer sees that there are others."""
    GROUP = "group"
    """A case is, or no longer is, one of an incident's."""
    WHOIS = "whois"
    LINK = "link"
    INVITE = "invite"
    LINKS = "links"
    LEAVE = "leave"
    PASS_ON = "pass-on"  # noqa: S105 (no password)
    """A colleague goes on with it, since who opened it is gone."""
    IMPORT = "import"
    """It came from another desk."""
    NOMINATE = "nominate"
    CONTACT_PERSON = "contact-person"
    DEPUTY = "deputy"
    CONTRACT = "contract"
    LICENCES = "licences"
    UPGRADE = "upgrade"
    """Another plan, or more seats: proposed to the customer."""
    WISH = "wish"
    """The customer asks for it."""
    ACCEPT_UPGRADE = "accept-upgrade"
    DECLINE_UPGRADE = "decline-upgrade"
    APPLY = "apply"
    """What the customer accepted holds, from a day on."""
    SOONER = "sooner"
    """Another contract answers it sooner (R7)."""
    NOTICE = "notice"
    TERMINATE = "terminate"
    DEAD = "dead"
    REPORT = "report"
    OWN_REPORT = "own-report"
    """A customer's, of their own company (W50)."""
    DIGEST = "digest"
    ANNOUNCE = "announce"
    WARN = "warn"
    BREACH = "breach"
    """Another priority found a promise broken: by its own target, or by the one that it replaces (R7)."""
    ACKNOWLEDGE = "ack"
    AWAY = "away"
    BACK = "back"
    ON_CALL = "on-call"
    ANY_HOUR = "any-hour"
    LANGUAGE = "language"
    QUEUE = "queue"
    COMPANY = "cases"
    PLAN = "plan"
    COVERED = "covered"
    ASK = "ask"
    HELP = "help"


class Side(StrEnum):
    CUSTOMER = "customer"
    DESK = "desk"


@dataclass(frozen=True)
class Rule:
    by: frozenset[Role]
    moves: Mapping[Status, Status] = field(default_factory=dict)
    """The states in which it is allowed, each with the state it leads to."""
    told: frozenset[Side] = frozenset()
    responds: bool = False
    """Whether this is the human answer that the customer was promised (R2)."""
    owner: bool = False
    """Of the customers only who opened the case, or a nominated user of the account (W27, W59)."""


S = Status
LIVE = (S.NEW, S.OPEN, S.WAITING, S.AWAITING)
OVER = (S.CLOSED, S.UNCONFIRMED, S.WITHDRAWN, S.MERGED)
STARS = range(1, 6)
"""From poor to very good, as customers rate a case."""


def stay(*statuses: Status) -> dict[Status, Status]:
    return {status: status for status in statuses}


def to(there: Status, *statuses: Status) -> dict[Status, Status]:
    return dict.fromkeys(statuses, there)


ANYONE = CUSTOMERS | STAFF
CUSTOMER, DESK = frozenset({Side.CUSTOMER}), frozenset({Side.DESK})
BOTH = CUSTOMER | DESK
RULES: dict[Verb, Rule] = {
    Verb.OPEN: Rule(CUSTOMERS, {}, DESK),
    Verb.ENRICH: Rule(CUSTOMERS, stay(*LIVE)),
    Verb.COMPLETE: Rule(CUSTOMERS, stay(*LIVE), DESK),
    Verb.SEE: Rule(ANYONE, stay(*S)),
    Verb.SAY: Rule(CUSTOMERS, stay(S.NEW, S.AWAITING) | to(S.OPEN, S.OPEN, S.WAITING), BOTH),  # R5: it resumes
    Verb.MOVE: Rule(CUSTOMERS, stay(*LIVE), DESK),
    Verb.PERSON: Rule(CUSTOMERS, stay(*LIVE), DESK),
    Verb.TAKE: Rule(STAFF, to(S.OPEN, S.NEW, S.OPEN) | stay(S.WAITING, S.AWAITING), BOTH),
    Verb.ASSIGN: Rule(STAFF, to(S.OPEN, S.NEW, S.OPEN) | stay(S.WAITING, S.AWAITING), BOTH),
    Verb.REPLY: Rule(STAFF, to(S.OPEN, S.NEW, S.OPEN, S.WAITING) | stay(S.AWAITING), BOTH, responds=True),
    Verb.CALL: Rule(STAFF, to(S.OPEN, S.NEW, S.OPEN, S.WAITING) | stay(S.AWAITING), BOTH, responds=True),
    Verb.NOTE: Rule(STAFF, stay(*S), DESK),  # never the customer's side: a note cannot cross
    Verb.EDIT: Rule(ANYONE, stay(*S)),  # of what they said themselves: it reopens, answers and resumes nothing
    Verb.DELETE: Rule(ANYONE, stay(*S)),
    Verb.FOLLOW: Rule(ANYONE, stay(*S)),
    Verb.UNFOLLOW: Rule(ANYONE, stay(*S)),
    Verb.WAIT: Rule(STAFF, to(S.WAITING, S.NEW, S.OPEN, S.WAITING), BOTH, responds=True),
    Verb.RESOLVE: Rule(STAFF, to(S.AWAITING, S.NEW, S.OPEN, S.WAITING), BOTH, responds=True),
    Verb.SOLVED: Rule(CUSTOMERS, to(S.AWAITING, S.NEW, S.OPEN, S.WAITING) | stay(S.AWAITING), DESK, owner=True),
    Verb.CONFIRM: Rule(CUSTOMERS, to(S.CLOSED, S.AWAITING), BOTH, owner=True),
    Verb.NOT_SOLVED: Rule(CUSTOMERS, to(S.OPEN, S.AWAITING), BOTH, owner=True),
    Verb.FORCE_CLOSE: Rule(STAFF, to(S.UNCONFIRMED, *LIVE), BOTH, responds=True),
    Verb.WITHDRAW: Rule(CUSTOMERS, to(S.WITHDRAWN, *LIVE), BOTH, owner=True),
    Verb.REOPEN: Rule(ANYONE, to(S.OPEN, S.AWAITING, S.CLOSED, S.UNCONFIRMED, S.WITHDRAWN), BOTH, owner=True),
    Verb.ELIGIBLE: Rule(STAFF, stay(*LIVE), BOTH),
    Verb.INELIGIBLE: Rule(STAFF, stay(*LIVE), BOTH),  # W56: looked at by a person, and told
    Verb.FORWARD: Rule(CUSTOMERS, stay(*LIVE)),
    Verb.HAND_OVER: Rule(CUSTOMERS, stay(*LIVE), BOTH),  # and of them only whose word it waits for (W27, T10)
    Verb.NOT_NEEDED: Rule(CUSTOMERS, to(S.WITHDRAWN, *LIVE), CUSTOMER),  # the desk never had it
    Verb.RELEASE: Rule(CUSTOMERS | {Role.CLOCK}, stay(*LIVE), BOTH),
    Verb.PRIORITISE: Rule(STAFF, stay(*LIVE), BOTH),  # W45: reassessed, with a reason
    Verb.COVER: Rule(STAFF, stay(*LIVE), BOTH),  # W37: the desk's discretion
    Verb.NOT_THAT: Rule(CUSTOMERS, stay(*LIVE), DESK, owner=True),
    Verb.ESTIMATE: Rule(CUSTOMERS, stay(*LIVE), DESK, owner=True),  # asked for; it waits for a quote (W24, W32)
    Verb.ENQUIRE: Rule(CUSTOMERS, stay(*LIVE), DESK, owner=True),  # W22, W25
    Verb.CLIENT_CAUSED: Rule(STAFF, stay(*LIVE), BOTH),  # W38: told before anything is charged
    Verb.QUOTE: Rule(STAFF, stay(*LIVE), BOTH, responds=True),
    Verb.ACCEPT: Rule(CUSTOMERS, stay(*LIVE), BOTH, owner=True),
    Verb.DECLINE: Rule(CUSTOMERS, stay(*LIVE), BOTH, owner=True),
    Verb.ACCEPT_PRIORITY: Rule(CUSTOMERS, stay(*LIVE), BOTH, owner=True),  # W57: the desk's counter-proposal
    Verb.DECLINE_PRIORITY: Rule(CUSTOMERS, stay(*LIVE), BOTH, owner=True),
    Verb.CODE_DELIVERED: Rule(STAFF, stay(S.OPEN, S.WAITING, S.AWAITING, S.CLOSED, S.UNCONFIRMED)),  # W39
    Verb.RECORD: Rule(ANYONE, stay(*S)),
    Verb.SCHEDULE: Rule(ANYONE, stay(*LIVE), BOTH),  # a time is no answer yet: it never responds (R2, W29)
    Verb.AGREE: Rule(ANYONE, stay(*LIVE), BOTH),  # the side that did not propose
    Verb.TURN_DOWN: Rule(ANYONE, stay(*LIVE), BOTH),
    Verb.CALL_OFF: Rule(ANYONE, stay(*LIVE), BOTH),  # either side, what both agreed on
    Verb.MISS: Rule(frozenset({Role.CLOCK}), stay(*LIVE)),
    Verb.MERGE: Rule(STAFF, to(S.MERGED, *LIVE), BOTH),
    Verb.CARRY_OVER: Rule(STAFF, stay(*LIVE), BOTH),
    Verb.JOIN: Rule(STAFF, to(S.OPEN, S.WAITING, S.AWAITING), BOTH),
    Verb.SPLIT: Rule(STAFF, stay(*LIVE), DESK),
    Verb.TRANSFER: Rule(STAFF, stay(*LIVE), DESK),
    Verb.DRAFT_ARTICLE: Rule(STAFF, stay(S.AWAITING, S.CLOSED, S.UNCONFIRMED)),
    Verb.OPEN_FOR: Rule(STAFF, {}, BOTH),
    Verb.RATE: Rule(CUSTOMERS, stay(S.CLOSED), DESK, owner=True),
    Verb.REMIND: Rule(frozenset({Role.CLOCK}), stay(S.AWAITING)),
    Verb.SAVED: Rule(STAFF),
    Verb.UNDO: Rule(STAFF),
    Verb.LINK_CASES: Rule(STAFF, stay(*S), DESK),
    Verb.UNLINK_CASES: Rule(STAFF, stay(*S), DESK),
    Verb.INCIDENT: Rule(LEADS),
    Verb.GROUP: Rule(STAFF, stay(*LIVE), DESK),  # never the customer's side, not even who did it
    Verb.WHOIS: Rule(STAFF),
    Verb.LINK: Rule(ANYONE),
    Verb.INVITE: Rule(LEADS),
    Verb.LINKS: Rule(LEADS),
    Verb.LEAVE: Rule(LEADS),
    Verb.PASS_ON: Rule(LEADS, stay(*LIVE), BOTH),
    Verb.IMPORT: Rule(frozenset({Role.ADMIN}), {}, BOTH),  # by who runs the server; what is past is told to nobody
    Verb.NOMINATE: Rule(STAFF),
    Verb.CONTACT_PERSON: Rule(ANYONE),  # of the customers only who is it now (T10)
    Verb.DEPUTY: Rule(ANYONE),
    Verb.CONTRACT: Rule(STAFF),
    Verb.LICENCES: Rule(CUSTOMERS),
    Verb.UPGRADE: Rule(LEADS | {Role.CONCIERGE}, stay(*LIVE), BOTH, responds=True),
    Verb.WISH: Rule(CUSTOMERS, stay(*LIVE)),
    Verb.ACCEPT_UPGRADE: Rule(CUSTOMERS, stay(*LIVE), BOTH),  # and of them only who may speak for the company
    Verb.DECLINE_UPGRADE: Rule(CUSTOMERS, stay(*LIVE), BOTH),
    Verb.APPLY: Rule(LEADS, stay(*LIVE), BOTH),
    Verb.SOONER: Rule(frozenset({Role.CLOCK}), stay(*LIVE), BOTH),
    Verb.NOTICE: Rule(LEADS),
    Verb.TERMINATE: Rule(frozenset({Role.ADMIN})),  # W30
    Verb.DEAD: Rule(LEADS),
    Verb.REPORT: Rule(STAFF),
    Verb.OWN_REPORT: Rule(CUSTOMERS),  # and of them only who may ask for the company
    Verb.DIGEST: Rule(frozenset({Role.LEAD, Role.CONCIERGE})),
    Verb.ANNOUNCE: Rule(LEADS),
    Verb.ESCALATE: Rule(CUSTOMERS, stay(*LIVE, S.CLOSED, S.UNCONFIRMED, S.WITHDRAWN), BOTH),  # W53: any case
    Verb.WARN: Rule(frozenset({Role.CLOCK}), stay(S.NEW, S.OPEN, S.WAITING)),  # the ladder says whom, step by step
    Verb.BREACH: Rule(frozenset({Role.CLOCK}), stay(*LIVE)),
    Verb.ACKNOWLEDGE: Rule(STAFF, stay(*LIVE), DESK),
    Verb.AWAY: Rule(STAFF),
    Verb.BACK: Rule(STAFF),
    Verb.ON_CALL: Rule(STAFF),
    Verb.ANY_HOUR: Rule(STAFF),
    Verb.LANGUAGE: Rule(ANYONE),
    Verb.QUEUE: Rule(STAFF),
    Verb.COMPANY: Rule(CUSTOMERS),
    Verb.PLAN: Rule(ANYONE),
    Verb.COVERED: Rule(CUSTOMERS),
    Verb.ASK: Rule(CUSTOMERS),
    Verb.HELP: Rule(ANYONE),
}


OVERTAKEN = {Verb.WAIT: Status.OPEN}
"""Where something leads that the customer wrote after, before it left: nobody waits for who has just written (R5)."""


# What somebody may who speaks for an account without being in its directory: their own case, and nothing that costs.
V = Verb
GUESTS = frozenset(
    {V.OPEN, V.ENRICH, V.COMPLETE, V.SEE, V.SAY, V.MOVE, V.PERSON, V.SOLVED, V.CONFIRM, V.NOT_SOLVED, V.WITHDRAW}
    | {
        V.NOT_THAT,
        V.REOPEN,
        V.SCHEDULE,
        V.AGREE,
        V.TURN_DOWN,
        V.CALL_OFF,
        V.ACCEPT_PRIORITY,
        V.DECLINE_PRIORITY,
        V.RECORD,
    }
    | {V.EDIT, V.DELETE}
    | {V.RATE, V.ESCALATE, V.COMPANY, V.ASK, V.HELP, V.LANGUAGE}
    | {V.LINK}
)


def may(actor: Actor, verb: Verb) -> bool:
    return actor.role in RULES[verb].by and (not actor.guest or verb in GUESTS)


def permit(actor: Actor, verb: Verb) -> None:
    """Default deny: only the roles that the table names."""
    if not may(actor, verb):
        raise NotForYou(verb=verb)


def authorise(actor: Actor, verb: Verb, case: int, status: Status, opened_by: int) -> None:
    """The one check before a case is touched: role, state, and whose case it is."""
    permit(actor, verb)
    rule = RULES[verb]
    if status not in rule.moves:
        raise NotNow(case=case, status=status, verb=verb)
    if rule.owner and not actor.staff and not actor.nominated and actor.id != opened_by:
        raise NotYours(case=case)


def offered(actor: Actor, status: Status, opened_by: int) -> list[Verb]:
    """What this actor can do now: a button never offers what would be refused."""
    mine = actor.staff or actor.nominated or actor.id == opened_by
    return [verb for verb in _doable(status, mine) if may(actor, verb)]


@cache
def _doable(status: Status, mine: bool) -> tuple[Verb, ...]:
    return tuple(verb for verb, rule in RULES.items() if status in rule.moves and (mine or not rule.owner))
