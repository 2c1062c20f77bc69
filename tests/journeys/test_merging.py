"""Two cases that become one: what both sides agreed on goes on with its stamps, what was open falls, told to both."""

import pytest

from store.tables import Tenant
from store.work import Work
from tests.journeys.sides import stamps, the_case
from tests.verifying import differences
from tests.world import World, opened


@pytest.fixture
async def two(desk: World) -> World:
    """Ann's 1001, which is broken, and Bob's 1002, which is to be paid."""
    return await _two(desk)


@pytest.fixture
async def two_on_sqlite(sqlite_desk: World) -> World:
    return await _two(sqlite_desk)


async def _two(desk: World) -> World:
    await opened(desk)
    desk.passes(minutes=5)
    await opened(desk, "bob", "The Power BI report shows wrong totals")
    await desk.says("sam", "cover 1002 excluded_tm It is a report")
    await desk.says("sam", "quote 1002 600 Rebuilding it")
    await desk.says("sam", "schedule 1002 tomorrow 10am")
    return desk


async def test_what_was_agreed_on_goes_on_with_both_stamps_and_its_alarm(two: World) -> None:
    """R9, R13, W24, W29, W37: the quote, the time and the verdict."""
    await two.presses("bob", "Accept the quote")
    await two.presses("bob", "Accept the time")
    await two.says("sam", "merge 1001 1002")
    assert await stamps(two) == [
        ("quote", 1, "600", "Sam", "agreed", "Bob"),
        ("slot", 1, "2026-01-20T15:00:00+00:00", "Sam", "agreed", "Bob"),
    ]
    for place in ("ann", "bob", "desk"):
        told = two.last(place)
        assert "Sam Ortiz (support desk) merged #1002 into #1001. What holds from there:\nQuote: 10 hours" in told, (
            place
        )
        assert "Appointment: Tue 20 Jan 10:00 ET" in told
        assert "Coverage: not covered; on time and materials" in told
    assert "Appointment: Tue 20 Jan 10:00 ET, agreed" in two.card()
    assert "brought over from: #1002: the quote, the appointment, the coverage" in str(
        await two.says("sam", "show 1001")
    )
    case = await the_case(two)
    assert (case.coverage, case.kind, case.covered_by is not None) == ("excluded_tm", "power_bi", True)
    await two.passes_and_warns(hours=25.5)
    assert "The appointment for #1001 has passed and nobody has logged a contact" in two.last("lena")
    assert await differences(two.store) == []


async def test_what_was_open_falls_and_both_sides_are_told(two: World) -> None:
    """R9: a bare answer looks at the case that goes on."""
    await two.says("sam", "priority 1002 low No hurry")
    assert str(await two.says("bob", "decline 1002")).startswith("3 things wait for your answer on case #1002.")
    await two.says("sam", "merge 1001 1002")
    for place in ("bob", "desk"):
        fell = "goes on as #1001.\nWhat was still open on it fell: the quote, the appointment, the priority."
        assert fell in "\n\n".join(two.heard(place)[-2:])
    assert {(row[0], row[4]) for row in await stamps(two, 1002)} == {
        (what, "superseded") for what in ("quote", "slot", "priority")
    }
    assert str(await two.says("ann", "accept 1002")).startswith("Nothing waits for your answer on case #1001.")
    await two.says("sam", "schedule 1001 tomorrow 11am")
    said = str(await two.says("ann", "accept 1002"))
    assert said == "1 thing waits for your answer on case #1001. Is it this?\n[Accept the time]"
    assert "Agreed, for case #1001: Tue 20 Jan 11:00 ET." in str(await two.presses("ann", "Accept the time"))
    assert "merged it with: #1001; the quote, the appointment, the priority fell" in str(
        await two.says("sam", "show 1002")
    )
    assert await differences(two.store) == []


async def test_a_wish_for_an_estimate_and_a_cause_go_on_too(sqlite_desk: World) -> None:
    """W38, W24."""
    case = await opened(sqlite_desk)
    await opened(case, "bob", "Exports fail")
    await case.says("sam", "client-caused 1002 They removed the server")
    await case.says("bob", "estimate 1002")
    await case.says("sam", "merge 1001 1002")
    told = "Quote: asked for by the customer\nCause: a change on the customer's side, as the desk thinks"
    assert told in case.last("ann")
    assert "quotes 1 hour of work" in str(await case.says("sam", "quote 1001 60 Putting it back")) + case.last("ann")


async def test_what_cannot_both_hold_is_settled_first(two_on_sqlite: World) -> None:
    """R9, W7, W24: two appointments, an accepted quote beside an open one, what is covered beside what is quoted."""
    two = two_on_sqlite
    await two.presses("bob", "Accept the quote")
    await two.presses("bob", "Accept the time")
    await two.says("ann", "schedule 1001 tomorrow 3pm")
    both = "Case #1002 can't be merged with #1001 yet: both have an appointment. Call one of them off first."
    assert await two.says("sam", "merge 1001 1002") == both
    await two.says("sam", "decline 1001")
    await two.says("sam", "reply 1001 On it")
    differ = await two.says("sam", "merge 1002 1001")
    assert str(differ).startswith("Case #1002 can't be merged with #1001 yet: what they are covered by differs")
    await two.says("sam", "cover 1001 excluded_tm It is the report")
    await two.says("sam", "quote 1001 60 Something else")
    assert "another waits for the customer's answer." in str(await two.says("sam", "merge 1001 1002"))
    assert "Goes on as" not in two.card(1002)
    await two.presses("ann", "Accept the quote")
    assert str(await two.says("sam", "merge 1001 1002")).startswith("Done. It goes on as case #1001")
    quotes = [row[:3] + row[4:] for row in await stamps(two) if row[0] == "quote"]
    assert quotes == [("quote", 1, "60", "agreed", "Ann"), ("quote", 2, "600", "agreed", "Bob")]


async def test_a_case_about_the_contract_is_merged_once_that_is_settled(sqlite_desk: World) -> None:
    """W27: else its change could not be entered any more."""
    case = await opened(sqlite_desk)
    await case.says("lena", "upgrade northwind base 3")
    assert "it is about a change of the contract" in str(await case.says("sam", "merge 1001 1002"))
    await case.says("ann", "decline 1002 upgrade-1")
    assert str(await case.says("sam", "merge 1001 1002")).startswith("Done. It goes on as case #1001")


async def test_nothing_that_is_covered_inherits_a_quote(sqlite_desk: World) -> None:
    """W7, W24: nobody judged the one that was quoted, and an answer covers the other."""
    case = await opened(sqlite_desk)
    await opened(case, "bob", "The Power BI report shows wrong totals")
    await case.says("sam", "quote 1002 600 Rebuilding it")
    await case.presses("bob", "Accept the quote")
    await case.says("sam", "reply 1001 On it")
    assert "what they are covered by differs" in str(await case.says("sam", "merge 1001 1002"))


async def test_who_was_not_answered_is_not_lost_by_a_merge(sqlite_desk: World) -> None:
    """R9, R3: where the case that goes on was answered, the other's question waits on, and opens it again."""
    case = await opened(sqlite_desk)
    await case.says("sam", "close 1001 Fixed")
    case.passes(minutes=5)
    await opened(case, "ann", "/open The whole system is down for everybody")
    asked = (await the_case(case, 1002)).received_at
    case.passes(minutes=5)
    assert str(await case.says("sam", "/merge 1001 into 1002")).startswith("Done. It goes on as case #1001")
    again = "Sam Ortiz (support desk) merged #1002 into #1001, which is open again."
    assert [text for text in case.heard("ann") if again in text]
    assert "Priority proposed: Critical" in case.card()
    merged = await the_case(case)
    assert (merged.status, merged.asked_at, merged.priority) == ("open", asked, "critical")
    assert merged.next_alarm_at is not None
    assert "opened it again for: #1002" in str(await case.says("sam", "show 1001"))
    assert await case.passes_and_warns(hours=4) == 1
    await case.says("sam", "reply 1001 We restarted it")
    assert (await the_case(case)).asked_at is None
    assert (await the_case(case)).next_alarm_at is None
    await opened(case, "ann", "/open Low things")
    await case.says("sam", "merge 1003 with 1001")
    assert (await the_case(case)).next_alarm_at is not None, "it is open as it was, and somebody waits"
    await opened(case, "ann", "/open Other things")
    await case.says("sam", "wait 1004 Which?")
    await case.says("sam", "wait 1001 Is it up?")
    await case.says("sam", "merge 1004 1001")
    assert (await the_case(case)).status == "waiting_customer", "both wait for the customer"
    assert await differences(case.store) == []


async def test_whoever_opened_one_of_them_hears_of_it_and_may_end_it(sqlite_desk: World) -> None:
    """R9, W59: Bob, who is not nominated; nobody else's case is his by that."""
    case = await opened(sqlite_desk)
    await opened(case, "bob", "The quote form is broken for me too")
    await case.says("sam", "reply 1002 On it")
    await case.says("sam", "merge 1002 1001")
    await case.says("sam", "reply 1001 It works again")
    assert "> It works again" in case.last("bob")
    await case.says("bob", "reply 1002 Mine works", thread="t2")
    assert "> Mine works" in case.last("ann")
    await case.says("sam", "close 1001 Fixed")
    await case.presses("bob", "Yes, close it")
    assert "closed, confirmed" in case.card()
    await opened(case, "ann", "/open Another one")
    await case.says("sam", "close 1003 Fixed")
    assert str(await case.says("bob", "confirm 1003")).startswith("Only who opened case #1003"), "as ever"
    assert await differences(case.store) == []


async def test_what_is_said_where_a_merged_case_was_reaches_the_one_that_goes_on(sqlite_desk: World) -> None:
    """R9: in its own thread, without a number; it is over when that one is."""
    case = await opened(sqlite_desk)
    await case.says("bob", "The quote form is broken for me too", thread="t2")
    for _ in range(3):
        await case.says("bob", "skip", thread="t2")
    await case.says("sam", "merge 1002 1001")
    assert await case.says("bob", "Mine fails on save", thread="t2") == "Added to case #1001."
    await case.says("sam", "force-close 1001 No answer")
    assert "[Reopen #1002] [New case]" in str(await case.says("bob", "It is broken again", thread="t2"))
    await case.presses("bob", "Reopen #1002", thread="t2")
    assert "Status: being worked on" in case.card()


async def test_a_guest_hears_the_answers_where_their_case_was_and_no_more_of_it(sqlite_desk: World) -> None:
    """R9, C1."""
    case = await opened(sqlite_desk)
    await case.store.write(at_home)
    await opened(case, "gus", "The quote form is broken for me too")
    await case.says("sam", "merge 1002 1001")
    many = len(case.heard("gus"))
    await case.says("ann", "reply 1001 Our secret is 42")
    await case.says("sam", "close 1001 It works again")
    assert [text for text in case.heard("gus")[many:] if "> It works again" in text and "[" not in text]
    assert "secret" not in "".join(case.heard("gus"))
    assert str(await case.says("gus", "reply 1002 Thank you, but the list is empty")).startswith("Added to case #1001.")
    assert "> Thank you, but the list is empty" in case.last("ann")
    assert str(await case.says("gus", "confirm 1002")) == "There is no case #1002."
    assert str(await case.says("gus", "status 1001")) == "There is no case #1001."
    assert "42" not in str(await case.says("gus", "record 1002"))


def at_home(work: Work) -> None:
    """Whoever is in that workspace speaks for Northwind."""
    account = next(one.account_id for one in work.customers() if one.name == "Ann Lee")
    work.add(Tenant(channel="fake", tenant="", account_id=account or 0))
