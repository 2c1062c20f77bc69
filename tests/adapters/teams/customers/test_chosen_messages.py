"""A message that somebody chose becomes a case, whose clock started when it was written."""

from datetime import timedelta
from typing import Any

import pytest

from store.tables import Case
from tests.adapters.teams.customers.chatting import told
from tests.asked import CHANGED, URGENT, WHERE
from tests.teams import envelopes
from tests.teams.places import Posted, guid
from tests.teams.stage import ANN, BOB, Stage, plain_of
from tests.world import BROKEN, MONDAY

# From a message ---------------------------------------------------------------------------------------------------


async def written(stage: Stage, who: str, text: str, place: str, hours: float = 0) -> Posted:
    """By somebody, so many hours ago, not to the app; from now on it is Monday morning in Teams too."""
    stage.far.clock = lambda: (MONDAY - timedelta(hours=hours)).timestamp()
    done = await stage.teams.message(guid(who), place, text, mention=False)
    stage.far.clock = lambda: MONDAY.timestamp()
    assert done.posted
    return done.posted


async def test_a_message_becomes_a_case_whose_clock_started_when_it_was_written(stage: Stage, general: str) -> None:
    """R1."""
    await stage.chooses("ann", await written(stage, "ann", BROKEN, general, hours=2))
    case = await stage.case()
    assert (case.subject, case.received_at) == (BROKEN, MONDAY - timedelta(hours=2))
    assert stage.teams.dialog(ANN).questions == [WHERE, URGENT, CHANGED]
    await stage.submits("ann", **{WHERE: "Everywhere", URGENT: "Low"})
    case = await stage.case()
    assert (case.details, case.priority, case.received_at) == ("Everywhere", "low", MONDAY - timedelta(hours=2))
    assert not stage.teams.has_dialog(ANN)


async def test_in_the_company_s_channel_it_lives_in_that_message_s_thread(stage: Stage, north: str) -> None:
    message = await written(stage, "ann", BROKEN, north, hours=1)
    await stage.chooses("ann", message)
    assert await stage.lives_in() == (north, message.id)
    await stage.submits("ann", **{WHERE: "Everywhere"})
    assert (await stage.case()).details == "Everywhere"
    assert any("#1001" in plain_of(one) for one in stage.far.said(north, message.id))
    assert await stage.undelivered() == []


async def test_a_reply_in_a_thread_that_becomes_a_case_lives_there(stage: Stage, north: str) -> None:
    root = await written(stage, "bob", "lunch at noon", north)
    done = await stage.teams.message(ANN, north, BROKEN, root.id, mention=False)
    assert done.posted
    await stage.chooses("ann", done.posted)
    assert await stage.lives_in() == (north, root.id)


async def test_a_dismissed_dialog_leaves_the_case_and_its_question(stage: Stage, general: str) -> None:
    await stage.chooses("ann", await written(stage, "ann", BROKEN, general))
    stage.teams.close_dialog(ANN)
    assert any(words.startswith(WHERE) for words in told(stage))
    await stage.writes("ann", "Everywhere")
    assert (await stage.case()).details == "Everywhere"


async def test_a_case_from_a_message_that_is_answered_in_private_has_its_card_there(stage: Stage, general: str) -> None:
    await stage.chooses("ann", await written(stage, "ann", BROKEN, general))
    assert stage.card(place=ANN)


async def test_a_colleague_s_message_becomes_the_chooser_s_case_from_when_it_was_written(
    stage: Stage, general: str
) -> None:
    await stage.chooses("ann", await written(stage, "bob", BROKEN, general, hours=1))
    assert (await stage.case()).received_at == MONDAY - timedelta(hours=1)
    assert told(stage)[0].startswith("Thank you, Ann Lee.")


async def test_another_company_s_message_counts_from_now(stage: Stage, general: str) -> None:
    await stage.chooses("ann", await written(stage, "eve", BROKEN, general, hours=30))
    assert (await stage.case()).received_at == MONDAY


async def test_the_desk_chooses_a_customer_s_message_and_it_is_the_author_s_case(stage: Stage, general: str) -> None:
    message = await written(stage, "ann", BROKEN, general, hours=2)
    done = await stage.chooses("sam", message)
    assert "Done. Case #1001 is open for Ann Lee." in done.words
    case = await stage.case()
    assert case.received_at == MONDAY - timedelta(hours=2)
    assert "Ann Lee" in plain_of(stage.card())
    assert "Sam Ortiz" in "\n".join(told(stage))
    assert stage.said(general) == []


async def test_the_desk_s_own_message_opens_nothing(stage: Stage, general: str) -> None:
    done = await stage.chooses("sam", await written(stage, "sam", "the coffee is out", general))
    assert done.status == 200
    assert await stage.rows(Case) == []


@pytest.mark.parametrize("who", [("ann", "ann"), ("ann", "bob"), ("ann", "sam"), ("sam", "ann"), ("sam", "cora")])
async def test_one_message_is_one_case_whoever_chooses_it_and_however_often(
    stage: Stage, north: str, who: tuple[str, str]
) -> None:
    message = await written(stage, "ann", BROKEN, north)
    first = await stage.chooses(who[0], message)
    await stage.teams.redeliver(first, 2)
    second = await stage.chooses(who[1], message)
    assert second.status == 200
    await stage.settle()
    assert len(await stage.rows(Case)) == 1


async def test_a_message_of_their_own_chat_becomes_a_case_too(stage: Stage) -> None:
    await stage.writes("ann", "thanks")
    said = next(one for one in stage.far.activities(ANN) if not one.from_bot)
    await stage.chooses("ann", said)
    assert (await stage.case()).subject == "thanks"
    assert await stage.lives_in() == (ANN, "")


async def test_a_message_where_the_app_is_not_becomes_a_case_in_their_own_chat(stage: Stage) -> None:
    """The command is offered on every message, and nobody can be asked there who they are."""
    await stage.teams.install(ANN)
    chat = "19:private@thread.v2"
    stage.far.add_group(chat, [ANN, BOB], installed=False)
    message = await written(stage, "bob", BROKEN, chat, hours=1)
    done = await stage.teams.send(_chosen(stage, message))
    assert done.status == 200
    await stage.settle()
    assert await stage.lives_in() == (ANN, "")
    assert await stage.undelivered() == []


def _chosen(stage: Stage, message: Posted) -> Any:
    """As Teams tells it although the app is not in the chat."""
    payload = envelopes.payload(stage.far, message)
    value = {"commandId": "open_from_message", "commandContext": "message", "messagePayload": payload}
    return stage.teams._invoke("composeExtension/fetchTask", ANN, message.conversation, value)
