"""Whoever did not appeal answers in a time of their own, sellers are told of disputes, and what people import is counted."""

import sqlalchemy as sa
from alembic import op

from dingdan.migrations.scripting import run_script, wall_in

revision = "0039"
down_revision = "0038"

STATES = "'showing', 'deciding', 'ruled', 'answering', 'appealed', 'final', 'executed', 'withdrawn', 'agreed'"

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
    'seller_dispute_ended'
"""
# Stock that came before is looked at with the next that comes: new listeners begin where the feed ends.
CURSORS = """
INSERT INTO reaction_cursors (reaction, position)
SELECT n.reaction, f.last FROM (SELECT COALESCE(max(position), 0) AS last FROM facts HAVING count(*) > 0) AS f,
    (VALUES ('exchanges.serve_short'), ('returns.expect_back'), ('orders.recount_imports')) AS n (reaction) ON CONFLICT DO NOTHING
"""
# Goods that customs were asked to take back: they are to be back within 45 days of their release, as people count in China.
BACK_BY = """
INSERT INTO deadlines (kind, subject_id, merchant_id, order_id, started_at, due_at, step, next_at)
SELECT 'customs.back_by', r.id, r.merchant_id, r.order_id, r.noted_at, d.due, 0, d.due - interval '7 days'
FROM customs_returns r JOIN customs_releases f ON f.order_id = r.order_id
CROSS JOIN LATERAL (SELECT (f.released_on + 46)::timestamp AT TIME ZONE 'Asia/Shanghai' AS due) AS d
WHERE r.state = 'applied' ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    """Go forward. What was appealed before waits for its arbitrator, as it was told."""
    _check("confirmations", "occasion_known", f"occasion IN ({OCCASIONS})")
    _check("disputes", "state_known", f"state IN ({STATES})")
    _check("disputes", "turn_has_clock", "(turn_by IS NOT NULL) = (state IN ('showing', 'answering'))")
    _check("disputes", "appealed_by_somebody", "state NOT IN ('answering', 'appealed') OR appealed_side IS NOT NULL")
    op.create_index("ix_exchanges_short", "exchanges", ["merchant_id", "asked_at", "id"],
                    postgresql_where=sa.text("state = 'short'"))  # fmt: skip
    _imports()
    run_script(CURSORS)
    run_script(BACK_BY)


def _imports() -> None:
    op.create_table(
        "customs_imports",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("given_back", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "amount >= 0 AND given_back BETWEEN 0 AND amount", name=op.f("ck_customs_imports_quota_fits")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_customs_imports")),
    )
    op.create_index("ix_customs_imports_person", "customs_imports", ["person", "year"])
    wall_in("customs_imports")


def _check(table: str, name: str, condition: str) -> None:
    full = op.f(f"ck_{table}_{name}")
    op.drop_constraint(full, table)
    op.create_check_constraint(full, table, condition)
