"""How what is posted stands there: in whose thread, with its key, unfolded by nobody and pinging nobody."""

import pytest

from store.store import Store
from tests.adapters.slack.delivery.owing import ANN, LONG, SHOP, leaves, opened, owe, set_up, whole
from tests.slack import faults
from tests.slack.places import Message as Shown
from tests.slack.stage import DESK, Stage, staged, user
from tests.world import BROKEN


def thread_of(message: Shown) -> str:
    """Empty for what stands in the room itself."""
    return "" if message.thread == message.ts else message.thread


# Where it stands --------------------------------------------------------------------------------------------------


async def opened_by_modal(stage: Stage) -> None:
    await stage.commands("ann", "/support open")
    answers = {"What is going wrong?": BROKEN, "What exactly happens, and where do you see it?": "Everywhere"}
    await stage.fills("ann", **answers)


async def test_what_follows_about_a_case_from_a_modal_stands_under_the_first_message_about_it(stage: Stage) -> None:
    await opened_by_modal(stage)
    await stage.commands("sam", "/case take 1001")
    await stage.commands("sam", "/case reply 1001 Please try again")
    first, *later = stage.far.messages(ANN)
    assert "#1001" in first.text
    assert "Please try again" in later[-1].text
    assert {one.thread for one in later} == {first.ts}


async def test_two_cases_from_modals_have_a_thread_each(stage: Stage) -> None:
    for number in (1001, 1002):
        await opened_by_modal(stage)
        await stage.commands("sam", f"/case reply {number} Please try again")
    roots = [one for one in stage.far.messages(ANN) if not thread_of(one)]
    assert len(roots) == 2
    for number, root in zip((1001, 1002), roots, strict=True):
        assert all(f"#{number}" in one.words for one in stage.far.thread(ANN, root.ts))


async def test_a_warning_does_not_hide_in_a_thread_and_what_follows_goes_on_in_it(stage: Stage) -> None:
    thread = await opened(stage)
    await stage.commands("lena", "/case assign 1001 sam")
    await stage.world.passes_and_warns(hours=3)
    await stage.writes("ann", "Are you there?", thread=thread)
    told, warned, news = stage.far.messages(user("sam"))
    assert [thread_of(one) for one in (told, warned, news)] == ["", "", told.ts]
    assert "of its response time" in warned.text


async def test_a_persons_room_is_asked_for_once(stage: Stage) -> None:
    for n in range(5):
        await owe(stage, ANN, f"{n}")
        await leaves(stage)
    assert len(stage.far.called("conversations.open")) == 1
    assert stage.said(ANN) == [f"{n}" for n in range(5)]


# Nobody is pinged -------------------------------------------------------------------------------------------------
PINGS = ("<!channel>", "<!here|here>", "<@U0SAM>", "<!subteam^S1>", "<https://evil.example|your bank>")


@pytest.mark.parametrize("words", [*PINGS, "&lt;!channel&gt;", "@channel @here", "```<!channel>```", ">>> <!everyone>"])
async def test_whatever_customers_write_pings_nobody_and_reads_as_they_wrote_it(stage: Stage, words: str) -> None:
    """The fake holds every ping and all that is not escaped against us."""
    await stage.commands("ann", f"/support The form shows {words}")
    await owe(stage, SHOP, words, LONG[:3_000] + words)
    await owe(stage, SHOP, words, only_for=ANN)
    await leaves(stage)
    assert stage.said(SHOP)[0] == words
    assert stage.whispered("ann", SHOP) == [words]
    assert not any({"link_names", "parse", "mrkdwn"} & call.args.keys() for call in stage.far.calls)


async def test_no_link_is_unfolded(stage: Stage) -> None:
    await owe(stage, SHOP, "https://intranet.example/secret")
    await owe(stage, ANN, "https://intranet.example/secret")
    await leaves(stage)
    made = stage.far.called("chat.postMessage")
    assert [(call.args["unfurl_links"], call.args["unfurl_media"]) for call in made] == [(False, False)] * 2


async def test_every_message_carries_its_key_and_no_two_the_same(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await owe(stage, SHOP, LONG, "another")
    await leaves(stage)
    bots = {install.bot for install in stage.far.installs}
    keys = [one.key for said in stage.far.said.values() for one in said if one.user in bots]
    assert all(keys)
    assert len(keys) == len(set(keys))


# On both databases ------------------------------------------------------------------------------------------------


async def test_on_either_database_an_ambiguous_message_stands_there_once(store: Store) -> None:
    async with staged(store) as stage:
        set_up(stage).far.script("chat.postMessage", faults.reset_after_record(), faults.reset_before())
        await owe(stage, SHOP, "one", LONG, "three")
        for _ in range(4):
            await leaves(stage, minutes=1)
        assert whole(stage) == "".join(f"one{LONG}three".split())


async def test_a_warning_under_the_card_is_seen_by_the_whole_channel(stage: Stage) -> None:
    """Whoever follows no thread would miss it."""
    await stage.writes("ann", BROKEN)
    await stage.world.passes_and_warns(hours=2, minutes=1)
    [warned] = [one for one in stage.far.thread(DESK, stage.card().ts) if "of its response time" in one.text]
    assert warned.broadcast
