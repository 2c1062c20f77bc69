"""``supporthub eval``: how well the router understands an operator's own words."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.understanding.intent_guess import SURE, Guess, Wanted, guess
from rules.people import Role

SHOWN = 3
"""Examples of each confusion."""
LONGEST_SHOWN = 90


class Unreadable(Exception):
    """A line that is none."""


class Labelled(BaseModel):
    model_config = ConfigDict(frozen=True)

    text: str
    intent: Wanted
    role: Literal["customer", "staff", "agent", "concierge", "coach", "lead", "admin"] = "customer"
    in_case: Annotated[int, Field(ge=1)] | None = None

    def guessed(self) -> Guess:
        return guess(self.text, Role.AGENT if self.role == "staff" else Role(self.role), self.in_case)


@dataclass(frozen=True)
class Score:
    pairs: tuple[tuple[Labelled, Guess], ...]

    @property
    def accuracy(self) -> float:
        return sum(one.intent is found.intent for one, found in self.pairs) / max(len(self.pairs), 1)

    @property
    def macro_f1(self) -> float:
        """Over the intents that the file has."""
        here = [wanted for wanted in Wanted if self.counts(wanted)[1]]
        return sum(self.f1(wanted) for wanted in here) / max(len(here), 1)

    @property
    def asked(self) -> float:
        return sum(found.confidence < SURE for _, found in self.pairs) / max(len(self.pairs), 1)

    def counts(self, wanted: Wanted) -> tuple[int, int, int]:
        """Rightly found, meant, found."""
        right = sum(one.intent is found.intent is wanted for one, found in self.pairs)
        meant = sum(one.intent is wanted for one, _ in self.pairs)
        return right, meant, sum(found.intent is wanted for _, found in self.pairs)

    def f1(self, wanted: Wanted) -> float:
        right, meant, found = self.counts(wanted)
        return 2 * right / max(meant + found, 1)


def read(lines: Iterable[bytes]) -> Iterator[Labelled | str]:
    """Each line, or what is wrong with it, by its number."""
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            yield Labelled.model_validate_json(raw.decode("utf-8-sig"))
        except UnicodeDecodeError:
            yield f"line {number}: this is not UTF-8."
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_input=False)[0]
            yield f"line {number}: {'.'.join(map(str, wrong['loc'])) or 'the line'}: {wrong['msg']}."


def score(labelled: Iterable[Labelled]) -> Score:
    return Score(tuple((one, one.guessed()) for one in labelled))


def report(scored: Score) -> Iterator[str]:
    yield f"{len(scored.pairs)} messages: accuracy {scored.accuracy:.1%}, macro-F1 {scored.macro_f1:.3f}."
    yield f"Asked instead of guessed (confidence below {SURE}): {scored.asked:.1%}."
    yield ""
    yield f"{'intent':<14}{'precision':>10}{'recall':>8}{'F1':>7}{'messages':>10}"
    for wanted in Wanted:
        right, meant, found = scored.counts(wanted)
        if meant or found:
            precision, recall = right / max(found, 1), right / max(meant, 1)
            yield f"{wanted:<14}{precision:>10.3f}{recall:>8.3f}{scored.f1(wanted):>7.3f}{meant:>10}"
    yield from _confusions(scored)


def _confusions(scored: Score) -> Iterator[str]:
    many: Counter[tuple[Wanted, Wanted]] = Counter()
    said: dict[tuple[Wanted, Wanted], list[str]] = defaultdict(list)
    for one, found in scored.pairs:
        if one.intent is not found.intent:
            many[one.intent, found.intent] += 1
            said[one.intent, found.intent].append(json.dumps(one.text[:LONGEST_SHOWN], ensure_ascii=False))
    for (meant, taken), times in many.most_common():
        yield ""
        yield f"{meant} taken for {taken}: {times}"
        yield from (f"  {text}" for text in said[meant, taken][:SHOWN])
