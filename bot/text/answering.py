"""What somebody reads who has just answered a proposal or made one, or has to say which one they answer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.messages import CaseNumber, Code, Duration, Message
from bot.text.agreements import by_clauses
from bot.text.values import PRIORITIES, cited, number
from bot.wording import Choice, Sentence, message, say, several
from rules.agreements import ACCEPTED, Standing, What
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.views import CaseView


def quote_answered(view: "CaseView", reader: Actor) -> Message:
    case = view.case
    accepted = "Agreed, for case {case}: {minutes} of work on time and materials{clause}. The desk can start."
    declined = "You declined the quote on case {case}: those {minutes} of work are not done, and nothing is charged."
    about: dict[str, Any] = {"case": number(view), "minutes": Duration(case.quote_minutes or 0)}
    if case.quote_state == ACCEPTED:
        clause = cited(view, "client_caused" if case.client_caused else "mini_project")
        return message(reader, Sentence(accepted, {**about, "clause": clause}))
    return message(reader, Sentence(declined, about))


def priority_answered(view: "CaseView", reader: Actor) -> Message:
    agreed = "Agreed: the priority of case {case} is {level}."
    declined = "You declined the priority of case {case}. It stays {level} for now, marked as not agreed{clause}."
    about: dict[str, Any] = {"case": number(view), "level": say(PRIORITIES[view.case.priority or ""])}
    if view.case.priority_state == Standing.AGREED:
        return message(reader, Sentence(agreed, about))
    return message(reader, Sentence(declined, {**about, "clause": cited(view, "priority_change")}))


def prioritised(view: "CaseView", reader: Actor) -> Message:
    """To whoever of the desk set it."""
    told = (
        "The priority of case {case} is {level}, as both sides agree."
        if view.case.priority_state == Standing.AGREED
        else "The priority of case {case} is {level} from now on. It is agreed once the customer accepts it."
    )
    return message(reader, Sentence(told, {"case": number(view), "level": say(PRIORITIES[view.case.priority or ""])}))


def waits_for_several(about: dict[str, Any]) -> Sentence:
    return several(
        "{n} thing waits for your answer on case {case}. Is it this?",
        "{n} things wait for your answer on case {case}. Which one?",
        len(about["waiting"]),
        case=about["case"],
    )


def which_one(about: dict[str, Any], case: int) -> tuple[Choice, ...]:
    """Each as its own button says it."""
    waiting: Sequence[tuple[What, int]] = about["waiting"]
    line, labels = about["line"], _LABELS[about["line"] == "accept"]
    labelled = ((labels[what], f"{line} {case} {what}-{n}") for what, n in waiting)
    return tuple(Choice(say(words), answer) for words, answer in labelled)


_ACCEPT = {
    What.QUOTE: "Accept the quote",
    What.SLOT: "Accept the time",
    What.PRIORITY: "Accept the priority",
    What.UPGRADE: "Accept the change of the contract",
}
_DECLINE = {
    What.QUOTE: "Decline the quote",
    What.SLOT: "Decline the time",
    What.PRIORITY: "Decline the priority",
    What.UPGRADE: "Decline the change of the contract",
}
_LABELS = {True: _ACCEPT, False: _DECLINE}


def is_covered(about: dict[str, Any]) -> Sentence:
    """Why nothing is quoted, and what to say first where that is wrong."""
    told = (
        "Case {case} is covered{clause}, so nothing is quoted for it. If that is wrong, say so first: {line} or {cause}"
        if about.get("judged")
        else "Case {case} looks covered{clause}, so nothing is quoted for it. If it is not, say so first: "
        "{line} or {cause}"
    )
    lines = {"line": f"cover {about['number']} VERDICT REASON", "cause": f"client-caused {about['number']} REASON"}
    codes = {name: Code(line) for name, line in lines.items()}
    return Sentence(told, {"case": about["case"], "clause": by_clauses(about.get("clauses", ())), **codes})


def cant_merge_yet(about: dict[str, Any]) -> Sentence:
    """What has to be settled before two can be one."""
    return Sentence(_BOTH[str(about["what"])], {"case": about["case"], "other": CaseNumber(about["other"])})


_BOTH = {
    "quote": "Case {case} can't be merged with {other} yet: a quote was accepted on the one, and another waits for the "
    "customer's answer.",
    "slot": "Case {case} can't be merged with {other} yet: both have an appointment. Call one of them off first.",
    "coverage": "Case {case} can't be merged with {other} yet: what they are covered by differs, or work is quoted on "
    "one and the other is covered. Judge them alike first.",
    "upgrade": "Case {case} can't be merged with {other} yet: it is about a change of the contract, not settled.",
}
