"""How a period went, for the desk and for a company's nominated users; and the week's report, which comes by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.desk import reporting
from bot.digest import Digest, began
from bot.invitations import Links
from bot.messages import Picture
from rules.business_time import Calendar
from tests.journeys.test_two_sides import by_priority
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
        "First response: median 8 h 30 business minutes; 90 % within 15 business hours",
        "First response, in hours of the clock: median 30 minutes; 90 % within 30 minutes",
        "Promises broken: 1: 1 answered late",
        "No response time published: 1",
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
