"""What the pages show is true: links lead somewhere, commands are commands, and the desk understands every line."""

import json
import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from app.cli import cli
from bot.commands import COMMANDS, Line, command, parse
from bot.forms import SKIP
from bot.incoming import Address, Incoming, Said, User
from bot.understanding import Back, Begin, Cancel, Scene, understand
from bot.understanding.search import Shelf
from rules.lifecycle import RULES, Verb
from rules.people import CUSTOMERS, STAFF, Actor, Role
from rules.refusals import Misunderstood
from tests.world import MONDAY

ROOT = Path(__file__).parent.parent
NOT_OURS = {".venv", ".tools", ".git", "node_modules", "test-artifacts", "dist", "build"}
PAGES = sorted(
    page for page in ROOT.rglob("*.md") if not NOT_OURS.intersection(page.relative_to(ROOT).parts) and page.is_file()
)
STAFF_PAGE, CUSTOMER_PAGE = ROOT / "docs/staff.md", ROOT / "docs/customers.md"


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs/README.md").read_text()
    pages = {page.name for page in PAGES if page.parent == ROOT / "docs"} - {"README.md"}
    assert [name for name in sorted(pages) if f"({name})" not in index] == []


# Links ----------------------------------------------------------------------------------------------------------------

FENCED = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.M | re.S)
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
LINK = re.compile(r"\]\(<?([^()\s>]+)>?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    wrong = []
    for link in LINK.findall(CODE.sub("", prose(page))):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        there = (page.parent / file).resolve() if file else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            wrong.append(link)
    assert wrong == []


def prose(page: Path) -> str:
    """Without the blocks of code, whether they stand between fences or are indented."""
    return re.sub(r"^(    |\t).*$", "", FENCED.sub("", page.read_text()), flags=re.M)


@cache
def anchors(page: Path) -> frozenset[str]:
    """Of its headings, as GitHub names them: small letters, no punctuation, a hyphen for each blank."""
    named: list[str] = []
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", prose(page), re.M):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        slug = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        times = sum(re.fullmatch(rf"{re.escape(slug)}(-\d+)?", each) is not None for each in named)
        named.append(f"{slug}-{times}" if times else slug)
    return frozenset(named)


# The command line -----------------------------------------------------------------------------------------------------

SHOWN = re.compile(r"(?P<before>^|[\s/|(])supporthub +(?=[a-z])(?P<rest>[^|;&<>)\n]+)")


def blocks(page: Path) -> Iterator[str]:
    """Each line of a block of code, with what a backslash continues."""
    text = page.read_text()
    fenced = "\n".join(match[0].partition("\n")[2].rpartition("\n")[0] for match in FENCED.finditer(text))
    indented = "\n".join(re.findall(r"^(?:    |\t)(.*)$", FENCED.sub("", text), re.M))
    yield from f"{fenced}\n{indented}".replace("\\\n", " ").splitlines()


def commands(line: str) -> Iterator[list[str]]:
    """Those of ours in a line of a shell: after anything but an option, whose value it would be."""
    line = re.sub(r"\$\([^)]*\)", "X", line.partition(" # ")[0])
    for found in SHOWN.finditer(line):
        option = re.search(r"\s--?[\w-]+\s+$", line[: found.end("before")])
        if not option and not found["rest"].startswith("supporthub"):
            yield shlex.split(re.sub(r"[\[\]]|…|\bKIND\b", "", found["rest"]), comments=True)


@pytest.fixture(scope="module")
def group() -> Any:
    """The whole command line, in which nothing is done."""
    made: Any = typer.main.get_command(cli)
    for _, each in leaves(made):
        each.callback = lambda **_: None
    return made


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if hasattr(command, "commands"):
        for name, each in command.commands.items():
            yield from leaves(each, (*path, name))
    else:
        yield path, command


def mistake(group: Any, words: list[str], whole: bool) -> str | None:
    """``whole``: it can be run as it stands; otherwise it is spoken of, and only what is said of it must be true."""
    words = [word.removeprefix("/") for word in words]
    for name in filter(re.compile(r"[\w/.-]+\.[a-z]+").fullmatch, words[1:]):  # what it names is there
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()
    try:
        group.main(args=words, prog_name="supporthub", standalone_mode=False)
    except typer.TyperException as wrong:  # without a word of its own it shows its help
        return f"{shlex.join(words)}: {wrong}" if (whole and str(wrong)) or str(wrong).startswith("No such") else None
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_shown_is_one(page: Path, group: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("articles").mkdir()
    inline = [code for _, code in CODE.findall(prose(page)) if re.match(r"(\S*/)?supporthub ", code)]
    wrong = [mistake(group, words, True) for line in blocks(page) for words in commands(line)]
    wrong += [mistake(group, words, False) for line in inline for words in commands(line)]
    assert [each for each in wrong if each] == []


@pytest.mark.parametrize("path", [path for path, _ in leaves(typer.main.get_command(cli))], ids=" ".join)
def test_every_command_has_help_and_is_on_a_page(path: tuple[str, ...]) -> None:
    done = CliRunner().invoke(cli, [*path, "--help"])
    assert done.exit_code == 0
    assert any("supporthub " + " ".join(path) in page.read_text() for page in PAGES)


PURE = re.compile(r"^\$? *echo '(?P<given>\{.*\})' \| (?:\S*/)?supporthub (?P<rest>explain [^#\n]+)")


def pure() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for line in blocks(page) if page.name != "explain.md" else ():  # whose answers are held elsewhere
            if found := PURE.match(line):
                yield found["given"], found["rest"].strip().replace("--knowledge articles", "--knowledge knowledge")


@pytest.mark.parametrize(("given", "rest"), sorted(set(pure())))
def test_every_question_to_explain_is_answered(given: str, rest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(cli, shlex.split(rest), input=given)
    assert done.exit_code == 0, done.output
    assert "error" not in json.loads(done.stdout)


def test_every_target_of_make_that_is_named_is_there() -> None:
    there = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = {
        (page.name, target)
        for page in PAGES
        for code in (*blocks(page), *(code for _, code in CODE.findall(prose(page))))
        for target in re.findall(r"^(?:[A-Z_]+=\S+ )*make ([a-z]+)", code)
    }
    assert [each for each in sorted(named) if each[1] not in there] == []


# What people say ------------------------------------------------------------------------------------------------------

UNLISTED = {"hello", "thanks", "fact", "move", "add", "send-anyway", "confirm-all", "status"}
"""Said in return, behind buttons, or another way to say a line that is listed."""
ROW = re.compile(r"^\| (?P<lines>`.+?) \| (?:(?P<who>[a-z, ]+?) \| )?(?P<does>[^|]+) \|$", re.M)


def understood(said: str, roles: frozenset[Role]) -> Line | Begin | Cancel | Back | None:
    """By whom of them it is meant for; as in the thread of a case, and where nothing is asked."""
    line = re.sub(r"^@Support Hub ", "", said)
    for role in sorted(roles):
        with suppress(Misunderstood):
            if found := parse(line, role, current=1042, plans={"winning"}):
                return None if found.missing else found
    actor = Actor(1, "Ann", min(roles), 1 if roles is CUSTOMERS else None, "America/Toronto")
    intent = understand(
        Incoming("k", User("ann"), Address("web", "", "ann"), Said(line), MONDAY), Scene(actor), Shelf()
    )
    own = line.partition(" ")[0] in ("open", "cancel", "back")  # other words could begin a case, too
    return intent if own and isinstance(intent, Begin | Cancel | Back) else None


def lines(page: Path) -> Iterator[str]:
    return (code for _, code in CODE.findall(prose(page)) if code not in ("/", "!", "/case", "/support", SKIP))


NARROWER = ((r"incident (open|\d+ (reply|close))", Verb.INCIDENT), (r"upgrade \d+ from", Verb.APPLY))
"""Lines of which a part is for fewer than the line is."""
OF_PEOPLE = [(STAFF_PAGE, STAFF), (CUSTOMER_PAGE, CUSTOMERS)]


@pytest.mark.parametrize(("page", "roles"), OF_PEOPLE)
def test_every_line_on_the_pages_for_people_is_understood(page: Path, roles: frozenset[Role]) -> None:
    assert [line for line in lines(page) if understood(line, roles) is None] == []


def test_a_line_that_names_a_case_is_understood_wherever_it_stands() -> None:
    """By somebody; columns of a block are apart by three blanks, lines of one row by a point."""
    said = {
        each
        for page in PAGES
        for code in (*lines(page), *blocks(page))
        for each in re.split(r"\s{3,}.*| · ", code)
        if each and (name := re.match(r"[/!]?([a-z-]+) #?10\d\d\b", each)) and name[1] in COMMANDS
    }
    assert len(said) > 50
    assert sorted(each for each in said if not any(understood(each, roles) for roles in (STAFF, CUSTOMERS))) == []


@pytest.mark.parametrize(("page", "roles"), OF_PEOPLE)
def test_every_command_is_on_its_page(page: Path, roles: frozenset[Role]) -> None:
    told = {found.name for line in lines(page) if isinstance(found := understood(line, roles), Line)}
    theirs = {name for name, meant in COMMANDS.items() if any(RULES[one.verb].by & roles for one in meant)}
    assert sorted(theirs - told - UNLISTED) == []


def test_the_page_for_staff_says_who_may() -> None:
    """Whoever is named beside a line, and nobody else; everybody of the desk where nobody is named."""
    rows = list(ROW.finditer(STAFF_PAGE.read_text()))
    assert len(rows) > 50
    for row in rows:
        named = frozenset(map(Role, row["who"].split(", "))) if row["who"] else STAFF
        for _, line in CODE.findall(row["lines"]):
            found = understood(line, named)
            assert isinstance(found, Line), line
            verb = next((verb for like, verb in NARROWER if re.match(like, line)), command(found.name, min(named)).verb)
            assert RULES[verb].by & STAFF == named, line
