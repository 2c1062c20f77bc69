"""The tables of a directory file: which keys each has, and what must hold among them."""

from collections.abc import Collection, Mapping, Set
from functools import partial

from rules.catalogue import Kind as RequestKind
from rules.catalogue import OfLicences, Plan
from rules.directory import doubts, duty, kinds
from rules.directory.between import Home, apart, welcome
from rules.directory.kinds import NO_DATE, Kind
from rules.directory.values import (
    Account,
    Assignment,
    Channel,
    Contact,
    Contract,
    Desk,
    Directory,
    Identity,
    Place,
    Staff,
)
from rules.directory.walk import Table, shown
from rules.people import Role

HOMES = {"slack": ("workspace", "slack_teams"), "teams": ("tenant", "teams_tenants")}
"""What a channel calls a home, and where an account lists its own."""
ONE_CONTACT = "one_contact"  # as a catalogue's [contacts] has it
# Who may be assigned as what (W13, W17). A role that could not be read (CLOCK) is one mistake, not two.
CONCIERGES = frozenset({Role.CONCIERGE, Role.LEAD, Role.ADMIN, Role.CLOCK})
COACHES = frozenset({Role.COACH, Role.CLOCK})


def directory(root: Table, plans: Mapping[str, Plan], languages: Collection[str]) -> Directory:
    """The order is that of reference: whoever is referred to is read first."""
    accounts = root.each("account", account)
    slug = kinds.one_of({a.slug for a in accounts}, "the slug of an account in this file")
    plan = kinds.one_of(plans, "a plan of the catalogues")
    contracts = root.each("contract", partial(contract, slug=slug, plan=plan, plans=plans))
    apart(root, contracts)
    language = kinds.one_of(languages, f"one of {', '.join(languages)}", small=True)
    people = root.each("staff", partial(staff, language=language))
    channels = root.each("channel", partial(channel, slug=slug))
    desk = root.one("desk", announced)
    single = {c.account for c in contracts if (on := plans.get(c.plan)) and on.provider.contacts.rule == ONE_CONTACT}
    homes = welcome(accounts, people, [*channels, *([desk] if desk else [])])
    contacts = root.each("contact", partial(contact, slug=slug, single=single, homes=homes, language=language))
    doubts.of_seats(root, contracts, contacts, plans)
    assignments = root.each("assignment", partial(assignment, slug=slug, duties=carers(people)))
    member = kinds.one_of({s.email for s in people}, "the e-mail of staff in this file", small=True)
    rotas = root.each("rota", partial(duty.rota, email=member))
    absences = root.each("absence", partial(duty.absence, email=member, staff={s.email: s for s in people}))
    duty.apart(root, absences, people)
    root.close("table")
    return Directory(accounts, contracts, contacts, people, assignments, channels, desk, rotas, absences)


def account(table: Table) -> Account:
    name, slug = table.need("name", kinds.NAME), table.need("slug", kinds.SLUG)
    table.once("slug", slug, "slug")
    tenants, teams = table.many("teams_tenants", kinds.TENANT), table.many("slack_teams", kinds.WORKSPACE)
    for key, ids in (("teams_tenants", tenants), ("slack_teams", teams)):
        for index, tenant in enumerate(ids):
            table.once("tenant", tenant, key, index)
    custom, users = table.may("custom_code", kinds.YES_NO, False), table.may("users", kinds.LICENCES, None)
    accept_all, keep = table.may("accept_all", kinds.YES_NO, False), table.may("keep_closed_cases", kinds.KEPT, None)
    more = {"users": users, "keep_months": keep}
    return Account(name, slug, tenants, teams, table.line, custom_code=custom, accept_all=accept_all, **more)


def contract(table: Table, slug: Kind[str], plan: Kind[str], plans: Mapping[str, Plan]) -> Contract:
    read = Contract(
        account=table.need("account", slug),
        plan=table.need("plan", plan),
        starts=table.need("starts", kinds.DATE),
        ends=table.may("ends", kinds.DATE, None),
        licences=table.need("licences", kinds.LICENCES),
        licence_total=table.may("licence_total", kinds.AMOUNT, None),
        products=table.many("products", kinds.NAME, least=1),
        paid_until=table.may("paid_until", kinds.DATE, None),
        line=table.line,
        signed=table.may("signed", kinds.DATE, None),
        price_list=table.may("price_list", kinds.NAME, None),
        per_year=table.may("per_year", kinds.YES_NO, False),
        new_versions=table.may("new_versions", kinds.YES_NO, None),
        owned=table.many("owned", kinds.NAME, least=1),
        allowed=table.many("allowed", kinds.REQUEST, least=1),
        response_minutes=table.may("response_minutes", kinds.MINUTES, None),
        trial=table.may("trial", kinds.YES_NO, False),
        noticed_on=table.may("noticed_on", kinds.DATE, None),
    )
    if read.ends and NO_DATE not in (read.starts, read.ends) and read.ends < read.starts:
        table.note("ends must not be before starts; it is the last day of the contract.", "ends")
    if read.plan in plans:
        complete(table, plans[read.plan])
        added(table, read, plans[read.plan])
        doubts.of_contract(table, read, plans[read.plan])
    return read


def complete(table: Table, plan: Plan) -> None:
    """A contract states what its plan's terms are counted in (T13, T14), and nothing that would mean nothing."""
    counted = {
        "licence_total": isinstance(plan.price, OfLicences),
        "products": bool(plan.provider.contracts.all_products),
    }
    for key, stated in counted.items():
        if stated and key not in table.keys:
            table.note(f"{key} is missing; every {plan.provider.id} contract states it.")
        if not stated and key in table.keys:
            table.note(f"{key} means nothing in a {plan.provider.id} contract; leave it out.", key)


def added(table: Table, read: Contract, plan: Plan) -> None:
    """A contract adds only what the provider's terms leave to contracts (T12)."""
    for index, name in enumerate(read.allowed):
        ruling = plan.coverage.get(RequestKind(name)) if name in set(RequestKind) else None
        if name in set(RequestKind) and not (ruling and ruling.contract_may_allow):
            table.note(
                f"{shown(name)} is nothing that a {plan.provider.id} contract can add; leave it out.", "allowed", index
            )


def staff(table: Table, language: Kind[str]) -> Staff:
    return Staff(
        name=table.need("name", kinds.NAME),
        email=email(table),
        role=table.need("role", kinds.ROLE),
        timezone=table.may("timezone", kinds.zone(), None),
        identities=identities(table),
        line=table.line,
        any_hour=table.may("any_hour", kinds.YES_NO, None),
        language=table.may("language", language, None),
        left=table.may("left", kinds.YES_NO, None),
        skills=table.many("skills", kinds.NAME, least=1),
    )


def contact(
    table: Table, slug: Kind[str], single: Set[str], homes: Mapping[str, Set[Home]], language: Kind[str]
) -> Contact:
    read = Contact(
        account=table.need("account", slug),
        name=table.need("name", kinds.NAME),
        email=email(table),
        licensed=table.may("licensed", kinds.YES_NO, False),
        nominated=table.may("nominated", kinds.YES_NO, False),
        contact_person=table.may("contact_person", kinds.YES_NO, False),
        deputy_until=table.may("deputy_until", kinds.DATE, None),
        timezone=table.may("timezone", kinds.zone(), None),
        identities=identities(table),
        line=table.line,
        language=table.may("language", language, None),
        left=table.may("left", kinds.YES_NO, None),
    )
    if read.nominated and table.keys.get("licensed", False) is False:
        table.note("nominated needs licensed = true: nominated users are among the licensed ones.", "nominated")
    if read.account in homes:
        consulting(table, read, single)
        at_home(table, read, homes[read.account])
    return read


def consulting(table: Table, read: Contact, single: Set[str]) -> None:
    """One contact person and one deputy, where the provider's terms know them (T10)."""
    for key, given in (("contact_person", read.contact_person), ("deputy_until", read.deputy_until)):
        if given and read.account not in single:
            table.note(f"{key} is for accounts whose provider knows one contact person; leave it out.", key)
        elif given:
            table.once(key, read.account, key)
    if read.contact_person and read.deputy_until:
        table.note("deputy_until is for somebody else than the contact person.", "deputy_until")


def at_home(table: Table, read: Contact, homes: Set[Home]) -> None:
    """A contact comes from a tenant of their own company, or is a guest in one of the desk's."""
    for identity in read.identities:
        if (identity.channel, identity.tenant) not in homes:
            sort, key = HOMES[identity.channel]
            mend = f"add it to {key} of account {shown(read.account)}, or correct it"
            table.note(f"{identity.channel} is in no {sort} of the account or the desk; {mend}.", identity.channel)


def carers(people: Collection[Staff]) -> dict[str, Kind[str]]:
    """Who can be assigned as what."""
    return {
        duty: kinds.one_of(
            {s.email for s in people if s.role in roles}, f"the e-mail of {who} in this file", small=True
        )
        for duty, roles, who in (("concierge", CONCIERGES, "a concierge, lead or admin"), ("coach", COACHES, "a coach"))
    }


def assignment(table: Table, slug: Kind[str], duties: Mapping[str, Kind[str]]) -> Assignment:
    account = table.need("account", slug)
    table.once("assignment", account, "account")
    named = {duty: table.may(duty, kind, None) for duty, kind in duties.items()}
    if not named.keys() & table.keys.keys():
        table.note("An assignment names a concierge, a coach or both.")
    return Assignment(account, named["concierge"], named["coach"], table.line)


def channel(table: Table, slug: Kind[str]) -> Channel:
    account = table.need("account", slug)
    if not {"slack", "teams"} & table.keys.keys():
        table.note("A channel names a place in slack, in teams or in both.")
    return Channel(account, places(table, slack="slack", teams="teams"), table.line)


def announced(table: Table) -> Desk:
    keep = table.may("keep_closed_cases", kinds.KEPT, 0)
    return Desk(places(table, slack="slack_channel", teams="teams_conversation"), table.line, keep)


def email(table: Table) -> str:
    address = table.need("email", kinds.EMAIL)
    table.once("email", address, "email")
    return address


def identities(table: Table) -> tuple[Identity, ...]:
    read = {key: table.may(key, kind, None) for key, kind in kinds.USERS.items()}
    for key, identity in read.items():
        table.once("identity", identity, key)
    return tuple(identity for identity in read.values() if identity)


def places(table: Table, **keys: str) -> tuple[Place, ...]:
    """The rooms that the table names; ``keys`` are its words for them, by channel."""
    read = {key: table.may(key, kinds.ROOMS[channel], None) for channel, key in keys.items()}
    for key, place in read.items():
        table.once("place", place, key)
    return tuple(place for place in read.values() if place)
