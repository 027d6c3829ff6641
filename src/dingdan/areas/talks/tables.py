"""Remarks, questions, offers and withdrawals of withdrawal."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, text

from dingdan.areas.talks.lifecycle import OFFER, QUESTION, WITHDRAWAL
from dingdan.areas.talks.model import OfferKind, Side
from dingdan.plumbing.schema import (
    amount,
    document,
    key,
    metadata,
    moment,
    one_of,
    ref,
    refs,
    state,
    version,
    word,
    words,
)

# Never changed once the other side can read it. The words are in the buyer's seal.
return_remarks = Table(
    "return_remarks", metadata,
    key(),
    ref("return_id", ForeignKey("returns.id")),
    ref("order_id"),
    ref("merchant_id"),
    ref("buyer_id"),
    word("side"),
    word("code"),
    Column("sealed", LargeBinary),
    refs("evidence"),
    word("said_by_kind"),
    ref("said_by", nullable=True),
    moment("at"),
    # Until when it waits: nobody but the staff reads it, and whoever wrote it can take it back.
    moment("held_until", nullable=True),
    one_of("side", Side),
    CheckConstraint("held_until IS NULL OR side = 'seller'", name="only_ours_wait"),
    Index("ix_return_remarks_return_id", "return_id", "id"),
    Index("ix_return_remarks_order_id", "order_id"),
)  # fmt: skip

# One round for each return (R2.7).
return_questions = Table(
    "return_questions", metadata,
    key(),
    ref("return_id", ForeignKey("returns.id"), unique=True),
    ref("order_id"),
    ref("merchant_id"),
    *state(QUESTION),
    version(),
    words("shots"),
    moment("asked_at"),
    moment("answer_by"),
    moment("answered_at", nullable=True),
    CheckConstraint("(answered_at IS NOT NULL) = (state = 'answered')", name="answered_has_moment"),
    Index("ix_return_questions_order_id", "order_id"),
)  # fmt: skip

return_offers = Table(
    "return_offers", metadata,
    key(),
    ref("return_id", ForeignKey("returns.id")),
    ref("order_id"),
    ref("merchant_id"),
    word("kind"),
    *state(OFFER),
    version(),
    word("currency"),
    amount("amount"),
    word("side"),
    word("made_by_kind"),
    ref("made_by", nullable=True),
    moment("made_at"),
    moment("expires_at"),
    moment("ended_at", nullable=True),
    # The offer of the other side that this one answers.
    ref("counters", nullable=True),
    # The words to which the buyer consented, where credit takes the place of money.
    word("consent_text", nullable=True),
    moment("consented_at", nullable=True),
    ref("purse_id", nullable=True),
    one_of("kind", OfferKind),
    one_of("side", Side),
    CheckConstraint("amount >= 0 AND (kind IN ('refund_only', 'repair')) = (amount = 0)", name="amount_fits"),
    CheckConstraint("(ended_at IS NULL) = (state = 'open')", name="ended_has_moment"),
    CheckConstraint("kind <> 'store_credit' OR state <> 'taken' OR consent_text IS NOT NULL AND consented_at IS NOT NULL",
                    name="credit_has_consent"),
    Index("uq_return_offers_open", "return_id", unique=True, postgresql_where=text("state = 'open'")),
    Index("ix_return_offers_return_id", "return_id", "id"),
    Index("ix_return_offers_order_id", "order_id"),
)  # fmt: skip

withdrawals = Table(
    "withdrawals", metadata,
    key(),
    ref("order_id"),
    ref("merchant_id"),
    ref("buyer_id"),
    *state(WITHDRAWAL),
    version(),
    document("lines"),
    # Who withdraws and where they are answered, in the buyer's seal.
    Column("sealed", LargeBinary),
    moment("stated_at"),
    moment("confirmed_at", nullable=True),
    ref("request_id", nullable=True),
    CheckConstraint("(confirmed_at IS NOT NULL) = (state = 'confirmed')", name="confirmed_has_moment"),
    Index("ix_withdrawals_order_id", "order_id"),
    Index("ix_withdrawals_merchant_id", "merchant_id", "id"),
)  # fmt: skip
