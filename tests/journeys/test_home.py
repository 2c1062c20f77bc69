"""People's own pages, as they are said in any chat: what the desk has in hand, and how a company's matters stand."""

import json
from typing import Any

import pytest

from adapters.slack.home import home as on_slack
from adapters.slack.render import render as to_slack
from adapters.teams.render import card_of
from bot import text
from bot.desk.doors import record
from bot.desk.homes import company_home, desk_home
from bot.desk.opening import bring_in
from bot.desk.queueing import queue
from bot.home import page
from bot.messages import Button, Buttons, Items, Message
from bot.plain import plain
from bot.turn import Now, Turn, as_actor
from rules.lifecycle import Verb
from store.work import Work
from tests.journeys.test_duty import rota
from tests.slack.blocks import check_home
from tests.world import BROKEN, CATALOGUES, World, opened

KILOBYTES = 28 * 1024
LONGEST = "漢" * 200
MINE = f"- #1001 Northwind: {BROKEN}, being worked on, Sam Ortiz (support desk) [Show]"


def looking(work: Work, name: str, now: Now) -> Turn:
    person = next(one for one in work.everybody() if one.name == name)
    return Turn(work, CATALOGUES, as_actor(person, "UTC"), now, now.business)


def buttons(message: Message) -> list[Button]:
    """All that can be pressed on it."""
    found: list[Button] = []
    for part in message.parts:
        found += part.buttons if isinstance(part, Buttons) else ()
        found += [item.button for item in part.items if item.button] if isinstance(part, Items) else ()
    return found


def within(message: Message) -> dict[str, str]:
    return {one.label: one.line for one in buttons(message) if one.within}


# The desk's -------------------------------------------------------------------------------------------------------


async def test_the_desks_home_is_its_queue_with_whatever_else_wants_attention(case: World) -> None:
    """1001 Northwind, with Sam; 1002 Contoso, at risk; Lena is away and Cora has the night."""
    await opened(case, "eve", "Exports fail")
    await rota(case, "cora")
    await case.says("sam", "take 1001")
    await case.says("sam", "reply 1001 Looking into it")
    await case.says("sam", "schedule 1001 26 January 2026 10:00")
    await case.says("lena", "away until tomorrow 10am sam")
    case.passes(hours=7)
    assert str(await case.says("sam", "home")).splitlines() == [
        "The desk has 2 open cases",
        "At risk: 1 · unassigned: 1 · mine: 1 · waiting for the customer: 0 · for confirmation: 0",
        "[All] [At risk] [Unassigned] [Mine] [Customer's turn] [To confirm]",
        "Your cases",
        MINE,
        "2 in the queue, soonest due first",
        "- #1002 Contoso: Exports fail, new, nobody yet. 1 business hour left [Show]",
        MINE,
        "Next appointments",
        "- #1001 Northwind: The quote form is broken since this morning: Mon 26 Jan 10:00 ET, proposed by "
        "Sam Ortiz (support desk), with Sam Ortiz (support desk)",
        "On call",
        "- Nights: Cora Diaz until Mon 26 Jan 09:00 New York; then Cora Diaz",
        "Away",
        "- Lena Park (team lead) until Tue 20 Jan 10:00 New York; Sam Ortiz (support desk) stands in",
        "[Help]",
    ]
    told = str(await case.presses("sam", "At risk"))
    assert ("#1002 Contoso" in told, MINE in told) == (True, False)
    assert "[To confirm]\nOnly: at-risk\n- #1002" in str(await case.says("sam", "queue at-risk"))
    assert "Only: at-risk mine\nNo case is like that." in str(await case.says("sam", "home at-risk mine"))


async def test_its_filters_and_pages_keep_what_it_is_narrowed_to(sqlite_desk: World) -> None:
    await opened(sqlite_desk, "eve", "Exports fail")
    await sqlite_desk.store.write(many, sqlite_desk.time, 24, "Matter")

    def look(work: Work, words: str) -> tuple[Message, list[int], list[int]]:
        turn = looking(work, "Sam Ortiz", sqlite_desk.time)
        found = desk_home(turn, words)
        shown = page(turn, words)
        return shown, [one.case.id for one in found.queue.rows], [one.case.id for one in queue(turn, words).rows]

    shown, rows, every = await sqlite_desk.ask_store(look, "northwind unassigned page 2")
    assert rows == [1012, 1013, 1014, 1015, 1016, 1017, 1018, 1019, 1020, 1021], "the same order as the queue's"
    assert every == [*range(1022, 1026)], "whose pages are longer"
    assert within(shown) == {
        "All": "home all northwind",
        "At risk": "home at-risk northwind",
        "Unassigned": "home unassigned northwind",
        "Mine": "home mine northwind",
        "Customer's turn": "home waiting-customer northwind",
        "To confirm": "home waiting-confirmation northwind",
        "Previous": "home northwind unassigned page 1",
        "Next": "home northwind unassigned page 3",
    }
    assert [one.label for one in buttons(shown) if one.within and one.style == "primary"] == ["Unassigned", "Next"]


# A customer's -----------------------------------------------------------------------------------------------------


async def test_a_customers_home_begins_with_what_waits_for_them(case: World) -> None:
    """W28: the company's cases; W59: only who may confirm is asked to."""
    await opened(case, "ann", "/open The report is blank")
    await opened(case, "ann", "/open The import is slow")
    for line in ("close 1001 Fixed", "wait 1002 Which report?", "take 1003"):
        await case.says("sam", line)
    assert str(await case.says("ann", "home")).splitlines() == [
        "Hello Ann Lee",
        "Your plan: Success with CRM, 12 licences, 2 in use",
        "Looks after you: Cora Diaz (concierge)",
        "[Open a case] [How do I?] [My plan] [My cases] [Help]",
        "2 cases wait for you",
        "- #1002 The report is blank: waiting for the customer, with nobody yet. "
        "Asked by Sam Ortiz (support desk) [Show]",
        "[Write an answer]",
        "- #1001 The quote form is broken since this morning: solved, awaiting the customer's confirmation, "
        "with nobody yet. Asked by Sam Ortiz (support desk) [Show]",
        "[Yes, close it] [No, not solved]",
        "Your company's cases",
        "- #1003 The import is slow: being worked on, with Sam Ortiz (support desk). "
        "Expected response by Mon 19 Jan 13:00 ET, 4 business hours (W46) [Show]",
    ]
    told = str(await case.says("bob", "home"))
    assert "1 case waits for you" in told
    assert ("Yes, close it" in told, "in use" in told) == (False, False), "he speaks for nobody else"
    await case.presses("ann", "Yes, close it")
    assert (await case.ask_store(lambda work: work.glance(1001, None))).status == "closed"
    await case.presses("ann", "Write an answer")
    await case.says("ann", "The one of May")
    assert "The one of May" in case.last("desk")
    assert "wait for you" not in str(await case.says("ann", "home"))

    def is_a_guest(work: Work) -> None:
        [bob] = [one for one in work.everybody() if one.name.startswith("Bob")]
        bob.guest, bob.licensed, bob.nominated = True, False, False
        work.add(bob)

    await case.store.write(is_a_guest)
    assert "licences" not in str(await case.says("bob", "home")), "a contract is its company's own matter"


async def test_whose_word_a_colleagues_request_waits_for_finds_it_on_top(desk: World) -> None:
    """T10: the contact person hands it over from there; who asked only sees it."""
    await opened(desk, "theo", "Nothing can be saved in Terrasoft CRM")
    told = str(await desk.says("tess", "home"))
    assert "Asked by Theo Blanc (customer); an answer is expected by Mon 19 Jan" in told
    assert "[Hand it over] [Not needed]" in told
    assert "Hand it over" not in str(await desk.says("theo", "home"))
    assert "The desk has 0 open cases" in str(await desk.says("sam", "home"))


async def test_nobodys_home_has_anything_of_another_company(case: World) -> None:
    """C1."""
    await opened(case, "eve", "Exports of Contoso fail")
    for number in (1001, 1002):
        await case.says("sam", f"wait {number} Since when?")
        await case.says("sam", f"schedule {number} 26 January 2026 10:00")
    ann, eve = str(await case.says("ann", "home")), str(await case.says("eve", "home"))
    assert (ann.count("#1001"), ann.count("1002"), ann.count("Contoso")) == (2, 0, 0)
    assert (eve.count("#1002"), eve.count("1001"), eve.count("quote form")) == (2, 0, 0)
    told = str(await case.says("ann", "!home contoso"))
    assert "It goes like this: home [page 2]" in told


async def test_how_do_i_asks_and_looks_it_up(sqlite_desk: World) -> None:
    await sqlite_desk.says("ann", "home")
    assert "Ask in your own words" in str(await sqlite_desk.presses("ann", "How do I?"))
    assert "Did this help?" in str(await sqlite_desk.says("ann", "share a view with a colleague"))


# Both -------------------------------------------------------------------------------------------------------------


def many(work: Work, now: Now, count: int, subject: str) -> None:
    turn = looking(work, "Ann Lee", now)
    ann = work.person(turn.actor.id)
    for number in range(count):
        case = bring_in(turn, ann, f"{number} {subject}"[:200], "", ann.conversation_id or 0)
        record(turn, case, Verb.IMPORT, quiet=True)


@pytest.mark.parametrize("subject", ["W" * 200, LONGEST, "<!here> & \\" * 30], ids=["wide", "Chinese", "marks"])
async def test_two_hundred_cases_with_the_longest_titles_fit_every_vendor(sqlite_desk: World, subject: str) -> None:
    """Slack takes 100 blocks, and a card in Teams is to stay below 28 KB; the plain twin has all of it."""
    await sqlite_desk.store.write(many, sqlite_desk.time, 200, subject)
    await sqlite_desk.store.write(make_all_wait)

    def look(work: Work, name: str, line: str) -> Message:
        turn = looking(work, name, sqlite_desk.time)
        return page(turn) if line == "home" else text.queue(queue(turn), turn.actor)

    for name, line in (("Sam Ortiz", "home"), ("Sam Ortiz", "queue"), ("Ann Lee", "home")):
        shown: Any = await sqlite_desk.ask_store(look, name, line)
        view: Any = on_slack(shown)
        check_home(view)
        assert "Shortened" not in str(view)
        card = card_of(shown, "home")
        assert "Shortened" not in str(card)
        assert len(json.dumps(card, ensure_ascii=False).encode()) <= KILOBYTES, (name, line)
        assert plain(shown).count("[Show]") >= 10
        assert len(to_slack(shown)[0].blocks) <= 50
    waiting = await sqlite_desk.ask_store(lambda work: company_home(looking(work, "Ann Lee", sqlite_desk.time)))
    assert (waiting.waiting, waiting.many, waiting.pages, len(waiting.matters)) == (200, 200, 20, 10)


def make_all_wait(work: Work) -> None:
    from sqlmodel import update

    from store.tables import Case

    work._session.exec(update(Case).values(status="awaiting_confirmation", resolutions=1))
