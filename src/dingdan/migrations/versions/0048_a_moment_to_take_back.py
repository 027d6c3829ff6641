"""What leaves the house waits a moment, in which it can be taken back: money in a state of its own, words unread."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"

STATES = "'requested', 'held', 'approved', 'sending', 'unknown', 'settled', 'failed', 'offline', 'refused'"


def upgrade() -> None:
    """Go forward. Nothing waits at first."""
    op.drop_constraint(op.f("ck_refunds_state_known"), "refunds")
    op.create_check_constraint(op.f("ck_refunds_state_known"), "refunds", f"state IN ({STATES})")
    for table, name, condition in (
        ("return_remarks", "only_ours_wait", "held_until IS NULL OR side = 'seller'"),
        ("order_notes", "only_shown_wait", "held_until IS NULL OR is_shown"),
    ):
        op.add_column(table, sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
