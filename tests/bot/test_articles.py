"""Articles as files: what is read from them, how they fall into sections, and every mistake with its line."""

import re
from collections import Counter
from pathlib import Path

import pytest

import catalogues
import knowledge
from bot.library import provider_of
from bot.understanding.articles import Article, Section, read_folder, sections
from bot.understanding.front_matter import markdown
from rules.catalogue import load_folder
from rules.toml_lines import Mistakes

FULL = """---
title: Print: a letter
tags: print, Word template , ,letter
link: https://learn.microsoft.com/dynamics365/
video: https://example.org/print.mp4
products: Dynamics 365
account: northwind
audience: nominated
description: Letters, envelopes and labels
---

Open the record.

## Print it

Select **Print**.
"""


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        (path / f"{name}.md").write_text(text, encoding="utf-8")
    return path


def wrong(path: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(Mistakes) as found:
        read_folder(path)
    return [(Path(it.file).name, it.line, it.says) for it in found.value.mistakes]


def test_an_article_says_all_about_itself(tmp_path: Path) -> None:
    (article,) = read_folder(folder(tmp_path, letter=FULL))
    assert article == Article(
        "letter",
        "Print: a letter",
        ("print", "Word template", "letter"),
        "Open the record.\n\n## Print it\n\nSelect **Print**.",
        "https://learn.microsoft.com/dynamics365/",
        "https://example.org/print.mp4",
        ("Dynamics 365",),
        "northwind",
        "Letters, envelopes and labels",
        "nominated",
    )


def test_a_title_and_a_text_are_enough(tmp_path: Path) -> None:
    (article,) = read_folder(folder(tmp_path, short="---\ntitle: Short\n---\nText.\n"))
    assert article == Article("short", "Short", body="Text.")


def test_files_of_windows_are_read(tmp_path: Path) -> None:
    (tmp_path / "letter.md").write_bytes(b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode())
    (article,) = read_folder(tmp_path)
    assert article.title == "Print: a letter"
    assert [section.heading for section in sections(article)] == ["", "Print it"]


def test_what_is_written_as_a_file_is_read_the_same(tmp_path: Path) -> None:
    (article,) = read_folder(folder(tmp_path, letter=FULL))
    folder(tmp_path, letter=markdown(article))
    assert read_folder(tmp_path) == (article,)


def test_articles_come_by_name_and_other_files_are_left_alone(tmp_path: Path) -> None:
    folder(tmp_path, b=FULL, a=FULL)
    (tmp_path / "notes.txt").write_text("not one")
    assert [article.id for article in read_folder(tmp_path)] == ["a", "b"]


def test_an_empty_folder_has_no_articles_and_a_missing_one_is_a_mistake(tmp_path: Path) -> None:
    assert read_folder(tmp_path) == ()
    assert wrong(tmp_path / "nowhere") == [("nowhere", 1, "There is no such folder.")]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("title: Short\nText", 1, "The first line must be ---, then title: and what else is known."),
        ("", 1, "The first line must be ---, then title: and what else is known."),
        ("---\ntitle: Short\nText", 1, "The --- below the title and the tags is missing."),
        ("---\ntags: a\n---\nText", 1, "The title is missing."),
        ("---\ntitle: Short\n---\n\n", 4, "There is no text below the second ---."),
        ("---\ntitle: Short\ntitle: Long\n---\nText", 3, "title is given twice."),
        ("---\ntitle: Short\ntags:\n---\nText", 3, "tags is empty; leave the line out or fill it in."),
        ("---\ntitle: Short\n\na line\n---\nText", 4, "This is not a line of the form key: value."),
        (
            "---\ntitle: Short\nauthor: Ann\n---\nText",
            3,
            "There is no 'author'; there are title, description, tags, link, video, products, audience, account.",
        ),
        (f"---\ntitle: {'S' * 201}\n---\nText", 2, "title has more than 200 characters."),
        (f"---\ntitle: S\naccount: {'s' * 201}\n---\nText", 3, "account has more than 200 characters."),
        ("---\ntitle: S\n---\nText\n\0", 5, "There is a NUL in this line."),
        ("---\ntitle: S\naudience: staff\n---\nText", 3, "audience is everybody or nominated."),
        ("---\ntitle: S\nlink: http://a.org\n---\nText", 3, "link must be an address that begins with https://."),
        ("---\ntitle: S\nvideo: https://a b\n---\nText", 3, "video must be an address that begins with https://."),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    assert wrong(folder(tmp_path, short=text)) == [("short.md", line, says)]


def test_a_file_has_a_name_that_can_be_kept(tmp_path: Path) -> None:
    assert wrong(folder(tmp_path, **{"a" * 201: FULL}))[0][1:] == (1, "Its name has more than 200 characters.")


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder(tmp_path, a="---\ntags:\ncolour: red\n---\n", b=FULL, c="no front")
    (tmp_path / "d.md").write_bytes(b"---\ntitle: Caf\xe9\n---\nText")
    found = wrong(tmp_path)
    assert [(file, line) for file, line, _ in found] == [
        *(("a.md", line) for line in (1, 2, 3, 4)),
        ("c.md", 1),
        ("d.md", 2),
    ]
    assert found[-1][2] == "This is not UTF-8 text."


def test_each_heading_begins_a_section() -> None:
    body = "Before.\n# One #\ntext\n### C#\n#### \n#hashtag\n```\n# no heading\n```\nmore\n\nUnderlined\n---\n## Empty"
    assert sections(Article("a", "A", body=body)) == (
        Section("", "Before."),
        Section("One", "text"),
        Section("C#", ""),
        Section("", "#hashtag # no heading more"),
        Section("Underlined", ""),
        Section("Empty", ""),
    )


def test_an_article_without_text_has_one_empty_section() -> None:
    assert sections(Article("a", "A")) == (Section("", ""),)


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("Select **Save & Close**, *not* `Save`.", "Select Save & Close, not Save."),
        ("a [link](https://a.org/x_(y)) or ![a *small* picture](p.png)", "a link or a small picture"),
        ("<https://a.org> <b>bold</b> &amp; <!-- gone -->x", "https://a.org bold & x"),
        ("<div>\n<p>a block</p>\n</div>", "a block"),
        ("- one\n- two\n\n1. three\n2. four", "one two 1. three 2. four"),
        ("> quoted\n> twice", "quoted twice"),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", "a b 1 2"),
        ("2 * 3, snake_case_name, __bold__, _so_, ~~old~~", "2 * 3, snake_case_name, bold, so, old"),
        (r"a \*star\* and a \| bar", "a *star* and a | bar"),
        ("```python\ncode\n```\n***\nafter", "code after"),
        ("  many\n\n   blanks ", "many blanks"),
    ],
)
def test_a_section_has_the_words_and_none_of_the_marks(markdown: str, words: str) -> None:
    assert sections(Article("a", "A", body=markdown)) == (Section("", words),)


# What the desk has written itself ----------------------------------------------------------------------------------

SHIPPED = read_folder(knowledge.FOLDER)


def test_the_shipped_articles_are_for_everybody() -> None:
    assert len(SHIPPED) >= 40
    assert {article.account for article in SHIPPED} == {None}
    assert len({article.title for article in SHIPPED}) == len(SHIPPED)


@pytest.mark.parametrize("article", SHIPPED, ids=lambda article: article.id)
def test_a_shipped_article_is_short_and_in_parts(article: Article) -> None:
    words = sum(len(section.text.split()) for section in sections(article))
    assert 110 <= words <= 250
    assert 2 <= sum(bool(section.heading) for section in sections(article)) <= 5
    assert len(article.tags) >= 3


@pytest.mark.parametrize("article", SHIPPED, ids=lambda article: article.id)
def test_a_shipped_article_leads_only_to_pages_that_last(article: Article) -> None:
    """The addresses of single pages of documentation change with every version."""
    assert "://" not in article.body
    assert re.fullmatch(r"https://learn\.microsoft\.com/dynamics365/([a-z-]+/)?", article.link or SAFE)


SAFE = "https://learn.microsoft.com/dynamics365/"


def test_both_providers_customers_find_articles_of_their_own() -> None:
    """Each product that an article names is one that a provider supports, spelt as in its catalogue."""
    mine = provider_of(load_folder(catalogues.FOLDER))
    assert {name for article in SHIPPED for name in article.products} <= mine.keys()
    theirs = Counter(id for article in SHIPPED for id in {mine[name] for name in article.products})
    assert theirs["websan"] >= 30
    assert theirs["terrasoft"] >= 9
