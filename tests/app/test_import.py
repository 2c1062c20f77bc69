"""``supporthub import``: who is who, added and updated, all or nothing."""

from datetime import UTC, datetime

import pytest

from bot.desk.directory import apply
from bot.languages import languages
from rules.directory import read
from rules.toml_lines import Mistakes
from store.store import Store
from store.tables import Assignment, Audit, Contract, Conversation, LinkedIdentity, Person, Tenant
from store.work import Work
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
    done = await store.write(apply, read(text, CATALOGUES.plans, languages=languages()), MONDAY)
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


DUTY = """
[[staff]]
name = "Sam Ortiz"
email = "sam@desk.example"
role = "agent"
timezone = "America/New_York"
any_hour = true
[[rota]]
name = "Nights"
people = ["sam@desk.example", "cora@desk.example"]
begins = 2026-01-05
handover = "09:00"
timezone = "America/New_York"
days = 7
[[absence]]
staff = "sam@desk.example"
from = 2026-02-02
until = 2026-02-06
stand_in = "cora@desk.example"
"""


async def test_rotas_and_absences_are_kept_once_and_changed_in_place(store: Store) -> None:
    await bring(store, FULL + DUTY)
    assert (await bring(store, FULL + DUTY))[1] == 0
    [rota] = await store.read(Work.rotas)
    [absence] = await store.read(Work.absences, MONDAY)
    sam, cora = await store.read(
        lambda work: [work.find(Person, email=f"{name}@desk.example") for name in ("sam", "cora")]
    )
    assert (rota.people, rota.handover, rota.days) == ([sam.id, cora.id], "09:00", 7)
    assert (absence.person_id, absence.stand_in_id) == (sam.id, cora.id)
    assert absence.starts == datetime(2026, 2, 2, 5, tzinfo=UTC)
    changed = DUTY.replace("2026-02-06", "2026-02-04").replace("days = 7", "days = 1")
    assert (await bring(store, FULL + changed))[1] == 2
    assert [each.ends for each in await store.read(Work.absences, MONDAY)] == [datetime(2026, 2, 5, 5, tzinfo=UTC)]


async def test_a_language_is_kept_and_what_people_chose_stays_where_the_file_says_nothing(store: Store) -> None:
    french = FULL.replace('email = "ann@northwind.example"', 'email = "ann@northwind.example"\nlanguage = "fr"')
    assert french != FULL
    await bring(store, french)
    ann = await store.read(lambda work: work.find(Person, email="ann@northwind.example"))
    assert ann.language == "fr"
    assert (await bring(store, FULL))[1] == 0
    assert (await store.read(lambda work: work.find(Person, email="ann@northwind.example"))).language == "fr"


async def test_what_people_said_of_their_hours_stays_where_the_file_says_nothing(store: Store) -> None:
    await bring(store, FULL + DUTY)
    sam = await store.read(lambda work: work.find(Person, email="sam@desk.example"))
    assert sam.any_hour
    assert (await bring(store, FULL + DUTY.replace("any_hour = true\n", "")))[1] == 0
