"""``supporthub import``: who is who, added and updated, all or nothing."""

import pytest

from bot.desk.directory import apply
from rules.directory import read
from rules.toml_lines import Mistakes
from store.store import Store
from store.tables import Assignment, Audit, Contract, Conversation, LinkedIdentity, Person, Tenant
from tests.world import CATALOGUES, DIRECTORY, MONDAY

FULL = """
[[account]]
name = "Northwind"
slug = "northwind"
slack_teams = ["T0NORTH"]
teams_tenants = ["11111111-2222-3333-4444-555555555555"]
[[contract]]
account = "northwind"
plan = "websan/success"
starts = 2026-01-01
licences = 12
[[contact]]
account = "northwind"
name = "Ann Lee"
email = "ann@northwind.example"
licensed = true
nominated = true
timezone = "America/Toronto"
slack = "T0NORTH/U0ANN"
teams = "11111111-2222-3333-4444-555555555555/aaaaaaaa-2222-3333-4444-555555555555"
[[staff]]
name = "Cora Diaz"
email = "cora@desk.example"
role = "concierge"
slack = "T0DESK/U0CORA"
[[assignment]]
account = "northwind"
concierge = "cora@desk.example"
[[channel]]
account = "northwind"
slack = "T0DESK/C0NW"
[desk]
slack_channel = "T0DESK/C0QUEUE"
"""


async def bring(store: Store, text: str) -> tuple[int, int]:
    done = await store.write(apply, read(text, CATALOGUES.plans), MONDAY)
    return done.rows, done.changed


async def test_everything_in_the_file_is_there_afterwards(store: Store) -> None:
    await bring(store, FULL)
    ann = await store.read(lambda work: work.person_of("slack", ["T0NORTH"], "U0ANN"))
    assert ann is not None
    assert (ann.name, ann.zone, ann.licensed, ann.nominated) == ("Ann Lee", "America/Toronto", True, True)
    cora = await store.read(lambda work: work.concierge(ann.account_id or 0))
    assert cora is not None
    assert cora.email == "cora@desk.example"
    room = await store.read(lambda work: work.known_conversation("slack", "T0DESK", "C0NW"))
    assert room is not None
    assert room.account_id == ann.account_id
    desk = await store.read(lambda work: work.find(Conversation, room="C0QUEUE"))
    assert desk.desk
    tenant = await store.read(lambda work: work.find(Tenant, channel="slack", tenant="T0NORTH"))
    assert tenant.account_id == ann.account_id


async def test_a_second_import_changes_nothing(store: Store) -> None:
    rows, changed = await bring(store, FULL)
    assert changed > 0
    assert await bring(store, FULL) == (rows, 0)


async def test_what_differs_is_brought_up_to_date(store: Store) -> None:
    await bring(store, FULL)
    _, changed = await bring(store, FULL.replace("licences = 12", "licences = 25").replace("Ann Lee", "Ann Leigh"))
    assert changed == 2
    contract = await store.read(lambda work: work.find(Contract, plan="websan/success"))
    assert contract.licences == 25
    assert (await store.read(lambda work: work.find(Person, email="ann@northwind.example"))).name == "Ann Leigh"


async def test_an_import_is_audited(store: Store) -> None:
    await bring(store, FULL)
    row = await store.read(lambda work: work.find(Audit, what="import"))
    assert row.outcome == "done"


async def test_what_contradicts_the_store_is_refused_whole_with_every_line(store: Store) -> None:
    await bring(store, FULL)
    other = FULL.replace("northwind", "contoso").replace("Northwind", "Contoso").replace("ann@contoso", "new@contoso")
    with pytest.raises(Mistakes) as wrong:
        await bring(store, other)
    assert [str(mistake).partition(": ")[2] for mistake in wrong.value.mistakes] == [
        "teams tenant 11111111-2222-3333-4444-555555555555 is bound to another account already.",
        "slack tenant T0NORTH is bound to another account already.",
        "slack user T0NORTH/U0ANN is linked to somebody else already.",
        "teams user 11111111-2222-3333-4444-555555555555/aaaaaaaa-2222-3333-4444-555555555555 is linked to somebody "
        "else already.",
    ]
    assert all(mistake.line > 0 for mistake in wrong.value.mistakes)
    assert await store.read(lambda work: work.find(Person, email="new@contoso.example")) is None


async def test_nobody_changes_sides(store: Store) -> None:
    """C4: a customer never becomes staff, nor another company's."""
    await bring(store, FULL)
    with pytest.raises(Mistakes, match="on another side"):
        await bring(
            store,
            FULL.replace("cora@desk.example", "ann@northwind.example", 1)
            .replace('email = "ann@northwind.example"\nlicensed', 'email = "a2@northwind.example"\nlicensed')
            .replace('concierge = "cora@desk.example"', 'concierge = "ann@northwind.example"'),
        )


async def test_the_demos_directory_imports(store: Store) -> None:
    done = await store.write(apply, DIRECTORY, MONDAY)
    assert done.changed > 0
    assert await store.read(lambda work: work.find(Assignment, coach_id=None)) is not None
    assert await store.read(lambda work: work.find(LinkedIdentity, channel="slack")) is None
