"""Agreements with merchants, their accounts by period, their deposits, and what was paid out to them."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, UniqueConstraint, text

from dingdan.areas.settlements.lifecycle import PAYOUT, SETTLEMENT
from dingdan.areas.settlements.model import LineKind
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
)

# Never changed: the one that holds for an order is the last that was valid when it was placed.
agreements = Table(
    "agreements", metadata,
    key(),
    ref("merchant_id"),
    word("currency"),
    count("number"),
    moment("valid_from"),
    document("terms"),
    moment("created_at"),
    UniqueConstraint("merchant_id", "currency", "number"),
)  # fmt: skip

# A period's account with one merchant in one currency. A trigger refuses every change of one that is closed.
settlements = Table(
    "settlements", metadata,
    key(),
    ref("merchant_id"),
    word("currency"),
    moment("starts_at"),
    moment("ends_at"),
    *state(SETTLEMENT),
    version(),
    amount("opening", nullable=True),
    amount("closing", nullable=True),
    moment("closed_at", nullable=True),
    word("closed_by_kind", nullable=True),
    ref("closed_by", nullable=True),
    CheckConstraint("starts_at < ends_at", name="has_time"),
    CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL AND opening IS NOT NULL AND closing IS NOT NULL)",
                    name="closed_is_counted"),
    CheckConstraint("closed_at IS NULL OR closed_at >= ends_at", name="closed_when_over"),
    UniqueConstraint("merchant_id", "currency", "starts_at"),
)  # fmt: skip

# Append-only, and only into a period that is open: both are kept by triggers. Each has its own posting in the ledger.
settlement_lines = Table(
    "settlement_lines", metadata,
    key(),
    ref("settlement_id", ForeignKey("settlements.id")),
    ref("merchant_id"),
    word("currency"),
    word("kind"),
    # Of a fee: which one.
    word("detail", server_default=text("''")),
    # An order, refund, remedy, claim or payout, as the kind says.
    ref("subject_id"),
    small("n", default=0),
    ref("order_id", nullable=True),
    amount("amount"),
    moment("at"),
    one_of("kind", LineKind),
    CheckConstraint("amount <> 0", name="moves_something"),
    CheckConstraint("(kind IN ('sale', 'subsidy', 'fee_back', 'own_credit_back', 'borne', 'recovery', 'deposit_draw', "
                    "'payout_failed')) = (amount > 0)", name="sign_fits"),
    # A fee is never taken twice, nor anything else.
    # Money of several orders may go back with one refund, and a fee of each with it.
    UniqueConstraint("kind", "detail", "subject_id", "n", "order_id", postgresql_nulls_not_distinct=True),
    Index("ix_settlement_lines_settlement_id", "settlement_id", "id"),
    Index("ix_settlement_lines_order_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
)  # fmt: skip

# What a merchant left as security: its balance is the sum of its movements, and never less than nothing.
merchant_deposits = Table(
    "merchant_deposits", metadata,
    ref("merchant_id", primary_key=True),
    word("currency", primary_key=True),
    amount("balance", default=0),
    CheckConstraint("balance >= 0", name="balance_fits"),
)  # fmt: skip

deposit_movements = Table(
    "deposit_movements", metadata,
    key(),
    ref("merchant_id"),
    word("currency"),
    word("kind"),
    amount("amount"),
    ref("refund_id", nullable=True, unique=True),
    # The number of the transfer that brought it.
    word("receipt", nullable=True),
    moment("at"),
    one_of("kind", ("top_up", "draw")),
    CheckConstraint("(kind = 'top_up') = (amount > 0) AND amount <> 0", name="sign_fits"),
    CheckConstraint("(kind = 'top_up') = (receipt IS NOT NULL) AND (kind = 'draw') = (refund_id IS NOT NULL)",
                    name="has_cause"),
    UniqueConstraint("merchant_id", "receipt"),
    Index("ix_deposit_movements_merchant_id", "merchant_id", "currency", "id"),
)  # fmt: skip

# Payouts that go to the bank in one file; merchant_id NULL: of several merchants.
payout_runs = Table(
    "payout_runs", metadata,
    key(),
    ref("merchant_id", nullable=True),
    word("currency"),
    Column("content", Text, nullable=False),
    word("checksum"),
    word("prepared_by_kind"),
    ref("prepared_by"),
    moment("prepared_at"),
    word("approved_by_kind", nullable=True),
    ref("approved_by", nullable=True),
    moment("approved_at", nullable=True),
    moment("dropped_at", nullable=True),
    CheckConstraint("checksum = encode(sha256(convert_to(content, 'UTF8')), 'hex')", name="checksum_is_its_own"),
    CheckConstraint("(approved_by_kind, approved_by) IS DISTINCT FROM (prepared_by_kind, prepared_by)", name="four_eyes"),
    CheckConstraint("approved_at IS NULL OR dropped_at IS NULL", name="one_end"),
    CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approved_by_somebody"),
)  # fmt: skip

payouts = Table(
    "payouts", metadata,
    key(),
    ref("payout_run_id", ForeignKey("payout_runs.id")),
    ref("merchant_id"),
    word("currency"),
    amount("amount"),
    amount("held", default=0),
    amount("cards", default=0),
    document("payee"),
    *state(PAYOUT),
    version(),
    word("bank_ref", nullable=True),
    word("failure", nullable=True),
    moment("prepared_at"),
    moment("ended_at", nullable=True),
    CheckConstraint("amount > 0", name="amount_positive"),
    UniqueConstraint("payout_run_id", "merchant_id"),
    Index("ix_payouts_merchant_id", "merchant_id", "id"),
)  # fmt: skip

# Which lines a payout pays. A line is in one payout at a time: it is free again when that was dropped or failed.
payout_items = Table(
    "payout_items", metadata,
    ref("payout_id", ForeignKey("payouts.id"), primary_key=True),
    ref("settlement_line_id", ForeignKey("settlement_lines.id"), primary_key=True),
    ref("merchant_id"),
    moment("released_at", nullable=True),
    Index("uq_payout_items_line", "settlement_line_id", unique=True, postgresql_where=text("released_at IS NULL")),
)  # fmt: skip
