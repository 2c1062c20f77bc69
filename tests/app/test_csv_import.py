"""``supporthub import --kind``: contacts and open cases from CSV files, all or nothing, every mistake with its line."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from app.cli import cli
from app.csv_import import bring_cases, bring_contacts
from bot.desk.directory import Imported
from bot.turn import Now
from rules.catalogue import Catalogues
from rules.sheets import CONTACT, MOST_CASES, Known, cases, contacts
from rules.toml_lines import Mistakes
from store.links import fingerprint
from store.store import Store
from store.tables import Case, Tombstone
from store.work import Work
from tests.app.test_import import FULL
from tests.verifying import differences
from tests.world import CATALOGUES, MONDAY, World

HEAD = "account,name,email,licensed,nominated,timezone,slack\n"
CAROL = "northwind,Carol Day,Carol@northwind.example,yes,no,America/Toronto,\n"
CASES = "external_id,account,opener,subject,text,priority,received,assignee\n"
OLD = 'OLD-7,northwind,ann@northwind.example,The export fails,"It says\n""Error 500""",high,{at},sam@desk.example\n'
FRIDAY = datetime(2026, 1, 16, 20, tzinfo=UTC)  # 15:00 in New York
NOW = Now(MONDAY, MONDAY)
Unit = Callable[[Work, str, str, Catalogues, Now], Imported]


async def bring(store: Store, text: str, unit: Unit = bring_contacts) -> tuple[int, int]:
    done = await store.write(unit, text, "people.csv", CATALOGUES, NOW)
    return done.rows, done.changed


async def wrong(store: Store, text: str, unit: Unit = bring_contacts) -> list[str]:
    with pytest.raises(Mistakes) as found:
        await bring(store, text, unit)
    return str(found.value).splitlines()


def old(at: datetime = FRIDAY) -> str:
    return CASES + OLD.format(at=at.isoformat())


async def test_contacts_come_from_a_spreadsheet_however_it_writes_them(desk: World) -> None:
    """A byte order mark, semicolons, quoted line ends and headings in capitals are a spreadsheet's everyday."""
    text = "\ufeff" + (HEAD.upper() + CAROL).replace(",", ";").replace("\n", "\r\n")
    assert (await bring(desk.store, text))[1] == 1
    carol = await desk.store.read(lambda work: work.person_at("carol@northwind.example"))
    assert carol is not None
    assert (carol.name, carol.licensed, carol.zone) == ("Carol Day", True, "America/Toronto")
    assert (await bring(desk.store, text))[1] == 0, "a second time nothing changes"
    guarded = HEAD + CAROL.replace("Carol Day", "'=HYPERLINK(A1)")
    await bring(desk.store, guarded)
    carol = await desk.store.read(lambda work: work.person_at("carol@northwind.example"))
    assert carol is not None
    assert carol.name == "=HYPERLINK(A1)", "words, and never a formula of ours"


async def test_every_mistake_has_its_line_and_nothing_is_done(desk: World) -> None:
    text = (
        HEAD
        + CAROL
        + 'northwnd,"Two\nlines",dan@northwind.example,yes,,,\n'
        + "northwind,Dana,dana@northwind.example,maybe,,Mars/Base,T0ELSE/U1\n"
        + "northwind,Erin,erin@northwind.example\n"
        + CAROL
    )
    found = await wrong(desk.store, text)
    assert [line.partition(": ")[0] for line in found] == [
        "people.csv:3", "people.csv:3", "people.csv:5", "people.csv:5", "people.csv:5", "people.csv:6", "people.csv:7",
    ]  # fmt: skip
    assert 'not "northwnd". Did you mean "northwind"?' in found[0]
    assert "This row has 3 cells, and the first one has 7." in found[5]
    assert "email repeats line 2" in found[6]
    assert await desk.store.read(lambda work: work.person_at("carol@northwind.example")) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "people.csv:1: The file is empty; its first row names the columns."),
        ("name,emial\n", 'people.csv:1: There is no column "emial" here. Did you mean "email"?'),
        ("name,name\n", 'people.csv:1: The column "name" stands there more than once.'),
        (HEAD + f'northwind,"{"x" * 200_000}",a@b.example\n', "people.csv:2: This is not CSV: field larger than"),
        (HEAD + 'northwind,"never ends\n', "people.csv:2: This is not CSV: unexpected end of data."),
    ],
)
def test_what_is_no_such_sheet_is_said(text: str, told: str) -> None:
    with pytest.raises(Mistakes) as found:
        contacts(text, Known((), {}, frozenset(), ("en",)), "people.csv")
    assert str(found.value).startswith(told)


def test_its_columns_are_the_keys_of_a_contact_in_a_directory_file() -> None:
    assert set(CONTACT) - {"left"} <= set(
        (Path(__file__).parent.parent.parent / "docs/directory.md").read_text().split("`")
    )


async def test_who_was_erased_or_left_is_refused_with_the_line(desk: World) -> None:
    def gone(work: Work) -> None:
        work.add(Tombstone(kind="person", hash=fingerprint("carol@northwind.example"), at=MONDAY))
        eve = work.person_at("eve@contoso.example")
        assert eve is not None
        eve.left_at = MONDAY
        work.add(eve)

    await desk.store.write(gone)
    eve = "contoso,Eve Stone,eve@contoso.example,yes,yes,,\n"
    assert await wrong(desk.store, HEAD + CAROL + eve) == [
        "people.csv:2: carol@northwind.example was erased on 2026-01-19: leave them out.",
        "people.csv:3: eve@contoso.example left on 2026-01-19: leave them out, or say left = false to bring them back.",
    ]
    back = HEAD.replace("slack", "left") + eve.replace(",,\n", ",,false\n")
    assert (await bring(desk.store, back))[1] == 1
    refused = await wrong(desk.store, old().replace("ann@north", "carol@north"), bring_cases)
    assert refused == ["people.csv:2: carol@northwind.example was erased: leave the case out, or name a colleague."]


async def test_an_open_case_keeps_its_time_its_clock_and_its_number_of_old(desk: World) -> None:
    """W36, R7: plan and terms of the day on which it was received; whoever asks later finds it as if it began here."""
    assert await bring(desk.store, old(), bring_cases) == (1, 1)
    assert await bring(desk.store, old(), bring_cases) == (1, 0), "a second time it is known"
    [case] = await desk.store.read(lambda work: list(work._session.exec(select(Case))))
    assert (case.received_at, case.plan, case.external_id, case.priority) == (FRIDAY, "websan/success", "OLD-7", "high")
    assert case.due_at == datetime(2026, 1, 19, 14, tzinfo=UTC), "three hours on Friday, and the last on Monday"
    shown = str(await desk.says("sam", "show 1001"))
    assert "the import imported it from another desk, where it was: OLD-7" in shown
    assert '"Error 500"' in shown
    assert desk.heard("ann") == desk.heard("desk") == [], "nobody is told of what is past"
    assert await differences(desk.store) == []
    await desk.delivery.deliver_all()
    await desk.says("sam", "reply 1001 We have it from your old desk")
    assert "> We have it from your old desk" in desk.last("ann")


async def test_of_the_steps_that_were_missed_elsewhere_only_the_highest_is_told_and_once(desk: World) -> None:
    """R10."""
    await bring(desk.store, old(datetime(2026, 1, 12, 14, tzinfo=UTC)), bring_cases)
    await desk.passes_and_warns()
    told = [text for text in desk.heard("sam") + desk.heard("cora") if "#1001" in text]
    assert len(told) == len({*told}) or len(set(told)) == 1
    assert all("past its response time" in text for text in told)
    before = len(desk.heard("sam"))
    await desk.passes_and_warns()
    assert len(desk.heard("sam")) == before


async def test_cases_have_their_mistakes_by_line_too(desk: World) -> None:
    lines = CASES + "".join(
        (
            "1,northwind,eve@contoso.example,Subject,,,2026-01-16T10:00:00Z,\n",
            "2,northwind,ann@northwind.example,Subject,,urgent,2026-01-16 10:00,\n",
            "3,northwind,ann@northwind.example,Subject,,,2026-01-16T10:00:00Z,bob@northwind.example\n",
        )
    )
    found = await wrong(desk.store, lines, bring_cases)
    assert [line.partition(" must")[0] for line in found] == ["people.csv:3: priority", "people.csv:3: received"]
    found = await wrong(desk.store, lines.replace("urgent,2026-01-16 10:00", "low,2027-01-16T10:00Z"), bring_cases)
    assert found == [
        "people.csv:2: opener must be the e-mail of a contact of northwind; import the contacts before.",
        "people.csv:3: received must not lie ahead.",
        "people.csv:4: assignee must be the e-mail of somebody of the desk.",
    ]
    assert await desk.store.read(lambda work: list(work._session.exec(select(Case)))) == []


def test_a_file_of_cases_has_an_end_and_words_that_every_database_keeps() -> None:
    known = Known(("northwind",), {}, frozenset(), ("en",))
    row = "{n},northwind,ann@northwind.example,Subject,{words},,2026-01-16T10:00:00Z,\n"
    many = CASES + "".join(row.format(n=n, words="") for n in range(MOST_CASES + 1))
    with pytest.raises(Mistakes, match=r"people\.csv:5002: A file has at most 5000 cases, and this one has 5001"):
        cases(many, known, "people.csv")
    for words in ("a\0b", "\x1b[31m", "\ud800"):
        with pytest.raises(Mistakes, match=r"people\.csv:2: text must be .* without control characters"):
            cases(CASES + row.format(n=1, words=words), known, "people.csv")
    assert cases(CASES + row.format(n=1, words='"a\tb\nc"'), known, "people.csv")[0].text == "a\tb\nc"


def test_from_a_terminal(tmp_path: Path, migrated_sqlite: Path) -> None:
    def brings(*arguments: str) -> Result:
        environment = {"SUPPORTHUB_DATABASE_URL": f"sqlite:///{tmp_path}/supporthub.db"}
        return CliRunner().invoke(cli, ["import", *arguments], env=environment)

    desk, people, cases, latin = (tmp_path / name for name in ("desk.toml", "people.csv", "cases.csv", "latin.csv"))
    desk.write_text(FULL)
    people.write_text(HEAD + CAROL, encoding="utf-8-sig")
    cases.write_text(CASES + "1,north,a,b,,,c,\n")
    latin.write_bytes("name\nJosé\n".encode("latin-1"))
    assert brings(str(desk)).exit_code == 0
    assert brings(str(people)).exit_code == 2, "which kind is it?"
    done = brings(str(people), "--kind", "contacts")
    assert (done.exit_code, done.stdout) == (0, "1 rows read, 1 new or changed.\n")
    refused = brings(str(cases), "--kind", "cases")
    assert refused.exit_code == 1
    assert refused.stderr.count("cases.csv:2: ") == 3
    assert brings(str(latin), "--kind", "contacts").stderr == "The file is not UTF-8 text.\n"
