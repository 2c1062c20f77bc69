"""The time that both sides of a case agree on.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Only added to: SQLite would build the table anew for anything else, and forget which case numbers were given.
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("slots", sa.Integer(), nullable=False, server_default="0"))
        cases.add_column(sa.Column("slot_at", sa.DateTime(timezone=True), nullable=True))
        cases.add_column(sa.Column("slot_ends", sa.DateTime(timezone=True), nullable=True))
        cases.add_column(sa.Column("slot_state", sa.String(length=20), nullable=True))
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE cases ADD COLUMN slot_by {kind} CONSTRAINT fk_cases_slot_by_person REFERENCES person (id)")
