"""How long closed cases are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("account", sa.Column("keep_months", sa.Integer(), nullable=True))
    op.add_column("cases", sa.Column("emptied_at", AT, nullable=True))
    op.create_index("ix_cases_opened_by", "cases", ["opened_by", "over_at"])
    op.create_index("ix_cases_account_id", "cases", ["account_id", "id"])
    op.create_index("ix_inbox_at", "inbox", ["at"])
    op.create_index(
        "ix_conversation_forget_at",
        "conversation",
        ["forget_at"],
        sqlite_where=sa.text("forget_at IS NOT NULL"),
        postgresql_where=sa.text("forget_at IS NOT NULL"),
    )
    op.create_index(
        "ix_cases_unassigned",
        "cases",
        ["queue", "id"],
        sqlite_where=sa.text("over_at IS NULL AND assignee_id IS NULL"),
        postgresql_where=sa.text("over_at IS NULL AND assignee_id IS NULL"),
    )
    op.create_index(
        "ix_conversation_desk", "conversation", ["desk"], sqlite_where=sa.text("desk"), postgresql_where=sa.text("desk")
    )
    op.create_table(
        "allowance",
        sa.Column("name", sa.String(length=254), nullable=False),
        sa.Column("remaining", sa.Float(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_allowance"),
    )
