"""What articles do not answer is told to leads and coaches once a week, and a case becomes the draft of one."""

from datetime import timedelta

import pytest

from bot.dialogs.how_do_i import NOTHING_FOUND
from bot.unanswered import WeeklyReport, grouped, report
from store.tables import Enquiry, StoredArticle
from tests.store.inside import sql
from tests.world import BROKEN, CATALOGUES, MONDAY, World

NEXT_MONDAY = timedelta(days=7)


def asked(*questions: str, account: int = 1) -> list[Enquiry]:
    return [
        Enquiry(id=n, at=MONDAY, account_id=account, person_id=1, question=question, outcome=NOTHING_FOUND)
        for n, question in enumerate(questions, 1)
    ]


def weekly(desk: World) -> WeeklyReport:
    return WeeklyReport(desk.store, CATALOGUES, lambda: desk.time, lambda: None)


async def told(desk: World, who: str) -> list[str]:
    await desk.delivery.deliver_all()
    return [post for post in desk.heard(who) if post.startswith("What no article answered")]


async def with_questions(desk: World) -> World:
    """Ann and Eve ask for the same that nobody has written about; Bob is helped."""
    for who in ("ann", "eve"):
        await desk.says(who, "ask how do I zzqx the blorf")
    await desk.says("ann", "ask blorf zzqx?")
    await desk.says("bob", "How do I share a view with my colleague?")
    await desk.presses("bob", "Yes, thanks")
    return desk


# How questions are grouped --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How do I print labels?", "printing a label"),
        ("delete an old invoice", "How can I remove an old bill?"),
        ("PRINT LABELS", "print labels please"),
        ("print address labels", "print labels"),
        ("?", "!"),
    ],
)
def test_questions_about_the_same_are_one_gap(one: str, other: str) -> None:
    (gap,) = grouped(asked(one, other))
    assert [row.question for row in gap.questions] == [one, other]


@pytest.mark.parametrize(
    ("one", "other"), [("print labels", "merge accounts"), ("print labels", "print a long letter"), ("print", "?")]
)
def test_questions_about_something_else_are_another(one: str, other: str) -> None:
    assert len(grouped(asked(one, other))) == 2


def test_what_is_asked_most_comes_first_and_of_equals_the_latest() -> None:
    found = grouped(asked("print labels", "merge accounts", "reset the clock", "merging accounts"))
    assert [gap.latest.question for gap in found] == ["merging accounts", "reset the clock", "print labels"]


# The weekly report ----------------------------------------------------------------------------------------------------


async def test_leads_and_coaches_hear_on_monday_what_was_asked_in_vain(desk: World) -> None:
    await with_questions(desk)
    assert not await weekly(desk).round()  # of the week before, in which nobody asked
    desk.passes(days=7)
    assert await weekly(desk).round()
    (said,) = await told(desk, "lena")
    assert said.startswith(
        "What no article answered: 3\n- 3 x ask blorf zzqx? (Northwind, Contoso)".replace("ask ", "")
    )
    assert "share a view" not in said
    assert [await told(desk, who) for who in ("sam", "cora", "ann", "eve", "desk")] == [[]] * 5


async def test_it_is_told_once_whatever_replicas_there_are(desk: World) -> None:
    await with_questions(desk)
    desk.passes(days=7)
    assert [await weekly(desk).round() for _ in range(3)] == [True, False, False]
    assert not await desk.store.write(report, desk.time, CATALOGUES)  # by one that looked before the other was done
    assert len(await told(desk, "lena")) == 1


async def test_nobody_is_told_at_night_or_at_the_weekend(desk: World) -> None:
    await with_questions(desk)
    desk.passes(days=5)
    assert not await weekly(desk).round()
    desk.passes(days=1, hours=21)  # Monday, six in the morning
    assert not await weekly(desk).round()
    desk.passes(hours=3)
    assert await weekly(desk).round()


async def test_a_week_in_which_every_question_was_answered_says_nothing(desk: World) -> None:
    await desk.says("bob", "How do I share a view with my colleague?")
    await desk.presses("bob", "Yes, thanks")
    desk.passes(days=7)
    assert not await weekly(desk).round()
    assert await told(desk, "lena") == []


async def test_a_desk_that_was_off_on_monday_is_told_when_it_is_back_and_of_the_last_week_only(desk: World) -> None:
    await with_questions(desk)
    desk.passes(days=9)
    assert await weekly(desk).round()
    desk.passes(days=14)
    assert not await weekly(desk).round()
    assert len(await told(desk, "lena")) == 1


# From a case to a draft -----------------------------------------------------------------------------------------------

ANSWER = "Open the form editor.\n# Then\nPublish it."


async def solved(desk: World) -> World:
    await desk.says("ann", BROKEN)
    for _ in range(3):
        await desk.says("ann", "skip")
    await desk.says("sam", "/note 1001 she is always in a hurry")
    await desk.says("sam", f"/reply 1001 {ANSWER}")
    return desk


async def test_a_solved_case_becomes_a_draft_for_its_company_in_one_step(desk: World) -> None:
    await solved(desk)
    await desk.says("sam", "/close 1001 The editor had lost its rights.")
    said = str(await desk.says("sam", "draft-article 1001"))
    assert "Case #1001 is drafted as case-1001. Nobody finds it yet." in said
    row = await desk.ask_store(lambda work: work.find(StoredArticle))
    assert (row.title, row.account, row.draft, row.case_id) == (BROKEN, "northwind", True, 1001)
    assert row.body == f"{BROKEN}\n\n## Answer\n\n" + ANSWER.replace("# Then", "\\# Then") + (
        "\n\nThe editor had lost its rights."
    )
    assert "always in a hurry" not in row.body
    assert "drafted an article: case-1001" in str(await desk.says("sam", "show 1001"))
    assert "drafted" not in str(await desk.says("ann", "show 1001"))


async def test_a_case_is_drafted_once_and_only_when_it_is_solved(desk: World) -> None:
    await solved(desk)
    assert "drafted as" not in str(await desk.says("sam", "draft-article 1001"))
    await desk.says("sam", "/close 1001")
    for _ in range(2):
        assert "is drafted as case-1001" in str(await desk.says("sam", "draft-article 1001"))
    assert await desk.ask_store(lambda work: sql(work, "SELECT count(*) FROM article")) == [(1,)]


async def test_drafting_is_for_the_desk(desk: World) -> None:
    await solved(desk)
    await desk.says("sam", "/close 1001")
    assert str(await desk.says("ann", "/draft-article 1001")).startswith("That is not yours to do.")
