"""Sessions that were played in the playground and saved there, played again: everybody must see the same as then.

How one gets here: docs/playground.md.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from adapters.web.journal import WAITED, Journal
from adapters.web.log import Log
from adapters.web.transcript import Numbers
from app.rooms import StoredRooms
from bot.erasing import Erasure
from bot.erasing.subjects import find_person
from store.store import Store
from tests.transcripts.replaying import differences, replayed
from tests.world import CATALOGUES, World

FILES = sorted(Path(__file__).parent.glob("*.jsonl"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_what_was_played_goes_the_same_way_again_and_nothing_else_would_pass(store: Store, file: Path) -> None:
    then = file.read_text().splitlines()
    now = await replayed(store, then)
    assert differences(then, now) == []
    for line, wrong in altered(then):
        [found] = differences(wrong, now)
        assert found.startswith(f"line {line}: ")
    assert differences(then[:-1], now)
    assert differences([*then, then[-1]], now)


def altered(then: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """With one expectation changed, and on which line: of words, of a button's line, of who sees it, of the time."""
    for expected in ('"verbatim":true', '"fallbackText":"', '"value":"', '"say":"', '"seen":"', '"to":"20'):
        line = next(number for number, told in enumerate(then) if expected in told)
        yield line + 1, [*then[:line], then[line].replace(expected, f"{expected}1", 1), *then[line + 1 :]]


def test_what_each_database_numbers_as_it_likes_goes_by_its_place() -> None:
    numbers = Numbers()
    pressed, filled = '{"value":"answer 7 priority low"}', '{"private_metadata":"{\\"draft\\":9}","draft":7}'
    assert numbers.shown(pressed) == '{"value":"answer 1 priority low"}'
    assert numbers.shown(filled) == '{"private_metadata":"{\\"draft\\":2}","draft":1}'
    assert numbers.real(numbers.shown(filled)) == filled
    assert numbers.shown('{"text":"my answer 9 is no button"}') == '{"text":"my answer 9 is no button"}'


async def test_what_was_recorded_goes_when_somebody_is_erased(desk: World) -> None:
    log = Log(StoredRooms(desk.store))
    await Journal(log).note(desk.time.business, {**WAITED, "text": "my salary slip 4711"})
    subject = await desk.store.read(find_person, "bob@northwind.example")
    await Erasure(desk.store, CATALOGUES, lambda: desk.time, subject, True).run()
    assert await log.since(0) == []
