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
    moment("updated_at"),
)  # fmt: skip
