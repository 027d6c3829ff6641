"""Feedback by order, each version of it."""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Table

from dingdan.plumbing.schema import document, metadata, moment, ref, small, word, words

feedback = Table(
    "feedback", metadata,
    ref("order_id", primary_key=True),
    small("version", primary_key=True),
    ref("merchant_id"),
    ref("buyer_id"),
    small("rating"),
    document("lines"),
    words("photos"),
    Column("sealed", LargeBinary),
    moment("given_at"),
    moment("hidden_at", nullable=True),
    word("hidden_reason", nullable=True),
    ref("hidden_by", nullable=True),
    CheckConstraint("version IN (1, 2)", name="changed_once"),
    CheckConstraint("rating BETWEEN 1 AND 5", name="rating_fits"),
    CheckConstraint("(hidden_at IS NULL) = (hidden_reason IS NULL)", name="hidden_with_reason"),
    Index("ix_feedback_merchant_id", "merchant_id", "order_id"),
)  # fmt: skip
