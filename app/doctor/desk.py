"""The desk itself: whether people can be warned, and whether what should have happened has."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.backup import BACKED_UP
from app.doctor.findings import Finding, ok, some, warning, wrong
from app.installs import CHANNEL, PURPOSE
from app.secrets import Seal, WrongKey
from app.settings import Settings
from app.webhooks import PURPOSE as CALLED
from bot.auditing import PAGE, Late, page
from bot.desk.eligibility import covering, who_may_ask
from bot.turn import Now, Turn, the_desk
from rules.catalogue import Catalogues, UnknownPlan
from rules.eligibility import Eligibility
from store.histories import FOUND, NIGHT
from store.links import UNVERIFIED
from store.store import Store
from store.tables import Account
from store.work import Work

LATE, VERY_LATE = timedelta(minutes=1), timedelta(minutes=10)
TOLERANCE = timedelta(minutes=1)
OLD_BACKUP = timedelta(hours=26)
OLD_NIGHT = timedelta(days=2)
CHATS = {"slack": "Slack", "teams": "Teams"}


async def desk_of(settings: Settings, store: Store, catalogues: Catalogues, now: Now) -> list[Finding]:
    found = await store.read(lambda work: [*directory(work, settings, catalogues, now), *state(work, now)])
    return [*found, *await escalations(store, catalogues, now), *await store.read(lambda work: sealed(work, settings))]


# Who is there


@dataclass
class _Accounts:
    """By what is amiss with them, their short names."""

    uncovered: list[str]
    ended: list[str]
    nobody: list[str]
    unattended: list[str]
    unknown: list[str]


def directory(work: Work, settings: Settings, catalogues: Catalogues, now: Now) -> Iterator[Finding]:
    accounts = [each for each in work.accounts() if not each.slug.startswith((UNVERIFIED, "erased-account-"))]
    staff, amiss = work.staff(), _Accounts([], [], [], [], [])
    turn = Turn(work, catalogues, the_desk("UTC"), now, now.business)
    for account in accounts:
        _look(turn, account, amiss)
    if not staff:
        do = "supporthub import, with [[staff]]: docs/directory.md."
        yield wrong("directory", "nobody is on the desk: no warning reaches anybody.", do)
    elif not accounts:
        yield warning("directory", "there is no account.", "supporthub import: docs/directory.md.")
    else:
        yield ok("directory", f"{len(accounts)} accounts, {len(work.customers())} contacts, {len(staff)} of the desk.")
    yield from _told(amiss)
    for channel, name in CHATS.items():
        if getattr(settings, channel) is None:
            continue
        linked = {who.id for identity, who in work.linked() if identity.channel == channel}
        unlinked = [person.name for person in staff if person.id not in linked]
        if unlinked:
            do = "supporthub link code ADDRESS, or their id in the directory file: docs/people.md."
            yield warning(name, f"not linked, so that nothing reaches them there: {some(unlinked)}.", do)
        elif staff:
            yield ok(name, "everybody of the desk is linked.")
    on = [channel for channel in CHATS if getattr(settings, channel) is not None]
    if on and not work.desk_channels() & set(on):
        yield warning("desk's room", "new work is announced in no room.", "[desk] of the directory file.")


def _look(turn: Turn, account: Account, amiss: _Accounts) -> None:
    try:
        found = covering(turn, account.id)
    except UnknownPlan as unknown:
        return amiss.unknown.append(f"{account.slug} ({unknown.id})")
    if found.plan is None:
        (amiss.ended if found.otherwise is Eligibility.ENDED else amiss.uncovered).append(account.slug)
    elif not account.accept_all and not who_may_ask(turn, found.plan.provider, account.id):
        amiss.nobody.append(account.slug)
    if turn.work.concierge(account.id) is None:
        amiss.unattended.append(account.slug)


def _told(amiss: _Accounts) -> Iterator[Finding]:
    file = "Mend the directory file and import it: docs/directory.md."
    if amiss.unknown:
        yield wrong("contracts", f"of a plan that is in no catalogue: {some(amiss.unknown)}.", file)
    if amiss.uncovered:
        yield warning("contracts", f"none today, so no promise either: {some(amiss.uncovered)}.", file)
    if amiss.ended:
        yield warning("contracts", f"expired: {some(amiss.ended)}.", file)
    if amiss.nobody:
        yield warning("contacts", f"nobody is nominated, every case is flagged: {some(amiss.nobody)}.", file)
    if amiss.unattended:
        says = f"no concierge, so that the desk's other people are warned: {some(amiss.unattended)}."
        yield warning("concierges", says, "[[assignment]] of the directory file.")


# What should have happened


def state(work: Work, now: Now) -> Iterator[Finding]:
    yield _queue(work, now)
    dead = work.count_dead()
    if dead:
        yield warning("dead letters", f"{dead} were given up.", "supporthub dead list; then supporthub dead replay.")
    else:
        yield ok("dead letters", "none.")
    yield _verified(work.setting(NIGHT) or "", work.setting(FOUND), now.machine)
    yield _backed_up(work.setting(BACKED_UP), now.machine)


def _queue(work: Work, now: Now) -> Finding:
    due = work.next_due()
    waited = max(timedelta(), now.machine - due) if due else timedelta()
    if waited > LATE:
        told = wrong if waited > VERY_LATE else warning
        do = "Does a server run, and does its channel answer? docs/operations.md, Queue."
        return told(
            "queue", f"the oldest message has been due for {timedelta(seconds=int(waited.total_seconds()))}.", do
        )
    return ok("queue", "nothing waits.")


def _verified(night: str, differences: str | None, now: datetime) -> Finding:
    day = night[:10]
    if not day:
        return warning("verify", "the nightly audit has not run yet.", "supporthub verify does the same now.")
    if now.date() - date.fromisoformat(day) > OLD_NIGHT:
        return warning("verify", f"the nightly audit last ran on {day}.", "A server does it: does one run?")
    if differences and int(differences):
        return wrong("verify", f"{differences} differences in the night of {day}.", "supporthub verify shows them.")
    return ok("verify", f"no difference in the night of {day}.")


def _backed_up(kept: str | None, now: datetime) -> Finding:
    if kept is None:
        return warning("backups", "supporthub backup was never run here.", "docs/backup.md; or you have another way.")
    age = now - datetime.fromisoformat(kept).astimezone(UTC)
    says = f"the latest is {int(age.total_seconds() // 3600)} hours old."
    return warning("backups", says, "Make them regularly: docs/backup.md.") if age > OLD_BACKUP else ok("backups", says)


async def escalations(store: Store, catalogues: Catalogues, now: Now) -> list[Finding]:
    looked, late = 0, list[Late]()
    for after in range(0, await store.read(Work.last_case), PAGE):
        live, found = await store.read(page, after, now.business, TOLERANCE, catalogues)
        looked, late = looked + live, late + found
    if late:
        says = f"{len(late)} are late or reached nobody, such as {late[0]}."
        return [wrong("warnings", says, "docs/escalation.md, and each of them: supporthub audit escalations")]
    return [ok("warnings", f"none is late, of {looked} live cases.")]


def sealed(work: Work, settings: Settings) -> list[Finding]:
    """Whether today's key opens what vendors and webhooks were sealed with."""
    kept = [(f"slack {each.tenant}", PURPOSE, each.sealed) for each in work.installs(CHANNEL)]
    kept += [(f"webhook {hook.id}", CALLED, hook.sealed) for hook, *_ in work.webhooks() if hook.ended_at is None]
    if not kept:
        return []
    seal = Seal(settings.secret_key, lambda: datetime.now(UTC)) if settings.secret_key else None
    shut = [name for name, purpose, text in kept if not _opens(seal, purpose, text)]
    if shut:
        do = "Set the old key again, or docs/operations.md, Lost secret key."
        return [wrong("secret key", f"it is not the one that sealed {some(shut)}.", do)]
    return [ok("secret key", f"opens all {len(kept)} that are sealed.")]


def _opens(seal: Seal | None, purpose: str, text: str) -> bool:
    try:
        return bool(seal and seal.open(purpose, text))
    except WrongKey:
        return False
