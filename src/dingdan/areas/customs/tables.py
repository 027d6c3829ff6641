"""Releases by order, and what goes back through customs."""

from sqlalchemy import CheckConstraint, Column, Date, Index, LargeBinary, Table

from dingdan.areas.customs.lifecycle import CUSTOMS_RETURN
from dingdan.plumbing.schema import amount, document, key, metadata, moment, ref, small, state, version, word

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

# What orders take of the yearly quota of whoever imports them, whoever sells them.
customs_imports = Table(
    "customs_imports", metadata,
    ref("order_id", primary_key=True),
    ref("merchant_id"),
    # A keyed hash of the number of their papers.
    Column("person", LargeBinary),
    small("year"),
    amount("amount"),
    amount("given_back", default=0),
    moment("noted_at"),
    CheckConstraint("amount >= 0 AND given_back BETWEEN 0 AND amount", name="quota_fits"),
    Index("ix_customs_imports_person", "person", "year"),
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
