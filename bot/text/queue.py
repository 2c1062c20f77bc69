"""The desk's queue: how many wait for what, and a page of them."""

from typing import TYPE_CHECKING

from bot.messages import Count, Message
from bot.text.cards import listed
from bot.wording import Choice, Sentence, message, say, several
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk import Queue


def queue(queue: "Queue", reader: Actor) -> Message:
    """What was closed without confirmation is reported apart from what customers closed (W59)."""
    if not queue.rows:
        return message(
            reader, say("Nothing was closed without confirmation." if queue.forced else "The queue is empty.")
        )
    return message(reader, _head(queue), None if queue.forced else counts(queue), listed(queue.rows), *_pages(queue))


def _head(queue: "Queue") -> Sentence:
    if queue.forced:
        one, many = "{n} case was closed without confirmation", "{n} cases were closed without confirmation"
        return several(one, many, queue.many, style="heading")
    due = "{n} in the queue, soonest due first"
    return several(due, due, queue.many, style="heading")


def counts(queue: "Queue") -> Sentence:
    """One line for all states, in the order in which they want attention."""
    said = (
        "At risk: {risk} · unassigned: {nobody} · mine: {mine} · "
        "waiting for the customer: {customer} · for confirmation: {confirmation}"
    )
    names = ("risk", "nobody", "mine", "customer", "confirmation")
    values = (Count(many) for many in queue.counts.values())
    return Sentence(said, dict(zip(names, values, strict=True)), "small")


def _pages(queue: "Queue") -> "tuple[Sentence | tuple[Choice, ...], ...]":
    if queue.pages == 1:
        return ()
    here = say("Page {page} of {pages}", style="small", page=Count(queue.page), pages=Count(queue.pages))
    line = " ".join(filter(None, ("queue", queue.words, "page")))
    back = Choice(say("Previous"), f"{line} {queue.page - 1}") if queue.page > 1 else None
    on = Choice(say("Next"), f"{line} {queue.page + 1}", "primary") if queue.page < queue.pages else None
    return here, tuple(filter(None, (on, back)))
