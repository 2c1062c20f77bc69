"""The first schema."""

import sqlalchemy as sa
from alembic import op

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", BIG, nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("slug", name=op.f("uq_account_slug")),
    )
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inbox")),
    )
    op.create_table(
        "room_entry",
        sa.Column("id", BIG, nullable=False),
        sa.Column("room", sa.String(length=300), nullable=False),
        sa.Column("thread", sa.String(length=254), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_room_entry_key")),
        sa.UniqueConstraint("revision", name=op.f("uq_room_entry_revision")),
    )
    with op.batch_alter_table("room_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_entry_room"), ["room"], unique=False)

    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "contract",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("plan", sa.String(length=100), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("licences", sa.Integer(), nullable=False),
        sa.Column("licence_total", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("products", sa.JSON(), nullable=False),
        sa.Column("paid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contract_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_account_id"), ["account_id"], unique=False)

    op.create_table(
        "conversation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("tenant", sa.String(length=200), nullable=False),
        sa.Column("room", sa.String(length=254), nullable=False),
        sa.Column("account_id", BIG, nullable=True),
        sa.Column("desk", sa.Boolean(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_conversation_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("channel", "tenant", "room", name=op.f("uq_conversation_channel_tenant_room")),
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_conversation_next_at",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.create_table(
        "tenant",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("tenant", sa.String(length=200), nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_tenant_account_id_account")),
        sa.PrimaryKeyConstraint("channel", "tenant", name=op.f("pk_tenant")),
    )
    op.create_table(
        "person",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("account_id", BIG, nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("licensed", sa.Boolean(), nullable=False),
        sa.Column("nominated", sa.Boolean(), nullable=False),
        sa.Column("contact_person", sa.Boolean(), nullable=False),
        sa.Column("deputy_until", sa.Date(), nullable=True),
        sa.Column("conversation_id", BIG, nullable=True),
        sa.CheckConstraint(
            "(role = 'customer') = (account_id IS NOT NULL)", name=op.f("ck_person_customers_have_accounts")
        ),
        sa.CheckConstraint("licensed OR NOT nominated", name=op.f("ck_person_nominated_are_licensed")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_person_account_id_account")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_person_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("id", "account_id", name=op.f("uq_person_id_account_id")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_account_id"), ["account_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("concierge_id", BIG, nullable=True),
        sa.Column("coach_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_assignment_account_id_account")),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_assignment_coach_id_person")),
        sa.ForeignKeyConstraint(["concierge_id"], ["person.id"], name=op.f("fk_assignment_concierge_id_person")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_assignment")),
    )
    op.create_table(
        "audit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "cases",
        sa.Column("id", BIG, sa.Identity(always=False, start=1001), nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("opened_by", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("thread", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("changed", sa.Text(), nullable=True),
        sa.Column("priority", sa.String(length=20), nullable=True),
        sa.Column("prioritised_by", BIG, nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("incomplete", sa.Boolean(), nullable=False),
        sa.Column("eligibility", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("coverage", sa.String(length=60), nullable=True),
        sa.Column("covered_by", BIG, nullable=True),
        sa.Column("client_caused", sa.Boolean(), nullable=False),
        sa.Column("quotes", sa.Integer(), nullable=False),
        sa.Column("quote_minutes", sa.Integer(), nullable=True),
        sa.Column("quote_state", sa.String(length=20), nullable=True),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("merged_into", BIG, nullable=True),
        sa.Column("split_from", BIG, nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("assignee_id", BIG, nullable=True),
        sa.Column("plan", sa.String(length=100), nullable=True),
        sa.Column("terms", sa.String(length=40), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("target_minutes", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_alarm_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("response_met", sa.Boolean(), nullable=True),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("answered_in_cycle", sa.Boolean(), nullable=False),
        sa.Column("resolutions", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", BIG, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("force_reason", sa.Text(), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status <> 'closed' OR (confirmed_by IS NOT NULL AND confirmed_at IS NOT NULL)",
            name=op.f("ck_cases_closed_means_confirmed"),
        ),
        sa.CheckConstraint(
            "status <> 'closed_unconfirmed' OR force_reason IS NOT NULL", name=op.f("ck_cases_forced_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_cases_account_id_account")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_cases_assignee_id_person")),
        sa.ForeignKeyConstraint(
            ["confirmed_by", "account_id"],
            ["person.id", "person.account_id"],
            name=op.f("fk_cases_confirmed_by_account_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_cases_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["covered_by"], ["person.id"], name=op.f("fk_cases_covered_by_person")),
        sa.ForeignKeyConstraint(["merged_into"], ["cases.id"], name=op.f("fk_cases_merged_into_cases")),
        sa.ForeignKeyConstraint(
            ["opened_by", "account_id"],
            ["person.id", "person.account_id"],
            name=op.f("fk_cases_opened_by_account_id_person"),
        ),
        sa.ForeignKeyConstraint(["prioritised_by"], ["person.id"], name=op.f("fk_cases_prioritised_by_person")),
        sa.ForeignKeyConstraint(["split_from"], ["cases.id"], name=op.f("fk_cases_split_from_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cases_alarm",
            ["next_alarm_at"],
            unique=False,
            sqlite_where=sa.text("next_alarm_at IS NOT NULL"),
            postgresql_where=sa.text("next_alarm_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_cases_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index(
            "ix_cases_live",
            ["account_id", "updated_at"],
            unique=False,
            sqlite_where=sa.text("over_at IS NULL"),
            postgresql_where=sa.text("over_at IS NULL"),
        )
        batch_op.create_index("ix_cases_place", ["conversation_id", "thread"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("thread", sa.String(length=254), nullable=False),
        sa.Column("dialog", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_draft_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint(
            "person_id", "conversation_id", "thread", name=op.f("uq_draft_person_id_conversation_id_thread")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "identity",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("tenant", sa.String(length=200), nullable=False),
        sa.Column("user", sa.String(length=254), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_person_id_person")),
        sa.PrimaryKeyConstraint("channel", "tenant", "user", name=op.f("pk_identity")),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_person_id"), ["person_id"], unique=False)

    op.create_table(
        "card",
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("receipt", sa.String(length=254), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("rendered", sa.Integer(), nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dead", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_card_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_card_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("case_id", "conversation_id", name=op.f("pk_card")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index("ix_card_receipt", ["conversation_id", "receipt"], unique=False)
        batch_op.create_index(
            "ix_card_stale",
            ["conversation_id"],
            unique=False,
            sqlite_where=sa.text("rendered < wanted"),
            postgresql_where=sa.text("rendered < wanted"),
        )

    op.create_table(
        "case_event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("before", sa.String(length=40), nullable=True),
        sa.Column("after", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_event_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_event_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_event_case_id"), ["case_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("thread", sa.String(length=254), nullable=False),
        sa.Column("under_card", sa.Boolean(), nullable=False),
        sa.Column("case_id", BIG, nullable=True),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("warning", sa.Boolean(), nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=254), nullable=True),
        sa.Column("dead", sa.Text(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outbox_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_outbox_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_lane",
            ["conversation_id", "id"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.create_index("ix_outbox_receipt", ["conversation_id", "receipt"], unique=False)

    if op.get_bind().dialect.name == "sqlite":  # PostgreSQL's sequence starts there by itself
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('cases', 1000)")
