"""What somebody can say: the lines that are theirs, each with what it does."""

from typing import TYPE_CHECKING

from bot.languages import languages
from bot.messages import Code, Message
from bot.text.answers import privacy
from bot.text.values import reached_at
from bot.wording import Row, message, say
from rules.lifecycle import Verb, may
from rules.people import Actor

if TYPE_CHECKING:
    from rules.catalogue import Provider

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
