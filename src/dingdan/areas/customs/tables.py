"""Releases by order, and what goes back through customs."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Table

from dingdan.areas.customs.lifecycle import CUSTOMS_RETURN
from dingdan.plumbing.schema import amount, document, key, metadata, moment, ref, state, version, word

customs_releases = Table(
    "customs_releases", metadata,
    ref("order_id", primary_key=True),
    ref("merchant_id"),
    word("declaration"),
    Column("released_on", Date, nullable=False),
    moment("noted_at"),
    word("noted_by_kind"),
    ref("noted_by", nullable=True),
)  # fmt: skip

customs_returns = Table(
    "customs_returns", metadata,
    key(),
    ref("merchant_id"),
    ref("order_id"),
    *state(CUSTOMS_RETURN),
    version(),
    # {line number: how many}
    document("units"),
    word("currency"),
    amount("quota", default=0),
    Column("applied_on", Date, nullable=False),
    Column("back_on", Date, nullable=True),
    moment("noted_at"),
    word("noted_by_kind"),
    ref("noted_by", nullable=True),
    CheckConstraint("(back_on IS NOT NULL) = (state IN ('cleared', 'late')) "
                    "AND (back_on IS NULL OR back_on >= applied_on)", name="back_on_a_day"),
    CheckConstraint("quota = 0 OR quota > 0 AND state = 'cleared'", name="quota_in_time"),
    Index("ix_customs_returns_order_id", "order_id", "id"),
)  # fmt: skip
