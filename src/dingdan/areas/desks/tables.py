"""Kept views of lists."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table, text

from dingdan.plumbing.schema import document, key, metadata, moment, ref, word

kept_views = Table(
    "kept_views", metadata,
    key(),
    # Whose house they are shared in; none is the platform's.
    ref("merchant_id", nullable=True),
    ref("staff_id"),
    word("path"),
    word("name"),
    document("query"),
    Column("is_shared", Boolean, nullable=False, server_default=text("false")),
    moment("created_at"),
    CheckConstraint("length(name) BETWEEN 1 AND 40 AND path LIKE '/%'", name="named"),
    Index("uq_kept_views_name", "staff_id", "path", "name", unique=True),
    Index("ix_kept_views_shared", "path", postgresql_where=text("is_shared")),
)  # fmt: skip
