"""How do I? What is found among the shipped articles and among small ones made up here, and when nothing is answered.

Ann asks for Northwind, Eve for Contoso.
"""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import knowledge
from bot.understanding.articles import Article, Reader, read_folder
from bot.understanding.index import Index, build
from bot.understanding.search import Found, Knowledge, Shelf

SHIPPED = read_folder(knowledge.FOLDER)
DESK = Knowledge(SHIPPED)

QUESTIONS = {
    "share-a-view": [
        "how do I share a view with my team",
        "my colleague cannot see the view I made",
        "How can I give somebody else the list I filtered?",
    ],
    "personal-and-system-views": [
        "what is the difference between my views and system views",
        "how do i change my default view",
    ],
    "find-with-advanced-filters": ["find all accounts without activities this year", "where did advanced find go?"],
    "search-for-records": [
        "the search box doesn't find my contact",
        "can I search for part of a name with a wildcard",
    ],
    "export-to-excel": [
        "How do I export to Excel?",
        "I need this list in a spreadsheet",
        "is there a limit of rows when I export",
    ],
    "import-data": ["How do I import contacts from a csv file", "some rows failed in my import, why"],
    "merge-duplicates": ["the same customer is in there twice", "how to merge two accounts"],
    "duplicate-detection": ["why do I get a duplicate warning when saving"],
    "sign-in-and-password": ["I forgot my password", "I can't log in, my account is locked"],
    "dashboards": ["create a dashboard for my manager", "how can I make a dashboard my home page"],
    "charts": ["how do i make a pie chart of cases by priority"],
    "quick-create": ["where is the plus button to add a contact quickly", "What is quick create?"],
    "business-process-flow": ["I can't move to the next stage", "the process bar is stuck in the first stage"],
    "email-templates": ["how do I make an email template", "change my email signature"],
    "track-email-in-outlook": ["how do I track an email in Outlook", "the dynamics add-in disappeared from outlook"],
    "mobile-app": ["Can I use CRM on my iPhone?", "working offline on a tablet"],
    "security-roles-and-teams": ["who can I ask for more permissions", "It says I don't have a security role"],
    "share-or-assign-a-record": ["assign all my accounts to a colleague", "How do I change the owner of a record?"],
    "activities-and-follow-ups": ["schedule a follow-up call", "how do I set a reminder for a task"],
    "edit-many-records": ["change the city of many contacts at once", "bulk update of records"],
    "word-templates-and-printing": ["how do i print a quote", "create a word template"],
    "close-a-case": ["How do I close a case in Dynamics", "how to reopen a resolved case"],
    "close-an-opportunity": ["how do I mark an opportunity as lost"],
    "qualify-a-lead": ["convert a lead into an opportunity"],
    "queues": ["how do I pick something from a queue"],
    "notes-and-attachments": ["attach a file to an account", "my file is too large to upload"],
    "personal-settings": ["my time zone is wrong", "how do I change the language to French"],
    "page-is-slow-or-blank": ["the page is blank when I open a record", "dynamics is very slow today"],
    "deactivate-or-delete": ["I deleted a contact by mistake, can I get it back"],
    "who-changed-this-record": ["how can I see who changed a record"],
    "report-a-problem-well": ["what information do you need when I report a problem"],
    "terrasoft-updates": ["how do we update Terrasoft CRM to the new version"],
    "terrasoft-backup": ["how do I make a backup of the terrasoft database", "restore a copy from last night"],
    "terrasoft-replication": ["data does not arrive in the branch office"],
    "terrasoft-reports": ["how to change a report in terrasoft"],
    "terrasoft-import": ["import contacts into terrasoft"],
    "terrasoft-sign-in": ["nobody can sign in to terrasoft this morning", "terrasoft does not accept my password"],
    "terrasoft-find-and-filter": ["how do I filter the list of companies in terrasoft", "keep a filter as a group"],
    "terrasoft-access-rights": ["my colleague cannot see a section in terrasoft", "give a role access rights"],
    "terrasoft-mobile": ["the terrasoft app on my tablet shows old data", "synchronise my phone"],
    "timeline": ["where do I see the history of calls with a customer", "filter the timeline"],
    "quotes-and-prices": ["how do I make a quote", "change a quote that was sent", "add a discount to a quote"],
    "appointments-and-calendar": ["schedule a meeting every week", "my appointment is not in the calendar"],
    "cannot-save-a-record": ["why can't I save this record", "the form is read-only"],
    "parent-and-related-accounts": ["how do I set the parent account", "connect two contacts with each other"],
    "excel-templates": ["how do I make an excel template", "use the same pivot table every month"],
    "how-your-case-goes": ["who closes my case", "how do I see the status of my ticket"],
}
ASKED = [(question, article) for article, questions in QUESTIONS.items() for question in questions]

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


def ids(found: Found) -> list[str]:
    return [hit.article.id for hit in found.hits]


def article(id: str, title: str, body: str = "", tags: tuple[str, ...] = (), account: str | None = None) -> Article:
    return Article(id, title, tags, body, account=account)


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
