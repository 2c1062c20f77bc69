"""Where a report is looked at: a page, its pictures, a PDF and a file for spreadsheets, all behind one signed link."""

import asyncio
import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader

from app.clock import Clock
from app.drawing import FORMS, Form
from app.invitations import HEADERS, PATIENCE
from bot.desk.reporting import Reported, Wanted
from bot.invitations import Links
from bot.plots import JSON, Plot
from bot.reports import for_reader, gathered, read_link
from bot.text.reports import page, plot
from bot.turn import Now
from rules.catalogue import Catalogues
from rules.people import Actor
from rules.reports import Cause, Report, Tally
from rules.sla import State
from store.store import Store, Unavailable

PLACE = Path(__file__).parent / "pages"
PAGES = Environment(loader=FileSystemLoader(PLACE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
GRACE = 30.0  # seconds for one picture
KEPT = 32  # pictures: a chat's many readers fetch the same one
SHARED = timedelta(seconds=5)  # in which a report that was reckoned is shown as it was
WAITING = 8  # for a picture at the same time; one is drawn at a time


class Busy(Exception):
    """Too many wait for a picture."""


@dataclass
class Drawer:
    """One picture at a time, each by a process of its own, low in priority."""

    _kept: dict[tuple[Plot, Form], bytes] = field(default_factory=dict)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: int = 0

    async def draw(self, plot: Plot, form: Form) -> bytes:
        """Raises Busy, and TimeoutError where it takes too long."""
        if self._waiting >= WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._one:
                if (plot, form) not in self._kept:
                    self._kept[plot, form] = await _drawn(plot, form)
                    for old in list(self._kept)[:-KEPT]:
                        del self._kept[old]
                return self._kept[plot, form]
        finally:
            self._waiting -= 1


async def _drawn(plot: Plot, form: Form) -> bytes:
    pipe, command = asyncio.subprocess.PIPE, (sys.executable, "-m", "app.drawing", form)
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    try:
        async with asyncio.timeout(GRACE):
            octets, _ = await process.communicate(JSON.dump_json(plot))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"the picture was not drawn: {process.returncode}")
    return octets


@dataclass(frozen=True)
class Reports:
    links: Links
    store: Store
    clock: Clock
    catalogues: Catalogues
    drawer: Drawer = field(default_factory=Drawer)
    _shared: dict[Wanted, tuple[datetime, "asyncio.Task[Report]"]] = field(default_factory=dict)

    async def found(self, token: str) -> tuple[Reported, Actor]:
        """What the link leads to, and who reads it; raises HTTPNotFound and HTTPServiceUnavailable."""
        now = self.clock()
        try:
            wanted = read_link(self.links, token, now.business)
            if wanted is None:
                raise web.HTTPNotFound
            report = await self._gathered(wanted, now)
            shown = await self.store.read(for_reader, self.catalogues, wanted, report, now, patience=PATIENCE)
        except Unavailable:
            raise web.HTTPServiceUnavailable from None
        if shown is None:
            raise web.HTTPNotFound
        return shown

    async def _gathered(self, wanted: Wanted, now: Now) -> Report:
        """A page and its pictures are asked for together: one reckoning serves them all."""
        for old, (until, task) in list(self._shared.items()):
            if until <= now.machine or (task.done() and (task.cancelled() or task.exception())):
                del self._shared[old]
        if wanted not in self._shared:
            work = gathered(self.store, self.catalogues, wanted, now.business, PATIENCE)
            self._shared[wanted] = (now.machine + SHARED, asyncio.create_task(work))
        return await asyncio.shield(self._shared[wanted][1])

    async def page(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        found, reader = await self.found(token)
        shown = PAGES.get_template("report.html").render(page=page(found, reader), token=token)
        return _sent(shown.encode(), "text/html", **{"Content-Security-Policy": POLICY})

    async def picture(self, request: web.Request) -> web.Response:
        found, reader = await self.found(request.match_info["token"])
        form: Form = "dark" if request.match_info["dark"] else "png"
        return _sent(await self._draw(plot(found, reader), form), FORMS[form])

    async def document(self, request: web.Request) -> web.Response:
        found, reader = await self.found(request.match_info["token"])
        octets = await self._draw(plot(found, reader, alone=True), "pdf")
        return _sent(octets, FORMS["pdf"], **_as_file(found, "pdf"))

    async def sheet(self, request: web.Request) -> web.Response:
        found, _ = await self.found(request.match_info["token"])
        return _sent(spreadsheet(found).encode("utf-8-sig"), "text/csv", **_as_file(found, "csv"))

    async def _draw(self, plot: Plot, form: Form) -> bytes:
        try:
            return await self.drawer.draw(plot, form)
        except (Busy, TimeoutError):
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}) from None


def _sent(body: bytes, media: str, **headers: str) -> web.Response:
    charset = "utf-8" if media.startswith("text/") else None
    return web.Response(body=body, content_type=media, charset=charset, headers={**HEADERS, **headers})


def _as_file(found: Reported, ending: str) -> dict[str, str]:
    period = found.wanted.period
    return {"Content-Disposition": f'attachment; filename="report-{period.first}-{period.last}.{ending}"'}


def register(app: web.Application, links: Links, store: Store, clock: Clock, catalogues: Catalogues) -> Reports:
    reports, token = Reports(links, store, clock, catalogues), "{token:[0-9a-f-]{1,200}}"
    app.add_routes(
        [
            web.get("/reports/report.css", _style),
            web.get(f"/reports/{token}", reports.page),
            web.get(f"/reports/{token}.{{dark:(?:dark[.])?}}png", reports.picture),
            web.get(f"/reports/{token}.pdf", reports.document),
            web.get(f"/reports/{token}.csv", reports.sheet),
        ]
    )
    return reports


async def _style(_: web.Request) -> web.Response:
    return _sent((PLACE / "report.css").read_bytes(), "text/css")


# For spreadsheets -------------------------------------------------------------------------------------------------

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With what a cell begins that a spreadsheet would carry out."""


def spreadsheet(found: Reported) -> str:
    """A row for each company and plan, in whole numbers and English: programs read it too."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("from", "to", "company", "plan", *_numbers(Tally())))
    period = found.wanted.period
    for group, tally in sorted(found.report.groups.items(), key=lambda one: (one[0].account, one[0].plan or "")):
        name = found.names.get(group.account, str(group.account))
        writer.writerow((period.first, period.last, harmless(name), group.plan or "", *_numbers(tally).values()))
    return out.getvalue()


def harmless(cell: str) -> str:
    """Text, whatever it begins with."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULAS) or cell.startswith(FORMULAS) else cell


def _numbers(tally: Tally) -> dict[str, int | str]:
    return dict(_columns(tally))


def _columns(tally: Tally) -> Iterator[tuple[str, int | str]]:
    yield "received", tally.received
    for state in State:
        yield state, tally.states[state]
    for cause in Cause:
        yield f"breached_{cause}", tally.causes[cause]
    for kind, minutes in (("business", True), ("clock", False)):
        times = next((each for each in tally.times if each.business is minutes), None)
        yield f"answered_{kind}", times.count if times else 0
        yield f"median_{kind}_minutes", times.median if times else ""
        yield f"p90_{kind}_minutes", times.slow if times else ""
    yield from (("closed", tally.closings), ("closed_without_confirmation", tally.unconfirmed))
    yield from (("missed_appointments", tally.missed), ("open_at_end", tally.backlog))
    yield from (("rated", tally.stars.total()), ("rated_four_or_five", tally.satisfied.part if tally.satisfied else 0))
    yield from (("questions", tally.asked), ("questions_answered", tally.helped), ("questions_not_said", tally.unsaid))
