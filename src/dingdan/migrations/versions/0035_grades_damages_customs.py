"""What goods that came back are worth by their grade, damages that a law gives once for an order, and goods from abroad that

go back through customs.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from dingdan.migrations.scripting import wall_in

revision = "0035"
down_revision = "0034"

CAUSES = "'return', 'cancellation', 'amendment', 'excess', 'channel', 'case', 'penalty', 'kept', 'customs', 'exchange'"
# In percent of what the buyer paid: what policies say that say nothing of their own, as all did until now.
WORTH = """
UPDATE returned_goods
SET book_value = round(value * CASE grade WHEN 'A' THEN 100 WHEN 'B' THEN 70 WHEN 'C' THEN 40 ELSE 10 END / 100.0)
"""


def upgrade() -> None:
    """Go forward; what was booked stays as it was booked."""
    op.add_column(
        "returned_goods", sa.Column("book_value", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.execute(WORTH)
    op.create_check_constraint(
        op.f("ck_returned_goods_worth_no_more"), "returned_goods", "book_value BETWEEN 0 AND value"
    )
    op.create_index(
        "uq_remedies_right",
        "remedies",
        ["order_id", sa.text("(terms ->> 'right')")],
        unique=True,
        postgresql_where=sa.text("terms ? 'right' AND state IN ('proposed', 'approved', 'executed')"),
    )
    op.drop_constraint(op.f("ck_refunds_cause_known"), "refunds")
    op.create_check_constraint(op.f("ck_refunds_cause_known"), "refunds", f"cause IN ({CAUSES})")
    _customs()


def _customs() -> None:
    op.create_table(
        "customs_releases",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_kind", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_customs_releases")),
    )
    op.create_table(
        "customs_returns",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="applied", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("units", JSONB(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("quota", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_kind", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(back_on IS NOT NULL) = (state IN ('cleared', 'late')) AND (back_on IS NULL OR back_on >= applied_on)",
            name=op.f("ck_customs_returns_back_on_a_day"),
        ),
        sa.CheckConstraint(
            "quota = 0 OR quota > 0 AND state = 'cleared'", name=op.f("ck_customs_returns_quota_in_time")
        ),
        sa.CheckConstraint(
            "state IN ('applied', 'cleared', 'late', 'withdrawn')", name=op.f("ck_customs_returns_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customs_returns")),
    )
    op.create_index("ix_customs_returns_order_id", "customs_returns", ["order_id", "id"])
    wall_in("customs_releases", "customs_returns")
