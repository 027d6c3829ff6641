"""Presales: orders that are paid in two parts, and what buyers are told of that."""

import sqlalchemy as sa
from alembic import op

from dingdan.migrations.scripting import run_script

revision = "0012"
down_revision = "0011"

WALL = """
ALTER TABLE deposits ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON deposits FOR SELECT TO dingdan_read USING (
    current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
"""


def upgrade() -> None:
    """Go forward; what was sold before was paid at once."""
    op.create_table(
        "deposits",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("counts_as", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("balance_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("balance_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_earnest", sa.Boolean(), nullable=False),
        sa.Column("keep_at_most", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept", sa.BigInteger(), nullable=True),
        sa.Column("penalty", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount > 0 AND balance > 0 AND keep_at_most >= 0", name=op.f("ck_deposits_amounts_fit")),
        sa.CheckConstraint("balance_from < balance_until", name=op.f("ck_deposits_balance_has_time")),
        sa.CheckConstraint("ended_at IS NULL OR paid_at IS NOT NULL", name=op.f("ck_deposits_paid_before_end")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (kept IS NULL) AND (ended_at IS NULL) = (penalty IS NULL)",
            name=op.f("ck_deposits_end_says_all"),
        ),
        sa.CheckConstraint(
            "kept >= 0 AND kept <= amount AND penalty >= 0 AND (kept = 0 OR penalty = 0)",
            name=op.f("ck_deposits_end_fits"),
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_deposits")),
    )
    op.drop_constraint(op.f("ck_confirmations_occasion_known"), "confirmations")
    op.create_check_constraint(
        op.f("ck_confirmations_occasion_known"),
        "confirmations",
        "occasion IN ('received', 'confirmed', 'amended', 'cancelled', 'expired', 'refunded', 'payment_failed', "
        "'review_started', 'deposit_paid', 'balance_opened', 'deposit_ended')",
    )
    run_script(WALL)
