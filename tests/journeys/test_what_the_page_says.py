"""Whoever asks what a provider publishes reads the row that says so, or that it is not published: on any plan."""

import pytest

from tests.world import World, opened

ASKED = (
    ("ann", "What is your support e-mail address?", "support@websan.com", "W26"),
    ("ann", "Can somebody come over to our office?", "nobody comes on site", "W21"),
    ("ann", "When is the implementation paid?", "Implementation is paid in full when you sign.", "W42"),
    ("ann", "When do we pay?", "Support is paid ahead, month by month.", "W43"),
    ("ann", "What is the goal of this support?", "it keeps being worth its price to you", "W50"),
    ("ann", "Can we sign up on a trial licence?", "A company on a Dynamics 365 trial licence may sign up.", "W33"),
    ("ann", "Can we write an e-mail to the desk?", "is answered by the support desk", "W54"),
    ("eve", "Which channels are there?", "in chat or in the self-service portal, on any plan", "W6"),
    ("tess", "Which products do you support?", "eighteen named products", "T2"),
    ("tess", "Do we get new versions?", "depends on your plan and your agreement", "T5"),
    ("tess", "Who will carry out the version update?", "nobody to carry it out", "T11"),
    ("tess", "What is this support for?", "technical support for Terrasoft's CRM projects", "T1"),
)


async def test_a_question_is_answered_in_the_words_of_its_row(sqlite_desk: World) -> None:
    """W6, W21, W26, W33, W42, W43, W50, W54, T1, T2, T5, T11: the row's wording, with its id."""
    for who, question, words, clause in ASKED:
        said = str(await sqlite_desk.says(who, question))
        assert words in said, (question, said)
        assert clause in said, (question, said)


@pytest.mark.parametrize("question", ["What is your resolution time?", "Do you support us at weekends?"])
async def test_what_no_page_says_is_not_published_and_nothing_is_made_up(sqlite_desk: World, question: str) -> None:
    """T7, T18; W46 and W47 come near it, and are named."""
    for who, provider in (("ann", "WebSan"), ("tess", "Terrasoft")):
        said = str(await sqlite_desk.says(who, question))
        assert said.startswith(f"{provider} does not publish that."), said
        assert not any(letter.isdigit() for letter in said.partition("Nearest")[0])


async def test_a_case_comes_in_at_the_first_level_and_its_customer_is_told_who_has_it(sqlite_desk: World) -> None:
    """W51, W58."""
    case = await opened(sqlite_desk)
    assert "#1001" in str(await case.says("lena", "queue L1"))
    assert "#1001" not in str(await case.says("lena", "queue L2"))
    await case.says("sam", "take 1001")
    assert "Sam Ortiz (support desk) is working on #1001." in case.last("ann")
    await case.says("lena", "assign 1001 cora")
    assert "Lena Park (team lead) gave #1001 to Cora Diaz (concierge)." in case.last("ann")
