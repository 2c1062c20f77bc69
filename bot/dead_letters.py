"""Another address for what does not arrive: a dead letter's, and a warning's that would come hours late."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from bot import text
from bot.channel import Outgoing
from bot.messages import to_json
from bot.plain import plain
from bot.turn import the_desk, zone_of
from rules.catalogue import Catalogues
from rules.people import Actor
from store.sending import Claimed
from store.tables import Conversation, Outbox
from store.work import Work

LATE = timedelta(minutes=5)  # a warning that could not be sent for so long goes to another channel too
BATCH = 50
UNDRAWN = "it could not be drawn"
Letters = list[tuple[int, dict[str, Any]]]


def lead_on(
    work: Work, claimed: Claimed, out: Outgoing, reason: str, now: datetime, catalogues: Catalogues, on: Collection[str]
) -> Letters:
    """What a dead letter leads to, by place: itself at another address, and word of it to the desk; nothing for an
    answer that its asker can ask for again. ``on``: the channels that are set up."""
    desk = the_desk(zone_of(next(iter(catalogues.providers.values()))))
    if _way_in_ended(work, claimed, desk):
        bare = to_json(text.undeliverable(reason, _named(work, claimed.place), "", None, desk))
        return [] if out.only_for else _told(work, claimed, out, bare, now)
    if out.only_for:
        return _in_private(work, claimed, out)
    if isinstance(claimed.row, Outbox) and (claimed.row.key or "").startswith(("dead ", "erase ")):
        return []  # the report of another one; or of whom nobody is to hear any more
    other = _other(work, claimed, on)
    rows = [row for row in claimed.rows if isinstance(row, Outbox)]
    instead = [_instead(row, other.id) for row in rows] if other else _passed_on(work, claimed.place, rows)
    there = _named(work, claimed.place)
    elsewhere = f"{_named(work, other)} ({other.channel})" if other else None
    said = to_json(text.undeliverable(reason, there, plain(out.message), elsewhere, desk))
    return instead + _told(work, claimed, out, said, now)


def _way_in_ended(work: Work, claimed: Claimed, reader: Actor) -> bool:
    """What lets one person in and did not arrive lets nobody in, and nobody else reads it: they ask for another."""
    held = [row for row in claimed.rows if isinstance(row, Outbox) and row.message.get("way_in")]
    for row in held:
        work.end_way_in(str(row.message["way_in"]))
        work.reword(row.id, to_json(text.way_in_ended(reader)))
    return bool(held)


def undrawn(work: Work, claimed: Claimed, catalogues: Catalogues) -> Letters:
    """Word of it to the desk's other rooms, where not even its words can be read."""
    row = claimed.row
    name = f"m{row.id}" if isinstance(row, Outbox) else f"c{row.case_id}.{claimed.place.id}"
    zone = zone_of(next(iter(catalogues.providers.values())))
    said = to_json(text.undeliverable(UNDRAWN, _named(work, claimed.place), "", None, the_desk(zone)))
    rooms = [room.id for room in work.desk_rooms() if room.id != claimed.place.id]
    return [(room, {"message": said, "case_id": row.case_id, "key": f"dead {name} {room}"}) for room in rooms]


def _told(work: Work, claimed: Claimed, out: Outgoing, said: dict[str, Any], now: datetime) -> Letters:
    place, tried = claimed.place, claimed.row.tried_at
    if place.desk:  # the desk's own room is the one that fails: its leads hear of it, once a day
        leads = [person.conversation_id for person in work.leads() or work.staff() if person.conversation_id]
        key = f"dead desk {place.id} {now:%Y%m%d}"
        return [(one, {"message": said, "case_id": None, "key": f"{key} {one}"}) for one in dict.fromkeys(leads)]
    # One that a person sent again and that died again is told again.
    key = f"dead {out.key} of {place.id}" + (f" {tried:%Y%m%d%H%M%S}" if tried and not out.root else "")
    row = {"message": said, "case_id": out.case, "under_card": out.case is not None}
    return [(room.id, {**row, "key": f"{key} {room.id}"}) for room in work.desk_rooms()]


def _other(work: Work, claimed: Claimed, on: Collection[str]) -> Conversation | None:
    row = claimed.row
    if not isinstance(row, Outbox) or work.stand_in(row) is not None:  # it went there the last time it died
        return None
    return next_address(work, claimed.place, row, on)


def _instead(row: Outbox, place: int) -> tuple[int, dict[str, Any]]:
    """The same words, once; a warning is one there too, and shares a message as it would have here."""
    same = {"message": row.message, "case_id": row.case_id, "warning": row.warning, "event_id": row.event_id}
    joins = None if row.joins is None else 0
    return place, {**same, "joins": joins, "instead_of": row.id, "key": f"instead of {row.id}"}


def _passed_on(work: Work, place: Conversation, rows: list[Outbox]) -> Letters:
    """A warning is never told nowhere (R10): its step goes on to the desk's rooms, or from those to the leads.

    Under the step's own key, so that each of them hears it once, whoever else could not be reached.
    """
    rooms = [] if place.desk else work.desk_rooms()
    there = {f"room {room.id}": room.id for room in rooms}
    staff = [] if rooms else work.leads() or work.staff()
    there |= {str(person.id): person.conversation_id for person in staff if person.conversation_id}
    letters: Letters = []
    for row in (row for row in rows if row.warning):
        origin = work.origin(row).key or ""
        step = origin.rsplit(" ", 2 if " room " in origin else 1)[0]
        for whom, number in there.items():
            if work.owed_as(f"{step} {whom}") is None:
                known = {"key": f"{step} {whom}", "under_card": bool(rooms)}
                letters.append((number, {**_instead(row, number)[1], **known}))
    return letters


def _named(work: Work, place: Conversation) -> str:
    """Whose room it is; any other goes by its id."""
    person = work.at_home_in(place)
    return person.name if person else place.room


def _in_private(work: Work, claimed: Claimed, out: Outgoing) -> Letters:
    """What one person was to see among others goes to their own room, once."""
    place, row = claimed.place, claimed.row
    own = work.conversation(place.channel, place.tenant, out.only_for)
    return [_instead(row, own.id)] if own.id != place.id and isinstance(row, Outbox) else []


def next_address(work: Work, place: Conversation, row: Outbox, channels: Collection[str]) -> Conversation | None:
    """Where else whoever it was for can be met, that has not been tried: their own rooms, then their mailbox."""
    person = work.at_home_in(place)
    if person is None and row.case_id is not None and not place.desk:
        case = work.glance(row.case_id, None)
        person = work.person(case.opened_by) if case and case.conversation_id == place.id else None
    if person is None:
        return None
    places = [work.place(person.conversation_id)] if person.conversation_id else []
    places += [work.conversation(each.channel, each.tenant, each.user) for each in work.identities(person.id)]
    places += [work.conversation("email", "", person.email)] if person.email else []
    tried = work.tried(row)
    return next((each for each in places if each.id not in tried and each.channel in channels), None)


def redirect(work: Work, now: datetime, on: Collection[str], failing: Collection[str], after: int) -> int | None:
    """Warnings that could not be sent for five minutes go to another channel of whoever they are for, and stay here
    only where they may have arrived. From the one ``after``; returns the last of a full batch."""
    late = work.late_warnings(now - LATE, now, failing, after, BATCH)
    for row in late:
        place = work.place(row.conversation_id)
        other = next_address(work, place, row, {*on} - {place.channel, *failing})
        if other is not None:
            stand_in, words = _instead(row, other.id)
            work.owe(stand_in, now, words)
            work.withdraw(row, now)
    return late[-1].id if len(late) == BATCH else None
