"""Orders made on channels: what was told, what does not fit, and what is told back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import wall_in

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Go forward."""
    _orders()
    _problems_and_updates()
    wall_in("channel_orders", "channel_skus", "channel_parts", "channel_problems", "channel_updates")
    op.add_column("orders", sa.Column("snagged_since", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint("ck_refunds_cause_known", "refunds")
    op.create_check_constraint(
        op.f("ck_refunds_cause_known"), "refunds", "cause IN ('return', 'cancellation', 'excess', 'channel')"
    )


def _orders() -> None:
    op.create_table(
        "channel_orders",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("buyer_id", sa.BigInteger(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("deal", postgresql.JSONB(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("deal_hash", sa.LargeBinary(), nullable=False),
        sa.Column("people_hash", sa.LargeBinary(), nullable=False),
        sa.Column("written_hash", sa.LargeBinary(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(order_id IS NULL) = (written_hash IS NULL)", name=op.f("ck_channel_orders_written_from_a_deal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_orders")),
        sa.UniqueConstraint("channel_id", "number", name=op.f("uq_channel_orders_channel_id_number")),
        sa.UniqueConstraint("order_id", name=op.f("uq_channel_orders_order_id")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index("ix_channel_orders_channel_id", "channel_orders", ["channel_id", "id"], unique=False)
    op.create_index(
        "ix_channel_orders_unwritten",
        "channel_orders",
        ["channel_id", "id"],
        unique=False,
        postgresql_where=sa.text("order_id IS NULL"),
    )
    op.create_table(
        "channel_skus",
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("ours", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", "sku", name=op.f("pk_channel_skus")),
    )
    op.create_table(
        "channel_parts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('payment', 'refund', 'shipment')", name=op.f("ck_channel_parts_kind_known")),
        sa.ForeignKeyConstraint(
            ["channel_order_id"], ["channel_orders.id"], name=op.f("fk_channel_parts_channel_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_parts")),
        sa.UniqueConstraint("channel_order_id", "kind", "ref", name=op.f("uq_channel_parts_channel_order_id_kind_ref")),
    )


def _problems_and_updates() -> None:
    op.create_table(
        "channel_problems",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_order_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_kind", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)", name=op.f("ck_channel_problems_closed_has_moment")
        ),
        sa.CheckConstraint(
            "kind IN ('unknown_sku', 'no_policy', 'no_stock', 'sums_differ', 'overpaid', 'refund_exceeds', 'address_unusable', "
            "'changed', 'cancelled_too_late', 'ended_here', 'unknown_carrier', 'part_shipped')",
            name=op.f("ck_channel_problems_kind_known"),
        ),
        sa.CheckConstraint("state IN ('open', 'solved', 'waived')", name=op.f("ck_channel_problems_state_known")),
        sa.ForeignKeyConstraint(
            ["channel_order_id"], ["channel_orders.id"], name=op.f("fk_channel_problems_channel_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_problems")),
    )
    op.create_index("ix_channel_problems_channel_order_id", "channel_problems", ["channel_order_id"], unique=False)
    op.create_index(
        "ix_channel_problems_merchant_id",
        "channel_problems",
        ["merchant_id", "kind", "channel_order_id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_channel_problems_waiting",
        "channel_problems",
        ["channel_id", "kind", "channel_order_id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_channel_problems_open",
        "channel_problems",
        ["channel_order_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "channel_updates",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_order_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('parcel_dispatched', 'shipped', 'delivered', 'cancelled', 'refunded')",
            name=op.f("ck_channel_updates_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["channel_order_id"], ["channel_orders.id"], name=op.f("fk_channel_updates_channel_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_updates")),
        sa.UniqueConstraint("order_id", "kind", "subject_id", name=op.f("uq_channel_updates_order_id_kind_subject_id")),
    )
    op.create_index(
        "ix_channel_updates_acknowledged", "channel_updates", ["channel_id", "acknowledged_at"], unique=False
    )
    op.create_index(
        "ix_channel_updates_waiting",
        "channel_updates",
        ["channel_id", "id"],
        unique=False,
        postgresql_where=sa.text("acknowledged_at IS NULL"),
    )
