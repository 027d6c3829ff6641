"""Every statement of the measuring."""

from collections.abc import Sequence
from typing import Any

from dingdan.plumbing.database import Database
from dingdan.plumbing.schema import metadata

# What stays of an order that was placed and cancelled again, and which of its columns are ids of its own; each table behind
# those that it points to.
OWN = {
    "contacts": ("id",),
    "checkouts": ("id",),
    "orders": ("id", "checkout_id", "contact_id"),
    "order_lines": ("order_id",),
    "reservations": ("order_id",),
    "confirmations": ("order_id", "contact_id"),
    "deadlines": ("subject_id", "order_id"),
    "facts": ("id", "subject_id", "order_id"),
}
# How a row says whose it is, where it has no order.
WHERE = {
    "contacts": "id IN (SELECT contact_id FROM orders WHERE id = ANY($3))",
    "checkouts": "id IN (SELECT checkout_id FROM orders WHERE id = ANY($3))",
    "orders": "id = ANY($3)",
}


async def copy_orders(connection: Any, order_ids: Sequence[int], *, copies: int, span: int) -> None:
    """Write so many copies of these orders, each `span` ids older than the one before; reactions count them as seen."""
    for table, own in OWN.items():
        names = [column.name for column in metadata.tables[table].columns]
        values = [_value(table, name, own) for name in names]
        await connection.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"  # noqa: S608
            f" FROM {table} model, generate_series(1, $1::int) AS copies (n)"
            f" WHERE model.{WHERE.get(table, 'order_id = ANY($3)')} AND $2::bigint > 0 AND $3::bigint[] IS NOT NULL",
            copies,
            span,
            order_ids,
            timeout=1800,
        )
    await connection.execute("UPDATE reaction_cursors SET position = (SELECT max(position) FROM facts)")
    await connection.execute("VACUUM ANALYZE", timeout=1800)
    # What was written just now is not to be written to the disk while something is measured.
    await connection.execute("CHECKPOINT", timeout=1800)


async def last_id(connection: Any) -> int:
    """The latest id of all, which is a fact's."""
    return int(await connection.fetchval("SELECT max(id) FROM facts"))


def _value(table: str, name: str, own: tuple[str, ...]) -> str:
    if name in own:
        return f"model.{name} - $2::bigint * copies.n"
    return "nextval('fact_positions')" if (table, name) == ("facts", "position") else f"model.{name}"


async def send_back(connection: Any, order_ids: Sequence[int], *, copies: int) -> None:
    """Say that all of these orders came back, each so many times in the last 80 days: what a back-test looks at."""
    await connection.execute(
        """
        UPDATE orders SET delivered_at = dingdan_now() - interval '88 days', shipped_at = dingdan_now() - interval '89 days'
        WHERE id = ANY($1::bigint[])
        """,
        order_ids,
    )
    await connection.execute(
        """
        WITH made AS (
            SELECT o.id AS order_id, o.merchant_id, o.warehouse_id, o.buyer_id, o.policy_id, n,
                (row_number() OVER (ORDER BY n, o.id))::bigint AS id
            FROM orders o, generate_series(1, $2::int) n WHERE o.id = ANY($1::bigint[])
        ), requests AS (
            INSERT INTO return_requests (id, merchant_id, buyer_id, at)
            SELECT id, merchant_id, buyer_id, dingdan_now() FROM made RETURNING id
        ), sent AS (
            INSERT INTO returns (id, order_id, request_id, merchant_id, warehouse_id, decision, policy_id, requested_at)
            SELECT id, order_id, id, merchant_id, warehouse_id, CASE WHEN n % 10 = 0 THEN 'refused' ELSE 'approved' END,
                policy_id, dingdan_now() - interval '87 days' + n * interval '80 days' / $2::int
            FROM made RETURNING id
        )
        INSERT INTO return_lines (order_id, return_id, line_no, merchant_id, product_id, quantity, reason)
        SELECT m.order_id, m.id, l.line_no, m.merchant_id, l.product_id, 1,
            (ARRAY['NO_REASON', 'SIZE_UNFIT', 'QUALITY_DEFECT'])[1 + m.n % 3]
        FROM made m JOIN order_lines l ON l.order_id = m.order_id
        """,
        order_ids,
        copies,
    )


async def returns_of(db: Database, order_ids: Sequence[int]) -> list[int]:
    """The returns of these orders that were approved."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT id FROM returns WHERE order_id = ANY($1::bigint[]) AND decision = 'approved' ORDER BY id",
            list(order_ids),
        )
    return [row["id"] for row in rows]


async def paid_back(db: Database) -> int:
    """How many returns are paid back and closed."""
    async with db.connection() as connection:
        return int(await connection.fetchval("SELECT count(*) FROM returns WHERE outcome = 'settled'"))
