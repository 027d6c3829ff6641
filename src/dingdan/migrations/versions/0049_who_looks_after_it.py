"""Who of the staff looks after an order; and the views of the list of orders, each with an index to begin at."""

import sqlalchemy as sa
from alembic import op

from dingdan.migrations.scripting import wall_in

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    """Go forward. Nobody looks after an order at first."""
    op.create_table(
        "order_keepers",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("by_kind", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_keepers_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_keepers")),
    )
    op.create_index("ix_order_keepers_staff_id", "order_keepers", ["staff_id", "order_id"])
    wall_in("order_keepers")
    op.create_index("ix_orders_state", "orders", ["state", "id"])
    op.create_index(
        "ix_orders_to_send", "orders", ["id"],
        postgresql_where=sa.text("state IN ('confirmed', 'held') AND shipped_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_orders_on_the_way", "orders", ["id"],
        postgresql_where=sa.text("state = 'confirmed' AND shipped_at IS NOT NULL AND delivered_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_work_orders_due", "work_orders", ["ship_by", "order_id"],
        postgresql_where=sa.text("state IN ('queued', 'picking', 'packed')"),
    )  # fmt: skip
