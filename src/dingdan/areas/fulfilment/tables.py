"""Work orders, waves, parcels, what is in them and what carriers said."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, SmallInteger, Table, text

from dingdan.areas.fulfilment.lifecycle import PARCEL, WORK
from dingdan.plumbing.schema import (
    count,
    document,
    key,
    metadata,
    moment,
    one_of,
    ref,
    small,
    state,
    version,
    word,
    words,
)

work_orders = Table(
    "work_orders", metadata,
    key(),
    ref("order_id"),
    ref("merchant_id"),
    ref("warehouse_id"),
    *state(WORK),
    version(),
    # Lower lanes go first; inside a lane the order that was paid first.
    small("lane", default=3),
    moment("paid_at"),
    # By when it leaves, as the order was promised; lanes give way in time for it.
    moment("ship_by"),
    ref("claimed_by", nullable=True),
    moment("claimed_at", nullable=True),
    document("packed", nullable=True),
    # The pass through the warehouse that it is picked in, together with others.
    ref("wave_id", nullable=True),
    moment("created_at"),
    CheckConstraint("wave_id IS NULL OR state IN ('picking', 'packed', 'handed_over')", name="wave_in_hand"),
    # Units that came later leave in a work of their own.
    Index("uq_work_orders_open", "order_id", "warehouse_id", unique=True,
          postgresql_where=text("state <> 'handed_over'")),
    Index("ix_work_orders_order_id", "order_id"),
    Index("ix_work_orders_wave_id", "wave_id", postgresql_where=text("wave_id IS NOT NULL")),
    Index("ix_work_orders_queue", "warehouse_id", "lane", "paid_at", "order_id",
          postgresql_where=text("state = 'queued'")),
    # What must leave soon is found across the lanes.
    Index("ix_work_orders_ageing", "warehouse_id", "ship_by", "order_id", postgresql_where=text("state = 'queued'")),
    # What leaves today, wherever it lies and however far it is.
    Index("ix_work_orders_due", "ship_by", "order_id", postgresql_where=text("state IN ('queued', 'picking', 'packed')")),
    postgresql_with={"fillfactor": "80"},
)  # fmt: skip

# Works that were claimed together, to be picked in one pass.
waves = Table(
    "waves", metadata,
    key(),
    ref("merchant_id"),
    ref("warehouse_id"),
    Column("lane", SmallInteger, nullable=True),
    count("size"),
    ref("claimed_by", nullable=True),
    moment("claimed_at"),
    CheckConstraint("size > 0", name="has_works"),
    Index("ix_waves_merchant_id", "merchant_id", "id"),
)  # fmt: skip

parcels = Table(
    "parcels", metadata,
    key(),
    ref("merchant_id"),
    ref("warehouse_id"),
    word("carrier"),
    word("tracking_number"),
    *state(PARCEL),
    version(),
    moment("dispatched_at"),
    moment("delivered_at", nullable=True),
    moment("last_scan_at", nullable=True),
    # What is known to be wrong while nothing is heard; a scan takes it away.
    words("noticed"),
    Index("ix_parcels_dispatched_at", "dispatched_at"),
    Index("ix_parcels_moving", "dispatched_at", postgresql_where=text("delivered_at IS NULL")),
    # What learns how long parcels of a carrier usually are silent reads the latest arrivals.
    Index("ix_parcels_arrived", "carrier", "delivered_at", postgresql_where=text("delivered_at IS NOT NULL")),
    CheckConstraint("carrier <> '' AND tracking_number <> ''", name="has_number"),
)  # fmt: skip

# By which right a parcel was given to its carrier, as it was at that moment: licences change later.
parcel_assignments = Table(
    "parcel_assignments", metadata,
    ref("parcel_id", ForeignKey("parcels.id"), primary_key=True),
    ref("merchant_id"),
    ref("carrier_id", nullable=True),
    word("ground"),
    one_of("ground", ("licensed", "own", "elsewhere", "before")),
    word("licence", nullable=True),
    moment("licensed_from", nullable=True),
    moment("licensed_until", nullable=True),
    word("number_reason", nullable=True),
    word("carrier_reason", nullable=True),
    word("suggested", nullable=True),
    word("by_kind"),
    ref("by", nullable=True),
    CheckConstraint(
        "(ground = 'licensed') = (licence IS NOT NULL AND licensed_from IS NOT NULL AND licensed_until IS NOT NULL)",
        name="licensed_by_something",
    ),
    CheckConstraint("suggested IS NULL OR carrier_reason IS NOT NULL", name="another_has_a_reason"),
)  # fmt: skip

parcel_lines = Table(
    "parcel_lines", metadata,
    ref("order_id", primary_key=True),
    ref("parcel_id", ForeignKey("parcels.id"), primary_key=True),
    small("line_no", primary_key=True),
    ref("merchant_id"),
    count("quantity"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    Index("ix_parcel_lines_parcel_id", "parcel_id"),
)  # fmt: skip

# A number belongs to one parcel of a carrier.
tracking_numbers = Table(
    "tracking_numbers", metadata,
    word("carrier", primary_key=True),
    word("number", primary_key=True),
    ref("parcel_id"),
)  # fmt: skip

scans = Table(
    "scans", metadata,
    ref("parcel_id", primary_key=True),
    word("event_id", primary_key=True),
    ref("merchant_id"),
    word("code"),
    word("place"),
    moment("at"),
    moment("received_at"),
)  # fmt: skip
