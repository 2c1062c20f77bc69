"""Who is who: what ``supporthub import`` does with a directory file. Idempotent, all or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from bot.desk import linking
from bot.desk.integrating import end_tokens
from rules.directory import Absence as AbsenceRow
from rules.directory import Account as AccountRow
from rules.directory import Contact, Directory, Place, Staff
from rules.directory import Contract as ContractRow
from rules.directory import Identity as Linked
from rules.directory import Rota as RotaRow
from rules.people import Role
from rules.toml_lines import Mistake, Mistakes
from store.tables import Absence, Account, Assignment, Contract, Conversation, LinkedIdentity, Person, Rota, Tenant
from store.work import Work

R = TypeVar("R", Absence, Account, Assignment, Contract, Conversation, LinkedIdentity, Person, Rota, Tenant)


@dataclass(frozen=True)
class Imported:
    """How many rows the file named, and how many of them were new or different."""

    rows: int
    changed: int


def apply(work: Work, directory: Directory, now: datetime) -> Imported:
    """Adds and updates; removes nobody. Raises Mistakes where the file contradicts what is there: nothing is done."""
    return _Import(work, now).apply(directory)


class _Import:
    def __init__(self, work: Work, now: datetime) -> None:
        self._work, self._now = work, now
        self._wrong: list[Mistake] = []
        self._rows = self._changed = 0

    def apply(self, directory: Directory) -> Imported:
        self._buried(directory)
        for account in directory.accounts:
            self._account(account)
        for contract in directory.contracts:
            self._contract(contract)
        for staff in directory.staff:
            self._person(staff)
        for contact in directory.contacts:
            self._person(contact)
        for assignment in directory.assignments:
            self._assign(assignment.account, assignment.concierge, assignment.coach)
        for rota in directory.rotas:
            self._rota(rota)
        for absence in directory.absences:
            self._absence(absence)
        for channel in directory.channels:
            for place in channel.places:
                self._room(place, account=self._account_id(channel.account))
        if directory.desk:
            for place in directory.desk.places:
                self._room(place, desk=True)
            self._changed += self._work.keep_for(directory.desk.keep_months)
        if self._wrong:
            raise Mistakes(tuple(sorted(self._wrong, key=lambda mistake: mistake.line)))
        if self._changed:
            about = f"{self._changed} of {self._rows} rows"
            self._work.audit(at=self._now, person_id=None, what="import", about=about, outcome="done")
        return Imported(self._rows, self._changed)

    def _buried(self, directory: Directory) -> None:
        """Whoever was erased does not come back with the next import, nor who left without a word for it."""
        for account in directory.accounts:
            if erased := self._work.tombstone("account", account.slug):
                says = f"{account.slug} was erased on {erased.at:%Y-%m-%d}: leave it out."
                self._wrong.append(Mistake(account.line, says))
        people: list[Contact | Staff] = [*directory.staff, *directory.contacts]
        for row in people:
            if says := self._absent(row):
                self._wrong.append(Mistake(row.line, says))
        if self._wrong:
            raise Mistakes(self._wrong)

    def _absent(self, row: Contact | Staff) -> str:
        """Why they cannot be imported; empty where they can."""
        if erased := self._work.tombstone("person", row.email):
            return f"{row.email} was erased on {erased.at:%Y-%m-%d}: leave them out."
        there = self._work.find(Person, email=row.email)
        left = there.left_at if there else None
        if left is not None and row.left is None:
            back = "leave them out, or say left = false to bring them back"
            return f"{row.email} left on {left:%Y-%m-%d}: {back}."
        if left is None and there is not None and row.left:
            return f"{row.email} is still here: somebody says leave {row.email} in chat, and who goes on."
        return ""

    def _account(self, row: AccountRow) -> None:
        account = self._keep(Account, {"slug": row.slug}, _account(row))
        bound = [("teams", tenant) for tenant in row.teams_tenants] + [("slack", team) for team in row.slack_teams]
        for channel, tenant in bound:
            there = self._work.find(Tenant, channel=channel, tenant=tenant)
            if there and there.account_id != account.id:
                self._wrong.append(Mistake(row.line, f"{channel} tenant {tenant} is bound to another account already."))
            else:
                self._keep(Tenant, {"channel": channel, "tenant": tenant}, {"account_id": account.id})

    def _contract(self, row: ContractRow) -> None:
        of = {"account_id": self._account_id(row.account), "plan": row.plan, "starts": row.starts}
        more: dict[str, object] = {
            "licences": row.licences,
            "licence_total": row.licence_total,
            "products": list(row.products),
        }
        more |= {"ends": self._last_day(of, row), "paid_until": row.paid_until}
        self._keep(Contract, of, {**more, **_signed(row)})

    def _last_day(self, of: Mapping[str, object], row: ContractRow) -> date | None:
        """What ended because an upgrade took its place stays ended, though the file does not know of it."""
        there = self._work.find(Contract, **of)
        longer = there and there.ends and (row.ends is None or row.ends > there.ends)
        return there.ends if longer and self._work.upgraded_after(there) else row.ends

    def _person(self, row: Contact | Staff) -> None:
        if row.left:
            return  # and stays away
        account = self._account_id(row.account) if isinstance(row, Contact) else None
        there = self._work.find(Person, email=row.email)
        if there and there.account_id != account:
            says = f"{row.email} is known already, on another side: a person belongs to one account, or to the desk."
            self._wrong.append(Mistake(row.line, says))
            return
        self._adopt(row, account)
        if isinstance(row, Contact) and row.contact_person:
            self._make_way(row)
        person = self._keep(Person, {"email": row.email}, {"account_id": account, **_about(row)})
        if not (person.nominated and person.role is Role.CUSTOMER):
            end_tokens(self._work, person, self._now)
        for identity in row.identities:
            self._link(identity, person, row.line)

    def _make_way(self, row: Contact) -> None:
        """Before somebody becomes the contact person, nobody else is: there are never two (T10)."""
        for other in self._work.contacts(self._account_id(row.account)):
            if other.contact_person and other.email != row.email:
                other.contact_person = False
                self._work.add(other)

    def _adopt(self, row: Contact | Staff, account: int | None) -> None:
        """Somebody met as a guest is now in the directory: the same person, with the cases they opened."""
        for identity in row.identities:
            met = self._work.person_of(identity.channel, [identity.tenant], identity.user)
            if met and met.guest and met.account_id == account and not self._work.find(Person, email=row.email):
                met.email, met.guest = row.email, False
                self._work.add(met)

    def _link(self, identity: Linked, person: Person, line: int) -> None:
        who = {"channel": identity.channel, "tenant": identity.tenant, "user": identity.user}
        there = self._work.find(LinkedIdentity, **who)
        if there and there.person_id != person.id and linking.was_met(self._work, there, person):
            self._work.drop(there)
            linking.adopt(self._work, self._work.person(there.person_id), person, self._now)
            there = None
        if there and there.person_id != person.id:
            says = f"{identity.channel} user {identity.tenant}/{identity.user} is linked to somebody else already."
            self._wrong.append(Mistake(line, says))
        else:
            since = {"how": there.how, "at": there.at} if there else {"how": "import", "at": self._now}
            self._keep(LinkedIdentity, who, {"person_id": person.id, **since})
            self._work.restore(identity.channel, identity.tenant, identity.user)
        if person.conversation_id is None:  # never met: there they can be written to first
            person.conversation_id = self._work.conversation(identity.channel, identity.tenant, identity.user).id
            self._work.add(person)

    def _assign(self, slug: str, concierge: str | None, coach: str | None) -> None:
        named = (("concierge_id", concierge), ("coach_id", coach))
        ids = {name: self._person_id(email) for name, email in named if email}
        self._keep(Assignment, {"account_id": self._account_id(slug)}, ids)

    def _rota(self, row: RotaRow) -> None:
        people = [self._person_id(email) for email in row.people]
        when = {"begins": row.begins, "handover": f"{row.handover:%H:%M}", "zone": row.timezone, "days": row.days}
        self._keep(Rota, {"name": row.name}, {"people": people, **when})

    def _absence(self, row: AbsenceRow) -> None:
        of = {"person_id": self._person_id(row.staff), "starts": row.begins}
        stand_in = self._person_id(row.stand_in) if row.stand_in else None
        self._keep(Absence, of, {"ends": row.until, "stand_in_id": stand_in})

    def _person_id(self, email: str) -> int:
        number: int = self._work.find(Person, email=email).id
        return number

    def _room(self, place: Place, account: int | None = None, desk: bool = False) -> None:
        """A room that the file names without a tenant may have been heard of with one."""
        met = self._work.rooms_of_any_tenant(place.channel, place.room) if not place.tenant else []
        for room in met or [self._work.conversation(place.channel, place.tenant, place.room)]:
            self._keep(Conversation, {"id": room.id}, {"account_id": account, "desk": desk})

    def _account_id(self, slug: str) -> int:
        number: int = self._work.find(Account, slug=slug).id
        return number

    def _keep(self, kind: type[R], by: Mapping[str, object], values: Mapping[str, object]) -> R:
        """The row of that key, made or brought up to date."""
        self._rows += 1
        made: Any = kind  # its columns are ``by``'s to know
        row: R = self._work.find(kind, **by) or made(**by)
        different = {name: value for name, value in values.items() if getattr(row, name, None) != value}
        if different or not self._work.has(row):
            self._changed += 1
            for name, value in different.items():
                setattr(row, name, value)
            self._work.add(row)
        return row


def _account(row: AccountRow) -> dict[str, object]:
    said = {"custom_code": row.custom_code, "users": row.users, "accept_all": row.accept_all}
    return {"name": row.name, **said, "keep_months": row.keep_months}


def _signed(row: ContractRow) -> dict[str, object]:
    said: dict[str, object] = {"signed": row.signed, "price_list": row.price_list, "per_year": row.per_year}
    said |= {"new_versions": row.new_versions, "owned": list(row.owned) or None, "allowed": list(row.allowed) or None}
    said |= {"response_minutes": row.response_minutes, "trial": row.trial}
    return said | ({"noticed_on": row.noticed_on} if row.noticed_on else {})  # else as a lead noted it


def _about(row: Contact | Staff) -> dict[str, object]:
    more: dict[str, object] = {"name": row.name, "zone": row.timezone}
    more |= {"left_at": None} if row.left is False else {}
    more |= {"language": row.language} if row.language else {}  # else as they chose themselves
    if isinstance(row, Staff):
        said = {} if row.any_hour is None else {"any_hour": row.any_hour}
        return {**more, **said, "role": row.role, "skills": list(row.skills) or None}
    consulting = {"contact_person": row.contact_person, "deputy_until": row.deputy_until}
    return {**more, **consulting, "role": Role.CUSTOMER, "licensed": row.licensed, "nominated": row.nominated}
