"""What people's calendars are told of an agreed time: a file for whoever has mail, a link for everybody (RFC 5545)."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from app.clock import Clock
from app.invitations import register
from bot.invitations import LIVES, Links
from bot.messages import Link, Text
from bot.turn import Now
from tests.calendars import Event, read
from tests.world import CATALOGUES, World

LINKS = Links("https://desk.example", b"k" * 32)


@pytest.fixture
def linked(case: World) -> World:
    case.bot = replace(case.bot, links=LINKS)
    return case


async def agree(world: World, when: str = "tomorrow 10am") -> None:
    await world.says("sam", f"schedule 1001 {when}")
    await world.presses("ann", "Accept the time")


def links(world: World, room: str) -> list[str]:
    parts = [part for post in world.posts(room) for part in post.message.parts if isinstance(part, Text)]
    return [
        span.url for part in parts for span in part.spans if isinstance(span, Link) and "/appointments/" in span.url
    ]


def told(world: World, room: str) -> list[Event]:
    return [read(post.message.calendar) for post in world.posts(room) if post.message.calendar]


async def test_both_sides_are_told_and_it_is_the_same_event(linked: World) -> None:
    await linked.says("sam", "take 1001")
    await agree(linked)
    [ann], [sam] = told(linked, "ann"), told(linked, "sam")
    assert (ann.method, ann.uid, ann.at) == (sam.method, sam.uid, sam.at)
    assert ann.at.isoformat() == "2026-01-20T15:00:00+00:00"
    assert links(linked, "ann") == links(linked, "sam") != []
    assert "Add to calendar" in linked.last("ann")


async def test_a_proposal_is_no_event_and_neither_is_what_is_declined(linked: World) -> None:
    await linked.says("sam", "schedule 1001 tomorrow 10am")
    await linked.presses("ann", "Decline the time")
    assert told(linked, "ann") == told(linked, "desk") == []
    assert links(linked, "ann") == []


async def test_where_this_server_has_no_address_no_link_is_shown(case: World) -> None:
    await agree(case)
    assert links(case, "ann") == []
    assert "calendar" not in case.last("ann")
    assert len(told(case, "ann")) == 1, "mail carries the file all the same"


@pytest.mark.parametrize(
    ("who", "line"), [("sam", "decline 1001 slot-1 agreed"), ("ann", "withdraw 1001"), ("ann", "schedule 1001 friday")]
)
async def test_a_time_that_no_longer_holds_leaves_every_calendar(linked: World, who: str, line: str) -> None:
    await agree(linked)
    await linked.says(who, line)
    other = "desk" if who == "ann" else "ann"
    agreed, gone = told(linked, other)[0], told(linked, other)[-1]
    assert (agreed.method, gone.method) == ("PUBLISH", "CANCEL")
    assert (gone.uid, gone.at, gone.sequence) == (agreed.uid, agreed.at, agreed.sequence + 1)


async def test_another_time_is_another_event(linked: World) -> None:
    await agree(linked)
    await agree(linked, "thursday 11am until noon")
    first, gone, second = told(linked, "ann")
    assert [each.method for each in (first, gone, second)] == ["PUBLISH", "CANCEL", "PUBLISH"]
    assert first.uid == gone.uid != second.uid


async def test_it_says_nothing_of_what_the_customer_wrote_nor_who_they_are(linked: World) -> None:
    await agree(linked)
    for file in (post.message.calendar for post in linked.posts("ann") if post.message.calendar):
        for secret in ("quote", "broken", "Ann", "ann@", "Northwind"):
            assert secret not in file
    [event] = told(linked, "ann")
    assert event.summary == "WebSan: appointment for case #1001"


class Its(Clock):
    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def __call__(self) -> Now:
        return self.world.time


@pytest.fixture
async def browser(linked: World) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    register(app, LINKS, linked.store, Its(linked), CATALOGUES)
    async with TestClient(TestServer(app)) as client:
        yield client


Browser = TestClient[web.Request, web.Application]


async def fetch(browser: Browser, url: str) -> ClientResponse:
    return await browser.get(url.removeprefix(LINKS.origin))


async def test_the_link_leads_to_the_event_without_a_login(linked: World, browser: Browser) -> None:
    await agree(linked)
    [url] = links(linked, "ann")
    response = await fetch(browser, url)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "appointment.ics" in response.headers["Content-Disposition"]
    event = read((await response.read()).decode())
    assert (event.method, event.uid) == ("PUBLISH", told(linked, "ann")[0].uid)


@pytest.mark.parametrize("line", ["decline 1001 slot-1 agreed", "schedule 1001 friday 3pm", "withdraw 1001"])
async def test_the_link_tells_how_the_time_stands_now(linked: World, browser: Browser, line: str) -> None:
    await agree(linked)
    [url] = links(linked, "ann")
    await linked.says("ann", line)
    event = read((await (await fetch(browser, url)).read()).decode())
    first = told(linked, "ann")[0]
    assert (event.method, event.uid, event.at, event.sequence) == ("CANCEL", first.uid, first.at, 1)


async def test_a_time_that_was_kept_stays_in_the_calendar_when_another_follows(linked: World, browser: Browser) -> None:
    await agree(linked, "today 10am")
    [url] = links(linked, "ann")
    linked.passes(hours=1)
    await linked.says("sam", "call 1001 Talked it through")
    await agree(linked, "friday 3pm")
    event = read((await (await fetch(browser, url)).read()).decode())
    assert (event.method, event.at) == ("PUBLISH", told(linked, "ann")[0].at)


async def test_everything_else_is_not_found(linked: World, browser: Browser) -> None:
    await linked.says("sam", "schedule 1001 tomorrow 10am")
    at = linked.time.business
    not_agreed, no_such_case = LINKS.to(1001, 1, at), LINKS.to(1002, 1, at)
    forged = Links(LINKS.origin, b"x" * 32).to(1001, 1, at)
    old = LINKS.to(1001, 1, at - LIVES)
    await linked.presses("ann", "Accept the time")
    [url] = links(linked, "ann")
    await linked.says("sam", "schedule 1001 tomorrow 11am")
    other = LINKS.to(1001, 2, at)
    for wrong in (
        no_such_case,
        forged,
        old,
        other,
        url.replace("1001-", "1002-"),
        url.replace(".ics", ""),
        not_agreed[:-5],
    ):
        assert (await fetch(browser, wrong)).status == 404, wrong
    linked.passes(days=40)
    assert (await fetch(browser, url)).status == 404
