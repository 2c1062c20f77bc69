"""What is said with an article, and after it did not help."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.messages import Code, Count, Link, Message, Printed, Quoted
from bot.text.values import clauses, number, reached_at
from bot.wording import Choice, Row, Sentence, message, say, several
from rules.people import Actor

if TYPE_CHECKING:
    from bot.desk.entitlements import Entitlement
    from bot.desk.views import CaseView
    from bot.unanswered import Gap
    from rules.catalogue import Provider

SHOWN = 10  # groups of questions in one report
NAMED = 3  # companies beside a group
LONGEST_SHOWN = 200  # characters of a question
LONGEST_LINE = 1500  # characters of a button's line: Slack takes two thousand


def article(found: Sequence[Mapping[str, Any]], shown: int, sure: bool, reader: Actor) -> Message:
    """The best section of one article, the first being number one, and the titles of the others.

    Articles are quotations: their figures are theirs.
    """
    this = found[shown - 1]
    head = say("{title}", style="heading", title=Quoted(str(this["title"])))
    heading = say("{heading}", style="small", heading=Quoted(str(this["heading"]))) if this["heading"] else None
    more = say("More: {link}", link=Link(str(this["link"]), str(this["link"]))) if this["link"] else None
    video = say("Video: {link}", link=Link(str(this["video"]), str(this["video"]))) if this["video"] else None
    doubt = None if sure else say("I am not sure that this is it. The nearest that I found:", style="small")
    others = [(n, other) for n, other in enumerate(found, 1) if n != shown]
    rows = tuple(Row(say("Answer {n}: {title}", n=Count(n), title=Quoted(str(other["title"])))) for n, other in others)
    also = say("Or did you mean one of these?", style="small") if rows else None
    text = say("{text}", text=Quoted(str(this["snippet"])))
    return message(reader, doubt, head, heading, text, more, video, also, rows)


def helped(reader: Actor) -> Message:
    return message(reader, say("Good. Ask me again any time."))


def look_up_too(question: str, reader: Actor) -> Message:
    """The other wish of a message: its words stand on the case as well, so none is lost where a button is short."""
    offer = Choice(say("Look it up"), f"ask {question[:LONGEST_LINE]}")
    return message(reader, say("You also asked: {question}", question=Quoted(question)), (offer,))


def drafted(view: "CaseView", slug: str, reader: Actor) -> Message:
    """A draft is edited where files are: on the server."""
    said = say("Case {case} is drafted as {slug}. Nobody finds it yet.", case=number(view), slug=Code(slug))
    edit = say("To edit it: {line}", style="small", line=Code(f"supporthub knowledge export {slug}"))
    return message(reader, said, edit)


def gaps(found: "Sequence[Gap]", companies: Mapping[int, str], reader: Actor, shown: int = SHOWN) -> Message:
    """What articles did not answer, most often asked first."""
    heading = say(
        "What no article answered: {all}", style="heading", all=Count(sum(len(gap.questions) for gap in found))
    )
    rows = tuple(Row(_gap(gap, companies)) for gap in found[:shown])
    left = len(found) - shown
    line = Code("supporthub knowledge gaps")
    and_more = "And {n} more: {line}"
    more = several(and_more, and_more, left, style="small", line=line) if left > 0 else None
    return message(reader, heading, rows, more)


def _gap(gap: "Gap", companies: Mapping[int, str]) -> Sentence:
    asked = Count(len(gap.questions))
    who = Quoted(", ".join(companies[number] for number in gap.companies[:NAMED]))
    said = "{asked} x {question} ({who}{others})"
    unnamed = len(gap.companies) - NAMED
    others = several(" and {n} more", " and {n} more", unnamed) if unnamed > 0 else say("")
    question = gap.latest.question.strip()
    cut = question if len(question) <= LONGEST_SHOWN else question[: LONGEST_SHOWN - 1].rstrip() + "…"
    return say(said, asked=asked, question=Quoted(cut), who=who, others=others)


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
    return message(reader, said, reached_at(provider), offer)
