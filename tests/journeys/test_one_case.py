"""One whole case, from the first word to the customer's Yes, as its people live it."""

from bot.forms import ShowForm
from bot.incoming import Pressed, Said
from store.tables import Person
from store.work import Work
from tests.world import BROKEN, World


async def test_the_first_message_opens_the_case_with_id_plan_and_due_time_and_questions_enrich_it(desk: World) -> None:
    """W46, W47, W55, R1, R15."""
    said = await desk.says("ann", BROKEN)
    assert isinstance(said, str)
    receipt, _, question = said.rpartition("\nWhat exactly")
    assert receipt.startswith(
        "Thank you, Ann Lee. This is case #1001.\nPlan: Success with CRM\n"
        "Expected response: by Mon 19 Jan 13:00 ET, 4 business hours (W46)\n"
        "Counted in business hours, Mon–Fri 8:00–18:00 ET (W47)."
    )
    assert question == " happens, and where do you see it?\n[Skip]"
    assert await desk.says("ann", "Error 500 on save") == (
        "How bad is it? You propose, the desk agrees it with you.\n[Critical] [High] [Normal] [Low] [Skip]"
    )
    assert await desk.presses("ann", "High") == (
        "Did anything change just before, such as an update, a workflow or a setting?\n[Skip]"
    )
    assert await desk.says("ann", "skip") == "Thank you. That is all on case #1001; the desk has it."
    card = desk.card()
    assert "Details: Error 500 on save" in card
    assert "Priority proposed: High" in card
    assert "Not all questions" not in card


async def test_nobody_is_asked_what_the_report_already_says(desk: World) -> None:
    said = await desk.says("ann", "URGENT: nobody can work, the CRM is down since the update last night")
    assert str(said).endswith("What exactly happens, and where do you see it?\n[Skip]")
    assert await desk.says("ann", "Every page is white") == "Thank you. That is all on case #1001; the desk has it."
    assert "Priority proposed: Critical" in desk.card()


async def test_the_clock_starts_with_the_customers_own_message_not_with_its_delivery(desk: World) -> None:
    """R1: it was written at 9:00 and came through at 9:40."""
    written = desk.time.business
    desk.passes(minutes=40)
    said = await desk.says("ann", BROKEN, at=written)
    assert "by Mon 19 Jan 13:00 ET" in str(said)


async def test_taken_answered_resolved_and_closed_only_when_the_customer_confirms(case: World) -> None:
    """W59, R2."""
    said = str(await case.presses("sam", "Take", room="desk", thread=case.receipt(), at_once=True))
    assert said == "Done. Case #1001 is being worked on."
    assert case.last("desk") == "Sam Ortiz (support desk) is working on #1001."
    await case.says("sam", "reply 1001 Looking into it")
    assert "First response: in time, Mon 19 Jan 09:00 ET" in case.card()
    await case.says("cora", "note 1001 They are grumpy today")
    assert (
        await case.says("sam", "close 1001 Fixed the plug-in")
        == "Done. Case #1001 is solved, awaiting the customer's confirmation."
    )
    assert "grumpy" not in "".join(case.heard("ann"))
    assert str(await case.says("sam", "confirm 1001")).startswith("That is not yours to do.")
    assert "closed" not in case.card()
    assert str(await case.presses("ann", "Yes, close it")).startswith("Thank you. Case #1001 is closed.")
    assert "Status: closed, confirmed by the customer" in case.card()
    assert case.heard("ann")[-4:-1] == [
        "Sam Ortiz (support desk) is working on #1001.",
        "Sam Ortiz (support desk) answered on #1001.\nSam Ortiz (support desk):\n> Looking into it",
        "Sam Ortiz (support desk) says #1001 is solved.\nSam Ortiz (support desk):\n> Fixed the plug-in\n"
        "Is it solved for you? It closes only when you say so (W59).\n[Yes, close it] [No, not solved] [Why]",
    ]


async def test_no_goes_on_with_the_same_case_and_a_bare_close_then_needs_a_sentence(case: World) -> None:
    """R2, R8, W59."""
    await case.says("sam", "close 1001 Fixed")
    assert await case.presses("ann", "No, not solved") == "Done. Case #1001 is being worked on."
    assert await case.says("sam", "close 1001") == "What was done? The customer reads it and is asked to confirm."
    await case.says("sam", "call 1001 Walked her through it")
    assert str(await case.says("sam", "close 1001")).startswith("Done. Case #1001 is solved")


async def test_the_promise_kept_in_the_first_cycle_stays_kept_when_the_case_comes_back(case: World) -> None:
    """R8: the first response of cycle one is frozen."""
    await case.says("sam", "reply 1001 On it")
    await case.says("sam", "close 1001")
    await case.presses("ann", "Yes, close it")
    case.passes(days=3)
    await case.presses("ann", "Reopen")
    await case.says("sam", "reply 1001 Again on it")
    assert "First response: in time, Mon 19 Jan 09:00 ET" in case.card()
    assert "Status: being worked on" in case.card()


async def test_a_late_answer_is_late_for_good(case: World) -> None:
    case.passes(hours=5)
    await case.says("sam", "reply 1001 Sorry")
    assert "First response: late, Mon 19 Jan 14:00 ET" in case.card()


async def test_an_answer_in_the_very_last_moment_is_in_time(case: World) -> None:
    case.passes(hours=4)
    await case.says("sam", "reply 1001 Here I am")
    assert "First response: in time, Mon 19 Jan 13:00 ET" in case.card()


async def test_notes_and_taking_a_case_do_not_count_as_an_answer(case: World) -> None:
    """R2."""
    await case.says("sam", "take 1001")
    await case.says("sam", "note 1001 thinking")
    assert "Expected response: by Mon 19 Jan 13:00 ET" in case.card()


async def test_a_customer_may_reopen_for_fourteen_days_and_staff_always(case: World) -> None:
    """R8."""
    await case.says("sam", "close 1001 Fixed")
    await case.presses("ann", "Yes, close it")
    case.passes(days=14, minutes=1)
    assert "closed more than 14 days ago" in str(await case.says("ann", "reopen 1001"))
    assert str(await case.says("sam", "reopen 1001")).startswith("Done. Case #1001 is being worked on.")


async def test_works_now_shows_one_confirm_button_and_closes_nothing_by_itself(case: World) -> None:
    """W59: the customer may start it too."""
    said = await case.says("ann", "it works now, thanks"[:12])
    assert said == "Good. Shall I close case #1001?\n[Yes, close it] [No, not solved]"
    assert "Status: solved, awaiting" in case.card()
    await case.presses("ann", "Yes, close it")
    assert "closed, confirmed" in case.card()


async def test_thanks_never_reopens(case: World) -> None:
    """R8."""
    await case.says("sam", "close 1001 Fixed")
    await case.presses("ann", "Yes, close it")
    assert await case.says("ann", "thanks!") == "You're welcome."
    assert "closed, confirmed" in case.card()


async def test_a_forced_closing_needs_a_reason_tells_the_customer_and_is_labelled_for_good(case: World) -> None:
    """W59."""
    asked = await case.says("sam", "force-close 1001")
    assert asked == "Why is it closed without the customer's word? They read it."
    await case.says("sam", "No word for three weeks")
    assert "Status: closed without confirmation" in case.card()
    assert "closed #1001 without confirmation.\nSam Ortiz (support desk):\n> No word for three weeks" in case.last(
        "ann"
    )
    assert "[Reopen]" in case.last("ann")


async def test_withdrawn_by_its_customer_and_by_nobody_elses(case: World) -> None:
    assert str(await case.says("bob", "withdraw 1001")).startswith("Only who opened case #1001 or a nominated user")
    assert str(await case.says("ann", "withdraw 1001")).startswith("Done. Case #1001 is withdrawn.")


async def test_waiting_for_the_customer_ends_with_any_word_of_theirs(case: World) -> None:
    """R5."""
    await case.says("sam", "wait 1001 Which browser is it?")
    assert "Status: waiting for the customer" in case.card()
    await case.says("ann", "reply 1001 Edge")
    assert "Status: being worked on" in case.card()
    assert "> Edge" in case.last("desk")


async def test_the_whole_company_sees_the_case_and_nobody_else_does(case: World) -> None:
    """W28, C1: absent and forbidden read alike."""
    assert "#1001 The quote form is broken since this morning, new" in str(await case.says("bob", "cases"))
    assert str(await case.says("bob", "status 1001")).startswith("#1001: The quote form is broken")
    assert await case.says("eve", "status 1001") == "There is no case #1001."
    assert await case.says("eve", "status 1999") == "There is no case #1999."
    for line in ("reply 1001 hello", "confirm 1001", "/close 1001", "withdraw 1001", "reopen 1001", "/note 1001 x"):
        assert await case.says("eve", line) == "There is no case #1001."


async def test_free_text_asks_where_it_belongs_when_a_case_is_open(case: World) -> None:
    said = await case.says("ann", "Now the invoice form is broken too")
    assert said == "You have an open case. Where does this belong?\n[Add to #1001] [New case]"
    written = case.time.business
    case.passes(minutes=10)
    assert str(await case.presses("ann", "New case")).startswith("Thank you, Ann Lee. This is case #1002.")
    found = await case.ask_store(lambda work: work.glance(1002, None).received_at)
    assert found == written, "the clock runs from the message, not from the choice (R1)"


async def test_words_added_to_the_open_case_reach_the_desk(case: World) -> None:
    await case.says("ann", "It also happens on my phone")
    assert await case.presses("ann", "Add to #1001") == "Added to case #1001."
    assert "> It also happens on my phone" in case.last("desk")


async def test_whoever_goes_on_writing_instead_of_choosing_loses_no_word(case: World) -> None:
    await case.says("ann", "It also happens on my phone")
    assert "Please choose one of the answers." in str(await case.says("ann", "and on my tablet"))
    await case.presses("ann", "Add to #1001")
    assert "> It also happens on my phone\n> and on my tablet" in case.last("desk")


async def test_text_in_the_cases_thread_or_quoting_it_goes_to_the_case(case: World) -> None:
    await case.says("sam", "reply 1001 Which form exactly?")
    quoted = f"p{max(n for n, post in enumerate(case.fake.posts, 1) if post.room == 'ann')}"
    assert await case.says("ann", "The one for partners", quotes=quoted) == "Added to case #1001."
    assert "> The one for partners" in case.last("desk")


async def test_the_desks_free_text_under_a_case_is_a_note_and_never_crosses(case: World) -> None:
    before = len(case.heard("ann"))
    await case.says("sam", "She called me names", room="desk", thread=case.receipt())
    assert len(case.heard("ann")) == before
    shown = str(await case.says("cora", "show 1001"))
    assert "She called me names" in shown
    assert "names" not in str(await case.says("ann", "status 1001"))


async def test_closing_from_the_cases_own_thread_needs_no_number(case: World) -> None:
    await case.says("sam", "!close Fixed it", room="desk", thread=case.receipt())
    assert "Status: solved, awaiting" in case.card()


async def test_a_person_please_ends_the_questions(desk: World) -> None:
    await desk.says("ann", BROKEN)
    assert await desk.says("ann", "a person, please") == "No more questions. A person takes case #1001 from here."
    assert "Not all questions are answered." in desk.card()
    assert "asks for a person on #1001" in desk.last("desk")
    assert await desk.says("ann", "thanks") == "You're welcome."


async def test_an_abandoned_dialog_leaves_the_case_open_and_flagged(desk: World) -> None:
    await desk.says("ann", BROKEN)
    desk.passes(hours=25)
    assert str(await desk.says("ann", "cases")).startswith("Your company's cases")
    assert "Not all questions are answered." in desk.card()
    assert "Where does this belong?" in str(await desk.says("ann", "It also happens on my phone"))


async def test_cancel_stops_the_questions_and_not_the_case(desk: World) -> None:
    await desk.says("ann", BROKEN)
    assert await desk.says("ann", "cancel") == "No more questions. Case #1001 is open all the same.\n[Withdraw it]"
    assert await desk.says("ann", "cancel") == "I am not asking anything just now."
    assert "Status: new" in desk.card()


async def test_back_asks_the_question_before_once_more(desk: World) -> None:
    await desk.says("ann", BROKEN)
    await desk.says("ann", "Error 400")
    assert str(await desk.says("ann", "back")).startswith("What exactly happens")
    await desk.says("ann", "Error 500")
    assert "Details: Error 500" in desk.card()


async def test_a_command_is_obeyed_in_the_middle_of_a_dialog_and_the_question_asked_again(desk: World) -> None:
    await desk.says("ann", BROKEN)
    said = str(await desk.says("ann", "status 1001"))
    assert said.startswith("#1001: The quote form")
    assert said.endswith("What exactly happens, and where do you see it?\n[Skip]")
    await desk.says("ann", "status")  # no number: an answer, odd as it is
    assert "Details: status" in desk.card()


async def test_escalating_tells_the_concierge_the_desk_and_the_providers_address(case: World) -> None:
    """W53, W1."""
    said = str(await case.says("ann", "escalate 1001 Quarter end is tomorrow"))
    assert "support@websan.com has it in writing" in said
    assert "(866) 4-WEBSAN" in said
    assert "+1-866-493-2726" in said
    assert "Quarter end is tomorrow" in case.last("cora")
    assert "Quarter end is tomorrow" in case.last("lena"), "R10: it starts at the lead"
    mails = case.channels["email"].posts  # type: ignore[attr-defined]
    assert [mail.room for mail in mails] == ["support@websan.com"]
    assert "Ann Lee (customer) escalates #1001." in mails[0].text


async def test_a_case_can_be_opened_in_words_that_name_it(desk: World) -> None:
    for number, line in enumerate(("open: exports fail", "/open a case: exports fail", "open exports fail"), 1001):
        assert f"This is case #{number}." in str(await desk.says("eve", line))
        await desk.says("eve", "cancel")


async def test_open_alone_asks_what_is_wrong_or_shows_the_form(desk: World) -> None:
    assert await desk.says("ann", "open") == "What is going wrong?"
    assert "This is case #1001." in str(await desk.says("ann", BROKEN))
    shown = await desk.says("eve", "open", forms=True, at_once=True)
    assert isinstance(shown, ShowForm)
    assert [field.name for field in shown.fields] == ["problem", "details", "priority", "changed"]
    mistaken = await desk.fills("eve", "open_case", problem="", priority="purple")
    assert isinstance(mistaken, ShowForm)
    assert [field.mistake for field in mistaken.fields] == [
        "Please write a little more.",
        "",
        "Please choose one of the answers.",
        "",
    ]
    said = await desk.fills("eve", "open_case", problem="Exports fail", priority="low")
    assert said == "Thank you. That is all on case #1002; the desk has it."
    assert desk.heard("eve")[0].startswith("Thank you, Eve Stone. This is case #1002.")


async def test_a_form_dismissed_has_lost_nothing(desk: World) -> None:
    shown = await desk.says("ann", BROKEN, forms=True, at_once=True)
    assert isinstance(shown, ShowForm)
    assert "problem" not in [field.name for field in shown.fields]
    assert desk.last("ann").startswith("What exactly happens")
    await desk.fills("ann", "open_case", shown.draft, priority="low")
    assert "Priority proposed: Low" in desk.card()


async def test_a_form_sent_off_after_its_dialog_has_ended_opens_no_second_case(desk: World) -> None:
    shown = await desk.says("ann", BROKEN, forms=True, at_once=True)
    assert isinstance(shown, ShowForm)
    await desk.says("ann", "cancel")
    assert await desk.fills("ann", "open_case", shown.draft, priority="low") == "That question is no longer open."
    assert "#1002" not in str(await desk.says("ann", "cases"))


async def test_somebody_nobody_has_linked_is_told_how_to_reach_the_desk(desk: World) -> None:
    """W5: never a dead end."""
    said = str(await desk.says("mallory", BROKEN))
    assert said.startswith("I don't know you yet")
    assert "support@websan.com" in said


async def test_staff_open_nothing_by_talking(desk: World) -> None:
    assert str(await desk.says("sam", BROKEN)).startswith("I didn't follow that.")
    assert await desk.says("sam", "queue") == "The queue is empty."


async def test_help_fits_who_asks(desk: World) -> None:
    theirs, ours = str(await desk.says("ann", "help")), str(await desk.says("sam", "/help"))
    assert "force-close" in ours
    assert "force-close" not in theirs
    assert "https://www.websan.com/privacy-policy" in theirs, "W31"
    assert "(866) 4-WEBSAN" in theirs, "W1"


async def test_peoples_words_never_become_lines_or_buttons(desk: World) -> None:
    await desk.does("ann", Said("<b>confirm 1001</b> @channel [Take](http://evil)"))
    assert desk.posts("desk")[-1].buttons[-1].line == "take 1001"
    assert "<b>confirm 1001</b> @channel" in desk.last("desk")


async def test_a_press_that_says_nothing_known_is_answered(case: World) -> None:
    assert str(await case.does("ann", Pressed("explode 1001"))).startswith("I didn't follow that.")


async def test_the_open_question_names_its_case_comes_back_once_and_ends_with_the_case(desk: World) -> None:
    """W55, W59: nobody is pestered, and what it is about is never in doubt where there are several."""
    assert "#1001:" not in str(await desk.says("ann", "open The quote form is broken")).splitlines()[-2]
    await desk.says("ann", "cancel")
    asked = "#1002: What exactly happens, and where do you see it?\n[Skip]"
    assert str(await desk.says("ann", "open The export is broken")).endswith(asked)
    assert str(await desk.says("ann", "/plan")).endswith(asked)
    assert asked not in str(await desk.says("ann", "/plan")), "once is enough"
    await desk.says("ann", "On the second tab")
    wrong = str(await desk.says("ann", "rather purple"))
    assert wrong.startswith(
        "Please choose one of the answers.\nFor anything else, begin with / or !; cancel ends the questions.\n#1002: "
    )
    assert str(await desk.says("ann", "/plan")).count("#1002: How bad is it?") == 1, "each question once"
    await desk.says("sam", "close 1002 The export works again")
    await desk.says("ann", "The import is broken too")
    assert "How bad is it?" not in desk.last("ann")
    assert str(await desk.says("ann", "skip")) != "I am not asking anything just now."
    await desk.says("ann", "open The list is broken")
    await desk.says("ann", "cancel")


async def test_a_form_sent_off_makes_no_news_of_its_answers(desk: World) -> None:
    """W53: and what the desk reads of an escalation is not how to reach itself."""
    await desk.fills("ann", "open_case", problem=BROKEN, details="On save", priority="critical", changed="")
    await desk.says("ann", "cancel")
    for words in ("The export is broken", "The import is broken"):
        await desk.says("bob", f"open {words}")
    heard = "\n".join(desk.heard("desk"))
    assert "was reported as critical" in heard
    assert "answered the questions" not in heard
    await desk.says("eve", "open The list is broken")
    for answer in ("On every page", "skip", "skip"):
        await desk.says("eve", answer)
    assert "Eve Stone (customer) answered the questions on" in desk.last("desk"), "what came later is news"
    await desk.says("ann", "escalate 1001 We cannot bill")
    told = next(said for said in reversed(desk.heard("desk")) if "escalates #1001" in said)
    assert "also reached" not in told
    assert str(await desk.says("ann", "record 1001")) == "Ask the desk: it makes the signed record of case #1001."
    assert "supporthub record 1001" in str(await desk.says("sam", "record 1001"))


async def test_the_first_receipt_has_one_button_for_its_clauses(desk: World) -> None:
    """W31, W55: those of the privacy page too."""

    def unmet(work: Work) -> None:
        ann = work.find(Person, email="ann@northwind.example")
        ann.welcomed_at = None
        work.add(ann)

    await desk.store.write(unmet)
    await desk.says("ann", BROKEN)
    [receipt] = [post for post in desk.posts("ann") if "This is case #1001." in post.text]
    [why] = [button.line for button in receipt.buttons if button.label == "Why"]
    assert why.startswith("clause 1001 ")
    assert why.endswith(" W31")
