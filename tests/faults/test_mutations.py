"""The campaign misses each safety that is taken out of the product: it would not be green by itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.checker import Kind, Violation
from tests.faults.mutations import MUTATIONS
from tests.faults.places import RECORDED
from tests.faults.plan import Desks, Plan
from tests.faults.siege import Siege
from tests.faults.stalled import messages_of_a_stalled_sender
from tests.faults.trial import campaign
from tests.faults.withdrawn import warnings_about_an_answered_case

pytestmark = pytest.mark.faults

TRIALS = 10  # at most: the first violation of the kind ends it
FOUND: dict[str, tuple[Kind, str]] = {
    "no dedupe": ("duplicated", "after commit:8"),
    "no lookup": ("duplicated", f"{RECORDED}:5"),
    "no lease": ("duplicated", ""),
    "no order": ("disordered", "after commit:8"),
    "early acknowledgement": ("lost", "before commit:8"),
}


@pytest.mark.parametrize("mutation", FOUND)
async def test_the_checker_finds_what_goes_wrong(
    mutation: str, door: Path, sqlite_desks: Desks, tmp_path: Path
) -> None:
    kind, kill = FOUND[mutation]
    plan = Plan(0, sqlite_desks, (kill,) if kill else (), mutation=mutation, latency=0.005)
    seen: list[Violation] = []
    for seed in range(0, TRIALS, 2):
        trials = [replace(plan, seed=seed), replace(plan, seed=seed + 1)]
        seen += (await campaign(trials, door, tmp_path, at_once=2)).violations
        if any(violation.kind == kind for violation in seen):
            return
    raise AssertionError(seen)


@pytest.mark.postgres
async def test_a_sender_that_hears_late_does_not_free_its_successors_lane(
    door: Path, postgres_desks: Desks, tmp_path: Path
) -> None:
    async with postgres_desks(tmp_path) as url:
        posted = await messages_of_a_stalled_sender(door, url, tmp_path)
    assert set(posted.values()) == {1}, posted


@pytest.mark.postgres
async def test_without_the_fence_it_would(door: Path, postgres_desks: Desks, tmp_path: Path) -> None:
    async with postgres_desks(tmp_path) as url:
        posted = await messages_of_a_stalled_sender(door, url, tmp_path, "no fence")
    assert max(posted.values()) == 2, posted


@pytest.mark.parametrize(("mutation", "twice"), [("no claim", {"step"}), ("no key", {"step", "ping"})])
@pytest.mark.postgres
async def test_without_the_claim_a_step_is_taken_twice_and_without_the_key_of_warnings_it_is_told_twice(
    mutation: str, twice: set[str], door: Path, postgres_desks: Desks, tmp_path: Path
) -> None:
    async with postgres_desks(tmp_path) as url:
        tally = await Siege(door, url, tmp_path, cases=40, kills=0, replicas=2, mutation=mutation).run()
    found = {violation.what.split()[1] for violation in tally.violations if violation.kind == "duplicated"}
    assert found == twice, tally.violations


async def test_a_warning_that_waits_is_withdrawn_when_its_case_is_answered(
    door: Path, sqlite_desks: Desks, tmp_path: Path
) -> None:
    async with sqlite_desks(tmp_path) as url:
        assert await warnings_about_an_answered_case(door, url, tmp_path) == 0


async def test_without_the_withdrawal_it_would_not(door: Path, sqlite_desks: Desks, tmp_path: Path) -> None:
    async with sqlite_desks(tmp_path) as url:
        assert await warnings_about_an_answered_case(door, url, tmp_path, "no withdrawal") == 1


def test_every_mutation_is_looked_for() -> None:
    assert set(MUTATIONS) == {*FOUND, "no fence", "no claim", "no key", "no withdrawal"}
