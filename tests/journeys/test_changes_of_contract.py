"""Changes of one contract, one after the other: they never overlap, and a bad one is no trouble of the others."""

from datetime import date

import pytest

from bot.desk.directory import apply
from rules.directory import read
from store.tables import Contract, ContractChange
from tests.journeys.test_contract_life import _coach, changed, contracts
from tests.world import CATALOGUES, MONDAY, ROOT, World, opened


async def test_of_two_changes_the_second_goes_on_from_the_first_and_a_bad_one_keeps_no_warning(
    desk: World, caplog: pytest.LogCaptureFixture
) -> None:
    """W20, R7: contracts of an account never overlap, and a notice that was given counts on (W48)."""
    await desk.store.write(_coach)
    for number, seats in ((1001, 20), (1002, 25)):
        await desk.says("lena", f"upgrade northwind winning {seats}")
        await desk.says("ann", f"accept {number} upgrade-1")
    await desk.store.write(changed(Contract, {"plan": "websan/success"}, noticed_on=date(2026, 1, 16)))
    assert "Done. From Sun 1 Feb 2026" in str(await desk.says("lena", "upgrade 1001 from 2026-02-01"))
    follows = "Another contract begins on Sun 1 Feb 2026: Winning with CRM."
    for day in ("2026-01-25", "2026-02-01"):
        assert str(await desk.says("lena", f"upgrade 1002 from {day}")).startswith(follows)
    late = str(await desk.says("lena", "upgrade 1002 from 2026-02-16"))
    assert late.startswith("A contract can't change on that day"), "it has ended by then"
    assert "Done." in str(await desk.says("lena", "upgrade 1002 from 2026-02-10"))
    found = [(one.starts, one.ends, one.licences, one.noticed_on) for one in await contracts(desk, "northwind")]
    assert found[1:] == [
        (date(2026, 2, 1), date(2026, 2, 9), 20, date(2026, 1, 16)),
        (date(2026, 2, 10), None, 25, date(2026, 1, 16)),
    ]
    assert found[0][1] == date(2026, 1, 31)
    dated = (
        (ROOT / "app" / "demo.toml")
        .read_text()
        .replace('plan = "websan/success"', 'plan = "websan/success"\nends = 2026-12-31')
    )
    await desk.store.write(apply, read(dated, CATALOGUES.plans), MONDAY)
    assert [one.ends for one in await contracts(desk, "northwind")] == [date(2026, 1, 31), date(2026, 2, 9), None]

    await opened(desk, "eve", "The whole system is down for everybody")
    await desk.store.write(changed(ContractChange, {"case_id": 1001}, plan="websan/retired", starts=date(2026, 1, 19)))
    await desk.store.write(changed(ContractChange, {"case_id": 1002}, starts=date(2026, 1, 19)))
    assert await desk.passes_and_warns(hours=26) > 0
    assert await desk.escalation.round() == 0
    assert [record.getMessage() for record in caplog.records] == ["cannot carry out change 1 of a contract"], "once"
    assert await desk.ask_store(lambda work: work.find(ContractChange, case_id=1002).carried_at) is not None
