"""What we have, where, and for whom it is kept."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint, text

from dingdan.areas.inventory.lifecycle import RESERVATION, STOCKTAKE, TRANSFER
from dingdan.plumbing.schema import (
    count,
    document,
    key,
    metadata,
    moment,
    one_of,
    ref,
    refs,
    small,
    state,
    version,
    word,
)

# `held` is a part of `on_hand` that is not for sale; the other buckets are apart from each other.
BUCKETS = ("on_hand", "held", "quarantine", "in_transit")
REASONS = (
    "receive", "count", "adjust", "ship", "hold", "release", "transfer_out", "transfer_in", "return_in", "restock",
    "write_off", "send_back",
)  # fmt: skip

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
    # Others that may serve its orders too; which of them does is decided by nearness.
    refs("warehouse_ids"),
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
    count("held", default=0),
    count("quarantine", default=0),
    count("in_transit", default=0),
    count("safety", default=0),
    # On which shelf it lies, where somebody said so: A-02-10.
    word("bin", nullable=True),
    # Nothing is sold from here until somebody has looked: the books say less than is promised.
    moment("frozen_at", nullable=True),
    # Some channel has a pool here, so that free units are not simply free for everybody.
    Column("pooled", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint(
        "reserved >= 0 AND on_hand >= 0 AND (reserved + held <= on_hand OR frozen_at IS NOT NULL)", name="reserved_fits"
    ),
    CheckConstraint("held >= 0 AND held <= on_hand", name="held_fits"),
    CheckConstraint("quarantine >= 0", name="quarantine_fits"),
    CheckConstraint("in_transit >= 0 AND safety >= 0", name="others_fit"),
    CheckConstraint("bin ~ '^[A-Z0-9]{1,8}(-[A-Z0-9]{1,8}){0,4}$'", name="bin_fits"),
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
    # A code that a person gave: damaged, found, expired.
    word("why", nullable=True),
    moment("at"),
    one_of("bucket", BUCKETS),
    one_of("reason", REASONS),
    Index("ix_movements_product_id", "product_id", "warehouse_id", "id"),
    Index("ix_movements_order_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
)  # fmt: skip

# A line has several parts where it is a bundle or comes from several warehouses.
reservations = Table(
    "reservations", metadata,
    ref("order_id", primary_key=True),
    small("line_no", primary_key=True),
    small("part_no", primary_key=True, default=1),
    ref("merchant_id"),
    ref("warehouse_id"),
    ref("product_id"),
    count("quantity"),
    # Units of this product in one unit of the line.
    count("each", default=1),
    ref("pool_id", nullable=True),
    word("chosen_by", server_default=text("'first'")),
    *state(RESERVATION),
    CheckConstraint("quantity > 0 AND each > 0 AND quantity % each = 0", name="quantity_positive"),
    postgresql_with={"fillfactor": "80"},
)  # fmt: skip

# What a channel may count on in a warehouse, and what it may not exceed. An allotment: `taken` rises with each unit
# held for the channel and falls when one is released. A new allotment is a new row, the old one ends.
pools = Table(
    "pools", metadata,
    key(),
    ref("merchant_id"),
    ref("warehouse_id"),
    ref("product_id"),
    ref("channel_id"),
    count("guaranteed", default=0),
    count("most", nullable=True),
    count("buffer", default=0),
    count("taken", default=0),
    moment("since"),
    moment("ended_at", nullable=True),
    CheckConstraint("guaranteed >= 0 AND buffer >= 0 AND taken >= 0 AND (most IS NULL OR most >= guaranteed)",
                    name="amounts_fit"),
    Index("uq_pools_open", "warehouse_id", "product_id", "channel_id", unique=True,
          postgresql_where=text("ended_at IS NULL")),
)  # fmt: skip

# Units that somebody keeps without having paid. Rows go when the order is paid or ends.
holdings = Table(
    "holdings", metadata,
    Column("holder", LargeBinary, primary_key=True),
    ref("product_id", primary_key=True),
    ref("order_id", primary_key=True),
    ref("merchant_id"),
    count("units"),
    CheckConstraint("units > 0", name="units_positive"),
    Index("ix_holdings_order_id", "order_id"),
)  # fmt: skip

transfers = Table(
    "transfers", metadata,
    key(),
    ref("merchant_id"),
    ref("from_id", ForeignKey("warehouses.id")),
    ref("to_id", ForeignKey("warehouses.id")),
    *state(TRANSFER),
    version(),
    moment("sent_at"),
    moment("arrived_at", nullable=True),
    CheckConstraint("from_id <> to_id", name="goes_somewhere"),
    Index("ix_transfers_merchant_id", "merchant_id", "id"),
)  # fmt: skip

transfer_lines = Table(
    "transfer_lines", metadata,
    ref("transfer_id", primary_key=True),
    ref("product_id", primary_key=True),
    ref("merchant_id"),
    count("quantity"),
    count("arrived", default=0),
    count("missing", default=0),
    CheckConstraint("quantity > 0 AND arrived >= 0 AND missing >= 0 AND arrived + missing <= quantity",
                    name="units_fit"),
)  # fmt: skip

stocktakes = Table(
    "stocktakes", metadata,
    key(),
    ref("merchant_id"),
    ref("warehouse_id"),
    *state(STOCKTAKE),
    version(),
    word("why"),
    count("differing", default=0),
    # Up to how many differing units whoever counted needed nobody else.
    count("alone_up_to", default=0),
    word("counted_by_kind"),
    ref("counted_by", nullable=True),
    word("decided_by_kind", nullable=True),
    ref("decided_by", nullable=True),
    moment("counted_at"),
    moment("decided_at", nullable=True),
    Index("ix_stocktakes_merchant_id", "merchant_id", "id"),
)  # fmt: skip

stocktake_lines = Table(
    "stocktake_lines", metadata,
    ref("stocktake_id", primary_key=True),
    ref("product_id", primary_key=True),
    ref("merchant_id"),
    count("counted"),
    count("booked"),
    CheckConstraint("counted >= 0", name="counted_fits"),
)  # fmt: skip
