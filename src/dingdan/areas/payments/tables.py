"""Payments, what they are for, what came in, what was sent back, and what providers told us."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    UniqueConstraint,
    text,
)

from dingdan.areas.payments.lifecycle import PAYMENT, SEND_BACK
from dingdan.plumbing.schema import amount, key, metadata, moment, one_of, ref, small, state, version, word

CAPTURE_KINDS = ("normal", "excess")

# merchant_id NULL: one payment for orders of several merchants.
payments = Table(
    "payments", metadata,
    key(),
    ref("checkout_id"),
    ref("merchant_id", nullable=True),
    word("provider"),
    word("method"),
    *state(PAYMENT),
    version(),
    word("currency"),
    amount("amount"),
    word("provider_ref", nullable=True),
    word("pay_url", nullable=True),
    word("failure", nullable=True),
    small("asks", default=0),
    moment("started_at"),
    moment("captured_at", nullable=True),
    # The same number for tenders that are captured together or not at all; NULL: this one pays alone.
    ref("together", nullable=True),
    # Where it comes from, where it is credit that the buyer has with us.
    ref("purse_id", nullable=True),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("(provider = 'credit') = (purse_id IS NOT NULL)", name="purse_fits"),
    UniqueConstraint("provider", "provider_ref"),
    Index("ix_payments_together", "together", postgresql_where=text("together IS NOT NULL")),
    Index("ix_payments_checkout_id", "checkout_id"),
    Index("ix_payments_open", "started_at", postgresql_where=text("state IN ('started', 'pending', 'unknown')")),
)  # fmt: skip

payment_allotments = Table(
    "payment_allotments", metadata,
    ref("order_id", primary_key=True),
    ref("payment_id", ForeignKey("payments.id"), primary_key=True),
    ref("merchant_id"),
    amount("amount"),
    Index("ix_payment_allotments_payment_id", "payment_id"),
)  # fmt: skip

# Money that really came in, once per provider reference and order; what nobody owed is `excess` and goes back.
captures = Table(
    "captures", metadata,
    key(),
    ref("payment_id", ForeignKey("payments.id")),
    ref("order_id"),
    ref("merchant_id"),
    word("kind"),
    word("currency"),
    amount("amount"),
    word("provider"),
    word("provider_ref"),
    moment("at"),
    # Of what is sent instead: no money came in anew, it was carried over by this send-back of the first order.
    Column("carried_from", BigInteger, ForeignKey("send_backs.id", name="fk_captures_carried_from"), nullable=True,
           unique=True),
    one_of("kind", CAPTURE_KINDS),
    CheckConstraint("carried_from IS NULL OR kind = 'normal'", name="carried_is_owed"),
    CheckConstraint("amount > 0", name="amount_positive"),
    UniqueConstraint("provider", "provider_ref", "order_id"),
    Index("ix_captures_order_id", "order_id"),
    Index("ix_captures_payment_id", "payment_id"),
)  # fmt: skip

send_backs = Table(
    "send_backs", metadata,
    key(),
    ref("order_id"),
    ref("merchant_id"),
    ref("refund_id"),
    ref("payment_id", ForeignKey("payments.id")),
    *state(SEND_BACK),
    version(),
    word("currency"),
    amount("amount"),
    word("provider_ref", nullable=True),
    word("failure", nullable=True),
    # False once the provider said that it never will (too old, too many).
    Column("can_retry", Boolean, nullable=False, server_default=text("true")),
    small("asks", default=0),
    moment("created_at"),
    # When the provider was called last, where its channel wants time between two calls about one payment.
    moment("called_at", nullable=True),
    moment("arrived_at", nullable=True),
    # The order that the money was carried over to: it stayed here, and no provider was asked.
    Column("carried_to", BigInteger, nullable=True),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("carried_to IS NULL OR carried_to <> order_id", name="carried_to_another"),
    UniqueConstraint("refund_id", "payment_id"),
    Index("ix_send_backs_payment_id", "payment_id"),
    Index("ix_send_backs_order_id", "order_id"),
)  # fmt: skip

# An order that is paid in two parts: a deposit at once, the balance between two moments. What becomes of the deposit when
# it does not come to the balance is written down once: what the seller keeps, or owes beyond what was paid.
deposits = Table(
    "deposits", metadata,
    key("order_id"),
    ref("merchant_id"),
    amount("amount"),
    amount("counts_as"),
    amount("balance"),
    moment("balance_from"),
    moment("balance_until"),
    Column("is_earnest", Boolean, nullable=False),
    amount("keep_at_most"),
    moment("paid_at", nullable=True),
    moment("ended_at", nullable=True),
    amount("kept", nullable=True),
    amount("penalty", nullable=True),
    CheckConstraint("amount > 0 AND balance > 0 AND keep_at_most >= 0", name="amounts_fit"),
    CheckConstraint("balance_from < balance_until", name="balance_has_time"),
    CheckConstraint("ended_at IS NULL OR paid_at IS NOT NULL", name="paid_before_end"),
    CheckConstraint("(ended_at IS NULL) = (kept IS NULL) AND (ended_at IS NULL) = (penalty IS NULL)", name="end_says_all"),
    CheckConstraint("kept >= 0 AND kept <= amount AND penalty >= 0 AND (kept = 0 OR penalty = 0)", name="end_fits"),
)  # fmt: skip

# What a provider told us, each event once; `outcome` says what we made of it.
provider_notices = Table(
    "provider_notices", metadata,
    word("provider", primary_key=True),
    word("event_id", primary_key=True),
    ref("subject_id", nullable=True),
    Column("body_hash", LargeBinary, nullable=False),
    word("outcome"),
    moment("at"),
)  # fmt: skip
