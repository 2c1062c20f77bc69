"""What people wrote in Slack while nobody heard it is read back: all of it, once, and as of when it was said."""

from collections.abc import AsyncIterator

import pytest

from store.store import Store
from tests.adapters.slack.reading_back.gap import ANN, BOB, NORTH, REPORT, Desk, at, set_up
from tests.slack.stage import DESK
from tests.world import BROKEN


@pytest.fixture
async def both(store: Store) -> AsyncIterator[Desk]:
    """On both databases."""
    async with set_up(store) as made:
        yield made


# Nothing lost -----------------------------------------------------------------------------------------------------


async def test_what_was_written_while_the_desk_was_down_is_a_case_from_when_it_was_written(both: Desk) -> None:
    await both.goes_deaf(minutes=10)
    wrote = await both.writes("ann", BROKEN)
    await both.hears_again(minutes=29)
    (case,) = await both.cases()
    assert (case.subject, case.received_at) == (BROKEN, at(wrote))
    assert await both.stage.lives_in() == (ANN, wrote.ts)
    assert both.stage.said(ANN)[0].startswith("Thank you, Ann Lee. This is case #1001.")
    assert "gap slack" not in await both.settings(), "and nothing is left to read"


async def test_questions_answers_and_the_desk_s_own_words_come_in_their_order(desk: Desk) -> None:
    wrote = (await desk.stage.writes("ann", BROKEN)).ts
    for _ in range(3):
        await desk.stage.writes("ann", "skip", thread=wrote)
    card = desk.stage.card().ts
    desk.stage.world.passes(hours=3)
    await desk.goes_deaf(minutes=5)
    for words in ("It is urgent", "It also eats the uploads"):
        await desk.writes("ann", words, thread=wrote)
        desk.stage.world.passes(minutes=1)
    await desk.writes("sam", "!reply Looking into it", DESK, card)
    await desk.hears_again(minutes=20)
    told = [words for verb, words in await desk.stage.history() if verb in ("say", "reply")]
    assert sorted(told[-3:]) == ["It also eats the uploads", "It is urgent", "Looking into it"]
    said = [words for verb, words in await desk.stage.history() if verb == "say"]
    assert said[-2:] == ["It is urgent", "It also eats the uploads"]
    assert (await desk.stage.case()).responded_at is not None
    assert any("Looking into it" in line for line in desk.stage.said(ANN))


async def test_a_thread_begun_and_gone_on_with_in_the_gap_is_read_whole(desk: Desk) -> None:
    await desk.goes_deaf(minutes=5)
    wrote = await desk.writes("ann", BROKEN)
    desk.stage.world.passes(minutes=1)
    await desk.writes("ann", "since Monday", thread=wrote.ts)
    await desk.hears_again(minutes=20)
    (case,) = await desk.cases()
    assert case.received_at == at(wrote)
    kept = f"{case.details} {case.changed} {await desk.stage.history()}"
    assert "since Monday" in kept


async def test_a_mention_in_a_channel_is_heard_and_talk_among_people_is_not(desk: Desk) -> None:
    await desk.stage.bind(NORTH, "northwind")
    await desk.goes_deaf(minutes=5)
    await desk.writes("bob", "Lunch?", NORTH)
    wrote = await desk.writes("ann", f"{desk.stage.slack.mention(NORTH)} {BROKEN}", NORTH)
    await desk.hears_again(minutes=20)
    (case,) = await desk.cases()
    assert (case.subject, await desk.stage.lives_in()) == (BROKEN, (NORTH, wrote.ts))


async def test_an_edit_in_the_gap_is_followed_and_what_was_never_heard_is_taken_as_it_reads_now(desk: Desk) -> None:
    wrote = await desk.stage.writes("ann", BROKEN)
    assert wrote.message
    for _ in range(3):
        await desk.stage.writes("ann", "skip", thread=wrote.ts)
    heard = await desk.stage.writes("ann", "It happens on Mondays", thread=wrote.ts)
    assert heard.message
    await desk.goes_deaf(minutes=3)
    unheard = await desk.writes("ann", "and on Tusdays", thread=wrote.ts)
    await desk.stage.slack.edit(heard.message, "It happens on Sundays")
    await desk.stage.slack.edit(unheard, "and on Tuesdays")
    await desk.hears_again(minutes=4)
    said = [event for event in await desk.stage.history() if event[0] in ("say", "edit")]
    assert said[:2] == [("say", "It happens on Mondays"), ("edit", "It happens on Sundays")]
    assert said[2:] == [("say", "and on Tuesdays")]


async def test_a_deleted_message_and_one_of_the_bot_s_are_nothing(desk: Desk) -> None:
    await desk.goes_deaf(minutes=5)
    await desk.stage.slack.delete(await desk.writes("ann", BROKEN))
    await desk.hears_again(minutes=20)
    assert await desk.cases() == []
    before = await desk.keys()
    await desk.goes_deaf(minutes=20)
    await desk.hears_again()
    assert await desk.keys() == before


async def test_a_ticket_put_in_the_gap_opens_its_case(desk: Desk) -> None:
    await desk.stage.bind(NORTH, "northwind")
    await desk.goes_deaf(minutes=5)
    wrote = await desk.writes("ann", BROKEN, NORTH)
    await desk.stage.slack.react(ANN, wrote, "ticket")
    await desk.hears_again(minutes=20)
    (case,) = await desk.cases()
    assert (case.subject, case.received_at) == (BROKEN, at(wrote))


async def test_somebody_of_whom_only_the_directory_knows_is_read_back_too(desk: Desk) -> None:
    """They never wrote before, so the store has no room of theirs but that one."""
    await desk.goes_deaf(minutes=5)
    await desk.writes("eve", REPORT)
    await desk.hears_again(minutes=20)
    assert [case.subject for case in await desk.cases()] == [REPORT]


# Nothing twice ----------------------------------------------------------------------------------------------------


async def test_what_arrives_late_or_had_arrived_is_one_case(both: Desk) -> None:
    early = await both.stage.writes("ann", BROKEN)
    await both.goes_deaf(minutes=3)
    late = await both.writes("bob", REPORT)
    await both.hears_again(minutes=2)
    assert len(await both.cases()) == 2
    before = (both.stage.said(ANN), both.stage.said(BOB), await both.keys())
    await both.stage.slack.redeliver(early, 3)
    await both.stage.slack.echo(late)
    await both.stage.settle()
    assert (both.stage.said(ANN), both.stage.said(BOB), await both.keys()) == before


async def test_two_replicas_that_find_the_gap_read_it_once(both: Desk) -> None:
    await both.goes_deaf(minutes=5)
    await both.writes("ann", BROKEN)
    both.stage.world.passes(minutes=20)
    both.stage.slack.events = None
    one, other = both.gaps, both.gaps
    assert await one.beat()
    assert await other.beat()
    await one.read(both.stage.connection)
    read = len(both.stage.far.called("conversations.history"))
    await other.read(both.stage.connection)
    await both.stage.settle()
    assert len(both.stage.far.called("conversations.history")) == read > 0
    assert len(await both.cases()) == 1


async def test_where_one_replica_was_alive_there_was_no_gap(desk: Desk) -> None:
    await desk.goes_deaf()
    for _ in range(10):
        desk.stage.world.passes(minutes=1)
        assert await desk.gaps.beat()
    await desk.reads()
    assert desk.stage.far.called("conversations.history") == []


async def test_a_short_restart_reads_nothing_since_slack_sends_it_all_again(desk: Desk) -> None:
    await desk.goes_deaf()
    await desk.hears_again(seconds=119)
    assert desk.stage.far.called("conversations.history") == []
