"""Answers that are about no case of one's own: refusals, help, a greeting, an apology."""

from typing import TYPE_CHECKING, Any

from bot.languages import languages
from bot.messages import CaseNumber, Code, Link, Message, Printed, Quoted
from bot.text.cards import card_parts
from bot.text.values import STATUS, no_time, past_time, reach, times, which_time
from bot.wording import Choice, Row, Sentence, message, say, several
from rules.lifecycle import Verb
from rules.people import LEADS, STAFF, Actor
from rules.refusals import (
    AlreadyTaken,
    CantMerge,
    CaseMoved,
    InACircle,
    Misunderstood,
    NeedsSentence,
    NobodyLikeThat,
    NoDeadLetter,
    NoSuchCase,
    NoSuchChoice,
    NoSuchTime,
    NotForYou,
    NothingOpen,
    NotNow,
    NotYours,
    OwnProposal,
    PastTime,
    QuestionClosed,
    Refusal,
    TooLate,
    WentElsewhere,
    WhichTime,
)

if TYPE_CHECKING:
    from bot.desk.views import CaseView
    from rules.catalogue import Provider


def refused(refusal: Refusal, reader: Actor, view: "CaseView | None" = None) -> Message:
    """No, why, and how the case stands now."""
    shown = card_parts(view, reader) if view and isinstance(refusal, CaseMoved | NotNow | AlreadyTaken) else ()
    meant = times(*_lines(refusal)) if isinstance(refusal, WhichTime) else ()
    return message(reader, _why(refusal), meant, *shown)


def _lines(refusal: WhichTime) -> tuple[tuple[tuple[str, str], ...], str]:
    about: dict[str, Any] = refusal.about
    return about["lines"], about["zone"]


def _why(refusal: Refusal) -> Sentence:
    about: dict[str, Any] = {**refusal.about, "case": CaseNumber(refusal.case or 0)}
    match refusal:
        case NoSuchCase():
            return say("There is no case {case}.", case=CaseNumber(about["number"]))
        case NotForYou(about={"verb": Verb.OPEN}):
            return say("Only customers open cases here.")
        case NotForYou():
            return say("That is not yours to do. {help} shows what you can ask me.", help=Code("help"))
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
                "Case {case} was closed more than {n} day ago. Write what is wrong and I open a new one.",
                "Case {case} was closed more than {n} days ago. Write what is wrong and I open a new one.",
                about["days"],
                case=about["case"],
            )
        case NoSuchTime():
            return no_time(str(about.get("line") or f"schedule {refusal.case} tomorrow 10am"))
        case PastTime():
            return past_time()
        case WhichTime():
            return which_time()
        case NoDeadLetter():
            return say("{name} is no dead letter. {dead} lists them.", name=Quoted(about["name"]), dead=Code("dead"))
        case WentElsewhere():
            gone = "{name} went to {to} instead, so it is not sent again."
            return say(gone, name=Quoted(about["name"]), to=Quoted(about["to"]))
        case InACircle():
            return say("{who} is away then, and you stand in for them.", who=Quoted(about["who"]))
        case Misunderstood():
            return say("I didn't follow that. It goes like this: {usage}", usage=Code(str(about["usage"])))
    return say(_PLAIN.get(type(refusal), "I can't do that."), case=about["case"])


_PLAIN: dict[type[Refusal], str] = {
    CantMerge: "Case {case} can't be merged with that one: they must be two cases of one company.",
    NotYours: "Only who opened case {case} or a nominated user of your company can do that.",
    CaseMoved: "Case {case} has changed since you were asked. This is how it stands now.",
    OwnProposal: "Your own side proposed that time for case {case}, so the other side answers it.",
    QuestionClosed: "That question is no longer open.",
    NothingOpen: "I am not asking anything just now.",
}


_DEAD = "dead · dead 17 · dead 17 replay"  # for leads and administrators
_LANGUAGE = f"language {' | '.join(languages())}"
_HELP = {
    True: (
        ("queue [at risk | unassigned | waiting | mine]", "what is in hand, soonest due first"),
        ("show 1042 · why 1042", "one case with its history; why it is due then"),
        ("take 1042 · assign 1042 WHO · transfer 1042 QUEUE", "who works on it"),
        ("ack 1042", "you see to it: stops its warnings for a while"),
        ("away UNTIL [STAND-IN] · back", "who hears your warnings meanwhile; warnings reach you again"),
        ("on-call · any-hour on | off", "who is on call; whether warnings reach you outside business hours"),
        ("reply 1042 TEXT", "write to the customer"),
        ("note 1042 TEXT", "write to the desk only"),
        ("call 1042 TEXT", "log a telephone call; the customer sees it"),
        ("wait 1042 TEXT", "ask the customer for something"),
        ("priority 1042 LEVEL REASON · cover 1042 VERDICT REASON", "what you judge; the customer reads it"),
        ("quote 1042 MINUTES TEXT · client-caused 1042 TEXT", "before anything is charged"),
        ("schedule 1042 WHEN · accept 1042 · decline 1042", "propose an appointment; answer the customer's"),
        ("close 1042 TEXT", "call it solved and ask the customer to confirm"),
        ("force-close 1042 REASON · reopen 1042 TEXT", "close without confirmation; work on it again"),
        ("merge 1042 1043 · split 1042 TEXT", "two that are one; one that is two"),
        ("draft-article 1042", "its question and answers as the draft of an article"),
        ("open-for WHO TEXT · whois WHO · nominate WHO", "for somebody on the telephone; who is who"),
        (_LANGUAGE, "the language that I write to you in"),
        (_DEAD, "what could not be delivered; send it again"),
    ),
    False: (
        ("open TEXT", "open a case; or just write what is going wrong"),
        ("ask QUESTION", "how something is done; or just ask"),
        ("cases · at-risk · status 1042", "your company's cases; those short of time; how one stands"),
        ("why 1042", "why it is due then, step by step"),
        ("reply 1042 TEXT", "add something to it"),
        ("solved 1042", "it works now"),
        ("confirm 1042 · not-solved 1042 TEXT", "yes, close it; no, go on"),
        ("schedule 1042 WHEN", "propose an appointment"),
        ("accept 1042 · decline 1042", "a quote, or an appointment"),
        ("reopen 1042 TEXT · withdraw 1042", "it is back; no longer needed"),
        ("rate 1042 5", "how it was, one to five"),
        ("escalate 1042 TEXT", "ask for more attention"),
        ("person", "no more questions: a person, please"),
        (_LANGUAGE, "the language that I write to you in"),
        ("plan · price [PLAN] [USERS]", "what you are entitled to, and what plans cost"),
    ),
}


_MEMBERS = {"plan · price [PLAN] [USERS]", "accept 1042 · decline 1042"}  # what a guest is not offered


def help_(provider: "Provider", reader: Actor) -> Message:
    hidden = (_MEMBERS if reader.guest else set()) | ({_DEAD} if reader.role not in LEADS else set())
    lines = (each for each in _HELP[reader.role in STAFF] if each[0] not in hidden)
    rows = tuple(Row(say("{line}: {does}", line=Code(line), does=say(does))) for line, does in lines)
    reached = None if reader.staff else Sentence("The desk is also reached at {phone} and {email}.", reach(provider))
    page = None if reader.staff else provider.privacy
    policy = say("Privacy policy: {link}", style="small", link=Link(page.url, page.url)) if page else None
    return message(reader, say("What you can say", style="heading"), rows, reached, policy)


def stranger(provider: "Provider", reader: Actor) -> Message:
    """Somebody whom nobody has linked: never a dead end (W5)."""
    known = say("I don't know you yet, so I can't open cases for you. Ask your administrator to link you.")
    return message(reader, known, Sentence("The desk is also reached at {phone} and {email}.", reach(provider)))


def unknown_company(provider: "Provider", reader: Actor) -> Message:
    """To somebody of a company that has no contract here (W5): what there is, and where a person is reached."""
    known = say("I don't know your company yet. Write what is going wrong, and a person checks who looks after it.")
    plans = tuple(Row(say("{plan}", plan=Printed(plan.name))) for plan in provider.plans.values())
    reached = Sentence("The desk is also reached at {phone} and {email}.", reach(provider))
    return message(reader, known, say("Our plans", style="heading"), plans, reached)


def not_among_others(provider: "Provider", reader: Actor) -> Message:
    """To somebody of a company in a room where others read along, and whom the bot cannot write to alone."""
    said = say(
        "Others than your company read along here, so I open no case here. Write to me in your company's channel."
    )
    return message(reader, said, Sentence("The desk is also reached at {phone} and {email}.", reach(provider)))


def welcome(reader: Actor) -> Message:
    return message(reader, say("You're welcome."))


def written_to_you(reader: Actor) -> Message:
    """To somebody who said it elsewhere."""
    return message(reader, say("I wrote to you in our private chat."))


def greeting(reader: Actor) -> Message:
    told = say("Hello {name}. Write what is going wrong and I open a case at once.", name=Quoted(reader.name))
    desk = say("Hello {name}.", name=Quoted(reader.name))
    return message(reader, desk if reader.staff else told, (Choice(say("Help"), "help"),))


def broke(reference: str, reader: Actor) -> Message:
    said = say(
        "Something broke on our side and nothing was changed. Please try again, or quote {ref}.", ref=Code(reference)
    )
    return message(reader, said)
