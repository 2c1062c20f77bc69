"""Articles from their folder into the store and the search, while a desk runs: by one replica, or by several."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from app import knowledge
from app.clock import Clock
from app.knowledge import Librarian, Refused, look
from app.settings import Mode, Settings
from bot.library import as_article, published
from bot.understanding.articles import Reader
from bot.understanding.front_matter import markdown
from rules.toml_lines import Mistakes
from store.store import Store
from store.work import Work
from tests.store.inside import sql
from tests.world import MONDAY

VIEWS = "---\ntitle: Share a view\n---\nOpen the list of views.\n"
EXPORT = "---\ntitle: Export to Excel\nproducts: Terrasoft CRM\n---\nPress the zeppelin.\n"
DRAFT = {"title": "A draft", "body": "Say draft.", "audience": "everybody"}
MISTAKEN = "---\ncolour: red\n---\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    (made / "views.md").write_text(VIEWS)
    return made


@pytest.fixture
def librarian(store: Store, database_url: str, folder: Path) -> Librarian:
    settings = Settings(database_url=SecretStr(database_url), mode=Mode.DEVELOPMENT, knowledge=folder)
    return Librarian(settings, store, Clock(), {"Terrasoft CRM": "terrasoft"})


def titles(one: Librarian, question: str = "share export view draft", reader: Reader | None = None) -> list[str]:
    return [hit.article.title for hit in one.shelf.search(question, reader or Reader()).hits]


def versions(work: Work) -> list[tuple[object, ...]]:
    """Of the article on views: number, title, and whether it is in force."""
    rows = sql(work, "SELECT version, title, retired_at IS NULL FROM article WHERE slug = 'views' ORDER BY id")
    return [(version, title, bool(current)) for version, title, current in rows]


async def test_what_is_in_the_folder_is_searched_before_anybody_is_served(librarian: Librarian) -> None:
    await librarian.open()
    assert titles(librarian) == ["Share a view"]


async def test_a_file_that_is_added_changed_or_removed_is_noticed(librarian: Librarian, folder: Path) -> None:
    await librarian.open()
    (folder / "export.md").write_text(EXPORT)
    await librarian.round()
    assert set(titles(librarian)) == {"Share a view", "Export to Excel"}
    (folder / "views.md").write_text(VIEWS.replace("Share a view", "Share your view"))
    await librarian.round()
    assert set(titles(librarian)) == {"Share your view", "Export to Excel"}
    (folder / "export.md").unlink()
    await librarian.round()
    assert titles(librarian) == ["Share your view"]


async def test_each_version_is_kept(librarian: Librarian, folder: Path, store: Store) -> None:
    await librarian.open()
    (folder / "views.md").write_text(VIEWS.replace("Share a view", "Share your view"))
    await librarian.round()
    (folder / "views.md").unlink()
    await librarian.round()
    (folder / "views.md").write_text(VIEWS)
    await librarian.round()
    kept = await store.read(versions)
    assert kept == [(1, "Share a view", False), (2, "Share your view", False), (3, "Share a view", True)]


async def test_what_did_not_change_is_neither_written_nor_built_anew(
    librarian: Librarian, folder: Path, store: Store
) -> None:
    await librarian.open()
    before = librarian.shelf.knowledge
    await librarian.round()
    assert librarian.shelf.knowledge is before
    os.utime(folder / "views.md", ns=(1, 1))  # copied again, as it was
    await librarian.round()
    assert await store.read(versions) == [(1, "Share a view", True)]


async def test_a_replica_without_the_new_file_searches_what_the_store_has(
    librarian: Librarian, folder: Path, tmp_path: Path, store: Store
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "views.md").write_text(VIEWS)
    other = replace_folder(librarian, tmp_path / "elsewhere")
    await librarian.open()
    await other.open()
    (folder / "export.md").write_text(EXPORT)
    await librarian.round()
    await other.round()
    assert set(titles(other)) == {"Share a view", "Export to Excel"}
    assert await store.read(versions) == [(1, "Share a view", True)]  # both have it: it is one


def replace_folder(librarian: Librarian, folder: Path) -> Librarian:
    settings = librarian.settings.model_copy(update={"knowledge": folder})
    return Librarian(settings, librarian.store, librarian.clock, librarian.provider_of)


async def test_mistakes_refuse_the_start_and_later_leave_everything_as_it_was(
    librarian: Librarian, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await librarian.open()
    (folder / "views.md").unlink()
    (folder / "wrong.md").write_text(MISTAKEN)
    with pytest.raises(Mistakes) as told:
        await librarian.round()
    assert [(Path(it.file).name, it.line) for it in told.value.mistakes] == [("wrong.md", n) for n in (1, 2, 3)]
    assert titles(librarian) == ["Share a view"]
    await librarian.round()  # told once, until something changes
    with pytest.raises(Mistakes):
        await replace_folder(librarian, folder).open()


async def test_a_big_collection_is_taken_in_and_built_by_another_process(
    librarian: Librarian, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowledge, "SMALL", 0)
    (folder / "export.md").write_text(EXPORT)
    await librarian.open()
    assert titles(librarian) == []  # people are served meanwhile
    await librarian.round()
    assert set(titles(librarian)) == {"Share a view", "Export to Excel"}
    assert titles(librarian, "zeppelin", Reader(provider="websan")) == []
    before = librarian.shelf.knowledge
    await librarian.round()
    assert librarian.shelf.knowledge is before


async def test_the_other_processs_mistakes_are_told_too(
    librarian: Librarian, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowledge, "SMALL", 0)
    (folder / "wrong.md").write_text(MISTAKEN)
    with pytest.raises(Refused, match=r"wrong\.md.*2.*colour"):
        await librarian.round()
    await librarian.round()


async def test_a_draft_is_searched_once_it_is_published(librarian: Librarian, store: Store) -> None:
    await librarian.open()
    theirs = DRAFT | {"account": "northwind", "draft": True}
    await store.write(lambda work: work.keep_article("case-1001", MONDAY, theirs) and None)
    await librarian.round()
    assert titles(librarian, reader=Reader("northwind")) == ["Share a view"]
    assert await store.write(published, "case-1001", MONDAY) is not None
    await librarian.round()
    assert "A draft" in titles(librarian, reader=Reader("northwind"))
    assert titles(librarian) == ["Share a view"]
    assert await store.write(published, "case-1001", MONDAY) is None  # it is none any more


async def test_a_draft_that_is_put_into_the_folder_as_it_is_is_searched(
    librarian: Librarian, store: Store, folder: Path
) -> None:
    draft = await store.write(lambda work: work.keep_article("case-1001", MONDAY, DRAFT | {"draft": True}))
    (folder / "case-1001.md").write_text(markdown(as_article(draft)))
    await librarian.open()
    assert "A draft" in titles(librarian)


async def test_a_published_draft_outlives_a_folder_that_never_had_it(
    librarian: Librarian, store: Store, folder: Path
) -> None:
    await store.write(lambda work: work.keep_article("case-1001", MONDAY, DRAFT) and None)
    await librarian.open()
    assert "A draft" in titles(librarian)
    (folder / "case-1001.md").write_text(VIEWS.replace("Share a view", "Edited draft"))  # until it has
    await librarian.round()
    assert set(titles(librarian)) == {"Share a view", "Edited draft"}


def test_only_articles_are_looked_at(folder: Path) -> None:
    (folder / "notes.txt").write_text("not one")
    assert {name for name, _, _ in look(folder)} == {"views.md"}
