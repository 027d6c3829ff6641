"""What we have, where, and for whom it is kept."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, text

from dingdan.areas.inventory.lifecycle import RESERVATION
from dingdan.plumbing.schema import count, document, key, metadata, moment, one_of, ref, small, state, word

BUCKETS = ("on_hand", "quarantine")
REASONS = ("receive", "count", "ship", "return_in", "restock", "write_off", "send_back")

warehouses = Table(
    "warehouses", metadata,
    key(),
    ref("merchant_id"),
    word("code"),
    document("name"),
    word("zone"),
    document("return_address"),
    small("priority", default=100),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("merchant_id", "code"),
)  # fmt: skip

channels = Table(
    "channels", metadata,
    key(),
    ref("merchant_id"),
    word("code"),
    document("name"),
    word("currency"),
    ref("warehouse_id", ForeignKey("warehouses.id")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("merchant_id", "code"),
)  # fmt: skip

# Balances; the movements are the truth and `dingdan check` compares the two.
stock = Table(
    "stock", metadata,
    ref("warehouse_id", primary_key=True),
    ref("product_id", primary_key=True),
    ref("merchant_id"),
    count("on_hand", default=0),
    count("reserved", default=0),
    count("quarantine", default=0),
    CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="reserved_fits"),
    CheckConstraint("quarantine >= 0", name="quarantine_fits"),
    Index("ix_stock_product_id", "product_id"),
    # Rows change all the time and no index names what changes: leave room for HOT updates.
    postgresql_with={"fillfactor": "70"},
)  # fmt: skip

movements = Table(
    "movements", metadata,
    key(),
    ref("merchant_id"),
    ref("warehouse_id"),
    ref("product_id"),
    word("bucket"),
    count("quantity"),
    word("reason"),
    ref("order_id", nullable=True),
    small("line_no", default=0),
    ref("cause_id", nullable=True),
    moment("at"),
    one_of("bucket", BUCKETS),
    one_of("reason", REASONS),
    Index("ix_movements_product_id", "product_id", "warehouse_id", "id"),
    Index("ix_movements_order_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
)  # fmt: skip

reservations = Table(
    "reservations", metadata,
    ref("order_id", primary_key=True),
    small("line_no", primary_key=True),
    ref("merchant_id"),
    ref("warehouse_id"),
    ref("product_id"),
    count("quantity"),
    *state(RESERVATION),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    postgresql_with={"fillfactor": "80"},
)  # fmt: skip
