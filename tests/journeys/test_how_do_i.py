"""How is it done? Articles first; then, by plan, a person or the offer of one (W8, W14)."""

from dataclasses import replace
from pathlib import Path

from bot.incoming import Deleted
from bot.library import on_shelf, provider_of, take_in
from bot.understanding.articles import Article
from bot.understanding.search import Knowledge
from store.tables import Enquiry, StoredArticle
from tests.world import CATALOGUES, MONDAY, World

QUESTION = "How do I share a view with my colleague?"


async def test_the_best_article_is_shown_and_whether_it_helped_is_asked(desk: World) -> None:
    said = str(await desk.says("ann", QUESTION))
    assert "view" in said.lower()
    assert "Or did you mean one of these?\n- Answer 2: " in said
    assert "Did this help?" in said
    assert "[Yes, thanks]" in said
    assert said.endswith("[None of these: open a case]")
    assert await desk.presses("ann", "Yes, thanks") == "Good. Ask me again any time."
    assert await desk.ask_store(lambda work: work.live_between(0, 2000)) == []
    row = await desk.ask_store(lambda work: work.find(Enquiry))
    assert (row.question, row.outcome, row.at) == (QUESTION, "helped", desk.time.business)


async def test_a_question_of_which_nobody_said_is_kept_until_its_author_takes_it_back(sqlite_desk: World) -> None:
    desk = sqlite_desk
    await desk.says("ann", QUESTION, key="q1")
    assert (await desk.ask_store(lambda work: work.find(Enquiry))).outcome == "not said"
    await desk.does("ann", Deleted("q1"))
    assert await desk.ask_store(lambda work: work.find(Enquiry)) is None


async def test_another_candidate_can_be_looked_at(desk: World) -> None:
    first = str(await desk.says("ann", QUESTION))
    second = str(await desk.presses("ann", "Show answer 2"))
    assert second != first
    assert "Did this help?" in second
    assert "[Show answer 1]" in second


async def test_on_success_none_of_these_brings_a_person_and_carries_the_question_over(desk: World) -> None:
    """W14: no questions about how bad a question is."""
    await desk.says("ann", QUESTION)
    said = str(await desk.presses("ann", "None of these: open a case"))
    assert "This is case #1001." in said
    assert "How bad" not in said
    assert QUESTION in desk.card()


async def test_on_base_the_question_is_answered_and_only_the_human_answer_offered_elsewhere(desk: World) -> None:
    """W8."""
    await desk.says("eve", QUESTION)
    said = str(await desk.presses("eve", "None of these"))
    assert "W8" in said
    assert said.endswith("[Something is broken: open a case] [Compare plans] [Why]")
    assert await desk.ask_store(lambda work: work.live_between(0, 2000)) == []
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


# What is shown, and to whom ------------------------------------------------------------------------------------------

SHARING = "Open the list, select the three dots beside the view, then Share."
VIEWS = Article(
    "views", "Share a view", ("list",), SHARING, "https://learn.example.org/views", "https://v.example.org/1"
)
LISTS = Article("lists", "Share a list", (), "A list is shared by its owner.", products=("Terrasoft CRM",))
TEAM = Article("team", "Share a view with the team", (), "Ask Lena for it.", account="contoso")
COSTS = Article("costs", "Share a view of the costs", (), "The costs are under Contract.", audience="nominated")


async def with_articles(desk: World, *articles: Article) -> World:
    """They stand in the store, and the bot searches what stands there."""
    await take_in(desk.store, articles, Path("articles"), MONDAY)
    shelf = [article async for article in on_shelf(desk.store)]
    desk.bot = replace(desk.bot, knowledge=Knowledge(shelf, provider_of(CATALOGUES)))
    return desk


async def test_an_answer_shows_its_title_its_words_its_link_and_its_video(desk: World) -> None:
    said = str(await (await with_articles(desk, VIEWS)).says("ann", QUESTION))
    for part in ("Share a view", SHARING, "More: https://learn.example.org/views", "Video: https://v.example.org/1"):
        assert part in said


async def test_who_was_shown_what_and_whether_it_helped_is_kept_with_the_version(desk: World) -> None:
    await with_articles(desk, VIEWS)
    await desk.says("ann", QUESTION)
    await with_articles(desk, replace(VIEWS, body="Ask your administrator about the list."))  # while she reads
    await desk.presses("ann", "None of these: open a case")
    row = await desk.ask_store(lambda work: work.find(Enquiry))
    shown = await desk.ask_store(lambda work: work.find(StoredArticle, id=row.article_id))
    assert (row.outcome, shown.version, shown.body) == ("not helped", 1, SHARING)


async def test_what_nothing_was_found_for_is_kept_too(desk: World) -> None:
    await desk.says("eve", "ask zzqx blorf")
    row = await desk.ask_store(lambda work: work.find(Enquiry))
    assert (row.question, row.outcome, row.article_id) == ("zzqx blorf", "nothing found", None)


async def test_another_companys_article_is_never_shown(desk: World) -> None:
    """C1."""
    await with_articles(desk, VIEWS, TEAM)
    assert "Ask Lena" not in str(await desk.says("ann", QUESTION))
    assert "Share a view with the team" in str(await desk.says("eve", QUESTION))


async def test_articles_about_another_providers_products_are_left_out(desk: World) -> None:
    await with_articles(desk, VIEWS, LISTS)
    assert "Share a list" not in str(await desk.says("ann", QUESTION))
    assert "Share a list" in str(await desk.says("tess", QUESTION))


async def test_what_is_for_nominated_users_is_for_no_colleague_of_theirs(desk: World) -> None:
    await with_articles(desk, VIEWS, COSTS)
    assert "Share a view of the costs" in str(await desk.says("ann", QUESTION))
    assert "Share a view of the costs" not in str(await desk.says("bob", QUESTION))
