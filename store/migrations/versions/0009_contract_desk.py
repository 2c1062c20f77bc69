"""Who may ask, what both sides agreed on, contracts over time, people who come and go, and announcements."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _columns()
    _people()
    _contracts()
    op.create_table(
        "agreement",
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("proposed_by", BIG, nullable=False),
        sa.Column("proposed_at", AT, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answered_by", BIG, nullable=True),
        sa.Column("answered_at", AT, nullable=True),
        _refers("agreement", "case_id", "cases"),
        _refers("agreement", "proposed_by", "person"),
        _refers("agreement", "answered_by", "person"),
        sa.CheckConstraint(
            "state <> 'agreed' OR (answered_by IS NOT NULL AND answered_at IS NOT NULL)", name="agreed_by_both"
        ),
        sa.PrimaryKeyConstraint("case_id", "what", "number", name="pk_agreement"),
    )
    _open_questions()


def _columns() -> None:
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("accept_all", sa.Boolean(), nullable=False, server_default=sa.false()))
        account.add_column(sa.Column("custom_code", sa.Boolean(), nullable=False, server_default=sa.false()))
        account.add_column(sa.Column("users", sa.Integer(), nullable=True))
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("welcomed_at", AT, nullable=True))
        person.add_column(sa.Column("left_at", AT, nullable=True))
        person.add_column(sa.Column("erased_at", AT, nullable=True))
    with op.batch_alter_table("contract") as contract:
        contract.add_column(sa.Column("signed", sa.Date(), nullable=True))
        contract.add_column(sa.Column("price_list", sa.String(length=200), nullable=True))
        contract.add_column(sa.Column("per_year", sa.Boolean(), nullable=False, server_default=sa.false()))
        contract.add_column(sa.Column("new_versions", sa.Boolean(), nullable=True))
        contract.add_column(sa.Column("owned", sa.JSON(), nullable=True))
        contract.add_column(sa.Column("allowed", sa.JSON(), nullable=True))
        contract.add_column(sa.Column("response_minutes", sa.Integer(), nullable=True))
        contract.add_column(sa.Column("trial", sa.Boolean(), nullable=False, server_default=sa.false()))
        contract.add_column(sa.Column("noticed_on", sa.Date(), nullable=True))
        contract.add_column(sa.Column("ended_at", AT, nullable=True))
        contract.add_column(sa.Column("ended_reason", sa.Text(), nullable=True))
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("priorities", sa.Integer(), nullable=False, server_default="0"))
        cases.add_column(sa.Column("priority_state", sa.String(length=20), nullable=True))
        cases.add_column(sa.Column("promised_by", sa.String(length=100), nullable=True))
        cases.add_column(sa.Column("eligibility_at", AT, nullable=True))
        cases.add_column(sa.Column("eligibility_reason", sa.Text(), nullable=True))
        cases.add_column(sa.Column("handover", sa.String(length=20), nullable=True))
        cases.add_column(sa.Column("handover_until", AT, nullable=True))
        cases.add_column(sa.Column("estimate_minutes", sa.Integer(), nullable=True))
        cases.add_column(sa.Column("covered_at", AT, nullable=True))
        cases.add_column(sa.Column("code_delivered", sa.String(length=20), nullable=True))
        cases.add_column(sa.Column("external_id", sa.String(length=200), nullable=True))
    op.add_column("conversation", sa.Column("told_at", AT, nullable=True))
    op.add_column("conversation", sa.Column("forget_at", AT, nullable=True))
    op.create_index("ux_cases_external_id", "cases", ["external_id"], unique=True)
    # With a foreign key SQLite would have a table made anew; as plain SQL a column is added in place.
    kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    of_cases = (("cases", "eligibility_by"), ("cases", "handover_by"))
    for table, column in (("contract", "ended_by"), *of_cases, ("person", "became")):
        refers = f"CONSTRAINT fk_{table}_{column}_person REFERENCES person (id)"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} {refers}")


def _people() -> None:
    # Of several contact persons of one account, the first stays: the terms know one (T10).
    op.execute(
        "UPDATE person SET contact_person = false WHERE contact_person AND id NOT IN"
        " (SELECT MIN(id) FROM person WHERE contact_person GROUP BY account_id)"
    )
    op.create_index(
        "ux_person_contact_person",
        "person",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("contact_person"),
        postgresql_where=sa.text("contact_person"),
    )
    op.create_table(
        "link_code",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("made_by", BIG, nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        _refers("link_code", "person_id", "person"),
        _refers("link_code", "made_by", "person"),
        sa.PrimaryKeyConstraint("hash", name="pk_link_code"),
    )
    op.create_index("ix_link_code_person_id", "link_code", ["person_id"])
    op.create_table(
        "link_proposal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("tenant", sa.String(length=200), nullable=False),
        sa.Column("user", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("decided_by", BIG, nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        _refers("link_proposal", "person_id", "person"),
        _refers("link_proposal", "decided_by", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_link_proposal"),
        sa.UniqueConstraint("channel", "tenant", "user", name="uq_link_proposal_channel_tenant_user"),
    )
    op.create_index("ix_link_proposal_person_id", "link_proposal", ["person_id"])
    op.create_table(
        "tombstone",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "hash", name="pk_tombstone"),
    )


def _contracts() -> None:
    op.create_table(
        "contract_change",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("plan", sa.String(length=100), nullable=False),
        sa.Column("licences", sa.Integer(), nullable=False),
        sa.Column("licence_total", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("at", AT, nullable=False),
        sa.Column("declined_at", AT, nullable=True),
        sa.Column("accepted_by", BIG, nullable=True),
        sa.Column("accepted_at", AT, nullable=True),
        sa.Column("applied_by", BIG, nullable=True),
        sa.Column("applied_at", AT, nullable=True),
        sa.Column("carried_at", AT, nullable=True),
        sa.Column("carried_to", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("carry_at", AT, nullable=True),
        _refers("contract_change", "case_id", "cases"),
        _refers("contract_change", "account_id", "account"),
        _refers("contract_change", "accepted_by", "person"),
        _refers("contract_change", "applied_by", "person"),
        sa.CheckConstraint("applied_at IS NULL OR accepted_by IS NOT NULL", name="applied_means_accepted"),
        sa.PrimaryKeyConstraint("id", name="pk_contract_change"),
        sa.UniqueConstraint("case_id", name="uq_contract_change_case_id"),
    )
    op.create_index("ix_contract_change_account_id", "contract_change", ["account_id"])
    op.create_table(
        "announcement",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("by_id", BIG, nullable=True),
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("terms", sa.String(length=40), nullable=True),
        sa.Column("effective", sa.Date(), nullable=True),
        sa.Column("sent_at", AT, nullable=True),
        _refers("announcement", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_announcement"),
    )
    op.create_table(
        "announced",
        sa.Column("announcement_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("owed_at", AT, nullable=True),
        sa.Column("conversation_id", BIG, nullable=True),
        _refers("announced", "announcement_id", "announcement"),
        _refers("announced", "person_id", "person"),
        _refers("announced", "account_id", "account"),
        _refers("announced", "conversation_id", "conversation"),
        sa.PrimaryKeyConstraint("announcement_id", "person_id", name="pk_announced"),
    )
    op.create_index(
        "ix_announced_waiting",
        "announced",
        ["announcement_id"],
        sqlite_where=sa.text("owed_at IS NULL"),
        postgresql_where=sa.text("owed_at IS NULL"),
    )


def _open_questions() -> None:
    """What one side has proposed and the other is still to answer keeps its proposer's stamp."""
    proposed = "prioritised_by IS NULL AND priority IS NOT NULL AND over_at IS NULL"
    op.execute(f"UPDATE cases SET priorities = 1, priority_state = 'proposed' WHERE {proposed}")
    op.execute(
        "INSERT INTO agreement (case_id, what, number, terms, proposed_by, proposed_at, state)"
        " SELECT id, 'priority', 1, priority, opened_by, received_at, 'offered' FROM cases"
        " WHERE priority_state = 'proposed'"
    )
    for what, number, terms, verbs, open_ in (
        ("quote", "quotes", "CAST(c.quote_minutes AS VARCHAR(20))", "'quote'", "c.quote_state = 'offered'"),
        ("slot", "slots", "e.words", "'schedule'", "c.slot_state = 'offered'"),
        ("closing", "resolutions", "'solved'", "'resolve', 'solved'", "c.status = 'awaiting_confirmation'"),
    ):
        last = f"SELECT MAX(id) FROM case_event WHERE case_id = c.id AND verb IN ({verbs})"
        op.execute(
            "INSERT INTO agreement (case_id, what, number, terms, proposed_by, proposed_at, state)"
            f" SELECT c.id, '{what}', c.{number}, {terms}, e.person_id, e.at, 'offered'"
            f" FROM cases c JOIN case_event e ON e.id = ({last})"
            f" WHERE {open_} AND c.over_at IS NULL AND e.person_id IS NOT NULL"
        )


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")
