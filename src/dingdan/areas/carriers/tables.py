"""Who carries, and from where to where."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Table, UniqueConstraint, text

from dingdan.areas.carriers.lifecycle import CONTRACT
from dingdan.plumbing.schema import (
    amount,
    count,
    document,
    key,
    metadata,
    moment,
    one_of,
    ref,
    small,
    state,
    version,
    word,
    words,
)

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
    *state(CONTRACT),
    version(),
    document("contact", nullable=True),
    Column("auto_suspend", Boolean, nullable=False, server_default=text("false")),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("code", "merchant_id", postgresql_nulls_not_distinct=True),
)  # fmt: skip

# Licences stay when others follow; a span is kept as days, as they are printed, and as moments, as they are compared.
carrier_licences = Table(
    "carrier_licences", metadata,
    ref("carrier_id", ForeignKey("carriers.id"), primary_key=True),
    word("number", primary_key=True),
    ref("merchant_id", nullable=True),
    word("issuer"),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    word("zone"),
    moment("starts_at"),
    moment("ends_at"),
    moment("updated_at"),
    CheckConstraint("valid_from <= valid_until AND starts_at < ends_at", name="days_in_order"),
)  # fmt: skip

# What an evaluation found, with all that it was computed from; ends are empty for the carrier as a whole.
carrier_scorecards = Table(
    "carrier_scorecards", metadata,
    key(),
    ref("carrier_id", ForeignKey("carriers.id")),
    ref("merchant_id", nullable=True),
    word("origin"),
    word("destination"),
    moment("since"),
    moment("until"),
    word("grade"),
    one_of("grade", "ABCDE"),
    count("samples"),
    document("figures"),
    document("inputs"),
    moment("made_at"),
    UniqueConstraint("carrier_id", "origin", "destination", "until"),
    CheckConstraint("since < until", name="since_before_until"),
    CheckConstraint("samples >= 0", name="samples_not_negative"),
)  # fmt: skip

carrier_grades = Table(
    "carrier_grades", metadata,
    key(),
    ref("carrier_id", ForeignKey("carriers.id")),
    ref("merchant_id", nullable=True),
    word("origin"),
    word("destination"),
    word("grade"),
    one_of("grade", "ABCDE"),
    word("reason"),
    word("by_kind"),
    ref("by", nullable=True),
    moment("ends_at"),
    moment("set_at"),
    Index("ix_carrier_grades_carrier_id", "carrier_id", "ends_at"),
)  # fmt: skip

# When we complained to a carrier about what, and when it answered.
carrier_complaints = Table(
    "carrier_complaints", metadata,
    ref("carrier_id", ForeignKey("carriers.id"), primary_key=True),
    word("complaint", primary_key=True),
    ref("merchant_id", nullable=True),
    moment("filed_at"),
    moment("answered_at", nullable=True),
    CheckConstraint("answered_at >= filed_at", name="answered_after_filed"),
    Index("ix_carrier_complaints_filed_at", "filed_at"),
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
    amount("cost", nullable=True),
    count("max_grams", nullable=True),
    CheckConstraint("cost >= 0 AND max_grams > 0", name="cost_and_weight_fit"),
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

# What was said about a carrier and agreed with it; the platform's about its own is nobody else's.
carrier_notes = Table(
    "carrier_notes", metadata,
    key(),
    ref("carrier_id", ForeignKey("carriers.id")),
    ref("merchant_id", nullable=True),
    word("text"),
    word("said_by_kind"),
    ref("said_by", nullable=True),
    moment("at"),
    CheckConstraint("length(text) BETWEEN 1 AND 1000", name="short"),
    Index("ix_carrier_notes_carrier_id", "carrier_id", "id"),
)  # fmt: skip
