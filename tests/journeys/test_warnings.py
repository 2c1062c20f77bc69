"""Somebody is told before a promise is broken, once each, and others after them until somebody answers (R10, R11)."""

import asyncio

from bot.incoming import Said
from tests.world import BROKEN, World, opened


def warnings(world: World, room: str) -> list[str]:
    return [text.partition("\n")[0] for text in world.heard(room) if "response time." in text or "past its" in text]


async def test_half_the_time_tells_the_desk_while_nobody_has_it(case: World) -> None:
    assert await case.passes_and_warns(hours=2) == 1
    assert warnings(case, "desk") == ["#1001 has used 50 % of its response time."]
    assert warnings(case, "cora") == []


async def test_half_the_time_tells_whoever_has_it_and_nobody_else(case: World) -> None:
    await case.says("sam", "take 1001")
    await case.passes_and_warns(hours=2)
    assert warnings(case, "sam") == ["#1001 has used 50 % of its response time."]
    assert warnings(case, "desk") == warnings(case, "cora") == []


async def test_three_quarters_tell_the_concierge_with_all_she_needs_and_one_press_each(case: World) -> None:
    """C5, W13."""
    await case.passes_and_warns(hours=2)
    await case.passes_and_warns(hours=1)
    assert case.last("cora") == (
        "#1001 has used 75 % of its response time.\n"
        "1 business hour left\n"
        "Subject: The quote form is broken since this morning\n"
        "Customer: Ann Lee, Northwind\n"
        "Plan: Success with CRM\n"
        "Priority: not said\n"
        "With: nobody yet\n"
        "Expected response: by Mon 19 Jan 13:00 ET, 4 business hours (W46)\n"
        "[Acknowledge] [Take] [Reply] [Reassign]"
    )


async def test_without_a_concierge_the_desks_room_hears_it(desk: World) -> None:
    """W13: Base has none."""
    await opened(desk, "eve")
    await desk.says("sam", "take 1001")
    await desk.passes_and_warns(hours=6)
    assert warnings(desk, "sam") == ["#1001 has used 75 % of its response time."]


async def test_past_the_time_the_lead_and_the_providers_address_hear_it_too(case: World) -> None:
    """W53, R10."""
    await case.passes_and_warns(hours=4)
    for room in ("cora", "lena"):
        assert warnings(case, room) == ["#1001 is past its response time and nobody has answered."]
    mails = case.channels["email"].posts  # type: ignore[attr-defined]
    assert [mail.room for mail in mails] == ["support@websan.com"]
    assert "no time left" in mails[0].text


async def test_after_downtime_only_the_highest_is_sent(case: World) -> None:
    await case.passes_and_warns(hours=4, minutes=5)
    assert warnings(case, "cora") == ["#1001 is past its response time and nobody has answered."]
    assert await case.passes_and_warns(minutes=1) == 0


async def test_the_provider_is_written_to_once_however_late_the_breach_is_noticed(case: World) -> None:
    await case.passes_and_warns(hours=5)
    await case.passes_and_warns(minutes=30)
    letters = [post.text for post in case.channels["email"].posts]  # type: ignore[attr-defined]
    assert [text for text in letters if "#1001 is past its response time" in text] == letters
    assert len(letters) == 1


async def test_it_climbs_every_half_hour_until_somebody_answers(case: World) -> None:
    for _ in range(4):
        await case.passes_and_warns(hours=1)
    for _ in range(3):
        await case.passes_and_warns(minutes=30)
    assert len(warnings(case, "lena")) == 4
    await case.says("sam", "reply 1001 On it")
    assert await case.passes_and_warns(hours=3) == 0


async def test_nothing_climbs_outside_business_hours(case: World) -> None:
    await case.passes_and_warns(hours=9)
    heard = len(warnings(case, "lena"))
    assert await case.passes_and_warns(hours=10) == 0
    assert len(warnings(case, "lena")) == heard


async def test_an_acknowledgement_stops_the_ladder_for_half_an_hour_and_not_the_clock(case: World) -> None:
    """R11."""
    await case.passes_and_warns(hours=4)
    assert "Cora Diaz" not in case.last("desk")
    answer = str(await case.presses("cora", "Acknowledge"))
    assert answer.endswith("its clock does not.\n[Take] [Reply] [Reassign]"), "not again what was just pressed"
    assert "Cora Diaz (concierge) sees to #1001." in case.last("desk")
    assert await case.passes_and_warns(minutes=29) == 0
    assert await case.passes_and_warns(minutes=2) == 1
    assert case.last("cora").endswith("[Acknowledge] [Take] [Reply] [Reassign]"), "it has lapsed"
    await case.says("sam", "reply 1001 Sorry")
    assert "First response: late" in case.card()


async def test_taking_a_case_or_noting_something_stops_no_warning(case: World) -> None:
    await case.says("sam", "take 1001")
    await case.says("sam", "note 1001 on my way")
    assert await case.passes_and_warns(hours=2) == 1


async def test_a_case_that_is_over_or_answered_warns_nobody(case: World) -> None:
    await case.says("ann", "withdraw 1001")
    assert await case.passes_and_warns(hours=9) == 0


async def test_each_warning_goes_out_once_however_many_replicas_look(case: World) -> None:
    case.passes(hours=3)
    rounds = await asyncio.gather(*(case.escalation.round() for _ in range(5)))
    await case.delivery.deliver_all()
    assert sum(rounds) == 1
    assert len(warnings(case, "cora")) == 1


async def test_critical_reaches_the_concierge_at_once_even_at_night(desk: World) -> None:
    """R10: proposed critical, out of hours."""
    desk.passes(hours=12)
    await desk.says("ann", "Nobody can work, the CRM is down")
    assert desk.last("cora").startswith("#1001 was reported as critical.")
    await desk.says("ann", "skip")
    assert len([text for text in desk.heard("cora") if "critical" in text]) == 1


async def test_a_warning_that_has_not_left_is_withdrawn_when_the_case_is_answered(case: World) -> None:
    case.passes(hours=3)
    await case.escalation.round()
    await case.hear("sam", Said("reply 1001 On it"))
    await case.delivery.deliver_all()
    assert warnings(case, "cora") == []


async def test_what_the_clock_did_stays_on_the_desks_side(case: World) -> None:
    await case.passes_and_warns(hours=3)
    assert "the clock warned: 75 % of the response time" in str(await case.says("sam", "show 1001"))
    assert "warned" not in str(await case.says("ann", "status 1001"))


async def test_a_case_without_a_published_time_warns_nobody(desk: World) -> None:
    """R12, T7."""
    await desk.says("ann", BROKEN)

    def unpublished(work) -> None:
        case = work.case(1001, None)
        case.target_minutes = case.due_at = None
        work.add(case)

    await desk.store.write(unpublished)
    assert await desk.passes_and_warns(hours=9) == 1  # looked at, and left alone from then on
    assert warnings(desk, "desk") == []
    assert await desk.passes_and_warns(hours=9) == 0


async def test_a_customer_sees_which_of_their_own_cases_run_short_of_time(case: World) -> None:
    assert await case.says("ann", "what is at risk?") == "None of your company's cases is short of time."
    case.passes(hours=3)
    assert "#1001" in str(await case.says("bob", "what is at risk?"))
    assert "#1001" not in str(await case.says("eve", "at-risk"))
