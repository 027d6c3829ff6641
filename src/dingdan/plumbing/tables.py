"""The pipes' own tables: keys, facts and what attests them, cursors, deadlines with their calendars, and the sandbox's clock."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Interval,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)

from dingdan.plumbing.schema import count, document, key, metadata, moment, ref, small, word, words

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
    # By the database, so that nobody has to ask it for the time first.
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    document("data"),
    Index("uq_facts_position", "position", unique=True),
    Index("ix_facts_waiting", "id", postgresql_where=text("position IS NULL")),
    Index("ix_facts_order_id", "order_id", "id", postgresql_where=text("order_id IS NOT NULL")),
    Index("ix_facts_subject_id", "subject_id", "id"),
    Index("ix_facts_at", "at", postgresql_using="brin", postgresql_with={"pages_per_range": 32}),
)  # fmt: skip

# The chain over the facts, see attesting.py. Never changed.
attestations = Table(
    "attestations", metadata,
    key("number"),
    Column("after", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    count("facts"),
    Column("marks", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    moment("at"),
    CheckConstraint("last > after", name="covers_something"),
    Index("uq_attestations_after", "after", unique=True),
    Index("uq_attestations_last", "last", unique=True),
)  # fmt: skip

# One row: how far the chain was read and found whole, from where it is being read again, and what is broken.
attestation_watch = Table(
    "attestation_watch", metadata,
    small("id", primary_key=True),
    Column("verified", BigInteger, nullable=False),
    Column("verified_to", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("again", BigInteger, nullable=False),
    moment("whole_at", nullable=True),
    Column("broken_at", BigInteger),
    moment("broken_since", nullable=True),
    CheckConstraint("id = 1", name="one_row"),
    CheckConstraint("(broken_at IS NULL) = (broken_since IS NULL)", name="broken_is_whole"),
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

# `next_at` is when a deadline is to be looked at next: a warning, the moment itself, a step after it, or a new try. So a
# sweep finds what there is to do by one index, however many wait. It is NULL while a clock stands still.
deadlines = Table(
    "deadlines", metadata,
    word("kind"),
    ref("subject_id"),
    ref("merchant_id", nullable=True),
    ref("order_id", nullable=True),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    moment("due_at"),
    small("step", default=0),
    moment("next_at", nullable=True),
    moment("paused_at", nullable=True),
    Column("left_when_paused", Interval),
    word("waiting_for", nullable=True),
    word("error", nullable=True),
    small("attempts", default=0),
    PrimaryKeyConstraint("subject_id", "kind"),
    CheckConstraint("(paused_at IS NULL) = (left_when_paused IS NULL)", name="pause_is_whole"),
    CheckConstraint("paused_at IS NULL OR next_at IS NULL", name="pause_stops"),
    Index("ix_deadlines_next", "kind", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    Index("ix_deadlines_due", "kind", "due_at", "subject_id"),
    Index("ix_deadlines_merchant", "merchant_id", "due_at", "kind", "subject_id"),
)  # fmt: skip

deadline_pauses = Table(
    "deadline_pauses", metadata,
    word("kind"),
    ref("subject_id"),
    ref("merchant_id", nullable=True),
    moment("paused_at"),
    word("waiting_for"),
    Column("left_when_paused", Interval, nullable=False),
    moment("ended_at", nullable=True),
    PrimaryKeyConstraint("subject_id", "kind", "paused_at"),
    Index("uq_deadline_pauses_open", "subject_id", "kind", unique=True, postgresql_where=text("ended_at IS NULL")),
)  # fmt: skip

# A version is never changed; the one that holds is the latest. Without a merchant it is the platform's.
calendars = Table(
    "calendars", metadata,
    key(),
    ref("merchant_id", nullable=True),
    count("version"),
    document("terms"),
    word("actor_kind"),
    ref("actor_id", nullable=True),
    moment("at"),
    UniqueConstraint("merchant_id", "version", postgresql_nulls_not_distinct=True),
)  # fmt: skip

# What each key asked for, without what it said; written behind the answers, and left out where too many come at once.
request_log = Table(
    "request_log", metadata,
    key(),
    ref("key_id"),
    ref("merchant_id", nullable=True),
    moment("at"),
    word("method"),
    word("route"),
    count("status"),
    count("took_ms"),
    word("request_id"),
    words("codes"),
    Index("ix_request_log_key_id", "key_id", "id"),
    Index("ix_request_log_at", "at"),
    Index("ix_request_log_request_id", "request_id"),
)  # fmt: skip

sandbox_clock = Table(
    "sandbox_clock", metadata,
    small("id", primary_key=True, default=1),
    Column("ahead", Interval, nullable=False),
)  # fmt: skip

# How many wrong tries somebody made about what can be guessed, since when; `who` begins with its kind.
wrong_tries = Table(
    "wrong_tries", metadata,
    word("about", primary_key=True),
    word("who", primary_key=True),
    count("wrong"),
    moment("since"),
    Index("ix_wrong_tries_since", "since"),
)  # fmt: skip
