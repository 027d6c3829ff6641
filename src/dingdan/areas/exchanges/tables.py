"""Exchanges and what is wanted in them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Table, text

from dingdan.areas.exchanges.lifecycle import EXCHANGE
from dingdan.plumbing.schema import amount, count, key, metadata, moment, ref, small, state, version, word

exchanges = Table(
    "exchanges", metadata,
    key(),
    ref("return_id", ForeignKey("returns.id"), unique=True),
    ref("order_id"),
    ref("merchant_id"),
    *state(EXCHANGE),
    version(),
    # Not every one of them comes to be.
    ref("sent_order_id", unique=True),
    moment("asked_at"),
    moment("reserved_at", nullable=True),
    moment("replaced_at", nullable=True),
    # What is sent instead went before the goods had come.
    moment("ahead_at", nullable=True),
    amount("worth", nullable=True),
    amount("carried", nullable=True),
    amount("price", nullable=True),
    word("why", nullable=True),
    moment("overdue_at", nullable=True),
    moment("ended_at", nullable=True),
    CheckConstraint("(state IN ('done', 'owed', 'refunded', 'dropped')) = (ended_at IS NOT NULL)", name="end_has_moment"),
    CheckConstraint("(state IN ('refunded', 'dropped')) <= (why IS NOT NULL)", name="end_has_reason"),
    CheckConstraint("(state IN ('difference', 'replaced', 'done', 'owed')) <= (replaced_at IS NOT NULL)", name="sent_has_moment"),
    CheckConstraint("(replaced_at IS NULL) = (carried IS NULL) AND (carried IS NULL) = (worth IS NULL)"
                    " AND (worth IS NULL) = (price IS NULL)", name="sent_has_price"),
    CheckConstraint("carried >= 0 AND carried <= worth AND carried <= price", name="carried_fits"),
    # Nobody pays more for what went ahead, and nobody is paid.
    CheckConstraint("ahead_at IS NULL OR worth = price", name="ahead_costs_the_same"),
    Index("ix_exchanges_order_id", "order_id"),
    Index("ix_exchanges_merchant_id", "merchant_id", "id"),
    Index("ix_exchanges_short", "merchant_id", "asked_at", "id", postgresql_where=text("state = 'short'")),
)  # fmt: skip

exchange_lines = Table(
    "exchange_lines", metadata,
    ref("exchange_id", ForeignKey("exchanges.id"), primary_key=True),
    small("line_no", primary_key=True),
    ref("merchant_id"),
    ref("order_id"),
    ref("product_id"),
    count("quantity"),
    count("sent", default=0),
    CheckConstraint("quantity > 0 AND sent >= 0 AND sent <= quantity", name="units_fit"),
)  # fmt: skip
