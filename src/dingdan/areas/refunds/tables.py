"""Refunds, what they are made of, and through which payments they go."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Table, UniqueConstraint

from dingdan.areas.refunds.lifecycle import REFUND
from dingdan.plumbing.schema import amount, count, key, metadata, moment, one_of, ref, small, state, version, word

CAUSES = ("return", "cancellation", "amendment", "excess", "channel", "case", "penalty")
COMPONENTS = ("goods", "freight_out", "freight_return", "tax", "excess", "deduction", "penalty", "freight_tax")

refunds = Table(
    "refunds", metadata,
    key(),
    ref("order_id"),
    ref("merchant_id"),
    word("cause"),
    ref("cause_id"),
    *state(REFUND),
    version(),
    word("currency"),
    amount("amount"),
    word("requested_by_kind"),
    ref("requested_by", nullable=True),
    word("approved_by_kind", nullable=True),
    ref("approved_by", nullable=True),
    moment("requested_at"),
    moment("approved_at", nullable=True),
    moment("settled_at", nullable=True),
    word("failure", nullable=True),
    # The receipt of a refund that was paid by hand, with the buyer's consent.
    word("hand_receipt", nullable=True),
    one_of("cause", CAUSES),
    CheckConstraint("amount > 0", name="amount_positive"),
    # One thing causes one refund; asking twice finds the first.
    UniqueConstraint("cause", "cause_id"),
    Index("ix_refunds_order_id", "order_id"),
    Index("ix_refunds_merchant_id", "merchant_id", "id"),
)  # fmt: skip

# Who signed; above the merchant's limit two people must, and never the one who asked.
refund_signatures = Table(
    "refund_signatures", metadata,
    ref("refund_id", ForeignKey("refunds.id"), primary_key=True),
    word("signer_kind", primary_key=True),
    ref("signer_id", primary_key=True),
    ref("merchant_id"),
    moment("at"),
)  # fmt: skip

refund_lines = Table(
    "refund_lines", metadata,
    ref("order_id", primary_key=True),
    ref("refund_id", ForeignKey("refunds.id"), primary_key=True),
    small("n", primary_key=True),
    ref("merchant_id"),
    small("line_no", default=0),
    count("quantity"),
    word("component"),
    amount("amount"),
    word("rule"),
    one_of("component", COMPONENTS),
)  # fmt: skip

refund_tenders = Table(
    "refund_tenders", metadata,
    ref("order_id", primary_key=True),
    ref("refund_id", ForeignKey("refunds.id"), primary_key=True),
    ref("payment_id", primary_key=True),
    ref("merchant_id"),
    amount("amount"),
    CheckConstraint("amount > 0", name="amount_positive"),
)  # fmt: skip
