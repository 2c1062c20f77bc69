"""Erasing and exporting people: nothing of them is left that can be reached, and the figures still hold."""

import json
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, select
from typer.testing import CliRunner

from app.cli import cli
from app.erase import told
from app.export import _write
from bot.desk import linking
from bot.desk.directory import apply
from bot.erasing import Erasure, Report
from bot.erasing.people import end
from bot.erasing.scrubbing import GONE, How, Scrub
from bot.erasing.subjects import NobodyLikeThat, find_account, find_person
from bot.incoming import User
from bot.verifying import Verification
from rules.toml_lines import Mistakes
from store.store import Store
from store.tables import Account, Case, CaseEvent, Outbox, Person, Tenant
from store.work import Work
from tests.slack.stage import DESK as SLACK_DESK
from tests.slack.stage import TEAM, Stage, staged, user
from tests.world import CATALOGUES, DIRECTORY, MONDAY, ROOT, World, opened

CANARY = "my salary slip 4711 of Oak Street stands in the quote form"
ANN = ("Ann Lee", "ann@northwind.example", "U0ANN", CANARY)


async def dump(store: Store) -> str:
    """Every column of every table."""

    def unit(work: Work) -> list[str]:
        tables = SQLModel.metadata.sorted_tables
        rows = ((table.name, row) for table in tables for row in work._session.connection().execute(table.select()))
        return [f"{name} {tuple(row)}" for name, row in rows]

    return "\n".join(await store.read(unit))


def left_of(needles: tuple[str, ...], everything: str) -> list[str]:
    lines = everything.casefold().splitlines()
    return [line for line in lines for needle in needles if needle.casefold() in line]


async def erase(world: World, who: str, find: Any = find_person, do: bool = True) -> tuple[Report, Any]:
    subject = await world.store.read(find, who)
    report = await Erasure(world.store, CATALOGUES, lambda: world.time, subject, do).run()
    await world.delivery.deliver_all()
    await world.store.write(Work.forget_rooms, world.time.machine)
    return report, subject


@pytest.fixture
async def slack(store: Store) -> AsyncIterator[Stage]:
    async with staged(store) as stage:
        yield stage


async def lived(stage: Stage) -> None:
    """A life in which her words go everywhere they can."""
    await stage.writes("ann", CANARY)
    for answer in (f"Details: {CANARY} again", "skip", "skip"):
        await stage.writes("ann", answer)
    await stage.writes("sam", f"note 1001 Ann Lee (ann@northwind.example) wrote: {CANARY}")
    await stage.writes("sam", "show 1001")
    await stage.commands("sam", "/case show 1001")
    await stage.writes("sam", "queue")
    await stage.writes("sam", "whois ann")
    await stage.writes("sam", "reply 1001 Dear Ann, we look at it")
    await stage.writes("ann", "reply 1001 And it is still so, as I said: " + CANARY)
    await stage.writes("bob", "The import fails in the same way")
    await stage.writes("bob", "status 1001")
    await stage.writes("bob", "cases")
    await stage.writes("sam", "note 1002 the same as Ann Lee has")
    await stage.writes("lena", "announce websan We are closed on Friday")
    await stage.writes("lena", "announce 1 send")
    await stage.writes("sam", "save ann Dear Ann Lee, we are on it")
    await stage.writes("lena", f"incident open What Ann Lee says: {CANARY}")
    await stage.writes("lena", "incident 1 add 1001")
    await stage.writes("sam", f"close 1001 Fixed: {CANARY}")
    await stage.writes("ann", "confirm 1001")
    await stage.writes("ann", f"rate 1001 5 thanks, {CANARY}")
    await stage.writes("ann", f"ask How do I find {CANARY}?")
    await stage.writes("sam", "draft-article 1001")
    await stage.writes("ann", "open another thing that is wrong")
    assert len(left_of(ANN, await dump(stage.world.store))) > 40


async def test_after_an_erase_nothing_of_the_person_is_left_in_any_column_or_room_and_the_figures_hold(
    slack: Stage,
) -> None:
    world = slack.world
    await lived(slack)
    counted, _ = await erase(world, ANN[1], do=False)
    assert left_of(ANN, await dump(world.store)), "counting changes nothing"
    report, subject = await erase(world, ANN[1])
    assert left_of(ANN, await dump(world.store)) == []
    assert report.changed == counted.changed
    said = "\n".join(each for who in ("ann", "sam", "lena", "bob") for each in slack.said(user(who)))
    assert left_of(ANN, said + "\n".join(slack.said(SLACK_DESK))) == []
    assert "This message was erased." in said
    shown = "\n".join(told(report, subject, done=True))
    assert "whispers" not in shown
    assert "what they wrote themselves in Slack" in shown
    assert [finding async for finding in Verification(world.store, CATALOGUES).all() if finding.wrong] == []
    case = await slack.case()
    assert (case.subject, case.status, case.response_met, case.rating) == (GONE, "closed", True, 5)
    assert {event.by_name for event in await slack.rows(CaseEvent) if event.person_id == case.opened_by} == {
        f"erased person {case.opened_by}"
    }
    bobs = [event.words for event in await slack.rows(CaseEvent) if event.case_id == 1002]
    assert f"the same as erased person {case.opened_by} has" in bobs
    assert "The import fails in the same way" in bobs, "other people's words stay"
    again = [post for post in slack.said(SLACK_DESK) if post.startswith("#1001:")]
    assert GONE in again[0]


async def test_erased_people_do_not_come_back_with_an_import_nor_by_writing(slack: Stage) -> None:
    """Nor as a guest of the company whose workspace it is."""
    northwind = await slack.world.ask_store(lambda work: work.find(Account, slug="northwind").id)
    await slack.world.store.write(Work.add, Tenant(channel="slack", tenant=TEAM, account_id=northwind))
    await slack.writes("ann", CANARY)
    await erase(slack.world, ANN[1])
    with pytest.raises(Mistakes, match=r"ann@northwind\.example was erased on 2026-01-19"):
        await slack.world.store.write(apply, DIRECTORY, slack.world.time.machine)
    with pytest.raises(NobodyLikeThat):
        await erase(slack.world, ANN[1])
    await slack.writes("ann", "It is broken again")
    assert len(await slack.rows(Case)) == 1
    assert left_of(ANN[:2], await dump(slack.world.store)) == []


async def test_a_company_goes_with_its_people_its_articles_and_its_name(desk: World) -> None:
    await opened(desk)
    await desk.says("bob", f"{CANARY} of Bob")
    await desk.says("eve", "The report of Northwind is not ours")
    await desk.says("sam", "show 1001")
    report, subject = await erase(desk, "northwind", find_account)
    everything = await dump(desk.store)
    assert left_of(("ann lee", "bob shaw", "northwind.example", CANARY), everything) == []
    assert [line for line in left_of(("northwind",), everything) if "of northwind is not ours" not in line] == []
    assert report.changed["account"] == 1
    assert subject.alias == "erased account 1"
    there = await desk.ask_store(lambda work: [person.erased_at for person in work._session.exec(select(Person))])
    assert sum(at is not None for at in there) == 2
    assert [finding async for finding in Verification(desk.store, CATALOGUES).all() if finding.wrong] == []
    assert "erased account 1" in await desk.ask_store(lambda work: work.find(Account, id=1).name)
    with pytest.raises(Mistakes, match="northwind"):
        await desk.store.write(apply, DIRECTORY, desk.time.machine)


async def test_a_channel_that_is_down_is_overwritten_when_it_is_back(sqlite_desk: World) -> None:
    await opened(sqlite_desk, problem=CANARY)
    subject = await sqlite_desk.store.read(find_person, ANN[1])

    def down(_: Any) -> None:
        raise OSError("no way there")

    sqlite_desk.fake.before = down
    await Erasure(sqlite_desk.store, CATALOGUES, lambda: sqlite_desk.time, subject, True).run()
    await sqlite_desk.delivery.deliver_all()
    assert CANARY in sqlite_desk.heard("desk")[0]
    assert await sqlite_desk.store.write(Work.forget_rooms, sqlite_desk.time.machine) == 0, "her room is needed still"
    sqlite_desk.fake.before = lambda out: None
    sqlite_desk.passes(minutes=5)
    await sqlite_desk.delivery.deliver_all()
    assert left_of((CANARY, "Ann Lee"), "\n".join((*sqlite_desk.heard("desk"), *sqlite_desk.heard("ann")))) == []
    assert await sqlite_desk.store.write(Work.forget_rooms, sqlite_desk.time.machine) == 1


async def test_who_left_before_is_erased_with_the_room_that_was_theirs(sqlite_desk: World) -> None:
    await opened(sqlite_desk, problem=CANARY)
    await sqlite_desk.says("lena", "nominate bob")
    await sqlite_desk.says("lena", "leave ann to bob")
    assert [row for row in left_of(("'ann'",), await dump(sqlite_desk.store)) if row.startswith("conversation")]
    await erase(sqlite_desk, ANN[1])
    everything = await dump(sqlite_desk.store)
    assert left_of((ANN[0], ANN[1], CANARY), everything) == []
    assert [row for row in left_of(("'ann'",), everything) if row.startswith("conversation")] == []


JUST_NOW = "my other slip 4713 of Oak Street is printed"


class Busy(Erasure):
    """While its passes run, people go on talking."""

    world: World
    talked: set[Any]

    async def _each(self, kind: Any, after: Any) -> Any:
        ended = await super()._each(kind, after)
        if kind in (Outbox, CaseEvent) and kind not in self.talked:
            self.talked |= {kind}
            await self.world.says("ann", "add 1001 Another slip, 4712 of Oak Street")
            await self.world.says("ann", "open The slip 4712 of Oak Street is printed")
            await self.world.says("sam", f"reply 1001 Ann Lee, we see that {CANARY}")
            await self.world.says("sam", f"reply 1001 And we see that {JUST_NOW}")
            await self.world.says("lena", "show 1001")
        return ended


async def test_what_is_said_while_an_erase_runs_goes_too_and_who_is_erased_says_nothing_more(desk: World) -> None:
    """And a card that somebody of the desk is named on is drawn anew, whoever's case it is."""
    await desk.says("ann", CANARY)
    await desk.says("bob", "open The import fails")
    await desk.says("sam", "take 1002")
    await desk.says("sam", "close 1002 It was a setting")
    await desk.says("bob", "confirm 1002")
    subject = await desk.store.read(find_person, ANN[1])
    await desk.says("ann", f"add 1001 {JUST_NOW}")
    erasure = Busy(desk.store, CATALOGUES, lambda: desk.time, subject, True)
    erasure.world, erasure.talked = desk, set()
    await erasure.run()
    await desk.delivery.deliver_all()
    assert len(erasure.talked) == 2
    assert left_of(("Ann Lee", CANARY, "4712", JUST_NOW), await dump(desk.store)) == []
    assert left_of(("Ann Lee", CANARY, "4712", JUST_NOW), "\n".join(post.text for post in desk.fake.posts)) == []
    assert "With: Sam Ortiz" in desk.card(1002)
    await desk.says("lena", "leave sam to lena")
    await erase(desk, "sam@desk.example")
    assert left_of(("Sam Ortiz",), desk.card(1002)) == []


async def test_an_erase_that_was_broken_off_is_run_again(sqlite_desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done stays done, and who is not done yet is still there to be named."""
    await opened(sqlite_desk, problem=CANARY)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    for find, who in ((find_person, ANN[1]), (find_account, "northwind")):
        monkeypatch.setattr("bot.erasing.end", killed)
        with pytest.raises(KeyboardInterrupt):
            await erase(sqlite_desk, who, find)
        monkeypatch.setattr("bot.erasing.end", end)
        await erase(sqlite_desk, who, find)
    everything = await dump(sqlite_desk.store)
    assert left_of((*ANN, "Bob Shaw", "northwind", "'ann'", "'bob'"), everything) == []
    assert [line for line in everything.splitlines() if line.startswith("audit") and "'erase'" in line][1:]


async def test_whom_a_guest_was_found_to_be_is_erased_and_exported_with_the_guest(desk: World, tmp_path: Path) -> None:
    def bind(work: Work) -> None:
        work.add(Tenant(channel="fake", tenant="", account_id=work.find(Account, slug="northwind").id))

    await desk.store.write(bind)
    guest = User("gast", name="Annabel Leecester")
    await desk.says("gast", "The quote form is broken since this morning", by=guest)
    await desk.says("gast", f"add 1001 {CANARY}", by=guest)
    code = await desk.store.write(lambda work: linking.make_code(work, work.person_at(ANN[1]), None, MONDAY).words)  # type: ignore[arg-type]
    assert "You are linked" in str(await desk.says("gast", f"link {code}", by=guest))
    file = tmp_path / "ann.json"
    with file.open("w") as sink:
        await desk.store.read(_write, sink, ANN[1], find_person, CATALOGUES)
    assert [one["name"] for one in json.loads(file.read_text())["people"]] == ["Ann Lee", "Annabel Leecester"]
    await erase(desk, ANN[1])
    assert left_of(("Annabel", "Leecester", CANARY, "gast"), await dump(desk.store)) == []


async def test_staff_must_leave_first_and_their_answers_stay_under_another_name(sqlite_desk: World) -> None:
    await opened(sqlite_desk)
    await sqlite_desk.says("sam", "reply 1001 Clear the cache of the browser")
    with pytest.raises(NobodyLikeThat, match="leave"):
        await sqlite_desk.store.read(find_person, "sam@desk.example")
    await sqlite_desk.says("lena", "leave sam to cora")
    await erase(sqlite_desk, "sam@desk.example")
    everything = await dump(sqlite_desk.store)
    assert left_of(("Sam Ortiz", "sam@desk.example"), everything) == []
    assert "Clear the cache of the browser" in everything


async def test_an_export_holds_rows_cases_messages_and_questions_and_no_note_of_the_desk(
    case: World, tmp_path: Path
) -> None:
    await case.says("sam", "note 1001 they are grumpy")
    await case.says("ann", "How do I share a view?")
    file = tmp_path / "ann.json"
    with file.open("w") as sink:
        await case.store.read(_write, sink, ANN[1], find_person, CATALOGUES)
    found = json.loads(file.read_text())
    assert found["people"][0]["email"] == ANN[1]
    assert found["cases"][0]["case"]["number"] == 1001
    assert any("This is case #1001" in message["words"] for message in found["messages"])
    assert [row["user"] for row in found["identities"]] == ["ann"]
    assert {"drafts", "questions", "audit", "agreements", "announcements"} <= set(found)
    assert "grumpy" not in file.read_text()
    assert "Eve Stone" not in file.read_text()


def test_the_commands_refuse_count_write_privately_and_never_overwrite(
    migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "supporthub.db")
    shutil.copy(ROOT / "app" / "demo.toml", tmp_path / "desk.toml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUPPORTHUB_DATABASE_URL", f"sqlite:///{tmp_path}/supporthub.db")

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, arguments)
        return done.exit_code, done.output

    for command in (("export", "person"), ("export", "account"), ("erase", "person"), ("erase", "account")):
        assert "Example: supporthub" in run(*command, "--help")[1]
    assert run("import", "desk.toml")[0] == 0
    assert run("export", "person", ANN[1], "--output", "ann.json")[0] == 0
    assert os.stat(tmp_path / "ann.json").st_mode & 0o777 == 0o600
    assert run("export", "person", ANN[1], "--output", "ann.json") == (1, "ann.json is there already.\n")
    status, said = run("erase", "person", ANN[1])
    assert (status, said.startswith("Ann Lee would be erased. Nothing was done:")) == (1, True)
    status, said = run("erase", "person", ANN[1], "--yes")
    assert (status, said.startswith("Ann Lee is erased: erased person")) == (0, True)
    status, said = run("import", "desk.toml")
    assert (status, "ann@northwind.example was erased" in said) == (1, True)
    assert run("erase", "account", "nowhere") == (1, "There is no account nowhere.\n")


@pytest.mark.parametrize(
    ("said", "how", "left"),
    [
        ("Ann Lee called", How.ABOUT, "X called"),
        ("dear Ann, and Leeds", How.CASE, "dear X, and Leeds"),
        ("Ann Smith and ann lee", How.ABOUT, "Ann Smith and X"),
        ("Ann of Contoso", How.DESK, "Ann of Contoso"),
        ("ANN LEE of Contoso", How.DESK, "X of Contoso"),
        ("Ann Lee of Contoso", How.OTHERS, "Ann Lee of Contoso"),
        ("to ann@n.example. Or <@U0ANN>", How.OTHERS, "to x@e. Or <@x>"),
        ("joann@n.example", How.OTHERS, "joann@n.example"),
        ("'ann@n.example's' boss, _ANN@n.example_", How.OTHERS, "'x@e's' boss, _x@e_"),
        ("> the quote form is broken, she says", How.ABOUT, f"> {GONE}, she says"),
        ("the quote form is fine", How.ABOUT, "the quote form is fine"),
        ("the quote form is broken", How.OTHERS, "the quote form is broken"),
        ("anything at all", How.THEIRS, GONE),
        ("quote-2", How.THEIRS, "quote-2"),
        ("2026-01-26T15:00:00+00:00", How.THEIRS, "2026-01-26T15:00:00+00:00"),
    ],
)
def test_what_goes_from_a_text_depends_on_whose_it_is(said: str, how: How, left: str) -> None:
    scrub = Scrub(ids={"ann@n.example": "x@e", "u0ann": "x"})
    scrub.name("Ann Lee", "X")
    scrub.wrote("- the quote form is broken")
    assert scrub.text(said, how) == left


def test_a_list_loses_only_the_rows_that_quote_them() -> None:
    scrub = Scrub(cases={1001})
    scrub.wrote("Error 500")
    row = {"spans": [{"kind": "case", "number": 1001}, {"kind": "quoted", "text": "Error 500"}]}
    other = {"spans": [{"kind": "case", "number": 1002}, {"kind": "quoted", "text": "Blank page"}]}
    assert scrub.message({"items": [row, other]}, How.DESK)["items"][1] == other
    assert scrub.message({"items": [row]}, How.DESK)["items"][0]["spans"][1]["text"] == GONE
    assert scrub.message({"items": [other]}, How.OTHERS) == {"items": [other]}
