"""What is said with an article, and after it did not help."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.messages import Count, Link, Message, Printed
from bot.text.values import clauses, reach
from bot.wording import Choice, Row, Sentence, message, say
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.entitlements import Entitlement
    from rules.catalogue import Provider

LONGEST_LINE = 1500  # characters of a button's line: Slack takes two thousand


def article(found: Sequence[Mapping[str, Any]], shown: int, sure: bool, reader: Actor) -> Message:
    """The best section of one article, the first being number one, and the titles of the others.

    Articles are quotations: their figures are theirs.
    """
    this = found[shown - 1]
    head = say("{title}", style="heading", title=Printed(str(this["title"])))
    heading = say("{heading}", style="small", heading=Printed(str(this["heading"]))) if this["heading"] else None
    links = [Link(str(url), str(url)) for url in (this["link"], this["video"]) if url]
    more = say("More: {link}", link=links[0]) if links else None
    doubt = None if sure else say("I am not sure that this is it. The nearest that I found:", style="small")
    others = [(n, other) for n, other in enumerate(found, 1) if n != shown]
    rows = tuple(Row(say("Answer {n}: {title}", n=Count(n), title=Printed(str(other["title"])))) for n, other in others)
    also = say("Or did you mean one of these?", style="small") if rows else None
    return message(reader, doubt, head, heading, say("{text}", text=Printed(str(this["snippet"]))), more, also, rows)


def helped(reader: Actor) -> Message:
    return message(reader, say("Good. Ask me again any time."))


def no_person_for_that(mine: "Entitlement | None", question: str, provider: "Provider", reader: Actor) -> Message:
    """The question stands; only the human answer is not in the plan (W8)."""
    ruling = mine.plan.how_do_i if mine else None
    if mine is not None and ruling is not None:
        said = say(
            "On {plan}, how-to questions are answered by the knowledge base and the videos ({clauses}). "
            "If something is broken instead, or you want people to answer such questions, choose:",
            plan=Printed(mine.plan.name),
            clauses=clauses(ruling.clauses),
        )
    else:
        said = say("I found no contract in force today. If something is broken, choose:")
    line = f"open {question[:LONGEST_LINE]}"
    offer = (Choice(say("Something is broken: open a case"), line, "primary"), Choice(say("Compare plans"), "price"))
    return message(reader, said, Sentence("The desk is also reached at {phone} and {email}.", reach(provider)), offer)
