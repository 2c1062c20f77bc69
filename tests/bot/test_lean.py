"""What a turn costs, as far as it can be counted: statements, looks for messages, rows that are read in vain."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.dispatch import Bot
from bot.incoming import Said
from store.sqlite import SqliteStore
from tests.world import CATALOGUES, World, opened

LARGE = ("cases", "case_event", "outbox", "card", "conversation", "person", "inbox", "draft")
PARTIAL = "ix_conversation_desk"  # an index of what is looked for and nothing else


@contextmanager
def asked(desk: World) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are put to the database, with what they are given."""
    found: list[tuple[str, Any]] = []

    def ask(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            found.append((statement, given))

    assert isinstance(desk.store, SqliteStore)
    engine = desk.store._engine
    event.listen(engine, "before_cursor_execute", ask)
    yield found
    event.remove(engine, "before_cursor_execute", ask)


async def asks(desk: World, line: str, **how: Any) -> int:
    with asked(desk) as found:
        await desk.hear("sam", Said(line), **how)
    await desk.delivery.deliver_all()
    return len(found)


async def test_a_turn_puts_few_statements_to_the_database(sqlite_desk: World) -> None:
    await opened(sqlite_desk)
    command = {"at_once": True, "visible": False}
    assert await asks(sqlite_desk, "/support status 1001", **command) <= 7
    assert await asks(sqlite_desk, "/support take 1001", **command) <= 15
    assert await asks(sqlite_desk, "/support reply 1001 Looking into it", **command) <= 18


async def test_a_line_with_its_case_is_understood_where_it_is_carried_out(sqlite_desk: World) -> None:
    await opened(sqlite_desk)
    with asked(sqlite_desk) as found:
        await sqlite_desk.hear("sam", Said("note 1001 Seen"))
    assert sum("JOIN identity" in statement for statement, _ in found) == 1


async def test_nobody_looks_for_messages_after_a_turn_that_owes_none(sqlite_desk: World) -> None:
    await opened(sqlite_desk)
    woken: list[str] = []
    sqlite_desk.bot = Bot(sqlite_desk.store, CATALOGUES, lambda: sqlite_desk.time, lambda: woken.append("woken"))
    await sqlite_desk.hear("sam", Said("/support status 1001"), at_once=True, visible=False)
    assert woken == []
    await sqlite_desk.hear("sam", Said("/support status 1001"))
    assert woken == ["woken"]


async def test_no_turn_reads_a_large_table_from_end_to_end(sqlite_desk: World) -> None:
    with asked(sqlite_desk) as found:
        await opened(sqlite_desk)
        for line in ("status 1001", "take 1001", "reply 1001 Looking into it", "resolve 1001 It is done"):
            await sqlite_desk.says("sam", line)
        for line in ("cases", "Is it fixed?", "confirm 1001"):
            await sqlite_desk.says("ann", line)
    looks = {statement: given for statement, given in found if not statement.startswith("INSERT")}
    for statement, given in looks.items():
        assert not (read := await sqlite_desk.store.read(_read_whole, statement, given)), f"{read}\n{statement}"


def _read_whole(work: Any, statement: str, given: Any) -> list[str]:
    one = given[0] if isinstance(given, list) else given
    rows = work._session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", one)
    whole = tuple(f"SCAN {name}" for name in LARGE)
    return [step for *_, step in rows if step.startswith(whole) and not step.endswith(PARTIAL)]
