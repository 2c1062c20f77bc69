"""A report beyond a chat's answer: the signed link to all of it, and reckoning it a page at a time."""

import asyncio
import hmac
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from bot.desk.reporting import PAGE, Reported, Wanted, add, begin, read_on, reported, still_theirs
from bot.invitations import Links
from bot.turn import Now
from rules.catalogue import Catalogues
from rules.people import Actor
from rules.reports import Period, Report
from store.store import Store
from store.work import Work

LIVES = timedelta(days=7)
"""How long the link to one leads anywhere: as long as the picture in a chat is to be seen."""
PAUSE = 0.01  # seconds between two pages of cases, for those who are served meanwhile
_PURPOSE = b"a report's link"


def link(links: Links, wanted: Wanted, now: datetime) -> str:
    """For that reader, without its ending: whatever they may no longer read is not shown there."""
    period = wanted.period
    days = f"{period.first.toordinal()}-{period.last.toordinal()}-{period.zone.encode().hex()}"
    named = f"{wanted.reader}-{wanted.whose}-{days}-{int((now + LIVES).timestamp())}"
    return f"{links.origin}/reports/{named}-{_signature(links, named)}"


def linked(found: Reported, links: Links | None, now: datetime) -> Reported:
    return replace(found, link=link(links, found.wanted, now), until=now + LIVES) if links else found


def read_link(links: Links, token: str, now: datetime) -> Wanted | None:
    """None for anything that was not made here, or is over."""
    named, _, signature = token.rpartition("-")
    if not hmac.compare_digest(signature.encode(), _signature(links, named).encode()):
        return None
    reader, whose, first, last, zone, until = named.split("-")
    period = Period(date.fromordinal(int(first)), date.fromordinal(int(last)), bytes.fromhex(zone).decode())
    return Wanted(int(reader), whose, period) if now.timestamp() < int(until) else None


def _signature(links: Links, named: str) -> str:
    key = hmac.digest(links.key, _PURPOSE, sha256)
    return hmac.digest(key, named.encode(), sha256).hex()[:40]


async def gathered(
    store: Store, catalogues: Catalogues, wanted: Wanted, now: datetime, patience: float | None = None
) -> Report:
    """Whatever its size: no page of it holds others up for long."""
    report, after = await store.read(begin, wanted, now, patience=patience), 0
    while some := await store.read(read_on, wanted, after, patience=patience):
        await asyncio.to_thread(add, report, some, catalogues)
        after = some[-1].number
        if len(some) < PAGE:
            break
        await asyncio.sleep(PAUSE)
    return report


def for_reader(
    work: Work, catalogues: Catalogues, wanted: Wanted, report: Report, now: Now
) -> tuple[Reported, Actor] | None:
    """As they may read it today, and who they are; None where they no longer may."""
    turn = still_theirs(work, catalogues, wanted, now)
    return (reported(turn, wanted, report), turn.actor) if turn else None
