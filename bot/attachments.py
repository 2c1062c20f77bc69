"""Files on cases: who may know of each, where it can be opened, and what is left over of a message's."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

from bot import text
from bot.files import MOST, File
from bot.messages import Message, Person
from bot.text.attachments import LARGE, Shown
from bot.text.values import ROLES
from bot.turn import Turn
from bot.who import PORTAL
from rules.lifecycle import OVER, Verb
from rules.people import Actor, Role
from store.attachments import WANTED
from store.tables import Attachment, Case, Conversation

MOST_OF_CASE = 200
LARGEST = 20 * 1024 * 1024  # octets of one file that is kept
LIVES = timedelta(days=7)
"""How long a link that was said in a chat opens a file."""
OFFERED, KEPT, REFUSED, GONE = "offered", "kept", "refused", "gone"
OUTWARD = frozenset({Verb.REPLY, Verb.WAIT, Verb.RESOLVE})
"""What staff say to the customer: with anything else of theirs a file stays the desk's own."""
AT_REST = "_files"  # beside a draft's answers: what came with them, until there is a case
_PURPOSE = b"a kept file's link"


class Shelf(Protocol):
    """Where the contents of files are kept; ``app`` supplies it."""

    async def put(self, content: bytes) -> str:
        """Its sha256, once it is safely there; the same content twice is one. Raises OSError."""


@dataclass(frozen=True)
class FileLinks:
    """Makes and reads the links under which a kept file is opened without a session, for a while."""

    origin: str
    key: bytes = field(repr=False)

    def to(self, file: int, now: datetime) -> str:
        named = f"{file}-{int((now + LIVES).timestamp())}"
        return f"{self.origin}/files/{named}-{self._signature(named)}"

    def read(self, token: str, now: datetime) -> int | None:
        """Which one; None for anything that was not made here, or is over."""
        named, _, signature = token.rpartition("-")
        if not hmac.compare_digest(signature.encode(), self._signature(named).encode()):
            return None
        file, until = (int(each) for each in named.split("-"))
        return file if now < datetime.fromtimestamp(until, UTC) else None

    def _signature(self, named: str) -> str:
        key = hmac.digest(self.key, _PURPOSE, sha256)
        return hmac.digest(key, named.encode(), sha256).hex()[:40]


@dataclass(frozen=True)
class Keeping:
    """That files are kept here, and how they are then opened."""

    shelf: Shelf
    links: FileLinks | None = None
    """None without an address at which browsers reach us, or a key to sign with."""
    fetched: Collection[str] = frozenset()
    """Channels from which they can be fetched."""
    largest: int = LARGEST


async def put_by(files: Sequence[File], keeping: Keeping | None) -> tuple[File, ...]:
    """Without their contents, which no unit of work carries; where they are kept, under the names of those."""
    done = list[File]()
    for n, each in enumerate(files):
        kept = each.sha256
        if each.content and keeping is not None and n < MOST and len(each.content) <= keeping.largest:
            kept = await keeping.shelf.put(each.content)
        done.append(File(each.name, each.media_type, each.size, each.link, each.source, sha256=kept, ref=each.ref))
    return tuple(done)


def attach(turn: Turn, case: Case, verb: Verb, event: int) -> list[Attachment]:
    """What came with this turn's words goes on the case that they went to, once."""
    files, turn.files[:] = list(turn.files), []
    room = min(MOST, max(MOST_OF_CASE - turn.work.many_files(case.id), 0)) if files else 0
    turn.left_out.extend(files[room:])
    return [_row(turn, case, verb, event, each) for each in files[:room]]


def _row(turn: Turn, case: Case, verb: Verb, event: int, file: File) -> Attachment:
    assert turn.place is not None, "files come from somewhere"
    keeping, source = turn.keeping, dict(file.source) if file.source else None
    large = keeping is not None and file.size is not None and file.size > keeping.largest
    wanted = keeping is not None and _is_kept(file, keeping, turn.place)
    return turn.work.attach(
        case_id=case.id,
        event_id=event,
        by_id=turn.actor.id or None,
        internal=turn.actor.role is not Role.CUSTOMER and verb not in OUTWARD,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        channel=turn.place.channel,
        tenant=turn.place.tenant,
        source=source,
        ref=file.ref,
        state=WANTED if wanted else OFFERED,
        reason=LARGE if large else "",
        sha256=file.sha256 or None if wanted else None,
        link=file.link,
        next_at=turn.time.machine if wanted else None,
        at=turn.now,
    )


def with_files(turn: Turn, said: Message, files: Sequence[Attachment], reader: Actor, place: Conversation) -> Message:
    """``place``: where it is read. What is internal crosses in no message (and no list) for a customer."""
    shown = [_shown(turn, each, reader, place) for each in files if reader.staff or not each.internal]
    left = len(turn.left_out) if files else 0
    return text.with_files(said, shown, left, turn.actor, reader) if shown else said


def _shown(turn: Turn, file: Attachment, reader: Actor, place: Conversation) -> Shown:
    return Shown(file.name, file.size, file.media_type, link(turn, file, (place.channel, place.tenant)))


def link(turn: Turn, file: Attachment, place: tuple[str, str]) -> str:
    """Ours where it is or will be kept; else its own channel's, for those who are in it."""
    if turn.keeping is not None and turn.keeping.links is not None and file.state in (WANTED, KEPT):
        return turn.keeping.links.to(file.id, turn.now)
    return file.link if (file.channel, file.tenant) == place else ""


def unopened(turn: Turn, verb: Verb, number: int) -> bool:
    """Whether the customer would be told of a file that they have no way to open where they are."""
    case = turn.work.glance(number, *turn.actor.scope) if turn.files and verb in OUTWARD else None
    while case is not None and case.merged_into is not None:
        case = turn.work.glance(case.merged_into, *turn.actor.scope)
    if case is None or turn.place is None or turn.place.id == case.conversation_id:
        return False
    there = turn.work.place(case.conversation_id)
    return not all(_opens(turn, each, turn.place, there) for each in turn.files)


def _opens(turn: Turn, file: File, here: Conversation, there: Conversation) -> bool:
    kept = turn.keeping
    if kept is not None and _is_kept(file, kept, here) and (kept.links is not None or there.channel == PORTAL):
        return True
    return bool(file.link) and (here.channel, here.tenant) == (there.channel, there.tenant)


def _is_kept(file: File, keeping: Keeping, place: Conversation) -> bool:
    large = file.size is not None and file.size > keeping.largest
    return not large and (bool(file.sha256) or (file.source is not None and place.channel in keeping.fetched))


def listed(turn: Turn, case: int) -> list[Shown]:
    """All of a case's that this reader may know of, each with who sent it."""
    place = (turn.place.channel, turn.place.tenant) if turn.place else ("", "")
    return [
        Shown(each.name, each.size, each.media_type, link(turn, each, place), _author(turn, each), each.internal)
        for each in turn.work.files_on(case, internal=turn.actor.staff)
    ]


def _author(turn: Turn, file: Attachment) -> Person | None:
    person = turn.work.person(file.by_id) if file.by_id else None
    return Person(person.name, ROLES[person.role]) if person else None


# What no word took along ------------------------------------------------------------------------------------------


def at_rest(answers: Mapping[str, Any]) -> list[File]:
    """What came while a question was open and no case was yet."""
    return [File(**each) for each in answers.get(AT_REST) or ()]


def left_over(turn: Turn, asked: Any) -> int | None:
    """The case to which the rest belongs, if there is one: ``asked`` about, of the place, or the only one they have."""
    mine = turn.work.live_cases_opened_by(turn.actor.id) if not turn.actor.staff else []
    for number in (asked, turn.case, *(mine if len(mine) == 1 else ())):
        case = turn.work.case(number, *turn.actor.scope) if isinstance(number, int) else None
        if case is not None and case.status not in OVER:
            return case.id
    return None
