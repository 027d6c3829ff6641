"""Deadlines that were moved many at once: the order to do so, and each deadline that it moved."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Interval,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from dingdan.plumbing.schema import count, document, key, metadata, moment, ref, small, word

# merchant_id NULL: of everybody. It is carried out in sets; `at_kind` and `reached_at` are how far it has come.
extensions = Table(
    "extensions", metadata,
    key(),
    ref("merchant_id", nullable=True),
    Column("kinds", ARRAY(Text), nullable=False),
    moment("due_from"),
    moment("due_before"),
    Column("by_span", Interval),
    moment("to_moment", nullable=True),
    word("reason"),
    document("expected"),
    word("actor_kind"),
    ref("actor_id", nullable=True),
    moment("at"),
    small("at_kind", default=0),
    moment("reached_at"),
    count("extended", default=0),
    moment("finished_at", nullable=True),
    CheckConstraint("(by_span IS NULL) <> (to_moment IS NULL)", name="one_way"),
    CheckConstraint("due_from < due_before", name="period_fits"),
    Index("ix_extensions_open", "id", postgresql_where=text("finished_at IS NULL")),
    Index("ix_extensions_merchant_id", "merchant_id", "id"),
)  # fmt: skip

extended_deadlines = Table(
    "extended_deadlines", metadata,
    ref("extension_id", ForeignKey("extensions.id")),
    word("kind"),
    ref("subject_id"),
    ref("merchant_id", nullable=True),
    ref("order_id", nullable=True),
    moment("was_at"),
    moment("now_at"),
    PrimaryKeyConstraint("extension_id", "kind", "subject_id"),
    CheckConstraint("now_at > was_at", name="moved_later"),
)  # fmt: skip
