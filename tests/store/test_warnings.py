"""What the clock's round asks: cases that are due, through the index of alarms alone however many cases there are."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite

from store.sql import filled
from store.store import Store
from store.tables import Absence, Rota
from store.warnings import _DUE, _pings, _steps
from store.work import Work
from tests.world import MONDAY, World, opened

DIALECTS = {"postgresql": postgresql.dialect(paramstyle="named"), "sqlite": sqlite.dialect(paramstyle="named")}


def plan(work: Work, statement: Any, given: dict[str, Any]) -> str:
    """As the database would carry it out; with few rows PostgreSQL must be kept from reading them all."""
    connection = work._session.connection()
    name = connection.dialect.name
    if name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    how = "EXPLAIN QUERY PLAN " if name == "sqlite" else "EXPLAIN "
    compiled = statement.compile(dialect=DIALECTS[name])
    written = str(compiled).replace("::TIMESTAMP WITH TIME ZONE", "")  # or it is read as one more name to fill in
    rows = connection.execute(text(how + written), {**compiled.params, **given})
    return "\n".join(str(row) for row in rows.all())


@pytest.mark.parametrize(
    ("statement", "given", "index"),
    [
        (_DUE, {"now": MONDAY, "limit": 50}, "ix_cases_alarm"),
        (_pings(2), filled("case", (1001, 1002)), "ix_outbox_warning"),
        (_steps(2), {"verb": "warn", **filled("case", (1001, 1002))}, "ix_case_event_case_id"),
    ],
)
async def test_it_is_found_by_its_index(store: Store, statement: Any, given: dict[str, Any], index: str) -> None:
    assert index in await store.write(plan, statement, given)


async def test_live_cases_come_by_stretches_of_numbers(case: World) -> None:
    await opened(case, "eve")
    await case.says("ann", "withdraw 1001")
    found = [
        await case.ask_store(lambda work, n=after: [each.id for each in work.live_between(n, n + 1)])
        for after in (1000, 1001)
    ]
    assert found == [[], [1002]]
    assert await case.ask_store(Work.last_case) == 1002


async def test_absences_are_asked_for_as_long_as_they_last(desk: World) -> None:
    def keep(work: Work) -> None:
        sam = work.staff()[1].id
        work.add(Absence(person_id=sam, starts=MONDAY, ends=MONDAY + timedelta(days=1)))
        work.add(Rota(name="Nights", people=[sam], begins=MONDAY.date(), handover="09:00", zone="UTC", days=7))

    await desk.store.write(keep)
    last = MONDAY + timedelta(days=1)
    assert [len(await desk.ask_store(Work.absences, at)) for at in (MONDAY, last)] == [1, 0]
    assert [rota.name for rota in await desk.ask_store(Work.rotas)] == ["Nights"]
