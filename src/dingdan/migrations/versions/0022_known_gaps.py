"""Penalties of presales, tax on carriage, the carrier that was suggested, shelves."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

CAUSES = "'return', 'cancellation', 'amendment', 'excess', 'channel', 'case', 'penalty'"
COMPONENTS = "'goods', 'freight_out', 'freight_return', 'tax', 'excess', 'deduction', 'penalty', 'freight_tax'"


def upgrade() -> None:
    """Go forward; penalties of before were said and are left to whoever promised them."""
    op.drop_constraint(op.f("ck_refunds_cause_known"), "refunds")
    op.create_check_constraint(op.f("ck_refunds_cause_known"), "refunds", f"cause IN ({CAUSES})")
    op.drop_constraint(op.f("ck_refund_lines_component_known"), "refund_lines")
    op.create_check_constraint(op.f("ck_refund_lines_component_known"), "refund_lines", f"component IN ({COMPONENTS})")
    op.add_column("parcel_assignments", sa.Column("suggested", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_parcel_assignments_another_has_a_reason"),
        "parcel_assignments",
        "suggested IS NULL OR carrier_reason IS NOT NULL",
    )
    op.add_column("stock", sa.Column("bin", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_stock_bin_fits"), "stock", "bin ~ '^[A-Z0-9]{1,8}(-[A-Z0-9]{1,8}){0,4}$'")
