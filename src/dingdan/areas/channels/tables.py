"""What channels were told of our stock, and how far they got."""

from sqlalchemy import BigInteger, Column, Index, Table

from dingdan.plumbing.schema import count, metadata, moment, ref, word

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
