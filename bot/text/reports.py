"""What a report says, in chat and on its page; and the words in its picture."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.languages import locale
from bot.messages import Code, Count, Day, Duration, Link, Message, Moment, Percent, Printed, Quoted, Value
from bot.plain import plain_spans
from bot.plots import Panel, Plot, Series
from bot.text.contracts import money
from bot.text.values import clauses
from bot.wording import Drawing, Part, Row, Sentence, Table, label, message, say, several
from rules.people import Actor
from rules.pricing import Price
from rules.reports import EVERYBODYS, NEARLY_ALL, Cause, Period, Share, Tally, Times
from rules.sla import State

if TYPE_CHECKING:
    from datetime import date

    from bot.desk.contracts import Standing
    from bot.desk.reporting import Reported

SHOWN = 5  # companies in chat; the page has all of them
CAUSES = {
    Cause.LATE: "{n} answered late",
    Cause.UNANSWERED: "{n} not answered yet",
    Cause.ENDED: "{n} ended without an answer",
    Cause.REPRIORITISED: "{n} by another priority",
    Cause.PLAN_CHANGED: "{n} by another contract",
}


def report(found: "Reported", reader: Actor) -> Message:
    """Short, for chat: the sums, a picture and where the rest is."""
    return message(reader, *_parts(found, reader))


def _parts(found: "Reported", reader: Actor) -> "Iterator[Part | None]":
    yield _heading(found)
    yield Table(tuple(_facts(found)))
    yield from _companies(found)
    yield _picture(found)
    yield from _all_of_it(found, reader)


def too_much(found: "Reported", reader: Actor) -> Message:
    """So many cases are counted by the page, and not while somebody waits in chat."""
    return message(reader, _heading(found), say("These are too many cases to count here."), *_all_of_it(found, reader))


def digest(found: "Reported", reader: Actor) -> Message:
    """The week's report, which nobody asked for."""
    off = say("To have no more of these: {line}", style="small", line=Code("digest off"))
    return message(reader, *_parts(found, reader), off)


def digest_chosen(wanted: bool, reader: Actor) -> Message:
    on = "The report of each week reaches you when the next one begins."
    return message(reader, say(on) if wanted else say("No weekly report reaches you any more."))


# The sums ---------------------------------------------------------------------------------------------------------


def _heading(found: "Reported") -> Sentence:
    when = span_of(found.wanted.period)
    if found.account is not None:
        return say("Report of {company}: {when}", style="heading", company=Quoted(found.account.name), when=when)
    if found.wanted.whose == EVERYBODYS:
        return say("Report of all companies: {when}", style="heading", when=when)
    return say("Report of the companies you look after: {when}", style="heading", when=when)


def span_of(period: Period) -> Sentence:
    if period.first == period.last:
        return say("{day}", day=Day(period.first))
    return say("{first} to {last}", first=Day(period.first), last=Day(period.last))


def _facts(found: "Reported") -> Iterator[tuple[str, Sentence | Value]]:
    total, over = found.report.total, found.report.now >= found.report.period.until
    yield "Cases received", Count(total.received)
    yield "Answered in time", _attained(total)
    for times in total.times or (None,):
        title = "First response" if times is None or times.business else "First response, in hours of the clock"
        yield title, _times(times)
    yield "Promises broken", _broken(total)
    if total.states[State.NO_TARGET]:
        yield "No response time promised", Count(total.states[State.NO_TARGET])
    if total.missed:
        yield "Appointments missed", Count(total.missed)
    standing = "Open at its end" if over else "Open now"
    yield standing, Count(total.backlog)
    yield "Closed", _closed(total)
    if total.satisfied:
        rated: dict[str, Any] = {"share": Percent(total.satisfied.percent), "n": Count(total.stars.total())}
        yield "Satisfied", Sentence("{share} of {n} who rated", rated)
    if total.asked:
        asked: dict[str, Any] = {"helped": Count(total.helped), "asked": Count(total.asked)}
        told = "{helped} of {asked} answered by an article"
        unsaid = "{helped} of {asked} answered by an article; of {n} nobody said"
        yield "How-to questions", Sentence(unsaid if total.unsaid else told, {**asked, "n": Count(total.unsaid)})
    if found.standing is not None:
        yield from _contract(found.standing)


def _attained(tally: Tally) -> Sentence:
    share = tally.attainment
    if share is None:
        return say("nothing to judge yet")
    return say("{share} ({part} of {of})", share=Percent(share.percent), part=Count(share.part), of=Count(share.of))


def _times(times: Times | None) -> Sentence:
    if times is None:
        return say("nothing was answered yet")
    half, slow = (Duration(minutes, times.business) for minutes in (times.median, times.slow))
    return say("median {half}; {share} within {slow}", half=half, share=Percent(NEARLY_ALL.percent), slow=slow)


def _broken(tally: Tally) -> Sentence:
    """How many, and why (R7: another priority apart from the rest)."""
    causes = {f"c{n}": say(CAUSES[cause], n=Count(tally.causes[cause])) for n, cause in enumerate(Cause)}
    found = {name: says for (name, says), cause in zip(causes.items(), Cause, strict=True) if tally.causes[cause]}
    if not found:
        return say("none")
    why = Sentence(", ".join(f"{{{name}}}" for name in found), found)
    return say("{all}: {why}", all=Count(tally.broken), why=why)


def _closed(tally: Tally) -> Sentence:
    if not tally.unconfirmed:
        return say("{says}", says=Count(tally.closings))
    return say("{n}, of which {some} without confirmation", n=Count(tally.closings), some=Count(tally.unconfirmed))


def _contract(found: "Standing") -> Iterator[tuple[str, Sentence | Value]]:
    """What it costs, and whether that many use it (W50)."""
    plan, seats = found.mine.plan, found.seats
    yield "Plan", Printed(plan.name)
    yield "Seats", say("{used} of {all} used", used=Count(seats.used), all=Count(seats.licences))
    if isinstance(found.cost, Price):
        cost = money(plan, found.cost, found.mine.contract)
        yield "Price now", say("{cost} ({clauses})", cost=cost, clauses=clauses(found.cost.clauses))


def _companies(found: "Reported") -> Iterator[Any]:
    ranked = list(found.report.by_account().items()) if found.account is None else []
    if len(ranked) < 2:
        return
    yield say("By company", style="heading")
    yield tuple(Row(_company(found.names.get(account, ""), tally)) for account, tally in ranked[:SHOWN])
    if (left := len(ranked) - SHOWN) > 0:
        yield several("And {n} more.", "And {n} more.", left, style="small")


def _company(name: str, tally: Tally) -> Sentence:
    about: dict[str, Any] = {"name": Quoted(name), "received": Count(tally.received), "open": Count(tally.backlog)}
    about |= {"share": _attained(tally)}
    return Sentence("{name}: {received} received, {open} open; answered in time: {share}", about)


def _picture(found: "Reported") -> Drawing | None:
    if found.link is None or not found.report.total.received:
        return None
    return Drawing(f"{found.link}.png", seen(found))


def seen(found: "Reported") -> Sentence:
    """The picture, for whoever does not see it."""
    total = found.report.total
    about: dict[str, Any] = {"n": Count(total.received), "met": Count(total.states[State.MET])}
    about |= {"broken": Count(total.broken), "when": span_of(found.wanted.period)}
    told = "Cases received over time, {when}: {n}, of which {met} were answered in time and {broken} not."
    return Sentence(told, about)


def _all_of_it(found: "Reported", reader: Actor) -> Iterator[Sentence]:
    if found.link is None or found.until is None:
        return
    there = Link(label(say("Open it"), reader.language), found.link)
    yield say("All of it, with plots, as PDF and for spreadsheets: {link}", link=there)
    yield say("Whoever has this address can read it until {until}.", style="small", until=Moment(found.until))


# The page ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grid:
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Page:
    """Words only, for whoever lays them out."""

    language: str
    title: str
    as_of: str
    facts: tuple[tuple[str, str], ...]
    seen: str
    grids: tuple[Grid, ...]
    csv: str
    pdf: str
    plot: Plot


def page(found: "Reported", reader: Actor) -> Page:
    total, words = found.report, _Words(reader)
    grids = [words.grid(say("By plan"), found.plans, total.by_plan())]
    if len(providers := total.by_provider()) > 1:
        grids.append(words.grid(say("By provider"), found.providers, providers))
    if found.account is None:
        grids.insert(0, words.grid(say("By company"), found.names, total.by_account(), questions=True))
    as_of = say("As it stands {at}.", at=Moment(total.now, found.provider.hours.zone if found.provider.hours else ""))
    facts = tuple((words.of(say(title)), words.of(says)) for title, says in _facts(found))
    return Page(
        reader.language,
        words.of(_heading(found)),
        words.of(as_of),
        facts,
        words.of(seen(found)),
        tuple(grids),
        words.of(say("For spreadsheets (CSV)")),
        words.of(say("As PDF")),
        plot(found, reader),
    )


def plot(found: "Reported", reader: Actor, alone: bool = False) -> Plot:
    """``alone``: with the sums beside it, as a document."""
    words, period = _Words(reader), found.wanted.period
    days = list(period.buckets())
    tallies = [found.report.steps.get(day, Tally()) for day in days]
    facts = [(words.of(say(title)), words.of(says)) for title, says in _facts(found)] if alone else []
    as_of = words.of(say("As it stands {at}.", at=Moment(found.report.now)))
    return Plot(
        words.of(_heading(found)),
        tuple(_tick(day, period.step, reader.language) for day in days),
        (_received(words, tallies), *_response(words, tallies)),
        words.of(say("nothing yet")),
        tuple(facts),
        (as_of,) if alone else (),
    )


def _received(words: "_Words", tallies: list[Tally]) -> Panel:
    every = (
        Series(words.of(say(title)), shade, tuple(float(tally.states[state]) for tally in tallies))
        for state, (title, shade) in _STATES.items()
    )
    return Panel(words.of(say("Cases received")), "stacked", tuple(one for one in every if any(one.values)))


_STATES: Mapping[State, tuple[str, Any]] = {
    State.MET: ("in time", "good"),
    State.BREACHED: ("not in time", "bad"),
    State.RUNNING: ("not due yet", "waiting"),
    State.CANCELLED: ("ended before it was due", "none"),
    State.NO_TARGET: ("no time promised", "none"),
}


def _response(words: "_Words", tallies: list[Tally]) -> Iterator[Panel]:
    """In hours; those of providers that publish none stand in a panel of their own."""
    kinds = [kind for kind in _TITLES if any(times.business is kind for one in tallies for times in one.times)]
    for business in kinds or [True]:
        steps = [next((each for each in one.times if each.business is business), None) for one in tallies]
        half = tuple(times.median / 60 if times else None for times in steps)
        slow = tuple(times.slow / 60 if times else None for times in steps)
        most = words.of(say("{share} within", share=Percent(NEARLY_ALL.percent)))
        series = (Series(words.of(say("median")), "good", half), Series(most, "slow", slow))
        yield Panel(words.of(say(_TITLES[business])), "lines", series)


_TITLES = {True: "First response, in business hours", False: "First response, in hours of the clock"}


def _tick(day: "date", step: str, language: str) -> str:
    """ "19 Jan", "Jan 2026"."""
    found = locale(language)
    if found is None:
        return f"{day:%b} {day.year}" if step == "month" else f"{day.day} {day:%b}"
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMM" if step == "month" else "MMMd", day, locale=found))


@dataclass(frozen=True)
class _Words:
    """Sentences and values as one string each, as this reader reads them."""

    reader: Actor

    def of(self, says: Sentence | Value) -> str:
        sentence = says if isinstance(says, Sentence) else say("{says}", says=says)
        made = message(self.reader, sentence, why=False)
        return "\n".join(plain_spans(part.spans, made.reader) for part in made.parts if hasattr(part, "spans"))

    def grid(
        self, title: Sentence, names: Mapping[Any, str], ranked: Mapping[Any, Tally], questions: bool = False
    ) -> Grid:
        columns = COLUMNS | ASKED if questions else COLUMNS
        head = ("", *(self.of(say(title)) for title in columns.values()))
        none = self.of(say("No contract"))
        rows = (self._row(names.get(key, str(key or none)), tally, questions) for key, tally in ranked.items())
        return Grid(self.of(title), head, tuple(rows))

    def _row(self, name: str, tally: Tally, questions: bool) -> tuple[str, ...]:
        half = " / ".join(self.of(Duration(times.median, times.business)) for times in tally.times)
        cells = [tally.received, tally.attainment, tally.broken, half, tally.closings, tally.unconfirmed, tally.backlog]
        cells += [tally.asked, tally.unanswered, tally.unsaid] if questions else []
        return name, *(self._cell(each) for each in cells)

    def _cell(self, value: Share | int | str | None) -> str:
        match value:
            case Share():
                return self.of(Percent(value.percent))
            case int():
                return self.of(Count(value))
        return value or "–"


COLUMNS = {
    "received": "Received",
    "in_time": "In time",
    "broken": "Broken",
    "median": "Median first response",
    "closed": "Closed",
    "unconfirmed": "Without confirmation",
    "open": "Open cases",
}
ASKED = {"asked": "Questions", "unanswered": "Unanswered", "unsaid": "Nobody said"}
