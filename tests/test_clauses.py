"""docs/clauses.md is what `make clauses` writes today; no row of the pages is without a place and a test."""

import ast
import re
from itertools import chain

from docs.clauses import PAGE, ROOT, page, shown_by, where, wordings
from rules.catalogue import load_folder, parse
from rules.catalogue.advice import _uncited, advice
from rules.toml_lines import read

ROWS = [f"W{n}" for n in range(1, 60)] + [f"T{n}" for n in range(1, 19)] + [f"C{n}" for n in range(1, 8)]
FILES = sorted((ROOT / "catalogues").glob("*.toml"))


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text() == page(), "make clauses"


def test_every_row_has_its_wording_its_place_and_a_test() -> None:
    assert list(wordings()) == ROWS
    kept, shown = where(), shown_by()
    assert [row for row in ROWS if not kept.get(row)] == []
    assert [row for row in ROWS if not shown.get(row)] == []


def test_nothing_is_said_of_a_row_that_there_is_not() -> None:
    assert set(where()) == set(ROWS)


def test_every_place_is_a_module_of_the_house_and_says_how_the_row_is_kept() -> None:
    for row, place in where().items():
        assert re.match(r"(missing|enforced|shown|computed): ", place), row
        named = re.findall(r"\w+(?:/\w+)+\.\w+", place)
        assert named, row
        assert [name for name in named if not (ROOT / name).is_file()] == [], row


def test_nothing_is_missing() -> None:
    assert [row for row, place in where().items() if place.startswith("missing")] == []


def test_every_clause_of_a_catalogue_is_cited_in_it() -> None:
    """C1: what is promised rests on a row, and every row carries something."""
    for file in FILES:
        assert list(_uncited(read(file.read_text())[0])) == []
    text = FILES[0].read_text() + 'T99 = "Nobody cites this."\n'
    assert parse(text).clauses["T99"]
    [warned] = [one for one in advice(text) if "T99" in one.says]
    assert warned.line == text.count("\n")


def test_no_provider_stands_in_the_code() -> None:
    """What differs between providers is data (C1): no name, clause or plan of one is a string that the code acts on."""
    providers = load_folder(ROOT / "catalogues").providers.values()
    names = {re.escape(word) for one in providers for word in (one.id, one.name)}
    said = re.compile("|".join([*names, r"\b[WT][1-9]\d?\b"]), re.I)
    folders = ("app", "adapters", "bot", "store", "rules")
    found = [
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for path in chain.from_iterable((ROOT / folder).rglob("*.py") for folder in folders)
        if path.relative_to(ROOT).parts[:2] not in EXAMPLES
        if said.search(source := path.read_text())
        for line, words in strings(source)
        if said.search(words)
    ]
    assert found == []


EXAMPLES = {("app", "explain"), ("app", "demo.py"), ("store", "migrations")}
"""The examples in the help of `supporthub explain`, the playground's cast, and what was once done to databases."""


def strings(source: str) -> list[tuple[int, str]]:
    """All but docstrings: those may cite the clause that a line rests on."""
    tree = ast.parse(source)
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in bare)
    return [(node.lineno, node.value) for node in constants if isinstance(node.value, str)]
