"""How is it done? Articles first; then, by plan, a person or the offer of one (W8, W14)."""

from store.tables import Audit
from tests.world import World

QUESTION = "How do I share a view with my colleague?"


async def test_the_best_article_is_shown_and_whether_it_helped_is_asked(desk: World) -> None:
    said = str(await desk.says("ann", QUESTION))
    assert "view" in said.lower()
    assert "Or did you mean one of these?\n- Answer 2: " in said
    assert "Did this help?" in said
    assert "[Yes, thanks]" in said
    assert said.endswith("[None of these]")
    assert await desk.presses("ann", "Yes, thanks") == "Good. Ask me again any time."
    assert await desk.ask_store(lambda work: work.live_cases(None)) == []
    row = await desk.ask_store(lambda work: work.find(Audit, what="how do I"))
    assert (row.about, row.outcome) == (QUESTION, "helped")


async def test_another_candidate_can_be_looked_at(desk: World) -> None:
    first = str(await desk.says("ann", QUESTION))
    second = str(await desk.presses("ann", "Show answer 2"))
    assert second != first
    assert "Did this help?" in second
    assert "[Show answer 1]" in second


async def test_on_success_none_of_these_brings_a_person_and_carries_the_question_over(desk: World) -> None:
    """W14: no questions about how bad a question is."""
    await desk.says("ann", QUESTION)
    said = str(await desk.presses("ann", "None of these"))
    assert "This is case #1001." in said
    assert "How bad" not in said
    assert QUESTION in desk.card()


async def test_on_base_the_question_is_answered_and_only_the_human_answer_offered_elsewhere(desk: World) -> None:
    """W8."""
    await desk.says("eve", QUESTION)
    said = str(await desk.presses("eve", "None of these"))
    assert "W8" in said
    assert said.endswith("[Something is broken: open a case] [Compare plans]")
    assert await desk.ask_store(lambda work: work.live_cases(None)) == []
    assert "This is case #1001." in str(await desk.presses("eve", "Something is broken: open a case"))
    assert QUESTION in desk.card()


async def test_a_question_nobody_has_written_about_goes_straight_to_a_person(desk: World) -> None:
    said = str(await desk.says("ann", "ask zzqx blorf"))
    assert "This is case #1001." in said


async def test_how_do_i_close_a_case_is_a_question_and_no_command(case: World) -> None:
    await case.says("ann", "How do I close a case in Dynamics?")
    assert "Status: new" in case.card()
    assert "Did this help?" in case.last("ann")


async def test_a_broken_thing_is_a_problem_however_it_is_put(desk: World) -> None:
    assert "This is case #1001." in str(await desk.says("ann", "How come the quote form is broken?"))


async def test_asking_is_for_customers(desk: World) -> None:
    assert str(await desk.says("sam", "/ask how do I share a view")).startswith("That is not yours to do.")
