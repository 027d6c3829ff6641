"""Rules of second looks, each version for ever, and the looks themselves."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, LargeBinary, Table, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from dingdan.areas.review.lifecycle import REVIEW
from dingdan.plumbing.schema import (
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
    words,
)

OWNERS = ("reviewer", "risk", "lead")

# merchant_id NULL: a rule of the platform, for every merchant.
review_rules = Table(
    "review_rules", metadata,
    key(),
    ref("merchant_id", nullable=True),
    word("code"),
    count("number"),
    Column("is_active", Boolean, nullable=False),
    moment("effective_from"),
    document("document"),
    moment("created_at"),
    UniqueConstraint("merchant_id", "code", "number", postgresql_nulls_not_distinct=True),
)  # fmt: skip

# What merchants switched on or off of the platform's rules.
review_switches = Table(
    "review_switches", metadata,
    ref("merchant_id", primary_key=True),
    word("code", primary_key=True),
    Column("is_active", Boolean, nullable=False),
    moment("at"),
)  # fmt: skip

# The newest version holds; without one what the program ships with.
review_terms = Table(
    "review_terms", metadata,
    small("number", primary_key=True),
    document("document"),
    moment("at"),
)  # fmt: skip

reviews = Table(
    "reviews", metadata,
    key(),
    ref("order_id", unique=True),
    ref("merchant_id"),
    ref("buyer_id"),
    *state(REVIEW),
    version(),
    word("owner"),
    word("on_timeout"),
    document("reasons"),
    document("checklist"),
    Column("answers", JSONB, nullable=False, server_default=text("'{}'")),
    moment("opened_at"),
    moment("due_at"),
    moment("decide_by"),
    word("claimed_by_kind", nullable=True),
    ref("claimed_by", nullable=True),
    moment("claimed_at", nullable=True),
    moment("asked_at", nullable=True),
    moment("answer_by", nullable=True),
    moment("answered_at", nullable=True),
    words("questions"),
    # Both in the buyer's seal: people are named in questions as well as in answers.
    Column("question_sealed", LargeBinary),
    Column("answer_sealed", LargeBinary),
    moment("escalated_at", nullable=True),
    moment("blocked_at", nullable=True),
    word("signed_by_kind", nullable=True),
    ref("signed_by", nullable=True),
    Column("signed_is_own", Boolean, nullable=False, server_default=text("false")),
    words("second_reasons"),
    word("force_reason", nullable=True),
    word("decided_by_kind", nullable=True),
    ref("decided_by", nullable=True),
    moment("decided_at", nullable=True),
    word("reject_reason", nullable=True),
    one_of("owner", OWNERS),
    one_of("on_timeout", ("approve", "cancel")),
    CheckConstraint("due_at <= decide_by", name="due_before_end"),
    CheckConstraint("signed_by IS NULL OR signed_by IS DISTINCT FROM decided_by", name="four_eyes"),
    CheckConstraint("force_reason IS NULL OR signed_by IS NOT NULL", name="force_was_asked"),
    # The queue of everybody and of one merchant, by what is due first.
    Index("ix_reviews_due", "due_at", "id", postgresql_where=text(
        "state IN ('open', 'claimed', 'asked', 'signed', 'escalated')")),
    Index("ix_reviews_merchant_due", "merchant_id", "due_at", "id", postgresql_where=text(
        "state IN ('open', 'claimed', 'asked', 'signed', 'escalated')")),
    postgresql_with={"fillfactor": "80"},
)  # fmt: skip
