"""Files in Teams: told of, downloaded without a token, and pictures in the words with the bot's, from Teams alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.teams.files import TeamsFiles, files
from adapters.teams.trust import Trust, Untrusted
from app.files import Files
from store.store import Store
from store.tables import Attachment
from tests.app.files.vendor import PNG, settings
from tests.teams.stage import Stage, staged
from tests.world import CATALOGUES


def keeps(stage: Stage, tmp_path: Path) -> Files:
    world = stage.world
    kept = Files(settings(tmp_path), world.store, lambda: world.time, (stage.connection,))  # type: ignore[arg-type]
    world.bot = replace(world.bot, keeping=kept.keeping)
    assert stage.connection._front
    stage.connection._front._host = world.bot
    return kept


async def test_a_file_and_a_picture_without_a_word_open_a_case_and_are_kept(store: Store, tmp_path: Path) -> None:
    async with staged(store) as stage:
        kept = keeps(stage, tmp_path)
        await stage.teams.message(
            stage.world.ids.user("ann"), stage.world.ids.user("ann"), "", files={"log.txt": b"x"}, pictures={"p1": PNG}
        )
        await stage.settle()
        told = "\n".join(stage.under_card())
        assert "📎 log.txt from Ann Lee (customer)" in told
        assert "📎 image from Ann Lee (customer)" in told
        assert "tempauth" not in told
        assert stage.far.called("download") == stage.far.called("picture") == []
        await kept.keeper(CATALOGUES, lambda: None).round()
        await kept.fetcher.close()
        assert {(each.name, each.state, each.media_type) for each in await stage.rows(Attachment)} == {
            ("log.txt", "kept", "application/octet-stream"),
            ("image", "kept", "image/png"),
        }
        assert [call.token for call in stage.far.called("download")] == [""]  # a download's address is its own leave
        assert all(call.token for call in stage.far.called("picture"))


EMEA = "https://smba.trafficmanager.net/emea/"


class Token:
    async def value(self) -> str:
        return "secret"


class NoToken:
    async def value(self) -> str:
        raise AssertionError("no token is even asked for")


@pytest.mark.parametrize(
    "url",
    [
        "http://smba.trafficmanager.net/emea/v3/attachments/1/views/original",
        "https://evil.example/v3/attachments/1/views/original",
        "https://smba.trafficmanager.net@evil.example/v3/attachments/1/views/original",
        "https://smba.trafficmanager.net/emea/v3/conversations/19%3Aother%40thread.tacv2/members",
        "https://smba.trafficmanager.net/emea/v3/attachments/1",
        "https://smba.trafficmanager.net/emea/v3/attachments/../conversations/views/x",
        "https://smba.trafficmanager.net/emea/v3/attachments/%2e%2e/views/x",
        "https://smba.trafficmanager.net/emea/v3/attachments/1/views/original?x=1",
        "https://smba.trafficmanager.net/emea/v3/attachments/1/views/original/../../../conversations",
    ],
)
async def test_the_token_goes_to_the_connector_alone_and_for_a_picture_alone(url: str) -> None:
    """Nor is anything else fetched there in a sender's name (a confused deputy)."""
    with pytest.raises(Untrusted):
        await TeamsFiles(NoToken(), Trust()).source("t", {"inline": url})  # type: ignore[arg-type]
    assert [each.source for each in files([{"contentType": "image/png", "contentUrl": url}], EMEA)] == [None]


async def test_a_picture_is_fetched_from_the_server_that_its_message_came_from() -> None:
    there = "https://smba.trafficmanager.net/emea/0b1c-2d/v3/attachments/0-weu-d1-7f/views/original"
    told = [{"contentType": "image/*", "contentUrl": there}]
    [file], [foreign] = files(told, EMEA), files(told, "https://other.botframework.com/")
    assert (file.source, foreign.source) == ({"inline": there}, None)
    found = await TeamsFiles(Token(), Trust()).source("t", file.source or {})  # type: ignore[arg-type]
    assert (found.hosts, found.token, found.picture) == (("https://smba.trafficmanager.net",), "secret", True)


def test_cards_are_no_files_and_links_lead_to_sharepoint_alone() -> None:
    download = "application/vnd.microsoft.teams.file.download.info"
    found = files(
        [
            {"contentType": "text/html", "content": "<p>x</p>"},
            {"contentType": "application/vnd.microsoft.card.adaptive", "content": {}},
            {"contentType": download, "name": "a.txt", "contentUrl": "https://sharepoint.com.evil.example/a"},
            {"contentType": "reference", "name": "b.txt", "contentUrl": "https://x.sharepoint.com/b"},
            "odd",
        ],
        EMEA,
    )
    assert [(each.name, each.link, each.source) for each in found] == [
        ("a.txt", "", None),
        ("b.txt", "https://x.sharepoint.com/b", None),
    ]
