"""A person's own page: their company's matters or the desk's, and what they could say first."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.messages import Button, Count, Message, Moment, Printed, Quoted
from bot.messages import Person as Named
from bot.text.cards import answers_to, appointed
from bot.text.duty import shift
from bot.text.queue import brief, counts, filters, head, listed, only, paging
from bot.text.values import ROLES, STATUS, expected, moment, number, with_
from bot.wording import Choice, Part, Row, Sentence, label, message, say, several
from rules.lifecycle import OVER
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk import CaseView
    from bot.desk.contracts import Standing
    from bot.desk.homes import Around, CompanyHome, DeskHome, Gone, Matter
    from store.tables import Person


# The desk's -------------------------------------------------------------------------------------------------------


def desk_home(found: "DeskHome", reader: Actor) -> Message:
    """What the desk has in hand and who is there for it; its filters and pages change this very page."""
    queue = found.queue
    none = say("No case is like that." if queue.words else "Nothing to do.")
    every = several("The desk has {n} open case", "The desk has {n} open cases", found.many, style="heading")
    return message(
        reader,
        every,
        counts(queue),
        filters(queue, "home"),
        *_under(say("Your cases", style="heading"), listed(found.mine)),
        head(queue) if queue.rows else None,
        only(queue),
        listed(queue.rows) or none,
        *paging(queue.page, queue.pages, f"home {queue.words}".strip()),
        *_around(found.around, reader),
        (Choice(say("Help"), "help"),),
    )


def desk_around(found: "Around", reader: Actor) -> Message:
    """For a page that shows the queue in its own way."""
    return message(reader, *_around(found, reader), _none(found), why=False)


def _none(found: "Around") -> Sentence | None:
    if found.planned:
        return None if found.on_call else say("Nobody is on call.", style="small")
    both = "No appointment is planned, and nobody is on call."
    return say("No appointment is planned." if found.on_call else both, style="small")


def _around(found: "Around", reader: Actor) -> tuple[Part, ...]:
    return (
        *_planned(found.planned, reader),
        *_under(say("On call", style="heading"), tuple(Row(shift(each)) for each in found.on_call)),
        *_under(say("Away", style="heading"), tuple(Row(_gone(each)) for each in found.away)),
    )


def _under(heading: Sentence, rows: tuple[Row, ...]) -> tuple[Part, ...]:
    return (heading, rows) if rows else ()


def _gone(each: "Gone") -> Sentence:
    about: dict[str, Any] = {"who": _named(each.who), "at": Moment(each.until)}
    if each.stand_in is None:
        return Sentence("{who} until {at}", about)
    return Sentence("{who} until {at}; {other} stands in", {**about, "other": _named(each.stand_in)})


# A customer's -----------------------------------------------------------------------------------------------------


def company_home(found: "CompanyHome", reader: Actor) -> Message:
    """What waits for the reader with its buttons, all other matters, and what their company has bought."""
    waiting = [each for each in found.matters if each.waits]
    others = tuple(_row(each.view) for each in found.matters if not each.waits)
    ours = say("Your company's cases" if not reader.guest else "Your cases", style="heading")
    none = (ours, say("None. Write what is going wrong and I open one."))
    return message(
        reader,
        say("Hello {name}", style="heading", name=Quoted(reader.name)),
        plan(found.standing, reader) if found.standing else None,
        *(say(_LOOKS_AFTER, who=_named(one)) for one in found.team),
        (*_FIRST, *(_MEMBERS if not reader.guest else ()), Choice(say("Help"), "help")),
        *(_waiting(waiting, found.waiting, reader) if waiting else ()),
        *(_under(ours, others) if found.many else none),
        *paging(found.page, found.pages, "home"),
        *_planned(found.planned, reader),
        why=False,
    )


_LOOKS_AFTER = "Looks after you: {who}"
_FIRST = (Choice(say("Open a case"), "open", "primary"), Choice(say("How do I?"), "ask"))
_MEMBERS = (Choice(say("My plan"), "plan"), Choice(say("My cases"), "cases"))


def plan(standing: "Standing", reader: Actor) -> Sentence:
    name = Printed(standing.mine.plan.name)
    return say("Your plan: {plan}, {licences}", plan=name, licences=licences(standing, reader))


def licences(standing: "Standing", reader: Actor) -> Sentence:
    """How many are used is for whoever speaks for the company."""
    many, provider = standing.seats.licences, standing.mine.plan.provider
    if provider.seats and reader.nominated:
        used = Count(standing.seats.licensed)
        return several("{n} licence, {used} in use", "{n} licences, {used} in use", many, used=used)
    return several("{n} licence", "{n} licences", many)


def _waiting(matters: "Sequence[Matter]", many: int, reader: Actor) -> tuple[Part, ...]:
    """Each with its own buttons right below."""
    title = several("{n} case waits for you", "{n} cases wait for you", many, style="heading")
    each = ((part for part in ((_waits(one),), asks(one, reader)) if part) for one in matters)
    return (title, *(part for parts in each for part in parts))


def _waits(matter: "Matter") -> Row:
    row, told = _row(matter.view), asked_by(matter)
    return replace(row, says=say("{case}. {asked}", case=row.says, asked=told)) if told else row


def asked_by(matter: "Matter") -> Sentence | None:
    """Who asks for the word that is waited for, and until when, as far as there is either."""
    at = moment(matter.view, matter.until) if matter.until else None
    who = _named(matter.asker) if matter.asker else None
    if who and at:
        return say("Asked by {who}; an answer is expected by {at}", who=who, at=at)
    if at:
        return say("An answer is expected by {at}", at=at)
    return say("Asked by {who}", who=who) if who else None


def asks(matter: "Matter", reader: Actor) -> tuple[Choice, ...]:
    """The buttons with which the reader gives the word that is waited for."""
    return answers_to(matter.view, reader, asked=matter.asked) if matter.waits else ()


def _row(view: "CaseView") -> Row:
    return Row(_line(view), Choice(say("Show"), f"status {view.case.id}"))


def _line(view: "CaseView") -> Sentence:
    case = view.case
    about: dict[str, Any] = {"case": number(view), "subject": brief(case.subject), "status": say(STATUS[case.status])}
    if case.status in OVER:
        return Sentence("{case} {subject}: {status}", about)
    if case.owed and case.due_at is not None:
        waiting = {"who": with_(view), "due": expected(view)}
        return Sentence("{case} {subject}: {status}, with {who}. Expected response {due}", {**about, **waiting})
    return Sentence("{case} {subject}: {status}, with {who}", {**about, "who": with_(view)})


# Both -------------------------------------------------------------------------------------------------------------


def _planned(views: "Sequence[CaseView]", reader: Actor) -> tuple[Part, ...]:
    title = say("Next appointments", style="heading")
    return _under(title, tuple(Row(_appointment(view, reader)) for view in views))


def _appointment(view: "CaseView", reader: Actor) -> Sentence:
    about: dict[str, Any] = {"case": number(view), "subject": brief(view.case.subject)}
    about |= {"at": appointed(view), "who": with_(view)}
    if not reader.staff:
        return Sentence("{case} {subject}: {at}, with {who}", about)
    whose = Quoted(view.account.name)
    return Sentence("{case} {account}: {subject}: {at}, with {who}", {**about, "account": whose})


def _named(person: "Person") -> Named:
    return Named(person.name, ROLES[person.role])


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
