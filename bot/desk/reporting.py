"""Who may have which report, and what is in it. Nothing here changes anything but whether somebody has the digest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.contracts import Standing, looked_at, named_account
from bot.desk.eligibility import who_may_ask
from bot.desk.entitlements import provider_of
from bot.turn import Now, Turn, as_actor, zone_of
from rules.business_time import Calendar
from rules.catalogue import Catalogues, Provider
from rules.lifecycle import Verb, permit
from rules.people import STAFF, Role
from rules.refusals import Misunderstood, NoSuchChoice, NotForYou, NotTheReports
from rules.reports import EVERYBODYS, LOOKED_AFTER, Period, Received, Report, period
from store.tables import Account, Person
from store.work import Work

PAGE = 4_000  # cases read at a time
MOST = 8_000  # of them counted while somebody waits in chat; a page takes as many as there are
USAGE = "report last month [ACCOUNT]"
UNSAID = "this month"
TICK = timedelta(microseconds=1)  # what happens at this very moment has happened


@dataclass(frozen=True)
class Wanted:
    """A report as somebody asked for it, or was sent a link to."""

    reader: int
    whose: str
    """An account's number, or one of the two above."""
    period: Period


@dataclass(frozen=True)
class Reported:
    report: Report
    wanted: Wanted
    account: Account | None
    """None: of several companies, which are told apart."""
    names: Mapping[int, str]
    """Of companies."""
    plans: Mapping[str | None, str]
    providers: Mapping[str | None, str]
    standing: Standing | None
    """The account's own contract today: seats and cost are shown with it (W50)."""
    provider: Provider
    link: str | None = None
    """To all of it, without ending."""
    until: datetime | None = None
    """How long that leads anywhere."""


def wanted(turn: Turn, words: str) -> Wanted:
    """``last quarter``; of the desk also ``last quarter northwind``, in either order, or ``northwind`` alone."""
    zone = zone_of(provider_of(turn))
    said = _PLEASE.sub("", words.strip().rstrip(".!?")).split() or UNSAID.split()
    if not turn.actor.staff:
        _permit_customer(turn)
        found = period(_bare(said), turn.now, zone)
        if found is None:
            raise Misunderstood(usage="report last quarter")
        return Wanted(turn.actor.id, str(turn.actor.account), found)
    permit(turn.actor, Verb.REPORT)
    for n in range(len(said), 0, -1):
        for some, rest in ((said[:n], said[n:]), (said[-n:], said[:-n])):
            if found := period(_bare(some), turn.now, zone):
                whose = str(named_account(turn, _bare(rest)).id) if rest else EVERYBODYS
                return Wanted(turn.actor.id, whose, found)
    found = period(UNSAID, turn.now, zone)
    if found is None or not turn.work.accounts_called(_bare(said)):
        raise Misunderstood(usage=USAGE)
    return Wanted(turn.actor.id, str(named_account(turn, _bare(said)).id), found)


_PLEASE = re.compile(r"(^|\s+)please$", re.I)


def _bare(said: Sequence[str]) -> str:
    """ "report for last month", "report last month for northwind"."""
    return re.sub(r"^for\s+|\s+for$", "", " ".join(said), flags=re.I)


def _permit_customer(turn: Turn) -> None:
    """A whole company's figures are for those who speak for it (W50)."""
    permit(turn.actor, Verb.OWN_REPORT)
    account = turn.actor.account
    speak = who_may_ask(turn, provider_of(turn), account) if account else ()
    if not turn.actor.nominated and turn.actor.id not in {person.id for person in speak}:
        raise NotTheReports()


def still_theirs(work: Work, catalogues: Catalogues, wanted: Wanted, now: Now) -> Turn | None:
    """As whoever was given a link may read it today; None where they no longer may."""
    person = work.find(Person, id=wanted.reader)
    if person is None or person.left_at is not None or person.erased_at is not None:
        return None
    provider = next(iter(catalogues.providers.values()))
    turn = Turn(work, catalogues, as_actor(person, zone_of(provider)), now, now.business)
    one = wanted.whose not in (EVERYBODYS, LOOKED_AFTER)
    if one and work.find(Account, id=int(wanted.whose)) is None:
        return None
    if person.role in STAFF:
        return turn
    if str(person.account_id) != wanted.whose:
        return None
    try:
        _permit_customer(turn)
    except (NotTheReports, NotForYou):
        return None
    return turn


def accounts(work: Work, wanted: Wanted) -> tuple[int, ...] | None:
    if wanted.whose == EVERYBODYS:
        return None
    return work.looked_after(wanted.reader) if wanted.whose == LOOKED_AFTER else (int(wanted.whose),)


def begin(work: Work, wanted: Wanted, now: datetime) -> Report:
    """All that the database adds up; the cases that were received are still to be read."""
    from bot.dialogs.how_do_i import HELPED, NOT_SAID  # dialogs say lines, and one of them reports

    theirs, report = accounts(work, wanted), Report(wanted.period, now)
    for group, status, many in work.ended(wanted.period, theirs):
        report.of(*group).closed[status] += many
    for group, _, many in work.missed(wanted.period, theirs):
        report.of(*group).missed += many
    for group, stars, many in work.rated(wanted.period, theirs):
        report.of(*group).stars[int(stars)] += many
    for group, _, many in work.backlog(min(wanted.period.until, now + TICK), theirs):
        report.of(*group).backlog += many
    for account, outcome, many in work.questions(wanted.period, theirs):
        tally = report.of(account, None)
        tally.asked, tally.helped = tally.asked + many, tally.helped + many * (outcome == HELPED)
        tally.unsaid += many * (outcome == NOT_SAID)
    return report


def read_on(work: Work, wanted: Wanted, after: int) -> list[Received]:
    """The next cases by number; fewer than a page of them are the last."""
    return work.received(wanted.period, accounts(work, wanted), after, PAGE)


def add(report: Report, some: Sequence[Received], catalogues: Catalogues) -> None:
    for case in some:
        report.add(case, _hours(catalogues, case.plan))


def reckon(work: Work, catalogues: Catalogues, wanted: Wanted, now: datetime, most: int = MOST) -> Report | None:
    """All at once, for somebody who waits; None where it is too much for that."""
    read: list[Received] = []
    while len(read) < most:
        read += (some := read_on(work, wanted, read[-1].number if read else 0))
        if len(some) < PAGE:
            report = begin(work, wanted, now)
            add(report, read, catalogues)
            return report
    return None


def reported(turn: Turn, wanted: Wanted, report: Report) -> Reported:
    one = wanted.whose not in (EVERYBODYS, LOOKED_AFTER)
    account = turn.work.account(int(wanted.whose)) if one else None
    shown = tuple({group.account for group in report.groups})
    names = {account.id: account.name} if account else turn.work.account_names(shown)
    standing = looked_at(turn, account.id) if account else None
    catalogues = turn.catalogues
    plans: dict[str | None, str] = {plan.id: plan.name for plan in catalogues.plans.values()}
    providers: dict[str | None, str] = {provider.id: provider.name for provider in catalogues.providers.values()}
    return Reported(report, wanted, account, names, plans, providers, standing, provider_of(turn))


def choose_digest(turn: Turn, words: str) -> bool:
    """Whether they want the week's report from now on."""
    permit(turn.actor, Verb.DIGEST)
    said = words.strip().rstrip(".!").lower()
    if said not in ("on", "off"):
        raise NoSuchChoice(given=words, choices="on, off")
    person = turn.work.person(turn.actor.id)
    person.digest = said == "on"
    turn.work.add(person)
    return person.digest


def digest_of(person: Person, week: Period) -> Wanted:
    """Leads hear of everybody's cases, a concierge of those that are theirs to look after."""
    return Wanted(person.id, EVERYBODYS if person.role is Role.LEAD else LOOKED_AFTER, week)


def _hours(catalogues: Catalogues, plan: str | None) -> Calendar | None:
    """Of the provider of that plan; of the desk's own where there was none."""
    providers = catalogues.providers
    found = providers.get((plan or "").partition("/")[0]) or next(iter(providers.values()))
    return found.calendar()
