"""Each warning is accounted for: whom it was for, and whether it was sent, seen, acknowledged or went on to another."""

from collections.abc import Callable

from bot.channel import Outgoing, Undeliverable
from tests.world import World

WARNED = "Who was warned\n"


def dies(*rooms: str) -> Callable[[Outgoing], None]:
    def before(out: Outgoing) -> None:
        if out.to.room in rooms:
            raise Undeliverable("account_inactive")

    return before


async def shown(world: World) -> list[str]:
    said = str(await world.says("lena", "show 1001"))
    return said.partition(WARNED)[2].splitlines()


async def test_each_step_says_whom_it_was_for_and_that_it_was_sent(case: World) -> None:
    await case.passes_and_warns(hours=2)
    await case.passes_and_warns(hours=1)
    assert await shown(case) == [
        "- 50 % of the response time: to the desk (fake): sent",
        "- 75 % of the response time: to Cora Diaz (fake): sent",
        "- 75 % of the response time: to the desk (fake): sent",
    ]
    assert WARNED not in str(await case.says("ann", "show 1001"))


async def test_who_acknowledged_a_step_is_said_with_it(case: World) -> None:
    await case.says("sam", "take 1001")
    await case.passes_and_warns(hours=3)
    await case.presses("cora", "Acknowledge")
    rows = await shown(case)
    assert [row for row in rows if "Sam Ortiz" in row] == [
        "- 75 % of the response time: to Sam Ortiz (fake): sent; acknowledged by Cora Diaz"
    ]
    await case.passes_and_warns(hours=1, minutes=30)
    assert [row for row in await shown(case) if "acknowledged" in row and "100 %" in row] == []


async def test_what_had_not_left_when_the_case_was_answered_was_withdrawn(case: World) -> None:
    case.passes(hours=3)
    await case.escalation.round()
    await case.says("sam", "reply 1001 On it")
    assert {row.rpartition(": ")[2] for row in await shown(case)} == {"withdrawn before it left"}


async def test_a_ping_that_dies_goes_on_to_another_address(case: World) -> None:
    await case.says("sam", "take 1001")
    case.fake.before = dies("sam")
    await case.passes_and_warns(hours=2)
    assert [row for row in await shown(case) if "50 %" in row] == [
        "- 50 % of the response time: to Sam Ortiz (fake): not delivered, account_inactive",
        "- 50 % of the response time: instead to sam@desk.example (email): sent",
    ]


async def test_where_a_person_has_no_other_address_the_step_goes_on_to_the_desks_room(case: World) -> None:
    """R10: never silently nowhere."""
    await case.says("sam", "take 1001")
    case.fake.before = dies("sam")
    case.channels["email"].before = dies("sam@desk.example")  # type: ignore[attr-defined]
    await case.passes_and_warns(hours=2)
    assert [row for row in await shown(case) if "50 %" in row] == [
        "- 50 % of the response time: to Sam Ortiz (fake): not delivered, account_inactive",
        "- 50 % of the response time: instead to sam@desk.example (email): not delivered, account_inactive",
        "- 50 % of the response time: instead to the desk (fake): sent",
    ]
    [passed_on] = [post for post in case.posts("desk") if "has used 50 %" in post.text and post.buttons]
    assert [button.label for button in passed_on.buttons] == ["Acknowledge", "Reply", "Reassign"]


async def test_but_not_again_to_a_room_that_was_told_of_the_step(case: World) -> None:
    case.fake.before = dies("cora")
    case.channels["email"].before = dies("cora@desk.example")  # type: ignore[attr-defined]
    await case.passes_and_warns(hours=3)
    rows = [row for row in await shown(case) if "75 %" in row]
    assert [row for row in rows if "the desk" in row] == ["- 75 % of the response time: to the desk (fake): sent"]


async def test_where_the_desks_own_room_is_gone_its_leads_hear_the_step(case: World) -> None:
    case.fake.before = dies("desk")
    await case.passes_and_warns(hours=2)
    assert [row for row in await shown(case) if "50 %" in row] == [
        "- 50 % of the response time: to the desk (fake): not delivered, account_inactive",
        "- 50 % of the response time: instead to Lena Park (fake): sent",
    ]
