"""Steps: the story of every row is whole, allowed, and ends where the row stands."""

from collections.abc import Iterable

from dingdan.overviews.invariants.invariant import Invariant
from dingdan.overviews.invariants.naming import EDGES, INITIAL, MACHINES

EDGES_ALLOWED = """
SELECT f.id, f.machine, f.was, f.now, f.subject_id FROM facts f
WHERE f.machine IS NOT NULL
  AND NOT EXISTS (SELECT FROM unnest($1::text[], $2::text[], $3::text[]) AS e (machine, was, now)
                  WHERE (e.machine, e.was, e.now) = (f.machine, f.was, f.now))
  AND NOT EXISTS (SELECT FROM unnest($4::text[], $5::text[]) AS i (machine, now)
                  WHERE f.was IS NULL AND f.version = 1 AND (i.machine, i.now) = (f.machine, f.now))
"""

# A return has three machines and one version, so versions are counted per subject and states per machine.
# An axis whose birth is not told begins in its initial state.
GAPLESS = """
SELECT id, subject_id, machine, was, now, version, place, before FROM (
    SELECT f.id, f.subject_id, f.machine, f.was, f.now, f.version,
           row_number() OVER (PARTITION BY f.subject_id ORDER BY f.version, f.id) AS place,
           COALESCE(lag(f.now) OVER (PARTITION BY f.subject_id, f.machine ORDER BY f.version, f.id),
                    CASE WHEN f.version > 1 THEN i.now END) AS before
    FROM facts f LEFT JOIN unnest($1::text[], $2::text[]) AS i (machine, now) ON i.machine = f.machine
    WHERE f.machine IS NOT NULL
) t WHERE version IS DISTINCT FROM place OR was IS DISTINCT FROM before
"""


def _rows(machines: Iterable[str]) -> str:
    return " UNION ALL ".join(
        f"SELECT '{machine}' AS machine, id, {MACHINES[machine][1]} AS state, version FROM {MACHINES[machine][0]}"  # noqa: S608
        for machine in machines
    )


_AXES = sorted(machine for machine, (table, _) in MACHINES.items() if table == "returns")
_SINGLE = sorted(set(MACHINES) - set(_AXES))

# Three hash joins instead of sorting every fact: the step numbered like the row's version must say its state, no
# step may lie beyond it, and only returns, which have several machines, need the last step of each looked up.
ENDS_WHERE_IT_STANDS = f"""
SELECT r.machine, r.id, r.state, r.version, f.now AS told, f.version AS told_version
FROM ({_rows(_SINGLE)}) r
LEFT JOIN facts f ON f.subject_id = r.id AND f.machine = r.machine AND f.version = r.version
WHERE f.now IS DISTINCT FROM r.state
UNION ALL
SELECT f.machine, f.subject_id, r.state, r.version, f.now, f.version
FROM facts f LEFT JOIN ({_rows(MACHINES)}) r ON r.id = f.subject_id AND r.machine = f.machine
WHERE f.machine IS NOT NULL AND (r.id IS NULL OR f.version > r.version)
UNION ALL
SELECT r.machine, r.id, r.state, r.version, f.now, v.version
FROM ({_rows(_AXES)}) r
LEFT JOIN unnest($1::text[], $2::text[]) AS i (machine, now) ON i.machine = r.machine
LEFT JOIN (
    SELECT DISTINCT ON (subject_id, machine) subject_id, machine, now FROM facts
    WHERE subject = 'return' AND machine IS NOT NULL ORDER BY subject_id, machine, version DESC
) f ON f.subject_id = r.id AND f.machine = r.machine
LEFT JOIN (
    SELECT subject_id, max(version) AS version FROM facts WHERE subject = 'return' AND machine IS NOT NULL
    GROUP BY subject_id
) v ON v.subject_id = r.id
WHERE r.state IS DISTINCT FROM COALESCE(f.now, i.now) OR r.version IS DISTINCT FROM v.version
"""  # noqa: S608 - names from code

PAID_BEFORE_IT_GOES_ON = """
SELECT o.id, o.state, o.total, c.captured FROM orders o
LEFT JOIN (SELECT order_id, sum(amount) AS captured FROM captures WHERE kind = 'normal' GROUP BY order_id) c
    ON c.order_id = o.id
WHERE o.state IN ('confirmed', 'held', 'completed') AND COALESCE(c.captured, 0) <> o.total
"""

NOTHING_LEFT_ENDED_ORDERS = """
SELECT o.id, o.state, l.parcel_id, l.line_no, l.quantity FROM orders o JOIN parcel_lines l ON l.order_id = o.id
WHERE o.state IN ('awaiting_payment', 'cancelled', 'expired')
"""

MOMENTS_FOLLOW_STATES = """
SELECT id, state, shipped_at, delivered_at, received_at, completed_at, cancelled_at FROM orders
WHERE (completed_at IS NOT NULL) <> (state = 'completed')
   OR state IN ('cancelled', 'expired') AND cancelled_at IS NULL
   OR shipped_at IS NOT NULL AND state NOT IN ('confirmed', 'completed')
   OR shipped_at IS NOT NULL AND dispatch_locked_at IS NULL
   OR delivered_at IS NOT NULL AND shipped_at IS NULL
   OR completed_at IS NOT NULL AND shipped_at IS NULL
"""

_EDGE_ARGS = ([machine for machine, _, _ in EDGES], [was for _, was, _ in EDGES], [now for _, _, now in EDGES])
_INITIAL_ARGS = ([machine for machine, _ in INITIAL], [now for _, now in INITIAL])

STEPS = (
    Invariant(
        name="T1_steps_allowed",
        says="Every step that was told is one that its lifecycle allows.",
        sql=EDGES_ALLOWED,
        args=(*_EDGE_ARGS, *_INITIAL_ARGS),
    ),
    Invariant(
        name="T2_stories_gapless",
        says="The steps of a subject are numbered from 1 without a gap, and each begins where the last one ended.",
        sql=GAPLESS,
        args=_INITIAL_ARGS,
    ),
    Invariant(
        name="T2_rows_end_their_story",
        says="Every row stands in the state and version of its last step.",
        sql=ENDS_WHERE_IT_STANDS,
        args=_INITIAL_ARGS,
    ),
    Invariant(
        name="T3_only_paid_orders_go_on",
        says="Orders that are confirmed, held or completed are paid to the last cent.",
        sql=PAID_BEFORE_IT_GOES_ON,
    ),
    Invariant(
        name="T4_ended_orders_shipped_nothing",
        says="Nothing of an unpaid, cancelled or expired order is in a parcel.",
        sql=NOTHING_LEFT_ENDED_ORDERS,
    ),
    Invariant(
        name="T4_moments_fit_states",
        says="The moments written on an order fit its state and follow each other.",
        sql=MOMENTS_FOLLOW_STATES,
    ),
)
