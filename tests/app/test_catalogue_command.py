"""A provider of one's own, as its author meets it: what the manual shows is taken, every mistake has its line."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from app.cli import cli
from bot.understanding import terms
from rules.catalogue import Kind, NotPublished, Target, Verdict, advice, parse, parts
from rules.catalogue.advice import ASKED
from rules.catalogue.shape import File, PlanFile

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs/catalogue.md").read_text()
EXAMPLE: str = re.findall(r"```toml\n(id = .*?)```", MANUAL, re.DOTALL)[0]
SHIPPED = sorted(map(str, (ROOT / "catalogues").glob("*.toml")))
LUMIO = ROOT / "tests/catalogues/lumio.toml"
LEFT_OUT = {"clauses", "per", "beyond"}
"""Said once for all, fixed, or shown inside another."""


def check(*files: Path | str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["catalogue", "check", *map(str, files)], catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


def changed(tmp_path: Path, old: str, new: str) -> Path:
    assert old in EXAMPLE
    path = tmp_path / "acme.toml"
    path.write_text(EXAMPLE.replace(old, new, 1))
    return path


def line_of(words: str) -> int:
    return EXAMPLE[: EXAMPLE.index(words)].count("\n") + 1


def test_the_shipped_catalogues_and_the_manuals_whole_example_can_be_used(tmp_path: Path) -> None:
    """C1: a provider is data, checked before it is served."""
    own = changed(tmp_path, "", "")
    status, said, wrong = check(*SHIPPED, own)
    assert (status, wrong) == (0, "")
    assert f"{own}: Acme Support, 2 plans, 8 clauses: fine.\n" in said
    provider = parse(EXAMPLE)
    full = provider.plans["acme/full"]
    assert (full.target("critical"), full.target("low")) == (Target(60, ("A7",)), Target(420, ("A2",)))
    assert provider.hours
    assert provider.hours.week["mon"] == ((540, 750), (810, 1020))
    assert isinstance(provider.fact("weekend_cover"), NotPublished)


def test_every_other_example_of_the_manual_can_be_added_to_it() -> None:
    more = [block for block in re.findall(r"```toml\n(.*?)```", MANUAL, re.DOTALL) if not block.startswith("id =")]
    assert len(more) == 2
    notice = parse("\n".join([EXAMPLE, *more])).notice
    assert notice
    assert notice.to == "end@acme.example"


def test_every_mistake_is_told_with_its_line_and_the_command_refuses(tmp_path: Path) -> None:
    wrong = changed(tmp_path, '"Europe/London"', '"London"')
    wrong.write_text(wrong.read_text().replace("effective = 2026-01-15", "effective = 2026-01-05"))
    status, said, errors = check(wrong, *SHIPPED)
    assert (status, said) == (1, "")
    zone, early = errors.splitlines()
    assert zone == f"{wrong}:{line_of('zone =')}: `hours.zone` is wrong: London is not the name of a time zone."
    assert early.startswith(f"{wrong}:{line_of('effective =')}: Terms take effect 14 days after they are published")


def test_two_files_of_one_provider_and_no_file_at_all_are_refused(tmp_path: Path) -> None:
    own = changed(tmp_path, "", "")
    again = tmp_path / "again.toml"
    again.write_text(EXAMPLE)
    assert check(own, again)[::2] == (1, f"{again}:1: The provider acme has two files.\n")
    assert check(tmp_path / "none.toml")[0] == 2
    assert check()[0] == 2


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ('training = { verdict = "covered", clauses = ["A8"] }', "", "A8 =", "Nothing rests on the clause A8"),
        ("resolution_time = []", "", "[facts]", "resolution_time"),
        ("", "", "[plans.light]", "The plan light rules on none of: client_caused_break_fix, "),
        ("", "", "[plans.full]", "A person judges those."),
    ],
)
def test_what_may_not_be_meant_is_a_warning(tmp_path: Path, old: str, new: str, at: str, says: str) -> None:
    path = changed(tmp_path, old, new)
    status, said, wrong = check(path)
    assert (status, wrong) == (0, "")
    line = path.read_text()[: path.read_text().index(at)].count("\n") + 1
    assert [one for one in said.splitlines() if one.startswith(f"{path}:{line}: warning: ") and says in one]


def test_a_plan_inherits_what_it_rules_on_and_a_cited_clause_is_not_warned_of() -> None:
    said = "\n".join(warning.says for warning in advice(EXAMPLE))
    assert "clause" not in said
    assert "training" in said.partition("The plan full")[0]
    assert "training" not in said.partition("The plan full")[2].partition("The plan")[0]


def test_help_shows_an_example() -> None:
    shown = CliRunner().invoke(cli, ["catalogue", "check", "--help"]).stdout
    assert "Example: supporthub catalogue check catalogues/*.toml" in shown


def test_whatever_customers_can_ask_is_among_the_questions_that_are_looked_for() -> None:
    assert set(terms._FACTS) <= set(ASKED)


def keys() -> Iterator[str]:
    """Every key that the reader takes, wherever it may stand."""
    for table in (File, PlanFile):
        assert issubclass(table, BaseModel)
        yield from table.model_fields
    for part in vars(parts).values():
        if isinstance(part, type) and part.__module__ == parts.__name__ and part is not parts.Clause:
            yield from (field.name for field in fields(part))


def test_the_manual_has_every_key_kind_verdict_and_question() -> None:
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]+`|```toml.*?```", MANUAL, re.DOTALL))))
    assert {*keys()} - LEFT_OUT - named == set()
    assert {*map(str, Kind), *map(str, Verdict), *ASKED} - named == set()
