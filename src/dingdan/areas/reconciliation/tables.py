"""What providers say they moved, line by line, and where our books say something else."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint, text

from dingdan.areas.reconciliation.model import DifferenceKind, LineKind
from dingdan.plumbing.schema import amount, count, key, metadata, moment, one_of, ref, word

# A file is known by its content: the same one again is the same statement.
statements = Table(
    "statements", metadata,
    key(),
    word("provider"),
    Column("content_hash", LargeBinary, nullable=False),
    moment("covers_from", nullable=True),
    moment("covers_until", nullable=True),
    count("lines", default=0),
    count("unreadable", default=0),
    moment("taken_at"),
    # Set when every line was compared, and what is missing from the file was looked for.
    moment("compared_at", nullable=True),
    UniqueConstraint("provider", "content_hash"),
)  # fmt: skip

statement_lines = Table(
    "statement_lines", metadata,
    ref("statement_id", ForeignKey("statements.id"), primary_key=True),
    count("line", primary_key=True),
    word("provider"),
    word("kind"),
    word("provider_ref"),
    ref("number", nullable=True),
    word("state"),
    word("currency"),
    amount("amount"),
    moment("at"),
    one_of("kind", LineKind),
    Index("ix_statement_lines_provider_ref", "provider", "provider_ref"),
)  # fmt: skip

differences = Table(
    "differences", metadata,
    key(),
    ref("statement_id", ForeignKey("statements.id")),
    ref("merchant_id", nullable=True),
    word("kind"),
    word("line_kind"),
    word("provider_ref"),
    ref("payment_id", nullable=True),
    ref("send_back_id", nullable=True),
    count("line", nullable=True),
    amount("ours", nullable=True),
    amount("theirs", nullable=True),
    word("our_currency", nullable=True),
    word("their_currency", nullable=True),
    word("our_state", nullable=True),
    word("their_state", nullable=True),
    moment("found_at"),
    moment("resolved_at", nullable=True),
    word("resolution", nullable=True),
    word("resolved_by_kind", nullable=True),
    ref("resolved_by", nullable=True),
    one_of("kind", DifferenceKind),
    UniqueConstraint("statement_id", "kind", "line_kind", "provider_ref", "line", postgresql_nulls_not_distinct=True),
    Index("ix_differences_open", "id", postgresql_where=text("resolved_at IS NULL")),
)  # fmt: skip
