"""A simulated day: cases come in by office hours, their messages wait for our pace and for the vendor's limits.

Nothing here sleeps or sends: times are seconds of a simulated clock. What a case makes the bot say is measured
(story.py); the limits are those that Slack and Microsoft publish, and the pace is that of our own channels.
"""

import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.scale.story import STORY, Sent

HOURS = (0, 0, 0, 0, 0, 0, 1, 4, 8, 10, 10, 9, 7, 9, 10, 9, 8, 5, 2, 1, 0, 0, 0, 0)
"""How cases spread over a day in one time zone; the busiest hour has a ninth of them."""
PAUSE = (
    10.0  # seconds that a vendor asks for once it has had enough from a whole workspace, and more where it needs more
)
LATENCY = 0.25  # seconds of a call to the vendor
DAY = 86_400.0


@dataclass(frozen=True)
class Limit:
    """So many calls in so many seconds."""

    calls: int
    seconds: float
    cards_only: bool = False


@dataclass(frozen=True)
class Vendor:
    name: str
    gap: float
    """Seconds between two messages to one room, on average: our own pace."""
    burst: float
    """How far we may run ahead of it."""
    room: tuple[Limit, ...]
    """What the vendor allows in one room."""
    whole: tuple[Limit, ...]
    """And of one app in one workspace or tenant."""


@dataclass
class Lane:
    """One room: messages in order, and cards to be redrawn when there are none."""

    messages: deque[float] = field(default_factory=deque)
    cards: dict[int, float] = field(default_factory=dict)
    paced: float = 0.0
    asleep_until: float = -1.0
    """When it is to be looked at next; negative: nothing is owed."""
    resting: bool = False
    """Whether only its cards wait."""
    counted: dict[Limit, deque[float]] = field(default_factory=dict)


@dataclass
class Outcome:
    """Seconds that messages waited, and what was asked of the vendor and of us."""

    desk: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    cards: list[float] = field(default_factory=list)
    calls: int = 0
    spared: int = 0
    """Redraws that were not sent, since another one of the same card was owed by then."""
    refused: int = 0
    """429s."""
    busiest: float = 0.0
    """Of one server's processor, the share used in the busiest hour."""

    @property
    def late(self) -> bool:
        """Whether it is more than that desk can be told of: one message in a hundred waits five minutes."""
        return max(quantile(self.desk, 0.99), quantile(self.theirs, 0.99)) > 300


def quantile(waits: list[float], share: float) -> float:
    return sorted(waits)[min(len(waits) - 1, int(share * len(waits)))] if waits else 0.0


class Day:
    """``cases`` in one day, for ``desks`` rooms of the desk, of servers that use ``turn`` and ``send`` seconds."""

    def __init__(self, vendor: Vendor, cases: int, desks: int, sent: list[Sent], turn: float, send: float) -> None:
        self.vendor, self.cases, self.desks, self.sent = vendor, cases, desks, sent
        self.turn, self.send = turn, send
        self.out = Outcome()
        self._lanes: dict[int, Lane] = {}
        self._whole: dict[Limit, deque[float]] = {}
        self._queue: list[tuple[float, int, Callable[[float], None]]] = []
        self._rest = 0.0
        """Until then the vendor takes no more redrawn cards from anywhere in the workspace."""
        self._number = 0
        self._used = [0.0] * 48
        self._random = random.Random(7)

    def run(self) -> Outcome:
        for case in range(self.cases):
            hour = self._random.choices(range(24), HOURS)[0]
            self._at((hour + self._random.random()) * 3600, self._acts(case, 0))
        while self._queue:
            at, _, what = heapq.heappop(self._queue)
            if at > DAY:
                break
            what(at)
        self.out.busiest = max(self._used) / 3600
        return self.out

    def _at(self, when: float, what: Callable[[float], None]) -> None:
        self._number += 1
        heapq.heappush(self._queue, (when, self._number, what))

    def _acts(self, case: int, step: int) -> Callable[[float], None]:
        def act(now: float) -> None:
            sent, desk = self.sent[step], -1 - case % self.desks
            self._use(now, self.turn)
            for lane, messages, cards in ((desk, sent.desk, sent.desk_cards), (case, sent.theirs, sent.their_cards)):
                self._owe(lane, case, messages, cards, now)
            if step + 1 < len(STORY):
                wait = self._random.expovariate(1 / (STORY[step + 1].wait * 60))
                self._at(now + wait, self._acts(case, step + 1))

        return act

    def _use(self, now: float, seconds: float) -> None:
        self._used[min(47, int(now // 3600))] += seconds

    def _owe(self, number: int, case: int, messages: int, cards: int, now: float) -> None:
        if not messages and not cards:
            return
        lane = self._lanes.setdefault(number, Lane())
        lane.messages.extend([now] * messages)
        for _ in range(cards):
            self.out.spared += case in lane.cards
            lane.cards.setdefault(case, now)
        soonest = max(now, lane.paced - self.vendor.burst)
        if lane.asleep_until < 0 or (messages and lane.resting and soonest < lane.asleep_until):
            self._wake(number, lane, soonest)

    def _wake(self, number: int, lane: Lane, at: float) -> None:
        lane.asleep_until = at
        self._at(at, lambda now: self._look(number, lane, now))

    def _look(self, number: int, lane: Lane, now: float) -> None:
        if now != lane.asleep_until:
            return  # it was woken for something sooner
        lane.asleep_until, lane.resting = -1.0, False
        card = not lane.messages
        if card and now < self._rest:  # known already: its cards wait, and its messages need not
            lane.resting = True
            self._wake(number, lane, self._rest)
            return
        wait = max(self._full(lane.counted, self.vendor.room, card, now), self._over(card, now))
        if wait > 0:  # 429 and Retry-After
            self.out.refused += 1
            self._use(now, self.send)
            lane.resting = card
            pause = max(wait, PAUSE)
            self._rest = now + pause if card else self._rest
            self._wake(number, lane, now + pause)
            return
        self._sent(number, lane, card, now)
        lane.paced = max(now, lane.paced) + self.vendor.gap
        if lane.messages or lane.cards:
            self._wake(number, lane, max(now + LATENCY, lane.paced - self.vendor.burst))

    def _sent(self, number: int, lane: Lane, card: bool, now: float) -> None:
        self.out.calls += 1
        self._use(now, self.send)
        if card:
            case = next(iter(lane.cards))
            self.out.cards.append(now - lane.cards.pop(case))
        else:
            (self.out.desk if number < 0 else self.out.theirs).append(now - lane.messages.popleft())
        for limits, counted in ((self.vendor.room, lane.counted), (self.vendor.whole, self._whole)):
            for limit in limits:
                if card or not limit.cards_only:
                    counted.setdefault(limit, deque()).append(now)

    def _over(self, card: bool, now: float) -> float:
        return self._full(self._whole, self.vendor.whole, card, now)

    def _full(self, counted: dict[Limit, deque[float]], limits: tuple[Limit, ...], card: bool, now: float) -> float:
        """Seconds until there is room again; 0: there is."""
        wait = 0.0
        for limit in limits:
            past = counted.setdefault(limit, deque())
            while past and past[0] <= now - limit.seconds:
                past.popleft()
            if len(past) >= limit.calls and (card or not limit.cards_only):
                wait = max(wait, past[0] + limit.seconds - now)
        return wait
