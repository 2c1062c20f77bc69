"""Writes docs/clauses.md, as `make clauses` has it: every row of the providers' pages, where it lives, what shows it.

The wordings are the catalogues' own. Where a row lives is kept by hand in clauses.toml. The tests are found: those
whose name or docstring says the row's id.
"""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from rules.catalogue import load_folder

ROOT = Path(__file__).parent.parent
PAGE, KEPT = ROOT / "docs/clauses.md", ROOT / "docs/clauses.toml"
NEAREST = ("journeys", "contract", "app", "bot", "rules")
"""Whole stories first."""
SHOWN = 3  # tests of one row: more is no table to read
ROW = re.compile(r"\b([WTC])(\d{1,2})(?:\s?(?:-|–|to)\s?\1?(\d{1,2}))?\b")
HEAD = """\
# Every clause, where it lives, and which test shows it

Written by `make clauses`; a test fails while it is stale. **W** are the rows of WebSan's page, **T** those of
Terrasoft's, in the wording of `catalogues/`, and **C** what holds across both. *Enforced*: the product does not let
it be otherwise. *Shown*: it says it, with the clause. *Computed*: it reckons it. *Missing*: it does not do that yet.
Of the tests that name a row, the nearest to a whole story are listed, {shown} at most.

Slack, Teams and the playground's page share one core: what a journey shows holds in each, and `tests/contract` says
every line and dialog on all of them. The customers' own portal does not exist yet.
"""


def main() -> None:
    PAGE.write_text(page())


def page() -> str:
    tests, kept = shown_by(), where()
    rows = [f"| {id} | {says} | {kept.get(id, '')} | {_listed(tests.get(id, ()))} |" for id, says in wordings().items()]
    return "\n".join(
        [HEAD.format(shown=SHOWN), "| row | in our words | where | shown by |", "|---|---|---|---|", *rows, ""]
    )


def wordings() -> dict[str, str]:
    """All rows, in their order."""
    providers = reversed(load_folder(ROOT / "catalogues").providers.values())
    said = {id: clause.says for provider in providers for id, clause in provider.clauses.items()}
    said |= tomllib.loads(KEPT.read_text())["across"]
    return {id: said[id] for id in sorted(said, key=lambda id: ("WTC".index(id[0]), int(id[1:])))}


def where() -> dict[str, str]:
    """How a row is kept, and the module or line that does; by hand."""
    kept: dict[str, str] = tomllib.loads(KEPT.read_text())["where"]
    return kept


@cache
def shown_by() -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                name = f"{path.relative_to(ROOT / 'tests')}::{node.name}"
                for id in set(_ids(f"{ast.get_docstring(node) or ''} {' '.join(node.name.upper().split('_'))}")):
                    found[id].append(name)
    return {id: tuple(sorted(names, key=_near)) for id, names in found.items()}


def _ids(words: str) -> Iterator[str]:
    """``W48-W49`` and ``W1-W3`` are all rows between, too."""
    for letter, first, last in ROW.findall(words):
        yield from (f"{letter}{number}" for number in range(int(first), int(last or first) + 1))


def _near(name: str) -> tuple[int, str]:
    folder = name.partition("/")[0]
    return NEAREST.index(folder) if folder in NEAREST else len(NEAREST), name


def _listed(names: tuple[str, ...]) -> str:
    return "<br>".join(f"`{name}`" for name in names[:SHOWN])


if __name__ == "__main__":
    main()
