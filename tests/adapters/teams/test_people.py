"""Who somebody in Teams is: asked of the conversation's roster, believed for a minute, and never guessed."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from adapters.teams.connector import Member
from adapters.teams.inbound import Where
from adapters.teams.outcomes import Ambiguous, Refusal
from adapters.teams.people import MANY, People
from bot.channel import Busy
from bot.incoming import User
from tests.adapters.teams.moments import Moments
from tests.teams.places import guid

HOME, AWAY = guid("provider"), guid("elsewhere")
ANN = guid("ann")
WHERE = Where(HOME, ANN, "a:1ann", "https://smba.trafficmanager.net/amer", "28:bot", "personal")
TOLD = User(ANN, (HOME,), name="Ann", zone="Europe/Paris")
KNOWN = Member("29:1ann", ANN, HOME, "Ann Lee", "ann@northwind.example", "user")


@dataclass
class Roster:
    """The one call of the connector's that is needed here."""

    answer: Member | Exception = KNOWN
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    async def member(self, service_url: str, conversation: str, user: str) -> Member:
        self.asked.append((service_url, conversation, user))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass
class Scene:
    roster: Roster = field(default_factory=Roster)
    clock: Moments = field(default_factory=Moments)

    def __post_init__(self) -> None:
        self.people = People(self.roster, self.clock)  # type: ignore[arg-type]

    async def who(self, told: User = TOLD, where: Where = WHERE, member: str = "29:1ann") -> User | None:
        return await self.people.who(where, member, told)


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_somebody_of_the_tenant_is_who_the_roster_says_with_the_zone_they_act_in(scene: Scene) -> None:
    assert await scene.who() == User(ANN, (HOME,), False, "Ann Lee", "Europe/Paris")
    assert scene.roster.asked == [(WHERE.service_url, WHERE.conversation, "29:1ann")]


@pytest.mark.parametrize(("tenant", "role"), [(HOME, "guest"), (AWAY, "user"), (AWAY, "guest"), (AWAY, "")])
async def test_guests_and_people_of_other_tenants_are_outsiders(scene: Scene, tenant: str, role: str) -> None:
    scene.roster.answer = replace(KNOWN, tenant=tenant, role=role)
    found = await scene.who()
    assert found
    assert (found.outsider, found.homes) == (True, (tenant,))


async def test_it_is_believed_for_a_minute_and_the_zone_is_always_theirs_of_now(scene: Scene) -> None:
    await scene.who()
    found = await scene.who(replace(TOLD, zone="Asia/Tokyo"))
    assert found
    assert found.zone == "Asia/Tokyo"
    scene.clock.forward(seconds=59)
    await scene.who()
    assert len(scene.roster.asked) == 1
    scene.roster.answer = replace(KNOWN, role="guest")
    scene.clock.forward(seconds=1)
    found = await scene.who()
    assert found
    assert found.outsider


async def test_whoever_says_to_be_somebody_else_is_nobody(scene: Scene) -> None:
    assert await scene.who(replace(TOLD, id=guid("sam"))) is None
    assert await scene.who() is not None
    assert await scene.who(replace(TOLD, id=guid("sam"))) is None, "nor from memory"


async def test_the_same_id_in_another_tenant_is_asked_for_anew(scene: Scene) -> None:
    await scene.who()
    await scene.who(where=replace(WHERE, tenant=AWAY))
    assert len(scene.roster.asked) == 2


async def test_who_is_not_in_the_conversation_is_nobody_and_is_asked_for_again(scene: Scene) -> None:
    scene.roster.answer = Refusal(404, "MemberNotFoundInConversation")
    assert await scene.who() is None
    scene.roster.answer = KNOWN
    assert await scene.who() is not None


@pytest.mark.parametrize("failure", [Ambiguous("502"), TimeoutError(), RuntimeError("anything")])
async def test_where_the_roster_fails_nobody_is_guessed(scene: Scene, failure: Exception) -> None:
    scene.roster.answer = failure
    with pytest.raises(Busy):
        await scene.who()


async def test_memory_has_an_end(scene: Scene) -> None:
    for n in range(MANY + 1):
        user = guid(str(n))
        scene.roster.answer = replace(KNOWN, object_id=user)
        await scene.who(replace(TOLD, id=user), member=f"29:{n}")
    assert len(scene.people._known) <= MANY


async def test_many_at_once_are_each_themselves(scene: Scene) -> None:
    found = await asyncio.gather(*(scene.who() for _ in range(20)))
    assert {each.id for each in found if each} == {ANN}
