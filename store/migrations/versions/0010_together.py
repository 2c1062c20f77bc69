"""Working on a case together, the portal's sessions, tokens and webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _tables()
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("skills", sa.JSON(), nullable=True))
        person.add_column(sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.true()))
        person.add_column(sa.Column("digested_on", sa.Date(), nullable=True))
    with op.batch_alter_table("case_event") as event:
        event.add_column(sa.Column("said_as", sa.String(length=254), nullable=True))
        event.add_column(sa.Column("of_event", BIG, nullable=True))
        event.add_column(sa.Column("deleted_at", AT, nullable=True))
        event.add_column(sa.Column("author_id", BIG, nullable=True))
        event.add_column(sa.Column("edited_at", AT, nullable=True))
    op.add_column("outbox", sa.Column("event_id", BIG, nullable=True))
    said = sa.text("event_id IS NOT NULL")
    op.create_index("ix_outbox_event", "outbox", ["event_id"], sqlite_where=said, postgresql_where=said)
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("confirm_reminders", sa.Integer(), nullable=False, server_default="0"))
        cases.add_column(sa.Column("awaiting_since", AT, nullable=True))
        cases.add_column(sa.Column("cancelled_at", AT, nullable=True))
    # With a foreign key SQLite would have a table made anew; as plain SQL a column is added in place.
    kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    refers = "CONSTRAINT fk_cases_incident_id_incident REFERENCES incident (id)"
    op.execute(f"ALTER TABLE cases ADD COLUMN incident_id {kind} {refers}")
    # What waits for the customer's word already: the clock looks at each, and works out their next reminder.
    op.execute(
        "UPDATE cases SET awaiting_since = updated_at, next_alarm_at = updated_at"
        " WHERE status = 'awaiting_confirmation'"
    )
    op.execute("UPDATE cases SET cancelled_at = over_at WHERE responded_at IS NULL AND over_at IS NOT NULL")
    for table, column in INDEXED:
        op.create_index(f"ix_{table}_{column}", table, [column])


INDEXED = (
    ("webhook", "account_id"),
    ("api_token", "account_id"),
    ("session", "person_id"),
    ("sign_in", "person_id"),
    ("held_act", "case_id"),
    ("held_act", "due_at"),
    ("attachment", "case_id"),
    ("attachment", "sha256"),
    ("attachment", "next_at"),
    ("case_event", "said_as"),
    ("case_event", "of_event"),
    ("case_event", "at"),
    ("cases", "incident_id"),
)


def _tables() -> None:
    _access()
    _together()


def _access() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=True),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_webhook_account_id_account"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_webhook_conversation_id_conversation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    op.create_table(
        "api_token",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("writes", sa.Boolean(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.Column("revoked_at", AT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_api_token_account_id_account"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_api_token_person_id_person"),
        sa.PrimaryKeyConstraint("hash", name="pk_api_token"),
    )
    op.create_table(
        "session",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("seen_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_session_person_id_person"),
        sa.PrimaryKeyConstraint("hash", name="pk_session"),
    )
    op.create_table(
        "sign_in",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.Column("mailed", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sign_in_person_id_person"),
        sa.PrimaryKeyConstraint("hash", name="pk_sign_in"),
    )


def _together() -> None:
    op.create_table(
        "incident",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("over_at", AT, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_incident_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
    )
    op.create_table(
        "in_turn",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_in_turn_person_id_person"),
        sa.PrimaryKeyConstraint("person_id", name="pk_in_turn"),
    )
    op.create_table(
        "saved_reply",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_saved_reply_by_id_person"),
        sa.PrimaryKeyConstraint("name", name="pk_saved_reply"),
    )
    op.create_table(
        "case_link",
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=False),
        sa.Column("by_id", BIG, nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint("case_id < other_id", name="smaller_first"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_case_link_by_id_person"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_link_case_id_cases"),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name="fk_case_link_other_id_cases"),
        sa.PrimaryKeyConstraint("case_id", "other_id", name="pk_case_link"),
    )
    op.create_table(
        "follower",
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_follower_case_id_cases"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_follower_person_id_person"),
        sa.PrimaryKeyConstraint("case_id", "person_id", name="pk_follower"),
    )
    op.create_table(
        "held_act",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("thread", sa.String(length=254), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=False),
        sa.Column("resolution", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_held_act_case_id_cases"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_held_act_conversation_id_conversation"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_held_act_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_held_act"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attachment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=True),
        sa.Column("by_id", BIG, nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=254), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", BIG, nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("tenant", sa.String(length=200), nullable=False),
        sa.Column("source", sa.JSON(), nullable=True),
        sa.Column("ref", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("next_at", AT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_attachment_by_id_person"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_attachment_case_id_cases"),
        sa.ForeignKeyConstraint(["event_id"], ["case_event.id"], name="fk_attachment_event_id_case_event"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
