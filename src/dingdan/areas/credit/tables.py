"""Purses, every change of what is in them, what is kept for orders, points by their end, and cards by their code's hash."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint, text

from dingdan.areas.credit.lifecycle import HOLD
from dingdan.areas.credit.model import PurseKind
from dingdan.plumbing.schema import amount, count, key, metadata, moment, one_of, ref, state, version, word

MOVEMENT_KINDS = ("grant", "take_back", "spend", "restore", "expire")

# merchant_id NULL: a card of the platform. buyer_id NULL: a card, which belongs to whoever knows its code.
purses = Table(
    "purses", metadata,
    key(),
    ref("merchant_id", nullable=True),
    ref("buyer_id", nullable=True),
    word("kind"),
    word("unit"),
    amount("balance", default=0),
    amount("held", default=0),
    moment("created_at"),
    one_of("kind", PurseKind),
    CheckConstraint("held >= 0 AND held <= balance", name="held_fits"),
    CheckConstraint("(kind = 'card') = (buyer_id IS NULL)", name="has_owner"),
    CheckConstraint("(kind = 'points') = (unit = 'points')", name="unit_fits"),
    UniqueConstraint("buyer_id", "kind", "unit"),
    postgresql_with={"fillfactor": "80"},
)  # fmt: skip

# Append-only: a purse's balance is the sum of its movements.
purse_movements = Table(
    "purse_movements", metadata,
    key(),
    ref("purse_id", ForeignKey("purses.id")),
    ref("merchant_id", nullable=True),
    word("kind"),
    amount("amount"),
    ref("order_id", nullable=True),
    # What made it: the hold that was spent, or whatever a restore answers to.
    ref("cause_id", nullable=True),
    word("reason"),
    # Of a grant, and of what is taken back: where its money comes from.
    word("funding", nullable=True),
    moment("at"),
    one_of("kind", MOVEMENT_KINDS),
    CheckConstraint("amount <> 0", name="moves_something"),
    Index("ix_purse_movements_purse_id", "purse_id", "id"),
    Index("ix_purse_movements_order_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
    Index("uq_purse_movements_cause", "kind", "cause_id", unique=True, postgresql_where=text("cause_id IS NOT NULL")),
)  # fmt: skip

# What is kept of a purse for one order, as one tender or as points off its price.
credit_holds = Table(
    "credit_holds", metadata,
    key(),
    ref("order_id"),
    ref("merchant_id"),
    ref("purse_id", ForeignKey("purses.id")),
    ref("payment_id", nullable=True),
    amount("amount"),
    amount("restored", default=0),
    *state(HOLD),
    version(),
    moment("at"),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("restored >= 0 AND restored <= amount", name="restored_fits"),
    UniqueConstraint("order_id", "payment_id", "purse_id", postgresql_nulls_not_distinct=True),
    Index("ix_credit_holds_payment_id", "payment_id", postgresql_where=text("payment_id IS NOT NULL")),
    Index("ix_credit_holds_purse_id", "purse_id", postgresql_where=text("state = 'held'")),
)  # fmt: skip

# Points by when they end; the first to end are the first to be spent.
purse_lots = Table(
    "purse_lots", metadata,
    key(),
    ref("purse_id", ForeignKey("purses.id")),
    ref("merchant_id"),
    amount("granted"),
    amount("unspent"),
    moment("expires_at", nullable=True),
    CheckConstraint("unspent >= 0 AND unspent <= granted", name="unspent_fits"),
    Index("ix_purse_lots_purse_id", "purse_id", postgresql_where=text("unspent > 0")),
)  # fmt: skip

# Which points a hold took, so that a release gives the same ones back.
hold_lots = Table(
    "hold_lots", metadata,
    ref("hold_id", ForeignKey("credit_holds.id"), primary_key=True),
    ref("lot_id", ForeignKey("purse_lots.id"), primary_key=True),
    ref("merchant_id"),
    amount("amount"),
    CheckConstraint("amount > 0", name="amount_positive"),
    Index("ix_hold_lots_lot_id", "lot_id"),
)  # fmt: skip

cards = Table(
    "cards", metadata,
    ref("purse_id", ForeignKey("purses.id"), primary_key=True, autoincrement=False),
    ref("merchant_id", nullable=True),
    Column("code_hash", LargeBinary, nullable=False),
    word("tail"),
    moment("expires_at", nullable=True),
    moment("blocked_at", nullable=True),
    moment("issued_at"),
    UniqueConstraint("code_hash"),
)  # fmt: skip

# How many wrong codes somebody tried since when; `who` is a buyer's or a key's id with its kind before it.
card_tries = Table(
    "card_tries", metadata,
    word("who", primary_key=True),
    count("wrong"),
    moment("since"),
)  # fmt: skip
