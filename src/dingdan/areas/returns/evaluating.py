"""Loading what applications are judged by: the buyers, their purchases, what is left of them, the policies."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from dingdan.areas import disposition, fulfilment, identity, merchants, orders, policies
from dingdan.areas.returns import store
from dingdan.areas.returns.model import Apply
from dingdan.areas.returns.rules.eligibility import Part, Purchase, Shelf, evaluate
from dingdan.kernel.refusal import Refusal, Refusals
from dingdan.plumbing.tx import Tx

ENDED = frozenset({orders.OrderState.CANCELLED, orders.OrderState.EXPIRED})


class Judged(msgspec.Struct, frozen=True):
    """An application with what it may take."""

    application: Apply
    merchant: merchants.Merchant
    buyer_id: int
    parts: tuple[Part, ...]


async def judge_all(tx: Tx, applications: Sequence[Apply], *, lock: bool) -> list[Judged | Refusal]:
    """Judge applications one after the other; with `lock` nobody else can take what they take.

    What one takes is no longer there for the next. Each has its own answer and hurts nobody else.
    """
    owners = await merchants.by_ids(tx, {a.merchant_id for a in applications if tx.actor.reaches(a.merchant_id)})
    known = [a for a in applications if a.merchant_id in owners]
    buyers = await identity.find_buyers(tx, {(a.merchant_id, a.buyer_ref) for a in known})
    shelf = await _shelf(tx, known, buyers, lock=lock)
    answers: list[Judged | Refusal] = []
    for application in applications:
        if application.merchant_id not in owners:
            answers.append(merchants.MerchantUnknown("merchant_id"))
            continue
        buyer_id = buyers.get((application.merchant_id, application.buyer_ref))
        parts, problems = evaluate(application, buyer_id, shelf, now=tx.now)
        if problems or buyer_id is None:
            answers.append(problems[0] if len(problems) == 1 else Refusals(problems))
        else:
            answers.append(Judged(application, owners[application.merchant_id], buyer_id, tuple(parts)))
    return answers


async def _shelf(tx: Tx, applications: Sequence[Apply], buyers: dict[tuple[int, str], int], *, lock: bool) -> Shelf:
    named = {line.order_id for a in applications for line in a.lines if line.order_id is not None}
    searched = {
        (a.merchant_id, buyers[a.merchant_id, a.buyer_ref], line.sku.strip())
        for a in applications
        for line in a.lines
        if line.order_id is None and line.sku and (a.merchant_id, a.buyer_ref) in buyers
    }
    named |= set(await orders.with_product(tx, sorted(searched)))
    held = await (orders.lock(tx, named) if lock else orders.get(tx, named))
    lines = await orders.lines(tx, held)
    shipped = await fulfilment.shipped_units(tx, held)
    taken = await store.taken_units(tx, held)
    kept = await disposition.kept_units(tx, held)
    versions = await policies.by_ids(tx, {order.policy_id for order in held.values()})
    knowing = await _knowing(tx, held, versions)
    purchases = {
        (line.order_id, line.line_no): replace(
            _purchase(held[line.order_id], line, shipped.get((line.order_id, line.line_no), 0)),
            **knowing.get(line.order_id, {}),
        )
        for rows in lines.values()
        for line in rows
    }
    return Shelf(
        purchases,
        {key: purchase.shipped - taken.get(key, 0) - kept[key] for key, purchase in purchases.items()},
        {policy_id: policy.document for policy_id, policy in versions.items()},
    )


async def _knowing(
    tx: Tx, held: Mapping[int, orders.Order], versions: Mapping[int, policies.Policy]
) -> dict[int, dict[str, Any]]:
    """What only some policies ask: where the buyer is, and whether they were told of their right in time."""
    late = await policies.notices(tx, held)
    asked = {
        i: order.contact_id for i, order in held.items() if policies.asks_where(versions[order.policy_id].document)
    }
    where = await identity.countries(tx, set(asked.values())) if asked else {}
    known: dict[int, dict[str, Any]] = {i: {"country": where.get(contact, "")} for i, contact in asked.items()}
    for i, told_at in late.items():
        known[i] = known.get(i, {}) | {"is_untold": True, "told_at": told_at}
    return known


def _purchase(order: orders.Order, line: orders.OrderLine, shipped: int) -> Purchase:
    return Purchase(
        order_id=order.id,
        line_no=line.line_no,
        merchant_id=order.merchant_id,
        buyer_id=order.buyer_id,
        warehouse_id=order.warehouse_id,
        product_id=line.product_id,
        sku=line.sku,
        category=line.category,
        flags=tuple(line.flags),
        placed_at=order.placed_at,
        delivered_at=order.with_buyer_since,
        ended=str(order.state) if order.state in ENDED else None,
        quantity=line.quantity,
        shipped=shipped,
        net=line.net,
        is_confirmed=line.confirmed_at is not None,
        policy_id=order.policy_id,
        currency=order.currency,
        cancelled=line.cancelled,
        received_at=order.received_at,
    )
