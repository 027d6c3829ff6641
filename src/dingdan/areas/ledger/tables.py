"""Where every fen went: accounts, postings, entries. Entries are never changed."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, UniqueConstraint, text

from dingdan.plumbing.schema import amount, key, metadata, moment, ref, small, word

# merchant_id NULL: the platform's own books.
accounts = Table(
    "accounts", metadata,
    key(),
    ref("merchant_id", nullable=True),
    word("code"),
    word("currency"),
    UniqueConstraint("merchant_id", "code", "currency", postgresql_nulls_not_distinct=True),
)  # fmt: skip

postings = Table(
    "postings", metadata,
    key(),
    ref("merchant_id", nullable=True),
    word("source"),
    ref("source_id"),
    ref("order_id", nullable=True),
    word("currency"),
    moment("at"),
    # The transaction that wrote it: entries must be written by the same one (xmin would lie under savepoints).
    Column("made_in", BigInteger, nullable=False, server_default=text("(pg_current_xact_id()::text)::bigint")),
    UniqueConstraint("source", "source_id"),
    Index("ix_postings_order_id", "order_id"),
)  # fmt: skip

# Debits are positive, credits negative; a trigger at commit demands that each posting sums to zero.
entries = Table(
    "entries", metadata,
    ref("posting_id", primary_key=True),
    small("n", primary_key=True),
    ref("account_id", ForeignKey("accounts.id")),
    ref("merchant_id", nullable=True),
    word("currency"),
    amount("amount"),
    Index("ix_entries_account_id", "account_id"),
)  # fmt: skip
