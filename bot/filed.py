"""A case's files as the portal shows them, and which of them somebody may open."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import figures
from bot.attachments import KEPT, REFUSED
from bot.messages import Moment, Person, Spans
from bot.sniffing import PICTURES
from bot.text.attachments import stands
from bot.text.values import ROLES
from bot.turn import Turn
from bot.wording import worded
from rules.lifecycle import Verb, permit
from rules.people import CUSTOMERS
from store.tables import Attachment


@dataclass(frozen=True)
class Filed:
    number: int
    name: str
    about: str
    by: Person | None
    at: Moment
    internal: bool
    opens: bool
    picture: bool
    link: str
    why: Spans


def files(turn: Turn, number: int) -> Sequence[Filed]:
    """Those of a case that this reader may see; of another one's, none (C1)."""
    case = _seen(turn, number)
    found = turn.work.files_on(case, internal=turn.actor.staff) if case is not None else []
    return [_filed(turn, each) for each in found]


def file(turn: Turn, number: int, file: int) -> Attachment | None:
    """One that this reader may open: kept, on a case that they may see, and not internal to the other side."""
    case, found = _seen(turn, number), turn.work.attachment(file)
    if case is None or found is None or found.case_id != case or found.state != KEPT:
        return None
    return found if turn.actor.staff or not found.internal else None


def _seen(turn: Turn, number: int) -> int | None:
    permit(turn.actor, Verb.SEE)
    case = turn.work.glance(number, *turn.actor.scope)
    return case.id if case is not None else None


def _filed(turn: Turn, file: Attachment) -> Filed:
    author, language = turn.work.person(file.by_id) if file.by_id else None, turn.actor.language
    by = worded(Person(author.name, ROLES[author.role]), language)[0] if author else None
    size = figures.octets(file.size, language) if file.size is not None else ""
    theirs = author is not None and author.role in CUSTOMERS
    return Filed(
        file.id,
        file.name,
        ", ".join(filter(None, (size, file.media_type))),
        by if isinstance(by, Person) else None,
        Moment(file.at),
        file.internal,
        file.state == KEPT,
        file.state == KEPT and file.media_type in PICTURES,
        file.link if file.state not in (KEPT, REFUSED) and (turn.actor.staff or theirs) else "",
        worded(said, language) if (said := stands(file.state, file.reason)) else (),
    )
