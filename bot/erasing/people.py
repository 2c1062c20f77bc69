"""The people themselves: gone before anything else, and forgotten last of all."""

from collections.abc import Collection, Sequence

from bot.erasing.subjects import Subject, address_of, alias_of, slug_of
from bot.turn import Now
from store.erasing import ACCOUNT, PERSON
from store.work import Work


def leave(work: Work, people: Sequence[int], now: Now) -> None:
    """Waits for what they are just doing; what they do from then on comes from a stranger."""
    for number in people:
        person = work.hold_person(number)
        if person.left_at is None:
            person.left_at = now.business
            work.add(person)


def rename(work: Work, subject: Subject, people: Sequence[int]) -> None:
    for number in people:
        person = work.person(number)
        person.name = alias_of(PERSON, number)
        work.add(person)
    if subject.kind == ACCOUNT:
        account = work.account(subject.number)
        account.name = subject.alias
        work.add(account)


def redraw(work: Work, cases: Sequence[int], now: Now) -> None:
    for number in cases:
        work.refresh_cards(number, now.machine)


def forget(work: Work, people: Collection[int], now: Now) -> None:
    for number in sorted(people):
        person = work.person(number)
        if person.email:
            work.bury(PERSON, person.email, now.machine)
        work.forget_lanes(work.own_rooms(person), now.machine)
        for identity in work.identities(number):
            work.forget_entries([identity.user, f"mail:{identity.user}"])
            work.revoke(identity, now.machine)
        work.forget_person(person)
        person.email = address_of(number)
        person.zone = person.language = person.conversation_id = person.deputy_until = None
        person.licensed = person.nominated = person.contact_person = person.any_hour = False
        person.erased_at = now.business
        work.add(person)


def end(work: Work, subject: Subject, people: Collection[int], now: Now) -> None:
    """Last of all, and together: from now on it is done, and nobody finds them any more."""
    work.forget_entries(subject.rooms)
    work.forget_lanes(subject.lanes.own, now.machine)
    forget(work, people, now)
    if subject.kind == ACCOUNT:
        account = work.account(subject.number)
        work.bury(ACCOUNT, account.slug, now.machine)
        work.forget_account(account)
        account.slug, account.custom_code, account.users = slug_of(account.id), False, None
        work.add(account)
    about = f"{subject.kind} {subject.number}"
    work.audit(at=now.business, person_id=None, what="erase", about=about, outcome="done")
