"""The bot's own token: asked for once, kept while it lives, and told to nobody."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from aiohttp import ClientSession, web

from adapters.teams.token import BotToken
from bot.channel import NotSent
from tests.adapters.teams.moments import Moments
from tests.teams import faults
from tests.teams.far import Far


@dataclass
class Scene:
    far: Far
    token: BotToken
    clock: Moments
    session: ClientSession

    @property
    def asked(self) -> int:
        return len(self.far.called("login"))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    clock = Moments()
    async with Far() as far, ClientSession() as session:
        far.clock = clock.seconds
        app = far.app
        token = BotToken(session, far.login_url, app.tenant, app.id, app.secret, clock, patience=0.5)
        yield Scene(far, token, clock, session)
        await token.close()
        assert far.violations == []


def answering(body: str, status: int = 200) -> faults.Step:
    async def step(request: web.Request, proceed: object) -> web.StreamResponse:
        return web.Response(text=body, content_type="application/json", status=status)

    return step


async def test_it_is_asked_for_once_and_kept_until_five_minutes_before_its_end(scene: Scene) -> None:
    first = await scene.token.value()
    scene.far.tokens.check(first)
    scene.clock.forward(minutes=54, seconds=59)
    assert await scene.token.value() == first
    scene.clock.forward(seconds=1)
    assert await scene.token.value() != first
    assert scene.asked == 2


async def test_everybody_waits_for_the_same_answer(scene: Scene) -> None:
    gate = faults.Gate()
    scene.far.script("login", gate)
    waiting = [asyncio.create_task(scene.token.value()) for _ in range(50)]
    await gate.arrived.wait()
    waiting[0].cancel()
    gate.open()
    assert len(set(await asyncio.gather(*waiting[1:]))) == 1
    assert scene.asked == 1


async def test_a_short_life_is_used_by_half(scene: Scene) -> None:
    scene.far.tokens.life = 60
    first = await scene.token.value()
    scene.clock.forward(seconds=29)
    assert await scene.token.value() == first
    scene.clock.forward(seconds=1)
    assert await scene.token.value() != first


async def test_a_refused_one_is_forgotten_but_not_its_successor(scene: Scene) -> None:
    first = await scene.token.value()
    scene.token.forget(first)
    second = await scene.token.value()
    scene.token.forget(first)
    assert await scene.token.value() == second
    assert scene.asked == 2


@pytest.mark.parametrize(
    "step",
    [faults.status(500), faults.status(429), faults.html(), faults.html(200), faults.bad_json(), faults.big_body(),
     faults.reset_before(), faults.reset_after_record(), faults.delay(30), faults.drip(1),
     answering('{"expires_in": 3600}'), answering('{"access_token": "x"}'), answering("[]"), answering("[" * 5000),
     answering('{"access_token": "x", "expires_in": 0}'), answering('{"access_token": "x", "expires_in": 1e99}'),
     answering('{"access_token": "", "expires_in": 1}'), answering('{"access_token": "a\\r\\nX: y", "expires_in": 1}')],
)  # fmt: skip
async def test_no_answer_means_not_sent_and_a_pause_that_grows(
    scene: Scene, step: faults.Step, caplog: pytest.LogCaptureFixture
) -> None:
    pauses = []
    with scene.far.rule(step, "login") as rule:
        for _ in range(3):
            with pytest.raises(NotSent) as no:
                await scene.token.value()
            assert no.value.after
            pauses.append(no.value.after)
            with pytest.raises(NotSent) as again:
                await scene.token.value()
            assert again.value.after == no.value.after, "nobody asks meanwhile"
            scene.clock.now += no.value.after
        assert rule.hits == 3
    assert [timedelta(seconds=0.5 * 2**n) <= each <= timedelta(seconds=2**n) for n, each in enumerate(pauses)] == [
        True
    ] * 3
    assert await scene.token.value()
    assert scene.far.app.secret not in caplog.text


async def test_a_wrong_secret_is_told_by_microsofts_own_word_alone(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    app = scene.far.app
    token = BotToken(scene.session, scene.far.login_url, app.tenant, app.id, "hunter2", scene.clock)
    with pytest.raises(NotSent, match="gives the bot no token: invalid_client"):
        await token.value()
    assert "invalid_client" in caplog.text
    assert "hunter2" not in caplog.text
    assert "AADSTS" not in caplog.text


async def test_words_that_are_none_are_not_repeated(scene: Scene) -> None:
    scene.far.script("login", answering('{"error": "<b>hunter2 and more</b>"}', 400))
    with pytest.raises(NotSent, match="it does not say why"):
        await scene.token.value()


async def test_while_the_login_is_down_the_old_one_does_until_its_end(scene: Scene) -> None:
    first = await scene.token.value()
    with scene.far.rule(faults.status(503), "login"):
        scene.clock.forward(minutes=56)
        assert await scene.token.value() == first
        scene.clock.forward(minutes=4)
        with pytest.raises(NotSent):
            await scene.token.value()


async def test_a_redirect_is_not_followed_with_the_secret(scene: Scene) -> None:
    async def away(request: web.Request, proceed: object) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect(scene.far.foreign_url)

    scene.far.script("login", away)
    with pytest.raises(NotSent):
        await scene.token.value()
    assert scene.far.called("nothing") == []


async def test_neither_token_nor_secret_is_ever_logged(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    told = await scene.token.value()
    scene.far.tokens.revoke()
    assert told not in caplog.text
    assert scene.far.app.secret not in caplog.text
    assert scene.far.app.secret not in repr(scene.token)
