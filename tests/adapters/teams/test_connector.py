"""The Bot Connector's calls: what is done, what its refusals mean, and who never sees the bot's token."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.test_utils import TestServer

from adapters.teams.connector import Connector, Member
from adapters.teams.outcomes import Ambiguous, Refusal
from adapters.teams.token import BotToken
from adapters.teams.trust import Trust, Untrusted
from bot.channel import NotSent, Undeliverable
from tests.adapters.teams.moments import Moments
from tests.teams import faults
from tests.teams.far import Far
from tests.teams.places import guid

ANN, BOB = guid("ann"), guid("bob")
TEAM = "19:team@thread.tacv2"
HELLO = {"type": "message", "text": "Grüß Gott — 🙂"}


@dataclass
class Scene:
    far: Far
    connector: Connector
    token: BotToken
    session: ClientSession

    @property
    def chat(self) -> str:
        return self.far.place(ANN).id

    async def send(self) -> str:
        return await self.connector.send(self.far.service_url, self.chat, HELLO)

    @property
    def posted(self) -> int:
        return len(self.far.activities(ANN))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    clock = Moments()
    async with Far() as far, ClientSession() as session:
        far.clock = clock.seconds
        far.add_user(ANN, "Ann Lee")
        far.add_user(BOB, "Bob Roe", guest=True, installed=False)
        far.add_team(TEAM, "Northwind", [ANN])
        token = BotToken(session, far.login_url, far.app.tenant, far.app.id, far.app.secret, clock)
        trust = Trust([far.service_url.removesuffix("amer/")], development=True)
        yield Scene(far, Connector(session, token, trust), token, session)
        await token.close()
        assert far.violations == []


# What is done


async def test_a_message_is_said_changed_and_taken_back(scene: Scene) -> None:
    said = await scene.send()
    assert [(each.id, each.words) for each in scene.far.activities(ANN)] == [(said, HELLO["text"])]
    await scene.connector.update(scene.far.service_url, scene.chat, said, {"type": "message", "text": "Bye."})
    assert [(each.id, each.words) for each in scene.far.activities(ANN)] == [(said, "Bye.")]
    await scene.connector.delete(scene.far.service_url, scene.chat, said)
    assert scene.far.activities(ANN) == []


async def test_a_channel_has_threads(scene: Scene) -> None:
    root = await scene.connector.send(scene.far.service_url, TEAM, HELLO)
    reply = await scene.connector.send(scene.far.service_url, f"{TEAM};messageid={root}", HELLO)
    other = await scene.connector.send(scene.far.service_url, TEAM, HELLO, reply_to=root)
    assert [each.id for each in scene.far.activities(TEAM, root)] == [root, reply, other]


async def test_a_conversation_is_made_with_somebody_by_their_object_id(scene: Scene) -> None:
    app = scene.far.app
    made = await scene.connector.create_conversation(scene.far.service_url, app.tenant, app.bot, ANN)
    assert made == scene.chat


async def test_a_member_is_who_the_tenant_says(scene: Scene) -> None:
    told = scene.far.users[ANN]
    found = await scene.connector.member(scene.far.service_url, TEAM, told.mri)
    assert found == Member(told.mri, ANN, told.tenant, "Ann Lee", told.upn, "user")


async def test_one_token_and_one_connection_do_for_many_calls(scene: Scene) -> None:
    for _ in range(5):
        await scene.send()
    assert len(scene.far.called("login")) == 1


async def test_lone_surrogates_and_strange_ids_harm_nobody(scene: Scene) -> None:
    said = await scene.connector.send(scene.far.service_url, scene.chat, {"type": "message", "text": "a\ud800b"})
    assert scene.far.activities(ANN)[0].words == "a?b"
    for strange in ("", ".", "..", "..."):
        with pytest.raises(Undeliverable, match="no id"):
            await scene.connector.send(scene.far.service_url, strange, HELLO)
        with pytest.raises(Undeliverable, match="no id"):
            await scene.connector.update(scene.far.service_url, scene.chat, strange, HELLO)
    for strange in ("../../x", "a/b?c#d", "a\r\nb", "\ud800", "%2e%2e"):
        with pytest.raises(Refusal):
            await scene.connector.send(scene.far.service_url, strange, HELLO)
        assert scene.far.calls[-1].conversation == strange.replace("\ud800", "?")
    assert said


# What refusals mean


async def test_who_blocked_or_removed_the_bot_is_not_written_to(scene: Scene) -> None:
    scene.far.block(ANN)
    with pytest.raises(Refusal, match="blocked or removed the app") as no:
        await scene.send()
    assert (no.value.status, no.value.code) == (403, "MessageWritesBlocked")
    scene.far.block(ANN, False)
    scene.far.set_installed(ANN, False)
    with pytest.raises(Refusal, match="was removed from this conversation"):
        await scene.send()
    assert len(scene.far.called("send")) == 2


async def test_blocked_is_understood_in_teams_other_way_of_saying_it(scene: Scene) -> None:
    told = {
        "errorCode": 209,
        "message": '{\r\n  "subCode": "MessageWritesBlocked",\r\n  "details": "Thread is blocked"}',
    }
    scene.far.script("send", answering(403, told))
    with pytest.raises(Refusal, match="blocked or removed the app"):
        await scene.send()


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (400, "BadSyntax", "Teams does not take its form"),
        (403, "BotDisabledByAdmin", "an administrator of the tenant has switched the app off"),
        (403, "Whatever", "Teams does not let the app write here"),
        (404, "ConversationNotFound", "Teams knows no such conversation"),
        (404, "MemberNotFoundInConversation", "Teams knows no such conversation, message or person"),
        (413, "MessageSizeTooBig", "Teams finds it too long"),
        (405, "Whatever", "Teams refuses it: 405 Whatever"),
        (409, "not a word <b>", "Teams refuses it: 409"),
    ],
)
async def test_what_teams_would_refuse_again_is_undeliverable(scene: Scene, status: int, code: str, told: str) -> None:
    scene.far.script("send", faults.status(status, error=code))
    with pytest.raises(Refusal) as no:
        await scene.send()
    assert str(no.value) == told
    assert isinstance(no.value, Undeliverable)
    assert len(scene.far.called("send")) == 1


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [("7", 7, 7), ("0", 1, 1), ("-5", 1, 1), ("0.2", 1, 1), ("86400", 600, 600), ("1e999", 1, 3), ("nan", 1, 3),
     ("Wed, 21 Oct 2025 07:28:00 GMT", 1, 3), (None, 1, 3)],
)  # fmt: skip
@pytest.mark.parametrize("status", [412, 429])
async def test_a_pause_is_kept_as_asked_within_reason(
    scene: Scene, status: int, asked: str | None, least: int, most: int
) -> None:
    headers = {} if asked is None else {"Retry-After": asked}
    scene.far.script("send", answering(status, {}, headers))
    with pytest.raises(NotSent) as no:
        await scene.send()
    assert no.value.after
    assert timedelta(seconds=least) <= no.value.after <= timedelta(seconds=most)


@pytest.mark.parametrize(
    "step",
    [faults.status(500), faults.status(502), faults.status(503), faults.status(504), faults.status(408),
     faults.html(502), faults.reset_before(), faults.reset_after_record()],
)  # fmt: skip
async def test_a_failure_leaves_it_open_and_is_never_repeated_here(scene: Scene, step: faults.Step) -> None:
    await scene.send()
    scene.far.script("send", step)
    with pytest.raises(Ambiguous):
        await scene.send()
    assert len(scene.far.called("send")) == 2


async def test_a_silent_server_leaves_it_open(scene: Scene) -> None:
    url, gate = scene.far.service_url, faults.Gate(recorded=True)
    trust = Trust([url.removesuffix("amer/")], development=True)
    connector = Connector(scene.session, scene.token, trust, ClientTimeout(total=0.1))
    scene.far.script("send", gate)
    with pytest.raises(Ambiguous, match="TimeoutError"):
        await connector.send(url, scene.chat, HELLO)
    gate.open()


@pytest.mark.parametrize(
    "step", [faults.recorded_then(faults.html(200)), faults.recorded_then(faults.bad_json()), faults.big_body()]
)
async def test_what_teams_took_was_sent_even_if_no_id_can_be_read(scene: Scene, step: faults.Step) -> None:
    scene.far.script("send", step)
    assert await scene.send() in ("", "1")
    scene.far.script("create", step)
    app = scene.far.app
    with pytest.raises(Ambiguous):
        await scene.connector.create_conversation(scene.far.service_url, app.tenant, app.bot, ANN)
    scene.far.script("member", step)
    with pytest.raises(Ambiguous):
        await scene.connector.member(scene.far.service_url, TEAM, ANN)


async def test_who_cannot_be_reached_got_nothing(scene: Scene) -> None:
    listening = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()
    connector = Connector(scene.session, scene.token, Trust([f"127.0.0.1:{port}"], development=True))
    with pytest.raises(NotSent, match="cannot be reached"):
        await connector.send(f"http://127.0.0.1:{port}/", scene.chat, HELLO)


async def test_a_token_that_is_refused_is_replaced_and_the_call_made_once_more(scene: Scene) -> None:
    await scene.send()
    scene.far.script("send", faults.status(401))
    await scene.send()
    assert [call.status for call in scene.far.called("send")] == [201, 0, 201]
    assert len(scene.far.called("login")) == 2
    with scene.far.rule(faults.status(401), "send") as rule, pytest.raises(NotSent, match="refuses the bot's token"):
        await scene.send()
    assert rule.hits == 2


async def test_without_a_token_nothing_is_sent(scene: Scene) -> None:
    with scene.far.rule(faults.status(503), "login"), pytest.raises(NotSent):
        await scene.send()
    assert scene.far.called("send") == []


# Who never sees the token


@dataclass
class Listener:
    url: str = ""
    heard: list[dict[str, str]] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(dict(request.headers))
        return web.json_response({"id": "1"})


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", listener.hear)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server(access_log=None)
    listener.url = f"http://127.0.0.1:{server.port}"
    yield listener
    await server.close()


Do = Callable[[Connector, str], Awaitable[object]]
CALLS: list[Do] = [
    lambda connector, url: connector.send(url, "19:x@thread.v2", HELLO),
    lambda connector, url: connector.send(url, "19:x@thread.v2", HELLO, reply_to="1"),
    lambda connector, url: connector.update(url, "19:x@thread.v2", "1", HELLO),
    lambda connector, url: connector.delete(url, "19:x@thread.v2", "1"),
    lambda connector, url: connector.create_conversation(url, guid("provider"), "28:x", ANN),
    lambda connector, url: connector.member(url, "19:x@thread.v2", ANN),
]


@pytest.mark.parametrize("development", [False, True])
@pytest.mark.parametrize("do", CALLS)
async def test_a_stored_address_that_is_not_teams_sees_no_token(
    scene: Scene, listener: Listener, do: Do, development: bool
) -> None:
    port = listener.url.rpartition(":")[2]
    connector = Connector(scene.session, scene.token, Trust(["smba.example"], development))
    for url in (
        listener.url, f"{listener.url}/", f"http://localhost:{port}/", f"http://smba.trafficmanager.net@127.0.0.1:{port}/",
        f"http://127.0.0.1:{port}/smba.trafficmanager.net", f"http://127.0.0.1:{port}\\@smba.trafficmanager.net/",
        f"http://127.1:{port}/", f"http://2130706433:{port}/", f"http://[::ffff:127.0.0.1]:{port}/", "http://smba.trafficmanager.net/",
        "", "/", "127.0.0.1", "https://evil.example/",
    ):  # fmt: skip
        with pytest.raises(Untrusted):
            await do(connector, url)
    assert listener.heard == []
    assert scene.far.called("login") == [], "not even asked for"


@pytest.mark.parametrize("do", CALLS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_is_followed_to_another_address(scene: Scene, listener: Listener, do: Do, status: int) -> None:
    scene.far.script("*", faults.ok(), answering(status, {}, {"Location": listener.url}))
    with pytest.raises(NotSent, match="not followed"):
        await do(scene.connector, scene.far.service_url)
    assert listener.heard == []


async def test_no_token_is_in_what_is_raised_or_logged(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    await scene.send()
    token = scene.far.called("send")[0].token
    for step in (faults.reset_before(), faults.status(500), faults.status(403), faults.status(429)):
        scene.far.script("send", step)
        with pytest.raises(Exception, match=r"Teams|person") as no:
            await scene.send()
        assert token not in f"{no.value!r} {no.value.__context__!r}"
    assert token
    assert token not in caplog.text


def answering(status: int, body: object, headers: dict[str, str] | None = None) -> faults.Step:
    async def step(request: web.Request, proceed: object) -> web.StreamResponse:
        return web.Response(text=json.dumps(body), content_type="application/json", status=status, headers=headers)

    return step
