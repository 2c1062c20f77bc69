"""What statements are built of."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel

from store.tables import Account, Allowance, Conversation, Inbox, Outbox, Setting


def blanks(name: str, many: int) -> list[Any]:
    """For ``in_``, whose own way with lists rewrites the statement each time."""
    return [bindparam(f"{name}{number}") for number in range(many)]


def filled(name: str, values: Iterable[Any]) -> dict[str, Any]:
    """The values for ``blanks``."""
    return {f"{name}{number}": value for number, value in enumerate(values)}


def table(kind: type[SQLModel]) -> Table:
    """Without the objects of its rows."""
    found: Table = kind.__table__  # type: ignore[attr-defined]
    return found


def written(row: SQLModel, **values: Any) -> None:
    """Told to the object of a row that is changed past the ORM, whose bookkeeping costs more than the statement."""
    for name, value in values.items():
        set_committed_value(row, name, value)


DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}
ONCE = {
    kind: {name: dialect.insert(table(kind)).on_conflict_do_nothing() for name, dialect in DIALECTS.items()}
    for kind in (Account, Allowance, Conversation, Inbox, Outbox, Setting)
}
"""Nothing happens where a unique key is there already."""
