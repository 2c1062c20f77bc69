"""Words that could mean two things: a question with two buttons, and no word is lost."""

from bot.acting import expire_drafts
from tests.world import CATALOGUES, World

WORDS = "purple elephants"


async def asked_about(desk: World) -> None:
    assert "What shall I do with it?" in str(await desk.says("ann", WORDS))


async def test_open_a_case_takes_the_words_along(desk: World) -> None:
    await asked_about(desk)
    await desk.presses("ann", "Open a case")
    assert WORDS in desk.card()


async def test_look_it_up_asks_the_articles_and_then_whoever_the_plan_gives(desk: World) -> None:
    await asked_about(desk)
    await desk.presses("ann", "Look it up")
    assert WORDS in desk.card(), "no article knows them, and the plan has people answer questions"


async def test_nobody_is_asked_twice(desk: World) -> None:
    await asked_about(desk)
    await desk.says("ann", "yellow giraffes")
    assert WORDS in desk.last("desk")
    assert "yellow giraffes" in desk.last("desk")


async def test_never_mind_ends_it(desk: World) -> None:
    await asked_about(desk)
    await desk.says("ann", "never mind")
    assert not desk.posts("desk")


async def test_a_report_and_a_question_about_the_plan_are_both_answered(desk: World) -> None:
    await desk.says("ann", "the export fails and what does our plan cover?")
    heard = "\n".join(desk.heard("ann"))
    assert "Success with CRM" in heard
    assert "This is case #1001" in heard


async def test_a_report_and_a_how_to_question_leave_a_button(desk: World) -> None:
    await desk.says("ann", "The export to Excel fails with an error. How do I share a view?")
    heard = "\n".join(desk.heard("ann"))
    assert "This is case #1001" in heard
    assert "You also asked" in heard


async def test_what_nobody_answers_is_a_case_in_the_end(desk: World) -> None:
    await desk.says("ann", WORDS)
    desk.passes(hours=1)
    assert await desk.store.write(expire_drafts, desk.time, CATALOGUES) == 1
    await desk.delivery.deliver_all()
    assert WORDS in desk.last("desk")
