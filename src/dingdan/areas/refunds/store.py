"""Every statement of refunds."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.refunds.lifecycle import HAND_PAYOUT, REFUND
from dingdan.areas.refunds.model import Cause, Draft, HandPayout, Part, Refund, Tender
from dingdan.areas.refunds.rules.approval import Hand
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_ALL = ", ".join(Refund.__struct_fields__)
_PAYOUT = ", ".join(HandPayout.__struct_fields__)


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
    await _add_lines(tx, [(d.order_id, i, d.merchant_id, d.parts, 1) for i, d in drafts])
    await tx.copy(
        "refund_tenders",
        ("order_id", "refund_id", "payment_id", "merchant_id", "amount"),
        [(d.order_id, i, t.payment_id, d.merchant_id, t.amount) for i, d in drafts for t in d.tenders],
    )


async def _add_lines(tx: Tx, some: Iterable[tuple[int, int, int, Sequence[Part], int]]) -> None:
    """Write what refunds are made of: (order, refund, merchant, parts, number of the first one)."""
    await tx.copy(
        "refund_lines",
        ("order_id", "refund_id", "n", "merchant_id", "line_no", "quantity", "component", "amount", "rule", "basis",
         "clause"),
        [
            (order_id, i, n, merchant_id, part.line_no, part.quantity, part.component, part.amount, part.rule,
             str(part.basis), part.clause)
            for order_id, i, merchant_id, parts, first in some for n, part in enumerate(parts, start=first)
        ],
    )  # fmt: skip


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
    """Refunds by what caused them: {cause id: refund}; the first one where several orders gave for it."""
    found = _refunds(
        await tx.fetch(
            f"SELECT {_ALL} FROM refunds WHERE cause = $1 AND cause_id = ANY($2::bigint[]) ORDER BY id DESC",  # noqa: S608
            str(cause),
            list(cause_ids),
        )
    )
    return {refund.cause_id: refund for refund in found.values()}


async def for_cause(tx: Tx, causes: Iterable[Cause], cause_id: int) -> list[Refund]:
    """All that went back for one thing, of whichever order, but what was refused."""
    rows = await tx.fetch(
        f"""
        SELECT {_ALL} FROM refunds WHERE cause = ANY($1::text[]) AND cause_id = $2 AND state <> 'refused' ORDER BY id
        """,  # noqa: S608
        [str(cause) for cause in causes],
        cause_id,
    )
    return list(_refunds(rows).values())


async def gone_for(tx: Tx, causes: Iterable[Cause], cause_ids: Iterable[int]) -> dict[int, int]:
    """How much went back for each of these things, of whichever order, but what was refused."""
    rows = await tx.fetch(
        """
        SELECT cause_id, sum(amount)::bigint AS amount FROM refunds
        WHERE cause = ANY($1::text[]) AND cause_id = ANY($2::bigint[]) AND state <> 'refused' GROUP BY cause_id
        """,
        [str(cause) for cause in causes],
        list(cause_ids),
    )
    return {row["cause_id"]: row["amount"] for row in rows}


async def parts(tx: Tx, refund_ids: Iterable[int]) -> dict[int, list[Part]]:
    """What refunds are made of."""
    rows = await tx.fetch(
        """
        SELECT refund_id, component, line_no, quantity, amount, rule, basis, clause FROM refund_lines
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


async def taken_parts(tx: Tx, order_ids: Iterable[int], *, but: Iterable[int] = ()) -> list[Any]:
    """What refunds that were not refused took of orders, excess and penalties aside, by cause, component, line, basis, rule.

    As if those `but` were not.
    """
    return await tx.fetch(
        """
        SELECT l.order_id, r.cause, l.component, l.line_no, l.basis, l.rule, sum(l.quantity)::int AS units,
            sum(l.amount)::bigint AS amount
        FROM refund_lines l JOIN refunds r ON r.id = l.refund_id
        WHERE l.order_id = ANY($1::bigint[]) AND r.state <> 'refused' AND r.cause NOT IN ('excess', 'penalty')
            AND r.id <> ALL($2::bigint[])
        GROUP BY l.order_id, r.cause, l.component, l.line_no, l.basis, l.rule
        """,
        list(order_ids),
        list(but),
    )


async def withheld(tx: Tx, order_ids: Iterable[int]) -> dict[int, int]:
    """Refunds that carried money of orders over of which something was withheld: {refund: order}."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT r.id, r.order_id FROM refunds r JOIN refund_lines l ON l.refund_id = r.id AND l.order_id = r.order_id
        WHERE r.order_id = ANY($1::bigint[]) AND r.cause = 'exchange' AND l.component = 'withheld' ORDER BY r.id
        """,
        list(order_ids),
    )
    return {row["id"]: row["order_id"] for row in rows}


async def turn(tx: Tx, refund: Refund, lines: Sequence[Part], more: Sequence[Part]) -> None:
    """Goods are paid for of which money was carried over: why is said anew for those `lines`, and `more` is noted.

    What is noted comes to nothing in all, so the refund stays what it was.
    """
    await tx.execute(
        """
        UPDATE refund_lines AS r SET basis = n.basis, clause = n.clause
        FROM unnest($3::smallint[], $4::text[], $5::text[]) AS n (line_no, basis, clause)
        WHERE r.order_id = $1 AND r.refund_id = $2 AND r.component = 'goods' AND r.line_no = n.line_no
        """,
        refund.order_id,
        refund.id,
        [part.line_no for part in lines],
        [str(part.basis) for part in lines],
        [part.clause for part in lines],
    )
    last: int = await tx.fetchval(
        "SELECT max(n) FROM refund_lines WHERE order_id = $1 AND refund_id = $2", refund.order_id, refund.id
    )
    await _add_lines(tx, [(refund.order_id, refund.id, refund.merchant_id, more, last + 1)])


async def taken_tenders(tx: Tx, order_ids: Iterable[int], *, but: Iterable[int] = ()) -> dict[tuple[int, int], int]:
    """What refunds that were not refused took of payments for orders, excess aside: {(order, payment): amount}.

    As if those `but` were not.
    """
    rows = await tx.fetch(
        """
        SELECT t.order_id, t.payment_id, sum(t.amount)::bigint AS amount
        FROM refund_tenders t JOIN refunds r ON r.id = t.refund_id
        WHERE t.order_id = ANY($1::bigint[]) AND r.state <> 'refused' AND r.cause <> 'excess'
            AND r.id <> ALL($2::bigint[])
        GROUP BY t.order_id, t.payment_id
        """,
        list(order_ids),
        list(but),
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


async def signatures_of(tx: Tx, refund_ids: Iterable[int]) -> dict[int, set[Hand]]:
    """Who signed each of these refunds so far."""
    rows = await tx.fetch(
        "SELECT refund_id, signer_kind, signer_id FROM refund_signatures WHERE refund_id = ANY($1) ORDER BY at",
        list(refund_ids),
    )
    found: dict[int, set[Hand]] = {}
    for row in rows:
        found.setdefault(row["refund_id"], set()).add(Hand(row["signer_kind"], row["signer_id"]))
    return found


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


async def unsign(tx: Tx, refund: Refund) -> None:
    """The signature that let a refund go is taken back; those before it stay."""
    await tx.execute(
        "DELETE FROM refund_signatures WHERE refund_id = $1 AND signer_kind = $2 AND signer_id = $3",
        refund.id,
        refund.approved_by_kind,
        refund.approved_by,
    )


async def add_payout(tx: Tx, payout: HandPayout, refund_ids: Iterable[int]) -> None:
    """Write down a payment by hand and which refunds it is for."""
    columns = HandPayout.__struct_fields__
    await tx.copy("hand_payouts", columns, [tuple(getattr(payout, column) for column in columns)])
    await tx.execute("UPDATE refunds SET hand_payout_id = $2 WHERE id = ANY($1::bigint[])", list(refund_ids), payout.id)


async def free_of_payout(tx: Tx, payout_id: int) -> None:
    """These refunds wait for another payment by hand."""
    await tx.execute("UPDATE refunds SET hand_payout_id = NULL WHERE hand_payout_id = $1", payout_id)


async def payouts(tx: Tx, ids: Iterable[int]) -> dict[int, HandPayout]:
    """Payments by hand by id."""
    rows = await tx.fetch(
        f"SELECT {_PAYOUT} FROM hand_payouts WHERE id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(ids),
    )
    return {row["id"]: msgspec.convert(dict(row), HandPayout) for row in rows}


async def payouts_of(tx: Tx, order_id: int) -> list[HandPayout]:
    """Payments by hand for an order, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_PAYOUT} FROM hand_payouts WHERE order_id = $1 ORDER BY id",  # noqa: S608
        order_id,
    )
    return [msgspec.convert(dict(row), HandPayout) for row in rows]


async def move_payout(tx: Tx, verb: str, payout_id: int, **values: Any) -> Moved:
    """Move a payment by hand of a locked order, which may go, along its lifecycle."""
    return (await lifecycles.move(tx, "hand_payouts", HAND_PAYOUT, verb, [payout_id], **values))[payout_id]


async def drop_words(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of the accounts that buyers of these orders named."""
    await tx.execute(
        "UPDATE hand_payouts SET sealed = NULL WHERE order_id = ANY($1::bigint[]) AND sealed IS NOT NULL",
        list(order_ids),
    )


def _refunds(rows: Sequence[Any]) -> dict[int, Refund]:
    return {row["id"]: msgspec.convert(dict(row), Refund) for row in rows}
