"""After the solution: reminders, all of it at once, how it was; and when it comes back."""

from bot.monthly import Monthly
from tests.verifying import differences
from tests.world import CATALOGUES, World, opened


async def solved(world: World, who: str = "ann", problem: str = "Exports fail", number: int = 1002) -> None:
    await opened(world, who, f"/open {problem}")
    await world.says("sam", f"close {number} Fixed")


async def test_the_customer_is_reminded_on_business_days_then_monthly_and_nothing_closes_itself(case: World) -> None:
    """W59: after one, three and seven business days, never at night, and not while they wait for an answer."""
    await case.says("sam", "close 1001 Fixed")  # Monday, 9:00 in New York
    asked = "A reminder: is #1001 solved for you? It closes only when you say so (W59)."

    async def hears(**time: float) -> int:
        await case.passes_and_warns(**time)
        return sum(asked in text for text in case.heard("ann"))

    assert await hears(hours=23) == 0
    assert await hears(hours=1) == 1, "Tuesday, 9:00"
    assert "[Yes, close it] [No, not solved]" in case.last("ann")
    assert await hears(days=2) == 2, "Thursday"
    await case.says("ann", "reply 1001 Which version is it fixed in?")
    assert await hears(days=14) == 2, "they wait for an answer themselves"
    await case.says("sam", "reply 1001 In the latest")
    assert await hears(days=7, hours=14) == 2, "it would be night: what fell due since is told in the morning"
    assert await hears(hours=11) == 3, "and only once"
    assert await hears(days=40) == 4, "the seventh business day, and no more"
    assert await hears(days=40) == 4
    assert "Status: solved, awaiting" in case.card()
    assert "the clock reminded the customer to confirm" in str(await case.says("sam", "show 1001"))
    assert "reminded" not in str(await case.says("ann", "show 1001")), "of which they read where they are"
    assert await differences(case.store) == []
    await solved(case)  # not reminded yet
    monthly = Monthly(case.store, CATALOGUES, lambda: case.time, case.delivery.wake.set)
    case.passes(hours=12)
    assert await monthly.round() == 0, "at night"
    case.passes(hours=12)
    assert (await monthly.round(), await monthly.round()) == (1, 0), "once, whoever comes first"
    await case.delivery.deliver_all()
    assert case.last("ann").startswith("1 case still waits for your confirmation. It closes only when you say so (W59)")
    assert "#1002" not in case.last("ann")
    case.passes(days=31)
    assert await monthly.round() == 1, "the next month again"


async def test_all_that_is_solved_is_confirmed_at_once_each_as_it_was_seen(case: World) -> None:
    """W59."""
    await case.says("sam", "close 1001 Fixed")
    await solved(case)
    await solved(case, "bob", "The list is empty", 1003)
    await solved(case, "eve", "Imports fail", 1004)
    assert "confirmation" in str(await case.says("bob", "confirm all")), "their own alone"
    assert "#1003" in case.last("bob")
    assert "#1001" not in case.last("bob")
    said = str(await case.says("ann", "confirm all"))
    assert said.startswith("3 cases wait for your confirmation\n- #1001 The quote form")
    assert "#1004" not in said, "another company's"
    await case.says("ann", "not-solved 1002 It still fails")
    await case.says("sam", "close 1002 Really fixed")
    await case.presses("ann", "Yes, close all of these")
    assert case.last("ann").splitlines() == [
        "Thank you. 2 cases are closed.",
        "- #1002 has changed since you were asked. [Show]",
    ], "its second solution was not on the list"
    assert str(await case.presses_line("eve", "confirm all 1002 r2")).startswith("Nothing was closed.")
    assert str(await case.says("sam", "/confirm all")).startswith("That is not yours to do.")
    assert "closed, confirmed" in case.card(1003)
    assert "Status: solved" in case.card(1002)
    assert "1 case waits" in str(await case.says("ann", "confirmer tout"))


async def test_how_it_was_is_asked_once_by_buttons_with_a_comment_if_they_like(sqlite_desk: World) -> None:
    case = await opened(sqlite_desk)
    await case.says("sam", "close 1001 Fixed")
    said = str(await case.presses("ann", "Yes, close it"))
    assert said.endswith("How was it, from 1 (poor) to 5 (very good)?\n[1] [2] [3] [4] [5]")
    assert str(await case.says("ann", "comment 1001 Hm")).startswith("Case #1001 has no rating yet")
    assert "[Add a comment]" in str(await case.presses("ann", "4"))
    assert "> 4" in case.last("desk")
    assert await case.presses("ann", "Add a comment") == "What would you like to add?"
    await case.says("ann", "Quick!")
    assert "> 4 Quick!" in case.last("desk")
    await case.says("ann", "reopen 1001 It is back")
    await case.says("sam", "close 1001 Fixed again")
    assert "How was it" not in str(await case.presses("ann", "Yes, close it")), "once"


async def test_nobody_is_asked_how_it_was_while_what_they_escalated_waits_for_a_person(sqlite_desk: World) -> None:
    """W53, R10."""
    case = await opened(sqlite_desk)
    await opened(case, "ann", "/open Exports fail")
    await case.says("sam", "close 1001 Fixed")
    await case.says("ann", "escalate 1002 We cannot work")
    assert "How was it" not in str(await case.says("ann", "confirm 1001"))
    await case.says("sam", "reply 1002 I am on it")
    await case.says("sam", "close 1002 Fixed")
    assert "How was it" in str(await case.says("ann", "confirm 1002"))


async def test_who_escalated_and_was_answered_by_nobody_is_asked_nothing(sqlite_desk: World) -> None:
    """R10, W53: though they said themselves that it works."""
    case = await opened(sqlite_desk)
    await case.says("ann", "escalate 1001 We cannot work")
    await case.says("ann", "solved 1001")
    await case.passes_and_warns(days=1)
    assert not [text for text in case.heard("ann") if "A reminder" in text]
    await case.says("sam", "call 1001 They say it works")
    await case.passes_and_warns(days=1)
    assert "A reminder: is #1001 solved for you?" in case.last("ann")


async def test_what_comes_back_too_late_is_a_new_case_related_to_the_old(case: World) -> None:
    """R8."""
    await case.says("sam", "close 1001 Fixed")
    await case.presses("ann", "Yes, close it")
    case.passes(days=15)
    assert "I open a new one: reopen 1001 WHAT IS WRONG" in str(await case.says("ann", "reopen 1001"))
    said = str(await case.says("ann", "reopen 1001 The form is blank again"))
    assert said.startswith("Thank you, Ann Lee. This is case #1002.")
    assert "Related to: #1001" in case.card(1002)
    assert "Related to: #1002" in str(await case.says("ann", "status 1001"))
    assert "closed, confirmed" in case.card(1001)
