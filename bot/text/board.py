"""What the desk's own pages show of cases, worded for whoever of the desk reads them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.messages import Message, Person, Quote, Spans
from bot.messages import Person as Named
from bot.shown.desk import BoardRow, Other
from bot.text.agreements import stamped
from bot.text.cards import SHOWN
from bot.text.proof import warnings
from bot.text.values import COVERAGE, PRIORITIES, ROLES, expected, left, moment, named, number, response, status
from bot.wording import Choice, label, message, say, worded
from rules.catalogue import Verdict
from rules.lifecycle import Verb, offered
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.proof import Proof
    from bot.desk.stamps import Stamps
    from bot.desk.views import CaseView
    from store.tables import HeldAct
    from store.tables import Person as Somebody


def board_row(view: "CaseView", reader: Actor) -> BoardRow:
    case, language = view.case, reader.language
    owed = case.owed and case.due_at is not None
    said = moment(view, case.due_at) if owed and case.due_at else response(view)
    takes = case.assignee_id is None and Verb.TAKE in offered(reader, case.status, case.opened_by)
    return BoardRow(
        case.id,
        case.subject,
        view.opener.name,
        view.account.name,
        case.status,
        worded(status(view), language),
        worded(say(PRIORITIES[case.priority]), language) if case.priority else (),
        person(Named(view.assignee.name, ROLES[view.assignee.role]), reader) if view.assignee else None,
        case.assignee_id == reader.id,
        worded(left(view), language) if owed else (),
        view.used() if owed else None,
        worded(said, language),
        moment(view, case.asked_at) if case.asked_at and case.over_at is None else None,
        moment(view, case.updated_at),
        case.version,
        takes,
    )


def other(view: "CaseView", reader: Actor) -> Other:
    case = view.case
    return Other(case.id, case.subject, view.account.name, case.status, worded(status(view), reader.language))


def stands(view: "CaseView", reader: Actor) -> Spans:
    """By when it is to be answered, with the clauses that say so."""
    owed = view.case.owed
    return worded(expected(view) if owed else response(view), reader.language)


def agreed_on(view: "CaseView", stamps: "Stamps", reader: Actor) -> Message | None:
    """Both sides' stamps."""
    rows = stamped(view, stamps)
    return message(reader, rows, why=False) if rows else None


def who_was_warned(proofs: "Sequence[Proof]", reader: Actor) -> Message | None:
    """The latest, each with how far it got."""
    return message(reader, warnings(proofs[-SHOWN * 5 :]), why=False) if proofs else None


def about_to_answer(view: "CaseView", author: "Somebody", reader: Actor) -> Message:
    who = Named(author.name, ROLES[author.role])
    return message(reader, say("{who} is about to answer case {case}.", who=who, case=number(view)))


def asked(view: "CaseView", row: "HeldAct", reader: Actor) -> Message:
    """Theirs, beside a colleague's."""
    told = say("On case {case} this waits for your word, since a colleague answered too.", case=number(view))
    anyway = Choice(say("Send anyway"), f"send-anyway {row.case_id} {row.id}", "primary")
    drop = Choice(say("Drop"), f"undo {row.case_id} {row.id}")
    return message(reader, told, Quote(named(reader), row.words) if row.words else None, (anyway, drop))


def levels(names: Sequence[str], reader: Actor) -> list[tuple[str, str]]:
    """Each priority as a line names it, and in words."""
    return [(name, label(say(PRIORITIES[name]), reader.language)) for name in names]


def verdicts(reader: Actor) -> list[tuple[str, str]]:
    return [(str(each), label(say(COVERAGE[each]), reader.language)) for each in Verdict]


def person(named: Named, reader: Actor) -> Person:
    [found] = worded(named, reader.language)
    assert isinstance(found, Person), "a person stays one"
    return found
