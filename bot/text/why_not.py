"""Why it cannot be done: what concerns saved replies, what is sent on, related cases, incidents, turns and ratings."""

from typing import Any

from bot.messages import CaseNumber, Code, Quoted
from bot.wording import Sentence, say
from rules.refusals import (
    IncidentOver,
    NobodyInTurn,
    NoIncident,
    NoNote,
    NoSavedReply,
    NoSuchField,
    NothingToFillIn,
    NotRated,
    NotRelated,
    NotYourNote,
    OnlyFiles,
    Refusal,
    SentOn,
)


def why_not(refusal: Refusal) -> Sentence | None:
    about, case = refusal.about, CaseNumber(refusal.case or 0)
    other: Any = about.get("other")
    match refusal:
        case NoSavedReply():
            listed = Code("saved")
            return say("No reply is saved as {name}. {line} lists them.", name=Quoted(str(about["name"])), line=listed)
        case NoSuchField():
            fields = Quoted(str(about["fields"]))
            told = "{name} is no field of a saved reply. These are: {fields}."
            return say(told, name=Quoted(str(about["name"])), fields=fields)
        case NothingToFillIn():
            return say("Case {case} has nothing for the field {name}.", case=case, name=Quoted(str(about["name"])))
        case NotRelated():
            return say("Case {case} is not related to case {other}.", case=case, other=CaseNumber(other))
        case NoIncident():
            name, listed = Code(str(about["number"])), Code("incident")
            return say("There is no incident {name}. {line} lists them.", name=name, line=listed)
        case IncidentOver():
            return say("{name} is over.", name=Code(f"incident {about['number']}"))
        case NotYourNote():
            return say("You can send on only what you wrote yourself, to the desk only.")
        case NoNote():
            return say("There is no note of yours on case {case} that could be sent on.", case=case)
        case OnlyFiles():
            told = "That note is only a file, and what comes with a note stays with the desk. Send it with {line}."
            return say(told, line=Code(f"reply {refusal.case}"))
        case SentOn():
            return say("That was sent on before.")
        case NobodyInTurn():
            return say("Nobody who is there now takes such cases in turn. Assign it to somebody by name.")
        case NotRated():
            return say("Case {case} has no rating yet that a comment could go with.", case=case)
    return None
