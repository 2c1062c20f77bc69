"""What people do on the page reaches the bot as theirs, once, and what is malformed is refused in a sentence."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientConnectionError, WSServerHandshakeError, web
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.web import edge
from adapters.web.server import register
from bot.channel import Busy
from bot.incoming import Address, Incoming, Pressed, Said, Submitted, User
from bot.messages import from_json
from tests.adapters.web.stage import BROKEN, CAST, FORM, MONDAY, WRONG, Script, Visit, out, words

# What people do ---------------------------------------------------------------------------------------------------


async def test_what_ann_writes_reaches_the_bot_as_hers_and_stands_in_her_room(visit: Visit) -> None:
    assert await visit.act() == (200, {"key": "web:ann:nonce-0001:said", "form": None})
    assert visit.bot.heard == [
        Incoming(
            "web:ann:nonce-0001",
            User("ann"),
            Address("web", "", "ann"),
            Said(BROKEN),
            MONDAY,
            personal=True,
            at_once=True,
        )
    ]
    [said] = visit.entries("ann")
    assert (said["kind"], said["by"], said["text"], said["acked"]) == ("said", "ann", BROKEN, True)


async def test_her_words_are_on_the_page_before_the_bot_hears_them(visit: Visit) -> None:
    seen: list[Mapping[str, Any]] = []

    class Curious(Script):
        async def hear(self, incoming: Incoming, within: float = 2.5) -> None:
            seen.extend(visit.entries("ann"))

    app = web.Application()
    register(app, Curious(), visit.log, visit.clock, CAST)
    async with TestServer(app, host="127.0.0.1") as visit.server:
        await visit.act()
    assert [(said["text"], said["acked"]) for said in seen] == [(BROKEN, False)]


async def test_an_answer_given_at_once_stands_in_the_room_for_its_asker_only(visit: Visit) -> None:
    visit.bot.lines = [words("You have no cases.")]
    await visit.act(text="cases")
    said, answer = visit.entries("ann")
    assert said["text"] == "cases"
    assert answer["only_for"] == "ann"
    assert from_json(answer["message"]) == words("You have no cases.")
    assert "web:ann:nonce-0001:answer" in visit.rooms.kept


async def test_a_form_goes_back_in_the_response_and_nowhere_else(visit: Visit) -> None:
    visit.bot.lines = [FORM]
    status, body = await visit.act(text="open", forms=True)
    assert status == 200
    assert visit.bot.heard[0].forms
    assert (body["form"]["title"], body["form"]["draft"]) == ("Report a problem", 12)
    assert body["form"]["fields"][1]["choices"] == [["low", "Low"], ["critical", "Critical"]]
    assert [entry["kind"] for entry in visit.entries("ann")] == ["said"]


async def test_a_form_sent_off_is_heard_with_its_draft_and_marked_where_it_came_back(visit: Visit) -> None:
    visit.bot.lines = [WRONG]
    filled: dict[str, Any] = {
        "kind": "submitted",
        "form": "open_case",
        "answers": {"subject": "a\0b"},
        "draft": 12,
        "text": None,
    }
    _, body = await visit.act(**filled, shown="Report a problem")
    assert visit.bot.heard[0].cleaned().body == Submitted("open_case", {"subject": "ab"}, 12)
    assert body["form"]["fields"][0]["mistake"] == "Please say what is wrong."
    [entry] = visit.entries("ann")
    assert (entry["acked"], entry["returned"], entry["answers"]) == (True, True, {"subject": "ab"})
    await visit.act(**filled, key="nonce-0002")
    assert not visit.entries("ann")[1]["returned"]


async def test_a_button_pressed_in_a_thread_of_the_desk_says_its_line_there(visit: Visit) -> None:
    card = await visit.web.send(out("card", root=True))
    at_desk: dict[str, Any] = {"room": "desk", "thread": card, "quotes": card, "text": None}
    await visit.act("sam", kind="pressed", line="take 1001", shown="Take", **at_desk)
    [heard] = visit.bot.heard
    assert (heard.user, heard.here, heard.body) == ("sam", Address("web", "", "desk", card), Pressed("take 1001"))
    assert (heard.quotes, heard.personal) == (card, False)
    assert visit.rooms.kept["web:sam:nonce-0001:said"].thread == card


async def test_an_act_sent_again_after_a_busy_moment_is_the_same_act_of_the_same_time(visit: Visit) -> None:
    visit.bot.lines = [Busy(), RuntimeError("secret of the house"), words("Thank you.")]
    first, second = await visit.act(), await visit.act()
    assert first == (503, {"error": "The desk is busy. Nothing is lost: send it again."})
    assert second == (503, {"error": "That did not go through. Please try again."})
    assert [said["acked"] for said in visit.entries("ann")] == [False]
    visit.clock.time += timedelta(hours=1)
    assert (await visit.act())[0] == 200
    assert [(heard.key, heard.at) for heard in visit.bot.heard] == [("web:ann:nonce-0001", MONDAY)] * 3
    visit.bot.lines = [words("Thank you.")]
    visit.clock.time += timedelta(hours=1)
    assert (await visit.act())[0] == 200  # its answer was lost on the way: the same again, shown once
    said, answer = visit.entries("ann")
    assert (said["acked"], answer["at"]) == (True, "2025-01-20T15:00:00+00:00")


async def test_when_nothing_can_be_kept_the_answer_is_503_and_the_bot_hears_nothing(visit: Visit) -> None:
    visit.rooms.broken = True
    assert (await visit.act())[0] == 503
    assert visit.bot.heard == []


# What is refused --------------------------------------------------------------------------------------------------
GOOD = {"who": "ann", "room": "ann", "key": "nonce-0001", "kind": "said", "text": "hello"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"who":',
        *(json.dumps({name: value for name, value in GOOD.items() if name != gone}) for gone in GOOD),
        json.dumps({**GOOD, "kind": "shouted"}),
        json.dumps({**GOOD, "text": ""}),
        json.dumps({**GOOD, "text": 7}),
        json.dumps({**GOOD, "key": "short"}),
        json.dumps({**GOOD, "key": "with:colon:in:it"}),
        json.dumps({**GOOD, "forms": "yes"}),
        json.dumps({**GOOD, "role": "admin"}),
        json.dumps({**GOOD, "thread": "a\0b"}),
        json.dumps({**GOOD, "text": "\ud800"}),
        json.dumps({**GOOD, "thread": "no such card"}),
        json.dumps({**GOOD, "quotes": "no such message"}),
        json.dumps({**GOOD, "kind": "pressed"}),
        json.dumps({**GOOD, "kind": "submitted", "form": "f", "answers": {"a": 1}}),
        json.dumps({**GOOD, "kind": "submitted", "form": "f", "answers": {"a\0": "b"}}),
        json.dumps({**GOOD, "kind": "submitted", "form": "f", "answers": {}, "draft": 2**63}),
    ],
)
async def test_what_is_malformed_is_refused_in_a_sentence(visit: Visit, body: str | bytes) -> None:
    headers = {"Origin": visit.origin, "Content-Type": "application/json"}
    status, said = await visit.post("/play/act", data=body, headers=headers)
    assert status == 400
    assert re.fullmatch(r"[A-Z].{10,200}\.", said["error"])
    assert visit.bot.heard == []
    assert visit.rooms.kept == {}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.dictionaries(
        st.sampled_from(["who", "room", "key", "kind", "text", "line", "form", "answers", "draft", "thread", "forms"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.sampled_from(["ann", "desk", "said", "pressed", "submitted", "nonce-0001"])
        | st.text(max_size=20)
        | st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
    )
)
async def test_no_json_makes_the_server_stumble(visit: Visit, body: dict[str, Any]) -> None:
    status, _ = await visit.post("/play/act", {**GOOD, **body})
    assert status in (200, 400, 403)


async def test_only_json_is_taken(visit: Visit) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers = {"Origin": visit.origin, "Content-Type": kind}
        assert (await visit.post("/play/act", data=json.dumps(GOOD), headers=headers))[0] == 415


async def test_more_than_a_mebibyte_is_refused_and_less_is_cut(visit: Visit) -> None:
    assert (await visit.act(text="x" * 1_000_000))[0] == 200
    assert len(visit.entries("ann")[0]["text"]) == 40_000
    with suppress(ClientConnectionError):  # closed while it was still being sent says the same
        assert (await visit.act(text="x" * 1_050_000))[0] == 413

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    headers = {"Origin": visit.origin, "Content-Type": "application/json"}
    with suppress(ClientConnectionError):
        assert (await visit.post("/play/act", data=drip(), headers=headers))[0] == 413
    assert len(visit.bot.heard) == 1


async def test_a_body_that_does_not_arrive_holds_nothing(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "PATIENCE", 0.05)
    never = asyncio.Event()

    async def stall() -> AsyncIterator[bytes]:
        yield b'{"who":'
        await never.wait()

    headers = {"Origin": visit.origin, "Content-Type": "application/json"}
    assert (await visit.post("/play/act", data=stall(), headers=headers))[0] == 408


@pytest.mark.parametrize(
    ("who", "room"), [("mallory", "mallory"), ("ann", "bob"), ("ann", "desk"), ("sam", "ann"), ("sam", "nowhere")]
)
async def test_nobody_speaks_as_a_stranger_or_in_a_room_that_is_not_theirs(visit: Visit, who: str, room: str) -> None:
    status, said = await visit.act(who, room=room)
    assert status == 403
    assert said["error"].endswith(".")
    assert visit.rooms.kept == {}


async def test_a_message_of_another_room_cannot_be_answered(visit: Visit) -> None:
    theirs = await visit.web.send(out("for eve", room="eve"))
    assert (await visit.act(quotes=theirs))[0] == 400
    assert (await visit.act("eve", quotes=theirs))[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:3978", "", "[::2]", "a b"])
@pytest.mark.parametrize("path", ["/", "/play/state", "/play/live", "/play/static/main.js", "/play/act"])
async def test_a_foreign_name_for_this_machine_is_refused(visit: Visit, host: str, path: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host}"}
    method = "POST" if path == "/play/act" else "GET"
    async with visit.session.request(method, visit.origin + path, json=GOOD, headers=headers) as response:
        assert response.status in (400, 403)
    assert visit.bot.heard == []


@pytest.mark.parametrize("host", ["localhost", "localhost:3978", "127.0.0.1", "[::1]:3978"])
async def test_every_name_of_this_machine_is_its_own(visit: Visit, host: str) -> None:
    async with visit.session.get(f"{visit.origin}/play/state", headers={"Host": host}) as response:
        assert response.status == 200


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://127.0.0.1", "http://127.0.0.1:1"])
async def test_another_sites_page_can_neither_act_nor_listen(visit: Visit, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    assert (await visit.post("/play/act", GOOD, headers=headers))[0] == 403
    assert (await visit.post("/play/clock", {"forward_minutes": 5}, headers=headers))[0] == 403
    with pytest.raises(WSServerHandshakeError) as refused:
        await visit.session.ws_connect(f"{visit.origin}/play/live", headers=headers)
    assert refused.value.status == 403
    assert visit.bot.heard == []
    assert visit.clock.time == MONDAY
