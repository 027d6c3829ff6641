"""What is sent for goods knows the order in which they were first sold, so that one bargain is about both."""

import sqlalchemy as sa
from alembic import op

from dingdan.migrations.scripting import run_script

revision = "0045"
down_revision = "0041"

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
    op.create_check_constraint(op.f("ck_orders_first_came_first"), "orders", "first_order_id < id")
    op.create_index("ix_orders_first_order_id", "orders", ["first_order_id"],
                    postgresql_where=sa.text("first_order_id IS NOT NULL"))  # fmt: skip
