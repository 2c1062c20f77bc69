"""The two sides of a case: who proposed what, who answered, when; and what no one has to click for."""

import re

import pytest

from tests.journeys.sides import proposing, stamps, the_case
from tests.world import CATALOGUES, World, opened

NEVER_CHARGED = re.compile(r"charge|invoice|time and materials|paid|quote(?! form)|\$", re.I)


async def test_the_first_answer_agrees_to_the_priority_the_cover_and_who_may_ask(desk: World) -> None:
    """W56, W57: both stamps, and not one message or click more than the answer itself."""
    await proposing(desk)
    assert "Priority proposed: High" in desk.card()
    heard = len(desk.heard("ann"))
    desk.passes(minutes=20)
    await desk.says("sam", "reply 1001 Looking into it")
    case = await the_case(desk)
    assert await stamps(desk) == [("priority", 1, "high", "Ann", "agreed", "Sam")]
    assert (case.priority_state, case.covered_at, case.eligibility_at) == (
        "agreed",
        desk.time.business,
        case.covered_at,
    )
    assert case.covered_by == case.eligibility_by is not None
    assert len(desk.heard("ann")) == heard + 1
    assert "Priority: High, agreed" in desk.card()
    shown = str(await desk.says("ann", "show 1001"))
    assert "Priority: High, proposed by Ann Lee (customer), Mon 19 Jan 09:00 ET; agreed by Sam Ortiz" in shown
    assert "Coverage: covered; judged by Sam Ortiz (support desk), Mon 19 Jan 09:20 ET" in shown


async def test_a_counter_proposal_holds_at_once_and_is_agreed_only_when_the_customer_says_so(desk: World) -> None:
    """W45, W57."""
    await proposing(desk)
    await desk.says("sam", "priority 1001 low One form of many")
    assert "changed the priority of #1001 from High to Low." in desk.last("ann")
    assert "> One form of many" in desk.last("ann")
    assert "Expected response by Mon 19 Jan 13:00 ET" in desk.last("ann")
    assert "agreed once you accept it (W57)" in desk.last("ann")
    assert "Priority: Low (not agreed)" in desk.card()
    assert "1 case waits for you" in str(await desk.says("ann", "home"))
    assert str(await desk.presses_line("ann", "accept 1001 priority-1")).startswith("Case #1001 has changed since")
    await desk.says("sam", "reply 1001 Looking into it")
    assert "Priority: Low (not agreed)" in desk.card(), "the desk's own answer agrees to nothing of its own"
    await desk.presses("ann", "Accept the priority")
    assert "Ann Lee (customer) accepted the priority of #1001: Low, agreed." in desk.last("desk")
    assert "Priority: Low, agreed" in desk.card()
    assert await stamps(desk) == [
        ("priority", 1, "high", "Ann", "superseded", None),
        ("priority", 2, "low", "Sam", "agreed", "Ann"),
    ]
    assert str(await desk.presses_line("ann", "accept 1001 priority-2")).startswith("Case #1001 has changed since")


async def test_a_declined_counter_stands_and_says_wherever_it_is_shown_that_it_is_not_agreed(
    sqlite_desk: World,
) -> None:
    """W45, W57; the desk may still yield."""
    desk = sqlite_desk
    await proposing(desk)
    await desk.says("sam", "priority 1001 low One form of many")
    assert str(await desk.presses_line("bob", "decline 1001 priority-2")).startswith("Only who opened case")
    declined = str(await desk.presses("ann", "Decline the priority"))
    assert declined.startswith(
        "You declined the priority of case #1001. It stays Low for now, marked as not agreed (W45)."
    )
    assert "Priority: Low (not agreed)" in desk.card()
    await desk.passes_and_warns(hours=2)
    assert "Priority: Low (not agreed)" in desk.last("desk"), "of the warning too"
    yielded = await desk.says("sam", "priority 1001 high You are right")
    assert yielded == "The priority of case #1001 is High, as both sides agree."
    assert "Priority: High, agreed" in desk.card()
    assert [row[1:] for row in await stamps(desk)] == [
        (1, "high", "Ann", "agreed", "Sam"),
        (2, "low", "Sam", "declined", "Ann"),
    ]


async def test_work_that_is_paid_for_waits_for_the_customers_recorded_yes(sqlite_desk: World) -> None:
    """W24, W37, W39."""
    desk = sqlite_desk
    await opened(desk, problem="Please change the label of a field on the account form")
    await desk.says("sam", "cover 1001 time_and_materials It is a change")
    assert "Case #1001 is waiting for a quote by the desk." in str(await desk.says("sam", "take 1001"))
    assert "Status: waiting for a quote by the desk" in str(await desk.says("ann", "status 1001"))
    refused = str(await desk.says("sam", "close 1001 Done"))
    assert "was not quoted yet (W24): quote 1001 MINUTES WHAT" in refused
    await desk.says("sam", "quote 1001 120 A form")
    await desk.says("sam", "schedule 1001 tomorrow 10am")
    assert "Work itself starts when you have accepted a quote (W24)." in desk.last("ann")
    assert "has not answered the quote on case #1001 yet (W24)" in str(await desk.says("sam", "close 1001 Done"))
    assert "Status: waiting for the customer to accept a quote" in desk.card()
    await desk.presses("ann", "Accept the quote")
    assert "Status: being worked on" in desk.card()
    answered = str(await desk.says("sam", "close 1001 Done"))
    assert "Does the customer have all code that was made for them (W39)?\n[Yes] [Not yet] [There was none]" in answered
    await desk.presses("sam", "Not yet")
    assert "Code: not handed over yet" in desk.card()
    await desk.says("sam", "code-delivered 1001 yes")
    assert ("quote", 1, "120", "Sam", "agreed", "Ann") in await stamps(desk)
    assert (await the_case(desk)).code_delivered == "yes"
    assert str(await desk.says("sam", "code-delivered 1001 maybe")).startswith("maybe is none of these")


async def test_after_a_declined_quote_a_case_ends_without_that_work_and_says_so_to_both_sides(
    sqlite_desk: World,
) -> None:
    """W24, W39, W59."""
    case = await opened(sqlite_desk)
    await case.says("sam", "cover 1001 time_and_materials It is new")
    await case.says("sam", "quote 1001 120 A form")
    told = "You declined the quote on case #1001: those 2 hours of work are not done, and nothing is charged."
    assert await case.presses("ann", "Decline the quote") == told
    assert "Status: quote declined" in case.card()
    assert "Case #1001: quote declined." in str(await case.says("sam", "take 1001"))
    done = await case.says("sam", "close 1001 So be it")
    without = "over without the work that was quoted, awaiting the customer's confirmation"
    assert done == f"Done. Case #1001 is {without}.", "and nobody is asked for code"
    assert "says #1001 is over, without the work that was quoted." in case.last("ann")
    assert "Shall it be closed? It closes only when you say so (W59).\n[Yes, close it]" in case.last("ann")
    assert ("closing", 1, "undone", "Sam", "offered", None) in await stamps(case)
    stamped = "Called over, without the work that was quoted, by Sam Ortiz (support desk), Mon 19 Jan 09:00 ET"
    assert stamped in str(await case.says("ann", "show 1001"))
    await case.says("ann", "not-solved 1001")
    await case.says("sam", "quote 1001 60 A smaller one")
    await case.presses("ann", "Accept the quote")
    await case.says("sam", "close 1001 Built")
    assert "says #1001 is solved." in case.last("ann")


async def test_a_verdict_reaches_the_customer_in_words_with_its_clauses_and_ways_on(desk: World) -> None:
    """W37, W32, W24."""
    await opened(desk, problem="Our Power BI report shows the wrong totals")
    await desk.says("sam", "cover 1001 excluded_tm It needs a specialist")
    told = desk.last("ann")
    assert told.startswith(
        "Sam Ortiz (support desk) judged #1001: not covered; on time and materials (W37). "
        + CATALOGUES.provider("websan").clauses["W32"].says
        + " (W32)\nSam Ortiz (support desk):\n> It needs a specialist\n"
    )
    assert "None of it starts before you accept a quote (W24)." in told
    assert told.endswith("[Time and materials: ask for an estimate] [Why]")
    assert "Coverage: not covered; on time and materials, as a person judged (W37). SSRS" in str(
        await desk.says("ann", "why 1001")
    )
    shown = str(await desk.says("sam", "show 1001"))
    assert "judged the coverage: not covered; on time and materials: It needs a specialist" in shown
    await desk.presses("ann", "Time and materials: ask for an estimate")
    assert "Status: waiting for a quote by the desk" in desk.card()
    await desk.says("sam", "cover 1001 plan_separately It is a project")
    assert "[Plan it separately: send an enquiry]" not in desk.last("ann"), "an estimate is asked for already"


@pytest.mark.parametrize("answer", ["", "accept 1001 quote-1", "decline 1001 quote-1"])
async def test_what_is_found_covered_after_all_costs_nothing_whatever_became_of_its_quote(
    sqlite_desk: World, answer: str
) -> None:
    """W7, W24."""
    case = await opened(sqlite_desk, problem="Our Power BI report shows the wrong totals")
    await case.says("sam", "quote 1001 90 Repairing it")
    if answer:
        await case.says("ann", answer)
    await case.says("sam", "cover 1001 covered It is an ordinary chart")
    assert "> It is an ordinary chart\nThe quote is withdrawn, and nothing is charged." in case.last("ann")
    assert "Quote: 1 h 30 min of work, withdrawn" in case.card()
    state = {"": "superseded", "accept 1001 quote-1": "superseded"}.get(answer, "declined")
    assert (await stamps(case))[0][4] == state
    assert "Case #1001 is covered" in str(await case.says("sam", "quote 1001 90 Repairing it"))
    assert "so nothing is quoted for it" in str(await case.says("sam", "quote 1001 90 Repairing it"))
    assert "is solved, awaiting" in str(await case.says("sam", "close 1001 Repaired"))


async def test_a_wish_for_a_quote_is_withdrawn_with_what_is_covered(sqlite_desk: World) -> None:
    """W7, W24."""
    case = await opened(sqlite_desk, problem="Our Power BI report shows the wrong totals")
    await case.says("ann", "estimate 1001")
    await case.says("sam", "cover 1001 covered It is an ordinary chart")
    assert "The quote is withdrawn, and nothing is charged." in case.last("ann")
    assert "Quote: withdrawn" in case.card()


async def test_a_break_fix_however_long_never_speaks_of_a_charge(sqlite_desk: World) -> None:
    """W24, W7: nothing can be quoted for what the desk has judged covered, and no verdict of it leaves a quote open."""
    case = await opened(sqlite_desk)
    looks = str(await case.says("sam", "quote 1001 300 Five hours"))
    assert looks.startswith("Case #1001 looks covered (W7), so nothing is quoted for it.")
    assert looks.endswith("cover 1001 VERDICT REASON or client-caused 1001 REASON")
    await case.says("sam", "reply 1001 This takes the whole day")
    before = len(case.posts("ann"))
    assert "Case #1001 is covered (W7), so nothing is quoted for it." in str(
        await case.says("sam", "quote 1001 300 Five")
    )
    for line in ("take 1001", "note 1001 Five hours by now", "wait 1001 Which form?", "close 1001 It took five hours"):
        case.passes(hours=1)
        await case.says("sam", line)
    told = "\n".join(post.text for post in case.posts("ann")[before:])
    assert "It took five hours" in told
    assert NEVER_CHARGED.findall(told) == []
    await case.says("ann", "not-solved 1001")
    await case.says("sam", "client-caused 1001 A workflow was switched off")
    assert "Nothing is charged for that without your word (W38)." in case.last("ann")
    await case.says("sam", "quote 1001 60 Switching it on")
    assert "Work starts when you accept (W38)." in case.last("ann")
    await case.says("sam", "cover 1001 covered After all")
    assert "Quote: 1 hour of work, withdrawn" in case.card()
    assert str(await case.presses_line("ann", "accept 1001 quote-1")).startswith("Case #1001 has changed since")
    assert "so nothing is quoted for it" in str(await case.says("sam", "quote 1001 60 Once more")), "the cause is gone"


async def test_the_end_of_a_case_bears_both_stamps_and_without_the_customers_it_is_a_state_of_its_own(
    desk: World,
) -> None:
    """W59."""
    await opened(desk)
    await opened(desk, "eve", "Exports fail")
    await desk.says("sam", "close 1001 Fixed")
    await desk.presses("ann", "No, not solved")
    await desk.says("sam", "close 1001 Now")
    await desk.presses("ann", "Yes, close it")
    await desk.says("sam", "close 1002 Fixed")
    assert str(await desk.says("sam", "queue unconfirmed")).startswith("Nothing was closed without confirmation.\n")
    await desk.says("sam", "force-close 1002 Asked twice")
    assert [row[0:2] + row[3:] for row in await stamps(desk)] == [
        ("closing", 1, "Sam", "declined", "Ann"),
        ("closing", 2, "Sam", "agreed", "Ann"),
    ]
    assert await stamps(desk, 1002) == [("closing", 1, "solved", "Sam", "superseded", None)]
    shown = str(await desk.says("sam", "queue unconfirmed"))
    assert shown.startswith("1 case was closed without confirmation\n")
    assert [line[:7] for line in shown.splitlines() if line.startswith("- ")] == ["- #1002"]
    assert str(await desk.says("ann", "/queue unconfirmed")).startswith("That is not yours to do.")


async def test_of_several_that_wait_the_one_that_is_meant_is_named(sqlite_desk: World) -> None:
    case = await opened(sqlite_desk)
    await case.says("sam", "client-caused 1001 A workflow was switched off")
    await case.says("sam", "quote 1001 60 A report")
    told = await case.says("sam", "priority 1001 low No hurry")
    assert told == "The priority of case #1001 is Low from now on. It is agreed once the customer accepts it."
    said = str(await case.says("ann", "accept 1001"))
    assert said == "2 things wait for your answer on case #1001. Which one?\n[Accept the quote] [Accept the priority]"
    assert str(await case.says("ann", "decline 1001")).endswith("[Decline the quote] [Decline the priority]")
    await case.presses("ann", "Decline the quote")
    assert await case.says("ann", "accept 1001") == "Agreed: the priority of case #1001 is Low."
    assert "Priority: Low, agreed" in case.card()
    assert str(await case.says("ann", "accept 1001")).startswith("Nothing waits for your answer on case #1001.")
