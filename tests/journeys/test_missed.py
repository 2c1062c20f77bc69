"""An agreed time is due like a promise: kept by a contact, missed without one, called off by either side (R13)."""

import pytest

from tests.world import World, opened

HEAD = "The appointment for #1001 has passed and nobody has logged a contact: Mon 19 Jan 15:00 ET."


@pytest.fixture
async def agreed(case: World) -> World:
    """Answered in time by Sam, who is to call Ann today at 15:00."""
    await case.says("sam", "take 1001")
    await case.says("sam", "reply 1001 I call you")
    await case.says("sam", "schedule 1001 today 3pm")
    await case.presses("ann", "Accept the time")
    return case


def misses(world: World, room: str) -> list[str]:
    return [text.partition("\n")[0] for text in world.heard(room) if "has logged a contact" in text]


async def test_passing_it_without_a_contact_is_recorded_and_told_at_once(agreed: World) -> None:
    """W52, W58: a time that both sides agreed on is a promise."""
    await agreed.passes_and_warns(hours=5, minutes=59)
    assert misses(agreed, "sam") == []
    assert await agreed.passes_and_warns(minutes=1) == 1
    assert [misses(agreed, room) for room in ("sam", "cora", "desk")] == [[HEAD], [HEAD], [HEAD]]
    assert misses(agreed, "lena") == misses(agreed, "ann") == []
    assert "Appointment: Mon 19 Jan 15:00 ET, missed" in agreed.card()
    shown = str(await agreed.says("lena", "show 1001"))
    assert "the clock found the appointment missed: Mon 19 Jan 15:00 ET" in shown
    assert "- the missed appointment: to Sam Ortiz (fake): sent" in shown


async def test_then_it_climbs_until_a_contact_is_logged(agreed: World) -> None:
    await agreed.passes_and_warns(hours=6)
    for _ in range(2):
        assert await agreed.passes_and_warns(minutes=30) == 1
    assert len(misses(agreed, "lena")) == 2
    await agreed.says("sam", "call 1001 Talked it through")
    assert await agreed.passes_and_warns(hours=1) == 0
    assert "Appointment: Mon 19 Jan 15:00 ET, missed and made up for" in agreed.card()


async def test_or_is_acknowledged_for_half_an_hour(agreed: World) -> None:
    await agreed.passes_and_warns(hours=6)
    await agreed.says("cora", "ack 1001")
    assert await agreed.passes_and_warns(minutes=29) == 0
    assert await agreed.passes_and_warns(minutes=1) == 1


@pytest.mark.parametrize("line", ["call 1001 Talked it through", "reply 1001 Here is what we agreed"])
async def test_a_contact_around_it_keeps_it(agreed: World, line: str) -> None:
    agreed.passes(hours=5, minutes=30)
    await agreed.says("sam", line)
    assert "Appointment: Mon 19 Jan 15:00 ET, kept" in agreed.card()
    assert await agreed.passes_and_warns(hours=1) == 0


async def test_a_reply_long_before_it_does_not(agreed: World) -> None:
    agreed.passes(hours=5)
    await agreed.says("sam", "reply 1001 Talk to you soon")
    assert await agreed.passes_and_warns(hours=1) == 1
    assert misses(agreed, "sam") == [HEAD]


@pytest.mark.parametrize("who", ["ann", "sam"])
async def test_either_side_calls_it_off(agreed: World, who: str) -> None:
    assert "[Call it off]" in str(await agreed.says(who, "status 1001"))
    said = str(await agreed.says(who, "decline 1001 slot-1 agreed"))
    assert said.startswith("Called off, for case #1001: Mon 19 Jan 15:00 ET.")
    assert "called off the appointment for #1001: Mon 19 Jan 15:00 ET." in agreed.last("sam" if who == "ann" else "ann")
    assert "Appointment: Mon 19 Jan 15:00 ET, called off" in agreed.card()
    await agreed.passes_and_warns(hours=6)
    assert misses(agreed, "sam") == []
    assert str(await agreed.says(who, "decline 1001 slot-1 agreed")).startswith("Case #1001 has changed")


async def test_an_old_button_of_the_proposal_undoes_no_agreement(agreed: World) -> None:
    for line in ("decline 1001 slot-1", "decline 1001 slot-2 agreed"):
        assert str(await agreed.presses_line("ann", line)).startswith("Case #1001 has changed"), line
    assert str(await agreed.says("ann", "decline 1001")).startswith("Nothing waits for your answer on case #1001.")
    assert "Appointment: Mon 19 Jan 15:00 ET, agreed" in agreed.card()


async def test_what_the_customer_waits_for_is_the_appointment_and_not_another_answer(agreed: World) -> None:
    """R5: no steps of the next answer's clock meanwhile, unless they write again."""
    await agreed.says("ann", "reply 1001 Which number will you call?")
    await agreed.says("sam", "schedule 1001 today 4pm")
    await agreed.presses("ann", "Accept the time")
    assert await agreed.passes_and_warns(hours=4) == 0
    await agreed.says("ann", "reply 1001 Are you there?")
    assert await agreed.passes_and_warns(hours=2) == 1
    assert "The customer waits for the next answer" in agreed.last("sam")


async def test_the_first_answer_is_promised_whatever_is_agreed(case: World) -> None:
    await case.says("sam", "schedule 1001 tomorrow 3pm")
    await case.presses("ann", "Accept the time")
    assert await case.passes_and_warns(hours=2) == 1
    assert "has used 50 %" in case.last("desk")


async def test_a_step_that_was_told_is_not_told_again_on_account_of_the_appointment(case: World) -> None:
    await case.says("sam", "schedule 1001 today 11:30am")
    await case.presses("ann", "Accept the time")
    await case.passes_and_warns(hours=2)
    await case.passes_and_warns(minutes=30)
    assert len([text for text in case.heard("desk") if "has logged a contact" in text]) == 1
    shown = str(await case.says("lena", "show 1001"))
    assert shown.count("the clock warned: 50 % of the response time") == 1
    assert shown.count("the clock warned: the missed appointment") == 1


async def test_outside_business_hours_only_those_are_woken_who_asked_for_it(agreed: World) -> None:
    await agreed.says("ann", "schedule 1001 today 8pm")
    await agreed.presses("sam", "Accept the time")
    await agreed.says("cora", "any-hour on")
    await agreed.passes_and_warns(hours=11)
    assert [len(misses(agreed, room)) for room in ("sam", "cora", "desk")] == [0, 1, 0]
    assert ", missed" in agreed.card()
    await agreed.passes_and_warns(hours=12)
    assert [len(misses(agreed, room)) for room in ("sam", "cora", "desk")] == [1, 1, 1]


async def test_a_closed_case_misses_nothing_and_neither_does_it_when_it_comes_back(agreed: World) -> None:
    await agreed.says("sam", "close 1001 Done already")
    await agreed.presses("ann", "Yes, close it")
    assert await agreed.passes_and_warns(hours=7) == 0
    await agreed.says("ann", "reopen 1001")
    assert await agreed.passes_and_warns(minutes=1) == 0
    assert "called off" in agreed.card()


async def test_a_provider_without_published_hours_keeps_appointments_all_the_same(desk: World) -> None:
    """R12: nothing else of it warns, and there are no business minutes to climb by."""
    await opened(desk, "tess", "Exports fail")
    await desk.says("sam", "schedule 1001 saturday 9am")
    await desk.presses("tess", "Accept the time")
    assert await desk.passes_and_warns(days=6) == 1
    assert len(misses(desk, "desk")) == 1
    assert await desk.passes_and_warns(days=1) == 0
