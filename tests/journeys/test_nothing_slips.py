"""The places where words, warnings or agreements could slip through, one by one."""

import asyncio
from datetime import timedelta

import pytest

from bot.acting import expire_drafts
from bot.channel import Outgoing, Undeliverable
from bot.incoming import Said
from store.tables import Case, Outbox
from store.work import Work
from tests.world import BROKEN, CATALOGUES, World, opened


@pytest.mark.parametrize(
    "report",
    [
        "Price calculation on the quote form is wrong since the update",
        "Queue processing is broken since this morning",
        "Status 500 error when saving a quote",
        "Our office cannot reach the CRM, it is down",
        "Cannot end a customer's subscription: error 12",
        "The holiday calendar in CRM does not load for anybody",
        "Invoices show the wrong price, cost doubled for standard items, urgent",
        "The privacy popup crashes the browser",
        "Call 2 of the web service fails",
        "Close button is missing on the case form",
        "Note field can't be saved",
        "How come the export fails?",
    ],
)
async def test_a_report_opens_a_case_whatever_words_it_uses(desk: World, report: str) -> None:
    assert "This is case #1001." in str(await desk.says("ann", report))
    await desk.says("ann", "Status 500 on save")
    assert "Details: Status 500 on save" in desk.card()


async def test_person_is_always_the_way_out(desk: World) -> None:
    assert "This is case #1001." in str(await desk.says("ann", "person"))
    await opened(desk, "eve", "Exports fail")
    await desk.says("eve", "The charts fail too")
    await desk.says("eve", "new")
    await desk.says("eve", "cancel")
    assert "This is case #1004." in str(await desk.says("eve", "/person")), "two are open: neither is meant"


async def test_words_waiting_for_a_choice_survive_a_call_for_a_person(case: World) -> None:
    await case.says("ann", "The export to Excel stops, payroll is due today")
    await case.says("ann", "a person, please")
    assert "The export to Excel stops" in case.card(1002)


async def test_words_nobody_chose_a_place_for_reach_the_desk_all_the_same(case: World) -> None:
    await case.says("ann", "URGENT: nobody can log in, the CRM is down")
    case.passes(minutes=16)
    assert await case.store.write(expire_drafts, case.time, CATALOGUES) == 1
    await case.delivery.deliver_all()
    assert "> URGENT: nobody can log in, the CRM is down" in case.last("desk")


async def test_a_dialog_that_cannot_be_read_holds_up_no_other(case: World) -> None:
    await case.says("bob", "The charts are empty")
    await case.says("ann", "URGENT: nobody can log in, the CRM is down")

    def spoil(work: Work) -> None:
        draft = min(work.expired_drafts(case.time.machine + timedelta(days=1), 9), key=lambda one: one.id)
        draft.dialog = "of another release"
        work.add(draft)

    await case.store.write(spoil)
    case.passes(minutes=16)
    await case.store.write(expire_drafts, case.time, CATALOGUES)
    await case.delivery.deliver_all()
    assert "> URGENT: nobody can log in, the CRM is down" in case.last("desk")


async def test_a_problem_told_instead_of_whether_an_article_helped_opens_a_case(desk: World) -> None:
    await desk.says("ann", "How do I share a view?")
    assert "This is case #1001." in str(await desk.says("ann", "The whole CRM is down, nobody can work"))


async def test_words_for_a_case_that_ended_meanwhile_become_a_new_one(case: World) -> None:
    await case.says("ann", "Still broken on Fridays")
    await case.says("sam", "force-close 1001 Duplicate of last year's")
    assert "This is case #1002." in str(await case.presses_line("ann", "answer 2 case 1001"))


async def test_a_marked_line_is_a_command_inside_a_dialog_too(desk: World) -> None:
    await desk.says("ann", BROKEN)
    assert "This is case #1002." in str(await desk.says("ann", "/open The export fails"))


async def test_questions_about_a_case_end_with_it(desk: World) -> None:
    await desk.says("ann", BROKEN)
    assert str(await desk.says("ann", "withdraw 1001")).endswith("[Reopen]") or "What exactly" not in desk.last("ann")
    assert await desk.says("ann", "skip") == "I am not asking anything just now."


async def test_a_case_taken_back_and_reopened_is_warned_about_again(case: World) -> None:
    """R8, R3: for want of the next answer; the promise of the first one ended with its withdrawal."""
    await case.says("ann", "withdraw 1001")
    await case.says("ann", "reopen 1001")
    assert await case.passes_and_warns(hours=3) == 1
    assert case.last("desk").startswith("The customer waits for the next answer on #1001.")


async def test_a_customer_waiting_for_the_next_answer_is_not_forgotten(case: World) -> None:
    """R3: the assignee, then the lead; never mail."""
    await case.says("sam", "take 1001")
    await case.says("sam", "reply 1001 Looking")
    await case.says("ann", "reply 1001 And?")
    await case.passes_and_warns(hours=3)
    assert case.last("sam").startswith("The customer waits for the next answer on #1001.")
    await case.passes_and_warns(hours=1)
    assert case.last("lena").startswith("The customer has waited long for the next answer on #1001.")
    assert case.channels["email"].posts == []  # type: ignore[attr-defined]
    await case.says("sam", "reply 1001 Done now")
    assert await case.passes_and_warns(hours=8) == 0


async def test_an_old_yes_never_closes_what_the_case_was_merged_into(desk: World) -> None:
    await opened(desk)
    await desk.says("ann", "Another matter")
    await desk.says("ann", "new")
    await desk.says("ann", "cancel")
    for number in (1001, 1002):
        await desk.says("sam", f"cover {number} time_and_materials It is new")
    await desk.says("sam", "quote 1001 6000 A great deal")
    await desk.says("sam", "quote 1002 30 A little")
    for number in (1001, 1002):
        await desk.says("ann", f"solved {number}")
    await desk.says("sam", "merge 1002 1001")
    for line in ("accept 1002 quote-1", "confirm 1002 r1", "confirm 1001 r1"):
        assert str(await desk.presses_line("ann", line)).startswith("Case #1001 has changed since"), line
    assert "waiting for the customer's answer" in desk.card()


async def test_what_the_desk_judged_is_not_overwritten_by_a_late_answer(desk: World) -> None:
    await desk.says("ann", BROKEN)
    await desk.says("ann", "Error 500")
    await desk.says("sam", "priority 1001 low Only one form")
    await desk.says("ann", "critical")
    assert "Priority: Low" in desk.card()


async def test_nobody_is_asked_a_question_of_the_other_side(case: World) -> None:
    for line in ("note 1001", "force-close 1001", "assign 1001"):
        assert str(await case.says("ann", line)).startswith("That is not yours to do."), line


async def test_a_line_of_the_desks_never_leaves_as_words_to_the_customer(case: World) -> None:
    await case.says("sam", "reply 1001")
    await case.says("sam", "queue at risk")
    assert "queue" not in case.last("ann")


async def test_what_the_desk_is_told_stays_out_of_a_room_where_customers_read(case: World) -> None:
    await case.says("sam", "note 1001 They are grumpy")
    await case.says("sam", "show 1001", room="shared", personal=False)
    assert "grumpy" not in "".join(case.heard("shared"))
    assert "grumpy" in case.last("sam")


async def test_an_answer_given_where_the_customer_is_stands_there(desk: World) -> None:
    """A slash command shows nobody anything: the words must be said."""
    await desk.says("ann", BROKEN, room="shared", personal=False)
    await desk.says("sam", "/support reply 1001 We look", room="shared", personal=False, at_once=True, visible=False)
    assert "> We look" in "".join(desk.heard("shared"))


async def test_two_dead_rooms_of_the_desk_do_not_write_to_each_other_for_ever(desk: World) -> None:
    def second_room(work) -> None:
        room = work.conversation("fake", "", "desk two")
        room.desk = True
        work.add(room)

    await desk.store.write(second_room)

    def gone(out: Outgoing) -> None:
        if out.to.room.startswith("desk"):
            raise Undeliverable("gone")

    desk.fake.before = gone
    await asyncio.wait_for(desk.says("ann", BROKEN), 30)
    assert desk.fake.sends < 20


async def test_a_case_that_cannot_be_read_silences_no_other_warning(case: World) -> None:
    await opened(case, "eve", "Exports fail")

    def spoil(work) -> None:
        row = work.case(1001, None)
        row.plan = "websan/gone"
        work.add(row)

    await case.store.write(spoil)
    await case.passes_and_warns(hours=6)
    assert any("#1002 has used 75 %" in text for text in case.heard("desk"))
    row: Case = await case.ask_store(lambda work: work.glance(1001, None))
    assert row.next_alarm_at == case.time.business + timedelta(hours=1)


async def test_a_message_that_cannot_be_read_holds_up_no_other(desk: World) -> None:
    def spoil(work) -> None:
        work.owe(work.conversation("fake", "", "ann").id, desk.time.machine, {"message": {"parts": [{"kind": "?"}]}})

    await desk.store.write(spoil)
    await desk.says("ann", "cases")
    await desk.delivery.deliver_all()
    assert "no cases" in desk.last("ann")
    row = await desk.ask_store(lambda work: work.find(Outbox, dead="it could not be drawn"))
    assert row is not None
    assert "Not delivered to Ann Lee: it could not be drawn." in desk.last("desk")


async def test_people_working_on_one_case_at_once_do_not_stand_in_each_others_way(case: World) -> None:
    """On PostgreSQL foreign keys lock what they point to: none of it may turn into a deadlock."""
    for round_ in range(5):
        await asyncio.gather(
            case.hear("ann", Said(f"/open Another matter {round_}")),
            *(case.hear(who, Said(f"reply 1001 from {who} {round_}")) for who in ("sam", "cora", "lena")),
            case.hear("cora", Said("assign 1001 sam")),
        )
    assert len(await case.ask_store(lambda work: work.live_between(0, 2000))) == 6


async def test_the_queue_is_a_list_that_can_be_read(desk: World) -> None:
    for number in range(22):
        await desk.says("ann", f"/open Matter {number}")
    await desk.says("sam", "reply 1001 On it")
    said = str(await desk.says("sam", "queue"))
    assert said.startswith("22 in the queue, soonest due first")
    assert said.count("[Show]") == 20
    assert "#1001 " not in said, "what nobody has answered comes first"


async def test_another_providers_customer_hears_no_clause_of_ours(desk: World) -> None:
    await opened(desk, "tess", "The mobile app crashes")
    await desk.says("sam", "client-caused 1001 They removed the server")
    await desk.says("sam", "quote 1001 60 Putting it back")
    assert "W38" not in "".join(desk.heard("tess"))
    assert "W24" not in "".join(desk.heard("tess"))
    assert "in writing" not in str(await desk.says("tess", "escalate 1001 please"))
