"""Lines to carriers, what was learned of their silence, parcels called back, and the sandbox carrier's orders."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Table, text

from dingdan.areas.transit.model import Rule
from dingdan.plumbing.schema import amount, count, document, key, metadata, moment, one_of, ref, word

carrier_feeds = Table(
    "carrier_feeds", metadata,
    word("carrier", primary_key=True),
    count("failures", default=0),
    moment("failing_since", nullable=True),
    moment("next_at", nullable=True),
    moment("free_at", nullable=True),
    moment("answered_at", nullable=True),
    CheckConstraint("(failures > 0) = (failing_since IS NOT NULL) AND failures >= 0", name="failures_since"),
)  # fmt: skip

# Of the way "" is what holds for all of a carrier's parcels.
normal_silences = Table(
    "normal_silences", metadata,
    word("carrier", primary_key=True),
    word("way", primary_key=True),
    amount("normal_seconds"),
    word("rule"),
    one_of("rule", Rule),
    count("samples"),
    amount("p95_seconds", nullable=True),
    moment("since"),
    moment("computed_at"),
    CheckConstraint("normal_seconds > 0", name="normal_positive"),
)  # fmt: skip

interceptions = Table(
    "interceptions", metadata,
    key(),
    ref("parcel_id", ForeignKey("parcels.id")),
    ref("merchant_id"),
    ref("order_id"),
    word("reason"),
    moment("asked_at"),
    ref("asked_by", nullable=True),
    word("answer", nullable=True),
    one_of("answer", ("succeeded", "failed")),
    word("why", nullable=True),
    moment("answered_at", nullable=True),
    # Nobody asks a second time before the first has its answer.
    Index("uq_interceptions_open", "parcel_id", unique=True, postgresql_where=text("answer IS NULL")),
    Index("ix_interceptions_parcel_id", "parcel_id", "id"),
    Index("ix_interceptions_order_id", "order_id"),
    CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_a_time"),
    CheckConstraint("(answer IS NOT DISTINCT FROM 'failed') = (why IS NOT NULL)", name="failed_why"),
)  # fmt: skip

sandbox_plans = Table(
    "sandbox_plans", metadata,
    ref("parcel_id", ForeignKey("parcels.id"), primary_key=True),
    ref("merchant_id"),
    document("plan"),
)  # fmt: skip
