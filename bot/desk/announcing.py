"""What a provider tells many accounts at once: new terms, updates, reminders; previewed, then sent exactly once."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot import text
from bot.desk.entitlements import entitlement, in_force
from bot.messages import ENGLISH
from bot.turn import Turn, as_actor, zone_of
from bot.who import MAIL
from rules.catalogue import Catalogues, Plan, Provider
from rules.catalogue.parts import Terms
from rules.lifecycle import Verb, permit
from rules.refusals import (
    AnnouncedBefore,
    Misunderstood,
    NoAnnouncement,
    NobodyToTell,
    NoSuchChoice,
    PreviewIsOld,
    TermsTooSoon,
)
from store.announcements import Told
from store.lanes import ANNOUNCED
from store.tables import Account, Announcement, Contract, Conversation, Person

AT_ONCE = 100  # people owed to in one unit
HOLDS = timedelta(hours=24)  # a preview: contracts and people change
PAGE, LATEST = 20, 10
USAGE = "announce AUDIENCE TEXT"
CUSTOM_CODE = "custom-code"
TERMS, UPDATE, UPGRADE, NEWS = "terms", "update", "upgrade", "news"
_TERMS = re.compile(r"terms\s+(?P<version>\S+)(?:\s+(?P<words>.*))?", re.I | re.S)
_SEND = re.compile(r"(?P<number>\d{1,9})\s+send", re.I)
_SHOW = re.compile(r"(?P<number>\d{1,9})(?:\s+page\s+(?P<page>\d{1,4}))?", re.I)


@dataclass(frozen=True)
class Audience:
    kind: str
    name: str
    """As the provider writes it."""
    provider: Provider | None = None
    """None: whoever's customers they are."""
    plan: str = ""
    product: str = ""
    terms: Terms | None = None

    def means(self, contract: Contract, plan: Plan, account: Account) -> bool:
        """Whether this contract makes its account part of it."""
        if self.kind == UPGRADE:
            return account.custom_code
        ours = self.provider is not None and plan.provider.id == self.provider.id
        return ours and self.plan in ("", plan.id) and self.product in ("", *_products(contract, plan.provider))


@dataclass(frozen=True)
class Preview:
    row: Announcement
    author: str
    read: Sequence[tuple[str, Plan, int]]
    """In which language it is read, under which plan, and by how many, wherever that makes another message of it."""
    accounts: int
    people: int
    missed: Sequence[tuple[str, str]]
    """Who cannot be reached, with their company; a company alone where nobody speaks for it."""


@dataclass(frozen=True)
class Shown:
    row: Announcement
    author: str
    all: Told
    accounts: Sequence[Told]
    many: int
    page: int

    @property
    def more(self) -> bool:
        return self.page * PAGE < self.many


def announce(turn: Turn, words: str) -> Preview:
    """Kept and shown, and told to nobody yet."""
    permit(turn.actor, Verb.ANNOUNCE)
    audience, said = _read(turn, words)
    if audience.terms is not None:
        _in_time(turn, audience)
    plans, names, people = _recipients(turn, audience)
    if not plans:
        raise NobodyToTell(audience=audience.name)
    turn.work.forget_previews(turn.now - HOLDS)
    row = Announcement(
        at=turn.now,
        by_id=turn.actor.id,
        provider=audience.provider.id if audience.provider else "",
        kind=audience.kind,
        audience=audience.name,
        words=said,
        terms=audience.terms.version if audience.terms else None,
        effective=audience.terms.effective if audience.terms else None,
    )
    turn.work.add(row)
    reached = [person for person, place in people if reach(turn, person, place)]
    turn.work.name_for(row.id, ((person.id, person.account_id or 0) for person, _ in people))
    told = len({person.account_id for person in reached})
    missed = list(_missed(names, people, reached))
    return Preview(row, turn.actor.name, _read_by(audience, reached, plans), told, len(reached), missed)


def send(turn: Turn, number: int) -> tuple[Announcement, int]:
    """To those whom the preview named, as many as there are: the first of them at once."""
    permit(turn.actor, Verb.ANNOUNCE)
    row = turn.work.announcement(number, lock=True)
    if row is None:
        raise NoAnnouncement(number=number)
    if row.sent_at is not None:
        raise AnnouncedBefore(number=number, at=row.sent_at)
    if turn.now >= row.at + HOLDS:
        raise PreviewIsOld(number=number)
    if row.terms is not None:
        _in_time(turn, _of_terms(turn.catalogues, row.provider, row.terms))
    row.sent_at = turn.now
    turn.work.add(row)
    about = f"announcement {row.id}: {row.kind} {row.audience}"[:200]
    turn.work.audit(at=turn.now, person_id=turn.actor.id, what="announce", about=about, outcome="sent")
    everybody = turn.work.told_of(number).waiting
    owe_some(turn, row)
    return row, everybody


def owe_some(turn: Turn, row: Announcement, limit: int = AT_ONCE) -> int:
    """To the next of its people; how many they were."""
    next_ones, provider = turn.work.next_to_tell(row.id, limit), provider_of(turn, row)
    author = author_of(turn, row)
    plans: dict[int, Plan | None] = {}
    for announced, person in next_ones:
        place = _place(turn, person)
        if place is not None:
            if announced.account_id not in plans:
                mine = entitlement(turn, announced.account_id)
                plans[announced.account_id] = mine.plan if mine else None
            plan = plans[announced.account_id]
            theirs = provider or (plan.provider if plan else turn.provider)
            said = text.announced(row, author, theirs, plan, as_actor(person, zone_of(theirs)))
            turn.owe(place, said, key=f"{ANNOUNCED}{row.id} {person.id}")
        announced.owed_at, announced.conversation_id = turn.time.machine, place
        turn.work.add(announced)
    return len(next_ones)


def latest(turn: Turn) -> list[tuple[Announcement, int]]:
    permit(turn.actor, Verb.ANNOUNCE)
    return turn.work.announcements(LATEST)


def shown(turn: Turn, words: str) -> Shown:
    """``7``, ``7 page 2``."""
    permit(turn.actor, Verb.ANNOUNCE)
    found = _SHOW.fullmatch(words.strip())
    if found is None:
        raise Misunderstood(usage="announcement 7")
    number, page = int(found["number"]), max(int(found["page"] or 1), 1)
    row = turn.work.announcement(number)
    if row is None:
        raise NoAnnouncement(number=number)
    accounts = turn.work.told_by_account(number, PAGE, (page - 1) * PAGE)
    everybody, many = turn.work.told_of(number), turn.work.count_told(number)
    return Shown(row, author_of(turn, row), everybody, accounts, many, page)


def sending(words: str) -> int | None:
    """Which announcement ``7 send`` is to send; None where it is a new one."""
    found = _SEND.fullmatch(words.strip())
    return int(found["number"]) if found else None


def provider_of(turn: Turn, row: Announcement) -> Provider | None:
    return turn.catalogues.providers.get(row.provider)


def author_of(turn: Turn, row: Announcement) -> str:
    return turn.work.person(row.by_id).name if row.by_id else ""


def reach(turn: Turn, person: Person, place: Conversation | None) -> bool:
    """Whether there is anywhere to write to them: where they were met, or their mailbox."""
    return (place is not None and place.channel in turn.channels) or bool(person.email and MAIL in turn.channels)


def _place(turn: Turn, person: Person) -> int | None:
    if person.left_at is not None or person.erased_at is not None:
        return None  # since the preview
    met = turn.work.place(person.conversation_id) if person.conversation_id else None
    if not reach(turn, person, met):
        return None
    there = met is not None and met.channel in turn.channels
    return met.id if met is not None and there else turn.work.conversation(MAIL, "", person.email or "").id


def _recipients(
    turn: Turn, audience: Audience
) -> tuple[dict[int, Plan], dict[int, str], list[tuple[Person, Conversation | None]]]:
    """Plans and names of the accounts, by number; and who speaks for each by its provider's rule (W27, T10)."""
    plans: dict[int, Plan] = {}
    names: dict[int, str] = {}
    for contract, account in turn.work.every_contract():
        plan = turn.catalogues.plan(contract.plan)
        if audience.means(contract, plan, account) and in_force(contract, plan.provider, today(turn, plan.provider)):
            plans[account.id], names[account.id] = plan, account.name
    everybody = turn.work.who_may_be_told()
    return plans, names, [each for each in everybody if _speaks(turn, each[0], plans.get(each[0].account_id or 0))]


def _speaks(turn: Turn, person: Person, plan: Plan | None) -> bool:
    if plan is None:
        return False
    if plan.provider.contacts.rule == "nominated":
        return person.nominated
    until = person.deputy_until if plan.provider.contacts.deputy else None
    return person.contact_person or (until is not None and until >= today(turn, plan.provider))


def _missed(
    accounts: Mapping[int, str], people: Iterable[tuple[Person, Conversation | None]], reached: Iterable[Person]
) -> Iterator[tuple[str, str]]:
    spoken = {person.account_id for person, _ in people}
    there = {person.id for person in reached}
    yield from (("", name) for number, name in accounts.items() if number not in spoken)
    yield from ((it.name, accounts[it.account_id or 0]) for it, _ in people if it.id not in there)


def _read_by(audience: Audience, people: Iterable[Person], plans: Mapping[int, Plan]) -> list[tuple[str, Plan, int]]:
    found: dict[tuple[str, str], tuple[str, Plan, int]] = {}
    for person in people:
        language, plan = person.language or ENGLISH, plans[person.account_id or 0]
        same = (language, plan.id if audience.kind == UPGRADE else "")
        *_, many = found.get(same, (language, plan, 0))
        found[same] = language, plan, many + 1
    return sorted(found.values(), key=lambda each: -each[2])


def _products(contract: Contract, provider: Provider) -> tuple[str, ...]:
    """A contract that names none is for the provider's first (W2)."""
    return tuple(contract.products) or (provider.products.names[:1] if provider.products else ())


# Reading whom it is for


def _read(turn: Turn, words: str) -> tuple[Audience, str]:
    """Whom the first words name, the longest name first, and what is to be said to them."""
    words = words.strip()
    if terms := _TERMS.fullmatch(words):
        return _terms(turn.catalogues, terms)
    found: dict[Audience, tuple[str, str]] = {}
    for name, audience in _names(turn.catalogues):
        pattern = r"\s+".join(map(re.escape, name.split())) + r"(?:\s*:|\s)\s*(?P<words>.+)"
        if match := re.fullmatch(pattern, words, re.I | re.S):
            found[audience] = max(found.get(audience, ("", "")), (name, match["words"].strip()), key=_length)
    longest = [each for each in found if len(found[each][0]) == max(len(name) for name, _ in found.values())]
    if len(longest) > 1:
        choices = ", ".join(each.plan or f"{each.provider.id if each.provider else ''} {each.name}" for each in longest)
        raise NoSuchChoice(given=found[longest[0]][0], choices=choices)
    if not longest:
        raise Misunderstood(usage=USAGE)
    return longest[0], found[longest[0]][1]


def _length(named: tuple[str, str]) -> int:
    return len(named[0])


def _names(catalogues: Catalogues) -> Iterator[tuple[str, Audience]]:
    yield CUSTOM_CODE, Audience(UPGRADE, CUSTOM_CODE)
    for provider in catalogues.providers.values():
        yield from ((name, Audience(NEWS, provider.name, provider)) for name in (provider.id, provider.name))
        for plan in provider.plans.values():
            one = Audience(NEWS, plan.name, provider, plan=plan.id)
            yield from ((name, one) for name in (plan.id, plan.name))
        for product in provider.products.names if provider.products else ():
            one = Audience(UPDATE, product, provider, product=product)
            yield from ((name, one) for name in (product, product.removeprefix(f"{provider.name} ")))


def _terms(catalogues: Catalogues, found: "re.Match[str]") -> tuple[Audience, str]:
    """``terms 2 TEXT``, or ``terms websan 2 TEXT`` where several providers have such a version."""
    version, words = found["version"], found["words"] or ""
    providers = list(catalogues.providers.values())
    named = [it for it in providers if version.casefold() in (it.id.casefold(), it.name.casefold())]
    if named:
        version, _, words = words.partition(" ")
    having = [it for it in named or providers if any(each.version == version for each in it.terms)]
    if len(having) != 1:
        choices = ", ".join(f"{it.id} {each.version}" for it in having or named or providers for each in it.terms)
        raise NoSuchChoice(given=version, choices=choices)
    return _of_terms(catalogues, having[0].id, version), words.strip()


def _of_terms(catalogues: Catalogues, provider: str, version: str) -> Audience:
    theirs = catalogues.provider(provider)
    terms = next((each for each in theirs.terms if each.version == version), None)
    if terms is None:
        raise NoSuchChoice(given=version, choices=", ".join(each.version for each in theirs.terms))
    return Audience(TERMS, theirs.name, theirs, terms=terms)


def _in_time(turn: Turn, audience: Audience) -> None:
    """Terms change with notice, counted from the day on which people are told (W36)."""
    provider, terms = audience.provider, audience.terms
    notice = provider.terms_notice if provider else None
    if provider is None or terms is None or notice is None:
        return
    earliest = today(turn, provider) + timedelta(days=notice.days)
    if terms.effective < earliest:
        raise TermsTooSoon(
            version=terms.version, effect=terms.effective, earliest=earliest, days=notice.days, clauses=notice.clauses
        )


def today(turn: Turn, provider: Provider) -> date:
    at: datetime = turn.now
    return at.astimezone(ZoneInfo(zone_of(provider))).date()
