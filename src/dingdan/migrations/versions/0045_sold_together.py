"""What is sent for goods knows the order in which they were first sold: one bargain is about both, fees go back for both."""

import sqlalchemy as sa
from alembic import op

from dingdan.migrations.scripting import run_script

revision = "0045"
down_revision = "0044"

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
    'seller_dispute_ended', 'seller_dispute_stopped', 'seller_dispute_went_on', 'code_asked', 'order_written'
"""
CAUSES = """
    'return', 'cancellation', 'amendment', 'excess', 'channel', 'case', 'penalty', 'kept', 'customs', 'exchange', 'unsent',
    'withheld', 'rest'
"""
PROBLEMS = """
    'unknown_sku', 'no_policy', 'no_stock', 'sums_differ', 'overpaid', 'refund_exceeds', 'address_unusable', 'changed',
    'cancelled_too_late', 'ended_here', 'unknown_carrier', 'part_shipped', 'import_limit'
"""
# An exchange of an exchange goes back to the first order of all.
FIRSTS = """
WITH RECURSIVE back AS (
    SELECT e.sent_order_id AS sent, e.order_id AS first FROM exchanges e JOIN orders o ON o.id = e.sent_order_id
    UNION ALL
    SELECT b.sent, e.order_id FROM back b JOIN exchanges e ON e.sent_order_id = b.first
)
UPDATE orders o SET first_order_id = f.first
FROM (SELECT sent, min(first) AS first FROM back GROUP BY sent) f WHERE o.id = f.sent
"""


def upgrade() -> None:
    """Go forward. Exchanges say for which order each of those was sent."""
    op.add_column("orders", sa.Column("first_order_id", sa.BigInteger(), nullable=True))
    run_script(FIRSTS)
    op.create_foreign_key(op.f("fk_orders_first_order_id"), "orders", "orders", ["first_order_id"], ["id"])
    op.drop_constraint(op.f("uq_settlement_lines_kind_detail_subject_id_n"), "settlement_lines", type_="unique")
    op.create_unique_constraint(
        op.f("uq_settlement_lines_kind_detail_subject_id_n_order_id"), "settlement_lines",
        ["kind", "detail", "subject_id", "n", "order_id"], postgresql_nulls_not_distinct=True,
    )  # fmt: skip
    op.create_check_constraint(op.f("ck_orders_first_came_first"), "orders", "first_order_id < id")
    op.create_index("ix_orders_first_order_id", "orders", ["first_order_id"],
                    postgresql_where=sa.text("first_order_id IS NOT NULL"))  # fmt: skip
    # What went early can prove too small, sellers hear that a dispute stands still, and channels sell what people import.
    for table, name, condition in (
        ("refunds", "cause_known", f"cause IN ({CAUSES})"), ("confirmations", "occasion_known", f"occasion IN ({OCCASIONS})"),
        ("channel_problems", "kind_known", f"kind IN ({PROBLEMS})"),
    ):  # fmt: skip
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
