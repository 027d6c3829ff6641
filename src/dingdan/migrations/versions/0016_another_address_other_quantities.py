"""Another address, other quantities: what an order's address was changed from, and which order replaced which."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Go forward; no order of before replaces another."""
    op.add_column("orders", sa.Column("replaces", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_orders_replaces"), "orders", "orders", ["replaces"], ["id"])
    op.create_index(
        "uq_orders_replaces",
        "orders",
        ["replaces"],
        unique=True,
        postgresql_where=sa.text("replaces IS NOT NULL"),
    )
    op.add_column("amendments", sa.Column("was", postgresql.JSONB(), nullable=True))
    op.add_column("amendments", sa.Column("waived", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_check_constraint(op.f("ck_amendments_waived_fits"), "amendments", "waived >= 0")
    op.drop_constraint(op.f("ck_amendments_kind_known"), "amendments")
    op.create_check_constraint(
        op.f("ck_amendments_kind_known"),
        "amendments",
        "kind IN ('lines_cancelled', 'address_changed', 'quantities_changed')",
    )
