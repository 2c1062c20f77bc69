"""Answers that are about no case of one's own: refusals, help, a greeting, an apology."""

from typing import TYPE_CHECKING, Any

from bot.languages import languages
from bot.messages import CaseNumber, Code, Link, Message, Quoted
from bot.text import following, people
from bot.text.agreements import needs_word
from bot.text.announcing import not_announced
from bot.text.answering import cant_merge_yet, is_covered, waits_for_several, which_one
from bot.text.cards import card_parts
from bot.text.contracts import refused as about_contract
from bot.text.coverage import only_within_hours, outside_hours
from bot.text.entitlements import plans as all_plans
from bot.text.values import STATUS, clauses, no_time, past_time, reach, reached_at, times, which_time
from bot.text.why_not import why_not
from bot.wording import Choice, Row, Sentence, message, say, several
from rules.lifecycle import Verb, may
from rules.people import Actor
from rules.refusals import (
    AboutContract,
    AlreadyTaken,
    AnnouncedBefore,
    CantMerge,
    CantMergeYet,
    CaseMoved,
    InACircle,
    InChargeAlready,
    ItIsCovered,
    Misunderstood,
    NeedsSentence,
    NeedsWord,
    NoAnnouncement,
    NobodyLikeThat,
    NobodyToTell,
    NoContactRule,
    NoDeadLetter,
    NoSuchCase,
    NoSuchChoice,
    NoSuchClause,
    NoSuchTime,
    NotForYou,
    NothingOpen,
    NothingWaits,
    NotLicensed,
    NotNow,
    NotReceivedThen,
    NotTheirs,
    NotTheReports,
    NotYours,
    OneselfLeaves,
    OutsideHours,
    OwnProposal,
    PastTime,
    PreviewIsOld,
    QuestionClosed,
    Refusal,
    TermsTooSoon,
    TooLate,
    TooManyTries,
    WentElsewhere,
    WhichOne,
    WhichTime,
    WrongCode,
)

if TYPE_CHECKING:
    from bot.desk.views import CaseView
    from rules.catalogue import Provider


SHOWN = (CaseMoved, NotNow, AlreadyTaken, NothingWaits)
"""With these the case is shown as it stands."""


def refused(refusal: Refusal, reader: Actor, view: "CaseView | None" = None) -> Message:
    """No, why, and how the case stands now."""
    shown = card_parts(view, reader) if view and isinstance(refusal, SHOWN) else ()
    meant = times(*_lines(refusal)) if isinstance(refusal, WhichTime) else ()
    if isinstance(refusal, OutsideHours) and view:
        meant = outside_hours(view, refusal)
    if isinstance(refusal, WhichOne):
        meant = which_one(refusal.about, refusal.case or 0)
    return message(reader, why(refusal), people.held_by(refusal), meant, *shown, why=not shown)


def _lines(refusal: WhichTime) -> tuple[tuple[tuple[str, str], ...], str]:
    about: dict[str, Any] = refusal.about
    return about["lines"], about["zone"]


def why(refusal: Refusal) -> Sentence:
    if (about_people := people.why_not(refusal)) is not None:
        return about_people
    if (about_cases := why_not(refusal) or following.why_not(refusal)) is not None:
        return about_cases
    if isinstance(refusal, AboutContract):
        return about_contract(refusal)
    about: dict[str, Any] = {**refusal.about, "case": CaseNumber(refusal.case or 0)}
    match refusal:
        case NoSuchCase():
            return say("There is no case {case}.", case=CaseNumber(about["number"]))
        case NotForYou(about={"verb": Verb.OPEN}):
            return say("Only customers open cases here.")
        case NotForYou():
            return say("That is not yours to do. {help} shows what you can ask me.", help=Code("help"))
        case NotTheirs():
            names = Quoted(about["names"])
            return say(
                "Case {case} waits for the word of {names}; nobody else can give it.", case=about["case"], names=names
            )
        case NotLicensed():
            told = "{who} holds no licensed seat, and nominated users are among those who do ({clauses})."
            return say(told, who=Quoted(about["who"]), clauses=clauses(about["clauses"]))
        case InChargeAlready():
            told = "{who} is the contact person. A deputy is somebody else, who stands in for them."
            return say(told, who=Quoted(about["who"]))
        case NoContactRule():
            return say("The terms of {who}'s company know no contact person.", who=Quoted(about["who"]))
        case NotNow():
            status = say(STATUS[about["status"]])
            return say("Case {case} is {status}, so that can't be done now.", case=about["case"], status=status)
        case AlreadyTaken():
            return say("{who} already works on case {case}.", case=about["case"], who=Quoted(about["by"]))
        case NeedsSentence():
            line = Code(f"close {refusal.case} what was done")
            return say("Nobody has answered case {case} yet. Say what was done: {line}", case=about["case"], line=line)
        case NobodyLikeThat(about={"several": ""}):
            return say("I know nobody on the desk called {who}.", who=Quoted(about["who"]))
        case NobodyLikeThat():
            could = Quoted(about["several"])
            return say("{who} could be {several}. Please say the e-mail.", who=Quoted(about["who"]), several=could)
        case NoSuchChoice():
            choices = Quoted(about["choices"])
            return say("{given} is none of these: {choices}.", given=Quoted(about["given"]), choices=choices)
        case TooLate():
            return several(
                "Case {case} was closed more than {n} day ago. Say what is wrong and I open a new one: {line}",
                "Case {case} was closed more than {n} days ago. Say what is wrong and I open a new one: {line}",
                about["days"],
                case=about["case"],
                line=Code(f"reopen {refusal.case} WHAT IS WRONG"),
            )
        case NoSuchTime():
            return no_time(str(about.get("line") or f"schedule {refusal.case} tomorrow 10am"))
        case NotReceivedThen(about={"days": int(days)}):
            return several(
                "That is more than {n} day ago. Without a time it counts from now.",
                "That is more than {n} days ago. Without a time it counts from now.",
                days,
            )
        case NotReceivedThen():
            return say("That time is still to come, so nothing was received then.")
        case PastTime():
            return past_time()
        case WhichTime():
            return which_time()
        case OutsideHours():
            return only_within_hours(refusal)
        case NoSuchClause():
            return say("There is no clause {id} in the terms that hold for you.", id=Quoted(about["name"]))
        case NoDeadLetter():
            return say("{name} is no dead letter. {dead} lists them.", name=Quoted(about["name"]), dead=Code("dead"))
        case WentElsewhere():
            gone = "{name} went to {to} instead, so it is not sent again."
            return say(gone, name=Quoted(about["name"]), to=Quoted(about["to"]))
        case NeedsWord():
            return needs_word({**about, "number": refusal.case})
        case ItIsCovered():
            return is_covered({**about, "number": refusal.case})
        case WhichOne():
            return waits_for_several(about)
        case CantMergeYet():
            return cant_merge_yet(about)
        case InACircle():
            return say("{who} is away then, and you stand in for them.", who=Quoted(about["who"]))
        case NoAnnouncement() | AnnouncedBefore() | PreviewIsOld() | TermsTooSoon() | NobodyToTell():
            return not_announced(refusal)
        case Misunderstood():
            return say("I didn't follow that. It goes like this: {usage}", usage=Code(str(about["usage"])))
    return say(_PLAIN.get(type(refusal), "I can't do that."), case=about["case"])


_PLAIN: dict[type[Refusal], str] = {
    CantMerge: "Case {case} can't be merged with that one: both must be cases of one company.",
    NotYours: "Only who opened case {case} or a nominated user of your company can do that.",
    NothingWaits: "Nothing waits for your answer on case {case}. This is how it stands.",
    CaseMoved: "Case {case} has changed since you were asked. This is how it stands now.",
    OwnProposal: "Your own side proposed that time for case {case}, so the other side answers it.",
    QuestionClosed: "That question is no longer open.",
    NothingOpen: "I am not asking anything just now.",
    NotTheReports: "Only a nominated user can have the report of your company.",
    OneselfLeaves: "Nobody says that of themselves: ask another lead or administrator to.",
    WrongCode: "I don't take that code. Ask your desk for another.",
    TooManyTries: "Too many codes in so short a time. Try again later.",
}


_ANNOUNCE = "announce AUDIENCE TEXT · announcements · announcement 7"
_INVITE = "invite WHO · links · links approve all"
_INCIDENT = "incident open TITLE · incident 3 reply TEXT · incident 3 close TEXT"
_FOLLOW = "follow 1042 · unfollow 1042"
_LEAVE = "leave WHO to WHO"
_DEAD = "dead · dead 17 · dead 17 replay"
_CONTACT = "contact-person WHO · deputy WHO UNTIL"
_LANGUAGE = f"language {' | '.join(languages())}"
_PORTAL = "portal · zone Europe/Paris"
_QUEUE = "queue [at-risk | unassigned | mine | waiting-customer | waiting-confirmation | unconfirmed | ACCOUNT | PLAN]"
_REPORT = "report last quarter"
_UPGRADE = "upgrade ACCOUNT PLAN [SEATS] · upgrade 1042 from DATE"
_MORE = "licences +2 [DAYS] · upgrade PLAN [SEATS] · termination"
_HELP = {
    True: (
        ("home", "your page: what is in hand, your cases, appointments, who is there"),
        (_QUEUE, "what is in hand, soonest due first; filters go together"),
        ("show 1042 · why 1042 · clause ID", "one case with its history; why it is due then; what a clause says"),
        ("take 1042 · assign 1042 WHO | auto · transfer 1042 QUEUE", "who works on it"),
        ("ack 1042", "you see to it: stops its warnings for a while"),
        ("away UNTIL [STAND-IN] · back", "who hears your warnings meanwhile; warnings reach you again"),
        ("on-call · any-hour on | off", "who is on call; whether warnings reach you outside business hours"),
        ("reply 1042 TEXT", "write to the customer"),
        ("undo · send-note 1042", "take that back while it waits; your last note goes out to the customer"),
        ("saved · save NAME TEXT · unsave NAME · reply 1042 !NAME", "answers that you give often"),
        ("note 1042 TEXT", "write to the desk only"),
        (_FOLLOW, "hear all that happens on it; no longer"),
        ("call 1042 TEXT", "log a telephone call; the customer sees it"),
        ("wait 1042 TEXT", "ask the customer for something"),
        ("priority 1042 LEVEL REASON · cover 1042 VERDICT REASON", "what you judge; the customer reads it"),
        ("quote 1042 MINUTES TEXT · client-caused 1042 TEXT", "before anything is charged"),
        ("schedule 1042 WHEN · accept 1042 · decline 1042", "propose an appointment; answer the customer's"),
        ("close 1042 TEXT", "call it solved and ask the customer to confirm"),
        ("code-delivered 1042 yes | no | none", "whether they have the code that was made for them"),
        ("record 1042", "its signed record, with what both sides agreed on"),
        ("force-close 1042 REASON · reopen 1042 TEXT", "close without confirmation; work on it again"),
        ("merge 1042 1043 · split 1042 TEXT", "cases that are one; one that is several"),
        ("link-cases 1042 1043 · unlink-cases 1042 1043", "cases that have to do with each other"),
        (
            "incident · incident 3 · incident 3 add 1042 1043",
            "cases of several companies with one cause; no customer sees it",
        ),
        (_INCIDENT, "one answer to all of an incident's customers, each on their own case"),
        ("draft-article 1042", "its question and answers as the draft of an article"),
        ("eligible 1042 · ineligible 1042 REASON", "whether it may have support; the customer reads it"),
        ("open-for WHO [at WHEN] TEXT · whois WHO", "for somebody on the telephone; who is who"),
        ("nominate WHO · nominate WHO off", "who asks for a company"),
        (_CONTACT, "its contact person, or a deputy, where its terms know them"),
        (_LANGUAGE, "the language that I write to you in"),
        (_PORTAL, "a link of your own into the portal; the time zone that you read times in"),
        (_INVITE, "a code with which somebody is linked; links that wait to be approved"),
        (_LEAVE, "somebody leaves; who goes on with what they hold"),
        ("report last month [ACCOUNT]", "how a period went: promises, times, backlog, ratings"),
        ("digest on | off", "whether the report of each week reaches you: for leads and concierges"),
        ("plan ACCOUNT", "what a customer has bought"),
        (_UPGRADE, "another plan or more seats, and from when it holds"),
        ("notice ACCOUNT DATE", "a customer's written notice came in"),
        ("terminate ACCOUNT REASON", "the provider ends a contract"),
        (_DEAD, "what could not be delivered; send it again"),
        (_ANNOUNCE, "tell a plan's or product's customers, custom-code, or terms VERSION; what became of it"),
    ),
    False: (
        ("open TEXT", "open a case; or just write what is going wrong"),
        ("ask QUESTION", "how something is done; or just ask"),
        ("home", "your page: what waits for you, your company's cases, plan and appointments"),
        ("cases · at-risk · status 1042", "your company's cases; those short of time; how one stands"),
        ("why 1042 · clause ID", "why it is due then and what was judged, step by step; what a clause says"),
        ("covered TEXT", "whether something would be covered, before there is a case"),
        ("not-that 1042", "it is not what I took it for: a person judges its coverage"),
        ("estimate 1042 · enquire 1042", "ask what it would take; ask for a consultant to plan it"),
        ("reply 1042 TEXT", "add something to it"),
        (_FOLLOW, "hear what happens on a colleague's case; no longer"),
        ("solved 1042", "it works now"),
        ("confirm 1042 · confirm all · not-solved 1042 TEXT", "yes, close it, or all that is solved; no, go on"),
        ("schedule 1042 WHEN", "propose an appointment"),
        ("accept 1042 · decline 1042", "a quote, a priority, or an appointment"),
        ("record 1042", "its signed record, with what both sides agreed on"),
        ("reopen 1042 TEXT · withdraw 1042", "it is back; no longer needed"),
        ("hand-over 1042 · not-needed 1042 TEXT", "a colleague's request that waits for your word"),
        (_CONTACT, "who is your company's contact person, or a deputy, where your terms know them"),
        ("rate 1042 5 · comment 1042 TEXT", "how it was: the more, the better"),
        ("escalate 1042 TEXT", "ask for more attention"),
        ("person", "no more questions: a person, please"),
        (_LANGUAGE, "the language that I write to you in"),
        (_PORTAL, "a link of your own into the portal; the time zone that you read times in"),
        (_REPORT, "your company's cases, times, seats and cost; for nominated users"),
        ("plan · price [PLAN] [USERS]", "what you are entitled to, and what plans cost"),
        (_MORE, "what more licences would do; another plan, or more seats; how a contract ends"),
    ),
}


_MEMBERS = {
    _FOLLOW,
    "plan · price [PLAN] [USERS]",
    "covered TEXT",
    "estimate 1042 · enquire 1042",
    "accept 1042 · decline 1042",
    "hand-over 1042 · not-needed 1042 TEXT",
    _CONTACT,
    _REPORT,
    _MORE,
}  # what a guest is not offered


def help_(provider: "Provider", reader: Actor) -> Message:
    hidden = set(_MEMBERS) if reader.guest else set()
    hidden |= {_CONTACT} if not reader.staff and provider.contacts.rule != "one_contact" else set()
    lines = ((_allowed(each, reader), does) for each, does in _HELP[reader.staff] if each not in hidden)
    rows = tuple(Row(say("{line}: {does}", line=Code(line), does=say(does))) for line, does in lines if line)
    reached = None if reader.staff else reached_at(provider)
    policy = None if reader.staff else privacy(provider)
    return message(reader, say("What you can say", style="heading"), rows, reached, policy)


BETWEEN = " · "


def _allowed(lines: str, reader: Actor) -> str:
    """Those that this reader may say."""
    return BETWEEN.join(line for line in lines.split(BETWEEN) if _may(line.split()[0], reader))


def _may(name: str, reader: Actor) -> bool:
    own = Verb(name) if name in set(Verb) else None
    verb = next((verb for line, staff, verb in _AS if (line, staff) == (name, reader.staff)), own)
    return verb is None or may(reader, verb)


_AS = (
    ("accept", True, Verb.AGREE),
    ("decline", True, Verb.TURN_DOWN),
    ("reply", False, Verb.SAY),
    ("upgrade", False, Verb.WISH),
    ("announcements", True, Verb.ANNOUNCE),
    ("announcement", True, Verb.ANNOUNCE),
)
"""Lines whose name is another verb, or the other side's: whoever may do this may say them."""


def privacy(provider: "Provider") -> Sentence | None:
    """How personal data is handled, on help and at first contact (W31)."""
    page = provider.privacy
    if page is None:
        return None
    about: dict[str, Any] = {"link": Link(page.url, page.url), "clauses": clauses(page.clauses)}
    return Sentence("Privacy policy: {link} ({clauses})", about, "small")


def alone(said: Sentence, reader: Actor) -> Message:
    return message(reader, said)


def stranger(provider: "Provider", reader: Actor) -> Message:
    """Somebody whom nobody has linked: never a dead end (W5)."""
    known = say("I don't know you yet, so I can't open cases for you. Ask your administrator to link you.")
    code = say("If they gave you a code, send it here: {line}", line=Code("link CODE"))
    return message(reader, known, code, reached_at(provider))


def no_more(provider: "Provider", reader: Actor) -> Message:
    """To somebody who left, or was erased, and writes where anybody may; said once (W5)."""
    said = say("I don't know you, or not any more. I opened no case, and I kept nothing of what you wrote.")
    reached = Sentence("The desk is reached at {phone} and {email}.", reach(provider))
    return message(reader, said, reached)


def unknown_company(provider: "Provider", reader: Actor) -> Message:
    """To somebody of a company that has no contract here (W5): what there is, and where a person is reached."""
    known = say("I don't know your company yet. Write what is going wrong, and a person checks who looks after it.")
    return message(reader, known, say("Our plans", style="heading"), *all_plans(provider))


def not_among_others(provider: "Provider", reader: Actor) -> Message:
    """To somebody of a company in a room where others read along, and whom the bot cannot write to alone."""
    said = say(
        "Others than your company read along here, so I open no case here. Write to me in your company's channel."
    )
    return message(reader, said, reached_at(provider))


def welcome(reader: Actor) -> Message:
    return message(reader, say("You're welcome."))


def written_to_you(reader: Actor) -> Message:
    """To somebody who said it elsewhere."""
    return message(reader, say("I wrote to you in our private chat."))


def greeting(reader: Actor) -> Message:
    told = say("Hello {name}. Write what is going wrong and I open a case at once.", name=Quoted(reader.name))
    desk = say("Hello {name}.", name=Quoted(reader.name))
    return message(reader, desk if reader.staff else told, (Choice(say("Help"), "help"),))


def broke(reference: str, provider: "Provider", reader: Actor) -> Message:
    said = say(
        "Something broke on our side and nothing was changed. Please try again, or quote {ref}.", ref=Code(reference)
    )
    return message(reader, said, reached_at(provider))
