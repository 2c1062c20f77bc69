"""What must never be so is refused by the database itself: raw SQL, past every rule of ours."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from store.store import Store
from store.work import Work
from tests.store.inside import on_sqlite, sql
from tests.world import MONDAY, World


def known(work: Work) -> dict[str, Any]:
    """The numbers that the statements below name."""
    rows = sql(work, "SELECT email, id FROM person")
    people = {email.partition("@")[0]: number for email, number in rows}
    accounts = {f"{slug}_account": number for slug, number in sql(work, "SELECT slug, id FROM account")}
    return {**people, **accounts, "at": MONDAY, "nobody": 999_999}


def raw(work: Work, statement: str) -> None:
    """Instants as SQLite keeps them or as PostgreSQL takes them."""
    values = {name: value for name, value in known(work).items() if f":{name}" in statement}
    if work._session.connection().dialect.name == "sqlite" and "at" in values:
        values["at"] = values["at"].strftime("%Y-%m-%d %H:%M:%S.000000")
    sql(work, statement, **values)


class Undone(Exception):
    pass


def accepted(work: Work, cheats: tuple[str, ...]) -> list[str]:
    """Those that the database would have taken. Nothing is left of any."""
    taken = []
    for cheat in cheats:
        try:
            with work.attempt():
                raw(work, cheat)
                raise Undone
        except Undone:
            taken.append(cheat)
        except IntegrityError:
            continue
    return taken


async def refused(world: World, *cheats: str) -> None:
    assert await world.store.write(accepted, cheats) == []


async def done(world: World, statement: str) -> None:
    await world.store.write(raw, statement)


CONFIRM = "UPDATE cases SET status = 'closed', confirmed_at = :at, confirmed_by = "
CLOSED = f"{CONFIRM} :ann"


async def test_a_case_closes_when_a_contact_of_its_company_confirmed_it(case: World) -> None:
    """W59. Its opener or a colleague."""
    for who in (":ann", ":bob"):
        await done(case, f"{CONFIRM} {who}")


async def test_closed_means_confirmed_by_a_contact_of_the_cases_own_company(case: World) -> None:
    """W59."""
    await refused(
        case,
        "UPDATE cases SET status = 'closed'",
        "UPDATE cases SET status = 'closed', confirmed_at = :at",
        "UPDATE cases SET status = 'closed', confirmed_by = :ann",
        f"{CONFIRM} :eve",
        f"{CONFIRM} :sam",
        f"{CONFIRM} :cora",
        f"{CONFIRM} :nobody",
    )


async def test_what_was_confirmed_stays_confirmed_by_whom_it_was(case: World) -> None:
    await done(case, f"{CONFIRM} :ann")
    await refused(
        case,
        "UPDATE cases SET confirmed_by = NULL",
        "UPDATE cases SET confirmed_at = NULL",
        "UPDATE cases SET confirmed_by = :sam",
        "UPDATE cases SET confirmed_by = :eve",
        "UPDATE cases SET account_id = :contoso_account",
        "UPDATE cases SET account_id = :contoso_account, opened_by = :eve",
        "UPDATE person SET account_id = :contoso_account WHERE id = :ann",
        "UPDATE person SET account_id = NULL, role = 'agent' WHERE id = :ann",
        "DELETE FROM person WHERE id = :ann",
    )


async def test_a_forced_closing_has_a_reason(case: World) -> None:
    await refused(
        case,
        "UPDATE cases SET status = 'closed_unconfirmed'",
        "UPDATE cases SET status = 'closed_unconfirmed', confirmed_by = :ann, confirmed_at = :at",
    )
    await done(case, "UPDATE cases SET status = 'closed_unconfirmed', force_reason = 'No word for weeks'")
    await refused(case, "UPDATE cases SET force_reason = NULL")


async def test_a_case_is_opened_by_a_contact_of_its_company(case: World) -> None:
    await refused(case, *(f"UPDATE cases SET opened_by = {who}" for who in (":eve", ":sam", ":nobody")))


async def test_customers_have_an_account_and_staff_have_none(desk: World) -> None:
    """C4."""
    await refused(
        desk,
        "UPDATE person SET account_id = :northwind_account WHERE id = :sam",
        "UPDATE person SET account_id = NULL WHERE id = :ann",
        "UPDATE person SET role = 'agent' WHERE id = :ann",
        "UPDATE person SET role = 'lead' WHERE id = :ann",
        "UPDATE person SET role = 'customer' WHERE id = :sam",
        "UPDATE person SET role = 'admin', account_id = :northwind_account WHERE id = :cora",
    )


async def test_only_the_licensed_are_nominated(desk: World) -> None:
    await done(desk, "UPDATE person SET licensed = false, nominated = false WHERE id = :ann")
    await refused(desk, "UPDATE person SET nominated = true WHERE id = :ann")
    await done(desk, "UPDATE person SET licensed = true, nominated = true WHERE id = :ann")
    await refused(desk, "UPDATE person SET licensed = false WHERE id = :ann")


async def test_two_people_never_share_an_address_nor_two_users_an_identity(desk: World) -> None:
    await refused(
        desk,
        "UPDATE person SET email = (SELECT email FROM person WHERE id = :bob) WHERE id = :ann",
        'INSERT INTO identity (channel, tenant, "user", person_id, how, at) '
        "VALUES ('fake', '', 'ann', :eve, 'test', :at)",
    )


async def test_an_act_is_in_the_inbox_once(desk: World) -> None:
    """C6."""
    act = "INSERT INTO inbox (key, at) VALUES ('m1', :at)"
    await done(desk, act)
    await refused(desk, act)
    assert not await desk.store.write(Work.first_time, "m1", MONDAY)
    assert await desk.store.write(Work.first_time, "m2", MONDAY)
    long = "m" * 5000  # kept as its hash: no index of PostgreSQL takes as much
    assert [await desk.store.write(Work.first_time, long, MONDAY) for _ in range(2)] == [True, False]


MESSAGE = """INSERT INTO outbox (conversation_id, thread, under_card, message, key, warning, owed_at, due_at, attempt,
    unsure, withdrawn) SELECT min(id), '', false, '{{}}', {key}, false, :at, :at, 0, false, false FROM conversation"""


async def test_a_key_is_owed_once_ever_and_messages_without_one_as_often_as_you_like(desk: World) -> None:
    """C7."""
    for _ in range(2):
        await done(desk, MESSAGE.format(key="NULL"))
    await done(desk, MESSAGE.format(key="'w1'"))
    await refused(desk, MESSAGE.format(key="'w1'"))
    await done(desk, "UPDATE outbox SET done_at = :at WHERE key = 'w1'")
    await refused(desk, MESSAGE.format(key="'w1'"))


async def test_agreed_means_that_both_sides_have_said_so(case: World) -> None:
    """W57, W24: what nobody answered is no agreement."""
    await case.says("sam", "client-caused 1001 Your own change did it")
    await case.says("sam", "quote 1001 60 A report")
    await refused(
        case,
        "UPDATE agreement SET state = 'agreed'",
        "UPDATE agreement SET state = 'agreed', answered_by = :ann",
        "UPDATE agreement SET state = 'agreed', answered_at = :at",
    )
    await done(case, "UPDATE agreement SET state = 'agreed', answered_at = :at, answered_by = :ann")


async def test_a_place_is_there_once_and_nothing_refers_to_what_is_gone(case: World) -> None:
    await refused(
        case,
        "INSERT INTO conversation (channel, tenant, room, desk, fence) VALUES ('fake', '', 'ann', false, 0)",
        "INSERT INTO card SELECT * FROM card",
        "DELETE FROM account WHERE id = :northwind_account",
        "DELETE FROM conversation",
        "DELETE FROM cases",
    )


@on_sqlite
async def test_every_connection_enforces_foreign_keys_and_survives_a_power_cut(store: Store) -> None:
    """Foreign keys are off in SQLite unless asked for: each connection of ours asks."""
    for ask in (store.read, store.write):
        assert await ask(sql, "PRAGMA foreign_keys") == [(1,)]
        assert await ask(sql, "PRAGMA synchronous") == [(2,)], "FULL: what is acknowledged survives a power cut"
        assert await ask(sql, "PRAGMA journal_mode") == [("wal",)]
