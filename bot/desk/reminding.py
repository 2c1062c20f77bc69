"""Reminding both sides of the time that they agreed on, at the hours that the catalogue gives (W52, W58)."""

from bot import text
from bot.desk import escalation
from bot.desk.hearing import heard
from bot.desk.views import view
from bot.messages import Message
from bot.turn import Turn, as_actor, the_desk
from rules.ladder import Hearer
from rules.people import Actor
from store.tables import Case


def remind(turn: Turn, case: Case) -> None:
    """If it is time; after downtime only once, and never when the agreed time is past.

    At any hour: whoever agrees on a time wants to be reminded of it then.
    """
    at = escalation.reminder(turn.catalogues, case)
    if at is None or at > turn.now:
        return
    case.reminded_at = turn.now
    _tell(turn, case, f"remind {case.id}.{case.slots}.{at:%Y%m%d%H%M}")


def _tell(turn: Turn, case: Case, key: str) -> None:
    seen = view(turn, case)

    def words(reader: Actor) -> Message:
        return text.reminder(seen, reader)

    said = words(as_actor(seen.opener, seen.zone))
    turn.owe(case.conversation_id, said, case.id, thread=case.thread, key=f"{key} customer")
    whom = heard(turn, seen, (Hearer.ASSIGNEE,))
    told = [turn.tell(person, words, case.id, key=f"{key} {person.id}") for person in whom.people]
    if told and all(told):
        return
    for room in turn.work.desk_rooms():
        said = words(the_desk(seen.zone))
        turn.owe(room.id, said, case.id, under_card=True, key=f"{key} room {room.id}")
