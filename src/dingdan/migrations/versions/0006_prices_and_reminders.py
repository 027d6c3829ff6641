"""Prices with a memory, alarms about them, and buyers who wait to be told."""

import sqlalchemy as sa
from alembic import op

from dingdan.migrations.scripting import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Go forward; what is priced now begins its history with that price."""
    op.add_column("products", sa.Column("price_paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("prices", sa.Column("usual", sa.BigInteger(), nullable=True))
    op.add_column("prices", sa.Column("spread", sa.BigInteger(), nullable=True))
    op.add_column("prices", sa.Column("vouched_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "price_history",
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_price_history_product_id")),
        sa.PrimaryKeyConstraint("product_id", "currency", "id", name=op.f("pk_price_history")),
    )
    op.create_table(
        "price_alarms",
        sa.Column("product_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_price_alarms")),
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('in_stock', 'price_checked', 'open_again', 'call_back')", name=op.f("ck_reminders_kind_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
    )
    waiting = sa.text("told_at IS NULL")
    op.create_index(
        "uq_reminders_waiting",
        "reminders",
        ["buyer_id", "kind", "product_id"],
        unique=True,
        postgresql_where=waiting,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "ix_reminders_waiting", "reminders", ["kind", "product_id", "merchant_id"], unique=False,
        postgresql_where=waiting,
    )  # fmt: skip
    op.create_index("ix_reminders_merchant_id", "reminders", ["merchant_id", "id"], unique=False)
    run_script(_REST)


# The price of now is the first of the history, under the product's id: older than every id that is minted later.
_REST = """
INSERT INTO price_history (product_id, currency, id, merchant_id, amount, at)
SELECT product_id, currency, product_id, merchant_id, amount, updated_at FROM prices;

CREATE TRIGGER price_history_is_history BEFORE UPDATE OR DELETE ON price_history
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE price_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON price_history FOR SELECT TO dingdan_read USING (
    current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
ALTER TABLE price_alarms ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON price_alarms FOR SELECT TO dingdan_read USING (
    current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
ALTER TABLE reminders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON reminders FOR SELECT TO dingdan_read USING (
    current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
"""
