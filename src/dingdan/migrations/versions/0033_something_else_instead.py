"""Exchanges: something else for goods that come back, and money that is carried over to it."""

import sqlalchemy as sa
from alembic import op

from dingdan.migrations.scripting import run_script, wall_in

revision = "0033"
down_revision = "0032"

RESOLUTIONS = "'refund', 'refund_only', 'keep', 'price_protection', 'exchange', 'store_credit'"
CAUSES = "'return', 'cancellation', 'amendment', 'excess', 'channel', 'case', 'penalty', 'kept', 'exchange'"
BASES = "'', 'no_reason', 'withdrawal', 'fault', 'cancelled', 'exchanged'"
STATES = "'asked', 'short', 'reserved', 'difference', 'replaced', 'done', 'owed', 'refunded', 'dropped'"
OCCASIONS = """
    'received', 'confirmed', 'amended', 'cancelled', 'expired', 'refunded', 'payment_failed', 'review_started', 'delayed',
    'receipt_announced', 'receipt_due_soon', 'deposit_paid', 'balance_opened', 'deposit_ended', 'return_approved',
    'return_due_soon', 'return_place_proposed', 'units_rejected', 'units_offered', 'units_unclaimed', 'case_opened',
    'case_updated', 'case_asked', 'case_offered', 'case_remedied', 'case_closed', 'return_resolved', 'return_refused',
    'return_asked', 'return_offered', 'return_updated', 'contract_withdrawn', 'penalty_paid', 'invoice_issued',
    'exchange_kept', 'exchange_short', 'exchange_difference', 'exchange_sent', 'exchange_refunded',
    'exchange_late', 'exchange_owed',
    'dispute_opened', 'dispute_turn', 'dispute_ruled', 'dispute_appealed', 'dispute_final', 'dispute_executed',
    'dispute_stopped', 'dispute_went_on', 'dispute_withdrawn', 'dispute_agreed'
"""
# What was decided before exchanges were carried out is over: the new listeners begin where the feed ends.
CURSORS = """
INSERT INTO reaction_cursors (reaction, position)
SELECT r, COALESCE(max(position), 0) FROM facts, unnest(ARRAY[
    'returns.swap', 'orders.swap', 'orders.refund_what_was_carried']) AS r
GROUP BY r HAVING count(*) > 0 ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    """Go forward. What was returned before keeps what it asked for."""
    _check("returns", "resolution_fits", f"resolution IN ({RESOLUTIONS})")
    _check("returns", "goods_stay", "resolution IN ('refund', 'exchange') OR journey = 'at_buyer'")
    _check("refunds", "cause_known", f"cause IN ({CAUSES})")
    _check("refund_lines", "basis_says_why", f"basis IN ({BASES})")
    _check("confirmations", "occasion_known", f"occasion IN ({OCCASIONS})")
    _carrying()
    _exchanges()
    wall_in("exchanges", "exchange_lines")
    run_script(CURSORS)


def _check(table: str, name: str, condition: str) -> None:
    full = op.f(f"ck_{table}_{name}")
    op.drop_constraint(full, table)
    op.create_check_constraint(full, table, condition)


def _carrying() -> None:
    op.add_column("send_backs", sa.Column("carried_to", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_send_backs_carried_to_another"), "send_backs", "carried_to IS NULL OR carried_to <> order_id"
    )
    op.add_column("captures", sa.Column("carried_from", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_captures_carried_from"), "captures", "send_backs", ["carried_from"], ["id"])
    op.create_unique_constraint(op.f("uq_captures_carried_from"), "captures", ["carried_from"])
    op.create_check_constraint(
        op.f("ck_captures_carried_is_owed"), "captures", "carried_from IS NULL OR kind = 'normal'"
    )


def _exchanges() -> None:
    op.create_table(
        "exchanges",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("return_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("sent_order_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ahead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worth", sa.BigInteger(), nullable=True),
        sa.Column("carried", sa.BigInteger(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_exchanges_state_known")),
        sa.CheckConstraint(
            "(state IN ('done', 'owed', 'refunded', 'dropped')) = (ended_at IS NOT NULL)",
            name=op.f("ck_exchanges_end_has_moment"),
        ),
        sa.CheckConstraint(
            "(state IN ('refunded', 'dropped')) <= (why IS NOT NULL)", name=op.f("ck_exchanges_end_has_reason")
        ),
        sa.CheckConstraint(
            "(state IN ('difference', 'replaced', 'done', 'owed')) <= (replaced_at IS NOT NULL)",
            name=op.f("ck_exchanges_sent_has_moment"),
        ),
        sa.CheckConstraint(
            "(replaced_at IS NULL) = (carried IS NULL) AND (carried IS NULL) = (worth IS NULL)"
            " AND (worth IS NULL) = (price IS NULL)",
            name=op.f("ck_exchanges_sent_has_price"),
        ),
        sa.CheckConstraint(
            "carried >= 0 AND carried <= worth AND carried <= price", name=op.f("ck_exchanges_carried_fits")
        ),
        sa.CheckConstraint("ahead_at IS NULL OR worth = price", name=op.f("ck_exchanges_ahead_costs_the_same")),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_exchanges_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
        sa.UniqueConstraint("return_id", name=op.f("uq_exchanges_return_id")),
        sa.UniqueConstraint("sent_order_id", name=op.f("uq_exchanges_sent_order_id")),
    )
    op.create_index("ix_exchanges_order_id", "exchanges", ["order_id"])
    op.create_index("ix_exchanges_merchant_id", "exchanges", ["merchant_id", "id"])
    op.create_table(
        "exchange_lines",
        sa.Column("exchange_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("quantity > 0 AND sent >= 0 AND sent <= quantity", name=op.f("ck_exchange_lines_units_fit")),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchanges.id"], name=op.f("fk_exchange_lines_exchange_id")),
        sa.PrimaryKeyConstraint("exchange_id", "line_no", name=op.f("pk_exchange_lines")),
    )
