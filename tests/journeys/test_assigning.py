"""Cases are given to people in turn: who can, who has least, who waited longest; never to somebody who is away."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.assigning import Assigning, give
from rules.assigning import Candidate, whose_turn
from rules.catalogue import Catalogues, load_folder
from rules.people import Role
from store.store import Store
from store.tables import Person
from store.work import Work
from tests.verifying import differences
from tests.world import ROOT, World, opened

NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)
SAM = Candidate(1, Role.AGENT, None, 2, NOON)


@pytest.mark.parametrize(
    ("people", "queue", "kind", "chosen"),
    [
        ([SAM, replace(SAM, id=2, load=1)], "L1", None, 2),  # who has least
        ([SAM, replace(SAM, id=2, last=NOON - timedelta(hours=1))], "L1", None, 2),  # of equals who waited longest
        ([SAM, replace(SAM, id=2, last=None)], "L1", None, 2),
        ([replace(SAM, id=2), SAM], "L1", None, 1),  # the same whoever asks
        ([SAM, Candidate(2, Role.COACH, None, 0, None)], "L1", None, 1),  # who named no skills and is no agent
        ([SAM, Candidate(2, Role.COACH, ("l1",), 0, None)], "L1", None, 2),
        ([replace(SAM, skills=("L2",)), replace(SAM, id=2, load=9)], "L1", "how_do_i", 2),
        ([replace(SAM, skills=("how_do_i",))], "L1", "how_do_i", 1),
        ([replace(SAM, skills=("how_do_i",))], "L1", None, None),
        ([], "L1", None, None),
    ],
)
def test_whose_turn(people: list[Candidate], queue: str, kind: str | None, chosen: int | None) -> None:
    assert whose_turn(people, queue, kind) == chosen


def two_more(work: Work) -> None:
    """Noor and Omar, agents beside Sam."""
    for name in ("Noor Haddad", "Omar Reyes"):
        work.add(Person(name=name, email=f"{name.split()[0].lower()}@desk.example", role=Role.AGENT))


def second_line(work: Work) -> None:
    for person in work.staff():
        person.skills = ["L2"]
        work.add(person)


async def test_a_case_goes_to_whose_turn_it_is_and_never_to_who_is_away(case: World) -> None:
    await case.store.write(two_more)
    for problem in ("Exports fail", "Imports fail", "Lists are empty"):
        await opened(case, "ann", f"/open {problem}")
    given = []
    for number in (1001, 1002, 1003, 1004):
        case.passes(minutes=1)
        given.append(str(await case.says("lena", f"assign {number} auto")))
        if number != 1004:
            await case.says("sam", f"close {number} Fixed")  # so that nobody has more than another
    names = ("Sam Ortiz", "Noor Haddad", "Omar Reyes", "Sam Ortiz")
    assert given == [f"Done. Case #{1001 + n} is with {name} (support desk)." for n, name in enumerate(names)]
    assert "Sam Ortiz (support desk) is" not in case.last("sam")
    assert "Lena Park (team lead) gave #1004 to Sam Ortiz (support desk)." in case.last("sam")
    await case.says("lena", "assign 1004 me")
    assert case.last("sam") == "Lena Park (team lead) took #1004."
    history = str(await case.says("lena", "show 1004"))
    assert ("Lena Park took it" in history, "Lena Park gave it to: Sam Ortiz" in history) == (True, True)
    await case.says("lena", "assign 1004 sam")
    await case.says("sam", "away until tomorrow 10am")
    assert "Noor Haddad" in str(await case.says("lena", "assign 1004 auto")), "who waited longer than Omar"
    assert "Omar Reyes" in str(await case.says("lena", "assign 1004 auto")), "not who has it"
    await opened(case, "ann", "/open Views are slow")
    await case.says("lena", "assign 1005 to Noor")
    await case.says("sam", "close 1004 Fixed")
    assert "Noor Haddad" in str(await case.says("lena", "assign 1004 to auto")), "nor who has it and nothing to work on"
    await case.store.write(second_line)
    assert str(await case.says("lena", "assign 1004 auto")).startswith("Nobody who is there now takes such cases")


def in_turn(folder: Path) -> Catalogues:
    """As they are, but that WebSan's first level is given out by itself."""
    for file in (ROOT / "catalogues").glob("*.toml"):
        (folder / file.name).write_text(file.read_text().replace('queue = "L1"', 'queue = "L1"\nin_turn = ["l1"]'))
    return load_folder(folder)


async def test_a_queues_cases_are_given_out_by_themselves_in_business_hours_by_all_replicas_together(
    store: Store, tmp_path: Path
) -> None:
    """Two replicas at once give each case once, and no one two while another has none."""
    given_out = in_turn(tmp_path)
    world = await World(store, catalogues=given_out).open()
    await store.write(two_more)
    replicas = [Assigning(store, given_out, lambda: world.time, world.delivery.wake.set) for _ in range(2)]
    world.passes(hours=10)  # 19:00
    for problem in ("Exports fail", "Imports fail", "Lists are empty"):
        await opened(world, "ann", f"/open {problem}")
    await opened(world, "tess", "/open Nothing can be saved in Terrasoft CRM")
    assert await replicas[0].round() == 0, "the hours are over"
    world.passes(hours=13)
    at_once = [store.write(give, number, world.time, given_out) for number in (1001, 1002, 1003)]
    assert sum(await asyncio.gather(*at_once, *(each.round() for each in replicas))) == 3
    await world.delivery.deliver_all()
    loads = await store.read(lambda work: sorted(work.loads().values()))
    assert loads == [1, 1, 1]
    assert "With: nobody yet" in world.card(1004), "its provider gives none out"
    assert any(text.startswith("#1001 went to ") for text in world.heard("ann"))
    assert await replicas[1].round() == 0
    assert await differences(store) == []
