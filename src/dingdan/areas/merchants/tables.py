"""Who sells."""

from sqlalchemy import Boolean, Column, Table, text

from dingdan.plumbing.schema import document, key, metadata, moment, word

merchants = Table(
    "merchants", metadata,
    key(),
    word("code", unique=True),
    document("name"),
    word("zone"),
    word("currency"),
    word("policy"),
    document("settings"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    moment("created_at"),
    moment("updated_at"),
)  # fmt: skip
