"""Somebody leaves, a contact or one of the desk: what they hold goes on with somebody else, in one unit of work."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from bot import text
from bot.desk import inviting
from bot.desk.arranging import person_named
from bot.desk.doors import record
from bot.desk.eligibility import asker, today
from bot.desk.following import follow_no_more
from bot.desk.handing_over import reconsider
from bot.desk.hearing import away
from bot.desk.integrating import end_tokens
from bot.desk.views import view
from bot.messages import Message
from bot.turn import Turn, Words, as_actor, zone_of
from rules import on_call
from rules.directory.tables import COACHES, CONCIERGES
from rules.eligibility import entitled
from rules.lifecycle import Side, Verb, permit
from rules.people import STAFF, Actor, Role
from rules.refusals import CantGoOn, NobodyLikeThat, NotForYou, OneselfLeaves, StillHolds
from store.tables import Case, Outbox, Person

InCharge = tuple[bool, date | None]
"""Whether they are the account's contact person, and until when its deputy."""
_TO = re.compile(r"(?P<who>.+?)\s+to\s+(?P<other>.+)", re.I | re.S)


@dataclass(frozen=True)
class Held:
    """What somebody would leave behind."""

    cases: tuple[int, ...] = ()
    """Live ones that they opened, or work on."""
    accounts: tuple[str, ...] = ()
    """Which they look after."""
    rotas: tuple[str, ...] = ()
    stands_in_for: tuple[str, ...] = ()
    contact_person: bool = False
    """Or their deputy (T10)."""

    def __bool__(self) -> bool:
        return bool(self.cases or self.accounts or self.rotas or self.stands_in_for or self.contact_person)


@dataclass(frozen=True)
class Left:
    person: Person
    other: Person | None
    held: Held


def leave(turn: Turn, words: str) -> Left:
    """``ann`` or ``ann to bob``. They are nobody here from now on: no identity, nothing sent, nothing theirs."""
    permit(turn.actor, Verb.LEAVE)
    person, other = _named(turn, words)
    for one in sorted(filter(None, (person, other)), key=lambda each: each.id):
        if turn.work.hold_person(one.id).left_at is not None:
            raise NobodyLikeThat(who=one.name, several="")
    if person.id == turn.actor.id:
        raise OneselfLeaves
    if person.role is Role.ADMIN and turn.actor.role is not Role.ADMIN:
        raise NotForYou(verb=Verb.LEAVE)
    held = holds(turn, person)
    if other is not None:
        _can_go_on(turn, person, other)
    elif held:
        raise StillHolds(who=person.name, held=held)
    rooms, was = turn.work.own_rooms(person), (person.contact_person, person.deputy_until)
    owed = turn.work.owed_in(rooms)
    for room in rooms:
        turn.work.empty(room, turn.time.machine)
    _end(turn, person)
    if other is not None:
        _hand_on(turn, person, other, rooms, was)
        _redirect(turn, owed, other)
    if person.account_id is not None:
        reconsider(turn, person.account_id)
    about = f"{person.email or person.name}" + (f" to {other.email}" if other else "")
    turn.work.audit(at=turn.now, person_id=turn.actor.id, what="leave", about=about[:200], outcome="done")
    return Left(person, other, held)


def holds(turn: Turn, person: Person) -> Held:
    work = turn.work
    if person.account_id is not None:
        in_charge = person.contact_person or person.deputy_until is not None
        return Held(tuple(work.live_numbers(opened_by=person.id)), contact_person=in_charge)
    absences = (row for row in work.absences_with(person.id) if row.stand_in_id == person.id and row.ends > turn.now)
    return Held(
        tuple(work.live_numbers(assignee=person.id)),
        tuple(account.name for _, account in work.assignments_of(person.id)),
        tuple(rota.name for rota in work.rotas() if person.id in rota.people),
        tuple(dict.fromkeys(work.person(row.person_id).name for row in absences)),
    )


def whois(turn: Turn, who: str) -> Person:
    """Of those who left too: since when they are gone."""
    permit(turn.actor, Verb.WHOIS)
    try:
        return person_named(turn, who)
    except NobodyLikeThat as nobody:
        if nobody.about["several"]:
            raise
        return person_named(turn, who, turn.work.gone())


def _named(turn: Turn, words: str) -> tuple[Person, Person | None]:
    found = _TO.fullmatch(words.strip())
    if found is None:
        return person_named(turn, words), None
    person, other = person_named(turn, found["who"]), person_named(turn, found["other"])
    if person.id == other.id:
        raise NobodyLikeThat(who=found["other"], several="")
    return person, other


def _can_go_on(turn: Turn, person: Person, other: Person) -> None:
    """Raises CantGoOn for whoever may not have what they would get (W13, W17, W27, T10)."""

    def refused(why: str) -> CantGoOn:
        return CantGoOn(who=person.name, other=other.name, why=why)

    if other.account_id != person.account_id or other.guest:
        raise refused("company")
    if person.account_id is not None:
        if not _may_ask(turn, person, other):
            raise refused("ask")
        return
    for row, _ in turn.work.assignments_of(person.id):
        if row.concierge_id == person.id and other.role not in CONCIERGES:
            raise refused("concierge")
        if row.coach_id == person.id and other.role not in COACHES:
            raise refused("coach")


def _may_ask(turn: Turn, person: Person, other: Person) -> bool:
    """For their company, or from now on as its contact person; where no contract says who may, anybody."""
    account = person.account_id or 0
    plans = [turn.catalogues.plan(contract.plan) for contract in turn.work.contracts(account)]
    found = [entitled(asker(other, today(plan.provider, turn.now)), plan.provider.contacts) for plan in plans]
    return not found or any(found) or person.contact_person


def _end(turn: Turn, person: Person) -> None:
    """Codes, drafts and links end with them."""
    work = turn.work
    for identity in work.identities(person.id):
        work.revoke(identity, turn.time.machine)
    work.forget_codes(person.id)
    work.forget_proposals(person.id)
    work.forget_drafts(person.id)
    follow_no_more(turn, person.id)
    end_tokens(work, person, turn.time.machine)
    for row in work.absences_with(person.id):
        if row.person_id == person.id:
            work.drop(row)
    person.left_at, person.conversation_id = turn.now, None
    person.contact_person, person.deputy_until, person.nominated, person.licensed = False, None, False, False
    work.add(person)


def _hand_on(turn: Turn, person: Person, other: Person, rooms: Collection[int], was: InCharge) -> None:
    if person.role in STAFF:
        _cases_of_the_desk(turn, person, other)
        _duties(turn, person, other)
    else:
        _in_charge(turn, other, was)
        _cases_of_the_customer(turn, person, other, rooms)


def _cases_of_the_desk(turn: Turn, person: Person, other: Person) -> None:
    for case in _locked(turn, turn.work.live_numbers(assignee=person.id)):
        case.assignee_id = other.id
        words = _yours_now(turn, case, person)
        record(turn, case, Verb.ASSIGN, other.name, instead={Side.DESK: words})
        if other.id == turn.actor.id:  # who does it hears no news of it
            turn.tell(other, words, case.id)


def _yours_now(turn: Turn, case: Case, before: Person) -> Words:
    """All that whoever goes on must know, with the agreed time as an entry for their calendar."""
    seen = view(turn, case)
    history = turn.work.events(case.id, internal=False)
    quotes = [(event.person_id, event.words) for event in history if event.verb is Verb.QUOTE]
    quoted = (turn.work.person(quotes[-1][0] or 0), quotes[-1][1]) if quotes else None

    def words(reader: Actor) -> Message:
        said = text.yours_now(seen, before.name, quoted, reader)
        return replace(said, calendar=inviting.file(seen, reader, None)) if inviting.agreed(case) else said

    return words


def _duties(turn: Turn, person: Person, other: Person) -> None:
    work = turn.work
    for row, _ in work.assignments_of(person.id):
        row.concierge_id = other.id if row.concierge_id == person.id else row.concierge_id
        row.coach_id = other.id if row.coach_id == person.id else row.coach_id
        work.add(row)
    for rota in work.rotas():
        if person.id in rota.people:
            with_other = (other.id if one == person.id else one for one in rota.people)
            rota.people = list(dict.fromkeys(with_other))
            work.add(rota)
    for absence in work.absences_with(person.id):
        absence.stand_in_id = other.id
        others = [away(each) for each in work.absences(turn.now) if each.id != absence.id]
        if absence.person_id == other.id or on_call.circle(away(absence), others):
            absence.stand_in_id = None  # nobody waits for themselves: whoever is on call hears it
        work.add(absence)


def _in_charge(turn: Turn, other: Person, was: InCharge) -> None:
    """Whoever was the account's one contact person, or their deputy: the other one is, from now on (T10)."""
    contact_person, until = was
    if contact_person:
        other.contact_person, other.deputy_until = True, None
    elif until is not None and not other.contact_person:
        other.deputy_until = until
    turn.work.add(other)


def _cases_of_the_customer(turn: Turn, person: Person, other: Person, rooms: Collection[int]) -> None:
    """In the history it stays who opened them; who is told, and whose word counts, is the colleague from now on."""
    to = _room_of(turn, other)
    for case in _locked(turn, turn.work.live_numbers(opened_by=person.id)):
        case.opened_by = other.id
        own, words = case.conversation_id in rooms, _yours_now(turn, case, person)
        if own:
            case.conversation_id, case.thread = to, ""
        record(turn, case, Verb.PASS_ON, other.name, instead={Side.CUSTOMER: words} if own else {})
        if not own:  # others read along there
            turn.owe(to, words(as_actor(other, zone_of(turn.provider))), case.id)
    turn.work.rehome(person.id, sorted(rooms), to)


def _locked(turn: Turn, numbers: Collection[int]) -> list[Case]:
    return [case for number in numbers if (case := turn.work.case(number, None))]


def _redirect(turn: Turn, owed: Collection[Outbox], other: Person) -> None:
    """What they were still to hear about a case, the other one hears; an answer to them alone, nobody."""
    to = _room_of(turn, other)
    for row in owed:
        if row.case_id is not None and row.only_for is None:
            same = {"message": row.message, "case_id": row.case_id, "warning": row.warning, "event_id": row.event_id}
            joins = None if row.joins is None else 0
            words = {**same, "joins": joins, "instead_of": row.id, "key": f"instead of {row.id}"}
            turn.work.owe(to, turn.time.machine, words)


def _room_of(turn: Turn, other: Person) -> int:
    return other.conversation_id or turn.work.conversation("email", "", other.email or "").id
