"""The playground's server over real sockets, with the bot's part read from a script and the rooms kept in memory."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import (
    ClientConnectionError,
    ClientSession,
    ClientWebSocketResponse,
    WSMsgType,
    WSServerHandshakeError,
    web,
)
from aiohttp.test_utils import BaseTestServer, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.web import edge
from adapters.web.cast import CastMember
from adapters.web.channel import Web
from adapters.web.log import Entry, Log
from adapters.web.mailbox import Mailbox
from adapters.web.server import STATIC, register
from bot.channel import Busy, Outgoing, Undeliverable
from bot.forms import FormField, ShowForm
from bot.messages import (
    Address,
    Button,
    Buttons,
    Incoming,
    Message,
    Pressed,
    Said,
    Submitted,
    Text,
    User,
    from_json,
    to_json,
)

MONDAY = datetime(2025, 1, 20, 14, 0, tzinfo=UTC)  # 9:00 in New York
BROKEN = "The quote form is broken since this morning"
CAST = (
    CastMember("ann", "Ann Lee", "Northwind, nominated", zone="America/Toronto", suggestions=(BROKEN, "cases")),
    CastMember("bob", "Bob Shaw", "Northwind"),
    CastMember("eve", "Eve Stone", "Contoso", zone="Europe/London"),
    CastMember("cora", "Cora Diaz", "Concierge of Northwind", desk=True),
    CastMember("sam", "Sam Ortiz", "Support desk", desk=True),
)
FORM = ShowForm(
    "open_case",
    "Report a problem",
    "Open the case",
    (
        FormField("subject", "What is wrong?", (), True, 120),
        FormField("priority", "How bad is it?", (("low", "Low"), ("critical", "Critical")), True, None),
        FormField("details", "What do you see?", (), False, None),
    ),
    draft=12,
)
WRONG = replace(
    FORM,
    fields=(
        replace(FORM.fields[0], mistake="Please say what is wrong."),
        replace(FORM.fields[1], mistake="Please choose one."),
        replace(FORM.fields[2], answer="<b>500</b>"),
    ),
)


def words(text: str, *buttons: Button) -> Message:
    return Message((Text((text,)), *([Buttons(buttons)] if buttons else [])), "America/Toronto")


class MemoryRooms:
    """See adapters.web.log.Rooms."""

    def __init__(self) -> None:
        self.kept: dict[str, Entry] = {}
        self.revision = 0
        self.broken = False

    async def keep(self, room: str, key: str, entry: Mapping[str, object], thread: str = "") -> Entry:
        if self.broken:
            raise OSError("disk full at /secret")
        known = json.loads(json.dumps(entry))  # what is kept is JSON
        old = self.kept.get(key)
        if old is None or old.entry != known:
            self.revision += 1
            new = Entry(key, room, thread, len(self.kept) + 1, self.revision, known)
            self.kept[key] = replace(old, entry=known, revision=self.revision) if old else new
        return self.kept[key]

    async def find(self, key: str) -> Entry | None:
        return self.kept.get(key)

    async def since(self, revision: int) -> list[Entry]:
        return sorted((e for e in self.kept.values() if e.revision > revision), key=lambda entry: entry.place)


@dataclass
class Script:
    """A bot that answers as written, in order, and then keeps silent."""

    lines: list[ShowForm | Message | Exception | None] = field(default_factory=list)
    heard: list[Incoming] = field(default_factory=list)

    async def hear(self, incoming: Incoming, within: float = 2.5) -> ShowForm | Message | None:
        self.heard.append(incoming)
        line = self.lines.pop(0) if self.lines else None
        if isinstance(line, Exception):
            raise line
        return line

    async def seen(self, where: Address, until: datetime) -> None:
        """Pages tell nothing of the kind."""


@dataclass
class Hands:
    """A business clock that only moves by hand."""

    time: datetime = MONDAY

    def now(self) -> datetime:
        return self.time

    async def forward(self, to: datetime) -> None:
        self.time = max(self.time, to)


class Stage:
    """Everything but the network: what both this file and the page's tests play on."""

    def __init__(self) -> None:
        self.bot, self.clock, self.rooms = Script(), Hands(), MemoryRooms()
        self.log = Log(self.rooms)
        self.web = Web(self.log, self.clock.now)
        self.mailbox = Mailbox(self.log, self.clock.now)

    def app(self) -> web.Application:
        app = web.Application()
        register(app, self.bot, self.log, self.clock, CAST)
        return app

    def entries(self, room: str) -> list[Mapping[str, Any]]:
        kept = sorted(self.rooms.kept.values(), key=lambda entry: entry.place)
        return [entry.entry for entry in kept if entry.room == room]


class Visit(Stage):
    """The stage, served; ``get`` and ``act`` as the page does them."""

    server: BaseTestServer
    session: ClientSession

    @property
    def origin(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def post(self, path: str, body: Any = None, **how: Any) -> tuple[int, dict[str, Any]]:
        how.setdefault("headers", {"Origin": self.origin})
        how = how if "data" in how else {**how, "json": body}
        async with self.session.post(self.origin + path, **how) as response:
            assert "Traceback" not in await response.text()
            return response.status, await response.json()

    async def act(self, who: str = "ann", text: str | None = BROKEN, **other: Any) -> tuple[int, dict[str, Any]]:
        act = {"who": who, "room": who, "key": "nonce-0001", "kind": "said", "text": text, **other}
        return await self.post("/play/act", {name: value for name, value in act.items() if value is not None})

    async def live(self, since: int = 0) -> ClientWebSocketResponse:
        url = f"{self.origin}/play/live?since={since}"
        return await self.session.ws_connect(url, headers={"Origin": self.origin})

    async def state(self) -> dict[str, Any]:
        async with self.session.get(f"{self.origin}/play/state") as response:
            state: dict[str, Any] = await response.json()
            return state


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    made = Visit()
    async with TestServer(made.app(), host="127.0.0.1") as made.server, ClientSession() as made.session:
        yield made


def out(key: str, room: str = "desk", text: str = "Case #1001", **other: Any) -> Outgoing:
    thread = other.pop("thread", "")
    return Outgoing(key, Address("web", "", room, thread), words(text), **other)


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
