"""What could be bought and for how much."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, text

from dingdan.plumbing.schema import amount, count, document, key, metadata, moment, ref, word, words

products = Table(
    "products", metadata,
    key(),
    ref("merchant_id"),
    word("sku"),
    document("title"),
    word("category"),
    words("flags"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    # A bundle: pairs of product and units of it in each. What is kept, packed and counted are those.
    document("components", default="[]"),
    count("weight_grams", default=0),
    count("min_quantity", default=1),
    count("max_quantity", nullable=True),
    count("max_per_buyer", nullable=True),
    # Products of one merchant with the same word are variants of one thing (sizes, colours).
    word("variant_of", nullable=True),
    # The trade item number below the bars of the thing itself, where it has one.
    word("gtin", nullable=True),
    # The file that shows it, under the hash of what is in it; drawn anew by us, never somebody else's address.
    word("picture", nullable=True),
    # Set when a price of it was found out of line again and again; nobody buys it until somebody vouches for the price.
    moment("price_paused_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("merchant_id", "sku"),
    CheckConstraint(
        "min_quantity > 0 AND (max_quantity IS NULL OR max_quantity >= min_quantity) AND weight_grams >= 0",
        name="limits_fit",
    ),
    CheckConstraint("picture ~ '^[0-9a-f]{64}$'", name="picture_is_file"),
    Index("ix_products_bundles", "merchant_id", postgresql_where=text("components <> '[]'::jsonb")),
    Index("ix_products_variants", "merchant_id", "variant_of", postgresql_where=text("variant_of IS NOT NULL")),
)  # fmt: skip

prices = Table(
    "prices", metadata,
    ref("product_id", ForeignKey("products.id"), primary_key=True),
    word("currency", primary_key=True),
    ref("merchant_id"),
    amount("amount"),
    # Nobody sells below it without somebody having said so.
    amount("floor", nullable=True),
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
