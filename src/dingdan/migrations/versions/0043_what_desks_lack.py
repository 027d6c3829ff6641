"""What desks lack: notes and tags on orders, whom notes call, and orders that go in spite of a failed check, by two."""

import sqlalchemy as sa
from alembic import op

from dingdan.migrations.scripting import run_script, wall_in

revision = "0043"
down_revision = "0042"

OCCASIONS = """
    'received', 'confirmed', 'amended', 'order_written', 'cancelled', 'expired', 'refunded', 'payment_failed',
    'review_started', 'delayed', 'receipt_announced', 'receipt_due_soon', 'deposit_paid', 'balance_opened',
    'deposit_ended', 'return_approved',
    'return_due_soon', 'return_place_proposed', 'units_rejected', 'units_offered', 'units_unclaimed', 'case_opened',
    'case_updated', 'case_asked', 'case_offered', 'case_remedied', 'case_closed', 'return_resolved', 'return_refused',
    'return_asked', 'return_offered', 'return_updated', 'contract_withdrawn', 'penalty_paid', 'invoice_issued',
    'exchange_kept', 'exchange_short', 'exchange_difference', 'exchange_sent', 'exchange_refunded',
    'exchange_late', 'exchange_owed',
    'dispute_opened', 'dispute_turn', 'dispute_ruled', 'dispute_appealed', 'dispute_final', 'dispute_executed',
    'dispute_stopped', 'dispute_went_on', 'dispute_withdrawn', 'dispute_agreed',
    'repair_began', 'repair_waits', 'repair_sent', 'repair_choice', 'repair_relapsed', 'repair_refunded',
    'seller_dispute_opened', 'seller_dispute_turn', 'seller_dispute_ruled', 'seller_dispute_appealed', 'seller_dispute_final',
    'seller_dispute_ended', 'code_asked'
"""
# Checks that the law asks of the platform's own rules: nobody sets them aside, in rules of now and in open reviews.
STATUTORY = "('custom_allowed', 'custom_confirmed', 'identity_matches', 'quota_left')"
MARK = f"""
    SELECT jsonb_agg(CASE WHEN item ->> 'code' IN {STATUTORY} THEN item || '{{"is_statutory": true}}' ELSE item END
                     ORDER BY place)
"""
# Whoever could do everything about cases can still open one.
SCRIPT = f"""
UPDATE review_rules SET document = jsonb_set(document, '{{checklist}}', (
    {MARK} FROM jsonb_array_elements(document -> 'checklist') WITH ORDINALITY AS each (item, place)))
WHERE merchant_id IS NULL AND EXISTS (
    SELECT FROM jsonb_array_elements(document -> 'checklist') AS item WHERE item ->> 'code' IN {STATUTORY});
UPDATE reviews SET checklist = (
    {MARK} FROM jsonb_array_elements(checklist) WITH ORDINALITY AS each (item, place))
WHERE state IN ('open', 'claimed', 'asked', 'signed', 'escalated') AND EXISTS (
    SELECT FROM jsonb_array_elements(checklist) AS item WHERE item ->> 'code' IN {STATUTORY});
UPDATE reviews SET force_reason = 'signed_before' WHERE signed_by IS NOT NULL AND 'failed_check' = ANY (second_reasons);
UPDATE api_keys SET scopes = scopes || ARRAY['case.open'] WHERE 'case.work' = ANY (scopes);
"""  # noqa: S608 - words from above


def upgrade() -> None:
    """Go forward. Nobody wrote a note before; what was signed in spite of a failed check was signed by two."""
    op.add_column("reviews", sa.Column("force_reason", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_reviews_force_was_asked"), "reviews", "force_reason IS NULL OR signed_by IS NOT NULL"
    )
    op.drop_constraint(op.f("ck_confirmations_occasion_known"), "confirmations")
    op.create_check_constraint(op.f("ck_confirmations_occasion_known"), "confirmations", f"occasion IN ({OCCASIONS})")
    create_tables()
    wall_in("order_notes", "note_mentions", "order_tags", "carrier_notes")
    run_script(SCRIPT)


def create_tables() -> None:
    """Notes, whom they call, and tags, as Alembic wrote them down."""
    op.create_table(
        "order_notes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("said_by_kind", sa.Text(), nullable=False),
        sa.Column("said_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_notes_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_notes")),
    )
    op.create_index("ix_order_notes_order_id", "order_notes", ["order_id", "id"])
    op.create_table(
        "note_mentions",
        sa.Column("note_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["order_notes.id"], name=op.f("fk_note_mentions_note_id_order_notes")),
        sa.PrimaryKeyConstraint("note_id", "staff_id", name=op.f("pk_note_mentions")),
    )
    op.create_index("ix_note_mentions_order_id", "note_mentions", ["order_id"])
    op.create_index(
        "ix_note_mentions_open", "note_mentions", ["staff_id", "note_id"], postgresql_where=sa.text("seen_at IS NULL")
    )
    op.create_table(
        "order_tags",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(tag) BETWEEN 1 AND 30", name=op.f("ck_order_tags_short")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_tags_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", "tag", name=op.f("pk_order_tags")),
    )
    op.create_table(
        "carrier_notes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("carrier_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_by_kind", sa.Text(), nullable=False),
        sa.Column("said_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 1000", name=op.f("ck_carrier_notes_short")),
        sa.ForeignKeyConstraint(["carrier_id"], ["carriers.id"], name=op.f("fk_carrier_notes_carrier_id_carriers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_notes")),
    )
    op.create_index("ix_carrier_notes_carrier_id", "carrier_notes", ["carrier_id", "id"])
    op.create_index("ix_order_tags_tag", "order_tags", ["tag", "order_id"])
