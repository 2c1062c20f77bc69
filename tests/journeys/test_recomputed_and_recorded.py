"""A promise that a new priority breaks, and the record with both sides' stamps."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from app.clock import Clock
from app.record import check, register
from bot import records
from bot.incoming import Address, Incoming, Pressed, User
from bot.invitations import Links
from bot.messages import Link, Text
from bot.records import LIVES, read_link, record
from bot.turn import as_actor
from rules.lifecycle import Verb
from tests.app.test_record import SECRET
from tests.journeys.sides import by_priority, proposing, the_case
from tests.verifying import differences
from tests.world import CATALOGUES, World, opened


async def happened(world: World, verb: Verb) -> list[str]:
    events = await world.ask_store(lambda work: work.events(1001, internal=True))
    return [event.words for event in events if event.verb is verb]


async def test_a_promise_that_a_new_priority_breaks_is_told_once_and_apart_from_the_missed_ones(desk: World) -> None:
    """R7, R14: and no lower priority unsays it."""
    by_priority(desk)
    await opened(desk)
    await desk.passes_and_warns(hours=3)
    lena, mail = len(desk.heard("lena")), len(desk.channels["email"].posts)  # type: ignore[attr-defined]
    await desk.says("sam", "priority 1001 critical They invoice today")
    assert await happened(desk, Verb.BREACH) == ["on_reprioritisation"]
    assert "With its new priority #1001 is past its response time" in "\n".join(desk.heard("lena")[lena:])
    assert len(desk.channels["email"].posts) == mail + 1  # type: ignore[attr-defined]
    await desk.passes_and_warns(minutes=5)
    assert len(desk.heard("lena")) == lena + 1, "the ladder's own step says nothing twice"
    assert await happened(desk, Verb.WARN) == []
    await desk.says("sam", "priority 1001 low Not today after all")
    assert (await the_case(desk)).due_at == desk.time.business - timedelta(minutes=5) + timedelta(hours=5)
    await desk.says("sam", "reply 1001 Here I am")
    here, written = Address("email", "", "cora"), desk.time.business - timedelta(minutes=1)
    await desk.bot.hear(Incoming("mail", User("cora@desk.example"), here, Pressed("reply 1001 And I"), written))
    found = await the_case(desk)
    assert (found.response_met, found.responded_at) == (False, written)
    assert await happened(desk, Verb.BREACH) == ["on_reprioritisation"]
    assert "the clock found the response time past: by the new priority" in str(await desk.says("sam", "show 1001"))
    assert await differences(desk.store) == []


async def test_a_lower_priority_erases_no_breach(sqlite_desk: World) -> None:
    """R7."""
    desk = sqlite_desk
    by_priority(desk)
    await proposing(desk, "critical")
    assert "Expected response: by Mon 19 Jan 11:00 ET" in desk.card(), "what the customer proposes moves the promise"
    desk.passes(hours=3)
    await desk.says("sam", "priority 1001 low Not urgent")
    await desk.says("sam", "reply 1001 Here I am")
    assert (await the_case(desk)).response_met is False
    assert await happened(desk, Verb.BREACH) == ["missed"]
    assert await differences(desk.store) == []


LINKS = Links("https://desk.example", b"k" * 32)


async def test_the_record_has_both_sides_stamps_and_never_what_only_the_desk_reads(desk: World) -> None:
    """W55, W57, W59, C1: a link of one's own, for a day."""
    desk.bot = replace(desk.bot, links=LINKS)
    await proposing(desk)
    for line in ("note 1001 SECRET", "reply 1001 Looking", "schedule 1001 tomorrow 10am"):
        await desk.says("sam", line)
    await desk.presses("ann", "Accept the time")
    await desk.says("ann", "record 1001")
    [part] = (part for part in desk.posts("ann")[-1].message.parts if isinstance(part, Text) and part.style == "normal")
    [url] = (span.url for span in part.spans if isinstance(span, Link))
    token = url.removeprefix("https://desk.example/records/").removesuffix(".json")
    assert read_link(LINKS, token, desk.time.business + LIVES) is None
    assert read_link(LINKS, token.replace("1001-", "1002-", 1), desk.time.business) is None
    document = await fetched(desk, url)
    theirs = json.loads(document)["record"]
    whole = await desk.ask_store(
        lambda work: record(work, work.glance(1001, None), desk.time, CATALOGUES, internal=True)
    )
    assert "SECRET" in json.dumps(whole)
    assert "SECRET" not in json.dumps(theirs)
    assert [(each["what"], each["state"], each["answered"]["side"]) for each in theirs["agreements"]] == [
        ("priority", "agreed", "desk"),
        ("slot", "agreed", "customer"),
    ]
    assert theirs["clock"]["in_time"] is True
    assert theirs["plan"]["terms"] == "1"
    assert theirs["coverage"]["judged"]["by"] == "Sam Ortiz"
    assert check(document, SECRET)[0] == 1001
    assert await desk.says("eve", "record 1001") == "There is no case #1001."
    eve = await desk.ask_store(lambda work: as_actor(work.person_at("eve@contoso.example"), "UTC"))
    assert await fetched(desk, records.link(LINKS, 1001, eve, desk.time.business)) == "404: Not Found"
    desk.passes(days=1)
    assert await fetched(desk, url) == "404: Not Found"


async def fetched(world: World, url: str) -> str:
    app = web.Application()
    register(app, LINKS, SECRET, world.store, cast(Clock, lambda: world.time), CATALOGUES)
    async with TestClient(TestServer(app)) as browser:
        response = await browser.get(url.removeprefix(LINKS.origin))
        assert response.status != 200 or response.headers["Cache-Control"] == "no-store"
        return await response.text()


async def test_without_an_address_of_its_own_the_desk_says_who_makes_the_record(sqlite_desk: World) -> None:
    case = await opened(sqlite_desk)
    assert str(await case.says("ann", "record 1001")) == "Ask the desk: it makes the signed record of case #1001."
    assert str(await case.says("sam", "record 1001")).endswith("supporthub record 1001")


@pytest.mark.parametrize("who", ["ann", "sam"])
async def test_stamps_are_shown_to_both_sides(sqlite_desk: World, who: str) -> None:
    case = await opened(sqlite_desk)
    await case.says("ann", "schedule 1001 tomorrow 10am")
    await case.presses("sam", "Accept the time", room="desk")
    shown = str(await case.says(who, "show 1001"))
    assert "Agreed on\n- Appointment: Tue 20 Jan 10:00 ET" in shown
    assert "proposed by Ann Lee (customer)" in shown


@pytest.mark.parametrize(("late", "met"), [(0, True), (1, False)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_answer_at_the_due_instant_is_in_time_and_a_second_later_it_is_not(
    case: World, late: int, met: bool
) -> None:
    """R2: the first answer is due by an instant, and that instant is still in time."""
    due = (await the_case(case)).due_at
    assert due is not None
    case.passes(seconds=(due - case.time.business).total_seconds() + late)
    await case.says("sam", "reply 1001 We look into it")
    answered = await the_case(case)
    assert (answered.responded_at, answered.response_met) == (due + timedelta(seconds=late), met)
