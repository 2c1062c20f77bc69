"""The whole product as an operator runs it, with Teams on the other side of real sockets, authentication on."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from tests import directories
from tests.app.test_command_line import run, running
from tests.teams.far import Far
from tests.teams.places import Posted, guid
from tests.teams.stage import plain_of
from tests.teams.teams import Teams

ANN, CORA, DESK = guid("ann"), guid("cora"), "19:desk@thread.tacv2"


def directory(far: Far) -> str:
    tenant = far.app.tenant
    ann, cora = f'teams = "{tenant}/{ANN}"', f'teams = "{tenant}/{CORA}"'
    return (
        f'{directories.NORTHWIND}{directories.ANN}{ann}{directories.CORA}{cora}\n[desk]\nteams_conversation = "{DESK}"'
    )


def played(far: Far) -> dict[str, str]:
    """Ann is a guest in the provider's tenant, Cora one of its own; returns the environment of the app."""
    far.add_user(ANN, "Ann Lee", guest=True)
    far.add_user(CORA, "Cora Diaz")
    far.add_team(DESK, "Desk", [CORA])
    return {
        "SUPPORTHUB_MODE": "development",
        "MICROSOFT_APP_ID": far.app.id,
        "MICROSOFT_APP_PASSWORD": far.app.secret,
        "MICROSOFT_APP_TENANT_ID": far.app.tenant,
        "TEAMS_OPENID_METADATA_URL": far.metadata_url,
        "TEAMS_LOGIN_URL": far.login_url,
        "TEAMS_SERVICE_HOSTS": "http://127.0.0.1",
    }


async def said(far: Far, place: str, fits: Callable[[str], bool]) -> Posted:
    """Once it stands there: delivery is not part of the acknowledgement."""
    for _ in range(400):
        for one in far.said(place):
            if fits(plain_of(one)):
                return one
        await asyncio.sleep(0.02)
    raise AssertionError([plain_of(one) for one in far.said(place)])


async def test_a_case_from_form_to_confirmed_closing(tmp_path: Path) -> None:
    async with Far() as far:
        environment = played(far)
        (tmp_path / "desk.toml").write_text(directory(far))
        imported = await asyncio.to_thread(run, tmp_path, "import", "desk.toml", **environment)
        assert imported.returncode == 0, imported.stderr
        with running(tmp_path, "serve", **environment) as (url, _):
            async with Teams(far, f"{url}api/messages") as teams:
                await _story(far, teams)
        assert far.violations == []


async def _story(far: Far, teams: Teams) -> None:
    await teams.install(ANN)
    await said(far, ANN, lambda text: text.startswith("Hello Ann Lee."))
    await teams.install(CORA, DESK)
    assert (await teams.message(ANN, ANN, "open")).status == 200
    form = await said(far, ANN, lambda text: "What is going wrong?" in text)
    values = {"problem": "The quote form is broken", "details": "Error 500 on save"}
    assert (await teams.fill(ANN, form, values=values)).status == 200
    await said(far, ANN, lambda text: text.startswith("Thank you, Ann Lee. This is case #1001."))
    card = await said(far, ANN, lambda text: text.startswith("#1001: The quote form is broken"))
    desk = await said(far, DESK, lambda text: text.startswith("#1001: The quote form is broken"))
    assert (await teams.press(CORA, desk, "take 1001")).status == 200
    assert (await teams.message(CORA, CORA, "reply 1001 We look into it")).status == 200
    await said(far, ANN, lambda text: text.startswith("Cora Diaz (concierge) answered on #1001."))
    await teams.message(CORA, CORA, "close 1001 Fixed the form")
    asked = await said(far, ANN, lambda text: text.startswith("Cora Diaz (concierge) says #1001 is solved."))
    assert (await teams.press(ANN, asked, "Yes, close it")).status == 200
    closed = await said(far, ANN, lambda text: "closed, confirmed by the customer" in text)
    assert closed.id == card.id  # the very card that stood there from the beginning
