"""What the desk owes to people in Teams arrives, in order and within Teams' limits, or it is said why not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from adapters.teams.channel import Teams
from adapters.teams.places import Place
from bot.messages import Message, Quoted, Text, to_json
from store.tables import Conversation, Outbox, Person
from store.work import Work
from tests.teams import faults
from tests.teams.faults import Call, Gate, Step
from tests.teams.places import guid
from tests.teams.stage import DESK, Stage, plain_of
from tests.world import BROKEN

ANN, BOB, EVE, CORA = (guid(name) for name in ("ann", "bob", "eve", "cora"))
LONG = "".join(f"{n:>6} " + "words " * 15 for n in range(1000))[:100_000]
REFUSED_FOR_NOW: dict[str, Step] = {
    "412": faults.status(412),
    "429": faults.status(429),
    "429 with a hint": faults.status(429, retry_after=30),
    "401 twice": faults.status(401),
}
NO_ANSWER: dict[str, Step] = {
    "500": faults.status(500),
    "502": faults.status(502),
    "503": faults.status(503),
    "504": faults.status(504),
    "a web page": faults.html(502),
    "a broken connection": faults.reset_before(),
}


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """Teams' rates are measured on the desk's own clock."""
    stage.far.pace = lambda: stage.world.time.machine.timestamp()
    return stage


async def owe(stage: Stage, room: str, *messages: str, **row: Any) -> None:
    def unit(work: Work) -> None:
        place = work.conversation("teams", stage.far.app.tenant, room).id
        for said in messages:
            message = Message((Text((Quoted(said),)),))
            work.owe(place, stage.world.time.machine, {"message": to_json(message), **row})

    await stage.world.store.write(unit)


async def leaves(stage: Stage, **later: float) -> None:
    """What is due by then."""
    stage.world.passes(**later)
    await stage.world.delivery.deliver_all()


async def owed(stage: Stage) -> int:
    return sum(row.done_at is None for row in await stage.rows(Outbox))


def to(person: str, stage: Stage) -> Callable[[Any], bool]:
    there = stage.far.place(person).id
    return lambda call: bool(call.conversation == there)


def sent(stage: Stage) -> list[Call]:
    return stage.far.called("send")


def forget(stage: Stage) -> None:
    """What the adapter keeps in memory goes with its process."""
    stage.connection._atlas._known.clear()
    stage.connection._people._known.clear()


# Again, later -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", REFUSED_FOR_NOW.values(), ids=REFUSED_FOR_NOW)
async def test_what_teams_does_not_take_for_now_arrives_later_once_and_in_order(stage: Stage, step: Step) -> None:
    stage.far.script("send", step, step)
    await owe(stage, ANN, "one", "two")
    await leaves(stage)
    for _ in range(3):
        await leaves(stage, minutes=1)
    assert stage.said(ANN) == ["one", "two"]
    assert await owed(stage) == 0


async def test_a_pause_that_teams_asks_for_is_kept_and_no_other_chat_waits(stage: Stage) -> None:
    await leaves(stage)
    with stage.far.rule(faults.status(429, retry_after=30), "send", to(ANN, stage)):
        await owe(stage, ANN, "one", "two")
        await owe(stage, BOB, "other")
        await leaves(stage)
    assert stage.said(BOB) == ["other"]
    await leaves(stage, seconds=29)
    assert (stage.said(ANN), len([call for call in sent(stage) if to(ANN, stage)(call)])) == ([], 1)
    await leaves(stage, seconds=1)
    assert stage.said(ANN) == ["one", "two"]


@pytest.mark.parametrize("recorded", [False, True], ids=["nothing was done", "it was done"])
@pytest.mark.parametrize("step", NO_ANSWER.values(), ids=NO_ANSWER)
async def test_what_may_have_arrived_is_never_lost(stage: Stage, step: Step, recorded: bool) -> None:
    """Teams cannot be asked what arrived: at worst somebody reads it twice, and it is in order."""
    stage.far.script("send", faults.recorded_then(step) if recorded else step)
    await owe(stage, ANN, "one", "two")
    for _ in range(3):
        await leaves(stage, minutes=1)
    assert stage.said(ANN) == (["one", "one", "two"] if recorded else ["one", "two"])
    assert await owed(stage) == 0
    assert await stage.undelivered() == []


async def test_an_answer_that_takes_too_long_is_not_waited_for(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.TIME_OUT", 0.2)
    stage.far.script("send", gate := Gate(recorded=False))
    await owe(stage, ANN, "one")
    await leaves(stage)
    monkeypatch.undo()
    await leaves(stage, minutes=1)
    assert stage.said(ANN) == ["one"]
    gate.open()


async def test_a_card_that_may_have_been_changed_is_changed_again_in_its_place(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    cards = (stage.card().id, stage.card(place=ANN).id)
    with stage.far.rule(faults.recorded_then(faults.status(502)), "update"):
        await stage.writes("sam", "take 1001")
    await leaves(stage, minutes=1)
    assert (stage.card().id, stage.card(place=ANN).id) == cards
    assert all("With: Sam Ortiz" in plain_of(stage.card(place=place)) for place in (DESK, ANN))
    assert len([text for text in stage.said(ANN) if text.startswith("#1001:")]) == 1


async def test_while_teams_is_down_for_ten_minutes_nothing_is_lost_and_order_is_kept(stage: Stage) -> None:
    people = [guid(name) for name in ("ann", "bob", "eve", "tess")]
    with stage.far.rule(faults.status(503), "send"), stage.far.rule(faults.status(503), "create"):
        for n in range(10):
            for person in people:
                await owe(stage, person, f"{n}")
            await leaves(stage, minutes=1)
    for _ in range(12):
        await leaves(stage, minutes=1)
    assert [stage.said(person) for person in people] == [[f"{n}" for n in range(10)]] * 4


async def test_a_long_message_that_is_interrupted_goes_on_where_it_was(stage: Stage) -> None:
    await owe(stage, ANN, LONG)
    stage.far.script("send", faults.ok(), faults.status(429, retry_after=5))
    await leaves(stage)
    assert len(stage.said(ANN)) == 1
    await leaves(stage, seconds=5)
    pieces = stage.said(ANN)
    assert len(pieces) > 2
    assert "".join(pieces).split() == LONG.split()


# Pace -------------------------------------------------------------------------------------------------------------


def paced(stage: Stage) -> None:
    """As in earnest."""
    stage.far.rate_limit = True
    del stage.connection.channel.gap
    assert stage.connection.channel.gap == Teams.gap > timedelta(0)


async def test_a_burst_of_forty_messages_meets_no_limit_of_teams(stage: Stage) -> None:
    paced(stage)
    await owe(stage, ANN, *(f"{n}" for n in range(40)))
    for _ in range(400):
        await leaves(stage, seconds=0.25)
    assert stage.said(ANN) == [f"{n}" for n in range(40)]
    assert [call for call in stage.far.calls if call.status == 429] == []


async def test_an_hour_of_them_meets_none_either(stage: Stage) -> None:
    paced(stage)
    for _ in range(60):
        await owe(stage, ANN, *("x" for _ in range(29)))
        for _ in range(29):
            await leaves(stage, seconds=60 / 29)
    assert len(stage.said(ANN)) > 1600
    assert [call for call in stage.far.calls if call.status == 429] == []


async def test_after_a_pause_a_few_leave_at_once(stage: Stage) -> None:
    paced(stage)
    await leaves(stage, minutes=1)
    await owe(stage, ANN, *(f"{n}" for n in range(7)))
    await leaves(stage)
    assert len(stage.said(ANN)) == 7


async def test_pieces_of_a_long_message_beyond_the_limit_arrive_all_the_same(stage: Stage) -> None:
    paced(stage)
    await owe(stage, ANN, LONG, "after")
    for _ in range(60):
        await leaves(stage, seconds=1)
    assert stage.said(ANN)[-1] == "after"
    assert "".join(stage.said(ANN)[:-1]).split() == LONG.split()


# Never ------------------------------------------------------------------------------------------------------------


async def test_who_blocked_the_app_is_a_dead_letter_that_says_so_under_the_case_s_card(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    stage.far.block(ANN)
    await stage.writes("sam", "reply 1001 Looking into it")
    told = "\n".join(stage.under_card())
    assert "the person has blocked or removed the app in Teams" in told
    assert "> Looking into it" in told
    assert await owed(stage) == 0
    assert len(set(await stage.undelivered())) == 1


async def test_it_goes_to_their_mailbox_instead_and_the_desk_reads_that(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    stage.far.block(ANN)
    await stage.writes("sam", "reply 1001 Looking into it")
    mails = stage.world.channels["email"].posts  # type: ignore[attr-defined]
    assert [mail.room for mail in mails if "Looking into it" in mail.text] == ["ann@northwind.example"]
    assert "It goes to ann@northwind.example (email) instead." in "\n".join(stage.under_card())


async def test_who_removed_the_app_is_written_to_no_more_until_they_are_back(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await stage.teams.uninstall(ANN)
    await stage.writes("sam", "reply 1001 Looking into it")
    assert "the app is not installed for this person" in "\n".join(stage.under_card())
    await stage.teams.install(ANN)
    await stage.writes("sam", "reply 1001 Still looking")
    assert stage.said(ANN)[-1].endswith("> Still looking")


async def test_the_desk_s_channel_without_the_app_is_told_to_its_lead(stage: Stage) -> None:
    await stage.teams.uninstall(guid("sam"), DESK)
    await stage.writes("ann", BROKEN)
    told = "\n".join(stage.said(guid("lena")))
    assert "Not delivered" in told
    assert "the app" in told


async def test_somebody_without_the_app_who_never_wrote_is_a_dead_letter(stage: Stage) -> None:
    stage.far.set_installed(CORA, False)
    await stage.writes("ann", BROKEN)
    await stage.writes("sam", "assign 1001 cora")
    assert "the app is not installed for this person" in "\n".join(stage.under_card())


@pytest.mark.parametrize(
    "url", ["https://evil.example/amer", "http://evil.example", "https://smba.trafficmanager.net@evil/"]
)
async def test_a_stored_address_that_is_trusted_no_longer_gets_nothing(stage: Stage, url: str) -> None:
    await stage.writes("ann", BROKEN)
    before = len(stage.far.calls)
    place = {"tenant": stage.far.app.tenant, "conversation": stage.far.place(ANN).id, "service_url": url}
    await keep(stage, ANN, place | {"kind": "personal"})
    forget(stage)
    await owe(stage, ANN, "secret")
    await leaves(stage)
    assert "the address at which Teams was to be reached is not one of Teams' own" in await stage.undelivered()
    assert [call for call in stage.far.calls[before:] if call.method == "foreign"] == []
    assert "secret" not in "\n".join(stage.said(ANN))


async def test_a_foreign_host_kept_by_mistake_never_sees_a_token(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    stage.connection._connector._trust = type(stage.connection._connector._trust)()  # as it is in production
    await owe(stage, ANN, "secret")
    before = len(stage.far.calls)
    await leaves(stage)
    assert stage.far.calls[before:] == []
    assert await stage.undelivered() != []


# Where ------------------------------------------------------------------------------------------------------------


async def test_where_somebody_was_last_heard_is_where_they_are_written_to(stage: Stage) -> None:
    """Teams moves conversations between its regions."""
    await stage.writes("ann", BROKEN)
    stage.far.region = "emea"
    await stage.writes("ann", "Error 500")
    await stage.writes("sam", "reply 1001 Looking into it")
    assert {call.region for call in sent(stage) if to(ANN, stage)(call)} == {"amer", "emea"}
    assert [call.region for call in sent(stage) if to(ANN, stage)(call)][-1] == "emea"


async def test_what_was_learnt_of_a_place_outlives_a_restart(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    forget(stage)
    await stage.writes("sam", "reply 1001 Looking into it")
    assert stage.said(ANN)[-1].endswith("> Looking into it")
    assert stage.far.called("create") == []


async def test_a_new_conversation_begins_where_the_tenant_was_last_heard_from(stage: Stage) -> None:
    stage.far.region = "emea"
    await stage.writes("ann", BROKEN)
    await stage.writes("sam", "assign 1001 cora")
    [made] = stage.far.called("create")
    assert made.region == "emea"
    assert stage.said(CORA) != []


async def test_another_channel_of_the_desk_s_team_is_written_to_without_having_been_heard(stage: Stage) -> None:
    """On installing, Teams names one channel of the team only."""
    room = "19:alarms@thread.tacv2"
    stage.far.add_channel(room, "Alarms", DESK)
    await owe(stage, room, "one")
    await leaves(stage)
    assert stage.said(room) == ["one"]


async def test_what_is_for_one_person_among_others_is_said_in_their_own_chat(stage: Stage, north: str) -> None:
    await owe(stage, north, "for Bob", only_for=BOB)
    await leaves(stage)
    assert (stage.said(north), stage.said(BOB)) == ([], ["for Bob"])


async def keep(stage: Stage, room: str, place: dict[str, str]) -> None:
    at = stage.world.time.machine
    kept = Place(**place)
    assert kept.service_url
    await stage.world.store.write(Work.keep_vendor, "teams", stage.far.app.tenant, room, place, at)


async def test_each_person_is_one_place_in_the_store(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await stage.writes("sam", "assign 1001 cora")
    rooms = [row.room for row in await stage.rows(Conversation) if row.channel == "teams"]
    assert len(rooms) == len(set(rooms))
    [cora] = [one for one in await stage.rows(Person) if one.name == "Cora Diaz"]
    assert next(row.room for row in await stage.rows(Conversation) if row.id == cora.conversation_id) == CORA
