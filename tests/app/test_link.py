"""``supporthub link``: codes, links and proposals from a terminal, and the rosters that vendors tell."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from adapters.slack import roster as slack_roster
from adapters.slack.api import Api
from adapters.slack.grants import Grants
from adapters.slack.tokens import OneWorkspace
from app.cli import cli
from bot import signing_in
from bot.channel import NotSent, Undeliverable
from bot.desk import linking
from bot.desk.linking import Listed
from bot.turn import Now
from rules.refusals import LinkedAlready, NoProposal, NotBound
from store.store import Store, open_store
from store.tables import Account, Audit, LinkedIdentity, LinkProposal, Tenant
from store.work import Work
from tests.slack.far import Far
from tests.teams.places import guid
from tests.teams.stage import staged
from tests.world import MONDAY, World

TEAM = "T0NORTH"
ROSTER = (
    Listed("U0ANN", "Ann", "ann@northwind.example"),
    Listed("U0BOB", "Bob", "bob@northwind.example"),
    Listed("U0EVE", "Eve", "eve@contoso.example"),
    Listed("U0SAM", "Sam", "sam@desk.example"),
)


@pytest.fixture
async def address(migrated_sqlite: Path, tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/supporthub.db"
    store = open_store(url)
    await store.migrate()
    await World(store).open()
    await store.close()
    return url


async def link(address: str, *arguments: str) -> Result:
    """As from a terminal, in this process."""
    environment = {"SUPPORTHUB_DATABASE_URL": address}
    return await asyncio.to_thread(CliRunner().invoke, cli, ["link", *arguments], env=environment)


def bind(work: Work, tenant: str = TEAM, slug: str = "northwind") -> None:
    work.add(Tenant(channel="slack", tenant=tenant, account_id=work.find(Account, slug=slug).id))


async def test_codes_and_links_from_a_terminal(address: str) -> None:
    made = await link(address, "code", "Ann@Northwind.example")
    assert (made.exit_code, made.stderr) == (0, "")
    assert re.search(r"link [2-9A-Z]{4}(-[2-9A-Z]{4}){3}", made.stdout)
    assert (await link(address, "code", "nobody@x.example")).exit_code == 1
    listed = await link(address, "list", "ann@northwind.example")
    assert "fake:/ann is ann@northwind.example, by test since" in listed.stdout
    removed = await link(address, "remove", "fake:/ann")
    assert (removed.exit_code, removed.stdout) == (0, "fake:/ann is Ann Lee no more.\n")
    assert (await link(address, "remove", "fake:/ann")).exit_code == 1
    assert (await link(address, "propose", "teams", "x")).exit_code == 2
    unset = await link(address, "propose", "slack", "T0ELSE")
    assert (unset.exit_code, unset.stderr) == (
        1,
        "slack T0ELSE belongs to no account, and the desk is not met there.\n",
    )
    store = open_store(address)
    audited = await store.read(lambda work: [row.what for row in work._session.exec(select(Audit))])
    await store.close()
    assert audited == ["import", "link code", "unlink"]


async def test_only_contacts_of_the_tenants_account_are_proposed_and_nobody_is_linked_by_it(desk: World) -> None:
    """C1: an address in somebody else's tenant proves nothing."""
    await desk.store.write(bind)
    found = await desk.store.write(linking.propose, "slack", TEAM, ROSTER, MONDAY)
    assert [(each.row.user, each.person.name) for each in found] == [("U0ANN", "Ann Lee"), ("U0BOB", "Bob Shaw")]
    assert await desk.store.read(lambda work: work.find(LinkedIdentity, channel="slack")) is None
    with pytest.raises(NotBound):
        await desk.store.write(linking.propose, "slack", "T0ELSE", ROSTER, MONDAY)
    shown = str(await desk.says("lena", "links"))
    assert "Links to approve: 2" in shown
    assert str(await desk.says("sam", "/links")).startswith("That is not yours to do.")
    assert str(await desk.says("lena", "links reject 2")) == "1 link rejected: Bob Shaw."
    assert str(await desk.presses("lena", "Approve all")).startswith("2 is no link that waits."), "an old button"
    await desk.says("lena", "links")
    await desk.presses("lena", "Approve all")
    assert desk.last("lena") == "1 link approved: Ann Lee."
    assert desk.last("ann") == "From now on I know you in slack too."
    ann = await desk.store.read(lambda work: work.person_of("slack", [TEAM], "U0ANN"))
    assert ann is not None
    assert ann.email == "ann@northwind.example"
    assert str(await desk.presses_line("lena", "links approve 1")).startswith("1 is no link that waits.")
    assert await desk.store.write(linking.propose, "slack", TEAM, ROSTER, MONDAY) == [], "what was rejected stays so"


async def test_staff_are_proposed_in_the_desks_own_tenant_alone_and_who_is_gone_no_more(desk: World) -> None:
    def ours(work: Work) -> None:
        room = work.conversation("slack", "T0DESK", "C0QUEUE")
        room.desk = True
        work.add(room)

    await desk.store.write(ours)
    found = await desk.store.write(linking.propose, "slack", "T0DESK", ROSTER, MONDAY)
    assert [each.person.name for each in found] == ["Sam Ortiz"]
    with pytest.raises(NoProposal):
        await desk.store.write(linking.decide, ["1", "7"], True, MONDAY, None)
    assert await desk.store.read(lambda work: work.find(LinkedIdentity, channel="slack")) is None, "all or none"
    assert await desk.store.write(linking.propose, "slack", "T0DESK", ROSTER[:3], MONDAY) == []
    assert await desk.store.read(lambda work: work.find(LinkProposal, user="U0SAM")) is None


async def test_staff_are_linked_by_a_list_only_where_the_desk_has_a_room(desk: World) -> None:
    """C4: not in a customer's workspace that is bound to no account, though a colleague is known there."""

    def shared(work: Work) -> None:
        room = work.conversation("slack", TEAM, "C0SHARED")
        room.account_id = work.find(Account, slug="northwind").id
        work.add(room)
        sam = work.person_at("sam@desk.example")
        assert sam is not None
        work.link("slack", TEAM, "U0VISITOR", sam, "code", MONDAY)
        room = work.conversation("teams", "", "19:queue@thread.v2")  # as a directory file names it
        room.desk, room.vendor = True, {"tenant": "home"}
        work.add(room)
        lena = work.person_at("lena@desk.example")
        assert lena is not None
        work.add(LinkProposal(channel="slack", tenant=TEAM, user="U0EVIL", person_id=lena.id, at=MONDAY))

    await desk.store.write(shared)
    with pytest.raises(NotBound):
        await desk.store.write(linking.propose, "slack", TEAM, ROSTER, MONDAY)
    refused = str(await desk.says("lena", "links approve all"))
    assert refused.startswith("slack T0NORTH belongs to no account, and the desk has no room there")
    assert await desk.store.read(lambda work: work.find(LinkedIdentity, user="U0EVIL")) is None
    found = await desk.store.write(linking.propose, "teams", "home", ROSTER, MONDAY)
    assert "Sam Ortiz" in [each.person.name for each in found]


async def test_an_address_that_two_users_have_links_neither(desk: World) -> None:
    await desk.store.write(bind)
    await desk.store.write(linking.propose, "slack", TEAM, ROSTER, MONDAY)
    twice = (*ROSTER, Listed("U0ANN2", "Ann", "ann@northwind.example"))
    found = await desk.store.write(linking.propose, "slack", TEAM, twice, MONDAY)
    assert [each.row.user for each in found] == ["U0BOB"]


async def test_who_was_linked_to_somebody_else_meanwhile_is_refused(desk: World) -> None:
    await desk.store.write(bind)
    await desk.store.write(linking.propose, "slack", TEAM, ROSTER, MONDAY)

    def elsewhere(work: Work) -> None:
        bob = work.person_at("bob@northwind.example")
        assert bob is not None
        work.link("slack", TEAM, "U0ANN", bob, "import", MONDAY)

    await desk.store.write(elsewhere)
    with pytest.raises(LinkedAlready):
        await desk.store.write(linking.decide, ["all"], True, MONDAY, None)


# Rosters ----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with Far() as far:
        far.add_workspace(TEAM, "Northwind")
        far.add_workspace("T0ELSE", "Elsewhere")
        yield far
        assert far.violations == [], far.violations


async def slack(far: Far, token: str, waits: list[float] | None = None) -> list[Any]:
    from datetime import UTC, datetime

    from aiohttp import ClientSession

    async def pause(seconds: float) -> None:
        (waits if waits is not None else []).append(seconds)
        then = far.pace() + seconds
        far.pace = lambda: then

    async with ClientSession() as session:
        tokens = OneWorkspace(token, Grants(session, far.url, lambda: datetime.now(UTC)), lambda: datetime.now(UTC))
        found = await slack_roster.read(Api(tokens, session, far.url), TEAM, pause)
        await tokens.close()
        return sorted(found)


async def test_slack_tells_people_page_by_page_but_no_bots_guests_strangers_or_who_is_gone(far: Far) -> None:
    install = far.add_install(TEAM)
    far.add_user("U0ANN", "Ann Lee", TEAM, email="Ann@Northwind.example")
    kinds: dict[str, dict[str, bool]] = {
        "U0GONE": {"deleted": True},
        "U0GUEST": {"restricted": True},
        "U0ONE": {"ultra_restricted": True},
        "U0BOT": {"bot": True},
        "U0UNSURE": {"confirmed": False},
    }
    for user, how in kinds.items():
        far.add_user(user, user, TEAM, email=f"{user}@northwind.example", **how)
    far.add_user("U0NOMAIL", "Nobody", TEAM)
    far.add_user("U0ELSE", "Else", "T0ELSE", email="else@northwind.example")
    for number in range(400):
        far.add_user(f"U1{number:03}", f"P{number}", TEAM, email=f"p{number}@northwind.example")
    found = await slack(far, install.token)
    assert len(far.called("users.list")) == 3
    assert [each for each in found if not each[0].startswith("U1")] == [("U0ANN", "ann.lee", "Ann@Northwind.example")]
    assert len([each for each in found if each[0].startswith("U1")]) == 400


async def test_slack_is_asked_as_slowly_as_it_wants(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    install = far.add_install(TEAM)
    far.tiered = True
    monkeypatch.setattr(slack_roster, "PAGE", 2)
    for number in range(21 * slack_roster.PAGE):
        far.add_user(f"U1{number:05}", f"P{number}", TEAM, email=f"p{number}@northwind.example")
    waits: list[float] = []
    assert len(await slack(far, install.token, waits)) == 21 * slack_roster.PAGE
    assert waits


async def test_without_the_scope_it_is_said_and_nothing_proposed(far: Far) -> None:
    install = far.add_install(TEAM, scopes={"users:read"})
    far.add_user("U0ANN", "Ann Lee", TEAM, email="ann@northwind.example")
    with pytest.raises(Undeliverable, match=r"lacks the scope users:read\.email"):
        await slack(far, install.token)
    with pytest.raises((NotSent, Undeliverable)):
        await slack(far, far.add_install("T0ELSE").token)


async def test_teams_tells_members_page_by_page_but_no_guests(store: Store) -> None:
    async with staged(store) as stage:
        chat = "19:northwind@thread.v2"
        people = [guid(f"person {number}") for number in range(60)]
        for number, one in enumerate(people):
            stage.far.add_user(one, f"P{number}", guest=number == 0)
        stage.far.add_group(chat, people)
        await stage.teams.message(people[1], chat, "hello", mention=True)
        await stage.settle()
        found = await stage.connection.roster(stage.far.app.tenant, chat)
        assert len(found) == 59
        assert people[0] not in {user for user, _, _ in found}
        assert len([call for call in stage.far.calls if call.method == "pagedmembers"]) == 2
        with pytest.raises(Undeliverable, match="never written to"):
            await stage.connection.roster(stage.far.app.tenant, "19:else@thread.v2")


async def test_a_link_into_the_portal_is_shown_once_and_noted(address: str, tmp_path: Path) -> None:
    async def portal(email: str, **more: str) -> Result:
        given = {"SUPPORTHUB_DATABASE_URL": address, "SUPPORTHUB_PUBLIC_URL": "https://desk.example.com", **more}
        return await asyncio.to_thread(CliRunner().invoke, cli, ["link", "portal", email], env=given)

    made = await portal("Ann@Northwind.example")
    assert (made.exit_code, made.stderr) == (0, "")
    found = re.search(
        r"^https://desk\.example\.com/portal/sign-in/(\S{43})\nIt works once, until .* Ann Lee", made.stdout
    )
    assert found
    nobody, off = await portal("nobody@x.example"), await link(address, "portal", "ann@northwind.example")
    assert (nobody.exit_code, off.exit_code, "SUPPORTHUB_PUBLIC_URL" in off.stderr) == (1, 1, True)
    oidc = {"ISSUER": "https://id.example", "CLIENT_ID": "desk", "CLIENT_SECRET": "s"}
    own = {f"SUPPORTHUB_OIDC_{name}": value for name, value in oidc.items()} | {"SUPPORTHUB_SECRET_KEY": "k" * 32}
    assert "by its own way" in (await portal("sam@desk.example", **own)).stderr
    store = open_store(address)
    assert await store.write(signing_in.redeem, found[1], Now(MONDAY, datetime.now(UTC)), {"portal"})
    audited = await store.read(lambda work: [row.what for row in work._session.exec(select(Audit))])
    await store.close()
    assert audited == ["import", "portal link", "sign in"]
