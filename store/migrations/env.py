"""Alembic's entry: runs on the connection it is handed, inside that connection's transaction."""

from alembic import context
from sqlmodel import SQLModel

import store.tables  # noqa: F401  (fills the metadata)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
    compare_type=True,
    compare_server_default=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
