"""People without an address, messages for one reader, and what vendors gave us.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("guest", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person") as person:
        person.alter_column("guest", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        person.alter_column("email", existing_type=sa.String(length=254), nullable=True)
        person.create_check_constraint("only_guests_have_no_address", "guest OR email IS NOT NULL")
        person.create_check_constraint("guests_are_no_members", "NOT guest OR (role = 'customer' AND NOT licensed)")
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("only_for", sa.String(length=254), nullable=True))
        outbox.add_column(sa.Column("instead_of", BIG, nullable=True))
    op.create_table(
        "install",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("tenant", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("renewing_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "tenant", name=op.f("pk_install")),
    )
