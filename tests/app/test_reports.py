"""A report's page, its pictures, its PDF and its file for spreadsheets: for whom the link was made, and for a while."""

import ast
import asyncio
import csv
import io
import re
import struct
from datetime import date
from typing import Any
from unittest.mock import AsyncMock, patch

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from app import reports
from app.drawing import DARK, LIGHT, Form, drawn
from app.reports import PLACE, harmless, register
from bot.desk.reporting import Wanted
from bot.invitations import Links
from bot.plots import JSON, Panel, Plot, Series
from bot.reports import LIVES, gathered, link
from rules.reports import EVERYBODYS, Period
from store.work import Work
from tests.store.inside import sql
from tests.world import CATALOGUES, ROOT, World, opened

LINKS = Links("", b"k" * 32)
DRAWING = re.compile(r"\b(matplotlib|PIL)\b")
JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31), "America/New_York")
A_GUEST = "guest = true, nominated = false, licensed = false, contact_person = false, email = NULL"
EVIL = "=HYPERLINK(1)<script>$x$"
PLOT = Plot(
    "Report of $A$ & <B>",
    ("1 Jan", "2 Jan", "3 Jan"),
    (
        Panel("Cases", "stacked", (Series("in time", "good", (3.0, 0.0, 1.0)), Series("late", "bad", (1.0, 0.0, 2.0)))),
        Panel("Hours", "lines", (Series("median", "good", (1.5, None, 2.0)), Series("slow", "slow", (3.0, None, 4.0)))),
        Panel("Nothing", "stacked", ()),
    ),
    "nothing yet",
    (("A name that is longer than its column is wide", "and words " * 20),),
    ("As it stands.",),
)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the pictures is really drawn, by the process that draws them all."""
    apart = reports._drawn

    async def draw(plot: Plot, form: Form) -> bytes:
        return await apart(plot, form) if form == "png" else form.encode()

    monkeypatch.setattr(reports, "_drawn", draw)


@pytest.mark.usefixtures("quick")
async def test_the_page_and_all_that_it_leads_to(sqlite_desk: World) -> None:
    desk = await opened(sqlite_desk)
    desk.passes(hours=2)
    await desk.says("sam", "reply 1001 Here I am")
    await desk.store.write(rename)
    app = web.Application()
    register(app, LINKS, desk.store, lambda: desk.time, CATALOGUES)  # type: ignore[arg-type]
    async with TestClient(TestServer(app)) as client:
        sam, ann, eve = [await desk.ask_store(who, name) for name in ("Sam Ortiz", "Ann Lee", "Eve Stone")]
        await everybodys(desk, client, made(desk, sam, EVERYBODYS))
        await nobody_elses(desk, client, ann, eve)


async def everybodys(desk: World, client: "TestClient[Any, Any]", path: str) -> None:
    page = await client.get(path)
    words = await page.text()
    assert (page.status, page.content_type, page.headers["Cache-Control"]) == (200, "text/html", "private, no-cache")
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "<script" not in words
    assert "=HYPERLINK(1)&lt;script&gt;$x$" in words
    assert "median 2 business hours; 90 % within 2 business hours" in words
    shown = "1, of which 1 were answered in time and 0 not."
    assert f'alt="Cases received over time, Thu 1 Jan 2026 to Sat 31 Jan 2026: {shown}"' in words
    drawn = re.search(r'<a class="drawing" href="(\S+)"><picture>(.*?)</picture></a>', words, re.DOTALL)
    assert drawn is not None, "by itself it can be enlarged"
    assert f'<img src="{drawn[1]}"' in drawn[2]
    style = (PLACE / "report.css").read_text()
    for rule in (".drawing, .wide { overflow-x: auto; }", ".drawing img { min-width: 40rem; }"):
        assert rule in style, "a phone moves it, and does not shrink it"
    for address in re.findall(r'(?:src|srcset|href)="([^"]+)"', words):
        found = await client.get(f"/reports/{address}")
        assert found.status == 200, address
    sheet = await client.get(f"{path}.csv")
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="report-2026-01-01-2026-01-31.csv"'
    [row] = csv.DictReader(io.StringIO((await sheet.read()).decode("utf-8-sig")))
    assert (row["company"], row["plan"], row["received"], row["met"]) == (f"'{EVIL}", "websan/success", "1", "1")
    assert (row["median_business_minutes"], row["breached"], row["median_clock_minutes"]) == ("120", "0", "")
    pdf = await client.get(f"{path}.pdf")
    assert (pdf.content_type, await pdf.read()) == ("application/pdf", b"pdf")
    picture = await (await client.get(f"{path}.png")).read()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24])[0] == 1000


async def nobody_elses(desk: World, client: "TestClient[Any, Any]", ann: int, eve: int) -> None:
    """Nor once they left, nor for ever (W50, C1)."""
    sam = await desk.ask_store(who, "Sam Ortiz")
    assert (await client.get(made(desk, sam, "999"))).status == 404, "no such company"
    own = made(desk, ann, "1")
    assert (await client.get(own)).status == 200
    forged = own.replace(f"/{ann}-1-", f"/{ann}-2-")
    for path in (made(desk, eve, "1"), made(desk, ann, EVERYBODYS), made(desk, 999, "1"), forged, own[:-1]):
        for ending in ("", ".csv", ".png", ".pdf"):
            assert (await client.get(path + ending)).status == 404, path
    await desk.store.write(lambda work: sql(work, f"UPDATE person SET nominated = false WHERE id = {ann}"))
    assert (await client.get(own)).status == 404
    other = made(desk, eve, "2")
    assert (await client.get(other)).status == 200
    reckoned = AsyncMock(side_effect=gathered)
    with patch("app.reports.gathered", reckoned):
        for later in (10, 0, 0, 10):
            desk.passes(seconds=later)
            await asyncio.gather(*(client.get(other + ending) for ending in ("", ".csv", ".csv")))
    assert reckoned.await_count == 2, "once for all that is asked for together"
    await desk.store.write(lambda work: sql(work, f"UPDATE person SET {A_GUEST} WHERE id = {eve}"))
    assert (await client.get(other)).status == 404
    desk.passes(seconds=LIVES.total_seconds())
    assert (await client.get(other)).status == 404


def made(desk: World, reader: int, whose: str) -> str:
    return link(LINKS, Wanted(reader, whose, JANUARY), desk.time.business)


def rename(work: Work) -> None:
    account = work.account(1)
    account.name = EVIL
    work.add(account)


def who(work: Work, name: str) -> int:
    return next(person.id for person in work.everybody() if person.name == name)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n@x"])
def test_no_cell_begins_as_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("Northwind = 1") == "Northwind = 1"


# Pictures ---------------------------------------------------------------------------------------------------------


def test_the_same_plot_is_drawn_to_the_octet_and_light_and_dark_differ() -> None:
    light, dark = drawn(PLOT, "png"), drawn(PLOT, "dark")
    assert light == drawn(JSON.validate_json(JSON.dump_json(PLOT)), "png")
    assert light != dark
    document = drawn(PLOT, "pdf")
    assert document == drawn(PLOT, "pdf")
    assert document[:5] == b"%PDF-"
    assert b"CreationDate" not in document


@pytest.mark.parametrize("shades", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_shapes_stand_out_from_the_ground(shades: dict[str, str]) -> None:
    """As WCAG 2 AA asks: 4.5 of words, 3 of what is drawn."""
    assert contrast(shades["words"], shades["ground"]) >= 4.5
    for name in ("good", "bad", "waiting", "none", "slow", "lines"):
        assert contrast(shades[name], shades["ground"]) >= 3, name


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_pages_own_colours_can_be_read(scheme: int) -> None:
    css = (PLACE / "report.css").read_text()
    found = dict(re.findall(r"--(\w+): (#\w{6})", css.split("@media")[scheme]))
    for name in ("words", "soft", "link"):
        assert contrast(found[name], found["ground"]) >= 4.5, name


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_whoever_serves_people_knows_nothing_of_drawing() -> None:
    """Only the process that draws imports it, and only once it draws: no start is slower for it, and no turn."""
    found = {
        (path.relative_to(ROOT).as_posix(), node in tree.body)
        for folder in ("app", "adapters", "bot", "store", "rules")
        for path in (ROOT / folder).rglob("*.py")
        if DRAWING.search(path.read_text())
        for tree in (ast.parse(path.read_text()),)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and DRAWING.search(ast.unparse(node))
    }
    assert found == {("app/drawing.py", False)}
    calls = [path for path in (ROOT / "app").glob("*.py") if re.search(r"\b_?drawn\(", path.read_text())]
    assert {path.name for path in calls} == {"drawing.py", "reports.py"}
    assert "from app.drawing import FORMS, Form\n" in (ROOT / "app/reports.py").read_text()
