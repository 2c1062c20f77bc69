"""Files in Slack: told of, fetched with the workspace's token from Slack's own host, and from nowhere else."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.slack.files import files
from app.files import Files
from store.store import Store
from store.tables import Attachment
from tests.app.files.vendor import ONCE, PNG, settings
from tests.slack.stage import DESK, Stage, staged
from tests.world import BROKEN, CATALOGUES


def keeps(stage: Stage, tmp_path: Path) -> Files:
    world = stage.world
    kept = Files(settings(tmp_path), world.store, lambda: world.time, (stage.connection,))  # type: ignore[arg-type]
    world.bot = replace(world.bot, keeping=kept.keeping)
    assert stage.connection._front
    stage.connection._front._host = world.bot
    return kept


async def shares(stage: Stage, who: str, *sent: Any, text: str = "", **more: Any) -> None:
    await stage.writes(who, text, files=list(sent), subtype="file_share", **more)


async def test_a_customer_s_file_is_told_to_the_desk_and_kept_with_the_workspace_s_token(
    store: Store, tmp_path: Path
) -> None:
    async with staged(store) as stage:
        kept = keeps(stage, tmp_path)
        shelf = stage.far.shelf
        await shares(stage, "ann", shelf.add("screen.png", PNG))  # without a word
        assert (await stage.case()).subject == "📎 screen.png"
        told = stage.under_card()[-1]
        assert "📎 screen.png (1 kB, image/png) from Ann Lee (customer)" in told
        assert "slack.com" not in told
        assert shelf.asked == []
        shelf.contents["F00002"] = PNG  # one that anybody put elsewhere, under a name of Slack's
        elsewhere = shelf.add("other.png", PNG) | {"url_private_download": "https://files.slack.com.evil.example/F"}
        await shares(stage, "ann", elsewhere, text="reply 1001 look")
        keeper = kept.keeper(CATALOGUES, lambda: None)
        await keeper.round()
        await kept.fetcher.close()
        first, second = sorted(await stage.rows(Attachment), key=lambda file: file.id)
        assert (first.state, first.media_type, first.size) == ("kept", "image/png", len(PNG))
        assert (second.state, second.sha256) == ("gone", None)
        [install] = stage.far.tokens.values()
        assert [token for _, token in shelf.asked] == [next(iter(stage.far.tokens))]
        assert install


@ONCE
async def test_what_slack_answers_to_who_may_not_have_it_is_no_file(store: Store, tmp_path: Path) -> None:
    """A page to sign in, behind a redirect: it is not followed."""
    async with staged(store) as stage:
        kept = keeps(stage, tmp_path)
        stage.far.shelf.leads_to = f"{stage.far.base}/api/auth.test"
        await shares(stage, "ann", stage.far.shelf.add("screen.png", PNG), text=BROKEN)
        calls = len(stage.far.calls)
        await kept.keeper(CATALOGUES, lambda: None).round()
        await kept.fetcher.close()
        [file] = await stage.rows(Attachment)
        assert file.state == "gone"
        assert len(stage.far.calls) == calls


@ONCE
async def test_in_the_desk_s_thread_a_file_stays_inside(store: Store) -> None:
    async with staged(store) as stage:
        await stage.writes("ann", BROKEN)
        secret = stage.far.shelf.add("salaries.xlsx", b"x", "application/x")
        await stage.slack.message("U0SAM", DESK, "", stage.card().ts, files=[secret], subtype="file_share")
        await stage.settle()
        [file] = await stage.rows(Attachment)
        assert file.internal
        await stage.writes("sam", "reply 1001 here it is", files=[stage.far.shelf.add("guide.pdf", b"%PDF-")])
        said = "\n".join(stage.said("U0ANN"))
        assert "guide.pdf" in said
        assert "salaries" not in said


async def test_a_file_taken_back_alone_goes_wherever_it_was_told_of_and_the_words_stay(
    store: Store, tmp_path: Path
) -> None:
    """Also after an edit; where nothing else was said, all of the message goes."""
    async with staged(store) as stage:
        keeps(stage, tmp_path)
        await stage.writes("ann", BROKEN)
        secret, plain = (stage.far.shelf.add(name, PNG) for name in ("salaries.png", "plain.png"))
        said = await stage.writes("ann", "reply 1001 see", files=[secret, plain], subtype="file_share")
        assert said.message
        await stage.slack.remove_files(said.message, secret, left=(plain,))
        await stage.settle()
        files = sorted(await stage.rows(Attachment), key=lambda file: file.id)
        assert [file.name for file in files] == ["[deleted by its author]", "plain.png"]
        told = next(each for each in stage.under_card() if "plain.png" in each)
        assert "> see\n📎 Deleted by its author.\n📎 plain.png" in told
        await stage.slack.edit(said.message, "reply 1001 look")
        await stage.settle()
        assert not any("salaries" in each for each in stage.under_card())
        assert ("edit", "look") in await stage.history()
        await stage.slack.remove_files(said.message, plain)
        await stage.settle()
        told = next(each for each in stage.under_card() if "look" in each)
        assert told.count("📎 Deleted by its author.") == 2
        alone = await stage.writes("ann", "", files=[stage.far.shelf.add("alone.png", PNG)], subtype="file_share")
        assert alone.message
        await stage.slack.remove_files(alone.message, {"id": "F00003"})
        await stage.settle()
        assert "alone.png" not in "\n".join([*stage.under_card(), *(words for _, words in await stage.history())])


def test_what_lies_elsewhere_has_a_link_of_slack_s_and_no_content() -> None:
    told: list[Any] = [
        {
            "name": "plan",
            "is_external": True,
            "url_private": "https://drive.example/x",
            "permalink": "https://x.slack.com/f",
        },
        {"name": "gone", "mode": "tombstone"},
        {"title": "t", "size": "12", "permalink": "https://slack.com.evil.example/f", "url_private": 5},
    ]
    found = files(told)
    assert [(each.name, each.link, each.source, each.size) for each in found] == [
        ("plan", "https://x.slack.com/f", None, None),
        ("t", "", None, None),
    ]
