"""How do I? What is found among the shipped articles and small ones made up here, and when nothing is answered."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.articles import Reader
from bot.understanding.search import Found, Knowledge
from tests.bot.shelves import ASKED, DESK, QUESTIONS, SHIPPED, article, ids

BESIDE_THE_POINT = [
    "what will the weather be on Sunday",
    "how do I bake a cheesecake",
    "who won the football last night",
    "how many legs does a spider have",
    "recommend a restaurant near the station",
    "how do I get a driving licence",
    "is it going to snow",
    "how do I teach my parrot to talk",
    "what's the plot of Hamlet",
    "when does the next train to Boston leave",
    "how do I grow basil indoors",
    "write a limerick about Dublin",
]


def test_every_shipped_article_is_asked_for() -> None:
    assert set(QUESTIONS) == {it.id for it in SHIPPED}
    assert len(ASKED) >= 40


@pytest.mark.parametrize(("question", "wanted"), ASKED)
def test_a_natural_question_finds_its_article_among_the_first_three(question: str, wanted: str) -> None:
    assert wanted in ids(DESK.search(question, limit=3))


def test_most_natural_questions_are_answered_with_the_right_article_on_top() -> None:
    found = [(DESK.search(question), wanted) for question, wanted in ASKED]
    assert sum(it.answered for it, _ in found) >= 0.8 * len(ASKED)
    assert sum(ids(it)[:1] == [wanted] for it, wanted in found) >= 0.9 * len(ASKED)


@pytest.mark.parametrize("question", BESIDE_THE_POINT)
def test_what_no_article_is_about_is_not_answered(question: str) -> None:
    assert not DESK.search(question).answered


@pytest.mark.parametrize(
    "question",
    ["", "   ", "?!", "how do I", "can you help me please", "🤷", "\x00", "12345 67890", "asdf qwertz", "x" * 100_000],
)
def test_what_asks_nothing_is_not_answered(question: str) -> None:
    assert not DESK.search(question).answered


@given(st.text(max_size=300))
def test_whatever_is_written_is_taken_without_complaint(question: str) -> None:
    found = DESK.search(question)
    assert 0 <= found.confidence <= 1
    assert all(len(hit.snippet) <= 300 for hit in found.hits)


def test_nothing_is_answered_where_nothing_is_known() -> None:
    assert Knowledge([]).search("how do I export to excel") == Found()
    assert Knowledge([article("a", "")]).search("how do I export to excel", Reader("northwind")) == Found()


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("exprot accounts to exel", "export-to-excel"),
        ("how do I reset my pasword?", "sign-in-and-password"),
        ("mergeing dupliactes", "merge-duplicates"),
        ("trackk an emial in outlok", "track-email-in-outlook"),
        ("replicaton conflicts between offices", "terrasoft-replication"),
        ("crete a dashbord", "dashboards"),
    ],
)
def test_a_slip_of_the_finger_is_repaired(question: str, wanted: str) -> None:
    assert ids(DESK.search(question))[0] == wanted
    assert DESK.search(question).answered


def test_numbers_and_short_words_are_not_repaired_into_others() -> None:
    desk = Knowledge([article("a", "Error 10042"), article("b", "The fax")])
    assert desk.search("error 10024").hits == desk.search("error").hits
    assert desk.search("tax").hits == ()


@pytest.mark.parametrize("word", ["export", "exports", "exported", "exporting", "Exporting", "EXPORT"])
def test_a_word_is_known_in_all_its_forms(word: str) -> None:
    desk = Knowledge([article("a", "Exports"), article("b", "Imports")])
    assert ids(desk.search(word)) == ["a"]


def test_asking_words_count_for_nothing() -> None:
    """Otherwise an article called "How do I ..." would be found for every question."""
    desk = Knowledge([article("a", "How do I do what I want to do?"), article("b", "Printing", "A letter.")])
    assert ids(desk.search("How do I want to print?")) == ["b"]


def test_the_title_weighs_more_than_a_heading_and_a_heading_more_than_the_text() -> None:
    desk = Knowledge(
        [
            article("text", "One", "Some words about invoices."),
            article("tag", "Two", "Some words.", tags=("invoice",)),
            article("heading", "Three", "## Invoices\nSome words."),
            article("title", "Invoices", "Some words."),
        ]
    )
    assert ids(desk.search("invoices")) == ["title", "heading", "tag", "text"]


def test_an_article_counts_by_its_best_section() -> None:
    scattered = "## A\nSay export.\n## B\nSay views.\n## C\nSay excel."
    together = "## A\nExport views to excel.\n## B\nSay nothing.\n## C\nSay more."
    desk = Knowledge([article("scattered", "One", scattered), article("together", "Two", together)])
    found = desk.search("export views to excel")
    assert ids(found) == ["together", "scattered"]
    assert found.hits[0].heading == "A"


def test_words_that_follow_each_other_as_they_were_asked_count_for_more() -> None:
    apart, together = "Order the list of sales staff.", "Staff list of the sales order."
    desk = Knowledge([article("apart", "One", apart), article("together", "Two", together)])
    assert ids(desk.search("sales order")) == ["together", "apart"]


def test_they_follow_each_other_within_one_field_only() -> None:
    desk = Knowledge([article("a", "Our sales", "Order it."), article("b", "Our sales", "Say order.")])
    first, second = desk.search("sales order").hits
    assert first.score == second.score


@pytest.mark.parametrize(("asked", "written"), [("remove", "Delete"), ("mail", "Message"), ("spreadsheet", "Excel")])
def test_another_word_for_the_same_is_found_too_but_counts_for_less(asked: str, written: str) -> None:
    desk = Knowledge([article("other", written), article("same", asked), article("neither", "Printing")])
    assert ids(desk.search(asked)) == ["same", "other"]


def test_in_which_order_tags_stand_does_not_matter() -> None:
    desk = Knowledge([article("a", "One", "", ("sales", "order")), article("b", "Two", "", ("order", "sales"))])
    first, second = desk.search("sales order").hits
    assert first.score == second.score


def test_where_an_article_only_says_what_else_to_read_it_is_not_found() -> None:
    desk = Knowledge([article("a", "One", "Text.\n## See also\nPrint a letter"), article("b", "Two", "Print it.")])
    assert ids(desk.search("print")) == ["b"]


def test_what_an_article_is_about_is_searched_and_not_shown() -> None:
    desk = Knowledge([replace(article("a", "One", "Text."), description="How letters are printed")])
    (hit,) = desk.search("print letters").hits
    assert hit.snippet == "Text."


def test_as_many_hits_as_asked_for() -> None:
    assert len(DESK.search("record", limit=10).hits) == 10
    assert len(DESK.search("record", limit=1).hits) == 1
    assert DESK.search("record", limit=0).hits == ()


# What is shown ------------------------------------------------------------------------------------------------------


def test_a_short_section_is_shown_whole_and_plain() -> None:
    (hit, *_) = DESK.search("the limit of rows in an export").hits
    assert hit.heading == "How many rows"
    assert hit.snippet == (
        "There is an upper limit, 100,000 rows in current versions. "
        "With more, split the list by a filter such as the year."
    )


@pytest.mark.parametrize("words", [0, 5, 30, 60, 200, 1000])
def test_the_snippet_of_a_long_section_has_the_match_and_begins_with_its_sentence(words: int) -> None:
    body = f"{'Filler again. ' * words}The printer catches fire.{' Filler again.' * 200}"
    (hit,) = Knowledge([article("a", "One", body)]).search("printers on fire").hits
    assert "The printer catches fire." in hit.snippet
    assert len(hit.snippet) <= 300
    assert hit.snippet.startswith("The printer" if words >= 30 else ("Filler", "The printer"))


def test_a_snippet_cut_out_of_a_sentence_shows_that_it_is() -> None:
    body = f"{'whatever else happens ' * 50}the printer catches fire {'whatever else happens ' * 50}"
    (hit,) = Knowledge([article("a", "One", body)]).search("printer fire").hits
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")
    assert "printer catches fire" in hit.snippet
    assert set(hit.snippet.strip("…").split()) == set(body.split())
    assert len(hit.snippet) <= 300


def test_a_snippet_shows_where_most_of_the_question_stands() -> None:
    body = f"Open it. {'Fire. ' * 60}{'Filler. ' * 60}The red printer catches fire. {'Fire. ' * 60}"
    (hit,) = Knowledge([article("a", "One", body)]).search("red printer fire").hits
    assert "The red printer catches fire." in hit.snippet


def test_a_snippet_does_not_add_up_what_stands_far_apart() -> None:
    body = f"{'Filler. ' * 60}The red printer. {'Filler. ' * 60}Fire. {'Filler. ' * 60}"
    (hit,) = Knowledge([article("a", "One", body)]).search("red printer fire").hits
    assert "The red printer." in hit.snippet


def test_a_heading_without_text_shows_the_text_that_follows() -> None:
    desk = Knowledge([article("a", "One", "Lead.\n## Print a letter\n### First\nOpen it.")])
    (hit,) = desk.search("print letter").hits
    assert (hit.heading, hit.snippet) == ("Print a letter", "Open it.")
