"""What a channel keeps of a place, messages that take another's place, and words that moved to another case."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("conversation") as conversation:
        conversation.add_column(sa.Column("vendor", sa.JSON(), nullable=True))
        conversation.add_column(sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("replaces", BIG, nullable=True))
    with op.batch_alter_table("case_event") as event:
        event.add_column(sa.Column("moved_to", BIG, nullable=True))
