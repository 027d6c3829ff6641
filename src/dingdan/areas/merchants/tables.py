"""Who sells."""

from sqlalchemy import Boolean, CheckConstraint, Column, Table, text

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
    # How its buyers' pages look: one colour, and a picture of its name under the hash of what is in it.
    word("accent", nullable=True),
    word("logo", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    CheckConstraint("accent ~ '^#[0-9a-f]{6}$'", name="accent_is_colour"),
    CheckConstraint("logo ~ '^[0-9a-f]{64}$'", name="logo_is_file"),
)  # fmt: skip
