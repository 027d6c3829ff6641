"""Which ways to pay a merchant offers, or the platform for all of them, and where their limits are."""

from sqlalchemy import Boolean, Column, Table, UniqueConstraint, text

from dingdan.plumbing.schema import document, key, metadata, moment, ref, small, word, words

# merchant_id NULL: what the platform says for every merchant that says nothing itself.
payment_methods = Table(
    "payment_methods", metadata,
    key(),
    ref("merchant_id", nullable=True),
    word("provider"),
    word("method"),
    document("name"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    # Empty lists are no restriction.
    words("currencies"),
    words("countries"),
    words("channels"),
    document("limits"),
    document("closed"),
    small("rank", default=100),
    moment("updated_at"),
    UniqueConstraint("merchant_id", "provider", "method", postgresql_nulls_not_distinct=True),
)  # fmt: skip
