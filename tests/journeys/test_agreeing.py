"""What both sides agree on: priority, coverage, quotes, causes, and a rating in the end."""

from tests.world import BROKEN, World, opened


async def test_a_priority_is_reassessed_with_a_reason_that_the_customer_reads(case: World) -> None:
    """W45, W57, R7: plan-wide targets do not move."""
    await case.says("sam", "priority 1001 high They invoice tomorrow")
    assert "Sam Ortiz (support desk) set the priority of #1001 to High.\n" in case.last("ann")
    assert "> They invoice tomorrow" in case.last("ann")
    assert "Expected response by Mon 19 Jan 13:00 ET" in case.last("ann")
    assert "Priority: High" in case.card()


async def test_a_priority_needs_a_known_level_and_a_reason(case: World) -> None:
    said = str(await case.says("sam", "priority 1001 purple because"))
    assert said == "purple is none of these: critical, high, normal, low."
    assert str(await case.says("sam", "priority 1001 high")).startswith(
        "I didn't follow that. It goes like this: priority"
    )


async def test_work_on_time_and_materials_waits_for_the_customers_word(case: World) -> None:
    """W24."""
    await case.says("sam", "cover 1001 time_and_materials It is new")
    await case.says("sam", "quote 1001 120 Two new reports")
    assert "quotes 2 hours of work on time and materials" in case.last("ann")
    assert "The hourly rate is not published." in case.last("ann")
    assert "Quote: 2 hours of work, waiting for the customer's answer" in case.card()
    told = str(await case.presses("ann", "Accept the quote"))
    assert told.startswith("Agreed, for case #1001: 2 hours of work on time and materials (W24). The desk can start.")
    assert "Quote: 2 hours of work, accepted" in case.card()
    assert str(await case.presses_line("ann", "estimate 1001")).startswith("Case #1001 has changed since")
    assert "Ann Lee (customer) accepted the quote on #1001." in case.last("desk")


async def test_only_the_quote_that_was_seen_can_be_accepted_and_only_once(case: World) -> None:
    await case.says("sam", "cover 1001 time_and_materials It is new")
    await case.says("sam", "quote 1001 120 Two new reports")
    await case.says("sam", "quote 1001 300 Three, rather")
    assert str(await case.presses_line("ann", "accept 1001 quote-1")).startswith("Case #1001 has changed since")
    assert str(await case.presses_line("bob", "accept 1001 quote-2")).startswith("Only who opened case")
    await case.presses("ann", "Decline the quote")
    assert "Quote: 5 hours of work, declined" in case.card()
    assert str(await case.presses_line("ann", "accept 1001 quote-2")).startswith("Case #1001 has changed since")


async def test_a_cause_on_the_customers_side_is_told_before_anything_is_charged(case: World) -> None:
    """W38."""
    await case.says("sam", "client-caused 1001 The workflow was switched off yesterday")
    assert "Nothing is charged for that without your word (W38)." in case.last("ann")
    assert "> The workflow was switched off yesterday" in case.last("ann")


async def test_a_closed_case_can_be_rated_by_its_customer(case: World) -> None:
    await case.says("sam", "close 1001 Fixed")
    assert "so that can't be done now" in str(await case.says("ann", "rate 1001 5"))
    await case.presses("ann", "Yes, close it")
    assert str(await case.says("ann", "rate 1001 9")).startswith("9 is none of these")
    await case.says("ann", "rate 1001 5 Quick!")
    assert "> 5 Quick!" in case.last("desk")


async def test_none_of_the_desks_verbs_is_a_customers(case: World) -> None:
    """C4, default deny: typed with a mark or a number, whoever says it."""
    for line in (
        "take 1001",
        "assign 1001 sam",
        "note 1001 x",
        "call 1001 x",
        "wait 1001 x",
        "close 1001 x",
        "force-close 1001 x",
        "priority 1001 low x",
        "cover 1001 excluded x",
        "client-caused 1001 x",
        "quote 1001 5 x",
        "merge 1001 1002",
        "split 1001 x",
        "transfer 1001 L2",
        "ack 1001",
        "/queue",
        "/whois ann",
        "/nominate bob",
        "/open-for eve x",
    ):
        assert str(await case.says("ann", line)).startswith("That is not yours to do."), line
    assert "Status: new" in case.card()


async def test_none_of_the_customers_verbs_is_the_desks(case: World) -> None:
    """C4: staff never act as the customer."""
    await case.says("sam", "close 1001 Fixed")
    asked = ("confirm 1001", "not-solved 1001", "solved 1001", "withdraw 1001", "accept 1001 quote-1", "rate 1001 5")
    for line in asked:
        assert str(await case.says("sam", line)).startswith("That is not yours to do."), line
    assert str(await case.says("sam", "/open everything is fine")).startswith("I didn't follow that.")


async def test_a_button_that_needs_words_asks_for_them(case: World) -> None:
    """Reply, pressed on a warning."""
    await case.passes_and_warns(hours=3)
    assert await case.presses("cora", "Reply") == "What do you want to write?"
    assert await case.says("cora", "I am looking at it") == "Done. Case #1001 is being worked on."
    assert "> I am looking at it" in case.last("ann")


async def test_reassigned_from_a_warning(case: World) -> None:
    await case.passes_and_warns(hours=3)
    assert await case.presses("cora", "Reassign") == "Who shall have it?"
    assert await case.says("cora", "sam") == "Done. Case #1001 is being worked on."
    assert "Cora Diaz (concierge) gave #1001 to Sam Ortiz (support desk)." in case.last("sam")


async def test_merged_cases_go_on_as_the_one_received_first(desk: World) -> None:
    """R9."""
    await opened(desk)
    desk.passes(minutes=5)
    await desk.says("bob", BROKEN)
    await desk.says("bob", "cancel")
    assert await desk.says("sam", "merge 1001 1002") == "Done. It goes on as case #1001, which was received first."
    assert "Goes on as: #1001" in desk.card(1002)
    await desk.says("bob", "reply 1002 It is worse now")
    assert "> It is worse now" in desk.last("desk")
    assert "wrote on #1001" in desk.last("desk")
    assert await desk.passes_and_warns(hours=2) == 1, "only the one that goes on has a clock"


async def test_cases_of_two_companies_never_merge(case: World) -> None:
    """R9, C1."""
    await opened(case, "eve", "Exports fail")
    assert str(await case.says("sam", "merge 1001 1002")).startswith("Case #1001 can't be merged")
    assert str(await case.says("sam", "merge 1001 1001")).startswith("Case #1001 can't be merged")


async def test_a_second_matter_becomes_a_case_of_its_own(case: World) -> None:
    assert await case.says("sam", "split 1001 The export fails as well") == "Done. Case #1002 is open for Ann Lee."
    assert "Split from: #1001" in case.card(1002)
    assert "opened #1002 for Ann Lee" in case.last("ann")


async def test_a_case_moved_to_another_queue_is_nobodys_again(case: World) -> None:
    """W51."""
    await case.says("sam", "take 1001")
    assert "1001" in str(await case.says("sam", "queue L1"))
    await case.says("sam", "transfer 1001 L2")
    assert "With: nobody yet" in case.card()
    assert "1001" in str(await case.says("sam", "queue L2"))
    assert str(await case.says("sam", "queue L1")).startswith("The queue is empty.\n")


async def test_a_case_opened_for_somebody_who_telephoned_is_theirs(desk: World) -> None:
    said = await desk.says("sam", "open-for ann@northwind.example The form is broken")
    assert said == "Done. Case #1001 is open for Ann Lee."
    assert "Sam Ortiz (support desk) opened #1001 for Ann Lee." in desk.last("ann")
    assert "by Mon 19 Jan 13:00 ET" in desk.last("ann")
    assert str(await desk.says("sam", "open-for nobody@x.example Broken")).startswith("I know nobody")


async def test_the_queue_shows_what_is_at_risk_unassigned_waiting_or_mine(case: World) -> None:
    await opened(case, "eve", "Exports fail")
    await case.says("sam", "take 1001")
    assert "1001" in str(await case.says("sam", "queue mine"))
    assert "1002" in str(await case.says("sam", "queue unassigned"))
    assert "1001" not in str(await case.says("sam", "queue unassigned"))
    await case.says("sam", "wait 1001 Which browser?")
    assert "1001" in str(await case.says("cora", "queue waiting"))
    case.passes(hours=7)
    risky = str(await case.says("cora", "queue at risk"))
    assert "1002" in risky
    assert "1001" not in risky, "it is answered"


async def test_whoever_is_nominated_may_speak_for_the_company(case: World) -> None:
    """W27, audited."""
    assert "Nominated: no" in str(await case.says("sam", "whois bob"))
    assert "Nominated: yes" in str(await case.says("lena", "nominate bob@northwind.example"))
    await case.says("sam", "close 1001 Fixed")
    assert "is closed" in str(await case.presses_line("bob", "confirm 1001 r1"))
    assert str(await case.says("sam", "nominate cora")).startswith("I know nobody")
