"""Rotas, absences and who hears the ladder at any hour; how long a message was tried, with whom it left, who saw it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("any_hour", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
        outbox.add_column(sa.Column("joins", BIG, nullable=True))
        outbox.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("conversation") as conversation:
        conversation.add_column(sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("card") as card:
        card.add_column(sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("case_event") as event:
        event.add_column(sa.Column("received_at", sa.DateTime(timezone=True), nullable=True))
        event.add_column(sa.Column("target_minutes", sa.Integer(), nullable=True))
        event.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        event.add_column(sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_cases_merged",
        "cases",
        ["merged_into"],
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_dead",
        "outbox",
        ["id"],
        sqlite_where=sa.text("dead IS NOT NULL"),
        postgresql_where=sa.text("dead IS NOT NULL"),
    )
    for name, table, column, where in (
        ("ix_outbox_unseen", "outbox", "conversation_id", "warning AND seen_at IS NULL"),
        ("ix_outbox_warning", "outbox", "case_id", "warning"),
        ("ix_card_dead", "card", "case_id", "dead IS NOT NULL"),
    ):
        op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_table(
        "absence",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stand_in_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_absence_person_id_person"),
        sa.ForeignKeyConstraint(["stand_in_id"], ["person.id"], name="fk_absence_stand_in_id_person"),
        sa.CheckConstraint("starts < ends", name="ends_later"),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
    op.create_index("ix_absence_person_id", "absence", ["person_id"])
    op.create_table(
        "rota",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("handover", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_rota"),
    )
