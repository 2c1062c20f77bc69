"""The desk's queue: how many wait for what, and a page of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.messages import Count, Message, Quoted
from bot.text.values import left, number, status, with_
from bot.wording import Choice, Row, Sentence, message, say, several
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk import CaseView, Queue


def queue(queue: "Queue", reader: Actor) -> Message:
    """What was closed without confirmation is reported apart from what customers closed (W59)."""
    if not queue.rows:
        none = "Nothing was closed without confirmation." if queue.forced else "The queue is empty."
        return message(reader, say(none), only(queue), filters(queue, "queue") if queue.words else None)
    told = None if queue.forced else counts(queue)
    more = paging(queue.page, queue.pages, f"queue {queue.words}".strip())
    return message(reader, head(queue), told, filters(queue, "queue"), only(queue), listed(queue.rows), *more)


def head(queue: "Queue") -> Sentence:
    if queue.forced:
        one, many = "{n} case was closed without confirmation", "{n} cases were closed without confirmation"
        return several(one, many, queue.many, style="heading")
    due = "{n} in the queue, soonest due first"
    return several(due, due, queue.many, style="heading")


def only(queue: "Queue") -> Sentence | None:
    """What it is narrowed to, which the filters' colours alone would not tell."""
    words = " ".join(filter(None, (*queue.states, queue.besides)))
    return say("Only: {words}", style="small", words=Quoted(words)) if words else None


def counts(queue: "Queue") -> Sentence:
    """One line for all states, in the order in which they want attention."""
    said = (
        "At risk: {risk} · unassigned: {nobody} · mine: {mine} · "
        "waiting for the customer: {customer} · for confirmation: {confirmation}"
    )
    names = ("risk", "nobody", "mine", "customer", "confirmation")
    values = (Count(many) for many in queue.counts.values())
    return Sentence(said, dict(zip(names, values, strict=True)), "small")


_FILTERS = {
    "all": "All",
    "at-risk": "At risk",
    "unassigned": "Unassigned",
    "mine": "Mine",
    "waiting-customer": "Customer's turn",
    "waiting-confirmation": "To confirm",
}


def filters(queue: "Queue", line: str) -> tuple[Choice, ...]:
    """Of the same company, queue, plan or priority; ``line`` is the one whose view they change."""
    chosen = queue.states or ("all",)
    return tuple(
        Choice(
            say(words),
            " ".join(filter(None, (line, state, queue.besides))),
            "primary" if chosen == (state,) else "normal",
            within=True,
        )
        for state, words in _FILTERS.items()
    )


def transferred(view: "CaseView", new: bool, reader: Actor) -> Message:
    """A slip of the pen begins a queue as well: so a new one is called new."""
    queue = Quoted(view.case.queue)
    said = say("Done. Case {case} is in the queue {queue} from now on.", case=number(view), queue=queue)
    return message(reader, said, say("No other case is in a queue of that name.") if new else None)


def listed(views: "Sequence[CaseView]") -> tuple[Row, ...]:
    return tuple(Row(_row(view), Choice(say("Show"), f"status {view.case.id}")) for view in views)


def _row(view: "CaseView") -> Sentence:
    case = view.case
    about: dict[str, Any] = {"case": number(view), "account": Quoted(view.account.name), "subject": brief(case.subject)}
    about |= {"status": status(view), "who": with_(view)}
    if case.owed and case.due_at is not None:
        return Sentence("{case} {account}: {subject}, {status}, {who}. {left}", {**about, "left": left(view)})
    return Sentence("{case} {account}: {subject}, {status}, {who}", about)


BRIEF = 64  # characters of a subject: the whole of it stands on the case's own card


def brief(subject: str) -> Quoted:
    shown = subject if len(subject) <= BRIEF else f"{subject[: BRIEF - 1].rstrip()}…"
    return Quoted(shown)


def paging(page: int, pages: int, line: str) -> "tuple[Sentence | tuple[Choice, ...], ...]":
    """``line`` says them all but for the page's number."""
    if pages == 1:
        return ()
    here = say("Page {page} of {pages}", style="small", page=Count(page), pages=Count(pages))
    back = Choice(say("Previous"), f"{line} page {page - 1}", within=True) if page > 1 else None
    on = Choice(say("Next"), f"{line} page {page + 1}", "primary", within=True) if page < pages else None
    return here, tuple(filter(None, (on, back)))
