"""Dead letters: what never arrived, to look at and to send again. For leads in chat, and for who runs the server."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.turn import Turn
from rules.lifecycle import Verb, permit
from rules.refusals import Misunderstood, NoDeadLetter, WentElsewhere
from store.dead_letters import DeadLetter
from store.tables import Conversation, Outbox
from store.work import Work

PAGE = 10
NAME = re.compile(r"\d{1,18}(\.\d{1,18})?")
_LINE = re.compile(rf"(page (?P<page>\d{{1,4}}))?|(?P<name>{NAME.pattern})( (?P<replay>replay))?", re.I)


@dataclass(frozen=True)
class Line:
    """``dead``, ``dead page 2``, ``dead 17``, ``dead 17 replay``."""

    page: int
    name: str
    replay: bool


@dataclass(frozen=True)
class Page:
    letters: Sequence[tuple[DeadLetter, str]]
    """Each with whose room it was for."""
    all: int
    number: int

    @property
    def more(self) -> bool:
        return self.number * PAGE < self.all


@dataclass(frozen=True)
class Opened:
    letter: DeadLetter
    to: str
    stand_in: Outbox | None
    """What carries its words to another address,"""
    instead: str
    """which is this one."""

    @property
    def elsewhere(self) -> bool:
        """Whether that one arrived, or still may."""
        return self.stand_in is not None and self.stand_in.dead is None


def read(turn: Turn, words: str) -> Line:
    """What the line asks for."""
    permit(turn.actor, Verb.DEAD)
    found = _LINE.fullmatch(words.strip())
    if found is None:
        raise Misunderstood(usage="dead 17 replay")
    return Line(max(int(found["page"] or 1), 1), found["name"] or "", bool(found["replay"]))


def page(work: Work, number: int = 1, channel: str | None = None) -> Page:
    letters = work.dead_letters(channel, PAGE, (number - 1) * PAGE)
    return Page([(each, _named(work, each.place)) for each in letters], work.count_dead(channel), number)


def opened(work: Work, name: str) -> Opened:
    """Everything about one; raises NoDeadLetter for what is none, was sent, or is on its way."""
    letter = work.letter(name) if NAME.fullmatch(name) else None
    if letter is None or letter.row.dead is None:
        raise NoDeadLetter(name=name)
    row = letter.row
    stand_in = work.stand_in(row) if isinstance(row, Outbox) else None
    instead = _named(work, work.place(stand_in.conversation_id)) if stand_in else ""
    return Opened(letter, _named(work, letter.place), stand_in, instead)


def replay(work: Work, names: Sequence[str], now: datetime, by: int | None) -> list[DeadLetter]:
    """Back into their lanes, all or none; raises NoDeadLetter, or WentElsewhere for what another address got."""
    found = [opened(work, name) for name in names]
    for each in found:
        if each.elsewhere:
            raise WentElsewhere(name=each.letter.name, to=each.instead)
        _replay(work, each.letter, now, by)
    return [each.letter for each in found]


def replay_all(work: Work, channel: str | None, now: datetime, by: int | None) -> list[DeadLetter]:
    """But for those that went elsewhere."""
    everyone = work.dead_letters(channel, work.count_dead(channel))
    found = [each for each in everyone if not opened(work, each.name).elsewhere]
    for letter in found:
        _replay(work, letter, now, by)
    return found


def _replay(work: Work, letter: DeadLetter, now: datetime, by: int | None) -> None:
    work.replay(letter, now)
    work.audit(at=now, person_id=by, what="replay", about=f"dead letter {letter.name}", outcome="done")


def _named(work: Work, place: Conversation) -> str:
    """Whose room it is; any other goes by its id."""
    person = work.at_home_in(place)
    return person.name if person else place.room
