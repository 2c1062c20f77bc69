"""Where nobody could hear: how it is noticed, what is to be read back, and who is asked to say it again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import text
from bot.incoming import Address
from bot.messages import Message, to_json
from bot.turn import Now, as_actor, the_desk, zone_of
from rules.catalogue import Catalogues
from store.tables import Conversation
from store.work import Work

LONGEST = timedelta(days=14)  # who was away for longer begins anew; and what was done is known for thirty days
LATELY = timedelta(hours=24)  # who was heard so long before a gap may have written in it
HOURLY = timedelta(hours=1)  # as a channel tells that a room was heard
OVER_SINCE = timedelta(days=7)  # in a thread whose case was over by then nobody is expected
MOST_ROOMS, MOST_THREADS, MOST_ASKED = 300, 200, 1000


@dataclass(frozen=True)
class Gap:
    """From ``start`` to ``end`` (machine time, UTC) what people wrote may not have reached us."""

    start: datetime
    end: datetime

    def with_(self, other: "Gap | None") -> "Gap":
        return Gap(min(self.start, other.start), max(self.end, other.end)) if other else self


@dataclass(frozen=True)
class Job:
    """A gap to be read back, one reader's until ``leased``."""

    gap: Gap
    leased: datetime

    def __str__(self) -> str:
        return f"{self.gap.start.isoformat()} {self.gap.end.isoformat()} {self.leased.isoformat()}"


def beat(work: Work, channel: str, now: datetime, silence: timedelta) -> Gap | None:
    """Some replica hears the channel now. The gap before it, if none did for longer than ``silence``."""
    name = f"alive {channel}"
    last = work.hold(name)
    since = datetime.fromisoformat(last) if last else now
    work.set(name, max(since, now).isoformat())
    return Gap(max(since, now - LONGEST), now) if now - since > silence else None


# Channels that can be read back


def keep(work: Work, channel: str, now: datetime, silence: timedelta, lost: Gap | None) -> Gap | None:
    """Beats, and keeps what is to be read back until that is done: the gap found, and what the channel says it lost."""
    found = beat(work, channel, now, silence)
    gap = found.with_(lost) if found else lost
    if gap is not None:
        job = _job(work.hold(_todo(channel)))
        work.set(_todo(channel), str(Job(gap.with_(job.gap), job.leased) if job else Job(gap, gap.start)))
    return gap


def claim(work: Work, channel: str, now: datetime, until: datetime) -> Job | None:
    """What there is to read back, for one reader at a time."""
    if work.setting(_todo(channel)) is None:
        return None
    job = _job(work.hold(_todo(channel)))
    if job is None or job.leased > now or job.gap.end > now:
        return None
    mine = Job(job.gap, until)
    work.set(_todo(channel), str(mine))
    return mine


def goes_on(work: Work, channel: str, mine: Job, until: datetime) -> Job | None:
    """The same for longer; None where somebody else has it by now. It may have grown, and is then read once more."""
    job = _job(work.hold(_todo(channel)))
    if job is None or job.leased != mine.leased:
        return None
    work.set(_todo(channel), str(Job(job.gap, until)))
    return Job(mine.gap, until)


def done(work: Work, channel: str, mine: Job) -> None:
    job = _job(work.hold(_todo(channel)))
    if job is None or job.gap == mine.gap:
        work.unset(_todo(channel))
    elif job.leased == mine.leased:
        work.set(_todo(channel), str(Job(job.gap, job.gap.start)))


def to_read(work: Work, channel: str, now: Now) -> list[Address]:
    """Rooms, the liveliest first, and the threads in which somebody may have gone on."""
    rooms = work.rooms_lately(channel, MOST_ROOMS)
    threads = work.threads_lately(channel, now.business - OVER_SINCE, MOST_THREADS)
    return [Address(channel, *place) for place in (*rooms, *threads)]


def _todo(channel: str) -> str:
    return f"gap {channel}"


def _job(kept: str) -> Job | None:
    times = [datetime.fromisoformat(each) for each in kept.split()]
    return Job(Gap(times[0], times[1]), times[2]) if times else None


# Channels that cannot


def ask_again(
    work: Work, channel: str, now: Now, silence: timedelta, missed: Mapping[Address, datetime], catalogues: Catalogues
) -> int:
    """Beats, and asks whoever was heard of late, and whose words are known to have been ``missed``."""
    gap = beat(work, channel, now.machine, silence)
    lately = work.chats_lately(channel, gap.start - LATELY - HOURLY, MOST_ASKED) if gap else []
    asked = {each.id for each in lately}
    for place in lately:
        _ask(work, place, "", gap or Gap(now.machine, now.machine), now, catalogues)
    for where, place in _rooms(work, missed):
        if place.id not in asked:
            _ask(work, place, where.thread, Gap(missed[where], now.machine), now, catalogues)
            asked.add(place.id)
    return len(asked)


def _rooms(work: Work, missed: Iterable[Address]) -> list[tuple[Address, Conversation]]:
    """Nobody answers a tenant that is nobody's."""
    known = (each for each in missed if work.knows_tenant(each.channel, each.tenant))
    return [(each, work.conversation(each.channel, each.tenant, each.room)) for each in known]


def _ask(work: Work, place: Conversation, thread: str, gap: Gap, now: Now, catalogues: Catalogues) -> None:
    """Once for each gap and room, on however many replicas it is found."""
    key = f"gap {place.channel} {gap.start:%Y%m%d%H%M%S} {place.id}"
    row = {"message": to_json(_said(work, place, gap, catalogues)), "thread": thread, "key": key}
    work.owe(place.id, now.machine, row)


def _said(work: Work, place: Conversation, gap: Gap, catalogues: Catalogues) -> Message:
    provider = next(iter(catalogues.providers.values()))
    person = None if place.desk else work.at_home_in(place)
    reader = as_actor(person, zone_of(provider)) if person else the_desk(zone_of(provider))
    return text.please_repeat(gap.start, gap.end, provider, reader)
