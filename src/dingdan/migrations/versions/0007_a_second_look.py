"""A second look: rules, reviews, who else buys at an address, and orders that are held for it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Go forward."""
    widen_what_is_there()
    create_tables()
    run_script(GUARDS)
    run_script(REACTIONS)


def widen_what_is_there() -> None:
    """Orders that are looked at, and by what neighbours are found."""
    op.add_column("contacts", sa.Column("address_hash", sa.LargeBinary(), server_default=sa.text("''"), nullable=False))
    op.add_column("contacts", sa.Column("device_hash", sa.LargeBinary(), server_default=sa.text("''"), nullable=False))
    op.create_index(
        "ix_contacts_address_hash",
        "contacts",
        ["merchant_id", "address_hash", "id"],
        unique=False,
        postgresql_where=sa.text("address_hash <> ''"),
    )
    op.create_index(
        "ix_contacts_device_hash",
        "contacts",
        ["merchant_id", "device_hash", "id"],
        unique=False,
        postgresql_where=sa.text("device_hash <> ''"),
    )
    op.add_column("orders", sa.Column("under_review_since", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_orders_review_holds"), "orders", "under_review_since IS NULL OR state = 'held'")


def create_tables() -> None:
    """Everything of the area, as Alembic wrote it down."""
    op.create_table(
        "review_rules",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_rules")),
        sa.UniqueConstraint(
            "merchant_id",
            "code",
            "number",
            name=op.f("uq_review_rules_merchant_id_code_number"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "review_switches",
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "code", name=op.f("pk_review_switches")),
    )
    op.create_table(
        "review_terms",
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_review_terms")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("on_timeout", sa.Text(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("checklist", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by_kind", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.BigInteger(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("questions", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("question_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_kind", sa.Text(), nullable=True),
        sa.Column("signed_by", sa.BigInteger(), nullable=True),
        sa.Column("signed_is_own", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("second_reasons", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("decided_by_kind", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reject_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("on_timeout IN ('approve', 'cancel')", name=op.f("ck_reviews_on_timeout_known")),
        sa.CheckConstraint("owner IN ('reviewer', 'risk', 'lead')", name=op.f("ck_reviews_owner_known")),
        sa.CheckConstraint(
            "state IN ('open', 'claimed', 'asked', 'signed', 'escalated', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_reviews_state_known"),
        ),
        sa.CheckConstraint("due_at <= decide_by", name=op.f("ck_reviews_due_before_end")),
        sa.CheckConstraint(
            "signed_by IS NULL OR signed_by IS DISTINCT FROM decided_by", name=op.f("ck_reviews_four_eyes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("order_id", name=op.f("uq_reviews_order_id")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index(
        "ix_reviews_due",
        "reviews",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'claimed', 'asked', 'signed', 'escalated')"),
    )
    op.create_index(
        "ix_reviews_merchant_due",
        "reviews",
        ["merchant_id", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'claimed', 'asked', 'signed', 'escalated')"),
    )


# A reader sees its own merchant's rows; the platform's rules are open to everybody.
GUARDS = """
ALTER TABLE reviews ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON reviews FOR SELECT TO dingdan_read USING (
    current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
ALTER TABLE review_rules ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON review_rules FOR SELECT TO dingdan_read USING (
    current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
CREATE POLICY shared_rules ON review_rules FOR SELECT TO dingdan_read USING (merchant_id IS NULL);
ALTER TABLE review_switches ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON review_switches FOR SELECT TO dingdan_read USING (
    current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
"""

# Screening takes the place of queueing in answering what was paid: it goes on where queueing had come to.
REACTIONS = """
UPDATE reaction_cursors SET reaction = 'orders.screen_for_review' WHERE reaction = 'orders.queue_for_fulfilment';
UPDATE reaction_parked SET reaction = 'orders.screen_for_review' WHERE reaction = 'orders.queue_for_fulfilment';
"""
