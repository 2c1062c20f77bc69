"""Microsoft's signing keys: known when they are needed, whatever becomes of them, and never fetched in a flood."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession, web

from adapters.teams.keys import ALLOWED, Keys, NoKeys, read
from tests.adapters.teams.moments import Moments
from tests.teams import faults
from tests.teams.far import Far
from tests.teams.signing import Key


@dataclass
class Scene:
    far: Far
    keys: Keys
    clock: Moments
    session: ClientSession

    @property
    def fetches(self) -> int:
        return len(self.far.called("metadata"))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    clock = Moments()
    async with Far() as far, ClientSession() as session:
        far.clock = clock.seconds
        keys = Keys(session, far.metadata_url, clock)
        yield Scene(far, keys, clock, session)
        await keys.close()


async def test_keys_are_fetched_once_for_a_day(scene: Scene) -> None:
    key = await scene.keys.find("kid-1")
    assert key
    assert key.public.public_numbers() == Key(1).private.public_key().public_numbers()
    assert key.endorsements == {"msteams", "webchat", "slack"}
    scene.clock.forward(hours=23, minutes=59)
    await scene.keys.find("kid-1")
    assert scene.fetches == 1
    scene.clock.forward(minutes=1)
    await scene.keys.find("kid-1")
    assert scene.fetches == 2


async def test_everybody_waits_for_the_same_fetch(scene: Scene) -> None:
    gate = faults.Gate()
    scene.far.script("keys", gate)
    waiting = [asyncio.create_task(scene.keys.find("kid-1")) for _ in range(50)]
    await gate.arrived.wait()
    waiting[0].cancel()
    gate.open()
    assert all(await asyncio.gather(*waiting[1:]))
    assert scene.fetches == 1


async def test_a_new_key_is_known_at_once_and_a_withdrawn_one_no_more(scene: Scene) -> None:
    await scene.keys.find("kid-1")
    scene.far.rotate_key()
    assert await scene.keys.find("kid-2")
    assert await scene.keys.find("kid-1")
    scene.far.rotate_key(keep=False)
    assert await scene.keys.find("kid-3")
    assert await scene.keys.find("kid-1") is None


async def test_a_flood_of_unknown_keys_is_no_flood_of_fetches(scene: Scene) -> None:
    for number in range(200):
        assert await scene.keys.find(f"made up {number}") is None
    assert scene.fetches == 1 + ALLOWED
    await asyncio.gather(*(scene.keys.find(f"made up {number}") for number in range(200)))
    assert scene.fetches == 1 + ALLOWED
    scene.far.rotate_key()
    scene.clock.forward(seconds=60)
    assert await scene.keys.find("kid-2"), "even then, a minute is the longest that a new key is not known"
    assert scene.fetches == 2 + ALLOWED


async def test_a_stray_unknown_key_does_not_hold_up_a_rotation(scene: Scene) -> None:
    assert await scene.keys.find("stray") is None
    scene.far.rotate_key()
    assert await scene.keys.find("kid-2")
    scene.clock.forward(hours=1)
    for _ in range(50):
        await scene.keys.find("stray")
    assert scene.fetches == 2 + ALLOWED, "what was not used is not saved up"


async def test_a_clock_set_back_costs_no_allowance(scene: Scene) -> None:
    await scene.keys.find("stray")
    scene.clock.forward(hours=-1)
    assert await scene.keys.find("stray") is None
    scene.far.rotate_key()
    assert await scene.keys.find("kid-2")


@pytest.mark.parametrize(
    "step",
    [faults.status(500), faults.status(404), faults.html(), faults.html(200), faults.bad_json(), faults.big_body(),
     faults.reset_before(), faults.delay(30)],
)  # fmt: skip
@pytest.mark.parametrize("method", ["metadata", "keys"])
async def test_a_fetch_that_fails_leaves_what_was_known(
    scene: Scene, method: str, step: faults.Step, caplog: pytest.LogCaptureFixture
) -> None:
    keys = Keys(scene.session, scene.far.metadata_url, scene.clock, patience=0.2)
    await keys.find("kid-1")
    scene.clock.forward(hours=25)
    with scene.far.rule(step, method) as rule:
        assert await keys.find("kid-1")
        hits = rule.hits
        assert await keys.find("kid-1")
        assert rule.hits == hits, "after a failure there is a pause"
    scene.far.rotate_key()
    scene.clock.forward(seconds=5)
    assert await keys.find("kid-2")
    assert "kid" not in caplog.text
    assert len(caplog.records) == 1


async def test_without_any_key_nobody_can_be_judged_until_microsoft_answers(scene: Scene) -> None:
    with scene.far.rule(faults.status(503), "metadata") as rule:
        for _ in range(20):
            with pytest.raises(NoKeys):
                await scene.keys.find("kid-1")
        assert rule.hits == 1
    scene.clock.forward(seconds=5)
    assert await scene.keys.find("kid-1")


async def test_a_server_that_says_nothing_holds_up_nothing_else(scene: Scene) -> None:
    gate = faults.Gate()
    scene.far.script("metadata", gate)
    asking = asyncio.create_task(scene.keys.find("kid-1"))
    await gate.arrived.wait()
    async with scene.session.get(f"{scene.far.login_url}/elsewhere") as answer:
        assert answer.status == 404, "the loop is free"
    gate.open()
    assert await asking


async def test_a_redirect_is_not_followed(scene: Scene) -> None:
    async def away(request: web.Request, proceed: faults.Step) -> web.StreamResponse:
        raise web.HTTPFound(scene.far.foreign_url)

    scene.far.script("metadata", away)  # type: ignore[arg-type]
    with pytest.raises(NoKeys):
        await scene.keys.find("kid-1")
    assert scene.far.called("nothing") == []


GOOD: dict[str, Any] = Key(1).json()


@pytest.mark.parametrize(
    "listed",
    [{**GOOD, "kty": "EC"}, {**GOOD, "use": "enc"}, {**GOOD, "kid": ""}, {**GOOD, "kid": 1}, {**GOOD, "n": "AQAB"},
     {**GOOD, "n": ""}, {**GOOD, "n": "é"}, {**GOOD, "e": "!"}, {"kid": "x", "kty": "oct", "k": "c2VjcmV0"}, {},
     None, [], 1, {**GOOD, "endorsements": "msteams"}],
)  # fmt: skip
def test_keys_of_other_kinds_are_nobodys(listed: object) -> None:
    assert set(read({"keys": [listed, {**GOOD, "kid": "good"}]})) == {"good"}
    with pytest.raises(ValueError, match="no key"):
        read({"keys": [listed]})


@pytest.mark.parametrize("document", [{}, {"keys": None}, {"keys": {}}, {"keys": []}, {"keys": "x"}])
def test_a_document_without_keys_is_none(document: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="key"):
        read(document)


def test_a_key_without_endorsements_speaks_for_nobody() -> None:
    plain = {name: value for name, value in GOOD.items() if name != "endorsements"}
    assert read({"keys": [plain]})["kid-1"].endorsements == frozenset()


@pytest.mark.filterwarnings("error")
async def test_closing_ends_what_is_under_way(scene: Scene) -> None:
    gate = faults.Gate()
    scene.far.script("metadata", gate)
    asking = asyncio.create_task(scene.keys.find("kid-1"))
    await gate.arrived.wait()
    await scene.keys.close()
    with pytest.raises(asyncio.CancelledError):
        await asking
    gate.open()
