"""Disputes: what the platform is asked to decide, what both sides show, and what it rules."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script, wall_in

revision = "0032"
down_revision = "0031"

ISSUES = """
    'visible_fault', 'hidden_fault', 'counterfeit', 'surface_unconfirmed', 'surface_confirmed', 'not_received',
    'merged_parcel', 'gift', 'custom_made', 'inspection', 'other'
"""
STATES = "'showing', 'deciding', 'ruled', 'appealed', 'final', 'executed', 'withdrawn', 'agreed'"
SIDES = "'buyer', 'seller'"
EXECUTORS = "'seller', 'platform'"
OUTCOMES = "'decided', 'agreed', 'came_to_nothing', 'time_over', 'withdrawn'"


def _id(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _word(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=default)


def _words(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)


OCCASIONS = """
    'received', 'confirmed', 'amended', 'cancelled', 'expired', 'refunded', 'payment_failed', 'review_started', 'delayed',
    'receipt_announced', 'receipt_due_soon', 'deposit_paid', 'balance_opened', 'deposit_ended', 'return_approved',
    'return_due_soon', 'return_place_proposed', 'units_rejected', 'units_offered', 'units_unclaimed', 'case_opened',
    'case_updated', 'case_asked', 'case_offered', 'case_remedied', 'case_closed', 'return_resolved', 'return_refused',
    'return_asked', 'return_offered', 'return_updated', 'contract_withdrawn', 'penalty_paid', 'invoice_issued',
    'dispute_opened', 'dispute_turn', 'dispute_ruled', 'dispute_appealed', 'dispute_final', 'dispute_executed',
    'dispute_stopped', 'dispute_went_on', 'dispute_withdrawn', 'dispute_agreed'
"""

# What was settled before has nothing that was paid for a seller who did not, and what was agreed on nothing disputed.
PAST = """
INSERT INTO reaction_cursors (reaction, position)
SELECT r, COALESCE(max(position), 0) FROM facts, unnest(ARRAY['settlements.recover', 'returns.agree']) r
GROUP BY r ON CONFLICT DO NOTHING;
"""


def upgrade() -> None:
    """Go forward."""
    _disputes()
    _entries()
    _rulings()
    _standstills()
    wall_in("disputes", "dispute_entries", "dispute_rulings", "dispute_standstills")
    op.drop_constraint(op.f("ck_objections_cause_known"), "objections")
    op.create_check_constraint(
        op.f("ck_objections_cause_known"), "objections", "cause IN ('buyer', 'return', 'case', 'dispute')"
    )
    run_script(PAST)
    op.drop_constraint(op.f("ck_confirmations_occasion_known"), "confirmations")
    op.create_check_constraint(op.f("ck_confirmations_occasion_known"), "confirmations", f"occasion IN ({OCCASIONS})")


def _disputes() -> None:
    op.create_table(
        "disputes",
        _key(),
        _id("order_id"),
        _id("merchant_id"),
        _id("buyer_id"),
        _word("subject"),
        _id("subject_id"),
        _word("issue"),
        _word("side"),
        sa.Column("claim", postgresql.JSONB(), nullable=False),
        _word("currency"),
        _word("state", default="showing"),
        _version(),
        sa.Column("turn", sa.SmallInteger(), autoincrement=False, nullable=False),
        _moment("turn_by", nullable=True),
        _word("silent", nullable=True),
        _words("accepted"),
        _word("opened_by_kind"),
        _id("opened_by", nullable=True),
        _moment("opened_at"),
        _moment("rule_by", nullable=True),
        _moment("appeal_by", nullable=True),
        _word("appealed_side", nullable=True),
        _moment("final_at", nullable=True),
        _moment("do_by", nullable=True),
        _word("done_by", nullable=True),
        _moment("still_until", nullable=True),
        _moment("ended_at", nullable=True),
        _id("case_id", nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_disputes_state_known")),
        sa.CheckConstraint("subject IN ('return', 'case', 'order')", name=op.f("ck_disputes_subject_known")),
        sa.CheckConstraint(f"done_by IN ({EXECUTORS})", name=op.f("ck_disputes_done_by_known")),
        sa.CheckConstraint(f"issue IN ({ISSUES})", name=op.f("ck_disputes_issue_known")),
        sa.CheckConstraint(f"side IN ({SIDES})", name=op.f("ck_disputes_side_known")),
        sa.CheckConstraint(f"silent IN ({SIDES})", name=op.f("ck_disputes_silent_known")),
        sa.CheckConstraint(f"appealed_side IN ({SIDES})", name=op.f("ck_disputes_appealed_side_known")),
        sa.CheckConstraint("(turn_by IS NOT NULL) = (state = 'showing')", name=op.f("ck_disputes_turn_has_clock")),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (state IN ('executed', 'withdrawn', 'agreed'))",
            name=op.f("ck_disputes_ended_has_moment"),
        ),
        sa.CheckConstraint(
            "(final_at IS NOT NULL) = (state IN ('final', 'executed'))", name=op.f("ck_disputes_final_has_moment")
        ),
        sa.CheckConstraint("(do_by IS NOT NULL) = (final_at IS NOT NULL)", name=op.f("ck_disputes_final_has_time")),
        sa.CheckConstraint("(done_by IS NOT NULL) = (state = 'executed')", name=op.f("ck_disputes_done_by_somebody")),
        sa.CheckConstraint("still_until IS NULL OR ended_at IS NULL", name=op.f("ck_disputes_stands_still_while_open")),
        sa.CheckConstraint(
            "state <> 'appealed' OR appealed_side IS NOT NULL", name=op.f("ck_disputes_appealed_by_somebody")
        ),
        sa.CheckConstraint("case_id IS NULL OR state = 'executed'", name=op.f("ck_disputes_carried_out_at_the_end")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index(
        "uq_disputes_subject", "disputes", ["subject_id"], unique=True,
        postgresql_where=sa.text("state NOT IN ('withdrawn', 'agreed')"),
    )  # fmt: skip
    op.create_index("ix_disputes_subject_id", "disputes", ["subject_id"])
    op.create_index("ix_disputes_order_id", "disputes", ["order_id"])
    op.create_index("ix_disputes_merchant_id", "disputes", ["merchant_id", "id"])


def _entries() -> None:
    op.create_table(
        "dispute_entries",
        _key(),
        _id("dispute_id"),
        _id("order_id"),
        _id("merchant_id"),
        _id("buyer_id"),
        _word("side"),
        _word("code"),
        sa.Column("turn", sa.SmallInteger(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("evidence", postgresql.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'"), nullable=False),
        _word("said_by_kind"),
        _id("said_by", nullable=True),
        _moment("at"),
        sa.CheckConstraint(f"side IN ({SIDES})", name=op.f("ck_dispute_entries_side_known")),
        sa.CheckConstraint(
            "code IN ('opened', 'shown', 'silent', 'appealed')", name=op.f("ck_dispute_entries_code_known")
        ),
        sa.CheckConstraint(
            "code = 'opened' OR (turn IS NULL) = (code = 'appealed')",
            name=op.f("ck_dispute_entries_appeal_has_no_turn"),
        ),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_entries_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_entries")),
    )
    op.create_index("ix_dispute_entries_dispute_id", "dispute_entries", ["dispute_id", "id"])
    op.create_index("ix_dispute_entries_order_id", "dispute_entries", ["order_id"])


def _rulings() -> None:
    op.create_table(
        "dispute_rulings",
        _key(),
        _id("dispute_id"),
        _id("order_id"),
        _id("merchant_id"),
        _id("buyer_id"),
        _word("instance"),
        _word("state", default="proposed"),
        _version(),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        _word("fault"),
        _word("freight"),
        _word("executor"),
        _words("rules"),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        _id("worth"),
        _id("alone_up_to"),
        _word("ruled_by_kind"),
        _id("ruled_by", nullable=True),
        _moment("ruled_at"),
        _word("signed_by_kind", nullable=True),
        _id("signed_by", nullable=True),
        _moment("signed_at", nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'given', 'refused')", name=op.f("ck_dispute_rulings_state_known")),
        sa.CheckConstraint("instance IN ('first', 'appeal')", name=op.f("ck_dispute_rulings_instance_known")),
        sa.CheckConstraint(
            "fault IN ('buyer', 'seller', 'carrier', 'platform', 'nobody')", name=op.f("ck_dispute_rulings_fault_known")
        ),
        sa.CheckConstraint(f"freight IN ({SIDES})", name=op.f("ck_dispute_rulings_freight_known")),
        sa.CheckConstraint(f"executor IN ({EXECUTORS})", name=op.f("ck_dispute_rulings_executor_known")),
        sa.CheckConstraint("cardinality(rules) > 0", name=op.f("ck_dispute_rulings_rests_on_rules")),
        sa.CheckConstraint("worth >= 0", name=op.f("ck_dispute_rulings_worth_counted")),
        sa.CheckConstraint(
            "state <> 'given' OR worth <= alone_up_to OR signed_at IS NOT NULL",
            name=op.f("ck_dispute_rulings_big_has_two"),
        ),
        sa.CheckConstraint(
            "(signed_by_kind, signed_by) IS DISTINCT FROM (ruled_by_kind, ruled_by)",
            name=op.f("ck_dispute_rulings_second_is_another"),
        ),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_rulings_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_rulings")),
    )
    op.create_index(
        "uq_dispute_rulings_standing", "dispute_rulings", ["dispute_id", "instance"], unique=True,
        postgresql_where=sa.text("state <> 'refused'"),
    )  # fmt: skip
    op.create_index("ix_dispute_rulings_order_id", "dispute_rulings", ["order_id"])


def _standstills() -> None:
    op.create_table(
        "dispute_standstills",
        _key(),
        _id("dispute_id"),
        _id("order_id"),
        _id("merchant_id"),
        _word("reason"),
        _word("number", nullable=True),
        _moment("until"),
        sa.Column("evidence", postgresql.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'"), nullable=False),
        _word("shown_side", nullable=True),
        _moment("shown_at", nullable=True),
        _word("began_by_kind"),
        _id("began_by", nullable=True),
        _moment("began_at"),
        _word("outcome", nullable=True),
        _word("ended_by_kind", nullable=True),
        _id("ended_by", nullable=True),
        _moment("ended_at", nullable=True),
        sa.CheckConstraint(
            "reason IN ('police', 'court', 'agreement')", name=op.f("ck_dispute_standstills_reason_known")
        ),
        sa.CheckConstraint(f"shown_side IN ({SIDES})", name=op.f("ck_dispute_standstills_shown_side_known")),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name=op.f("ck_dispute_standstills_outcome_known")),
        sa.CheckConstraint(
            "(shown_at IS NOT NULL) = (shown_side IS NOT NULL)", name=op.f("ck_dispute_standstills_shown_by_somebody")
        ),
        sa.CheckConstraint(
            "(shown_at IS NOT NULL) = (cardinality(evidence) > 0)",
            name=op.f("ck_dispute_standstills_shown_by_something"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (outcome IS NOT NULL)", name=op.f("ck_dispute_standstills_ended_has_outcome")
        ),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_standstills_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_standstills")),
    )
    op.create_index(
        "uq_dispute_standstills_open", "dispute_standstills", ["dispute_id"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_dispute_standstills_dispute_id", "dispute_standstills", ["dispute_id", "id"])
    op.create_index("ix_dispute_standstills_order_id", "dispute_standstills", ["order_id"])
