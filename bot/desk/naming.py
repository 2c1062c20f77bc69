"""Who speaks for a company: nominated users (W27), the one contact person, and a deputy for so long (T10)."""

from datetime import date

from bot import text
from bot.desk.arranging import person_named
from bot.desk.eligibility import today
from bot.desk.entitlements import customer_of
from bot.desk.handing_over import reconsider
from bot.desk.integrating import end_tokens
from bot.turn import Turn, Words, as_actor, zone_of
from rules.catalogue import Provider
from rules.lifecycle import Verb, permit
from rules.refusals import InChargeAlready, Misunderstood, NobodyLikeThat, NoContactRule, NotForYou, NotLicensed
from store.tables import Person

DEPUTY = "deputy theo@company.example 2026-02-28"


def nominate(turn: Turn, words: str) -> Person:
    """``bob@northwind.example``: from now on they may speak for their company, as long as they hold a licence (W27).

    ``bob@northwind.example off`` takes it back.
    """
    permit(turn.actor, Verb.NOMINATE)
    who, off = _off(words)
    person = person_named(turn, who)
    if person.account_id is None:
        raise NobodyLikeThat(who=who, several="")
    if not person.licensed:
        raise NotLicensed(who=person.name, clauses=_provider(turn, person.account_id).contacts.clauses)
    before, person.nominated = person.nominated, not off
    turn.work.add(person)
    if off:
        end_tokens(turn.work, person, turn.time.machine)
    _note(turn, "nominate", f"{person.email}{' off' if off else ''}")
    if before != person.nominated and person.id != turn.actor.id:
        provider, account = _provider(turn, person.account_id), turn.work.account(person.account_id)
        _tell(turn, person, lambda reader: text.nominated(not off, turn.actor, account, provider, reader))
    reconsider(turn, person.account_id)
    return person


def change_contact_person(turn: Turn, who: str) -> tuple[Person, Provider]:
    """From now on this one is in charge of their company's consultations (T10), and who was so before no longer is.

    By the desk, or by the present one. Two changes at once: the database knows one contact person, so the later begins
    anew.
    """
    permit(turn.actor, Verb.CONTACT_PERSON)
    person, provider = _in_charge_of(turn, Verb.CONTACT_PERSON, who)
    before = _contact_person(turn, person)
    if before is not None and before.id != person.id:
        before.contact_person = False
        turn.work.add(before)  # before the other is one: there are never two
    person.contact_person, person.deputy_until = True, None
    turn.work.add(person)
    _note(turn, "contact-person", f"{before.email if before else 'nobody'} -> {person.email}")
    account = turn.work.account(person.account_id or 0)
    for told in {one.id: one for one in (before, person) if one is not None}.values():
        if told.id != turn.actor.id:
            _tell(turn, told, lambda reader: text.contact_person(person, turn.actor, account, provider, reader))
    reconsider(turn, account.id)
    return person, provider


def appoint_deputy(turn: Turn, words: str) -> tuple[Person, Provider]:
    """``theo@fabrikam.example 2026-02-28``: stands in for the contact person up to that day, included, or ``off``."""
    permit(turn.actor, Verb.DEPUTY)
    who, _, until = words.strip().rpartition(" ")
    day = _day(until)
    person, provider = _in_charge_of(turn, Verb.DEPUTY, who)
    if person.contact_person:
        raise InChargeAlready(who=person.name)
    if day is not None and day < today(provider, turn.now):
        raise Misunderstood(usage=DEPUTY)
    for other in turn.work.contacts(person.account_id or 0):
        if other.deputy_until is not None and other.id != person.id and day is not None:
            other.deputy_until = None  # one at a time
            turn.work.add(other)
    person.deputy_until = day
    turn.work.add(person)
    _note(turn, "deputy", f"{person.email} {day or 'off'}")
    if person.id != turn.actor.id:
        account = turn.work.account(person.account_id or 0)
        _tell(turn, person, lambda reader: text.deputy(person, turn.actor, account, provider, reader))
    reconsider(turn, person.account_id or 0)
    return person, provider


def _in_charge_of(turn: Turn, verb: Verb, who: str) -> tuple[Person, Provider]:
    """Whom they name, of a company whose terms know one contact person; a customer names a colleague, if in charge."""
    mine = turn.actor.account
    if mine is not None and not turn.work.person(turn.actor.id).contact_person:
        raise NotForYou(verb=verb)
    person = person_named(turn, who, turn.work.contacts(mine) if mine is not None else None)
    if person.account_id is None or person.guest:
        raise NobodyLikeThat(who=who, several="")
    provider = _provider(turn, person.account_id)
    if provider.contacts.rule != "one_contact":
        raise NoContactRule(who=person.name)
    return person, provider


def _contact_person(turn: Turn, colleague: Person) -> Person | None:
    theirs = turn.work.contacts(colleague.account_id or 0)
    return next((person for person in theirs if person.contact_person), None)


def _provider(turn: Turn, account: int) -> Provider:
    return customer_of(turn.work, turn.catalogues, account, turn.now) or turn.provider


def _off(words: str) -> tuple[str, bool]:
    who, _, last = words.strip().rpartition(" ")
    return (who, True) if who and last.lower() == "off" else (words, False)


def _day(written: str) -> date | None:
    """None: off."""
    if written.lower() == "off":
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Misunderstood(usage=DEPUTY) from None


def _tell(turn: Turn, person: Person, words: Words) -> None:
    """Where they were last met, or by mail."""
    if not turn.tell(person, words) and person.email:
        mailbox = turn.work.conversation("email", "", person.email)
        turn.owe(mailbox.id, words(as_actor(person, zone_of(turn.provider))))


def _note(turn: Turn, what: str, about: str) -> None:
    turn.work.audit(at=turn.now, person_id=turn.actor.id, what=what, about=about[:200], outcome="done")
