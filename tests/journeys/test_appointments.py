"""Both sides agree on a time: either proposes, the other accepts, declines or proposes another (W29, W58)."""

import asyncio
import threading
from datetime import timedelta

import pytest

from bot import dispatch
from bot.forms import ShowForm
from bot.incoming import Said, User
from bot.understanding import Intent, Scene, timed
from store.tables import Tenant
from store.work import Work
from tests.world import World, opened

STALE = "Case #1001 has changed since you were asked."


async def test_the_desk_proposes_and_the_customer_accepts(case: World) -> None:
    said = await case.says("sam", "schedule 1001 tomorrow 10am")
    assert said == (
        "You propose an appointment for case #1001: Tue 20 Jan 10:00 ET. It counts once the customer accepts it."
    )
    assert case.last("ann") == (
        "Sam Ortiz (support desk) proposes an appointment for #1001: Tue 20 Jan 10:00 ET.\n"
        "[Accept the time] [Another time] [Decline the time]"
    )
    assert "Appointment: Tue 20 Jan 10:00 ET, proposed by Sam Ortiz (support desk)" in case.card()
    assert await case.presses("ann", "Accept the time") == "Agreed, for case #1001: Tue 20 Jan 10:00 ET."
    assert "Appointment: Tue 20 Jan 10:00 ET, agreed" in case.card()
    assert "Ann Lee (customer) accepted the appointment for #1001: Tue 20 Jan 10:00 ET." in case.last("desk")


async def test_the_customer_proposes_the_desk_counters_and_the_customer_accepts(case: World) -> None:
    await case.says("ann", "schedule 1001 friday 2-3pm")
    assert "Ann Lee (customer) proposes an appointment for #1001: Fri 23 Jan 14:00 ET until Fri 23 Jan 15:00 ET." in (
        case.last("desk")
    )
    assert await case.presses("sam", "Another time", room="desk") == "When?"
    assert "Thu 22 Jan 11:00 ET" in str(await case.says("sam", "thursday 11am", room="desk"))
    assert "[Accept the time]" in case.last("ann")
    await case.presses("ann", "Accept the time")
    assert "Appointment: Thu 22 Jan 11:00 ET, agreed" in case.card()


async def test_the_desk_accepts_what_the_customer_proposed(case: World) -> None:
    await case.says("ann", "schedule 1001 tomorrow 10am")
    await case.presses("sam", "Accept the time", room="desk")
    assert "Sam Ortiz (support desk) accepted the appointment for #1001: Tue 20 Jan 10:00 ET." in case.last("ann")
    assert "Appointment: Tue 20 Jan 10:00 ET, agreed" in case.card()


async def test_a_declined_time_is_declined_and_another_one_can_follow(case: World) -> None:
    await case.says("sam", "schedule 1001 tomorrow 10am")
    said = await case.presses("ann", "Decline the time")
    assert said == "Declined, for case #1001: Tue 20 Jan 10:00 ET.\n[Another time]"
    assert "Ann Lee (customer) declined the appointment for #1001: Tue 20 Jan 10:00 ET." in case.last("desk")
    assert "Appointment: Tue 20 Jan 10:00 ET, declined" in case.card()
    assert await case.presses("ann", "Another time") == "When?"
    await case.says("ann", "wednesday at noon")
    assert "Appointment: Wed 21 Jan 12:00 ET, proposed by Ann Lee (customer)" in case.card()


async def test_only_the_time_that_was_seen_can_be_accepted_and_only_once(case: World) -> None:
    await case.says("sam", "schedule 1001 tomorrow 10am")
    await case.says("sam", "schedule 1001 tomorrow 11am")
    assert str(await case.presses_line("ann", "accept 1001 slot-1")).startswith(STALE)
    assert str(await case.presses_line("ann", "decline 1001 slot-1")).startswith(STALE)
    await case.presses_line("ann", "accept 1001 slot-2")
    assert "Appointment: Tue 20 Jan 11:00 ET, agreed" in case.card()
    for line in ("accept 1001 slot-2", "decline 1001 slot-2"):
        assert str(await case.presses_line("ann", line)).startswith(STALE)
    assert str(await case.says("ann", "accept 1001")).startswith("Nothing waits for your answer on case #1001.")


async def test_two_answers_at_once_are_one(case: World) -> None:
    await case.says("sam", "schedule 1001 tomorrow 10am")
    await asyncio.gather(case.hear("ann", Said("accept 1001 slot-1")), case.hear("bob", Said("decline 1001 slot-1")))
    await case.delivery.deliver_all()
    assert [room for room in ("ann", "bob") if STALE in case.last(room)] != []
    assert len([text for text in case.heard("desk") if "ed the appointment" in text]) == 1


async def test_nobody_accepts_what_their_own_side_proposed(case: World) -> None:
    await case.says("ann", "schedule 1001 tomorrow 10am")
    assert "[Accept the time]" not in str(await case.says("ann", "status 1001"))
    for who in ("ann", "bob"):
        for line in ("accept 1001 slot-1", "decline 1001 slot-1", "accept 1001"):
            said = str(await case.says(who, line))
            assert said == "Your own side proposed that time for case #1001, so the other side answers it."
    await case.says("sam", "schedule 1001 tomorrow 11am")
    assert str(await case.says("cora", "accept 1001")).startswith("Your own side proposed")


async def test_a_time_that_is_past_is_neither_proposed_nor_accepted(case: World) -> None:
    for when in ("yesterday", "today 8am", "last friday", "2 days ago", "5 January 2020 10am"):
        assert await case.says("sam", f"schedule 1001 {when}") == "That time is past.", when
    await case.says("sam", "schedule 1001 today 11am")
    case.passes(hours=3)
    assert await case.presses("ann", "Accept the time") == "That time is past."
    assert "[Accept the time]" not in str(await case.says("ann", "status 1001"))


async def test_nonsense_is_answered_with_an_example(case: World) -> None:
    for when in ("bananas", "25:00", "the last straw", "31 april", "1 may 9999"):
        said = await case.says("ann", f"schedule 1001 {when}")
        assert said == "I can't tell which time that is. Say it like this: schedule 1001 tomorrow 10am", when
    assert "Appointment" not in case.card()


async def test_outside_business_hours_it_says_so_and_names_the_nearest_time_within(case: World) -> None:
    told = "That is outside business hours. The nearest time within hours is Fri 23 Jan 17:00 ET."
    said = str(await case.says("ann", "schedule 1001 saturday 3pm"))
    assert said.startswith("You propose an appointment for case #1001: Sat 24 Jan 15:00 ET.")
    assert said.endswith(f"{told}\n[Propose Fri 23 Jan 17:00 ET instead]")
    assert told in case.last("desk")
    await case.presses("sam", "Accept the time", room="desk")
    assert "Appointment: Sat 24 Jan 15:00 ET, agreed" in case.card()


async def test_the_nearest_time_within_hours_is_one_press_away(case: World) -> None:
    await case.says("ann", "schedule 1001 saturday 3pm")
    said = str(await case.presses("ann", "Propose Fri 23 Jan 17:00 ET instead"))
    assert said.startswith("You propose an appointment for case #1001: Fri 23 Jan 17:00 ET.")
    assert "outside business hours" not in said
    await case.says("ann", "schedule 1001 saturday 3pm for 2 hours")
    said = str(await case.presses("ann", "Propose Fri 23 Jan 16:00 ET instead"))
    assert ": Fri 23 Jan 16:00 ET until Fri 23 Jan 18:00 ET." in said


async def test_each_reads_it_in_the_providers_zone_and_their_own_and_says_it_in_theirs(desk: World) -> None:
    """R15."""
    await opened(desk, "eve", "Exports fail")
    said = str(await desk.says("eve", "schedule 1001 tomorrow 4pm"))
    assert "Tue 20 Jan 11:00 ET (16:00 London)" in said
    assert "Tue 20 Jan 11:00 ET." in desk.last("desk")
    await desk.says("sam", "schedule 1001 tomorrow 4pm")
    assert "Tue 20 Jan 16:00 ET (21:00 London)" in desk.last("eve")
    assert "Appointment: Tue 20 Jan 16:00 ET (21:00 London), proposed by" in str(await desk.says("eve", "status 1001"))


async def test_where_no_zone_is_known_of_them_the_channels_holds(case: World) -> None:
    def forget(work: Work) -> None:
        ann = next(person for person in work.customers() if person.name == "Ann Lee")
        ann.zone = None
        work.add(ann)

    await case.store.write(forget)
    said = str(await case.says("ann", "schedule 1001 tomorrow 4pm", by=User("ann", zone="Europe/Paris")))
    assert "Tue 20 Jan 10:00 ET (16:00 Paris)" in said
    assert "Tue 20 Jan 16:00 ET." in str(await case.says("ann", "schedule 1001 tomorrow 4pm"))


async def test_no_hours_are_said_of_a_provider_that_publishes_none(desk: World) -> None:
    await opened(desk, "tess", "Exports fail")
    said = str(await desk.says("tess", "schedule 1001 saturday 3am"))
    assert said.startswith("You propose an appointment for case #1001: Sat 24 Jan 03:00 Paris.")
    assert "business hours" not in said


@pytest.mark.parametrize("who", ["ann", "sam"])
async def test_the_time_may_come_later(case: World, who: str) -> None:
    assert await case.says(who, "schedule 1001") == "When?"
    assert await case.says(who, "bananas") == (
        "I can't tell which time that is. Say it like this: tomorrow 10am\nWhen?"
    )
    assert await case.says(who, "yesterday") == "That time is past.\nWhen?"
    assert "Tue 20 Jan 10:00 ET" in str(await case.says(who, "tomorrow at 10"))
    assert "Appointment: Tue 20 Jan 10:00 ET, proposed by" in case.card()


async def test_the_time_may_come_in_a_form(case: World) -> None:
    form = await case.presses_line("ann", "schedule 1001", forms=True, at_once=True)
    assert isinstance(form, ShowForm)
    assert [field.label for field in form.fields] == ["When?"]
    wrong = await case.fills("ann", "words", form.draft, words="bananas")
    assert isinstance(wrong, ShowForm)
    shown = [(field.label, field.answer, field.mistake) for field in wrong.fields]
    assert shown == [("When?", "bananas", "I can't tell which time that is. Say it like this: tomorrow 10am")]
    assert "Tue 20 Jan 10:00 ET" in str(await case.fills("ann", "words", form.draft, words="tomorrow 10am"))
    assert await case.fills("ann", "words", form.draft, words="tomorrow 11am") == "That question is no longer open."


async def test_a_forged_answer_is_read_as_a_time_like_any_other(case: World) -> None:
    form = await case.presses_line("ann", "schedule 1001", forms=True, at_once=True)
    assert isinstance(form, ShowForm)
    said = str(await case.presses_line("ann", f"answer {form.draft} words 2020-01-01T00:00:00+00:00"))
    assert "Appointment" not in case.card(), said
    assert "Tue 20 Jan 10:00 ET" in str(await case.presses_line("ann", f"answer {form.draft} words tomorrow 10am"))


async def test_under_a_card_a_day_is_no_case_number(case: World) -> None:
    for when in ("26 january 10am", "2026-01-26 10:00", "10:00 next monday"):
        said = str(await case.says("sam", f"/schedule {when}", room="desk", thread=case.receipt()))
        assert "for case #1001: Mon 26 Jan 10:00 ET" in said, when


async def test_the_history_tells_who_proposed_and_who_agreed(case: World) -> None:
    await case.says("sam", "schedule 1001 tomorrow 10am")
    case.passes(minutes=5)
    await case.presses("ann", "Accept the time")
    shown = str(await case.says("ann", "show 1001"))
    assert "- Mon 19 Jan 09:00 ET: Sam Ortiz proposed an appointment: Tue 20 Jan 10:00 ET" in shown
    assert "- Mon 19 Jan 09:05 ET: Ann Lee accepted the appointment: Tue 20 Jan 10:00 ET" in shown


async def test_it_is_no_answer_and_moves_no_status(case: World) -> None:
    """R2."""
    await case.says("sam", "schedule 1001 tomorrow 10am")
    await case.presses("ann", "Accept the time")
    assert "Status: new" in case.card()
    assert await case.passes_and_warns(hours=2) == 1, "nobody has answered yet"


async def test_of_a_quote_and_a_time_the_one_that_is_meant_is_named(case: World) -> None:
    await case.says("sam", "cover 1001 time_and_materials It is new")
    await case.says("sam", "quote 1001 60 A report")
    await case.says("sam", "schedule 1001 tomorrow 10am")
    said = str(await case.says("ann", "accept 1001"))
    assert said == "2 things wait for your answer on case #1001. Which one?\n[Accept the quote] [Accept the time]"
    await case.presses("ann", "Accept the quote")
    assert "Quote: 1 hour of work, accepted" in case.card()
    assert "proposed by" in case.card()
    assert str(await case.says("ann", "accept 1001")).startswith("Agreed, for case #1001: Tue 20 Jan")


async def test_to_another_company_there_is_no_such_case(case: World) -> None:
    """C1."""
    await case.says("sam", "schedule 1001 tomorrow 10am")
    for line in ("schedule 1001 tomorrow 10am", "accept 1001 slot-1", "decline 1001 slot-1", "accept 1001"):
        assert await case.says("eve", line) == "There is no case #1001.", line


async def test_a_guest_agrees_on_a_time_for_their_own_case_alone(case: World) -> None:
    def at_home(work: Work) -> None:
        account = next(person.account_id for person in work.customers() if person.name == "Ann Lee")
        work.add(Tenant(channel="fake", tenant="", account_id=account or 0))

    await case.store.write(at_home)
    await opened(case, "gus", "Exports fail")
    await case.says("gus", "schedule 1002 tomorrow 10am")
    await case.says("sam", "schedule 1002 tomorrow 11am")
    assert await case.presses("gus", "Accept the time") == "Agreed, for case #1002: Tue 20 Jan 11:00 ET."
    assert await case.says("gus", "schedule 1001 tomorrow 10am") == "There is no case #1001."


async def test_where_a_case_went_on_elsewhere_an_old_answer_is_stale(case: World) -> None:
    """R9."""
    await case.says("sam", "schedule 1001 tomorrow 10am")
    case.time = type(case.time)(case.time.business - timedelta(hours=1), case.time.machine)
    await opened(case, "bob", "Exports fail")
    case.passes(hours=1)
    await case.says("sam", "merge 1001 1002")
    assert "has changed since you were asked" in str(await case.presses_line("ann", "accept 1001 slot-1"))
    await case.says("ann", "schedule 1001 tomorrow 10am")
    assert "Appointment: Tue 20 Jan 10:00 ET, proposed by Ann Lee (customer)" in case.card(1002)


async def test_when_the_case_is_over_no_time_is_agreed(case: World) -> None:
    await case.says("sam", "schedule 1001 tomorrow 10am")
    await case.says("ann", "withdraw 1001")
    for line in ("schedule 1001 tomorrow 10am", "accept 1001 slot-1", "decline 1001 slot-1"):
        assert "so that can't be done now" in str(await case.says("ann", line))


# What can be several times is asked, never guessed.


async def asked(world: World, who: str, when: str) -> list[str]:
    """The times that are offered instead of one; nothing is proposed meanwhile."""
    said = str(await world.says(who, f"schedule 1001 {when}"))
    assert said.startswith("That can be several times. Which one do you mean?"), said
    assert "Appointment" not in world.card()
    return [button.label for button in world.posts(who)[-1].buttons]


@pytest.mark.parametrize(
    ("when", "offered"),
    [
        ("04/05 10am", ["Sun 5 Apr 2026 10:00 Toronto", "Mon 4 May 2026 10:00 Toronto"]),
        ("4.5. 10am", ["Sun 5 Apr 2026 10:00 Toronto", "Mon 4 May 2026 10:00 Toronto"]),
        ("next friday 10am", ["Fri 23 Jan 2026 10:00 Toronto", "Fri 30 Jan 2026 10:00 Toronto"]),
        ("tomorrow at 7", ["Tue 20 Jan 2026 07:00 Toronto", "Tue 20 Jan 2026 19:00 Toronto"]),
        ("friday 5 june 2027 10am", ["Fri 23 Jan 2026 10:00 Toronto", "Sat 5 Jun 2027 10:00 Toronto"]),
    ],
)
async def test_what_can_be_several_times_is_asked(case: World, when: str, offered: list[str]) -> None:
    assert await asked(case, "ann", when) == offered
    said = str(await case.presses("ann", offered[1]))
    assert said.startswith("You propose an appointment for case #1001: ")
    assert ", proposed by Ann Lee (customer)" in case.card()


async def test_what_is_asked_is_said_on_the_askers_clock(desk: World) -> None:
    """And the answer means the same, whoever's clock says otherwise."""
    await opened(desk, "eve", "Exports fail")
    offered = await asked(desk, "eve", "tomorrow at 7")
    assert offered == ["Tue 20 Jan 2026 07:00 London", "Tue 20 Jan 2026 19:00 London"]
    assert "Tue 20 Jan 14:00 ET (19:00 London)" in str(await desk.presses("eve", offered[1]))


async def test_a_question_that_is_answered_with_several_times_goes_on(case: World) -> None:
    await case.says("ann", "schedule 1001")
    said = str(await case.says("ann", "next friday at 10"))
    assert said.startswith("That can be several times. Which one do you mean?\n[")
    said = str(await case.presses("ann", "Fri 23 Jan 2026 10:00 Toronto"))
    assert "Fri 23 Jan 10:00 ET" in said
    assert "When?" not in said
    await case.says("ann", "schedule 1001")
    await case.says("ann", "04/05 10am")
    assert "Mon 4 May 10:00 ET" in str(await case.says("ann", "may 4 at 10am")), "or it is said in other words"


async def test_a_form_with_several_times_says_how_to_say_one(case: World) -> None:
    form = await case.presses_line("ann", "schedule 1001", forms=True, at_once=True)
    assert isinstance(form, ShowForm)
    wrong = await case.fills("ann", "words", form.draft, words="04/05 10am")
    assert isinstance(wrong, ShowForm)
    assert [field.mistake for field in wrong.fields] == [
        "That can be several times. Say it exactly, like this: 26 January 10am"
    ]


async def test_an_absence_until_one_of_several_times_is_asked_about_too(case: World) -> None:
    await case.says("sam", "away until 04/05 5pm lena {x}")
    assert [button.line for button in case.posts("sam")[-1].buttons] == [
        "away 2026-04-05T21:00:00+00:00 lena {x}",
        "away 2026-05-04T21:00:00+00:00 lena {x}",
    ]
    await case.says("sam", "away until 04/05 5pm lena")
    assert "Mon 4 May 17:00" in str(await case.presses("sam", "Mon 4 May 2026 17:00 New York"))


async def test_a_time_in_another_year_says_which(case: World) -> None:
    said = str(await case.says("ann", "schedule 1001 1 february 2027 10am"))
    assert "Mon 1 Feb 2027 10:00 ET" in said
    assert "Mon 1 Feb 2027 10:00 ET" in case.last("desk")
    assert "Appointment: Mon 1 Feb 2027 10:00 ET, proposed by" in case.card()


async def test_in_french_it_is_said_in_french(case: World) -> None:
    await case.says("ann", "language fr")
    await case.says("ann", "schedule 1001 demain à 14h30")
    assert "Appointment: Tue 20 Jan 14:30 ET, proposed by" in case.card()


async def test_times_are_read_off_the_loop_that_answers_everybody(case: World, monkeypatch: pytest.MonkeyPatch) -> None:
    where: list[threading.Thread] = []

    def read(intent: Intent, scene: Scene) -> Intent:
        where.append(threading.current_thread())
        return timed(intent, scene)

    monkeypatch.setattr(dispatch, "timed", read)
    await case.says("ann", "schedule 1001 26 january 10am")
    await case.says("ann", "schedule 1001")
    await case.says("ann", "27 january 10am")
    await case.presses_line("ann", "schedule 1001 28 january 10am")
    await case.says("sam", "/away until 29 january", visible=False)
    assert len(where) == 4
    assert threading.main_thread() not in where
