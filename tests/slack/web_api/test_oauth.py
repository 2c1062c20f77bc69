"""How an app is installed into the played Slack, and how its tokens end."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.far import Far
from tests.slack.pieces import Json
from tests.slack.web_api.calling import Now, refused

# Installing -------------------------------------------------------------------------------------------------------
PAGE = "https://slack.com/oauth/v2/authorize?client_id=111.222&scope=chat:write,im:write&state=s1&redirect_uri="
BACK = "https://desk.example.com/slack/oauth_redirect"


async def exchanged(far: Far, **more: Any) -> Any:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=far.url, session=session, retry_handlers=[])
        app = {"client_id": far.app.client_id, "client_secret": far.app.client_secret}
        return await client.oauth_v2_access(**{**app, **more})


def code_in(address: str) -> str:
    return address.partition("code=")[2].partition("&")[0]


async def test_a_code_is_exchanged_once_for_a_token_with_what_was_asked_for(far: Far) -> None:
    back = far.consent(PAGE + BACK, "UANN")
    assert back.startswith(BACK)
    assert back.endswith("state=s1")
    granted = await exchanged(far, code=code_in(back), redirect_uri=BACK)
    assert (granted["team"]["id"], granted["enterprise"], granted["scope"]) == ("T1", None, "chat:write,im:write")
    assert "refresh_token" not in granted.data
    assert far.tokens[granted["access_token"]].install.bot == granted["bot_user_id"]
    assert await refused(exchanged(far, code=code_in(back), redirect_uri=BACK)) == "code_already_used"


@pytest.mark.parametrize(
    ("error", "more"),
    [
        ("invalid_code", {"code": "none"}),
        ("bad_redirect_uri", {"redirect_uri": "https://evil.example.com/"}),
        ("invalid_client_id", {"client_id": "9.9"}),
        ("bad_client_secret", {"client_secret": "guessed"}),
        ("invalid_grant_type", {"grant_type": "password"}),
    ],
)
async def test_a_code_is_exchanged_by_the_app_alone(far: Far, error: str, more: Json) -> None:
    asked = {"code": code_in(far.consent(PAGE + BACK, "UANN")), "redirect_uri": BACK}
    assert await refused(exchanged(far, **{**asked, **more})) == error


async def test_a_code_lives_ten_minutes(far: Far) -> None:
    code = code_in(far.consent(PAGE + BACK, "UANN"))
    far.clock = Now(far.clock() + 601)
    assert await refused(exchanged(far, code=code, redirect_uri=BACK)) == "invalid_code"


@pytest.mark.parametrize(
    "page",
    [
        PAGE.replace("&state=s1", ""),
        PAGE.replace("111.222", "9.9"),
        PAGE.replace("chat:write", "admin"),
        PAGE.replace("authorize", "allow"),
        PAGE.replace("chat:write,im:write", ""),
    ],
)
async def test_nobody_consents_to_a_page_that_is_not_ours(far: Far, page: str) -> None:
    with pytest.raises(AssertionError):
        far.consent(page + BACK, "UANN")


async def test_a_rotating_token_ends_and_its_refresh_token_serves_once(far: Far, client: AsyncWebClient) -> None:
    granted = await exchanged(far, code=code_in(far.consent(PAGE + BACK, "UANN", rotating=True)), redirect_uri=BACK)
    old, refresh = granted["access_token"], granted["refresh_token"]
    assert granted["expires_in"] == 43200
    rotate = {"grant_type": "refresh_token", "refresh_token": refresh}
    renewed = await exchanged(far, **rotate)
    assert renewed["access_token"] != old
    assert await refused(exchanged(far, **rotate)) == "invalid_refresh_token"
    client.token = old
    await client.auth_test()
    far.clock = Now(far.clock() + 43200)
    assert await refused(client.auth_test()) == "token_expired"
    assert (await exchanged(far, grant_type="refresh_token", refresh_token=renewed["refresh_token"]))["ok"]


async def test_a_token_that_lives_for_ever_is_exchanged_for_one_that_rotates(far: Far, client: AsyncWebClient) -> None:
    app = {"client_id": far.app.client_id, "client_secret": far.app.client_secret}
    assert client.token
    granted = await client.oauth_v2_exchange(token=client.token, **app)
    assert granted["refresh_token"]
    again = client.oauth_v2_exchange(token=granted["access_token"], **app)
    assert await refused(again) == "cannot_exchange_rotated_token"


async def test_an_organisation_installs_for_all_its_workspaces(far: Far) -> None:
    far.add_workspace("T7", "North", enterprise="E1")
    far.add_user("UCORA", "Cora", "T7")
    back = far.consent(PAGE + BACK, "UCORA", whole_organisation=True)
    granted = await exchanged(far, code=code_in(back), redirect_uri=BACK)
    assert (granted["team"], granted["enterprise"]["id"], granted["is_enterprise_install"]) == (None, "E1", True)


async def test_an_uninstalled_app_has_no_token_left(far: Far, client: AsyncWebClient) -> None:
    app = {"client_id": far.app.client_id, "client_secret": far.app.client_secret}
    await client.apps_uninstall(**app)
    assert await refused(client.auth_test()) == "account_inactive"
