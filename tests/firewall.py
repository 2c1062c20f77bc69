"""Holds every sentence that any test hears against its origin: no figure but in a value, and no value from nowhere.

What it does not see: servers that a test starts as processes of their own (their sentences are the same ones, guarded
by bot.firewall itself), the few words an adapter adds, and whether a time or a duration was counted right: the tests
of the rules say that.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot import dispatch, figures, turn, wording
from bot.firewall import UNIT, figure
from bot.languages import languages
from bot.messages import (
    Bar,
    Buttons,
    Clause,
    Count,
    Duration,
    Facts,
    Items,
    Message,
    Money,
    Percent,
    Picture,
    Printed,
    Reader,
    Spans,
    Text,
)
from bot.plain import plain_spans
from rules import pricing, reports
from rules.catalogue import OfLicences, PerUser, Provider, load_folder

ROOT = Path(__file__).parent.parent
FIGURES = Count | Duration | Percent | Money
said: set[tuple[Spans, str]] = set()
"""Every sentence worded since the test began, with its language."""
names: set[str] = set()
shown: list[Message] = []
issued: set[Decimal] = set()
"""The prices that the rules have reckoned meanwhile."""
shares: set[int] = set()
"""The percentages that a report has counted meanwhile."""


@pytest.fixture(autouse=True)
def no_figure_comes_from_nowhere() -> Iterator[None]:
    forget()
    yield
    found = list(wrong())
    forget()
    assert not found, found


def forget() -> None:
    for each in (said, names, issued, shares):
        each.clear()
    shown.clear()


def wrong() -> Iterator[str]:
    """What nobody vouches for among all that was said."""
    for spans, _ in said:
        yield from unvouched(spans)
    yield from (f"{figure(name)!r} in the label {name!r}" for name in names if figure(name))
    parts = [part for message in shown for part in message.parts]
    for spans in {spans for part in parts for spans in _spans_of(part)} - {spans for spans, _ in said}:
        yield from unvouched(spans)
    labels = {label for part in parts for label in _labels_of(part) if figure(label)}
    worded = {plain_spans(spans, Reader(language=language)) for spans, language in said} if labels else set()
    yield from (f"{figure(label)!r} in the button {label!r}" for label in labels - worded)


def unvouched(spans: Spans) -> Iterator[str]:
    for before, span in pairwise((None, *spans)):
        if not isinstance(span, str):
            yield from _from_nowhere(span)
        elif found := figure(span):
            yield f"{found!r} in the words {span!r}"
        elif before is not None and not isinstance(before, str | FIGURES) and UNIT.match(span):
            yield f"{before!r} is no figure, and yet {span!r} follows"


def _from_nowhere(value: object) -> Iterator[str]:
    match value:
        case Clause(id) if id not in origins()["clauses"]:
            yield f"no catalogue has a clause {id}"
        case Printed(text) if figure(text) and text not in origins()["printed"]:
            yield f"{text!r} stands in no catalogue"
        case Percent(number) if number not in origins()["percents"] | shares:
            yield f"{number} % is nobody's share and on no ladder"
        case Money(amount) if amount not in origins()["amounts"] | issued:
            yield f"{amount} is no price of a catalogue and was reckoned by no rule"


@cache
def origins() -> dict[str, set[Any]]:
    """What the catalogues of the house and of the tests publish."""
    folders = (ROOT / "catalogues", ROOT / "tests" / "catalogues")
    providers = [provider for folder in folders for provider in load_folder(folder).providers.values()]
    prices = [plan.price for provider in providers for plan in provider.plans.values()]
    per_user = [price for price in prices if isinstance(price, PerUser)]
    ladders = [one.ladders for one in providers] + [plan.ladders for one in providers for plan in one.plans.values()]
    return {
        "clauses": {id for provider in providers for id in provider.clauses},
        "printed": {text for provider in providers for text in _printed(provider)},
        "percents": {int(price.percent) for price in prices if isinstance(price, OfLicences)}
        | {reports.NEARLY_ALL.percent}
        | {share for each in ladders for ladder in each.values() for share in ladder.at},
        "amounts": {amount for price in per_user for amount in (price.first, price.additional)},
    }


def _printed(provider: Provider) -> Iterator[str]:
    yield from (provider.name, provider.title, *(plan.name for plan in provider.plans.values()))
    for clause in provider.clauses.values():
        yield from (clause.says, clause.quote or clause.says)
    yield from (fact.answer for fact in provider.facts.values())
    yield from (terms.version for terms in provider.terms)
    for picks in (provider.products, provider.areas):
        yield from picks.names if picks else ()
    if hours := provider.hours:
        yield from (*hours.assumptions, " ".join(hours.assumptions))
        yield from (figures.week(hours.week, hours.zone, hours.label, language) for language in languages())


def _spans_of(part: object) -> Iterator[Spans]:
    match part:
        case Text(spans) | Bar(_, spans) | Picture(_, spans):
            yield spans
        case Facts(facts):
            yield from (spans for _, spans in facts)
        case Items(items):
            yield from (item.spans for item in items)


def _labels_of(part: object) -> Iterator[str]:
    match part:
        case Facts(facts):
            yield from (name for name, _ in facts)
        case Buttons(buttons):
            yield from (button.label for button in buttons)
        case Items(items):
            yield from (item.button.label for item in items if item.button)


def _listen() -> None:
    """To whatever is worded, said at once and owed to somebody; and to the prices and shares that are reckoned."""
    worded, named, hear, owe = wording._spans, wording._name, dispatch.Bot.hear, turn.Turn.owe
    made, counted = pricing.Price.__init__, reports.Share.__init__

    def spans(sentence: wording.Sentence, language: str) -> Spans:
        found = worded(sentence, language)
        said.add((found, language))
        return found

    def name(of: str, language: str) -> str:
        names.add(found := named(of, language))
        return found

    async def hears(self: Any, *args: Any, **how: Any) -> Any:
        answer = await hear(self, *args, **how)
        shown.extend([answer] if isinstance(answer, Message) else [])
        return answer

    def owes(self: turn.Turn, place: int, message: Message, *args: Any, **how: Any) -> None:
        shown.append(message)
        owe(self, place, message, *args, **how)

    def price(self: pricing.Price, *args: Any, **how: Any) -> None:
        made(self, *args, **how)
        issued.add(self.total)

    def share(self: reports.Share, *args: Any, **how: Any) -> None:
        counted(self, *args, **how)
        shares.add(self.percent)

    for where, what, listening in (
        (wording, "_spans", spans),
        (wording, "_name", name),
        (dispatch.Bot, "hear", hears),
        (turn.Turn, "owe", owes),
        (pricing.Price, "__init__", price),
        (reports.Share, "__init__", share),
    ):
        setattr(where, what, listening)


_listen()
