"""Answers that are about no case of one's own: refusals, a greeting, an apology."""

from typing import TYPE_CHECKING, Any

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
from bot.wording import Choice, Sentence, message, say, several
from rules.lifecycle import Verb
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


def related(case: int, other: int, reader: Actor) -> Message:
    both = {"case": CaseNumber(case), "other": CaseNumber(other)}
    return message(reader, Sentence("Done. Case {case} and case {other} are related: each shows the other now.", both))


def unrelated(case: int, other: int, reader: Actor) -> Message:
    both = {"case": CaseNumber(case), "other": CaseNumber(other)}
    return message(reader, Sentence("Done. Case {case} and case {other} no longer show each other.", both))


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
