"""A message that somebody chose, or put a ticket on, becomes a case, whose clock started when it was written."""

from datetime import timedelta

import pytest

from store.tables import Case, Inbox
from tests.adapters.slack.customers.writing import written
from tests.asked import CHANGED, URGENT, WHERE
from tests.slack import faults
from tests.slack.stage import DESK, Stage
from tests.world import BROKEN, MONDAY


async def test_a_message_becomes_a_case_whose_clock_started_when_it_was_written(stage: Stage, room: str) -> None:
    """R1."""
    message = await written(stage, "ann", BROKEN, room, hours=2)
    await stage.slack.shortcut("U0ANN", "open_from_message", message)
    await stage.settle()
    case = await stage.case()
    assert (case.subject, case.received_at) == (BROKEN, MONDAY - timedelta(hours=2))
    assert stage.slack.modal("U0ANN").labels == [WHERE, URGENT, CHANGED]
    await stage.fills("ann", **{WHERE: "Everywhere", URGENT: "Low"})
    case = await stage.case()
    assert (case.details, case.priority, case.received_at) == ("Everywhere", "low", MONDAY - timedelta(hours=2))


async def test_a_dismissed_modal_leaves_the_case_and_its_question(stage: Stage, room: str) -> None:
    message = await written(stage, "ann", BROKEN, room)
    await stage.slack.shortcut("U0ANN", "open_from_message", message)
    await stage.settle()
    await stage.slack.close_view("U0ANN", stage.slack.modal("U0ANN"))
    asked = stage.seen("ann")[-1]
    assert asked.text.startswith(WHERE)
    await stage.writes("ann", "Everywhere", thread=asked.thread or asked.ts)
    assert (await stage.case()).details == "Everywhere"


async def test_a_case_from_a_message_whose_modal_does_not_open_is_opened_once(stage: Stage, room: str) -> None:
    stage.far.script("views.open", faults.error("expired_trigger_id"))
    message = await written(stage, "ann", BROKEN, room)
    await stage.slack.shortcut("U0ANN", "open_from_message", message)
    await stage.settle()
    assert len(await stage.rows(Case)) == 1
    assert any(text.startswith(WHERE) for text in stage.said("U0ANN"))


async def test_a_colleague_s_message_becomes_the_chooser_s_case_from_when_it_was_written(
    stage: Stage, room: str
) -> None:
    message = await written(stage, "bob", BROKEN, room, hours=1)
    await stage.slack.shortcut("U0ANN", "open_from_message", message)
    await stage.settle()
    case = await stage.case()
    assert case.received_at == MONDAY - timedelta(hours=1)
    assert stage.said("U0ANN")[0].startswith("Thank you, Ann Lee.")


async def test_another_company_s_message_counts_from_now(stage: Stage, room: str) -> None:
    """It was no word of this customer's, so that nobody's clock can be set back by choosing an old one."""
    message = await written(stage, "eve", BROKEN, room, hours=30)
    await stage.slack.shortcut("U0ANN", "open_from_message", message)
    await stage.settle()
    assert (await stage.case()).received_at == MONDAY


# 🎫 ---------------------------------------------------------------------------------------------------------------


async def test_a_ticket_on_one_s_own_message_opens_a_case(stage: Stage, room: str) -> None:
    message = await written(stage, "ann", BROKEN, room, hours=2)
    await stage.reacts("ann", message, "ticket")
    case = await stage.case()
    assert (case.subject, case.received_at) == (BROKEN, MONDAY - timedelta(hours=2))
    assert stage.said("U0ANN")[0].startswith("Thank you, Ann Lee. This is case #1001.")


@pytest.mark.parametrize("sign", ["ticket", "admission_tickets", "ticket::skin-tone-2"])
async def test_each_ticket_will_do(stage: Stage, room: str, sign: str) -> None:
    await stage.reacts("ann", await written(stage, "ann", BROKEN, room), sign)
    assert len(await stage.rows(Case)) == 1


async def test_a_ticket_on_a_colleague_s_message_opens_a_case_for_whoever_put_it(stage: Stage, room: str) -> None:
    await stage.reacts("ann", await written(stage, "bob", BROKEN, room), "ticket")
    assert stage.said("U0ANN")[0].startswith("Thank you, Ann Lee. This is case #1001.")


async def test_the_desk_s_ticket_opens_a_case_for_the_message_s_author(stage: Stage, room: str) -> None:
    message = await written(stage, "ann", BROKEN, room, hours=2)
    await stage.reacts("sam", message, "ticket")
    case = await stage.case()
    assert case.received_at == MONDAY - timedelta(hours=2)
    assert "Ann Lee" in stage.card().text
    assert "Done. Case #1001 is open for Ann Lee." in "\n".join([*stage.whispered("sam", room), *stage.said("U0SAM")])
    assert "Sam Ortiz" in "\n".join([*stage.said("U0ANN"), *stage.said(room)])


async def test_the_desk_s_ticket_in_a_room_of_nobody_s_says_nothing_of_the_case_there(stage: Stage, room: str) -> None:
    """Eve of another company reads along."""
    await stage.reacts("sam", await written(stage, "ann", BROKEN, room), "ticket")
    assert stage.said(room) == []
    assert stage.said("U0ANN") != []


async def test_a_ticket_twice_is_one_case(stage: Stage, room: str) -> None:
    message = await written(stage, "ann", BROKEN, room)
    await stage.reacts("ann", message, "ticket")
    await stage.slack.unreact("U0ANN", message, "ticket")
    await stage.reacts("ann", message, "ticket")
    await stage.reacts("ann", message, "admission_tickets")
    assert len(await stage.rows(Case)) == 1


async def test_a_ticket_and_the_shortcut_on_one_message_are_one_case(stage: Stage, room: str) -> None:
    message = await written(stage, "ann", BROKEN, room)
    await stage.reacts("ann", message, "ticket")
    await stage.slack.shortcut("U0ANN", "open_from_message", message)
    await stage.settle()
    assert len(await stage.rows(Case)) == 1


@pytest.mark.parametrize("others", [("sam", "ann"), ("ann", "sam"), ("sam", "cora"), ("ann", "bob")])
async def test_tickets_of_two_people_on_one_message_are_one_case(
    stage: Stage, room: str, others: tuple[str, str]
) -> None:
    stage.far.channels[room].members.add("U0CORA")
    message = await written(stage, "ann", BROKEN, room)
    for who in others:
        await stage.reacts(who, message, "ticket")
    assert len(await stage.rows(Case)) == 1


async def test_a_ticket_on_what_the_bot_said_is_nothing(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    kept = len(await stage.rows(Inbox))
    await stage.reacts("ann", stage.seen("ann")[0], "ticket")
    await stage.reacts("sam", stage.card(), "ticket")
    assert len(await stage.rows(Case)) == 1
    assert len(await stage.rows(Inbox)) == kept


async def test_the_desk_s_ticket_on_an_unknown_person_s_message_opens_nothing(stage: Stage, room: str) -> None:
    stage.far.add_user("U0MAX", "Max")
    stage.far.channels[room].members.add("U0MAX")
    await stage.reacts("sam", await written(stage, "U0MAX", BROKEN, room), "ticket")
    assert await stage.rows(Case) == []
    assert "Max" in "\n".join([*stage.whispered("sam", room), *stage.said("U0SAM")]).title()


async def test_the_desk_s_ticket_on_the_desk_s_own_message_opens_nothing(stage: Stage) -> None:
    said = await stage.writes("cora", "the coffee is out", DESK)
    assert said.message
    await stage.reacts("sam", said.message, "ticket")
    assert await stage.rows(Case) == []


async def test_the_desk_is_told_of_a_case_from_a_message_where_the_app_is_not(stage: Stage) -> None:
    """A shortcut works in every channel; nothing can be whispered there."""
    stage.far.add_channel("C0PRIVATE", "private", ["U0ANN", "U0SAM"], with_bot=False, kind="group")
    message = await written(stage, "ann", BROKEN, "C0PRIVATE")
    await stage.slack.shortcut("U0SAM", "open_from_message", message)
    await stage.settle()
    assert "Done. Case #1001 is open for Ann Lee." in "\n".join(stage.said("U0SAM"))


async def test_any_other_sign_is_a_smile_among_people(stage: Stage, room: str) -> None:
    await stage.reacts("ann", await written(stage, "ann", BROKEN, room), "thumbsup")
    assert (await stage.rows(Case), await stage.rows(Inbox)) == ([], [])


async def test_a_ticket_on_a_reply_in_a_thread_takes_that_reply(stage: Stage, room: str) -> None:
    root = await written(stage, "bob", "lunch at noon", room)
    reply = await written(stage, "ann", BROKEN, room, thread=root.ts)
    await stage.reacts("ann", reply, "ticket")
    assert (await stage.case()).subject == BROKEN


async def test_a_ticket_where_slack_shows_no_message_keeps_nothing_for_now(stage: Stage, room: str) -> None:
    message = await written(stage, "ann", BROKEN, room)
    stage.far.script("conversations.replies", faults.status(503))
    done = await stage.reacts("ann", message, "ticket")
    assert done.status == 503
    assert (await stage.rows(Case), await stage.rows(Inbox)) == ([], [])
    await stage.slack.insist(done)
    await stage.settle()
    assert len(await stage.rows(Case)) == 1
