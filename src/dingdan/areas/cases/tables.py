"""Kinds of trouble, cases with their owners and logs, remedies with their budgets, and claims on carriers."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint, text

from dingdan.areas.cases.lifecycle import CASE, CLAIM, REMEDY
from dingdan.areas.cases.model import Liable, RemedyKind
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
    words,
)

# Cases that somebody owns; in these words the indexes know themselves.
UNENDED = "state IN ('open', 'investigating', 'remedied')"

# merchant_id NULL: a kind of the platform. Without an owner or a playbook nobody would look after a case.
case_kinds = Table(
    "case_kinds", metadata,
    key(),
    ref("merchant_id", nullable=True),
    word("code"),
    count("number"),
    Column("is_active", Boolean, nullable=False),
    document("document"),
    moment("created_at"),
    UniqueConstraint("merchant_id", "code", "number", postgresql_nulls_not_distinct=True),
    CheckConstraint("NOT is_active OR COALESCE(document ->> 'owner', '') <> '' "
                    "AND jsonb_array_length(document -> 'playbook') > 0", name="active_is_owned"),
)  # fmt: skip

# The newest version holds; without one what the program ships with.
case_terms = Table(
    "case_terms", metadata,
    small("number", primary_key=True),
    document("document"),
    moment("at"),
)  # fmt: skip

# Which kinds somebody looks after; who is not named here takes all of their role.
case_skills = Table(
    "case_skills", metadata,
    ref("staff_id", primary_key=True),
    ref("merchant_id", nullable=True),
    words("kinds"),
    moment("at"),
)  # fmt: skip

cases = Table(
    "cases", metadata,
    key(),
    ref("merchant_id"),
    ref("order_id", nullable=True),
    ref("buyer_id", nullable=True),
    # The version of the kind that it was opened under; NULL where that shipped with the program.
    ref("case_kind_id", nullable=True),
    word("kind"),
    word("subject"),
    ref("subject_id"),
    *state(CASE),
    version(),
    word("source"),
    small("level", default=0),
    word("whose_turn", server_default=text("'us'")),
    count("repeats", default=0),
    word("liable", nullable=True),
    moment("opened_at"),
    moment("contact_by", nullable=True),
    moment("contacted_at", nullable=True),
    moment("plan_by", nullable=True),
    moment("planned_at", nullable=True),
    word("plan", nullable=True),
    moment("resolve_by", nullable=True),
    moment("next_update_at"),
    moment("answer_by", nullable=True),
    # What comes first of all that may run out; the board is ordered by it.
    moment("due_at"),
    moment("ended_at", nullable=True),
    word("closure", nullable=True),
    count("rating", nullable=True),
    Column("feedback_sealed", LargeBinary),
    one_of("source", ("fact", "buyer", "staff")),
    CheckConstraint("whose_turn IN ('us', 'buyer', 'carrier')", name="turn_is_somebodys"),
    one_of("liable", Liable),
    CheckConstraint("(ended_at IS NOT NULL) = (state IN ('closed', 'withdrawn'))", name="ended_has_moment"),
    CheckConstraint("(closure IS NOT NULL) = (state = 'closed')", name="closed_has_code"),
    CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5 AND state = 'closed'", name="rated_when_closed"),
    # One open case of a kind about one thing: what is told again is added to it.
    Index("uq_cases_open", "subject_id", "kind", unique=True, postgresql_where=text(UNENDED)),
    Index("ix_cases_order_id", "order_id", "id"),
    Index("ix_cases_due", "due_at", "id", postgresql_where=text(UNENDED)),
    Index("ix_cases_merchant_due", "merchant_id", "due_at", "id", postgresql_where=text(UNENDED)),
    postgresql_with={"fillfactor": "80"},
)  # fmt: skip

case_owners = Table(
    "case_owners", metadata,
    ref("case_id", ForeignKey("cases.id"), primary_key=True),
    small("n", primary_key=True),
    ref("merchant_id"),
    word("role"),
    ref("staff_id", nullable=True),
    moment("since"),
    moment("until", nullable=True),
    word("reason"),
    # Exactly one person or role answers for a case at any time.
    Index("uq_case_owners_now", "case_id", unique=True, postgresql_where=text("until IS NULL")),
    Index("ix_case_owners_load", "staff_id", postgresql_where=text("until IS NULL")),
)  # fmt: skip

# What happened with a case, never changed.
case_entries = Table(
    "case_entries", metadata,
    key(),
    ref("case_id", ForeignKey("cases.id")),
    ref("merchant_id"),
    word("kind"),
    word("actor_kind"),
    ref("actor_id", nullable=True),
    document("data"),
    # In the buyer's seal: people are named by whoever writes.
    Column("sealed", LargeBinary),
    words("photos"),
    moment("at"),
    Index("ix_case_entries_case_id", "case_id", "id"),
)  # fmt: skip

# What may be given for an order beyond what was paid for it, and what of it was: PostgreSQL itself says no to more.
case_budgets = Table(
    "case_budgets", metadata,
    ref("order_id", primary_key=True),
    ref("merchant_id"),
    word("currency"),
    amount("budget"),
    amount("granted", default=0),
    CheckConstraint("granted >= 0 AND granted <= budget", name="granted_fits"),
)  # fmt: skip

remedies = Table(
    "remedies", metadata,
    key(),
    ref("case_id", ForeignKey("cases.id")),
    ref("order_id"),
    ref("merchant_id"),
    word("kind"),
    *state(REMEDY),
    version(),
    word("currency"),
    amount("amount"),
    amount("budgeted", default=0),
    document("terms"),
    Column("needs_consent", Boolean, nullable=False),
    moment("consented_at", nullable=True),
    # Up to how much whoever proposed it could grant it alone.
    amount("alone_up_to"),
    word("proposed_by_kind"),
    ref("proposed_by", nullable=True),
    moment("proposed_at"),
    word("approved_by_kind", nullable=True),
    ref("approved_by", nullable=True),
    moment("approved_at", nullable=True),
    moment("executed_at", nullable=True),
    ref("refund_id", nullable=True),
    ref("purse_id", nullable=True),
    ref("grant_id", nullable=True),
    ref("return_id", nullable=True),
    # The order that was sent instead.
    ref("replaced_by", nullable=True),
    word("receipt", nullable=True),
    one_of("kind", RemedyKind),
    CheckConstraint("amount >= 0 AND budgeted >= 0 AND budgeted <= amount", name="amounts_fit"),
    CheckConstraint("(executed_at IS NOT NULL) = (state = 'executed')", name="executed_has_moment"),
    CheckConstraint("state <> 'executed' OR NOT needs_consent OR consented_at IS NOT NULL", name="consented"),
    CheckConstraint("amount <= alone_up_to OR approved_by_kind IS NULL OR (approved_by_kind, approved_by) "
                    "IS DISTINCT FROM (proposed_by_kind, proposed_by)", name="four_eyes"),
    Index("ix_remedies_case_id", "case_id", "id"),
    Index("ix_remedies_order_id", "order_id", "id"),
    # What a law gives beyond the price is given once.
    Index("uq_remedies_right", "order_id", text("(terms ->> 'right')"), unique=True,
          postgresql_where=text("terms ? 'right' AND state IN ('proposed', 'approved', 'executed')")),
)  # fmt: skip

# Orders that were sent instead of units of others, line by line.
replacements = Table(
    "replacements", metadata,
    ref("sent", primary_key=True),
    small("line_no", primary_key=True),
    ref("merchant_id"),
    ref("remedy_id", ForeignKey("remedies.id")),
    # Of which order, and of which line of it.
    ref("replaces"),
    small("replaces_line"),
    count("quantity"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    Index("ix_replacements_replaces", "replaces", "replaces_line"),
)  # fmt: skip

claims = Table(
    "claims", metadata,
    key(),
    ref("case_id", ForeignKey("cases.id")),
    # A carrier pays for a parcel once: for one that left, or for one that came back with our label.
    ref("parcel_id", nullable=True, unique=True),
    ref("return_parcel_id", nullable=True, unique=True),
    ref("order_id"),
    ref("merchant_id"),
    word("carrier"),
    *state(CLAIM),
    version(),
    word("currency"),
    amount("value"),
    amount("insured", nullable=True),
    words("evidence"),
    moment("drafted_at"),
    moment("file_by"),
    moment("filed_at", nullable=True),
    word("carrier_ref", nullable=True),
    moment("answer_by", nullable=True),
    count("chased", default=0),
    moment("answered_at", nullable=True),
    word("answer", nullable=True),
    amount("accepted", default=0),
    amount("recovered", default=0),
    moment("ended_at", nullable=True),
    one_of("answer", ("accepted", "part", "refused")),
    CheckConstraint("(parcel_id IS NULL) <> (return_parcel_id IS NULL)", name="of_one_parcel"),
    CheckConstraint("value > 0 AND accepted >= 0 AND accepted <= value AND recovered >= 0 AND recovered <= accepted",
                    name="amounts_fit"),
    Index("ix_claims_case_id", "case_id"),
    Index("ix_claims_merchant_id", "merchant_id", "id"),
)  # fmt: skip
