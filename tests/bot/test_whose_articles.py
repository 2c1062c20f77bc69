"""Articles are found by whom they are for: an account, a provider's customers, nominated people; one index for all."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

import knowledge
from bot.understanding.articles import Reader, read_folder
from bot.understanding.index import Index, build
from bot.understanding.search import Found, Knowledge, Shelf
from tests.bot.shelves import ASKED, DESK, SHIPPED, article, ids

# Whose articles -----------------------------------------------------------------------------------------------------
CONTOSO = [
    article("theirs", "Export invoices to the zeppelin", "## Zeppelin\nOur private way to export.", account="contoso"),
    article("theirs-too", "Export", "Zeppelins and exports, exports, exports.", account="contoso"),
]
OURS = [article("ours", "Export to the balloon", "Northwind exports by balloon.", account="northwind")]


def test_articles_of_an_account_are_found_by_it_alone() -> None:
    desk = Knowledge([*SHIPPED, *CONTOSO, *OURS])
    assert ids(desk.search("export to the zeppelin", Reader("contoso")))[0] == "theirs"
    assert ids(desk.search("export to the balloon", Reader("northwind")))[0] == "ours"
    for account in ("northwind", "fabrikam", "", None):
        assert not {"theirs", "theirs-too"} & set(
            ids(desk.search("export to the zeppelin", Reader(account), limit=100))
        )


@pytest.mark.parametrize(
    "question", ["zeppelin", "zepelin", "export", "exprt to zepplin", "private invoices", "How do I export to Excel?"]
)
def test_what_contoso_has_written_changes_nothing_for_ann(question: str) -> None:
    """Not an article, not a score, not a repaired word: nothing to find out from."""
    with_theirs, without = Knowledge([*CONTOSO, *SHIPPED, *OURS]), Knowledge([*SHIPPED, *OURS])
    for account in ("northwind", None):
        assert with_theirs.search(question, Reader(account)) == without.search(question, Reader(account))


def test_an_account_whose_articles_are_all_there_is() -> None:
    desk = Knowledge(CONTOSO)
    assert ids(desk.search("zeppelin", Reader("contoso"))) == ["theirs", "theirs-too"]
    assert desk.search("zeppelin", Reader("northwind")) == Found()


SALES = replace(
    article("sales", "Export from Terrasoft Sales", "## Export\nTo the zeppelin."), products=("Terrasoft Sales",)
)
COSTS = replace(article("costs", "Export the costs", "## Costs\nOur zeppelin."), audience="nominated")
OWNERS = {"Terrasoft Sales": "terrasoft", "Dynamics 365 / CRM": "websan"}


def test_articles_about_products_are_for_the_customers_of_who_supports_them() -> None:
    desk = Knowledge([*SHIPPED, SALES], OWNERS)
    assert "sales" in ids(desk.search("export to the zeppelin", Reader(provider="terrasoft")))
    assert "sales" in ids(desk.search("export to the zeppelin"))  # whose customer they are is not known
    for question in ("zeppelin", "zepelin", "export from sales"):
        found = desk.search(question, Reader(provider="websan"))
        assert found == Knowledge(SHIPPED, OWNERS).search(question, Reader(provider="websan"))


def test_articles_about_products_of_nobody_are_for_everybody() -> None:
    desk = Knowledge([replace(SALES, products=("Word",))], OWNERS)
    assert ids(desk.search("zeppelin", Reader(provider="websan"))) == ["sales"]


def test_what_is_for_nominated_users_is_found_by_them_alone() -> None:
    desk = Knowledge([*SHIPPED, COSTS])
    assert "costs" in ids(desk.search("export zeppelin costs", Reader(nominated=True)))
    assert desk.search("export zeppelin costs") == DESK.search("export zeppelin costs")


# From one process to another ----------------------------------------------------------------------------------------


def test_an_index_that_was_written_and_mapped_finds_the_same(tmp_path: Path) -> None:
    build([*SHIPPED, *CONTOSO, *OURS]).save(tmp_path)
    mapped = Knowledge(Index.load(tmp_path))
    shutil.rmtree(tmp_path)
    whole = Knowledge([*SHIPPED, *CONTOSO, *OURS])
    for question, _ in ASKED:
        found = mapped.search(question, Reader("contoso"))
        assert found == whole.search(question, Reader("contoso"))
        assert [hit.snippet for hit in found.hits] == [
            hit.snippet for hit in whole.search(question, Reader("contoso")).hits
        ]


def test_it_does_not_matter_in_how_many_goes_the_words_were_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.understanding.index._BLOCK", 7)
    again = Knowledge(SHIPPED)
    assert [again.search(question) for question, _ in ASKED] == [DESK.search(question) for question, _ in ASKED]


def test_a_shelf_goes_over_from_one_index_to_the_next() -> None:
    shelf = Shelf()
    assert (len(shelf), shelf.search("export")) == (0, Found())
    shelf.knowledge = DESK
    assert (len(shelf), shelf.search("export")) == (len(SHIPPED), DESK.search("export"))


# Always the same ----------------------------------------------------------------------------------------------------


def test_the_same_question_is_always_answered_alike() -> None:
    again = Knowledge(read_folder(knowledge.FOLDER))
    for question, _ in ASKED:
        assert DESK.search(question) == again.search(question)


def test_equals_keep_the_order_in_which_they_were_given() -> None:
    twins = [article(f"{n:03}", "Print" if n % 3 else "Fax", "Print.") for n in range(500)]
    found = ids(Knowledge(twins).search("print", limit=500))
    assert found == sorted(found, key=lambda id: (int(id) % 3 == 0, id))


def test_threads_may_share_one_index() -> None:
    questions = [question for question, _ in ASKED] * 5
    alone = [DESK.search(question) for question in questions]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(DESK.search, questions)) == alone
