"""Money that somebody let go of waits a moment in a state of its own, in which it can be taken back."""

from alembic import op

revision = "0048"
down_revision = "0047"

STATES = "'requested', 'held', 'approved', 'sending', 'unknown', 'settled', 'failed', 'offline', 'refused'"


def upgrade() -> None:
    """Go forward. Nothing waits at first."""
    op.drop_constraint(op.f("ck_refunds_state_known"), "refunds")
    op.create_check_constraint(op.f("ck_refunds_state_known"), "refunds", f"state IN ({STATES})")
