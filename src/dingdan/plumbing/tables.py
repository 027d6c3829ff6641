"""The pipes' own tables: keys, facts, cursors, deadlines and the sandbox's clock."""

from sqlalchemy import BigInteger, Column, Index, Interval, LargeBinary, Table, text

from dingdan.plumbing.schema import count, document, key, metadata, moment, ref, small, word

idempotency_keys = Table(
    "idempotency_keys", metadata,
    ref("principal", primary_key=True),
    word("key", primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    count("status", nullable=True),
    Column("answer", LargeBinary),
    ref("subject_id", nullable=True),
    moment("at"),
    Index("ix_idempotency_keys_at", "at"),
)  # fmt: skip

facts = Table(
    "facts", metadata,
    key(),
    Column("position", BigInteger),
    word("wire"),
    word("subject"),
    ref("subject_id"),
    ref("order_id", nullable=True),
    ref("merchant_id", nullable=True),
    word("machine", nullable=True),
    word("was", nullable=True),
    word("now", nullable=True),
    count("version", nullable=True),
    word("rule"),
    word("actor_kind"),
    ref("actor_id", nullable=True),
    word("correlation"),
    moment("at"),
    moment("recorded_at"),
    document("data"),
    Index("uq_facts_position", "position", unique=True),
    Index("ix_facts_waiting", "id", postgresql_where=text("position IS NULL")),
    Index("ix_facts_order_id", "order_id", "id", postgresql_where=text("order_id IS NOT NULL")),
    Index("ix_facts_subject_id", "subject_id", "id"),
)  # fmt: skip

reaction_cursors = Table(
    "reaction_cursors", metadata,
    word("reaction", primary_key=True),
    Column("position", BigInteger, nullable=False),
)  # fmt: skip

reaction_parked = Table(
    "reaction_parked", metadata,
    word("reaction", primary_key=True),
    ref("fact_id", primary_key=True),
    Column("position", BigInteger, nullable=False),
    ref("subject_id"),
    ref("order_id", nullable=True),
    word("error"),
    small("attempts", default=1),
    moment("retry_at"),
)  # fmt: skip

deadlines = Table(
    "deadlines", metadata,
    word("kind", primary_key=True),
    key("subject_id"),
    ref("merchant_id", nullable=True),
    moment("due_at"),
    Column("left_when_paused", Interval),
    word("error", nullable=True),
    small("attempts", default=0),
    Index("ix_deadlines_due", "kind", "due_at", postgresql_where=text("left_when_paused IS NULL")),
    Index("ix_deadlines_subject_id", "subject_id"),
)  # fmt: skip

sandbox_clock = Table(
    "sandbox_clock", metadata,
    small("id", primary_key=True, default=1),
    Column("ahead", Interval, nullable=False),
)  # fmt: skip
