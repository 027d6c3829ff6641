"""Repairs; what is mended stands in the lines of their returns."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Table, text

from dingdan.areas.repairs.lifecycle import REPAIR
from dingdan.plumbing.schema import key, metadata, moment, one_of, ref, state, version, word

repairs = Table(
    "repairs", metadata,
    key(),
    ref("return_id", ForeignKey("returns.id"), unique=True),
    ref("order_id"),
    ref("merchant_id"),
    *state(REPAIR),
    version(),
    moment("asked_at"),
    moment("begun_at", nullable=True),
    moment("finish_by", nullable=True),
    moment("sent_at", nullable=True),
    word("carrier", nullable=True),
    word("tracking_number", nullable=True),
    Column("is_mended", Boolean, nullable=True),
    word("note", server_default=""),
    moment("failed_at", nullable=True),
    word("why", nullable=True),
    moment("choose_by", nullable=True),
    word("instead", nullable=True),
    Column("is_silent", Boolean, nullable=False, server_default=text("false")),
    moment("overdue_at", nullable=True),
    moment("ended_at", nullable=True),
    one_of("instead", ("exchange", "refund")),
    CheckConstraint("(state IN ('asked', 'dropped')) = (begun_at IS NULL) AND (begun_at IS NULL) = (finish_by IS NULL)",
                    name="begun_has_moment"),
    CheckConstraint("(state IN ('done', 'relapsed', 'turned', 'dropped')) = (ended_at IS NOT NULL)", name="end_has_moment"),
    CheckConstraint("(state IN ('choosing', 'turned', 'relapsed')) = (failed_at IS NOT NULL)", name="vain_has_moment"),
    CheckConstraint("(state IN ('choosing', 'turned')) = (choose_by IS NOT NULL)", name="choice_has_an_end"),
    CheckConstraint("(state IN ('choosing', 'turned', 'dropped')) = (why IS NOT NULL)", name="why_is_said"),
    CheckConstraint("(state = 'turned') = (instead IS NOT NULL)", name="turned_into_something"),
    # Sent back is on record: when, by whom and under which number, and whether anything was mended.
    CheckConstraint("(sent_at IS NULL) = (carrier IS NULL) AND (carrier IS NULL) = (tracking_number IS NULL)"
                    " AND (tracking_number IS NULL) = (is_mended IS NULL)", name="sent_has_waybill"),
    CheckConstraint("(state IN ('returning', 'done', 'relapsed')) <= (sent_at IS NOT NULL)", name="sent_has_moment"),
    Index("ix_repairs_order_id", "order_id"),
    Index("ix_repairs_merchant_id", "merchant_id", "id"),
)  # fmt: skip
