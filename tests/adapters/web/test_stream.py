"""The page and all that is pushed to it: over real sockets, as it happens, and on from where it was."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from adapters.web.log import Entry
from adapters.web.server import STATIC
from bot.channel import Outgoing, Undeliverable
from bot.incoming import Address
from bot.messages import to_json
from tests.adapters.web.stage import MONDAY, Visit, out, words

# The page's files -------------------------------------------------------------------------------------------------


async def test_the_page_and_all_it_names_come_from_here_under_a_strict_policy(visit: Visit) -> None:
    async with visit.session.get(visit.origin) as response:
        page, policy = await response.text(), response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", page) == []
    named = set(re.findall(r'(?:src|href)="(/[^"]+)"', page))
    assert len(named) >= 5
    for path in STATIC.iterdir():
        named |= {f"/play/static/{file}" for file in re.findall(r'from "\./([^"]+)"', path.read_text())}
        foreign = re.findall(r"https?://(?!www\.w3\.org/2000/svg)[^\s\"'`$]+", path.read_text())
        assert foreign == [], path.name
    for path_ in named - {"/portal/"}:  # which the demo serves beside it
        async with visit.session.get(visit.origin + path_) as response:
            assert response.status == 200, path_
            assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["nothing.js", "..%2fserver.py", "%2e%2e%2fserver.py", "%00", "static"])
async def test_nothing_else_is_served(visit: Visit, name: str) -> None:
    async with visit.session.get(f"{visit.origin}/play/static/{name}") as response:
        assert response.status in (400, 404)


async def test_the_state_is_all_that_a_page_starts_from(visit: Visit) -> None:
    await visit.web.send(out("card", root=True, case=1001))
    state = await visit.state()
    assert [member["id"] for member in state["cast"]] == ["ann", "bob", "eve", "cora", "sam"]
    assert state["rooms"] == ["ann", "bob", "eve", "cora", "sam", "desk"]
    assert (state["now"], state["zone"], state["label"]) == ("2025-01-20T14:00+00:00", "America/New_York", "ET")
    [entry] = state["entries"]
    assert (entry["key"], entry["room"], entry["revision"], state["revision"]) == ("card", "desk", 1, 1)
    assert (entry["entry"]["root"], entry["entry"]["case"], entry["entry"]["channel"]) == (True, 1001, "web")


# The live line ----------------------------------------------------------------------------------------------------


async def frame(socket: ClientWebSocketResponse) -> dict[str, Any]:
    received: dict[str, Any] = await socket.receive_json(timeout=5)
    return received


async def test_what_is_said_and_edited_is_pushed_as_it_happens(visit: Visit) -> None:
    socket = await visit.live()
    assert (await frame(socket))["entries"] == []
    card = await visit.web.send(out("card", root=True))
    assert [entry["key"] for entry in (await frame(socket))["entries"]] == ["card"]
    await visit.web.send(out("card 2", text="Case #1001, taken", edits=card))
    [entry] = (await frame(socket))["entries"]
    assert (entry["key"], entry["place"]) == ("card", 1)
    assert entry["entry"]["message"] == to_json(words("Case #1001, taken"))


async def test_a_page_that_was_away_catches_up_from_the_revision_it_has(visit: Visit) -> None:
    socket = await visit.live()
    await frame(socket)
    await visit.web.send(out("one"))
    since = (await frame(socket))["entries"][0]["revision"]
    await socket.close()
    await visit.web.send(out("two"))
    await visit.web.send(out("one again", text="edited", edits="one"))
    again = await visit.live(since)
    missed = (await frame(again))["entries"]
    assert [(entry["key"], entry["place"]) for entry in missed] == [("one", 1), ("two", 2)]
    await visit.web.send(out("three"))
    assert [entry["key"] for entry in (await frame(again))["entries"]] == ["three"]


async def test_every_open_page_hears_everything(visit: Visit) -> None:
    sockets = [await visit.live() for _ in range(3)]
    for socket in sockets:
        await frame(socket)
    await visit.act()
    for socket in sockets:
        while not (await frame(socket))["entries"][-1]["entry"]["acked"]:
            pass  # how many changes come in one frame is a matter of luck


@pytest.mark.parametrize("since", ["-1", "1.5", "x", "9" * 30, "٣"])
async def test_a_revision_that_is_no_number_is_refused(visit: Visit, since: str) -> None:
    url = f"{visit.origin}/play/live?since={since}"
    with pytest.raises(WSServerHandshakeError) as refused:
        await visit.session.ws_connect(url, headers={"Origin": visit.origin})
    assert refused.value.status == 400


async def test_a_broken_log_closes_the_line_so_that_the_page_connects_again(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(revision: int) -> list[Entry]:
        raise OSError("gone")

    socket = await visit.live()
    await frame(socket)
    with monkeypatch.context() as patch:
        patch.setattr(visit.rooms, "since", broken)
        visit.log.ring()
        assert (await socket.receive(timeout=5)).type is WSMsgType.CLOSE
    await frame(await visit.live())


async def test_a_server_that_stops_does_not_wait_for_open_pages(visit: Visit) -> None:
    socket = await visit.live()
    await frame(socket)
    closing = asyncio.create_task(visit.server.close())
    assert (await socket.receive(timeout=5)).type is WSMsgType.CLOSE
    await socket.close()
    await asyncio.wait_for(closing, 5)


# The channel ------------------------------------------------------------------------------------------------------


async def test_a_message_sent_again_after_a_crash_shows_once(visit: Visit) -> None:
    said = out("m1", room="ann", text="Sam is working on it.")
    assert await visit.web.sent(said) is None
    receipt = await visit.web.send(said)
    visit.clock.time += timedelta(minutes=5)
    assert await visit.web.sent(said) == receipt == await visit.web.send(said)
    [shown] = visit.entries("ann")
    assert shown["at"] == MONDAY.isoformat()
    assert visit.rooms.revision == 1


async def test_a_card_is_edited_where_it_stands_and_stays_a_card(visit: Visit) -> None:
    card = await visit.web.send(out("card", root=True, case=1001))
    await visit.web.send(out("note", thread=card))
    visit.clock.time += timedelta(minutes=5)
    edit = out("card 2", text="Case #1001, taken", edits=card, case=1001)
    assert await visit.web.sent(edit) is None
    assert await visit.web.send(edit) == card == await visit.web.sent(edit)
    revision = visit.rooms.revision
    visit.clock.time += timedelta(minutes=5)
    assert await visit.web.send(edit) == card
    assert visit.rooms.revision == revision
    shown, note = visit.entries("desk")
    assert shown["message"] == to_json(words("Case #1001, taken"))
    assert (shown["at"], shown["edited"]) == ("2025-01-20T14:00:00+00:00", "2025-01-20T14:05:00+00:00")
    assert shown["root"]
    assert not note["root"]
    assert visit.rooms.kept["note"].thread == card


async def test_an_edit_of_what_is_not_there_is_undeliverable(visit: Visit) -> None:
    with pytest.raises(Undeliverable):
        await visit.web.send(out("card 2", edits="card"))


async def test_mail_is_kept_by_its_address_and_once(visit: Visit) -> None:
    mail = Outgoing("m1", Address("email", "", "support@websan.com"), words("Escalation"), case=1001)
    assert await visit.mailbox.sent(mail) is None
    receipt = await visit.mailbox.send(mail)
    assert receipt == await visit.mailbox.send(mail) == await visit.mailbox.sent(mail)
    await visit.web.send(out("m1"))  # the same news to a room
    [shown] = visit.entries("mail:support@websan.com")
    assert (shown["channel"], shown["case"]) == ("email", 1001)
    assert len(visit.entries("desk")) == 1


# The business clock -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "then"),
    [
        ({"forward_minutes": 15}, "2025-01-20T14:15+00:00"),
        ({"to": "2025-01-20T14:00:00Z"}, "2025-01-20T14:00+00:00"),
        ({"to": "2025-01-20T17:00+01:00"}, "2025-01-20T16:00+00:00"),
        ({"to": "2025-01-21T08:00"}, "2025-01-21T13:00+00:00"),
        ({"to": "2025-07-01T08:00"}, "2025-07-01T12:00+00:00"),
        ({"next": "morning"}, "2025-01-21T13:00+00:00"),
    ],
)
async def test_the_clock_moves_forward_and_every_page_is_told(visit: Visit, move: dict[str, Any], then: str) -> None:
    socket = await visit.live()
    await frame(socket)
    assert await visit.post("/play/clock", move) == (200, {"now": then})
    assert (await visit.state())["now"] == then
    if visit.clock.time != MONDAY:
        assert (await frame(socket))["now"] == then


@pytest.mark.parametrize(
    "move",
    [
        {"to": "2025-01-20T08:59"},
        {"to": "0001-01-01T00:00+14:00"},
        {"to": "9999-12-31T23:59"},
        {"to": "tomorrow"},
        {"to": 1_800_000_000},
        {"forward_minutes": 0},
        {"forward_minutes": -5},
        {"forward_minutes": 1.5},
        {"forward_minutes": True},
        {"forward_minutes": 10**9},
        {"forward_minutes": 5, "to": "2025-01-21T08:00"},
        {"forward_minutes": 5, "next": "morning"},
        {"next": "noon"},
        {"next": "event"},  # there is no case
        {},
        [],
    ],
)
async def test_the_clock_moves_neither_back_nor_astray(visit: Visit, move: Any) -> None:
    status, said = await visit.post("/play/clock", move)
    assert status == 400
    assert re.fullmatch(r"[A-Z].{10,200}\.", said["error"])
    assert visit.clock.time == MONDAY


async def test_a_refusal_to_go_back_says_what_time_it_is(visit: Visit) -> None:
    _, said = await visit.post("/play/clock", {"to": "2025-01-20T08:59"})
    assert said["error"] == "The clock only moves forward, and it is Mon 20 Jan 09:00 ET already."
