"""One cause behind cases of several companies: one answer for all, and no customer sees that there are others."""

import json

from bot import records
from bot.messages import to_json
from store.work import Work
from tests.verifying import differences
from tests.world import CATALOGUES, World, opened


async def outage(case: World) -> World:
    """1001 Northwind, 1002 Contoso, 1003 Fabrikam (no promise), all of one incident."""
    await opened(case, "eve", "Exports fail")
    await opened(case, "tess", "Nothing can be saved in Terrasoft CRM")
    await case.says("lena", "incident open The mail server of the data centre is down")
    assert "#1003" in str(await case.says("sam", "incident 1 add 1001, #1002 and 1003"))
    return case


async def test_one_answer_reaches_each_customer_and_counts_for_each(case: World) -> None:
    """R2: as an answer to each one's own case; with a saved reply's fields filled in for each."""
    await outage(case)
    await case.says("sam", "save outage Hello {customer}, we are working on {case}. {me}")
    case.passes(hours=1)
    assert str(await case.says("lena", "incident 1 reply !outages")).startswith("No reply is saved as outages.")
    assert await case.says("lena", "incident 1 reply !outage") == "Sent to 3 customers, each on their own case."
    for who, name, number in (("ann", "Ann Lee", 1001), ("eve", "Eve Stone", 1002), ("tess", "Tess Moreau", 1003)):
        assert f"> Hello {name}, we are working on #{number}. Lena Park" in case.last(who)
        found = await case.ask_store(lambda work, n=number: work.glance(n, None))
        assert (found.responded_at, found.answered_in_cycle) == (case.time.business, True)
    assert "First response: in time, Mon 19 Jan 10:00 ET" in case.card(1001)
    await case.says("sam", "merge 1002 1001")
    assert await differences(case.store) == []


async def test_closing_it_calls_each_solved_and_says_which_could_not_be(case: World) -> None:
    """W59, W24: each customer's own Yes closes their own."""
    await outage(case)
    await opened(case, "ann", "/open The same once more")
    await case.says("sam", "incident 1 add 1004")
    await case.says("sam", "merge 1004 1001")
    await case.says("sam", "quote 1003 120 A second server")
    said = str(await case.says("lena", "incident 1 close The server is back"))
    assert said.splitlines() == [
        "2 cases are called solved; each customer is asked to confirm.",
        "incident 1 is over.",
        "As they stand, 1 could not be reached:",
        "- #1003: waiting for the customer to accept a quote. "
        "The customer has not answered the quote on case #1003 yet. Its work starts when they accept it.",
    ]
    heard = [text for text in case.heard("ann") if "The server is back" in text]
    assert len(heard) == 1, "what was merged is answered once (R9)"
    await case.presses("eve", "Yes, close it")
    assert "closed, confirmed" in case.card(1002)
    assert "Status: solved" in case.card(1001)
    assert str(await case.says("lena", "incident 1 reply More")).startswith("incident 1 is over.")
    assert "There is no incident now." in str(await case.says("sam", "incident"))
    assert str(await case.says("lena", "incident 7 reply More")).startswith("There is no incident 7.")


async def test_no_customer_can_see_that_there_are_others(sqlite_desk: World) -> None:
    """C1: not on cards, in histories, records, lists, or in what is refused; related cases of others neither."""
    case = await opened(sqlite_desk)
    await outage(case)
    await case.says("sam", "link-cases 1001 1002")
    await case.says("lena", "incident 1 reply We are working on it")
    await case.says("lena", "incident 1 close It is back")
    await case.says("sam", "incident")
    assert "Incident: incident 1: The mail server" in case.card(1001)
    assert "Related to: #1002" in case.card(1001)
    assert "changed its incident" in str(await case.says("sam", "show 1001"))
    for line in ("show 1001", "status 1001", "why 1001", "cases", "record 1001", "/incident", "/incident 1"):
        await case.says("ann", line)
    assert str(await case.says("ann", "/incident 1 add 1001")).startswith("That is not yours to do.")
    assert "That is not yours to do." in str(await case.says("sam", "incident 1 reply x")), "a lead's"
    heard = "\n".join(case.heard("ann"))
    cards = [json.dumps(to_json(post.message)) for post in case.posts("ann")]
    record = json.dumps(await case.ask_store(ours, case))
    for text in (heard, *cards, record):
        for trace in ("ncident", "data centre", "1002", "1003", "Contoso", "Eve", "group", "elated"):
            assert trace not in text, trace


def ours(work: Work, world: World) -> object:
    case = work.glance(1001, None)
    assert case is not None
    return records.record(work, case, world.time, CATALOGUES, internal=False)


async def test_cases_of_one_company_name_each_other_for_its_people_too(sqlite_desk: World) -> None:
    case = await opened(sqlite_desk)
    await opened(case, "ann", "/open Exports fail")
    assert str(await case.says("sam", "unlink-cases 1001 1002")).startswith("Case #1001 is not related to case #1002.")
    told = "Done. Case #1001 and case #1002 are related: each shows the other now."
    assert await case.says("sam", "link-cases 1001 1002") == told
    await case.says("sam", "link-cases 1002 1001")
    assert "Related to: #1002" in str(await case.says("bob", "status 1001"))
    await case.says("sam", "unlink-cases 1002 1001")
    assert "Related" not in case.card(1001)
    assert "Related" not in str(await case.says("bob", "status 1001"))
