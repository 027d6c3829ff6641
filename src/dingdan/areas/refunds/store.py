"""Every statement of refunds."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.refunds.lifecycle import REFUND
from dingdan.areas.refunds.model import Cause, Draft, Part, Refund, Tender
from dingdan.areas.refunds.rules.approval import Hand
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_ALL = ", ".join(Refund.__struct_fields__)


async def add(tx: Tx, drafts: Sequence[tuple[int, Draft]]) -> None:
    """Write refunds with what they are made of and the payments they go through."""
    actor = tx.actor
    await tx.copy(
        "refunds",
        ("id", "order_id", "merchant_id", "cause", "cause_id", "currency", "amount", "requested_by_kind",
         "requested_by", "requested_at"),
        [(i, d.order_id, d.merchant_id, str(d.cause), d.cause_id, d.currency, d.amount, str(actor.kind), actor.id,
          tx.now) for i, d in drafts],
    )  # fmt: skip
    await tx.copy(
        "refund_lines",
        ("order_id", "refund_id", "n", "merchant_id", "line_no", "quantity", "component", "amount", "rule"),
        [
            (d.order_id, i, n, d.merchant_id, part.line_no, part.quantity, part.component, part.amount, part.rule)
            for i, d in drafts
            for n, part in enumerate(d.parts, start=1)
        ],
    )
    await tx.copy(
        "refund_tenders",
        ("order_id", "refund_id", "payment_id", "merchant_id", "amount"),
        [(d.order_id, i, t.payment_id, d.merchant_id, t.amount) for i, d in drafts for t in d.tenders],
    )


async def get(tx: Tx, ids: Iterable[int]) -> dict[int, Refund]:
    """Refunds by id."""
    return _refunds(
        await tx.fetch(
            f"SELECT {_ALL} FROM refunds WHERE id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
            list(ids),
        )
    )


async def of_orders(tx: Tx, order_ids: Iterable[int]) -> dict[int, Refund]:
    """Refunds of orders, oldest first."""
    return _refunds(
        await tx.fetch(
            f"SELECT {_ALL} FROM refunds WHERE order_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
            list(order_ids),
        )
    )


async def by_cause(tx: Tx, cause: Cause, cause_ids: Iterable[int]) -> dict[int, Refund]:
    """Refunds by what caused them: {cause id: refund}."""
    found = _refunds(
        await tx.fetch(
            f"SELECT {_ALL} FROM refunds WHERE cause = $1 AND cause_id = ANY($2::bigint[]) ORDER BY id",  # noqa: S608
            str(cause),
            list(cause_ids),
        )
    )
    return {refund.cause_id: refund for refund in found.values()}


async def parts(tx: Tx, refund_ids: Iterable[int]) -> dict[int, list[Part]]:
    """What refunds are made of."""
    rows = await tx.fetch(
        """
        SELECT refund_id, component, line_no, quantity, amount, rule FROM refund_lines
        WHERE refund_id = ANY($1::bigint[]) AND order_id IN (SELECT order_id FROM refunds WHERE id = ANY($1::bigint[]))
        ORDER BY refund_id, n
        """,
        list(refund_ids),
    )
    found: dict[int, list[Part]] = {}
    for row in rows:
        values = dict(row)
        found.setdefault(values.pop("refund_id"), []).append(Part(**values))
    return found


async def tenders(tx: Tx, refund_ids: Iterable[int]) -> dict[int, list[Tender]]:
    """Through which payments refunds go."""
    rows = await tx.fetch(
        """
        SELECT refund_id, payment_id, amount FROM refund_tenders
        WHERE refund_id = ANY($1::bigint[]) AND order_id IN (SELECT order_id FROM refunds WHERE id = ANY($1::bigint[]))
        ORDER BY refund_id, payment_id
        """,
        list(refund_ids),
    )
    found: dict[int, list[Tender]] = {}
    for row in rows:
        found.setdefault(row["refund_id"], []).append(Tender(row["payment_id"], row["amount"]))
    return found


async def taken_parts(tx: Tx, order_ids: Iterable[int]) -> list[Any]:
    """What refunds that were not refused took of orders, excess and penalties aside, by cause, component and line."""
    return await tx.fetch(
        """
        SELECT l.order_id, r.cause, l.component, l.line_no, sum(l.quantity)::int AS units, sum(l.amount)::bigint AS amount
        FROM refund_lines l JOIN refunds r ON r.id = l.refund_id
        WHERE l.order_id = ANY($1::bigint[]) AND r.state <> 'refused' AND r.cause NOT IN ('excess', 'penalty')
        GROUP BY l.order_id, r.cause, l.component, l.line_no
        """,
        list(order_ids),
    )


async def taken_tenders(tx: Tx, order_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """What refunds that were not refused took of payments for orders, excess aside: {(order, payment): amount}."""
    rows = await tx.fetch(
        """
        SELECT t.order_id, t.payment_id, sum(t.amount)::bigint AS amount
        FROM refund_tenders t JOIN refunds r ON r.id = t.refund_id
        WHERE t.order_id = ANY($1::bigint[]) AND r.state <> 'refused' AND r.cause <> 'excess'
        GROUP BY t.order_id, t.payment_id
        """,
        list(order_ids),
    )
    return {(row["order_id"], row["payment_id"]): row["amount"] for row in rows}


async def move(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move refunds along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "refunds", REFUND, verb, ids, **values)


async def note_failures(tx: Tx, failures: dict[int, str]) -> None:
    """Keep why refunds could not be sent."""
    await tx.execute(
        """
        UPDATE refunds AS r SET failure = f.failure FROM unnest($1::bigint[], $2::text[]) AS f (id, failure)
        WHERE r.id = f.id
        """,
        list(failures),
        list(failures.values()),
    )


async def signatures(tx: Tx, refund_id: int) -> set[Hand]:
    """Who signed a refund so far."""
    rows = await tx.fetch("SELECT signer_kind, signer_id FROM refund_signatures WHERE refund_id = $1", refund_id)
    return {Hand(row["signer_kind"], row["signer_id"]) for row in rows}


async def sign(tx: Tx, refund: Refund, by: Hand) -> None:
    """Write a signature down."""
    await tx.execute(
        """
        INSERT INTO refund_signatures (refund_id, signer_kind, signer_id, merchant_id, at) VALUES ($1, $2, $3, $4, $5)
        """,
        refund.id,
        by.kind,
        by.id,
        refund.merchant_id,
        tx.now,
    )


def _refunds(rows: Sequence[Any]) -> dict[int, Refund]:
    return {row["id"]: msgspec.convert(dict(row), Refund) for row in rows}
