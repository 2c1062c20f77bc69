"""What must hold between tables: contracts that follow each other, and people who come from where they belong."""

from collections.abc import Collection, Iterable, Mapping, Set
from datetime import date

from rules.directory.kinds import NO_DATE
from rules.directory.values import Account, Channel, Contract, Desk, Staff
from rules.directory.walk import Table

Home = tuple[str, str]
"""A channel, and a tenant (Teams) or workspace (Slack) in it."""


def apart(root: Table, contracts: Iterable[Contract]) -> None:
    """Notes every contract that begins while another of the same account and provider runs."""
    latest: dict[tuple[str, str], Contract] = {}
    for index, this in sorted(enumerate(contracts), key=lambda pair: pair[1].starts):
        if NO_DATE in (this.starts, this.ends) or not (this.account and this.provider):
            continue
        before = latest.setdefault((this.account, this.provider), this)
        if before is not this and this.starts <= last_day(before):
            mend = "end that one sooner, since an account has one contract with a provider at a time."
            root.note(f"starts before the contract on line {before.line} ends; {mend}", "contract", index, "starts")
        latest[this.account, this.provider] = max(before, this, key=last_day)


def last_day(contract: Contract) -> date:
    return contract.ends or date.max


def welcome(
    accounts: Collection[Account], people: Iterable[Staff], rooms: Iterable[Channel | Desk]
) -> Mapping[str, Set[Home]]:
    """Where the contacts of each account may come from: its own tenants, and the desk's, in which they are guests."""
    bound: dict[str, set[Home]] = {a.slug: set() for a in accounts}
    for a in accounts:
        bound[a.slug] |= {("teams", tenant) for tenant in a.teams_tenants} | {("slack", team) for team in a.slack_teams}
    ours = {(identity.channel, identity.tenant) for member in people for identity in member.identities}
    ours |= {(place.channel, place.tenant) for room in rooms for place in room.places}
    # A colleague of ours who is a guest at one customer's opens no way there for people of another.
    return {slug: own | ours.difference(*bound.values()) for slug, own in bound.items()}
