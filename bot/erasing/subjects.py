"""Whom an export or an erase is about, and by what everything about them is found."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.erasing.scrubbing import How, Scrub
from bot.who import MAIL
from rules.lifecycle import Verb
from rules.people import STAFF
from store.erasing import ACCOUNT, PERSON, Lanes
from store.tables import Account, Conversation, Person
from store.work import Work

PAGE = 200
WEB = "web"
WEBHOOK = "webhook"


class NobodyLikeThat(Exception):
    """There is nobody, or no company, of that name; or they cannot be erased as things stand."""


@dataclass(frozen=True)
class Subject:
    """Who is to be erased. Of staff nothing is theirs alone but what was said to them: what they did is the desk's."""

    kind: str
    number: int
    name: str
    people: frozenset[int]
    account: int | None
    scrub: Scrub = field(compare=False)
    lanes: Lanes
    company: frozenset[int]
    """All cases of the company, whoever opened them."""
    rooms: frozenset[str]
    """Of the web channel."""

    @property
    def alias(self) -> str:
        return alias_of(self.kind, self.number)

    @property
    def staff(self) -> bool:
        return self.account is None

    @property
    def elsewhere(self) -> How:
        """What goes where nothing ties it to them: the desk's own people are named everywhere."""
        return How.DESK if self.staff else How.OTHERS


def alias_of(kind: str, number: int) -> str:
    return f"erased {kind} {number}"


def address_of(number: int) -> str:
    return f"erased-{number}@erased.invalid"


def find_person(work: Work, who: str) -> Subject:
    """By address; by the id of a channel's user; somebody without either by their number."""
    known = work.person_at(who.strip().lower())
    found = [known] if known else work.person_by_user(who.strip()) or _numbered(work, who.strip())
    if len(found) != 1 or found[0].erased_at is not None:
        raise NobodyLikeThat(f"There is nobody {who} here.")
    person = work.person(found[0].became) if found[0].became else found[0]
    if person.role in STAFF and person.left_at is None:
        raise NobodyLikeThat(f"{person.name} works on this desk: let them leave first (leave {who} to SOMEBODY).")
    return _about_person(work, person)


def _numbered(work: Work, who: str) -> list[Person]:
    """Whoever left too: an erase that was broken off is begun again."""
    found = work.find(Person, id=int(who)) if who.isascii() and who.isdigit() and len(who) < 10 else None
    return [found] if found else []


def _about_person(work: Work, person: Person) -> Subject:
    return _subject(work, PERSON, person.id, person.name, [person], person.account_id)


def find_account(work: Work, slug: str) -> Subject:
    account = work.find(Account, slug=slug.strip())
    if account is None or account.slug == slug_of(account.id):
        raise NobodyLikeThat(f"There is no account {slug}.")
    return _about_account(work, account)


def _about_account(work: Work, account: Account) -> Subject:
    found = _subject(work, ACCOUNT, account.id, account.name, work.people_of(account.id), account.id)
    for name in {account.name, account.slug} - {found.alias}:
        found.scrub.name(name, found.alias, whole=True)
    return found


def again(work: Work, subject: Subject) -> Subject:
    """The same one, with what came since."""
    if subject.kind == ACCOUNT:
        return _about_account(work, work.account(subject.number))
    return _about_person(work, work.person(subject.number))


def _subject(work: Work, kind: str, number: int, name: str, people: Sequence[Person], account: int | None) -> Subject:
    people = list({each.id: each for each in (*people, *work.became([one.id for one in people]))}.values())
    numbers = frozenset(person.id for person in people)
    scrub = Scrub(cases=work.cases_of(account if kind == ACCOUNT else None, numbers))
    own: dict[int, Conversation] = {}
    for person in people:
        own |= {each: work.place(each) for each in work.own_rooms(person)}
        if person.name != alias_of(PERSON, person.id):
            scrub.name(person.name, alias_of(PERSON, person.id))
        if work.namesakes(person.name, numbers):
            scrub.shared.add(tuple(person.name.casefold().split()))
        if person.email:
            scrub.ids[person.email.casefold()] = address_of(person.id)
        for identity in work.identities(person.id):
            scrub.ids[identity.user.casefold()] = f"erased-{person.id}"
    for room in work.case_rooms(numbers, scrub.cases):  # of who left before, nothing else tells the room
        if not room.desk and room.account_id is None and work.revoked(room.channel, [room.tenant], room.room):
            own[room.id] = room
    for room in work.rooms_of_account(number) if kind == ACCOUNT else ():
        own[room.id] = room
    for room in own.values():
        scrub.ids.setdefault(room.room.casefold(), f"erased-{kind}-{number}")
    scrub.ids = {id: alias for id, alias in scrub.ids.items() if len(id) > 3}
    if account is not None:
        _collect(work, scrub, numbers)
    beyond = (work.lanes_of(channel) for channel in (MAIL, WEB, WEBHOOK))
    lanes = Lanes(frozenset(own), frozenset(work.desk_lanes()), *beyond)
    company = frozenset(work.cases_of(account)) if account is not None else frozenset()
    rooms = frozenset(
        each
        for room in own.values()
        for each in (room.room, f"mail:{room.room}", f"portal:{room.room}", f"portal:{room.room}/answers")
    )
    return Subject(kind, number, name, numbers, account, scrub, lanes, company, rooms)


def _collect(work: Work, scrub: Scrub, people: frozenset[int]) -> None:
    """What they wrote, to be found where it is quoted."""
    for number in sorted(scrub.cases):
        case = work.glance(number, None)
        for words in (case.subject, case.details, case.changed) if case else ():
            scrub.wrote(words)
        for file in work.files_on(number, internal=False):
            scrub.wrote(file.name)
    for numbers in some(sorted(people)):
        for name in work.file_names_of(numbers):
            scrub.wrote(name)
        for question in work.enquiries_of(numbers):
            scrub.wrote(question)
        after = 0
        while events := work.wrote(numbers, after, PAGE):
            after = events[-1].id
            for event in events:
                _, colon, rest = event.words.partition(": ")
                scrub.wrote(rest if colon and event.verb is Verb.ENRICH else event.words)


def slug_of(account: int) -> str:
    return f"erased-account-{account}"


def some(numbers: Sequence[int], many: int = PAGE) -> list[Sequence[int]]:
    return [numbers[start : start + many] for start in range(0, len(numbers), many)]
