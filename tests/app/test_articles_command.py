"""``supporthub knowledge``: what is searched, its files, and what nobody has written about."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import cli
from bot.understanding.articles import read_folder
from store.store import open_store
from store.tables import Enquiry
from store.work import Work
from tests.conftest import migrate
from tests.world import MONDAY, Ids, seed

Run = Callable[..., Result]


def fill(work: Work) -> None:
    seed(work, "fake", False, Ids())
    whole = {"body": "Press **Print**.", "audience": "everybody"}
    work.keep_article("print", MONDAY, {**whole, "title": "Print a letter", "tags": ["paper"], "file": "print.md"})
    work.keep_article("case-1001", MONDAY, {**whole, "title": "The form", "account": "northwind", "draft": True})
    person = next(one for one in work.customers() if one.name == "Eve Stone")
    assert person.account_id
    for question in ("How do I print labels?", "label printing"):
        asked = Enquiry(
            at=MONDAY, account_id=person.account_id, person_id=person.id, question=question, outcome="nothing found"
        )
        work.add(asked)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    url = f"sqlite:///{tmp_path}/desk.db"
    migrate(url)

    async def filled() -> None:
        store = open_store(url)
        await store.write(fill)
        await store.close()

    asyncio.run(filled())
    monkeypatch.setenv("SUPPORTHUB_DATABASE_URL", url)
    return lambda *words: CliRunner().invoke(cli, ["knowledge", *map(str, words)])


def test_the_list_says_what_is_a_draft_and_whose_it_is(run: Run) -> None:
    assert run("list").stdout.splitlines() == [
        "case-1001  v1  The form  (for northwind alone, draft)",
        "print  v1  Print a letter",
    ]


def test_an_article_is_shown_as_its_file_and_read_from_there_again(run: Run, tmp_path: Path) -> None:
    shown = run("show", "print").stdout
    assert shown == "---\ntitle: Print a letter\ntags: paper\n---\nPress **Print**.\n"
    (tmp_path / "articles").mkdir()
    assert run("export", "case-1001", tmp_path / "articles").exit_code == 0
    (article,) = read_folder(tmp_path / "articles")
    assert (article.title, article.account) == ("The form", "northwind")


def test_a_file_that_is_there_is_never_written_over(run: Run, tmp_path: Path) -> None:
    (tmp_path / "print.md").write_text("mine")
    refused = run("export", "print", tmp_path)
    assert (refused.exit_code, (tmp_path / "print.md").read_text()) == (1, "mine")


def test_a_draft_is_published_once(run: Run) -> None:
    assert run("publish", "case-1001").stdout == "case-1001 is found by people of northwind from now on.\n"
    assert "case-1001  v2  The form  (for northwind alone)" in run("list").stdout
    again = run("publish", "case-1001")
    assert (again.exit_code, again.stderr) == (1, "There is no draft case-1001.\n")


def test_what_is_not_there_is_refused(run: Run) -> None:
    assert (run("show", "nothing").exit_code, run("show", "nothing").stderr) == (1, "There is no article nothing.\n")


def test_gaps_are_grouped_since_a_day(run: Run) -> None:
    found = run("gaps", "--since", "2026-01-19")
    assert found.stdout == "What no article answered: 2\n- 2 x label printing (Contoso)\n"
    assert run("gaps", "--since", "2099-01-20").stdout == "What no article answered: 0\n"


def test_a_folder_is_checked_without_being_taken_in(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.md").write_text("---\ntags:\n---\n")
    wrong = run("check", tmp_path)
    assert wrong.exit_code == 1
    assert [line.partition(": ")[2] for line in wrong.stderr.splitlines()] == [
        "The title is missing.",
        "tags is empty; leave the line out or fill it in.",
        "There is no text below the second ---.",
    ]
