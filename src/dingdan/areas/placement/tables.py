"""Alarms about prices, and who waits to be told."""

from typing import get_args

from sqlalchemy import Index, Table, text

from dingdan.areas.placement.model import ReminderKind
from dingdan.plumbing.schema import count, key, metadata, moment, one_of, ref, word

# How many orders a product's price stopped since when, and when its merchant was told last.
price_alarms = Table(
    "price_alarms", metadata,
    key("product_id"),
    ref("merchant_id"),
    count("hits"),
    moment("since"),
    moment("told_at"),
)  # fmt: skip

reminders = Table(
    "reminders", metadata,
    key(),
    ref("merchant_id"),
    word("kind"),
    ref("buyer_id"),
    ref("contact_id"),
    ref("product_id", nullable=True),
    count("quantity"),
    moment("asked_at"),
    moment("told_at", nullable=True),
    one_of("kind", get_args(ReminderKind)),
    # Who asks again while waiting, waits once.
    Index("uq_reminders_waiting", "buyer_id", "kind", "product_id", unique=True, postgresql_nulls_not_distinct=True,
          postgresql_where=text("told_at IS NULL")),
    Index("ix_reminders_waiting", "kind", "product_id", "merchant_id", postgresql_where=text("told_at IS NULL")),
    Index("ix_reminders_merchant_id", "merchant_id", "id"),
)  # fmt: skip
