"""Every statement of the measuring."""

from collections.abc import Sequence
from typing import Any

from dingdan.plumbing.schema import metadata

# What there is of an order that was placed and cancelled again, and which of its columns are ids of its own.
OWN = {
    "checkouts": ("id",),
    "orders": ("id", "checkout_id"),
    "order_lines": ("order_id",),
    "facts": ("id", "subject_id", "order_id"),
}
WHERE = {"checkouts": "id = ANY($4)", "orders": "id = ANY($3)"}


async def copy_orders(
    connection: Any, order_ids: Sequence[int], checkout_ids: Sequence[int], *, copies: int, span: int
) -> None:
    """Write so many copies of these orders, each `span` ids older than the one before; reactions count them as seen."""
    for table, own in OWN.items():
        names = [column.name for column in metadata.tables[table].columns]
        values = [_value(table, name, own) for name in names]
        await connection.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"  # noqa: S608
            f" FROM {table} model, generate_series(1, $1::int) AS copies (n)"
            f" WHERE model.{WHERE.get(table, 'order_id = ANY($3)')}"
            " AND $2::bigint > 0 AND $3::bigint[] IS NOT NULL AND $4::bigint[] IS NOT NULL",
            copies,
            span,
            order_ids,
            checkout_ids,
            timeout=1800,
        )
    await connection.execute("UPDATE reaction_cursors SET position = (SELECT max(position) FROM facts)")
    await connection.execute("VACUUM ANALYZE", timeout=1800)


def _value(table: str, name: str, own: tuple[str, ...]) -> str:
    if name in own:
        return f"model.{name} - $2::bigint * copies.n"
    return "nextval('fact_positions')" if (table, name) == ("facts", "position") else f"model.{name}"
