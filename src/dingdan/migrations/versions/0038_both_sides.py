"""Whoever did not appeal answers in a time of their own, sellers are told of disputes, and what people import is counted."""

from alembic import op

revision = "0038"
down_revision = "0036"

STATES = "'showing', 'deciding', 'ruled', 'answering', 'appealed', 'final', 'executed', 'withdrawn', 'agreed'"


def upgrade() -> None:
    """Go forward. What was appealed before waits for its arbitrator, as it was told."""
    _check("disputes", "state_known", f"state IN ({STATES})")
    _check("disputes", "turn_has_clock", "(turn_by IS NOT NULL) = (state IN ('showing', 'answering'))")
    _check("disputes", "appealed_by_somebody", "state NOT IN ('answering', 'appealed') OR appealed_side IS NOT NULL")


def _check(table: str, name: str, condition: str) -> None:
    full = op.f(f"ck_{table}_{name}")
    op.drop_constraint(full, table)
    op.create_check_constraint(full, table, condition)
