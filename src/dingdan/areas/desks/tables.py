"""Kept views of lists, keys of one's own, and who open_sheets at what."""

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

# Only the keys that somebody changed; a row for each who changed any.
own_keys = Table(
    "own_keys", metadata,
    key("staff_id"),
    ref("merchant_id", nullable=True),
    document("keys"),
    moment("chosen_at"),
    CheckConstraint("jsonb_typeof(keys) = 'object' AND keys <> '{}' AND length(keys::text) <= 1000", name="bounded"),
)  # fmt: skip

# Whose page has which sheet open: a row for each page, forgotten soon after the page is.
open_sheets = Table(
    "open_sheets", metadata,
    key(),
    # Of whoever looks: a house sees its own people, the platform everybody.
    ref("merchant_id", nullable=True),
    ref("staff_id"),
    word("kind"),
    ref("sheet_id"),
    moment("seen_at"),
    Index("ix_open_sheets_sheet", "kind", "sheet_id"),
    Index("ix_open_sheets_seen_at", "seen_at"),
)  # fmt: skip
