"""Disputes: what the platform is asked to decide, what both sides show, and what it rules."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import wall_in

revision = "0032"
down_revision = "0031"

ISSUES = """
    'visible_fault', 'hidden_fault', 'counterfeit', 'surface_unconfirmed', 'surface_confirmed', 'not_received',
    'merged_parcel', 'gift', 'custom_made', 'inspection', 'other'
"""
STATES = "'showing', 'deciding', 'ruled', 'appealed', 'final', 'executed', 'withdrawn'"
SIDES = "'buyer', 'seller'"


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


def upgrade() -> None:
    """Go forward."""
    _disputes()
    _entries()
    _rulings()
    wall_in("disputes", "dispute_entries", "dispute_rulings")
    op.drop_constraint(op.f("ck_objections_cause_known"), "objections")
    op.create_check_constraint(
        op.f("ck_objections_cause_known"), "objections", "cause IN ('buyer', 'return', 'case', 'dispute')"
    )


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
        _moment("ended_at", nullable=True),
        _id("case_id", nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_disputes_state_known")),
        sa.CheckConstraint("subject IN ('return', 'case')", name=op.f("ck_disputes_subject_known")),
        sa.CheckConstraint(f"issue IN ({ISSUES})", name=op.f("ck_disputes_issue_known")),
        sa.CheckConstraint(f"side IN ({SIDES})", name=op.f("ck_disputes_side_known")),
        sa.CheckConstraint(f"silent IN ({SIDES})", name=op.f("ck_disputes_silent_known")),
        sa.CheckConstraint(f"appealed_side IN ({SIDES})", name=op.f("ck_disputes_appealed_side_known")),
        sa.CheckConstraint("(turn_by IS NOT NULL) = (state = 'showing')", name=op.f("ck_disputes_turn_has_clock")),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (state IN ('executed', 'withdrawn'))", name=op.f("ck_disputes_ended_has_moment")
        ),
        sa.CheckConstraint(
            "(final_at IS NOT NULL) = (state IN ('final', 'executed'))", name=op.f("ck_disputes_final_has_moment")
        ),
        sa.CheckConstraint(
            "state <> 'appealed' OR appealed_side IS NOT NULL", name=op.f("ck_disputes_appealed_by_somebody")
        ),
        sa.CheckConstraint("case_id IS NULL OR state = 'executed'", name=op.f("ck_disputes_carried_out_at_the_end")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index(
        "uq_disputes_subject", "disputes", ["subject_id"], unique=True, postgresql_where=sa.text("state <> 'withdrawn'")
    )
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
