"""After the solution: reminders, all of it at once, how it was; and when it comes back."""

from bot.monthly import Monthly
from tests.fake import Fake
from tests.journeys.sides import the_case
from tests.verifying import differences
from tests.world import CATALOGUES, World, opened


def letters(world: World) -> list[str]:
    mail = world.channels["email"]
    assert isinstance(mail, Fake)
    return [post.text for post in mail.posts]


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
    for line in ("confirmer tout", "confirm all please"):
        assert "1 case waits" in str(await case.says("ann", line)), line


async def test_how_it_was_is_asked_once_a_closing_by_buttons_with_a_comment_if_they_like(sqlite_desk: World) -> None:
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
    assert "How was it" in str(await case.presses("ann", "Yes, close it")), "what it is worth now"
    assert str(await case.says("ann", "comment 1001 Hm")).startswith("Case #1001 has no rating yet")


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
    case.passes(days=14)
    assert str(await case.says("ann", "reopen 1001 It is blank")).startswith("Done. Case #1001"), "to the minute"
    await case.says("sam", "close 1001 Fixed")
    await case.presses("ann", "Yes, close it")
    case.passes(days=14, minutes=1)
    assert "I open a new one: reopen 1001 WHAT IS WRONG" in str(await case.says("ann", "reopen 1001"))
    said = str(await case.says("ann", "reopen 1001 The form is blank again"))
    assert said.startswith("Thank you, Ann Lee. This is case #1002.")
    assert "Related to: #1001" in case.card(1002)
    assert "Related to: #1002" in str(await case.says("ann", "status 1001"))
    assert "closed, confirmed" in case.card(1001)


async def test_what_ended_before_anybody_answered_breaks_no_promise_when_it_comes_back(sqlite_desk: World) -> None:
    """R8, R3: withdrawn, or solved by the customer, in time; from then on the desk's own measure counts."""
    case = await opened(await opened(sqlite_desk), "ann", "/open Exports fail")
    await case.says("ann", "withdraw 1001")
    assert "Good. Shall I close case #1002?" in str(await case.says("ann", "solved 1002"))
    await case.passes_and_warns(days=3)
    assert not [text for text in case.heard("desk") if "past its response time" in text]
    await case.says("ann", "reopen 1001 It is back")
    await case.says("ann", "not-solved 1002 Broken again")
    for number in (1001, 1002):
        assert "First response: no longer waited for" in case.card(number)
        assert (await the_case(case, number)).asked_at == case.time.business
        assert "any more: its clock ended Mon 19 Jan 09:00 ET" in str(await case.says("ann", f"why {number}"))
    assert "at risk" not in str(await case.says("sam", "queue at-risk"))
    mails = len(letters(case))
    assert await case.passes_and_warns(minutes=1) == 0, "it counts from there"
    assert await case.passes_and_warns(hours=3.5) == 2, "who works on it, or all, by the ladder of the next answer"
    await case.passes_and_warns(hours=6)
    assert len(letters(case)) == mails, "it is no breach, and no mail (R10)"
    await case.says("sam", "reply 1001 Sorry")
    await case.says("sam", "priority 1002 high They invoice tomorrow")
    for number in (1001, 1002):
        kept = await the_case(case, number)
        assert (kept.responded_at, kept.response_met) == (None, None), "frozen"
    report = str(await case.says("sam", "report 2026-01"))
    assert "late" not in report
    assert await differences(case.store) == []


async def test_what_ended_too_late_stays_broken(sqlite_desk: World) -> None:
    """R8, R9: a breach is never erased."""
    case = await opened(sqlite_desk)
    case.passes(days=2)
    await case.says("ann", "withdraw 1001")
    await case.says("ann", "reopen 1001 It is back")
    assert "First response: none by Mon 19 Jan" in case.card()
    assert "1 ended without an answer" in str(await case.says("sam", "report 2026-01"))
    assert await differences(case.store) == []


async def test_trouble_in_the_place_of_a_closed_case_is_that_one_again_or_one_beside_it(sqlite_desk: World) -> None:
    """R8: their words are kept; thanks, and that it works, open nothing."""
    case = sqlite_desk
    await case.says("ann", "The quote form is broken", thread="t1")
    for _ in range(3):
        await case.says("ann", "skip", thread="t1")
    await case.says("sam", "close 1001 Fixed")
    assert str(await case.says("ann", "Thanks, that works great!", thread="t1")).startswith("Good. Shall I close case")
    await case.presses("ann", "Yes, close it", thread="t1")
    assert await case.says("ann", "Thanks, that works great!", thread="t1") == "You're welcome."
    assert await case.says("ann", "Merci, ça marche") == "You're welcome.", "wherever they say it"
    broken = {"text": "It is broken again", "thread": "t1"}
    said = str(await case.says("ann", **broken))
    assert said == "That case is over. Is it the same again, or something new?\n[Reopen #1001] [New case]"
    await case.presses("ann", "Reopen #1001", thread="t1")
    assert "> It is broken again" in case.last("desk")
    await case.says("sam", "close 1001 Fixed again")
    await case.says("ann", "confirm 1001")
    await case.says("ann", **broken)
    await case.presses("ann", "New case", thread="t1")
    assert "Related to: #1001" in case.card(1002)
    await case.says("ann", "cancel", thread="t1")
    await case.says("sam", "close 1002 Fixed")
    await case.says("ann", "confirm 1002")
    case.passes(days=15)
    assert str(await case.says("ann", **broken)).startswith("Thank you, Ann Lee. This is case #1003.")
    assert "Related to: #1002" in case.card(1003)
    assert await differences(case.store) == []


async def test_what_is_over_is_escalated_all_the_same(sqlite_desk: World) -> None:
    """W53: any case of one's own; the address, and the way to have it open again."""
    case = await opened(sqlite_desk)
    await case.says("sam", "force-close 1001 No answer")
    said = str(await case.says("ann", "escalate 1001 You closed it without me"))
    assert "support@websan.com has it in writing." in said
    assert said.endswith("[Reopen]")
    assert "> You closed it without me" in letters(case)[-1]
    assert "Ann Lee (customer) escalates #1001." in case.last("lena")
    assert "There is no case" in str(await case.says("eve", "escalate 1001 Mine too"))


async def test_how_it_was_is_said_as_people_say_it(sqlite_desk: World) -> None:
    case = await opened(sqlite_desk)
    await case.says("sam", "close 1001 Fixed")
    await case.presses("ann", "Yes, close it")
    await opened(case, "ann", "/open Exports fail")
    for said, kept in (("rate 5", "5"), ("rate 1001 4/5", "4"), ("/rate 3 stars, slow", "3 slow"), ("rate 2/5", "2")):
        assert str(await case.says("ann", said)).startswith("Thank you, the desk has it."), said
        assert f"> {kept}" in case.last("desk")
    for wrong in ("rate 1001 4.5", "rate 1001 45", "rate 6"):
        assert "is none of these: 1, 2, 3, 4, 5." in str(await case.says("ann", wrong))
    assert str(await case.says("eve", "rate 5")).endswith("It goes like this: rate 1042 5")
