"""What must hold when all is said and delivered: nothing lost, nothing twice, everything in order."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from sqlmodel import col, select

from bot import text
from bot.desk import view
from bot.desk.doors import ASKING
from bot.messages import from_json
from bot.plain import plain
from bot.turn import Now, Turn, the_desk, zone_of
from rules.lifecycle import RULES, Verb
from rules.people import CLOCK
from store.store import open_store
from store.tables import Card, Case, CaseEvent, Conversation, Inbox, Outbox
from store.work import Work
from tests.fake import Post
from tests.faults.far import FarSide
from tests.faults.people import Act
from tests.world import CATALOGUES, MONDAY

Kind = Literal["lost", "duplicated", "unexpected", "disordered", "stale", "corrupt", "stuck"]


@dataclass(frozen=True)
class Violation:
    kind: Kind
    what: str


@dataclass(frozen=True)
class Kept:
    """All that the database holds at the end."""

    inbox: frozenset[str]
    cases: tuple[Case, ...]
    events: tuple[CaseEvent, ...]
    outbox: tuple[Outbox, ...]
    cards: tuple[tuple[Card, str], ...]
    """With how each would be drawn now."""
    rooms: dict[int, Conversation]


async def check(url: str, acts: Sequence[Act], far: FarSide) -> list[Violation]:
    """``acts`` were acknowledged, and nobody did anything else."""
    store = open_store(url)
    try:
        kept = await store.read(_everything)
    finally:
        await store.close()
    return [
        *_integrity(url),
        *_effects(kept, acts),
        *_histories(kept),
        *_warnings(kept),
        *_messages(kept, far),
        *_cards(kept, far),
        *_order(far),
    ]


def _everything(work: Work) -> Kept:
    every, now = work._session.exec, Now(MONDAY, MONDAY)
    turn = Turn(work, CATALOGUES, CLOCK, now, now.business)

    def drawn(card: Card) -> str:
        case = every(select(Case).where(Case.id == card.case_id)).one()
        return plain(text.card(view(turn, case), the_desk(zone_of(turn.provider))))

    return Kept(
        frozenset(every(select(Inbox.key))),
        tuple(every(select(Case).order_by(col(Case.id)))),
        tuple(every(select(CaseEvent).order_by(col(CaseEvent.id)))),
        tuple(every(select(Outbox).order_by(col(Outbox.id)))),
        tuple((card, drawn(card)) for card in every(select(Card))),
        {room.id: room for room in every(select(Conversation))},
    )


def _integrity(url: str) -> Iterator[Violation]:
    if not url.startswith("sqlite"):
        return
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    connection.close()
    if found != [("ok",)] or broken:
        yield Violation("corrupt", f"{found} {broken}")


def _effects(kept: Kept, acts: Sequence[Act]) -> Iterator[Violation]:
    """Every acknowledged act once in the history, and nothing there that nobody did."""
    expected = Counter((act.by, effect.verb, effect.words) for act in acts for effect in act.effects)
    done = (event for event in kept.events if event.verb is not Verb.WARN)
    there = Counter((event.by_name, event.verb, event.words) for event in done)
    for act in acts:
        if act.incoming.key not in kept.inbox:
            yield Violation("lost", f"{act.incoming.key} was acknowledged, and nothing of it was kept")
    for what in expected - there:
        yield Violation("lost", f"event {what}")
    for what, more in (there - expected).items():
        yield Violation("duplicated" if what in expected else "unexpected", f"event {what}, {more} more")
    opened = [what for what in expected.elements() if what[1] is Verb.OPEN]
    if len(kept.cases) > len(opened):
        yield Violation("duplicated", f"{len(kept.cases)} cases: {[case.subject for case in kept.cases]}")


def _histories(kept: Kept) -> Iterator[Violation]:
    """A case is the sum of its history."""
    for case in kept.cases:
        mine = [event for event in kept.events if event.case_id == case.id]
        if any(one.after != next_.before for one, next_ in pairwise(mine)) or mine[-1].after != case.status:
            yield Violation("corrupt", f"#{case.id} is {case.status}, its history {[event.after for event in mine]}")
        if case.version != len(mine):
            yield Violation("corrupt", f"#{case.id} has version {case.version} after {len(mine)} events")


def _warnings(kept: Kept) -> Iterator[Violation]:
    """Each step once until somebody answers or asks anew, and nothing is said to have been warned about in vain."""
    owed = {(row.case_id, row.owed_at) for row in kept.outbox if row.warning}
    climbed: Counter[tuple[int, int, str]] = Counter()
    rounds: Counter[int] = Counter()
    for event in kept.events:
        if event.verb is Verb.WARN:
            climbed[event.case_id, rounds[event.case_id], event.words] += 1
            if (event.case_id, event.at) not in owed:
                yield Violation("lost", f"nobody was told that #{event.case_id} reached {event.words}")
        elif RULES[event.verb].responds or event.verb in ASKING:
            rounds[event.case_id] += 1
    for (case, _, step), times in climbed.items():
        if times > 1:
            yield Violation("duplicated", f"#{case} was warned about {times} times at {step}")


def _messages(kept: Kept, far: FarSide) -> Iterator[Violation]:
    """Each message owed stands once where it belongs."""
    posted: dict[tuple[str, str], list[tuple[str, Post]]] = {}
    for name, fake in far.fakes.items():
        for number, post in enumerate(fake.posts, 1):
            if not post.root:
                posted.setdefault((name, post.key), []).append((f"p{number}", post))
    for head, rows in _leaving_together(kept):
        room = kept.rooms[rows[0].conversation_id]
        there = posted.pop((room.channel, f"m{head}"), [])
        what = f"message {head} to {room.room}"
        wanted = tuple(part for row in rows for part in from_json(row.message).parts)
        if any(row.done_at is None for row in rows) or not there:
            row = rows[0]
            yield Violation("lost", f"{what}: attempt {row.attempt}, dead {row.dead}, {len(there)} posted")
        elif len(there) > 1:
            yield Violation("duplicated", f"{what} was posted {len(there)} times")
        elif {(row.receipt, room.room) for row in rows} != {(there[0][0], there[0][1].room)}:
            yield Violation("unexpected", f"{what} has the receipt {rows[0].receipt}, not {there[0][0]}")
        elif there[0][1].message.parts != wanted:
            yield Violation("unexpected", f"{what} reads otherwise")
    for key, posts in posted.items():
        yield Violation("unexpected", f"nobody owed {key}: {posts[0][1].text}")


def _leaving_together(kept: Kept) -> Iterator[tuple[int, list[Outbox]]]:
    """What stands at the far side as one message, by the first of it; what was withdrawn must not be there at all."""

    def head(row: Outbox) -> int:
        return row.joins or row.id

    there = sorted((row for row in kept.outbox if not row.withdrawn), key=lambda row: (head(row), row.id))
    for number, rows in groupby(there, key=head):
        yield number, list(rows)


def _cards(kept: Kept, far: FarSide) -> Iterator[Violation]:
    """One picture of a case in a place, showing how the case stands."""
    for card, drawn in kept.cards:
        room = kept.rooms[card.conversation_id].room
        there = {
            f"p{number}": post
            for number, post in enumerate(far.fakes["fake"].posts, 1)
            if post.root and post.room == room and f"#{card.case_id}:" in post.text
        }
        what = f"the card of #{card.case_id} in {room}"
        if len(there) > 1:
            yield Violation("duplicated", f"{what} was posted {len(there)} times")
        if card.dead or card.receipt not in there:
            yield Violation("lost", f"{what}: receipt {card.receipt}, dead {card.dead}, there {list(there)}")
        elif card.rendered != card.wanted or there[card.receipt].text != drawn:
            yield Violation("stale", f"{what} is at {card.rendered} of {card.wanted}: {there[card.receipt].text}")
        for post in far.posts(room):
            if post.thread and post.thread not in there and f"#{card.case_id} " in post.text:
                yield Violation("unexpected", f"a message of #{card.case_id} stands under another card: {post.text}")


def _order(far: FarSide) -> Iterator[Violation]:
    """In each room as they were owed; warnings jump the others."""
    rooms: dict[tuple[str, str, bool], list[int]] = {}
    for arrival in far.arrivals:
        if arrival.out.key.startswith("m"):
            room = (arrival.out.to.channel, arrival.out.to.room, arrival.out.loud)
            rooms.setdefault(room, []).append(int(arrival.out.key.removeprefix("m")))
    for room, numbers in rooms.items():
        if list(dict.fromkeys(numbers)) != sorted(set(numbers)):
            yield Violation("disordered", f"{room}: {numbers}")
