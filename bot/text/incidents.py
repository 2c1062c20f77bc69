"""One cause behind cases of several companies, as the desk alone sees it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.messages import Code, Count, Message, Quoted
from bot.text.answers import why
from bot.text.cards import listed
from bot.text.values import number, status
from bot.wording import Choice, Row, Sentence, message, say, several
from rules.people import Actor
from rules.refusals import Refusal

if TYPE_CHECKING:
    from bot.desk import CaseView
    from bot.desk.incidents import Group, Reached
    from store.tables import Incident


def incidents(found: "Sequence[tuple[Incident, int]]", reader: Actor) -> Message:
    if not found:
        return message(reader, say("There is no incident now."))
    rows = tuple(Row(_line(each, many), Choice(say("Show"), f"incident {each.id}")) for each, many in found)
    return message(reader, say("Incidents", style="heading"), rows)


def _line(incident: "Incident", many: int) -> Sentence:
    name, title = Code(f"incident {incident.id}"), Quoted(incident.title)
    return several("{name}: {title}, {n} case", "{name}: {title}, {n} cases", many, name=name, title=title)


def incident_open(incident: "Incident", reader: Actor) -> Message:
    line = Code(f"incident {incident.id} add 1042 1043")
    told = say("{name} is open: {title}", name=Code(f"incident {incident.id}"), title=Quoted(incident.title))
    return message(reader, told, say("{line} puts cases in it. No customer sees that there are others.", line=line))


def incident(group: "Group", reader: Actor) -> Message:
    over = say("It is over.") if group.incident.over_at else None
    rows = listed(group.cases) or say("No case is in it.")
    line, closes = (Code(f"incident {group.incident.id} {does} TEXT") for does in ("reply", "close"))
    how = say("{line} answers all of them, {closes} calls them solved.", style="small", line=line, closes=closes)
    return message(reader, _line(group.incident, len(group.cases)), over, rows, None if over else how)


def incident_answered(reached: "Reached", reader: Actor) -> Message:
    one, many = "Sent to {n} customer, on their own case.", "Sent to {n} customers, each on their own case."
    return message(reader, several(one, many, len(reached.done)), *_left(reached))


def incident_closed(reached: "Reached", reader: Actor) -> Message:
    one = "{n} case is called solved; its customer is asked to confirm."
    many = "{n} cases are called solved; each customer is asked to confirm."
    over = say("{name} is over.", name=Code(f"incident {reached.incident.id}"))
    return message(reader, several(one, many, len(reached.done)), over, *_left(reached))


def _why_not(view: "CaseView", refusal: Refusal) -> Sentence:
    told: dict[str, Any] = {"case": number(view), "status": status(view), "why": why(refusal)}
    return Sentence("{case}: {status}. {why}", told)


def _left(reached: "Reached") -> "tuple[Sentence | tuple[Row, ...], ...]":
    if not reached.left:
        return ()
    rows = tuple(Row(_why_not(view, refusal)) for view, refusal in reached.left)
    return say("As they stand, {n} could not be reached:", n=Count(len(rows))), rows
