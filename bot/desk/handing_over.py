"""A request of somebody who may not ask for their company: whoever may hands it over in one tap (W27, T10)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot import text
from bot.desk import escalation
from bot.desk.doors import CaseRef, find, record, tell_desk
from bot.desk.eligibility import asker, today, who_may_ask
from bot.desk.views import CaseView, view
from bot.messages import Message
from bot.turn import Turn, Words, as_actor
from rules.catalogue import Provider
from rules.eligibility import Eligibility, Handover, handover
from rules.lifecycle import Verb
from rules.people import CLOCK, Actor
from rules.refusals import CaseMoved, NotTheirs
from store.tables import Case, Person

CRITICAL = "critical"


def stands(turn: Turn, case: Case, provider: Provider, person: Person, *, critical: bool, by_desk: bool) -> None:
    """Whether anybody's word is asked for it; to be called before it is recorded.

    ``by_desk``: somebody of the desk opens it, or is expressly asked for.
    """
    account = turn.work.account(case.account_id)
    somebody = not by_desk and bool(who_may_ask(turn, provider, account.id))
    case.handover = handover(
        asker(person, today(provider, turn.now)),
        provider.contacts,
        seats=bool(provider.seats),
        critical=critical,
        accept_all=account.accept_all,
        somebody=somebody,
    )
    case.handover_until = _until(turn, provider) if case.handover == Handover.ASKED else None


def ask(turn: Turn, case: Case) -> None:
    """Each of those who may ask is told once, where they were last met."""
    if case.handover == Handover.ASKED:
        _ask(turn, case, asked(turn, case))


def reconsider(turn: Turn, account: int) -> None:
    """Who may ask for the company has changed: what waits is its opener's own to ask by now, or nobody's word is to be
    had for it any more, or whoever may newly give it is asked too (W27, T10)."""
    turn = replace(turn, actor=CLOCK)  # nobody of the desk acts on them: that would settle it
    for number in turn.work.asked_of(account):
        case = turn.work.case(number, account)
        if case is None or case.handover != Handover.ASKED:
            continue
        people = asked(turn, case)
        if case.opened_by in {person.id for person in people}:
            _stood_behind(case, case.opened_by)
            _reaches(turn, record(turn, case, Verb.RELEASE))
        elif not people:
            take_up(turn, case)
        elif new := [person for person in people if not turn.work.owed_as(_key(case, person))]:
            _ask(turn, case, new)


def _ask(turn: Turn, case: Case, people: Sequence[Person]) -> None:
    seen, began = view(turn, case), turn.work.last_of(case.id, case.opened_by, Verb.OPEN)
    record(turn, case, Verb.FORWARD, ", ".join(person.name for person in people))
    for person in people:
        words = partial(text.please_hand_over, seen)
        _tell(turn, person, words, seen, _key(case, person), began or None)


def _key(case: Case, person: Person) -> str:
    return f"hand-over {case.id} {person.id}"


def asked(turn: Turn, case: Case) -> Sequence[Person]:
    """Whose word it waits for; nobody's, once it is settled."""
    return _who_may(turn, case) if case.handover == Handover.ASKED else ()


def _who_may(turn: Turn, case: Case) -> Sequence[Person]:
    return who_may_ask(turn, turn.catalogues.plan(case.plan).provider, case.account_id) if case.plan else ()


def hand_over(turn: Turn, ref: CaseRef) -> Case:
    """They stand behind it: the desk has it from now on, its clock runs since its first word. Where it has it already,
    their word still counts; then the card alone tells."""
    case = _waiting(turn, Verb.HAND_OVER, ref, (Handover.ASKED, *WITHOUT))
    late = case.handover in WITHOUT
    _stood_behind(case, turn.actor.id)
    record(turn, case, Verb.HAND_OVER, quiet=late)
    return case if late else _reaches(turn, case)


WITHOUT = (Handover.FLAGGED, Handover.LAPSED)
"""The desk has it without the word of those who may ask."""


def _stood_behind(case: Case, person: int) -> None:
    case.handover, case.handover_until, case.handover_by = Handover.GRANTED, None, person
    if case.eligibility in (Eligibility.NOT_NOMINATED, Eligibility.NOT_CONTACT_PERSON):
        case.eligibility = Eligibility.ELIGIBLE


def not_needed(turn: Turn, ref: CaseRef, words: str = "") -> Case:
    """They do not: it is withdrawn, and whoever asked is told why, and how a person is reached all the same."""
    case = _waiting(turn, Verb.NOT_NEEDED, ref, (Handover.ASKED,))
    case.handover, case.handover_until, case.handover_by = Handover.DECLINED, None, turn.actor.id
    return record(turn, case, Verb.NOT_NEEDED, words)


def take_up(turn: Turn, case: Case) -> None:
    """Nobody's word is waited for any more; the card says that none was given."""
    if case.handover == Handover.ASKED:
        _release(turn, case, Handover.FLAGGED)


def accept_critical(turn: Turn, case: Case) -> None:
    """An outage waits for nobody's word, where the catalogue has it so."""
    if view(turn, case).provider.contacts.critical_accepted:
        take_up(turn, case)


def lapse(turn: Turn, case: Case) -> None:
    """Without an answer it reaches the desk; and in any case as soon as its promise runs short."""
    until = case.handover_until
    if case.handover == Handover.ASKED and until and (until <= turn.now or escalation.due(turn, case)):
        _release(turn, case, Handover.LAPSED)


def _release(turn: Turn, case: Case, how: Handover) -> None:
    people = asked(turn, case)
    case.handover, case.handover_until = how, None
    _reaches(turn, record(turn, case, Verb.RELEASE))
    seen = view(turn, case)
    for person in people:
        _tell(turn, person, partial(text.went_without, seen), seen, f"without {case.id} {person.id}")


def _reaches(turn: Turn, case: Case) -> Case:
    """The desk reads what was said meanwhile; what is critical is told at once from now on."""
    seen, now = view(turn, case), turn.work.words_now(case.id)
    for event in turn.work.events(case.id, internal=False):
        there = event.moved_to is None and event.deleted_at is None
        if event.verb is Verb.SAY and there and event.person_id is not None:
            by, words = as_actor(turn.work.person(event.person_id), seen.zone), now.get(event.id, event.words)

            def news(reader: Actor, by: Actor = by, words: str = words) -> Message:
                return text.news(seen, Verb.SAY, by, words, reader)

            tell_desk(turn, case, news, event.id)
    if case.priority == CRITICAL:
        escalation.critical(turn, case)
    return case


def _waiting(turn: Turn, verb: Verb, ref: CaseRef, states: Sequence[Handover]) -> Case:
    """For those alone who may ask for the company, and only as long as it stands like that."""
    case = find(turn, verb, ref)
    people = _who_may(turn, case)
    theirs = turn.actor.id in {person.id for person in people}
    if case.id != ref.number or case.handover not in states or not (theirs or case.handover == Handover.ASKED):
        raise CaseMoved(case=case.id)
    if not theirs:
        raise NotTheirs(case=case.id, names=", ".join(person.name for person in people))
    return case


def _tell(turn: Turn, person: Person, words: Words, seen: CaseView, key: str, event: int | None = None) -> None:
    if not turn.tell(person, words, seen.case.id, key=key, event=event):
        mailbox = turn.work.conversation("email", "", person.email or "")
        turn.owe(mailbox.id, words(as_actor(person, seen.zone)), seen.case.id, key=key, event=event)


def _until(turn: Turn, provider: Provider) -> datetime:
    """After so many minutes of business, or of the clock where no hours are published."""
    minutes, calendar = provider.contacts.unanswered_minutes, provider.calendar()
    return calendar.add(turn.now, minutes * 60) if calendar else turn.now + timedelta(minutes=minutes)
