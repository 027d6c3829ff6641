"""Trouble and what is done about it: kinds, cases, owners, logs, remedies and their budgets, claims on carriers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script

revision = "0018"
down_revision = "0017"

OWN = (
    "case_kinds", "case_skills", "cases", "case_owners", "case_entries", "case_budgets", "remedies", "replacements",
    "claims",
)  # fmt: skip
OCCASIONS = (
    "received", "confirmed", "amended", "cancelled", "expired", "refunded", "payment_failed", "review_started",
    "deposit_paid", "balance_opened", "deposit_ended",
    "delayed", "case_opened", "case_updated", "case_asked", "case_offered", "case_remedied", "case_closed",
)  # fmt: skip
WALL = """
CREATE TRIGGER case_entries_are_history BEFORE UPDATE OR DELETE ON case_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE POLICY shared_kinds ON case_kinds FOR SELECT TO dingdan_read USING (merchant_id IS NULL);
-- What went wrong before anybody kept cases is not opened as one now.
INSERT INTO reaction_cursors (reaction, position)
    SELECT name, (SELECT max(position) FROM facts) FROM unnest(ARRAY['cases.follow', 'cases.draft_claims']) AS name
    WHERE EXISTS (SELECT FROM facts WHERE position IS NOT NULL);
"""


def upgrade() -> None:
    """Go forward; of orders of before nothing is known to have gone wrong."""
    op.add_column("returns", sa.Column("postage", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.drop_constraint(op.f("ck_refunds_cause_known"), "refunds")
    op.create_check_constraint(
        op.f("ck_refunds_cause_known"),
        "refunds",
        "cause IN ('return', 'cancellation', 'amendment', 'excess', 'channel', 'case')",
    )
    op.drop_constraint(op.f("ck_confirmations_occasion_known"), "confirmations")
    words = ", ".join(f"'{word}'" for word in OCCASIONS)
    op.create_check_constraint(op.f("ck_confirmations_occasion_known"), "confirmations", f"occasion IN ({words})")
    create_tables()
    for table in OWN:
        run_script(
            f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own_rows ON {table} FOR SELECT TO dingdan_read USING (
                current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
            """
        )
    run_script(WALL)


def create_tables() -> None:
    """Everything of the area, as Alembic wrote it down."""
    op.create_table(
        "case_kinds",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT is_active OR COALESCE(document ->> 'owner', '') <> '' AND jsonb_array_length(document -> 'playbook') > 0",
            name=op.f("ck_case_kinds_active_is_owned"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_kinds")),
        sa.UniqueConstraint(
            "merchant_id",
            "code",
            "number",
            name=op.f("uq_case_kinds_merchant_id_code_number"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "case_terms",
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_case_terms")),
    )
    op.create_table(
        "case_skills",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("kinds", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_case_skills")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("buyer_id", sa.BigInteger(), nullable=True),
        sa.Column("case_kind_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), server_default=sa.text("0"), autoincrement=False, nullable=False),
        sa.Column("whose_turn", sa.Text(), server_default=sa.text("'us'"), nullable=False),
        sa.Column("repeats", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("liable", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("resolve_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_update_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closure", sa.Text(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("feedback_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(closure IS NOT NULL) = (state = 'closed')", name=op.f("ck_cases_closed_has_code")),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (state IN ('closed', 'withdrawn'))", name=op.f("ck_cases_ended_has_moment")
        ),
        sa.CheckConstraint("liable IN ('merchant', 'carrier', 'platform')", name=op.f("ck_cases_liable_known")),
        sa.CheckConstraint(
            "rating IS NULL OR rating BETWEEN 1 AND 5 AND state = 'closed'", name=op.f("ck_cases_rated_when_closed")
        ),
        sa.CheckConstraint("source IN ('fact', 'buyer', 'staff')", name=op.f("ck_cases_source_known")),
        sa.CheckConstraint(
            "state IN ('open', 'investigating', 'remedied', 'closed', 'withdrawn')", name=op.f("ck_cases_state_known")
        ),
        sa.CheckConstraint("whose_turn IN ('us', 'buyer', 'carrier')", name=op.f("ck_cases_turn_is_somebodys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index(
        "ix_cases_due",
        "cases",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'investigating', 'remedied')"),
    )
    op.create_index(
        "ix_cases_merchant_due",
        "cases",
        ["merchant_id", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'investigating', 'remedied')"),
    )
    op.create_index("ix_cases_order_id", "cases", ["order_id", "id"], unique=False)
    op.create_index(
        "uq_cases_open",
        "cases",
        ["subject_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'investigating', 'remedied')"),
    )
    op.create_table(
        "case_owners",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_owners_case_id")),
        sa.PrimaryKeyConstraint("case_id", "n", name=op.f("pk_case_owners")),
    )
    op.create_index(
        "ix_case_owners_load", "case_owners", ["staff_id"], unique=False, postgresql_where=sa.text("until IS NULL")
    )
    op.create_index(
        "uq_case_owners_now", "case_owners", ["case_id"], unique=True, postgresql_where=sa.text("until IS NULL")
    )
    op.create_table(
        "case_entries",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("photos", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_entries_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entries")),
    )
    op.create_index("ix_case_entries_case_id", "case_entries", ["case_id", "id"], unique=False)
    op.create_table(
        "case_budgets",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("granted", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("granted >= 0 AND granted <= budget", name=op.f("ck_case_budgets_granted_fits")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_case_budgets")),
    )
    op.create_table(
        "remedies",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("budgeted", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("needs_consent", sa.Boolean(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alone_up_to", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by_kind", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_kind", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("executed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("purse_id", sa.BigInteger(), nullable=True),
        sa.Column("grant_id", sa.BigInteger(), nullable=True),
        sa.Column("return_id", sa.BigInteger(), nullable=True),
        sa.Column("replaced_by", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(executed_at IS NOT NULL) = (state = 'executed')", name=op.f("ck_remedies_executed_has_moment")
        ),
        sa.CheckConstraint(
            "kind IN ('refund', 'reship', 'substitute', 'compensation', 'wait', 'take_back')",
            name=op.f("ck_remedies_kind_known"),
        ),
        sa.CheckConstraint(
            "state <> 'executed' OR NOT needs_consent OR consented_at IS NOT NULL", name=op.f("ck_remedies_consented")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'executed', 'declined', 'refused')", name=op.f("ck_remedies_state_known")
        ),
        sa.CheckConstraint(
            "amount <= alone_up_to OR approved_by_kind IS NULL OR (approved_by_kind, approved_by) "
            "IS DISTINCT FROM (proposed_by_kind, proposed_by)",
            name=op.f("ck_remedies_four_eyes"),
        ),
        sa.CheckConstraint(
            "amount >= 0 AND budgeted >= 0 AND budgeted <= amount", name=op.f("ck_remedies_amounts_fit")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_remedies_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedies")),
    )
    op.create_index("ix_remedies_case_id", "remedies", ["case_id", "id"], unique=False)
    op.create_index("ix_remedies_order_id", "remedies", ["order_id", "id"], unique=False)
    op.create_table(
        "replacements",
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("remedy_id", sa.BigInteger(), nullable=False),
        sa.Column("replaces", sa.BigInteger(), nullable=False),
        sa.Column("replaces_line", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_replacements_quantity_positive")),
        sa.ForeignKeyConstraint(["remedy_id"], ["remedies.id"], name=op.f("fk_replacements_remedy_id")),
        sa.PrimaryKeyConstraint("sent", "line_no", name=op.f("pk_replacements")),
    )
    op.create_index("ix_replacements_replaces", "replacements", ["replaces", "replaces_line"], unique=False)
    op.create_table(
        "claims",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("parcel_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="drafted", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("insured", sa.BigInteger(), nullable=True),
        sa.Column("evidence", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carrier_ref", sa.Text(), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chased", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("accepted", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("recovered", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IN ('accepted', 'part', 'refused')", name=op.f("ck_claims_answer_known")),
        sa.CheckConstraint(
            "state IN ('drafted', 'filed', 'answered', 'recovered', 'written_off')", name=op.f("ck_claims_state_known")
        ),
        sa.CheckConstraint(
            "value > 0 AND accepted >= 0 AND accepted <= value AND recovered >= 0 AND recovered <= accepted",
            name=op.f("ck_claims_amounts_fit"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_claims_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("parcel_id", name=op.f("uq_claims_parcel_id")),
    )
    op.create_index("ix_claims_case_id", "claims", ["case_id"], unique=False)
    op.create_index("ix_claims_merchant_id", "claims", ["merchant_id", "id"], unique=False)
