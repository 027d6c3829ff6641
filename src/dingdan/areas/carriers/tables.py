"""Who carries, and from where to where."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, text

from dingdan.plumbing.schema import amount, document, key, metadata, moment, one_of, ref, small, word, words

# Codes come first in their index: rows of the platform have no merchant, and NULL is found by no equality.
carriers = Table(
    "carriers", metadata,
    key(),
    ref("merchant_id", nullable=True),
    word("code"),
    document("name"),
    words("services"),
    words("regions"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("code", "merchant_id", postgresql_nulls_not_distinct=True),
)  # fmt: skip

lanes = Table(
    "lanes", metadata,
    key(),
    ref("merchant_id", nullable=True),
    word("code"),
    ref("carrier_id", ForeignKey("carriers.id")),
    word("service"),
    ref("warehouse_id", nullable=True),
    word("country"),
    word("region"),
    Column("deliverable", Boolean, nullable=False, server_default=text("true")),
    small("cut_off"),
    small("handling_days"),
    small("days_min"),
    small("days_max"),
    word("days"),
    one_of("days", ("every_day", "working_days")),
    amount("surcharge", default=0),
    word("currency", nullable=True),
    small("priority", default=100),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("code", "merchant_id", postgresql_nulls_not_distinct=True),
    CheckConstraint("days_min BETWEEN 0 AND days_max", name="days_in_order"),
    CheckConstraint("cut_off BETWEEN 0 AND 1440", name="cut_off_within_a_day"),
    CheckConstraint("surcharge = 0 OR currency IS NOT NULL", name="surcharge_has_currency"),
    # Two lanes never say different things about the same way.
    Index(
        "uq_lanes_way", "merchant_id", "carrier_id", "service", "warehouse_id", "country", "region", unique=True,
        postgresql_nulls_not_distinct=True, postgresql_where=text("active"),
    ),
    Index("ix_lanes_destination", "country", "region", "merchant_id", postgresql_where=text("active")),
    Index("ix_lanes_carrier_id", "carrier_id", "country", "region"),
    Index("ix_lanes_merchant_id", "merchant_id", "id"),
)  # fmt: skip
