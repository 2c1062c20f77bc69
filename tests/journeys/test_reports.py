"""How a period went, for the desk and for a company's nominated users; and the week's report, which comes by itself."""

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from app.reports import spreadsheet
from bot.desk import reporting
from bot.desk.reporting import Wanted
from bot.digest import Digest, began
from bot.invitations import Links
from bot.messages import Picture
from bot.reports import for_reader, gathered, read_link
from bot.text.reports import page
from bot.turn import Now
from rules.business_time import Calendar
from rules.reports import EVERYBODYS, period
from tests.journeys.sides import by_priority
from tests.journeys.test_contract_life import _coach
from tests.store.inside import sql
from tests.world import BROKEN, CATALOGUES, World, opened

LINKS = Links("https://desk.example", b"k" * 32)


async def a_day(desk: World) -> World:
    """Monday 9:00: Ann is answered after 2 hours of 4, confirms and rates. 11:00: Eve is answered on Tuesday at 16:00,
    7 + 8 = 15 business hours later, late, and closed without her word. 16:00: Tess, who is promised no time, is
    answered half an hour later; nobody has closed that. An article helps Bob, none helps Eve."""
    await desk.says("ann", BROKEN)
    await desk.says("ann", "cancel")
    desk.passes(hours=2)
    await desk.says("sam", "reply 1001 We look into it")
    await desk.says("eve", "The import is broken")
    await desk.says("eve", "cancel")
    desk.passes(hours=29)
    await desk.says("sam", "reply 1002 Try again")
    await desk.says("tess", "The calendar is broken")
    await desk.says("tess", "cancel")
    desk.passes(minutes=30)
    await desk.says("sam", "reply 1003 Try again")
    await desk.says("sam", "close 1001 Fixed")
    await desk.says("ann", "confirm 1001")
    await desk.says("ann", "/rate 1001 5")
    await desk.says("sam", "/force-close 1002 asked twice")
    await desk.says("bob", "How do I share a view with my colleague?")
    await desk.presses("bob", "Yes, thanks")
    await desk.says("eve", "ask how do I zzqx the blorf")
    return desk


async def test_how_a_week_went(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers are those counted by hand (R2, R14); and when the next week begins, the same comes by itself."""
    desk.bot = replace(desk.bot, links=LINKS)
    await a_day(desk)
    said = str(await desk.says("sam", "report this week"))
    assert said.splitlines()[:15] == [
        "Report of all companies: Mon 19 Jan 2026 to Sun 25 Jan 2026",
        "Cases received: 3",
        "Answered in time: 50 % (1 of 2)",
        "First response: median 8 h 30 min of business time; 90 % within 15 business hours",
        "First response, in hours of the clock: median 30 minutes; 90 % within 30 minutes",
        "Promises broken: 1: 1 answered late",
        "No response time promised: 1",
        "Open now: 1",
        "Closed: 2, of which 1 without confirmation",
        "Satisfied: 100 % of 1 who rated",
        "How-to questions: 1 of 2 answered by an article",
        "By company",
        "- Fabrikam: 1 received, 1 open; answered in time: nothing to judge yet",
        "- Northwind: 1 received, 0 open; answered in time: 100 % (1 of 1)",
        "- Contoso: 1 received, 0 open; answered in time: 0 % (0 of 1)",
    ]
    await the_desk_and_one_company(desk)
    await a_nominated_user_and_nobody_else(desk)
    await too_many_for_a_chat(desk, monkeypatch)
    await the_next_week(desk)


async def the_desk_and_one_company(desk: World) -> None:
    assert "Cases received: 0" in str(await desk.says("sam", "/report last quarter"))
    both = [str(await desk.says("sam", line)) for line in ("/report 2026-01 contoso", "report contoso 2026-01")]
    assert both[0].splitlines()[:5] == both[1].splitlines()[:5]
    assert both[0].startswith("Report of Contoso: Thu 1 Jan 2026 to Sat 31 Jan 2026\nCases received: 1")
    assert "I didn't follow" in str(await desk.says("sam", "/report blah"))


async def a_nominated_user_and_nobody_else(desk: World) -> None:
    """W50: own cases, times, breaches, seats and cost, and a picture of them."""
    said = str(await desk.says("ann", "report this quarter"))
    assert said.startswith("Report of Northwind: Thu 1 Jan 2026 to Tue 31 Mar 2026\nCases received: 1\n")
    assert "Answered in time: 100 % (1 of 1)\nFirst response: median 2 business hours" in said
    assert "Plan: Success with CRM\nSeats: 2 of 12 used\nPrice now: $1,434 a month (W16)" in said
    assert "All of it, with plots, as PDF and for spreadsheets: Open it" in said
    [picture] = [part for part in desk.posts("ann")[-1].message.parts if isinstance(part, Picture)]
    assert picture.url.startswith("https://desk.example/reports/")
    assert "1, of which 1 were answered in time and 0 not." in said
    assert "Contoso" not in said + str(await desk.says("ann", "/report this month contoso"))
    for who in ("bob", "theo"):
        refused = str(await desk.says(who, "report last quarter"))
        assert refused == "Only a nominated user can have the report of your company."


async def too_many_for_a_chat(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are left to the page."""
    monkeypatch.setattr(reporting, "PAGE", 2)
    assert "Cases received: 3" in str(await desk.says("sam", "report this week"))  # page by page
    monkeypatch.setattr(reporting.reckon, "__defaults__", (2,))
    assert "too many cases to count here" in str(await desk.says("sam", "report this week"))
    monkeypatch.undo()


async def the_next_week(desk: World) -> None:
    """Leads hear of everything, a concierge of their own companies; once, and not who does not want it. What was
    closed stays counted, whatever was reopened since (R14)."""
    weekly = Digest(desk.store, CATALOGUES, lambda: desk.time, lambda: None, LINKS)
    await weekly.round()  # of the week before, in which nothing happened
    assert await digests(desk, "lena") == []
    assert "not yours" in str(await desk.says("sam", "/digest off"))
    desk.passes(days=5, hours=12)  # Monday at half past four
    assert await weekly.round() == 0
    desk.passes(hours=3, minutes=30)
    await desk.says("ann", "/reopen 1001 It is back")
    await desk.says("cora", "digest off")
    assert [await weekly.round() for _ in range(2)] == [1, 0]
    assert await digests(desk, "cora") == []
    await desk.says("cora", "digest on")
    assert [await weekly.round() for _ in range(2)] == [1, 0]
    [lena], [cora] = await digests(desk, "lena"), await digests(desk, "cora")
    assert lena.startswith("Report of all companies: Mon 19 Jan 2026 to Sun 25 Jan 2026\nCases received: 3")
    assert "Open at its end: 1\nClosed: 2, of which 1 without confirmation" in lena
    assert cora.startswith("Report of the companies you look after: Mon 19 Jan 2026")
    assert "Cases received: 1" in cora
    assert "Contoso" not in cora
    assert [await digests(desk, who) for who in ("sam", "ann")] == [[], []]
    assert "Open now: 2" in str(await desk.says("sam", "report this week"))


async def digests(desk: World, who: str) -> list[str]:
    await desk.delivery.deliver_all()
    return [post for post in desk.heard(who) if "To have no more of these: digest off" in post]


async def test_another_priority_that_breaks_a_promise_is_told_apart(sqlite_desk: World) -> None:
    """R7."""
    by_priority(sqlite_desk)
    await opened(sqlite_desk)
    sqlite_desk.passes(hours=3)
    await sqlite_desk.says("sam", "priority 1001 critical They invoice today")
    said = str(await sqlite_desk.says("sam", "report this week"))
    assert "Promises broken: 1: 1 by another priority" in said


async def test_another_contract_that_breaks_a_promise_is_told_apart_and_an_offer_is_nobodys_case(
    sqlite_desk: World,
) -> None:
    """R7; nobody has asked for what the desk offers."""
    desk = await opened(sqlite_desk)
    await desk.store.write(_coach)
    desk.passes(hours=3)
    await desk.says("lena", "upgrade northwind winning 25")
    await desk.says("ann", "accept 1002 upgrade-1")
    await desk.says("lena", "upgrade 1002 from 2026-01-19")
    await desk.passes_and_warns(minutes=1)
    said = str(await desk.says("sam", "report this week please"))
    assert "Cases received: 1\n" in said
    assert "Promises broken: 1: 1 by another contract" in said
    assert "Open now: 1" in said


def at(month: int, day: int, hour: int) -> Now:
    there = datetime(2026, month, day, hour, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
    return Now(there, there)


async def two_months(desk: World) -> None:
    """Ann's 1001 is rated 1, reopened in February and rated 5; her 1005 is there at the end of January, and closed
    without her word. Eve's 1002 has a time that is missed, and is rated 4 in January. 1003 is an offer of the desk's,
    Bob's 1004 is never handed over."""
    await opened(desk)
    await opened(desk, "eve", "Exports fail")
    await desk.says("sam", "schedule 1002 2026-01-20 10:00")
    await desk.presses("eve", "Accept the time")
    for _ in range(3):
        await desk.passes_and_warns(hours=9)
    await desk.says("lena", "upgrade contoso success 5")
    await opened(desk, "bob", "/open Lists are empty")
    for number, who, rating in ((1001, "ann", "1"), (1002, "eve", "4 Quick")):
        await desk.says("sam", f"close {number} Fixed")
        await desk.says(who, f"confirm {number}")
        await desk.says(who, f"/rate {number} {rating}")
    await desk.says("ann", "/comment 1001 Slow")
    await desk.says("bob", "How do I share a view with my colleague?")
    await desk.presses("bob", "Yes, thanks")
    await desk.says("eve", "How do I share a view with my colleague?")
    await desk.says("eve", "ask how do I zzqx the blorf")
    desk.time = at(1, 30, 12)
    await opened(desk, "ann", "/open Imports fail")
    desk.time = at(2, 3, 12)
    await desk.says("ann", "reopen 1001 It is back")
    await desk.says("sam", "close 1001 Really fixed")
    await desk.presses("ann", "Yes, close it")
    await desk.presses("ann", "5")
    await desk.says("sam", "/force-close 1005 asked twice")
    await desk.says("ann", "not-needed 1004")
    desk.time = at(3, 2, 12)


async def test_two_companies_over_two_months_read_the_same_in_chat_on_the_page_and_in_the_file(
    sqlite_desk: World,
) -> None:
    """W27, W50, W59, R8, R13, R14: what happened counts when it happened, and for whom."""
    desk = sqlite_desk
    await desk.store.write(lambda work: sql(work, "UPDATE account SET name = 'Étoile du Nord' WHERE slug = 'contoso'"))
    await two_months(desk)
    both = "received closed closed_without_confirmation missed_appointments open_at_end rated rated_four_or_five"
    wanted = f"{both} questions questions_answered questions_not_said".split()
    january, february = [await shown(desk, f"2026-0{month}") for month in (1, 2)]
    assert {name: [row[each] for each in wanted] for name, row in january.rows.items()} == {
        "Northwind": ["2", "1", "0", "0", "1", "1", "0", "1", "1", "0"],
        "Étoile du Nord": ["1", "1", "0", "1", "0", "1", "1", "2", "0", "1"],
    }
    assert {name: [row[each] for each in wanted] for name, row in february.rows.items()} == {
        "Northwind": ["0", "2", "1", "0", "0", "1", "1", "0", "0", "0"],
    }
    assert [row[-3:] for row in january.companies] == [("1", "0", "0"), ("2", "1", "1")]
    assert [row[:2] + row[5:8] for row in january.companies] == [
        ("Northwind", "2", "1", "0", "1"),
        ("Étoile du Nord", "1", "1", "0", "0"),
    ]
    for line, told in (
        ("report 2026-01", "Closed: 2\nSatisfied: 50 % of 2 who rated"),
        ("report 2026-01", "How-to questions: 1 of 3 answered by an article; of 1 nobody said"),
        ("report q1 2026 for étoile DU nord", "Closed: 1\nSatisfied: 100 % of 1 who rated"),
        ("report Étoile du Nord 2026-01", "Appointments missed: 1\nOpen at its end: 0"),
        ("report northwind 2026-01 please", "Open at its end: 1\nClosed: 1\nSatisfied: 0 % of 1 who rated"),
        ("report last month northwind", "Closed: 2, of which 1 without confirmation\nSatisfied: 100 % of 1"),
        ("/report northwind", "Report of Northwind: Sun 1 Mar 2026 to Tue 31 Mar 2026\nCases received: 0"),
        ("rapport du mois dernier northwind", "Report of Northwind: Sun 1 Feb 2026 to Sat 28 Feb 2026"),
    ):
        assert told in str(await desk.says("sam", line)), line


class Shown(NamedTuple):
    rows: dict[str, dict[str, str]]
    """Of the file, added up by company; of the numbers that can be."""
    companies: tuple[tuple[str, ...], ...]
    """Of the page, by name."""


async def shown(desk: World, words: str) -> Shown:
    sam = await desk.ask_store(lambda work: next(each.id for each in work.staff() if each.name == "Sam Ortiz"))
    found = period(words, desk.time.business, "America/New_York")
    assert found is not None
    wanted = Wanted(sam, EVERYBODYS, found)
    report = await gathered(desk.store, CATALOGUES, wanted, desk.time.business)
    read, reader = await desk.store.read(for_reader, CATALOGUES, wanted, report, desk.time)  # type: ignore[misc]
    sums: dict[str, Counter[str]] = {}
    for row in csv.DictReader(io.StringIO(spreadsheet(read))):
        sums.setdefault(row["company"], Counter()).update({k: int(v) for k, v in row.items() if v.isdigit()})
    rows = {name: {k: str(v) for k, v in each.items()} for name, each in sums.items()}
    return Shown(rows, tuple(sorted(page(read, reader).grids[0].rows)))


async def test_a_page_counts_the_days_of_the_provider_that_the_chat_counted(sqlite_desk: World) -> None:
    """It is February for Tess's provider and still January for the desk's own."""
    desk, night = sqlite_desk, datetime(2026, 2, 1, 2, tzinfo=UTC)
    desk.bot, desk.time = replace(desk.bot, links=LINKS), Now(night, night)
    await opened(desk, "tess", "The calendar is broken")
    assert "Cases received: 1\n" in str(await desk.says("tess", "report 2026-02"))
    [picture] = [part for part in desk.posts("tess")[-1].message.parts if isinstance(part, Picture)]
    wanted = read_link(LINKS, picture.url.removesuffix(".png").rpartition("/")[2], night)
    assert wanted is not None
    assert (await gathered(desk.store, CATALOGUES, wanted, night)).total.received == 1


async def test_a_case_of_no_contract_is_called_that_and_was_promised_nothing(sqlite_desk: World) -> None:
    desk = sqlite_desk
    await desk.store.write(lambda work: sql(work, "UPDATE contract SET ends = '2025-12-31' WHERE account_id = 2"))
    await opened(desk, "eve", "Exports fail")
    sam = await desk.ask_store(lambda work: next(each for each in work.staff() if each.name == "Sam Ortiz"))
    assert "No response time promised: 1" in str(await desk.says("sam", "report this week"))
    found = period("this week", desk.time.business, "America/New_York")
    assert found is not None
    wanted = Wanted(sam.id, EVERYBODYS, found)
    report = await gathered(desk.store, CATALOGUES, wanted, desk.time.business)
    read, reader = await desk.store.read(for_reader, CATALOGUES, wanted, report, desk.time)  # type: ignore[misc]
    assert [row[0] for grid in page(read, reader).grids for row in grid.rows] == ["Contoso", "No contract"]


async def test_a_customers_words_that_begin_like_it_are_a_problem_to_report(sqlite_desk: World) -> None:
    await sqlite_desk.says("ann", "Report last week is empty")
    assert "#1001" in "\n".join(sqlite_desk.heard("desk"))


async def test_of_two_replicas_that_look_at_once_one_tells(desk: World) -> None:
    lena = await desk.ask_store(lambda work: work.leads()[0].id)
    told = [await desk.store.write(lambda work: work.may_digest(lena, date(2026, 1, 26))) for _ in range(2)]
    assert told == [True, False]


@pytest.mark.parametrize(
    ("now", "zone", "monday"),
    [
        ("2026-01-26T12:59", "America/New_York", None),
        ("2026-01-26T13:00", "America/New_York", "2026-01-26"),
        ("2026-01-26T08:00", "Europe/London", "2026-01-26"),
        ("2026-01-25T23:00", "Asia/Tokyo", "2026-01-26"),
        ("2026-01-28T15:00", "America/New_York", "2026-01-26"),
        ("2026-02-16T15:00", "America/New_York", None),  # a holiday
        ("2026-02-17T13:00", "America/New_York", "2026-02-16"),
    ],
)
def test_the_week_begins_at_eight_on_its_first_day_of_work_by_their_own_clock(
    now: str, zone: str, monday: str | None
) -> None:
    working = {day: ((480, 1080),) for day in ("mon", "tue", "wed", "thu", "fri")}
    calendar = Calendar(working, "America/New_York", frozenset({date(2026, 2, 16)}))
    found = began(datetime.fromisoformat(now).replace(tzinfo=UTC), zone, calendar)
    assert found == (date.fromisoformat(monday) if monday else None)
