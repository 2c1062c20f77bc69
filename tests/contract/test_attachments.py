"""On every channel a file without a word opens a case, and the desk reads what is told of it."""

from typing import Any

import pytest

from bot.files import File
from bot.incoming import Said
from store.store import Store
from tests.contract.sides import DESK_ROOM, SIDES, FakeSide, SlackSide, TeamsSide, WebSide, texts


async def sends(side: Any) -> None:
    """By the channel's own means. The portal takes files only where they are kept: tests/portal/test_attachments.py."""
    match side:
        case FakeSide():
            await side.world.does("ann", Said(""), files=(File("screen.png", "image/png", 12),))
        case WebSide():
            told = {"name": "screen.png", "type": "image/png", "size": 12}
            await side._post("ann", "", "", {"kind": "said", "text": "", "files": [told]})  # type: ignore[dict-item]
        case SlackSide():
            stage = side._stage
            file = stage.far.shelf.add("screen.png", b"x" * 12)
            await stage.writes("ann", "", files=[file], subtype="file_share")
        case TeamsSide():
            await side._stage.writes("ann", "", files={"screen.png": b"x" * 12})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", sorted(set(SIDES) - {"portal"}))
async def test_a_file_without_a_word_is_heard(store: Store, name: str) -> None:
    async with SIDES[name](store) as side:
        await sends(side)
        [opened] = [text for text in await texts(side, DESK_ROOM) if text.startswith("Ann Lee (customer) opened #1001")]
        assert "📎 screen.png" in opened
        assert "from Ann Lee (customer)" in opened
        assert any("This is case #1001" in text for text in await texts(side, "ann"))
