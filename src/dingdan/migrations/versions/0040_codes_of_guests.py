"""Codes of guests: which code of an order was sent last, and how it was tried. No digits are kept, and no reader sees it."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"

OCCASIONS = """
    'received', 'confirmed', 'amended', 'cancelled', 'expired', 'refunded', 'payment_failed', 'review_started', 'delayed',
    'receipt_announced', 'receipt_due_soon', 'deposit_paid', 'balance_opened', 'deposit_ended', 'return_approved',
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


def upgrade() -> None:
    """Go forward. Nobody has asked for a code yet."""
    op.create_table(
        "guest_codes",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong", sa.SmallInteger(), server_default=sa.text("0"), autoincrement=False, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_guest_codes_number_counts")),
        sa.CheckConstraint("wrong BETWEEN 0 AND 5", name=op.f("ck_guest_codes_few_tries")),
        sa.CheckConstraint("counted BETWEEN 1 AND 3", name=op.f("ck_guest_codes_few_an_hour")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_guest_codes")),
    )
    # Readers are given every new table to read, and this is nothing for them.
    op.execute("REVOKE ALL ON guest_codes FROM dingdan_read")
    op.drop_constraint(op.f("ck_confirmations_occasion_known"), "confirmations")
    op.create_check_constraint(op.f("ck_confirmations_occasion_known"), "confirmations", f"occasion IN ({OCCASIONS})")
