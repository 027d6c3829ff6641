"""Reminders of receipt are steps of its clock and no clocks of their own, so that they move with it."""

from dingdan.migrations.scripting import run_script

revision = "0021"
down_revision = "0020"

# Which reminders were still to come says which step is next; a clock that stands still had called them off, and gives
# those that still lie ahead once it runs.
LADDER = """
UPDATE deadlines d SET step = told.step,
    next_at = CASE WHEN d.paused_at IS NULL
        THEN d.due_at - (ARRAY[interval '72 hours', interval '24 hours', '0'])[told.step + 1] END
FROM (
    SELECT r.subject_id, CASE
        WHEN r.paused_at IS NOT NULL OR bool_or(o.kind = 'order.announce_receipt') THEN 0
        WHEN bool_or(o.kind = 'order.remind_of_receipt') THEN 1 ELSE 2 END AS step
    FROM deadlines r LEFT JOIN deadlines o ON o.subject_id = r.subject_id
        AND o.kind IN ('order.announce_receipt', 'order.remind_of_receipt')
    WHERE r.kind = 'order.auto_receive' GROUP BY r.subject_id, r.paused_at
) AS told
WHERE d.kind = 'order.auto_receive' AND d.subject_id = told.subject_id;

DELETE FROM deadlines WHERE kind IN ('order.announce_receipt', 'order.remind_of_receipt');
"""


def upgrade() -> None:
    """Go forward."""
    run_script(LADDER)
