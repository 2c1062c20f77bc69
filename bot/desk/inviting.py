"""An agreed time for people's calendars: the file that mail carries, and what its link leads to."""

from dataclasses import replace
from datetime import datetime

from bot import text
from bot.desk.views import CaseView, view
from bot.invitations import Invitation, uid
from bot.messages import Message
from bot.turn import Now, Turn, the_desk
from rules.appointments import AGREED, CALLED_OFF, KEPT, LATE, MISSED, Slot
from rules.catalogue import Catalogues
from rules.people import CLOCK, Actor
from store.tables import Case
from store.work import Work

Gone = tuple[int, Slot]
"""A time that had been agreed on and no longer holds: which one it was."""


def agreed(case: Case) -> Gone | None:
    """What would be gone if the case's time changed now."""
    if case.slot_state != AGREED or case.slot_at is None:
        return None
    return case.slots, Slot(case.slot_at, case.slot_ends)


def file(seen: CaseView, reader: Actor, gone: Gone | None) -> str:
    """Of the agreed time, or that it is ``gone``; empty where there is neither."""
    number, slot = gone or (seen.case.slots, seen.slot)
    return _invitation(seen, reader, number, slot, cancelled=gone is not None).file() if slot else ""


def dated(said: Message, seen: CaseView, reader: Actor) -> Message:
    """With the file, for whoever has just agreed on a time or called it off."""
    case = seen.case
    if case.slot_state == CALLED_OFF and seen.slot:
        return replace(said, calendar=file(seen, reader, (case.slots, seen.slot)))
    return replace(said, calendar=file(seen, reader, None)) if case.slot_state == AGREED else said


def invited(work: Work, number: int, slot: int, at: datetime, now: Now, catalogues: Catalogues) -> Invitation | None:
    """How a time stands that was once agreed on, ``at`` then; None where it never was."""
    case = work.glance(number, None)
    if case is None or not 0 < slot <= case.slots:
        return None
    turn = Turn(work, catalogues, CLOCK, now, now.business)
    seen, reader = view(turn, case), the_desk("UTC")
    if slot < case.slots:  # another time took its place, unless it was over by then
        return _invitation(seen, reader, slot, Slot(at), cancelled=at > turn.now)
    if seen.slot is None or case.slot_state not in (AGREED, KEPT, MISSED, LATE, CALLED_OFF):
        return None
    return _invitation(seen, reader, slot, seen.slot, cancelled=case.slot_state == CALLED_OFF)


def _invitation(seen: CaseView, reader: Actor, number: int, slot: Slot, *, cancelled: bool) -> Invitation:
    provider, case = seen.provider, seen.case
    organizer = (provider.name, provider.email.address) if provider.email else None
    return Invitation(uid(case, number), slot, text.entry(seen, reader), organizer, seen.now, cancelled)
