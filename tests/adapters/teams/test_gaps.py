"""What people wrote in Teams while nobody heard it is asked for once; and what they have seen is known."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from app.gaps import Forgets, Gaps
from bot.incoming import Address
from bot.messages import Message, Text, to_json
from store.store import Unavailable
from store.tables import Conversation, Outbox
from store.work import Work
from tests.teams import envelopes
from tests.teams.places import guid
from tests.teams.stage import DESK, Stage
from tests.world import BROKEN, CATALOGUES

ANN, BOB, CORA, SAM = (guid(name) for name in ("ann", "bob", "cora", "sam"))
SORRY = "I could not hear you from"


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """Teams' clock is the desk's own."""
    stage.far.clock = lambda: stage.world.time.machine.timestamp()
    return stage


def gaps(stage: Stage) -> Gaps:
    """Of a process that has just begun."""
    world = stage.world
    return Gaps(world.store, CATALOGUES, lambda: world.time, world.delivery.wake.set, (stage.connection,))


async def beats(stage: Stage, **later: float) -> None:
    stage.world.passes(**later)
    assert await gaps(stage).beat()
    await stage.settle()


@contextmanager
def away(stage: Stage) -> Iterator[None]:
    """The database."""
    store: Any = stage.world.store

    async def gone(*_: Any, **__: Any) -> Any:
        raise Unavailable("the database is away")

    store.write = store.read = gone
    try:
        yield
    finally:
        del store.write, store.read


def sorry(stage: Stage, place: str) -> list[str]:
    return [line for line in stage.said(place) if line.startswith(SORRY)]


async def was_heard(stage: Stage, *rooms: str) -> None:
    """Now, by the desk's clock: the stage keeps places by the machine's."""

    def told(work: Work) -> None:
        for row in work._session.exec(select(Conversation).where(col(Conversation.room).in_(rooms))):
            row.heard_at = stage.world.time.machine

    await stage.world.store.write(told)


# Asking again -----------------------------------------------------------------------------------------------------


async def test_after_a_gap_whoever_wrote_that_day_is_asked_once_in_their_own_chat(stage: Stage) -> None:
    assert isinstance(stage.connection, Forgets)
    await stage.writes("ann", BROKEN)
    await was_heard(stage, ANN)
    await beats(stage)
    await beats(stage, minutes=39)
    (asked,) = sorry(stage, ANN)
    assert asked == (
        "I could not hear you from Mon 19 Jan 09:00 ET to Mon 19 Jan 09:39 ET. If you wrote anything then, please send"
        " it again."
    )
    assert sorry(stage, BOB) == []
    await beats(stage, seconds=30)
    assert len(sorry(stage, ANN)) == 1


async def test_the_desk_s_channel_is_asked_too(stage: Stage) -> None:
    await stage.writes("sam", "queue", DESK)
    await was_heard(stage, DESK)
    await beats(stage)
    await beats(stage, minutes=5)
    assert len(sorry(stage, DESK)) == 1


async def test_words_that_were_refused_are_asked_for_though_it_was_but_a_moment(stage: Stage) -> None:
    """Teams tells it once."""
    await stage.writes("bob", "cases")
    await was_heard(stage, BOB)
    await beats(stage)
    with away(stage):
        refused = await stage.teams.message(ANN, ANN, BROKEN)
        assert refused.status == 503
        assert not await gaps(stage).beat()
    await beats(stage, seconds=30)
    assert (len(sorry(stage, ANN)), sorry(stage, BOB)) == (1, [])
    await beats(stage, seconds=30)
    assert len(sorry(stage, ANN)) == 1


async def test_words_in_a_thread_are_asked_for_there(stage: Stage, north: str) -> None:
    await beats(stage)
    with away(stage):
        refused = await stage.teams.message(ANN, north, BROKEN)
    assert refused.posted
    await beats(stage, seconds=30)
    (asked,) = [one for one in stage.far.said(north) if one.text.startswith(SORRY) or one.card]
    assert asked.thread == refused.posted.id


async def test_a_press_that_was_refused_is_not_asked_for_since_teams_shows_that_it_failed(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await beats(stage)
    with away(stage):
        card = stage.with_button("Skip", ANN)
        assert (await stage.teams.press(ANN, card, "Skip")).status == 503
    await beats(stage, seconds=30)
    assert sorry(stage, ANN) == []


async def test_nobody_of_a_tenant_that_is_nobody_s_is_asked(stage: Stage) -> None:
    stage.far.add_tenant(guid("elsewhere"))
    stage.far.add_user(guid("max"), "Max", tenant=guid("elsewhere"))
    await beats(stage)
    with away(stage):
        assert (await stage.teams.message(guid("max"), guid("max"), BROKEN)).status == 503
    await beats(stage, seconds=30)
    assert stage.said(guid("max")) == []


async def test_it_is_noted_once_an_hour_that_somebody_was_heard(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def heard_at() -> datetime | None:
        rows = await stage.rows(Conversation)
        return next((row.heard_at for row in rows if row.room == ANN), None)

    await stage.writes("ann", BROKEN)
    first = await heard_at()
    await stage.writes("ann", "skip")
    assert first is not None
    assert await heard_at() == first
    noted = stage.connection._atlas._noted
    noted |= {room: until - 3601 for room, until in noted.items()}
    await stage.writes("ann", "skip")
    again = await heard_at()
    assert again is not None
    assert again > first


# Seen -------------------------------------------------------------------------------------------------------------


async def test_a_warning_that_its_reader_has_looked_at_is_seen(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await warn(stage, CORA)
    (shown,) = [one for one in stage.far.said(CORA) if one.text == "Look!" or one.card]
    assert await seen(stage) == [None]
    stage.world.passes(minutes=3)
    assert (await stage.teams.read(CORA, shown)).status == 200
    (when,) = await seen(stage)
    assert when is not None
    await warn(stage, CORA)
    assert await seen(stage) == [when, None], "what came after it was not"


async def warn(stage: Stage, who: str) -> None:
    def owe(work: Work) -> None:
        place = work.conversation("teams", stage.far.app.tenant, who)
        row = {"message": to_json(Message((Text(("Look!",)),))), "warning": True, "case_id": 1001}
        work.owe(place.id, stage.world.time.machine, row)

    await stage.world.store.write(owe)
    await stage.settle()


async def seen(stage: Stage) -> list[datetime | None]:
    rows = [row for row in await stage.rows(Outbox) if row.warning]
    return [row.seen_at for row in sorted(rows, key=lambda row: row.id)]


class Listening:
    """The seam's other side."""

    def __init__(self) -> None:
        self.told: list[tuple[Address, datetime]] = []

    async def hear(self, incoming: Any, within: float = 1.0) -> None:
        return None

    async def seen(self, where: Address, until: datetime) -> None:
        self.told.append((where, until))


@pytest.fixture
def listening(stage: Stage) -> Listening:
    made = Listening()
    front: Any = stage.connection._front
    front._host = made
    return made


async def test_what_was_read_is_told_up_to_the_message_and_never_beyond_the_look(
    stage: Stage, listening: Listening
) -> None:
    wrote = (await stage.teams.message(ANN, ANN, BROKEN)).posted
    assert wrote
    where = Address("teams", stage.far.app.tenant, ANN)
    posted = datetime.fromtimestamp(int(wrote.id) / 1000, UTC)
    await stage.teams.read(ANN, wrote)
    stage.world.passes(hours=2)
    await stage.teams.read(ANN, wrote)
    at_once, later = listening.told
    assert at_once[0] == later[0] == where
    assert abs(at_once[1] - posted) < timedelta(seconds=1)
    assert later[1] == posted + timedelta(seconds=10)


@pytest.mark.parametrize("value", [{}, {"lastReadMessageId": "soon"}, {"lastReadMessageId": 1}, "1", None])
async def test_a_receipt_of_another_shape_is_refused(stage: Stage, listening: Listening, value: object) -> None:
    activity = envelopes.envelope(stage.far, "event", stage.far.users[ANN], stage.far.place(ANN))
    activity |= {"id": envelopes.invoke_id(), "name": "application/vnd.microsoft.readReceipt", "value": value}
    assert (await stage.teams.send(activity)).status == 400
    assert listening.told == []


async def test_other_events_and_receipts_of_shared_chats_are_nothing(
    stage: Stage, listening: Listening, chat: str
) -> None:
    for name, place in (("application/vnd.microsoft.readReceipt", chat), ("tokens/response", ANN)):
        activity = envelopes.envelope(stage.far, "event", stage.far.users[ANN], stage.far.place(place))
        activity |= {"id": envelopes.invoke_id(), "name": name, "value": {"lastReadMessageId": "1763792000000"}}
        assert (await stage.teams.send(activity)).status == 200
    assert listening.told == []
