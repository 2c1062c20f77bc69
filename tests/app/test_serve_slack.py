"""The whole product as an operator runs it, with Slack on the other side of two real sockets."""

import asyncio
from pathlib import Path

from tests.app.test_command_line import run, running
from tests.directories import ANN, NORTHWIND, SAM
from tests.slack.far import Far
from tests.slack.mrkdwn import unescaped
from tests.slack.places import Message
from tests.slack.slack import Slack

DIRECTORY = f"""
{NORTHWIND}
{ANN}
slack = "T1/U0ANN"
{SAM}
slack = "T1/U0SAM"

[desk]
slack_channel = "T1/C0DESK"
"""


def played(far: Far) -> dict[str, str]:
    """The desk's workspace with Ann as a guest; returns the environment of the app that is installed there."""
    token = far.add_install("T1").token
    far.add_user("U0ANN", "Ann Lee", restricted=True)
    far.add_user("U0SAM", "Sam Ortiz")
    far.add_channel("C0DESK", "support-desk", ["U0SAM"])
    return {
        "SUPPORTHUB_MODE": "development",
        "SLACK_API_URL": far.url,
        "SLACK_BOT_TOKEN": token,
        "SLACK_SIGNING_SECRET": far.app.signing_secret,
    }


async def said(far: Far, place: str, start: str) -> Message:
    """Once it stands there: delivery is not part of the acknowledgement."""
    for _ in range(400):
        for one in far.messages(place):
            if unescaped(one.text).startswith(start):
                return one
        await asyncio.sleep(0.02)
    raise AssertionError([one.text for one in far.messages(place)])


async def modal(far: Far, user: str) -> None:
    for _ in range(400):
        if far.stack(user):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("no modal opened")


async def test_a_case_from_modal_to_confirmed_closing(tmp_path: Path) -> None:
    """What the desk says waits the shortest time there is, and a round of the server's own lets it go."""
    async with Far() as far:
        environment = {**played(far), "SUPPORTHUB_UNDO_SECONDS": "1"}
        (tmp_path / "desk.toml").write_text(DIRECTORY)
        imported = await asyncio.to_thread(run, tmp_path, "import", "desk.toml", **environment)
        assert imported.returncode == 0, imported.stderr
        with running(tmp_path, "serve", **environment) as (url, _):
            async with Slack(far, f"{url}slack/events") as slack:
                await _story(far, slack)
        assert far.violations == []


async def _story(far: Far, slack: Slack) -> None:
    assert (await slack.command("U0ANN", "U0ANN", "/support", "open")).status == 200
    await modal(far, "U0ANN")
    view = slack.modal("U0ANN")
    filled = {view.labels[0]: "The quote form is broken", view.labels[1]: "Error 500 on save"}
    assert (await slack.submit("U0ANN", view, filled)).status == 200
    receipt = await said(far, "U0ANN", "Thank you, Ann Lee. This is case #1001.")
    card = await said(far, "C0DESK", "#1001: The quote form is broken")
    assert "Error 500 on save" in card.text
    await said(far, "C0DESK", "Ann Lee (customer) opened #1001.")  # the card is known by now
    assert (await slack.message("U0SAM", "C0DESK", "!reply We look into it", card.ts)).status == 200
    answer = await said(far, "U0ANN", "Sam Ortiz (support desk) answered on #1001.")
    assert answer.thread == receipt.ts
    closed = await slack.command("U0SAM", "C0DESK", "/case", "close 1001 Fixed the form")
    assert closed.json["text"].startswith("On case #1001 this goes out to Ann Lee in 1 second.")
    asked = await said(far, "U0ANN", "Sam Ortiz (support desk) says #1001 is solved.")
    assert (await slack.press("U0ANN", asked, "Yes, close it")).status == 200
    await said(far, "U0ANN", "Thank you. Case #1001 is closed.")
    for _ in range(400):
        if "closed, confirmed by the customer" in next(m for m in far.messages("C0DESK") if m.ts == card.ts).text:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the card does not show it")
