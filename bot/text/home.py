"""A person's own page: their cases or the desk's, and what they could say first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.messages import Button, Message, Printed, Quoted
from bot.messages import Person as Named
from bot.text.cards import SHOWN
from bot.text.values import ROLES, STATUS, expected, number, with_
from bot.wording import Choice, Row, Sentence, label, message, say, several
from rules.lifecycle import OVER
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk import CaseView, Entitlement
    from store.tables import Person


def customer_home(
    views: Sequence["CaseView"], mine: "Entitlement | None", concierge: "Person | None", reader: Actor
) -> Message:
    """My company's cases, when they are answered, my plan and who looks after us."""
    return message(
        reader,
        say("Hello {name}", style="heading", name=Quoted(reader.name)),
        say("Your plan: {plan}", plan=Printed(mine.plan.name)) if mine else None,
        say("Your concierge: {who}", who=Named(concierge.name, ROLES[concierge.role])) if concierge else None,
        (Choice(say("Open a case"), "open", "primary"), *(_CHOICES if not reader.guest else _CHOICES[-1:])),
        say("Your company's cases" if not reader.guest else "Your cases", style="heading"),
        _rows(views) or say("None. Write what is going wrong and I open one."),
        why=False,
    )


def desk_home(views: Sequence["CaseView"], reader: Actor) -> Message:
    """What the desk has in hand."""
    nobody = "Nobody works on {n} of them yet."
    unassigned = sum(view.assignee is None for view in views)
    return message(
        reader,
        several("The desk has {n} open case", "The desk has {n} open cases", len(views), style="heading"),
        several(nobody, nobody, unassigned) if unassigned else None,
        (*_FILTERS, Choice(say("Help"), "help")),
        _rows(views) or say("Nothing to do."),
    )


_CHOICES = (Choice(say("My plan"), "plan"), Choice(say("My cases"), "cases"), Choice(say("Help"), "help"))
_FILTERS = (
    Choice(say("Unassigned"), "queue unassigned"),
    Choice(say("At risk"), "queue at-risk"),
    Choice(say("Mine"), "queue mine"),
)


def _rows(views: Sequence["CaseView"]) -> tuple[Row, ...]:
    return tuple(Row(_line(view), Choice(say("Show"), f"status {view.case.id}")) for view in views[:SHOWN])


def _line(view: "CaseView") -> Sentence:
    case = view.case
    about: dict[str, Any] = {"case": number(view), "subject": Quoted(case.subject), "status": say(STATUS[case.status])}
    if case.status in OVER:
        return Sentence("{case} {subject}: {status}", about)
    if case.responded_at is None and case.due_at is not None:
        waiting = {"who": with_(view), "due": expected(view)}
        return Sentence("{case} {subject}: {status}, with {who}. Expected response {due}", {**about, **waiting})
    return Sentence("{case} {subject}: {status}, with {who}", {**about, "who": with_(view)})


def prompts(reader: Actor) -> tuple[Button, ...]:
    """At most four: what most people want first."""
    if reader.staff:
        said = (("What is waiting?", "queue"), ("What is at risk?", "queue at-risk"), ("My cases", "queue mine"))
    else:
        said = (
            ("Something is broken", "open"),
            ("How do I share a view?", "How do I share a view?"),
            ("How are my cases?", "cases"),
            *((("What is in my plan?", "plan"),) if not reader.guest else ()),
        )
    return tuple(Button(label(say(title), reader.language), line) for title, line in said)
