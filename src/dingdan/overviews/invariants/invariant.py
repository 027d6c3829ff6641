"""What an invariant is: a name, a sentence, and a statement that finds the rows that break it."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

UNION = " UNION ALL "
# What is found among tables that are all empty.
NOTHING = "SELECT NULL AS subject, NULL::bigint AS id WHERE false"


class Invariant(msgspec.Struct, frozen=True, kw_only=True):
    """A law of the data as one SELECT of the rows that break it; no rows, no violation.

    The letter of `name` is the kind of law: S stock, R returns, M money, B balances and other credit, C coupons and
    prices, P four eyes, L ledger, T steps, X effects and pointers, N merchants, V reviews, E what was confirmed and
    told, H orders made on channels, K trouble, Q work and boxes, A what is kept, W webhooks, F fees and settlement, I
    invoices, U fair play, Z standstill. `needs_settled`
    laws hold once the worker has nothing left to do; all others hold at every moment. `only_with` names a table without
    which there is nothing to look at. A law of the rows of many tables has its statement for each of them in `by_table`;
    `sql` is all of them, and where a table is empty its own is left out. A law that looks for something `among` the rows of
    many tables has what reads each of them there; these too are left out of `sql` where they are empty.
    """

    name: str
    says: str
    sql: str
    needs_settled: bool = False
    args: tuple[Any, ...] = ()
    only_with: str = ""
    by_table: dict[str, str] = {}
    among: dict[str, str] = {}

    def of_filled(self, filled: Collection[str]) -> str:
        """The statement without the tables that are empty; "" where no row can break it."""
        if self.by_table:
            return _without_empty(self.by_table, filled)
        if self.among:
            return self.sql.replace(UNION.join(self.among.values()), _without_empty(self.among, filled) or NOTHING)
        return self.sql


def _without_empty(parts: Mapping[str, str], filled: Collection[str]) -> str:
    return UNION.join(part for table, part in parts.items() if table in filled)


def of_tables(name: str, says: str, by_table: dict[str, str]) -> Invariant:
    """A law of the rows of many tables."""
    return Invariant(name=name, says=says, sql=UNION.join(by_table.values()), by_table=by_table)


class Result(msgspec.Struct, frozen=True):
    """How many rows break an invariant, and the first few of them."""

    name: str
    count: int
    samples: list[dict[str, Any]]
