"""What a directory file says against the provider's terms: told to whoever imports it, and imported all the same.

What was signed is for people to judge; only what is still to be agreed on is refused, in an upgrade.
"""

from collections.abc import Iterable, Mapping

from rules.catalogue import Plan
from rules.contracts import check_contract, whole_months
from rules.directory.kinds import NO_DATE
from rules.directory.values import Contact, Contract
from rules.directory.walk import Table


def of_contract(table: Table, read: Contract, plan: Plan) -> None:
    """T2, T9, T14."""
    term = whole_months(read.starts, read.ends) if read.ends and NO_DATE not in (read.starts, read.ends) else None
    owned = read.owned or read.products or None
    found = check_contract(plan, licences=read.licences, months=term, owned=owned, covered=read.products or None)
    for reason in found.reasons:
        table.doubt(f"{reason.says} ({', '.join(reason.clauses)})" if reason.clauses else reason.says)


def of_seats(
    root: Table, contracts: Iterable[Contract], contacts: Iterable[Contact], plans: Mapping[str, Plan]
) -> None:
    """More people hold a licence than the contract has (W11)."""
    holders = [contact.account for contact in contacts if contact.licensed]
    for index, read in enumerate(contracts):
        plan, used = plans.get(read.plan), holders.count(read.account)
        if plan and plan.provider.seats and used > read.licences > 0:
            clauses = ", ".join(plan.provider.seats)
            root.doubt(
                f"{used} contacts are licensed, and there are {read.licences} licences ({clauses}).", "contract", index
            )
