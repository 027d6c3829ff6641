"""Orders made elsewhere, what happened to them there, what does not fit, and what has to be told back."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint, text

from dingdan.areas.channel_orders.lifecycle import CHANNEL_PROBLEM
from dingdan.areas.channel_orders.model import PartKind, ProblemKind, UpdateKind
from dingdan.plumbing.schema import amount, document, key, metadata, moment, one_of, ref, state, version, word

channel_orders = Table(
    "channel_orders", metadata,
    key(),
    ref("merchant_id"),
    ref("channel_id"),
    word("number"),
    # Ours, once it could be written.
    ref("order_id", nullable=True),
    ref("buyer_id", nullable=True),
    ref("contact_id", nullable=True),
    word("currency"),
    amount("total"),
    # What was agreed there, without people; those are sealed under the buyer's key.
    document("deal"),
    Column("sealed", LargeBinary, nullable=True),
    Column("deal_hash", LargeBinary, nullable=False),
    Column("people_hash", LargeBinary, nullable=False),
    # The deal that our order was written from.
    Column("written_hash", LargeBinary, nullable=True),
    moment("placed_at"),
    moment("updated_at"),
    moment("recorded_at"),
    moment("cancelled_at", nullable=True),
    UniqueConstraint("channel_id", "number"),
    UniqueConstraint("order_id"),
    CheckConstraint("(order_id IS NULL) = (written_hash IS NULL)", name="written_from_a_deal"),
    Index("ix_channel_orders_channel_id", "channel_id", "id"),
    Index("ix_channel_orders_unwritten", "channel_id", "id", postgresql_where=text("order_id IS NULL")),
    postgresql_with={"fillfactor": "80"},
)  # fmt: skip

channel_parts = Table(
    "channel_parts", metadata,
    key(),
    ref("channel_order_id", ForeignKey("channel_orders.id")),
    ref("merchant_id"),
    word("kind"),
    word("ref"),
    amount("amount", default=0),
    document("document"),
    moment("at"),
    amount("booked", nullable=True),
    one_of("kind", PartKind),
    UniqueConstraint("channel_order_id", "kind", "ref"),
)  # fmt: skip

channel_problems = Table(
    "channel_problems", metadata,
    key(),
    ref("merchant_id"),
    ref("channel_id"),
    ref("channel_order_id", ForeignKey("channel_orders.id")),
    ref("order_id", nullable=True),
    word("kind"),
    *state(CHANNEL_PROBLEM),
    version(),
    document("details"),
    moment("opened_at"),
    moment("closed_at", nullable=True),
    word("closed_by_kind", nullable=True),
    ref("closed_by", nullable=True),
    word("reason", nullable=True),
    one_of("kind", ProblemKind),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_moment"),
    Index("ix_channel_problems_channel_order_id", "channel_order_id"),
    Index("uq_channel_problems_open", "channel_order_id", "kind", unique=True,
          postgresql_where=text("state = 'open'")),
    Index("ix_channel_problems_waiting", "channel_id", "kind", "channel_order_id",
          postgresql_where=text("state = 'open'")),
    Index("ix_channel_problems_merchant_id", "merchant_id", "kind", "channel_order_id",
          postgresql_where=text("state = 'open'")),
)  # fmt: skip

# What a channel calls our products, where it calls them otherwise.
channel_skus = Table(
    "channel_skus", metadata,
    ref("channel_id", primary_key=True),
    word("sku", primary_key=True),
    ref("merchant_id"),
    word("ours"),
    moment("saved_at"),
)  # fmt: skip

channel_updates = Table(
    "channel_updates", metadata,
    key(),
    ref("merchant_id"),
    ref("channel_id"),
    ref("channel_order_id", ForeignKey("channel_orders.id")),
    ref("order_id"),
    word("kind"),
    # The parcel, refund or order that it is about: told once, however often the fact is handed out.
    ref("subject_id"),
    document("document"),
    moment("at"),
    moment("acknowledged_at", nullable=True),
    one_of("kind", UpdateKind),
    UniqueConstraint("order_id", "kind", "subject_id"),
    Index("ix_channel_updates_waiting", "channel_id", "id", postgresql_where=text("acknowledged_at IS NULL")),
    Index("ix_channel_updates_acknowledged", "channel_id", "acknowledged_at"),
)  # fmt: skip
