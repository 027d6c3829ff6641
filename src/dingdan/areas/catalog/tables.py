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
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("merchant_id", "sku"),
    CheckConstraint(
        "min_quantity > 0 AND (max_quantity IS NULL OR max_quantity >= min_quantity) AND weight_grams >= 0",
        name="limits_fit",
    ),
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
    moment("updated_at"),
)  # fmt: skip
