"""What channels were told of our stock, how far they got, and who waits for goods."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary, Table, text

from dingdan.plumbing.schema import count, key, metadata, moment, ref, word

# What each channel may sell of each product, as it was last told, at its place in the feed.
channel_stock = Table(
    "channel_stock", metadata,
    ref("channel_id", primary_key=True),
    ref("product_id", primary_key=True),
    ref("merchant_id"),
    count("available"),
    Column("position", BigInteger, nullable=False),
    moment("changed_at"),
    Index("ix_channel_stock_position", "channel_id", "position"),
)  # fmt: skip

# Up to which transaction stock was looked at, and the last place given out. One row: one publisher at a time.
stock_feeds = Table(
    "stock_feeds", metadata,
    word("name", primary_key=True),
    Column("seen", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
)  # fmt: skip

channel_syncs = Table(
    "channel_syncs", metadata,
    ref("channel_id", primary_key=True),
    ref("merchant_id"),
    Column("acknowledged", BigInteger, nullable=False),
    moment("acknowledged_at"),
)  # fmt: skip

stock_notices = Table(
    "stock_notices", metadata,
    key(),
    ref("merchant_id"),
    ref("channel_id"),
    ref("product_id"),
    # The shop's own name for the buyer, as a keyed hash; the buyer's row where there is one.
    Column("ref_hash", LargeBinary, nullable=False),
    ref("buyer_id", nullable=True),
    count("quantity", default=1),
    moment("asked_at"),
    moment("told_at", nullable=True),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    Index("uq_stock_notices_waiting", "channel_id", "product_id", "ref_hash", unique=True,
          postgresql_where=text("told_at IS NULL")),
)  # fmt: skip
