"""What somebody reads who goes on with the case of whoever left: what it is, and all that holds on it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.messages import Link, Message, Quote, Quoted
from bot.messages import Person as Named
from bot.text.agreements import quoted
from bot.text.cards import appointed, choices, reminded
from bot.text.values import ROLES, number, outline, response, status
from bot.wording import Part, Table, label, message, say
from rules.appointments import AGREED
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.views import CaseView
    from store.tables import Person


def yours_now(view: "CaseView", before: str, quote: "tuple[Person, str] | None", reader: Actor) -> Message:
    """``quote``: who made the latest one, and its words."""
    told = "You go on with {case} from now on. Before, it was with {before}."
    head = say(told, case=number(view), before=Quoted(before))
    words = Quote(Named(quote[0].name, ROLES[quote[0].role]), quote[1]) if quote and view.case.quote_state else None
    dated = reminded(view, reader) if view.case.slot_state == AGREED else ()
    table = Table(tuple(_rows(view, reader)))
    return message(reader, head, table, words, *_calendar(view, reader), (*choices(view, reader), *dated))


def _rows(view: "CaseView", reader: Actor) -> Iterator[tuple[str, Any]]:
    """The quote comes last, as its words stand below."""
    case, left_out = view.case, {"Expected response"} | (set() if reader.staff else {"Customer"})
    yield "Status", status(view)
    yield from (row for row in outline(view) if row[0] not in left_out)
    yield "Expected response" if case.owed else "First response", response(view)
    if view.slot:
        yield "Appointment", appointed(view)
    if case.quote_state:
        yield "Quote", quoted(view)


def _calendar(view: "CaseView", reader: Actor) -> tuple[Part, ...]:
    url = view.calendar_link if view.case.slot_state == AGREED else None
    return (say("{link}", link=Link(label(say("Add to calendar"), reader.language), url)),) if url else ()
