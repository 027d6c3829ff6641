"""Repairs: goods that come to be mended, and what the clocks of lines leave out for that."""

import sqlalchemy as sa
from alembic import op

from dingdan.migrations.scripting import run_script, wall_in

revision = "0036"
down_revision = "0035"

RESOLUTIONS = "'refund', 'refund_only', 'keep', 'price_protection', 'exchange', 'repair', 'store_credit'"
STATES = "'asked', 'mending', 'returning', 'done', 'relapsed', 'choosing', 'turned', 'dropped'"
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
    'repair_began', 'repair_waits', 'repair_sent', 'repair_choice', 'repair_relapsed', 'repair_refunded'
"""
# What was decided before goods could be mended, and what was sent before, is over: the new listeners begin where the feed ends.
CURSORS = """
INSERT INTO reaction_cursors (reaction, position)
SELECT n.reaction, f.last FROM (SELECT COALESCE(max(position), 0) AS last FROM facts HAVING count(*) > 0) AS f,
    (VALUES ('returns.mend'), ('cases.refill'), ('exchanges.refill')) AS n (reaction) ON CONFLICT DO NOTHING
"""
# What exchanges sent before begins anew with when it came.
EXCHANGED = """
INSERT INTO line_services (order_id, line_no, kind, source_id, merchant_id, since)
SELECT e.sent_order_id, l.line_no, 'exchange', e.id, e.merchant_id, e.ended_at
FROM exchanges e JOIN exchange_lines l ON l.exchange_id = e.id WHERE e.state = 'done' AND l.sent > 0
"""


def upgrade() -> None:
    """Go forward. What was returned before keeps what it asked for."""
    _check("returns", "resolution_fits", f"resolution IN ({RESOLUTIONS})")
    _check("returns", "goods_stay", "resolution IN ('refund', 'exchange', 'repair') OR journey = 'at_buyer'")
    _check("confirmations", "occasion_known", f"occasion IN ({OCCASIONS})")
    _check("return_offers", "kind_known", "kind IN ('keep', 'refund_only', 'store_credit', 'repair')")
    _check("return_offers", "amount_fits", "amount >= 0 AND (kind IN ('refund_only', 'repair')) = (amount = 0)")
    _repairs()
    _services()
    wall_in("repairs", "line_services")
    op.execute(EXCHANGED)
    run_script(CURSORS)


def _check(table: str, name: str, condition: str) -> None:
    full = op.f(f"ck_{table}_{name}")
    op.drop_constraint(full, table)
    op.create_check_constraint(full, table, condition)


def _repairs() -> None:
    op.create_table(
        "repairs",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("return_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finish_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("tracking_number", sa.Text(), nullable=True),
        sa.Column("is_mended", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("choose_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instead", sa.Text(), nullable=True),
        sa.Column("is_silent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_repairs_state_known")),
        sa.CheckConstraint("instead IN ('exchange', 'refund')", name=op.f("ck_repairs_instead_known")),
        sa.CheckConstraint(
            "(state IN ('asked', 'dropped')) = (begun_at IS NULL) AND (begun_at IS NULL) = (finish_by IS NULL)",
            name=op.f("ck_repairs_begun_has_moment"),
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'relapsed', 'turned', 'dropped')) = (ended_at IS NOT NULL)",
            name=op.f("ck_repairs_end_has_moment"),
        ),
        sa.CheckConstraint(
            "(state IN ('choosing', 'turned', 'relapsed')) = (failed_at IS NOT NULL)",
            name=op.f("ck_repairs_vain_has_moment"),
        ),
        sa.CheckConstraint(
            "(state IN ('choosing', 'turned')) = (choose_by IS NOT NULL)", name=op.f("ck_repairs_choice_has_an_end")
        ),
        sa.CheckConstraint(
            "(state IN ('choosing', 'turned', 'dropped')) = (why IS NOT NULL)", name=op.f("ck_repairs_why_is_said")
        ),
        sa.CheckConstraint("(state = 'turned') = (instead IS NOT NULL)", name=op.f("ck_repairs_turned_into_something")),
        sa.CheckConstraint(
            "(sent_at IS NULL) = (carrier IS NULL) AND (carrier IS NULL) = (tracking_number IS NULL)"
            " AND (tracking_number IS NULL) = (is_mended IS NULL)",
            name=op.f("ck_repairs_sent_has_waybill"),
        ),
        sa.CheckConstraint(
            "(state IN ('returning', 'done', 'relapsed')) <= (sent_at IS NOT NULL)",
            name=op.f("ck_repairs_sent_has_moment"),
        ),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_repairs_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repairs")),
        sa.UniqueConstraint("return_id", name=op.f("uq_repairs_return_id")),
    )
    op.create_index("ix_repairs_order_id", "repairs", ["order_id"])
    op.create_index("ix_repairs_merchant_id", "repairs", ["merchant_id", "id"])


def _services() -> None:
    op.create_table(
        "line_services",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_failed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("kind IN ('repair', 'exchange')", name=op.f("ck_line_services_kind_known")),
        sa.CheckConstraint("until >= since", name=op.f("ck_line_services_ends_after_it_began")),
        sa.PrimaryKeyConstraint("order_id", "line_no", "kind", "source_id", name=op.f("pk_line_services")),
    )
