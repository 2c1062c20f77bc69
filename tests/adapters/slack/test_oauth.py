"""Installing the app in a browser, over real sockets: with no code but its own, and in nobody else's name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from yarl import URL

from adapters.slack.installs import Install
from adapters.slack.oauth import COOKIE, PURPOSE, Consent, Oauth
from app.secrets import Seal
from bot.channel import Busy
from tests.adapters.slack.granting import CLIENT, MONDAY, Answer, Clock, Granting, granting, grants, no, reset, saying
from tests.slack.far import Far

PUBLIC = "http://desk.example.com"
KEY = SecretStr("a key of the desk that is long enough")
GRANTED = {
    "access_token": "xoxb-of-northwind",
    "scope": "chat:write,commands",
    "bot_user_id": "U0HUB",
    "app_id": "A0HUB",
    "team": {"id": "T0NORTH", "name": "Northwind"},
    "enterprise": None,
    "is_enterprise_install": False,
}
INSTALLED = Install(
    "T0NORTH", "A0HUB", "xoxb-of-northwind", "U0HUB", "B0HUB", ("chat:write", "commands"), None, None, "Northwind"
)


@dataclass
class Desk:
    slack: Granting
    clock: Clock
    seal: Seal
    kept: list[Install] = field(default_factory=list)
    busy: bool = False

    async def keep(self, install: Install) -> None:
        if self.busy:
            raise Busy
        self.kept.append(install)

    def consents(self, **granted: Any) -> str:
        """An administrator agrees on Slack's page; returns the code that Slack sends along."""
        code = f"code-{len(self.slack.codes)}"
        self.slack.codes[code] = GRANTED | granted | {"redirect_uri": f"{PUBLIC}/slack/oauth_redirect"}
        return code


@dataclass
class Browser:
    desk: Desk
    session: ClientSession
    url: URL
    headers: dict[str, str] = field(default_factory=dict)

    async def begins(self) -> URL:
        """Returns where Slack asks for consent."""
        async with self.session.get(self.url / "slack/install", allow_redirects=False) as told:
            self.headers = dict(told.headers)
            assert told.status == 302
            return URL(told.headers["Location"])

    async def state(self) -> str:
        return (await self.begins()).query["state"]

    async def comes_back(self, **query: str) -> tuple[int, str]:
        async with self.session.get(self.url / "slack/oauth_redirect", params=query) as told:
            self.headers = dict(told.headers)
            return told.status, await told.text()

    async def installs(self, **granted: Any) -> tuple[int, str]:
        return await self.comes_back(state=await self.state(), code=self.desk.consents(**granted))


@asynccontextmanager
async def opened(desk: Desk, public: str = PUBLIC) -> AsyncIterator[Browser]:
    app = web.Application()
    asks = Consent(CLIENT, ("chat:write", "commands"), public, desk.slack.api_url)
    jar = CookieJar(unsafe=True)  # which only means that the server is known by its address
    async with grants(desk.slack.api_url, desk.clock) as given, ClientSession(cookie_jar=jar) as session:
        Oauth(asks, given, desk.seal, desk.keep).register(app)
        async with TestServer(app) as server:
            yield Browser(desk, session, server.make_url("/"))


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    clock = Clock()
    async with granting() as slack:
        slack.whose["xoxb-of-northwind"] = {
            "team_id": "T0NORTH", "team": "Northwind", "user_id": "U0HUB", "bot_id": "B0HUB"
        }  # fmt: skip
        yield Desk(slack, clock, Seal(KEY, clock))


@pytest.fixture
async def ann(desk: Desk) -> AsyncIterator[Browser]:
    async with opened(desk) as browser:
        yield browser


async def test_installing_begins_on_slacks_own_page(ann: Browser) -> None:
    page = await ann.begins()
    assert page.origin() == URL(ann.desk.slack.api_url).origin()
    assert page.path == "/oauth/v2/authorize"
    assert page.query["client_id"] == CLIENT
    assert page.query["scope"] == "chat:write,commands"
    assert page.query["redirect_uri"] == "http://desk.example.com/slack/oauth_redirect"
    assert Consent(CLIENT, (), PUBLIC, "https://slack.com/api/").page("x").host == "slack.com"


async def test_an_install_is_kept_and_the_page_leads_to_the_app(ann: Browser) -> None:
    status, page = await ann.installs()
    assert (status, ann.desk.kept) == (200, [INSTALLED])
    assert "Support Hub is installed in Northwind" in page
    assert "/app_redirect?app=A0HUB" in page
    assert Consent(CLIENT, (), PUBLIC, "https://slack.com/api/").app(INSTALLED) == URL(
        "https://slack.com/app_redirect?app=A0HUB"
    )


async def test_tokens_that_are_renewed_come_with_their_end(ann: Browser) -> None:
    await ann.installs(refresh_token="xoxe-1", expires_in=43200)
    assert ann.desk.kept[0].refresh_token == "xoxe-1"
    assert ann.desk.kept[0].expires_at == MONDAY.replace(day=21, hour=2)


async def test_an_install_for_a_whole_organisation_is_the_organisations(ann: Browser) -> None:
    enterprise = {"id": "E0ALL", "name": "All of Northwind"}
    status, page = await ann.installs(team=None, enterprise=enterprise, is_enterprise_install=True)
    assert (status, ann.desk.kept[0].tenant, ann.desk.kept[0].name) == (200, "E0ALL", "All of Northwind")
    assert "installed in All of Northwind" in page


async def test_what_slack_calls_a_workspace_is_no_markup(ann: Browser) -> None:
    _, page = await ann.installs(team={"id": "T0NORTH", "name": "<script>alert(1)</script>"}, app_id='"><b>')
    assert "<script" not in page
    assert "<b>" not in page


async def test_pages_run_nothing_are_framed_nowhere_and_kept_by_nobody(ann: Browser) -> None:
    for back in (await ann.installs(), await ann.comes_back()):
        assert back[0] in (200, 400)
        assert ann.headers["Content-Security-Policy"].startswith("default-src 'none';")
        assert "frame-ancestors 'none'" in ann.headers["Content-Security-Policy"]
        assert ann.headers["X-Content-Type-Options"] == "nosniff"
        assert ann.headers["Cache-Control"] == "no-store"
        assert ann.headers["Referrer-Policy"] == "no-referrer"
        assert ann.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_the_cookie_is_for_the_way_back_alone(desk: Desk, ann: Browser) -> None:
    await ann.begins()
    assert "Secure" not in ann.headers["Set-Cookie"]
    async with opened(desk, "https://desk.example.com") as browser:
        await browser.begins()
        cookie = browser.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert set(cookie.split("; ")[1:]) == {
        "HttpOnly", "Max-Age=600", "Path=/slack/oauth_redirect", "SameSite=Lax", "Secure"
    }  # fmt: skip


# Whoever did not begin here, lately, installs nothing


async def test_a_state_that_is_missing_forged_or_for_something_else_is_refused(ann: Browser) -> None:
    code, state = ann.desk.consents(), await ann.state()
    another = Seal(SecretStr("a key of somebody else, as long as ours"), ann.desk.clock)
    cookie = {each.key: each.value for each in ann.session.cookie_jar}[COOKIE]
    for wrong in (
        "", "x", state[:-5] + "AAAA=", "é\x00", "x" * 4000,
        another.seal(PURPOSE, cookie), ann.desk.seal.seal("slack install", cookie),
    ):  # fmt: skip
        assert (await ann.comes_back(code=code, state=wrong))[0] == 400
    assert (await ann.comes_back(code=code))[0] == 400
    assert ann.desk.slack.asked == []


async def test_a_state_is_good_for_ten_minutes(ann: Browser) -> None:
    first, code = await ann.state(), ann.desk.consents()
    ann.desk.clock.forward(seconds=601)
    assert (await ann.comes_back(code=code, state=first))[0] == 400
    second = await ann.state()
    ann.desk.clock.forward(seconds=599)
    assert (await ann.comes_back(code=code, state=second))[0] == 200


async def test_another_browser_cannot_finish_what_this_one_began(desk: Desk, ann: Browser) -> None:
    """Eve sends Ann a link that would install Eve's workspace in Ann's name."""
    async with opened(desk) as eve:
        state = await eve.state()
        assert (await ann.comes_back(code=desk.consents(), state=state))[0] == 400
        await ann.begins()
        assert (await ann.comes_back(code=desk.consents(), state=state))[0] == 400
    assert desk.slack.asked == []


async def test_a_link_back_works_once(ann: Browser) -> None:
    state, code = await ann.state(), ann.desk.consents()
    assert (await ann.comes_back(code=code, state=state))[0] == 200
    assert (await ann.comes_back(code=code, state=state))[0] == 400
    assert ann.desk.slack.asked == ["code", "auth.test"]
    assert ann.desk.kept == [INSTALLED]


async def test_whoever_only_looks_at_the_link_spends_nothing(ann: Browser) -> None:
    query = {"state": await ann.state(), "code": ann.desk.consents()}
    async with ann.session.head(ann.url / "slack/oauth_redirect", params=query) as told:
        assert told.status == 405
    assert (await ann.comes_back(**query))[0] == 200


# What does not work out


async def test_no_consent_is_no_install(ann: Browser) -> None:
    status, page = await ann.comes_back(error="access_denied", state=await ann.state())
    assert (status, ann.desk.kept) == (400, [])
    assert "consent was not given" in page
    assert '<a href="/slack/install">' in page


@pytest.mark.parametrize("code", ["", "invented", "x" * 5000])
async def test_a_code_that_slack_does_not_know_is_the_callers_mistake(ann: Browser, code: str) -> None:
    assert (await ann.comes_back(code=code, state=await ann.state()))[0] == 400


@pytest.mark.parametrize(
    "answer",
    [
        reset,
        saying(lambda: no("bad_client_secret")),
        saying(lambda: no("canary <b>" * 99)),
        saying(lambda: web.Response(status=503, text="<html>canary</html>", content_type="text/html")),
        saying(lambda: web.Response(text="canary")),
        saying(lambda: web.json_response([])),
        saying(lambda: web.json_response({"ok": True})),
        saying(lambda: web.json_response({"ok": True} | GRANTED | {"team": None})),
        saying(lambda: web.json_response({"ok": True} | GRANTED | {"expires_in": "canary", "refresh_token": "canary"})),
    ],
)
async def test_a_slack_that_refuses_or_fails_is_told_as_such(
    ann: Browser, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    state = await ann.state()
    ann.desk.slack.script.append(answer)
    status, page = await ann.comes_back(code="code", state=state)
    assert (status, ann.desk.kept) == (502, [])
    assert "canary" not in page + caplog.text


async def test_a_token_that_does_not_work_is_not_kept(ann: Browser) -> None:
    ann.desk.slack.whose.clear()
    assert (await ann.installs())[0] == 502
    assert ann.desk.kept == []


async def test_a_busy_store_is_told_as_such(ann: Browser) -> None:
    ann.desk.busy = True
    assert (await ann.installs())[0] == 503
    ann.desk.busy = False
    assert (await ann.installs())[0] == 200


async def test_no_token_code_or_secret_is_logged(ann: Browser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await ann.installs(refresh_token="xoxe-canary", expires_in=43200)
    ours = "".join(record.getMessage() for record in caplog.records if record.name != "aiohttp.access")
    assert not any(secret in ours for secret in ("xoxb-of-northwind", "xoxe-canary", "code-0", "very-secret"))


@pytest.mark.parametrize("whole", [False, True])
async def test_slack_finds_nothing_wrong_with_how_its_tokens_are_fetched_and_renewed(whole: bool) -> None:
    clock = Clock()
    async with Far() as far, grants(far.url, clock, far.app.client_id, far.app.client_secret) as given:
        far.add_workspace("T0NORTH", "Northwind", "E0ALL")
        far.add_user("U0ANN", team="T0NORTH")
        asks = Consent(far.app.client_id, ("chat:write", "commands"), PUBLIC, far.url)
        back = URL(far.consent(str(asks.page("state")), "U0ANN", whole, rotating=True))
        first = await given.exchange(back.query["code"], asks.back)
        second = await given.renew(first)
    assert first.tenant == second.tenant == ("E0ALL" if whole else "T0NORTH")
    assert first.bot_token != second.bot_token
    assert first.bot_user.startswith("U")
    assert first.bot_id.startswith("B")
    assert far.violations == []


LINE = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["state", "code", "error"]) | LINE, LINE), LINE)
async def test_no_query_and_no_cookie_is_our_failure(ann: Browser, query: dict[str, str], cookie: str) -> None:
    url = (ann.url / "slack/oauth_redirect").with_query(query)
    cookies = {"Cookie": f"{COOKIE}={URL.build(path='/', query_string='').with_query(c=cookie).raw_query_string[2:]}"}
    async with ann.session.get(url, headers=cookies) as told:
        assert told.status == 400
