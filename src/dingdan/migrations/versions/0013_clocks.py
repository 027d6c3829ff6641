"""Clocks: ladders of steps, a record of pauses, calendars of working time, and deadlines moved many at once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script, wall_in

revision = "0013"
down_revision = "0012"

# What ran before goes on: its next step is its moment, and where it failed, the next try. Failures used to move the
# moment itself; orders and returns still know when theirs was.
CARRY_OVER = """
UPDATE deadlines SET started_at = least(dingdan_now(), due_at),
    next_at = CASE WHEN left_when_paused IS NULL THEN due_at END,
    paused_at = CASE WHEN left_when_paused IS NOT NULL THEN dingdan_now() END,
    waiting_for = CASE WHEN left_when_paused IS NULL THEN NULL WHEN kind LIKE 'review.%' THEN 'buyer' ELSE 'return' END,
    step = CASE WHEN kind = 'return.review' THEN 2 ELSE 0 END,
    order_id = CASE WHEN kind LIKE 'order.%' THEN subject_id
        WHEN kind LIKE 'return.%' THEN (SELECT r.order_id FROM returns r WHERE r.id = subject_id)
        WHEN kind LIKE 'review.%' THEN (SELECT r.order_id FROM reviews r WHERE r.id = subject_id) END;
UPDATE deadlines d SET due_at = o.pay_by FROM orders o
WHERE d.kind = 'order.pay_by' AND o.id = d.subject_id AND d.due_at <> o.pay_by;
UPDATE deadlines d SET due_at = r.send_by FROM returns r
WHERE d.kind = 'return.send_by' AND r.id = d.subject_id AND d.paused_at IS NULL AND d.due_at <> r.send_by;
INSERT INTO deadlines (kind, subject_id, merchant_id, order_id, started_at, due_at, step, next_at)
SELECT 'return.refund_by', id, merchant_id, order_id, received_at, by, 2, by FROM (
    SELECT r.*, ((r.received_at AT TIME ZONE m.zone)::date + (p.document -> 'refund' ->> 'days')::int + 1)::timestamp
        AT TIME ZONE m.zone AS by
    FROM returns r JOIN merchants m ON m.id = r.merchant_id JOIN policies p ON p.id = r.policy_id
    WHERE r.journey = 'received' AND r.outcome IN ('open', 'passed', 'partly')) AS owed;
INSERT INTO deadline_pauses (kind, subject_id, merchant_id, paused_at, waiting_for, left_when_paused)
SELECT kind, subject_id, merchant_id, paused_at, waiting_for, left_when_paused FROM deadlines WHERE paused_at IS NOT NULL;
"""

HISTORY = """
CREATE TRIGGER calendars_are_history BEFORE UPDATE OR DELETE ON calendars
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER extended_deadlines_are_history BEFORE UPDATE OR DELETE ON extended_deadlines
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE POLICY shared_calendars ON calendars FOR SELECT TO dingdan_read USING (merchant_id IS NULL);
"""


def upgrade() -> None:
    """Go forward; running deadlines keep their moments."""
    op.create_table(
        "deadline_pauses",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_for", sa.Text(), nullable=False),
        sa.Column("left_when_paused", sa.Interval(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject_id", "kind", "paused_at", name=op.f("pk_deadline_pauses")),
    )
    op.create_index(
        "uq_deadline_pauses_open",
        "deadline_pauses",
        ["subject_id", "kind"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "calendars",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
        sa.UniqueConstraint(
            "merchant_id", "version", name=op.f("uq_calendars_merchant_id_version"), postgresql_nulls_not_distinct=True
        ),
    )
    _deadlines()
    _extensions()
    wall_in("deadline_pauses", "calendars", "extensions", "extended_deadlines")
    run_script(HISTORY)


def _deadlines() -> None:
    op.add_column("deadlines", sa.Column("order_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "deadlines",
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.add_column("deadlines", sa.Column("step", sa.SmallInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("deadlines", sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deadlines", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deadlines", sa.Column("waiting_for", sa.Text(), nullable=True))
    run_script(CARRY_OVER)
    op.drop_index("ix_deadlines_due", "deadlines")
    op.drop_index("ix_deadlines_subject_id", "deadlines")
    op.drop_constraint(op.f("pk_deadlines"), "deadlines")
    op.create_primary_key(op.f("pk_deadlines"), "deadlines", ["subject_id", "kind"])
    op.create_check_constraint(
        op.f("ck_deadlines_pause_is_whole"), "deadlines", "(paused_at IS NULL) = (left_when_paused IS NULL)"
    )
    op.create_check_constraint(op.f("ck_deadlines_pause_stops"), "deadlines", "paused_at IS NULL OR next_at IS NULL")
    op.create_index(
        "ix_deadlines_next", "deadlines", ["kind", "next_at"], postgresql_where=sa.text("next_at IS NOT NULL")
    )
    op.create_index("ix_deadlines_due", "deadlines", ["kind", "due_at", "subject_id"])
    op.create_index("ix_deadlines_merchant", "deadlines", ["merchant_id", "due_at", "kind", "subject_id"])


def _extensions() -> None:
    op.create_table(
        "extensions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("due_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_span", sa.Interval(), nullable=True),
        sa.Column("to_moment", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expected", postgresql.JSONB(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at_kind", sa.SmallInteger(), server_default=sa.text("0"), autoincrement=False, nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(by_span IS NULL) <> (to_moment IS NULL)", name=op.f("ck_extensions_one_way")),
        sa.CheckConstraint("due_from < due_before", name=op.f("ck_extensions_period_fits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index("ix_extensions_open", "extensions", ["id"], postgresql_where=sa.text("finished_at IS NULL"))
    op.create_index("ix_extensions_merchant_id", "extensions", ["merchant_id", "id"])
    op.create_table(
        "extended_deadlines",
        sa.Column("extension_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("was_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("now_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("now_at > was_at", name=op.f("ck_extended_deadlines_moved_later")),
        sa.ForeignKeyConstraint(["extension_id"], ["extensions.id"], name=op.f("fk_extended_deadlines_extension_id")),
        sa.PrimaryKeyConstraint("extension_id", "kind", "subject_id", name=op.f("pk_extended_deadlines")),
    )
