"""The views of the list of orders: what each shows, in words by which PostgreSQL begins at an index."""

from typing import NamedTuple


class Walk(NamedTuple):
    """Orders newest first: those of which a condition holds, of all of them or of those that rows of another table name.

    `rows` are the table as `x`, with what has to hold of them; both tables have a merchant.
    """

    condition: str = "true"
    rows: str = ""

    def statement(self, where: str, within: str, limit: int) -> str:
        """The walk of a page: `where` is what else holds of the orders, `within` what is so known of the rows that name them.

        Rows are walked from their own end, and each fetches its order: that is what OFFSET 0 says. Of the newest orders few have
        come back, and a walk of all of them would pass by many thousands.
        """
        if not self.rows:
            return f"SELECT o.* FROM orders o {where} AND {self.condition} ORDER BY o.id DESC LIMIT {limit}"  # noqa: S608
        named = f"SELECT DISTINCT x.order_id FROM {self.rows} {within} ORDER BY x.order_id DESC OFFSET 0"  # noqa: S608
        each = f"SELECT o.* FROM orders o {where} AND o.id = n.order_id AND {self.condition} OFFSET 0"  # noqa: S608
        return f"SELECT o.* FROM ({named}) AS n CROSS JOIN LATERAL ({each}) AS o ORDER BY n.order_id DESC LIMIT {limit}"  # noqa: S608


_CASES = "cases x WHERE x.order_id IS NOT NULL AND x.state IN ('open', 'investigating', 'remedied')"
# An order is shown where one of the walks of its view comes by. Each ends when a page is full: together in one OR they
# would be a walk of the whole table.
VIEWS: dict[str, tuple[Walk, ...]] = {
    "needs_us": (
        Walk("o.state IN ('confirmed', 'held') AND o.shipped_at IS NULL"),
        Walk(rows=f"{_CASES} AND x.whose_turn = 'us'"),
        Walk(rows="returns x WHERE x.decision = 'requested'"),
    ),
    "to_review": (Walk("o.state = 'held' AND o.under_review_since IS NOT NULL"),),
    "ship_today": (
        Walk("o.state = 'confirmed' AND o.shipped_at IS NULL",
             "work_orders x WHERE x.state IN ('queued', 'picking', 'packed') AND x.ship_by < {ship_before}"),
    ),
    "in_transit": (Walk("o.state = 'confirmed' AND o.shipped_at IS NOT NULL AND o.delivered_at IS NULL"),),
    "problem": (
        Walk(rows=_CASES),
        Walk("o.short_since IS NOT NULL"),
        Walk("o.state = 'held' AND o.snagged_since IS NOT NULL"),
    ),
    "has_return": (Walk(rows="returns x WHERE true"),),
}  # fmt: skip
