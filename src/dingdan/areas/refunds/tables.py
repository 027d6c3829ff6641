"""Refunds, what they are made of, and through which payments they go."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint, text

from dingdan.areas.refunds.lifecycle import HAND_PAYOUT, REFUND
from dingdan.plumbing.schema import amount, count, key, metadata, moment, one_of, ref, small, state, version, word

CAUSES = (
    "return",
    "cancellation",
    "amendment",
    "excess",
    "channel",
    "case",
    "penalty",
    "kept",
    "customs",
    "exchange",
    "unsent",
    "withheld",
    "rest",
)
COMPONENTS = (
    "goods",
    "freight_out",
    "freight_return",
    "tax",
    "excess",
    "deduction",
    "penalty",
    "freight_tax",
    "reprice",
    "withheld",
)

# Money that no channel takes back, paid by hand to where the buyer said: one pays, another finds it gone.
hand_payouts = Table(
    "hand_payouts", metadata,
    key(),
    ref("order_id"),
    ref("merchant_id"),
    ref("buyer_id"),
    *state(HAND_PAYOUT),
    version(),
    word("currency"),
    amount("amount"),
    # The account, in the buyer's seal.
    Column("sealed", LargeBinary, nullable=True),
    word("consent"),
    word("consented_by_kind"),
    ref("consented_by", nullable=True),
    moment("consented_at"),
    word("receipt", nullable=True),
    word("paid_by_kind", nullable=True),
    ref("paid_by", nullable=True),
    moment("paid_at", nullable=True),
    word("confirmed_by_kind", nullable=True),
    ref("confirmed_by", nullable=True),
    moment("ended_at", nullable=True),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("(state IN ('paid', 'confirmed')) = (receipt IS NOT NULL AND paid_by IS NOT NULL)", name="paid_with_receipt"),
    CheckConstraint("confirmed_by IS NULL OR (confirmed_by_kind, confirmed_by) <> (paid_by_kind, paid_by)", name="four_eyes"),
    CheckConstraint("(state = 'confirmed') = (confirmed_by IS NOT NULL)", name="confirmed_by_somebody"),
    Index("ix_hand_payouts_order_id", "order_id"),
    Index("uq_hand_payouts_open", "order_id", unique=True, postgresql_where=text("state IN ('consented', 'paid')")),
)  # fmt: skip

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
    ref("hand_payout_id", ForeignKey("hand_payouts.id"), nullable=True),
    one_of("cause", CAUSES),
    # Nothing comes back where what goes off is as much as the goods; that they are back is on record all the same.
    CheckConstraint("amount >= 0", name="amount_fits"),
    # One thing causes one refund of an order; asking twice finds the first.
    UniqueConstraint("cause", "cause_id", "order_id"),
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
    # Why these units are paid back, and which rule of the order's policy says so.
    Column("basis", Text, nullable=False, server_default=text("''")),
    Column("clause", Text, nullable=False, server_default=text("''")),
    one_of("component", COMPONENTS),
    CheckConstraint("basis IN ('', 'no_reason', 'withdrawal', 'fault', 'cancelled', 'exchanged')", name="basis_says_why"),
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
