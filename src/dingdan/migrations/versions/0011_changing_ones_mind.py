"""Changing one's mind: units of a line cancelled, and what else was amended about an order."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script

revision = "0011"
down_revision = "0010"

WALL = """
CREATE TRIGGER amendments_are_history BEFORE UPDATE OR DELETE ON amendments
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE amendments ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON amendments FOR SELECT TO dingdan_read USING (
    current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
"""


def upgrade() -> None:
    """Go forward; of orders of before nothing was cancelled in part."""
    op.add_column("order_lines", sa.Column("cancelled", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_check_constraint(
        op.f("ck_order_lines_cancelled_fits"), "order_lines", "cancelled >= 0 AND cancelled <= quantity"
    )
    op.create_table(
        "amendments",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("units", postgresql.JSONB(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('lines_cancelled', 'address_changed')", name=op.f("ck_amendments_kind_known")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_amendments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
    )
    op.create_index("ix_amendments_order_id", "amendments", ["order_id", "id"])
    op.drop_constraint(op.f("ck_refunds_cause_known"), "refunds")
    op.create_check_constraint(
        op.f("ck_refunds_cause_known"),
        "refunds",
        "cause IN ('return', 'cancellation', 'amendment', 'excess', 'channel')",
    )
    run_script(WALL)
