"""Why it cannot be done: what concerns saved replies, related cases, incidents, turns and ratings."""

from bot.messages import CaseNumber, Code, Quoted
from bot.wording import Sentence, say
from rules.refusals import (
    IncidentOver,
    NobodyInTurn,
    NoIncident,
    NoSavedReply,
    NoSuchField,
    NothingToFillIn,
    NotRated,
    NotRelated,
    Refusal,
)


def why_not(refusal: Refusal) -> Sentence | None:
    about, case = refusal.about, CaseNumber(refusal.case or 0)
    match refusal:
        case NoSavedReply():
            listed = Code("saved")
            return say("No reply is saved as {name}. {line} lists them.", name=Quoted(str(about["name"])), line=listed)
        case NoSuchField():
            fields = Quoted(str(about.get("fields")))
            told = "{name} is no field of a saved reply. These are: {fields}."
            return say(told, name=Quoted(str(about["name"])), fields=fields)
        case NothingToFillIn():
            return say("Case {case} has nothing for the field {name}.", case=case, name=Quoted(str(about["name"])))
        case NotRelated():
            other = Quoted(f"#{about['other']}")
            return say("Case {case} is not related to case {other}.", case=case, other=other)
        case NoIncident():
            name, listed = Code(str(about["number"])), Code("incident")
            return say("There is no incident {name}. {line} lists them.", name=name, line=listed)
        case IncidentOver():
            return say("{name} is over.", name=Code(f"incident {about['number']}"))
        case NobodyInTurn():
            return say("Nobody who is there now takes such cases in turn. Assign it to somebody by name.")
        case NotRated():
            return say("Case {case} has no rating yet that a comment could go with.", case=case)
    return None
