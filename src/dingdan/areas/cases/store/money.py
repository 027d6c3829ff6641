"""Statements about remedies, budgets, what was sent instead, and claims on carriers."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.cases.lifecycle import CLAIM, REMEDY
from dingdan.areas.cases.model import Budget, Claim, Remedy
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_REMEDY = ", ".join(Remedy.__struct_fields__)
_CLAIM = ", ".join(Claim.__struct_fields__)
NEW_REMEDY = (
    "id", "case_id", "order_id", "merchant_id", "kind", "currency", "amount", "budgeted", "terms", "needs_consent",
    "alone_up_to", "proposed_by_kind", "proposed_by", "proposed_at",
)  # fmt: skip
NEW_CLAIM = (
    "id", "case_id", "parcel_id", "return_parcel_id", "order_id", "merchant_id", "carrier", "currency", "value", "insured",
    "evidence", "drafted_at", "file_by",
)  # fmt: skip


async def remedies(tx: Tx, ids: Collection[int]) -> list[Remedy]:
    """Remedies by id."""
    rows = await tx.fetch(f"SELECT {_REMEDY} FROM remedies WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))  # noqa: S608
    return [msgspec.convert(dict(row), Remedy) for row in rows]


async def remedies_of(tx: Tx, case_ids: Collection[int]) -> dict[int, list[Remedy]]:
    """The remedies of cases, oldest first."""
    found: dict[int, list[Remedy]] = {case_id: [] for case_id in case_ids}
    rows = await tx.fetch(
        f"SELECT {_REMEDY} FROM remedies WHERE case_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(found),
    )
    for row in rows:
        found[row["case_id"]].append(msgspec.convert(dict(row), Remedy))
    return found


async def add_remedy(tx: Tx, row: tuple[Any, ...]) -> None:
    """Write a remedy that somebody proposes (columns NEW_REMEDY)."""
    await tx.copy("remedies", NEW_REMEDY, [row])


async def has_right(tx: Tx, order_id: int, right: str) -> bool:
    """Whether damages by a rule were proposed or granted for an order."""
    return bool(
        await tx.fetchval(
            """
            SELECT EXISTS (SELECT FROM remedies WHERE order_id = $1 AND terms ->> 'right' = $2
                           AND state IN ('proposed', 'approved', 'executed'))
            """,
            order_id,
            right,
        )
    )


async def move_remedies(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move remedies along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "remedies", REMEDY, verb, ids, **values)


async def open_budget(tx: Tx, budget_: Budget) -> None:
    """Declare what may be given for an order beyond what was paid; what was declared first stays."""
    await tx.execute(
        """
        INSERT INTO case_budgets (order_id, merchant_id, currency, budget) VALUES ($1, $2, $3, $4)
        ON CONFLICT (order_id) DO NOTHING
        """,
        budget_.order_id,
        budget_.merchant_id,
        budget_.currency,
        budget_.budget,
    )


async def budget(tx: Tx, order_id: int) -> Budget | None:
    """What may be given for an order, and what was; None before anybody thought of it."""
    row = await tx.fetchrow(
        "SELECT order_id, merchant_id, currency, budget, granted FROM case_budgets WHERE order_id = $1", order_id
    )
    return Budget(**dict(row)) if row else None


async def take_budget(tx: Tx, order_id: int, amount: int) -> bool:
    """Take of an order's budget, or give back (negative); says whether there was so much."""
    touched = await tx.execute(
        "UPDATE case_budgets SET granted = granted + $2 WHERE order_id = $1 AND granted + $2 BETWEEN 0 AND budget",
        order_id,
        amount,
    )
    return touched == 1


async def add_replacements(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write which order stands in for which: (order, line, merchant, remedy, replaced order, its line, units)."""
    columns = ("sent", "line_no", "merchant_id", "remedy_id", "replaces", "replaces_line", "quantity")
    await tx.copy("replacements", columns, rows)


async def made_good_in_vain(tx: Tx, order_id: int) -> list[int]:
    """Remedies of an order that made nothing good: sent goods went wrong too or never left, or nobody signed the money."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT p.remedy_id FROM replacements p JOIN orders o ON o.id = p.sent
        WHERE p.replaces = $1 AND (o.state = 'cancelled' OR EXISTS (
            SELECT FROM cases c WHERE c.order_id = p.sent
            AND c.kind IN ('loss', 'damage', 'turned_away', 'wrong_item', 'missing_item')))
        UNION
        SELECT r.id FROM remedies r JOIN refunds f ON f.id = r.refund_id
        WHERE r.order_id = $1 AND r.kind = 'refund' AND f.state = 'refused'
        """,
        order_id,
    )
    return [row["remedy_id"] for row in rows]


async def claims(tx: Tx, ids: Collection[int]) -> list[Claim]:
    """Claims by id."""
    rows = await tx.fetch(f"SELECT {_CLAIM} FROM claims WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))  # noqa: S608
    return [msgspec.convert(dict(row), Claim) for row in rows]


async def claims_of(tx: Tx, case_ids: Collection[int]) -> dict[int, list[Claim]]:
    """The claims of cases, oldest first."""
    found: dict[int, list[Claim]] = {case_id: [] for case_id in case_ids}
    rows = await tx.fetch(
        f"SELECT {_CLAIM} FROM claims WHERE case_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(found),
    )
    for row in rows:
        found[row["case_id"]].append(msgspec.convert(dict(row), Claim))
    return found


async def claim_parcels(tx: Tx, parcel_ids: Collection[int]) -> set[int]:
    """Parcels, also such as came back, that a carrier was asked to pay for."""
    rows = await tx.fetch(
        """
        SELECT COALESCE(parcel_id, return_parcel_id) AS id FROM claims
        WHERE parcel_id = ANY($1::bigint[]) OR return_parcel_id = ANY($1::bigint[])
        """,
        list(parcel_ids),
    )
    return {row["id"] for row in rows}


async def add_claim(tx: Tx, claim: Claim) -> bool:
    """Write a claim; False where somebody else claimed for this parcel just now."""
    touched = await tx.execute(
        f"""
        INSERT INTO claims ({", ".join(NEW_CLAIM)}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT DO NOTHING
        """,  # noqa: S608 - our own columns
        *(getattr(claim, name) for name in NEW_CLAIM),
    )
    return touched == 1


async def move_claims(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move claims along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "claims", CLAIM, verb, ids, **values)


async def count_chase(tx: Tx, claim_id: int, answer_by: Any) -> None:
    """The carrier was asked again, and has until then."""
    await tx.execute("UPDATE claims SET chased = chased + 1, answer_by = $2 WHERE id = $1", claim_id, answer_by)
