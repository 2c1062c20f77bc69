"""Open cases of another desk: received when they were, each once, and nobody is told of what is past."""

from collections.abc import Sequence
from datetime import datetime

from bot.desk.directory import Imported, apply
from bot.desk.doors import record
from bot.desk.handing_over import reconsider
from bot.desk.opening import bring_in
from bot.turn import Now, Turn
from rules.catalogue import Catalogues
from rules.directory import Directory
from rules.directory.between import Home
from rules.directory.tables import ONE_CONTACT
from rules.lifecycle import Verb
from rules.people import STAFF, Actor, Role
from rules.sheets import CaseRow, Known
from rules.toml_lines import Mistake, Mistakes
from store.links import UNVERIFIED
from store.tables import Account, Case, Person
from store.work import Work

IMPORTER = Actor(0, "the import", Role.ADMIN, None, "UTC")


def known(work: Work, catalogues: Catalogues, languages: Sequence[str]) -> Known:
    """What rows of a spreadsheet may refer to."""
    accounts = [each for each in work.accounts() if not each.slug.startswith(UNVERIFIED)]
    ours, own = work.desk_tenants(), dict[int, set[Home]]()
    for tenant in work.owned_tenants():
        own.setdefault(tenant.account_id, set()).add((tenant.channel, tenant.tenant))
    return Known(
        [account.slug for account in accounts],
        {account.slug: own.get(account.id, set()) | ours for account in accounts},
        frozenset(account.slug for account in accounts if _one_contact(work, catalogues, account)),
        languages,
    )


def _one_contact(work: Work, catalogues: Catalogues, account: Account) -> bool:
    plans = (catalogues.plans.get(contract.plan) for contract in work.contracts(account.id))
    return any(plan is not None and plan.provider.contacts.rule == ONE_CONTACT for plan in plans)


def import_directory(work: Work, directory: Directory, catalogues: Catalogues, now: Now) -> Imported:
    """And what waits for the word of whoever may ask goes by who that is from now on. Raises Mistakes."""
    done = apply(work, directory, now.machine)
    turn = Turn(work, catalogues, IMPORTER, now, now.business)
    for slug in sorted({contact.account for contact in directory.contacts}):
        reconsider(turn, work.find(Account, slug=slug).id)
    return done


def import_cases(work: Work, rows: Sequence[CaseRow], file: str, catalogues: Catalogues, now: Now) -> Imported:
    """All or none. What was imported before lives here by now, and stays as it is. Raises Mistakes."""
    wrong, new = list[Mistake](), list[CaseRow]()
    for row in rows:
        before: Case | None = work.find(Case, external_id=row.external_id)
        account: Account = work.find(Account, slug=row.account)
        if before is not None and before.account_id != account.id:
            wrong.append(Mistake(row.line, f"{row.external_id} was imported for another account already.", file))
        elif before is None:
            wrong += [Mistake(row.line, says, file) for says in _unfit(work, row, account, now.business)]
            new.append(row)
    if wrong:
        raise Mistakes(wrong)
    for row in sorted(new, key=lambda each: each.received):
        _bring_in(Turn(work, catalogues, IMPORTER, now, row.received), row)
    if new:
        about = f"{len(new)} of {len(rows)} cases"
        work.audit(at=now.machine, person_id=None, what="import", about=about, outcome="done")
    return Imported(len(rows), len(new))


def _unfit(work: Work, row: CaseRow, account: Account, now: datetime) -> list[str]:
    found = []
    opener, assignee = work.person_at(row.opener), work.person_at(row.assignee) if row.assignee else None
    if work.tombstone("person", row.opener):
        found.append(f"{row.opener} was erased: leave the case out, or name a colleague.")
    elif opener is None or opener.account_id != account.id:
        found.append(f"opener must be the e-mail of a contact of {account.slug}; import the contacts before.")
    elif opener.left_at is not None:
        found.append(f"{row.opener} has left: name a colleague who goes on with it.")
    if row.assignee and (assignee is None or assignee.role not in STAFF or assignee.left_at is not None):
        found.append("assignee must be the e-mail of somebody of the desk.")
    if row.received > now:
        found.append("received must not lie ahead.")
    return found


def _bring_in(turn: Turn, row: CaseRow) -> None:
    """Under the plan and terms of the day on which it was received, by its own clock (W36, R7)."""
    person: Person = turn.work.find(Person, email=row.opener)
    place = person.conversation_id or turn.work.conversation("email", "", row.opener).id
    case = bring_in(turn, person, row.subject, row.text, place)
    case.external_id, case.priority = row.external_id, row.priority
    record(turn, case, Verb.IMPORT, row.external_id, quiet=True)
    if row.assignee:
        assignee: Person = turn.work.find(Person, email=row.assignee)
        case.assignee_id = assignee.id
        record(turn, case, Verb.ASSIGN, assignee.name, quiet=True)
