"""The part of a unit of work that asks the database about itself, for whoever looks after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text
from sqlmodel import Session, SQLModel, col, select

from store.tables import Conversation, Install


@dataclass(frozen=True)
class SqliteFacts:
    version: str
    journal: str


@dataclass(frozen=True)
class PostgresFacts:
    version: str
    clock: datetime
    replica: bool
    """It only follows another one, and takes no writes."""
    most: int
    """Connections that it takes of anybody but its own administrators."""
    open: int
    """Those of all desks' servers and commands there, ours among them."""
    others: int
    """Those of anybody else."""
    lacking: Sequence[str]
    """Rights on our tables that this user does not have: ``cases: UPDATE``."""
    owner: bool
    """Whether this user may change the schema."""


class Condition:
    _session: Session

    def database_facts(self) -> SqliteFacts | PostgresFacts:
        connection = self._session.connection()
        return _postgres(connection) if connection.dialect.name == "postgresql" else _sqlite(connection)

    def desk_channels(self) -> set[str]:
        """Channels in which the desk has a room where work is announced."""
        return set(self._session.exec(select(Conversation.channel).where(col(Conversation.desk)).distinct()))

    def installs(self, channel: str) -> list[Install]:
        return list(self._session.exec(select(Install).where(Install.channel == channel).order_by(col(Install.tenant))))


def _sqlite(connection: Connection) -> SqliteFacts:
    version, journal = (connection.exec_driver_sql(each).scalar() for each in (_VERSION, "PRAGMA journal_mode"))
    return SqliteFacts(str(version), str(journal))


def _postgres(connection: Connection) -> PostgresFacts:
    version, clock, replica, most, ours, others = connection.execute(text(_FACTS)).one()
    tables = sorted(SQLModel.metadata.tables)
    lacking = list(connection.scalars(text(_LACKING), {"tables": tables}))
    owned = connection.scalar(text(_OWNED), {"tables": tables})
    return PostgresFacts(version, clock, replica, most, ours, others, lacking, bool(owned))


_VERSION = "SELECT sqlite_version()"
_LACKING = """SELECT named || ': ' || wanted
FROM unnest(CAST(:tables AS text[])) AS named, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS wanted
WHERE NOT has_table_privilege(named, wanted) ORDER BY named"""
_OWNED = "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class WHERE relname = ANY(:tables) AND relkind = 'r'"
_FACTS = """SELECT current_setting('server_version'), clock_timestamp(), pg_is_in_recovery(),
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0),
    count(*) FILTER (WHERE application_name = 'supporthub'),
    count(*) FILTER (WHERE coalesce(application_name, '') <> 'supporthub')
FROM pg_stat_activity WHERE datid IS NOT NULL"""
