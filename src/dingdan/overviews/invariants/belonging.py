"""Belonging: what a row points to is there, and is of the same merchant and the same order."""

from dingdan.overviews.invariants.invariant import UNION, Invariant, of_tables
from dingdan.overviews.invariants.naming import SUBJECTS, TABLES, parents


def _has(table: str, column: str) -> bool:
    return column in TABLES[table].columns


def _shown(table: str) -> str:
    """A row by its key and its pointers only; what it says about people stays out of reports."""
    names = [*TABLES[table].primary_key.columns.keys(), *parents(table)]
    pairs = ", ".join(f"'{name}', c.{name}" for name in dict.fromkeys(names))
    return f"jsonb_build_object({pairs}) AS row"


# Money that is carried over comes from another order.
_ACROSS = {("order_id", "carried_from")}


def same_as_parents(table: str, column: str) -> dict[str, str]:
    """{pointer: parent} of what must have the same merchant (or order) as a row of this table."""
    if not _has(table, column):
        return {}
    return {
        pointer: parent
        for pointer, parent in sorted(parents(table).items())
        if pointer != column and _has(parent, column) and (column, pointer) not in _ACROSS
    }


def _same(table: str, column: str) -> str:
    """Rows that stand with another merchant (or another order) than what they point to.

    A parent without a merchant (a pack of the platform, a payment for several merchants) is open to every child.
    """
    wanted = same_as_parents(table, column)
    joins = [f"LEFT JOIN {parent} p{n} ON p{n}.id = c.{pointer}" for n, (pointer, parent) in enumerate(wanted.items())]
    clashes = [f"(p{n}.{column} IS DISTINCT FROM c.{column} AND p{n}.{column} IS NOT NULL)" for n in range(len(wanted))]
    shown = ", ".join(f"p{n}.{column}" for n in range(len(wanted)))
    return (
        f"SELECT '{table}' AS child, {_shown(table)}, ARRAY[{shown}]::bigint[] AS parents "  # noqa: S608
        f"FROM {table} c {' '.join(joins)} WHERE {' OR '.join(clashes)}"
    )


def _everywhere(column: str) -> dict[str, str]:
    return {table: _same(table, column) for table in sorted(TABLES) if same_as_parents(table, column)}


# What is kept for an exchange is kept under the id of an order that may never be written.
_UNBORN = {
    ("reservations", "order_id"): " AND NOT EXISTS (SELECT FROM exchanges e WHERE e.sent_order_id = c.order_id)",
}  # fmt: skip


def _living(table: str) -> str:
    """Rows that point to something that is not there."""
    pointers = sorted(parents(table).items())
    joins = [f"LEFT JOIN {parent} p{n} ON p{n}.id = c.{pointer}" for n, (pointer, parent) in enumerate(pointers)]
    gone = [
        f"(c.{pointer} IS NOT NULL AND p{n}.id IS NULL{_UNBORN.get((table, pointer), '')})"
        for n, (pointer, _) in enumerate(pointers)
    ]
    return (
        f"SELECT '{table}' AS child, {_shown(table)} FROM {table} c "  # noqa: S608 - names from code
        f"{' '.join(joins)} WHERE {' OR '.join(gone)}"
    )


# Everything that has an id of its own and is no mere trace of something else.
THINGS = {
    table: f"SELECT '{word}' AS subject, id FROM {table}"  # noqa: S608 - names from code
    for word, table in sorted(SUBJECTS.items())
    if word not in ("fact", "movement", "posting")
}
ANYTHING = UNION.join(THINGS.values())

MANY_FACED_LIVE = f"""
WITH pointers AS (
    SELECT DISTINCT 'facts' AS child, subject, subject_id AS id FROM facts
    UNION ALL SELECT 'refunds', CASE cause WHEN 'return' THEN 'return' WHEN 'cancellation' THEN 'order'
                                 WHEN 'amendment' THEN 'amendment' WHEN 'case' THEN 'remedy' WHEN 'kept' THEN 'goods'
                                 WHEN 'penalty' THEN 'order' WHEN 'customs' THEN 'customs_return'
                                 WHEN 'exchange' THEN 'exchange' WHEN 'unsent' THEN 'exchange'
                                 WHEN 'withheld' THEN COALESCE((
                                     SELECT CASE f.cause WHEN 'case' THEN 'remedy' WHEN 'amendment' THEN 'amendment' END
                                     FROM refunds f WHERE f.cause IN ('case', 'amendment') AND f.cause_id = refunds.cause_id
                                     LIMIT 1), 'return')
                                 WHEN 'rest' THEN 'return' ELSE 'capture' END, cause_id FROM refunds
    WHERE cause <> 'channel'
    UNION ALL SELECT 'channel_updates', CASE kind WHEN 'parcel_dispatched' THEN 'parcel' WHEN 'refunded' THEN 'refund'
                                        ELSE 'order' END, subject_id FROM channel_updates
    UNION ALL SELECT 'cases', subject, subject_id FROM cases
    UNION ALL SELECT 'disputes', subject, subject_id FROM disputes
    UNION ALL SELECT 'abuse_signals', subject, subject_id FROM abuse_signals
    UNION ALL SELECT 'abuse_measures', subject, subject_id FROM abuse_measures
    UNION ALL SELECT 'objections', CASE cause WHEN 'buyer' THEN 'order' ELSE cause END, subject_id FROM objections
    UNION ALL SELECT 'settlement_lines', CASE WHEN kind IN ('sale', 'subsidy', 'own_credit', 'fee') THEN 'order'
                                         WHEN kind IN ('remedy', 'borne') THEN 'remedy' WHEN kind = 'recovery' THEN 'claim'
                                         WHEN kind IN ('payout', 'payout_failed') THEN 'payout'
                                         WHEN kind = 'subsidy_returned' THEN 'return' ELSE 'refund' END,
                     subject_id FROM settlement_lines
    UNION ALL SELECT 'line_services', kind, source_id FROM line_services
    UNION ALL SELECT 'subject_keys', 'buyer', subject_id FROM subject_keys
    UNION ALL SELECT 'api_keys', 'staff', staff_id FROM api_keys WHERE staff_id IS NOT NULL
)
SELECT child, subject, id FROM pointers LEFT JOIN ({ANYTHING}) alive USING (subject, id) WHERE alive.id IS NULL
"""  # noqa: S608 - names from code

BELONGING = (
    of_tables(
        "N1_children_of_their_merchant",
        "Every row is of the same merchant as everything it points to.",
        _everywhere("merchant_id"),
    ),
    of_tables(
        "N1_children_of_their_order",
        "Every row is of the same order as everything it points to.",
        _everywhere("order_id"),
    ),
    of_tables(
        "X2_pointers_live",
        "Everything that a row points to is there.",
        {table: _living(table) for table in sorted(TABLES) if parents(table)},
    ),
    Invariant(
        name="X2_subjects_live",
        says="Everything that facts, refunds and keys are about is there.",
        sql=MANY_FACED_LIVE,
        among=THINGS,
    ),
)
