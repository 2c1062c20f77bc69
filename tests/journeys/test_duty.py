"""Who hears the ladder while people are away, on call, asleep or never met; and how the desk says so itself (R10)."""

from datetime import date

from store.tables import Absence, Person, Rota
from store.work import Work
from tests.world import MONDAY, World

CRITICAL = "Nobody can work, the CRM is down"


async def rota(world: World, *names: str, days: int = 7) -> World:
    """From Monday 9:00 on, in New York."""

    def keep(work: Work) -> None:
        ids = [person(work, name).id for name in names]
        begins = date(2026, 1, 19)
        work.add(Rota(name="Nights", people=ids, begins=begins, handover="09:00", zone="America/New_York", days=days))

    await world.store.write(keep)
    return world


def person(work: Work, name: str) -> Person:
    return next(each for each in work.staff() if (each.email or "").startswith(name))


def warned(world: World, room: str) -> list[str]:
    return [text.partition("\n")[0] for text in world.heard(room) if "response time" in text.partition("\n")[0]]


def criticals(world: World, room: str) -> int:
    return len([text for text in world.heard(room) if "reported as critical" in text])


async def test_critical_reaches_concierge_and_on_call_once_each_even_at_night(desk: World) -> None:
    await rota(desk, "sam")
    desk.passes(hours=12)
    await desk.says("ann", CRITICAL)
    for _ in range(2):
        await desk.says("ann", "skip")
    assert [criticals(desk, who) for who in ("cora", "sam", "lena")] == [1, 1, 0]


async def test_critical_of_a_company_without_a_concierge_reaches_the_desks_room(desk: World) -> None:
    await rota(desk, "sam")
    await desk.says("eve", CRITICAL)
    assert [criticals(desk, room) for room in ("desk", "sam", "cora")] == [1, 1, 0]


async def test_the_receipt_of_a_critical_case_shows_the_phone_and_that_no_weekend_cover_is_published(
    desk: World,
) -> None:
    said = str(await desk.says("ann", CRITICAL))
    assert "Phone: (866) 4-WEBSAN (932726), +1-866-493-2726\nWeekend cover: not published (W47)" in said
    assert "Weekend cover" not in str(await desk.says("eve", "The form is broken"))


async def test_who_says_only_later_that_it_is_critical_is_told_then_and_once(desk: World) -> None:
    said = str(await desk.says("ann", "The form is broken"))
    assert "Weekend cover" not in said
    await desk.says("ann", "skip")
    said = str(await desk.says("ann", "critical"))
    assert "The desk is told at once that case #1001 is critical.\nPhone: (866) 4-WEBSAN" in said
    assert "Weekend cover" not in str(await desk.says("ann", "skip"))


async def test_warnings_of_who_is_away_go_to_the_stand_in(case: World) -> None:
    await case.says("sam", "take 1001")
    said = await case.says("sam", "away until tomorrow 10am lena")
    assert said == "You are away until Tue 20 Jan 10:00 ET (New York).\nYour warnings go to Lena Park." or said == (
        "You are away until Tue 20 Jan 10:00 New York.\nYour warnings go to Lena Park."
    )
    assert case.last("lena").startswith("Sam Ortiz (support desk) is away until Tue 20 Jan 10:00 New York.")
    await case.passes_and_warns(hours=2)
    assert warned(case, "lena") == ["#1001 has used 50 % of its response time."]
    assert warned(case, "sam") == []


async def test_and_on_to_whoever_stands_in_for_the_stand_in(case: World) -> None:
    await case.says("sam", "take 1001")
    await case.says("sam", "away tomorrow lena")
    await case.says("lena", "away friday cora")
    await case.passes_and_warns(hours=2)
    assert warned(case, "cora") == ["#1001 has used 50 % of its response time."]


async def test_a_circle_of_stand_ins_is_refused(case: World) -> None:
    await case.says("sam", "away tomorrow lena")
    assert await case.says("lena", "away friday sam") == "Sam Ortiz is away then, and you stand in for them."
    assert str(await case.says("lena", "away friday lena")).startswith("I know nobody on the desk called")
    assert len(await case.ask_store(Work.absences, MONDAY)) == 1


async def test_a_concierge_away_without_a_stand_in_leaves_it_to_whoever_is_on_call(case: World) -> None:
    await rota(case, "sam")
    await case.says("cora", "away friday")
    await case.says("lena", "take 1001")
    await case.passes_and_warns(hours=3)
    assert warned(case, "sam") == warned(case, "lena") == ["#1001 has used 75 % of its response time."]
    assert warned(case, "cora") == warned(case, "desk") == []


async def test_and_where_nobody_is_on_call_either_to_the_desks_room(case: World) -> None:
    await case.says("cora", "away friday")
    await case.says("lena", "take 1001")
    await case.passes_and_warns(hours=3)
    assert warned(case, "desk") == ["#1001 has used 75 % of its response time."]
    assert warned(case, "cora") == []


async def test_the_one_on_call_who_is_away_is_followed_by_the_next_in_turn(desk: World) -> None:
    await rota(desk, "sam", "lena")
    await desk.says("sam", "away friday")
    await desk.says("ann", CRITICAL)
    assert [criticals(desk, who) for who in ("sam", "lena", "cora")] == [0, 1, 1]


async def test_back_means_that_warnings_reach_them_again(case: World) -> None:
    await case.says("sam", "take 1001")
    assert await case.says("sam", "back") == "You were not away."
    await case.says("sam", "away friday lena")
    case.passes(minutes=5)
    assert await case.says("sam", "back") == "Welcome back. Warnings reach you again."
    await case.passes_and_warns(hours=2)
    assert warned(case, "sam") == ["#1001 has used 50 % of its response time."]
    assert warned(case, "lena") == []


async def test_away_again_takes_the_place_of_the_absence_that_lasts(case: World) -> None:
    await case.says("sam", "away friday lena")
    await case.says("sam", "away thursday 3pm")
    [row] = await case.ask_store(Work.absences, MONDAY)
    assert isinstance(row, Absence)
    assert (row.stand_in_id, row.ends) == (None, MONDAY.replace(day=22, hour=20))


async def test_nonsense_is_answered_with_an_example(case: World) -> None:
    told = "I can't tell which time that is. Say it like this: away tomorrow 10am"
    for line in ("away lena", "/away bananas", "away until"):
        assert await case.says("sam", line) == told, line
    assert await case.says("sam", "away yesterday") == "That time is past."
    assert str(await case.says("sam", "away friday nobody")).startswith("I know nobody on the desk called nobody")
    assert await case.says("sam", "/any-hour maybe") == "maybe is none of these: on, off."
    assert str(await case.says("ann", "/away friday")).startswith("That is not yours to do.")


async def test_on_call_tells_who_it_is_until_when_and_who_comes_next(case: World) -> None:
    assert await case.says("sam", "on-call") == "Nobody is on call: no rota has begun."
    await rota(case, "sam", "lena")
    assert await case.says("cora", "on-call") == (
        "On call\n- Nights: Sam Ortiz until Mon 26 Jan 09:00 New York; then Lena Park"
    )
    await case.says("sam", "away friday lena")
    assert "Nights: Lena Park in place of Sam Ortiz, until" in str(await case.says("cora", "on-call"))


async def test_after_a_night_without_the_server_nobody_is_woken_but_who_asked_for_it(case: World) -> None:
    """R10: nothing else pings outside hours unless a person opted in."""
    assert await case.says("lena", "any-hour on") == "Warnings reach you at any hour."
    case.passes(hours=11)
    await case.escalation.round()
    await case.delivery.deliver_all()
    late = "#1001 is past its response time and nobody has answered."
    assert [warned(case, who) for who in ("lena", "cora", "desk")] == [[late], [], []]
    assert await case.passes_and_warns(hours=11) == 0
    assert await case.passes_and_warns(hours=1) == 1
    assert [warned(case, who) for who in ("lena", "cora", "desk")] == [[late], [late], [late]]
    shown = str(await case.says("sam", "show 1001"))
    assert shown.count("warned: 100 % of the response time, step 10 after it") == 1, shown


async def test_who_asked_no_more_is_left_alone(case: World) -> None:
    await case.says("lena", "any-hour on")
    said = "Warnings reach you in business hours; a critical case at any hour."
    assert await case.says("lena", "any-hour off") == said
    case.passes(hours=11)
    await case.escalation.round()
    await case.delivery.deliver_all()
    assert warned(case, "lena") == []


async def test_what_falls_on_closing_time_is_still_told_then(case: World) -> None:
    await case.passes_and_warns(hours=8)
    case.passes(hours=1, seconds=1)
    assert await case.escalation.round() == 1


async def test_whom_nobody_has_ever_met_is_told_in_the_desks_room(case: World) -> None:
    def forget(work: Work) -> None:
        cora = person(work, "cora")
        cora.conversation_id = None
        work.add(cora)

    await case.store.write(forget)
    await case.says("sam", "take 1001")
    await case.passes_and_warns(hours=3)
    assert warned(case, "desk") == ["#1001 has used 75 % of its response time."]
