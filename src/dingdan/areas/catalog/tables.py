"""What could be bought and for how much."""

from sqlalchemy import Boolean, Column, ForeignKey, Table, UniqueConstraint, text

from dingdan.plumbing.schema import amount, document, key, metadata, moment, ref, word, words

products = Table(
    "products", metadata,
    key(),
    ref("merchant_id"),
    word("sku"),
    document("title"),
    word("category"),
    words("flags"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    # Set when a price of it was found out of line again and again; nobody buys it until somebody vouches for the price.
    moment("price_paused_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("merchant_id", "sku"),
)  # fmt: skip

prices = Table(
    "prices", metadata,
    ref("product_id", ForeignKey("products.id"), primary_key=True),
    word("currency", primary_key=True),
    ref("merchant_id"),
    amount("amount"),
    # What it used to cost in the thirty days before this price, and how far it usually strayed; None: no history.
    amount("usual", nullable=True),
    amount("spread", nullable=True),
    # Somebody said that this very price is meant.
    moment("vouched_at", nullable=True),
    moment("updated_at"),
)  # fmt: skip

# Every price that ever stood there, from when on; the newest one is the price of now.
price_history = Table(
    "price_history", metadata,
    ref("product_id", ForeignKey("products.id"), primary_key=True),
    word("currency", primary_key=True),
    key(),
    ref("merchant_id"),
    amount("amount"),
    moment("at"),
)  # fmt: skip
