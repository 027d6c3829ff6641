"""From the shelf to the box: promises in the queue, waves, units that are nowhere, boxes, serials, pictures, consents."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script, wall_in

revision = "0019"
down_revision = "0018"

# What waits keeps the promise that its order was given; without one it leaves within two days of payment.
BACKFILL = """
UPDATE work_orders w SET ship_by = COALESCE(
    (SELECT min(l.ship_by) FROM order_lines l WHERE l.order_id = w.order_id), w.paid_at + interval '48 hours');
INSERT INTO deadlines (kind, subject_id, merchant_id, order_id, due_at, next_at)
SELECT 'work.claim', id, merchant_id, order_id, now() + interval '2 hours', now() + interval '2 hours'
FROM work_orders WHERE state = 'picking';
"""

HISTORY = """
CREATE TRIGGER boxes_are_history BEFORE UPDATE OR DELETE ON boxes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


def _id(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _key(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _count(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    """Go forward."""
    _queue()
    _boxes()
    _consents()
    run_script(HISTORY)
    wall_in("waves", "boxes", "serials", "pictures", "consents", "consent_orders")


def _queue() -> None:
    op.add_column("products", _word("gtin", nullable=True))
    op.add_column("orders", _moment("short_since", nullable=True))
    op.create_index(
        "ix_orders_short", "orders", ["merchant_id", "id"], postgresql_where=sa.text("short_since IS NOT NULL")
    )
    op.create_table(
        "waves",
        _key(),
        _id("merchant_id"),
        _id("warehouse_id"),
        sa.Column("lane", sa.SmallInteger(), nullable=True),
        _count("size"),
        _id("claimed_by", nullable=True),
        _moment("claimed_at"),
        sa.CheckConstraint("size > 0", name=op.f("ck_waves_has_works")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waves")),
    )
    op.create_index("ix_waves_merchant_id", "waves", ["merchant_id", "id"])
    op.add_column("work_orders", _moment("ship_by", nullable=True))
    op.add_column("work_orders", _id("wave_id", nullable=True))
    run_script(BACKFILL)
    op.alter_column("work_orders", "ship_by", nullable=False)
    op.create_check_constraint(
        op.f("ck_work_orders_wave_in_hand"),
        "work_orders",
        "wave_id IS NULL OR state IN ('picking', 'packed', 'handed_over')",
    )
    op.drop_constraint(op.f("uq_work_orders_order_id_warehouse_id"), "work_orders")
    op.create_index(
        "uq_work_orders_open", "work_orders", ["order_id", "warehouse_id"], unique=True,
        postgresql_where=sa.text("state <> 'handed_over'"),
    )  # fmt: skip
    op.create_index("ix_work_orders_order_id", "work_orders", ["order_id"])
    op.create_index(
        "ix_work_orders_wave_id", "work_orders", ["wave_id"], postgresql_where=sa.text("wave_id IS NOT NULL")
    )
    op.drop_index("ix_work_orders_ageing", "work_orders")
    op.create_index(
        "ix_work_orders_ageing", "work_orders", ["warehouse_id", "ship_by", "order_id"],
        postgresql_where=sa.text("state = 'queued'"),
    )  # fmt: skip


def _boxes() -> None:
    op.create_table(
        "boxes",
        _key(),
        _id("merchant_id"),
        _id("warehouse_id"),
        _id("order_id"),
        _id("work_id"),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("scanned", postgresql.JSONB(), nullable=False),
        sa.Column("serials", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        _count("expected_grams", nullable=True),
        _count("grams", nullable=True),
        sa.Column("is_weight_confirmed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _word("packed_by_kind"),
        _id("packed_by", nullable=True),
        _moment("packed_at"),
        sa.CheckConstraint(
            "(grams IS NULL OR grams > 0) AND (expected_grams IS NULL OR expected_grams > 0)",
            name=op.f("ck_boxes_weights_fit"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boxes")),
    )
    op.create_index("ix_boxes_order_id", "boxes", ["order_id", "id"])
    op.create_index("ix_boxes_work_id", "boxes", ["work_id", "id"])
    op.create_table(
        "serials",
        _id("merchant_id"),
        _id("product_id"),
        _word("serial"),
        _id("order_id"),
        _id("work_id"),
        sa.CheckConstraint("serial <> ''", name=op.f("ck_serials_serial_named")),
        sa.PrimaryKeyConstraint("merchant_id", "product_id", "serial", name=op.f("pk_serials")),
    )
    op.create_index("ix_serials_work_id", "serials", ["work_id"])
    op.create_table(
        "pictures",
        _key(),
        _id("merchant_id"),
        _id("order_id"),
        _id("work_id"),
        _word("sha256"),
        _count("size"),
        _count("width"),
        _count("height"),
        _word("taken_by_kind"),
        _id("taken_by", nullable=True),
        _moment("at"),
        sa.CheckConstraint(
            "sha256 ~ '^[0-9a-f]{64}$' AND size > 0 AND width > 0 AND height > 0", name=op.f("ck_pictures_is_whole")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
    )
    op.create_index("uq_pictures_work_id_sha256", "pictures", ["work_id", "sha256"], unique=True)
    op.create_index("ix_pictures_order_id", "pictures", ["order_id", "id"])


def _consents() -> None:
    op.create_table(
        "consents",
        _key(),
        _id("merchant_id"),
        _word("given_by"),
        _moment("given_at"),
        _word("text_version"),
        _word("recorded_by_kind"),
        _id("recorded_by", nullable=True),
        _moment("recorded_at"),
        _moment("withdrawn_at", nullable=True),
        sa.CheckConstraint("given_by IN ('buyer', 'recipient')", name=op.f("ck_consents_given_by_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_table(
        "consent_orders",
        _id("consent_id"),
        _id("order_id"),
        _id("merchant_id"),
        sa.ForeignKeyConstraint(["consent_id"], ["consents.id"], name=op.f("fk_consent_orders_consent_id")),
        sa.PrimaryKeyConstraint("consent_id", "order_id", name=op.f("pk_consent_orders")),
    )
    op.create_index("ix_consent_orders_order_id", "consent_orders", ["order_id"])
