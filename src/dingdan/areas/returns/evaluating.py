"""Loading what applications are judged by: the buyers, their purchases, what is left of them, the policies."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from dingdan.areas import (
    abuse,
    catalog,
    disposition,
    evidence,
    fulfilment,
    identity,
    merchants,
    orders,
    policies,
    refunds,
)
from dingdan.areas.returns import store
from dingdan.areas.returns.model import EVIDENCE_REUSED, MORE_TIME, REFUND_ONLY, Apply, Resolution
from dingdan.areas.returns.rules.eligibility import evaluate, facts_of, is_left_to_us
from dingdan.areas.returns.rules.inspection import basis_of
from dingdan.areas.returns.rules.matching import Key, Part, Purchase, Shelf, repair_days
from dingdan.areas.returns.rules.resolving import LENIENT, is_evident
from dingdan.kernel.refusal import Refusal, Refusals
from dingdan.plumbing.tx import Tx

ENDED = frozenset({orders.OrderState.CANCELLED, orders.OrderState.EXPIRED})


class Judged(msgspec.Struct, frozen=True):
    """An application with what it may take, and the evidence that was shown for it."""

    application: Apply
    merchant: merchants.Merchant
    buyer_id: int
    parts: tuple[Part, ...]
    shown: tuple[evidence.Evidence, ...] = ()
    # What follows for this buyer from signs of abuse, where anything does.
    standing: abuse.Standing | None = None

    def shown_of(self, order_id: int) -> list[evidence.Evidence]:
        """The evidence that is about one order."""
        return [one for one in self.shown if one.order_id == order_id]


async def judge_all(
    tx: Tx, applications: Sequence[Apply], *, lock: bool, instead_of: Iterable[int] = ()
) -> list[Judged | Refusal]:
    """Judge applications one after the other; with `lock` nobody else can take what they take.

    What one takes is no longer there for the next. Each has its own answer and hurts nobody else. What the returns
    `instead_of` hold is free for them.
    """
    owners = await merchants.by_ids(tx, {a.merchant_id for a in applications if tx.actor.reaches(a.merchant_id)})
    known = [a for a in applications if a.merchant_id in owners]
    buyers = await identity.find_buyers(tx, {(a.merchant_id, a.buyer_ref) for a in known})
    shelf = await _shelf(tx, known, buyers, lock=lock, instead_of=list(instead_of))
    standings = await abuse.standings(tx, set(buyers.values()), lock=lock)
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
            shown = tuple(shelf.shown[number] for number in dict.fromkeys(application.evidence))
            answers.append(Judged(
                application, owners[application.merchant_id], buyer_id, tuple(parts), shown, standings.get(buyer_id)
            ))  # fmt: skip
    return answers


async def judge_lines(tx: Tx, order: orders.Order, reason: str) -> list[policies.Verdict]:
    """What the policy of an order says about one unit of each of its lines, were it asked for now for this reason.

    Raises policies.ReasonUnknown.
    """
    document = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id].document
    bought = await purchases_of(tx, order, document)
    return [policies.judge(document, facts_of(one, reason, tx.now)) for one in bought]


async def purchases_of(tx: Tx, order: orders.Order, document: policies.PolicyDocument) -> list[Purchase]:
    """The lines of an order as its policy sees them."""
    knowing = (await _knowing(tx, {order.id: order}, {order.policy_id: document})).get(order.id, {})
    served = await _served(tx, [order.id])
    return [
        replace(_purchase(order, line, 0), **knowing, **served.get((order.id, line.line_no), {}))
        for line in (await orders.lines(tx, [order.id]))[order.id]
    ]


async def looks_of(tx: Tx, judged: Judged, parts: Sequence[Part], document: policies.PolicyDocument) -> tuple[str, ...]:
    """Why a person must look at the part of an application that concerns one order; nothing where none need.

    Signs of abuse make one look where the law leaves the choice, and nowhere else (R7.2).
    """
    reviews = await _looks_by_rule(tx, judged, parts, document)
    if judged.standing is None or abuse.Measure.PERSON not in judged.standing.measures:
        return reviews
    law = next((one for one in policies.packs() if one.jurisdiction == document.jurisdiction), None)
    is_ours = bool(reviews) or is_left_to_us(parts, law, resolution=judged.application.resolution, now=tx.now)
    return (*reviews, MORE_TIME) if is_ours else reviews


async def _looks_by_rule(
    tx: Tx, judged: Judged, parts: Sequence[Part], document: policies.PolicyDocument
) -> tuple[str, ...]:
    by_price = judged.merchant.settings.review_price_claims
    reviews = dict.fromkeys(reason for part in parts for reason in part.review_reasons(by_price=by_price))
    shown = judged.shown_of(parts[0].purchase.order_id)
    if reviews and any(one.is_seen_before for one in shown):
        reviews[EVIDENCE_REUSED] = None
    terms = document.asking.refund_only
    if terms is None or REFUND_ONLY not in reviews or not LENIENT.issuperset(reviews):
        return tuple(reviews)
    bought = parts[0].purchase
    quote = await refunds.quote(tx, bought.order_id, asked_lines(parts, document))
    is_small = quote.amount <= terms.up_to.get(bought.currency, 0)
    return () if is_small and is_evident(document, [part.reason for part in parts], shown) else tuple(reviews)


def asked_lines(parts: Sequence[Part], document: policies.PolicyDocument) -> list[refunds.AskedLine]:
    """What is asked back for these parts; units that are only made cheaper are none."""
    return [
        refunds.AskedLine(part.purchase.line_no, part.quantity, _basis(part, document))
        for part in parts
        if not part.off
    ]


def _basis(part: Part, document: policies.PolicyDocument) -> refunds.Basis:
    """Why units are paid back: they never left, or by whose fault they come back; that decides about the freight (A7)."""
    return refunds.Basis.CANCELLED if part.is_unshipped else basis_of(document, document.reasons[part.reason].fault)


async def _shelf(
    tx: Tx,
    applications: Sequence[Apply],
    buyers: dict[tuple[int, str], int],
    *,
    lock: bool,
    instead_of: list[int],
) -> Shelf:
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
    taken = await store.taken_units(tx, held, except_of=instead_of)
    made_good = await store.made_good_units(tx, held)
    kept = await disposition.kept_units(tx, held)
    versions = await policies.by_ids(tx, {order.policy_id for order in held.values()})
    knowing = await _knowing(tx, held, {i: policy.document for i, policy in versions.items()})
    served = await _served(tx, held)
    purchases = {
        (line.order_id, line.line_no): replace(
            _purchase(held[line.order_id], line, shipped.get((line.order_id, line.line_no), 0)),
            **knowing.get(line.order_id, {}),
            **served.get((line.order_id, line.line_no), {}),
        )
        for rows in lines.values()
        for line in rows
    }
    # What of each line nobody has had anything for: not a return, not a remedy, and not goods that were kept.
    free = {
        key: bought.quantity - bought.cancelled - taken.get(key, 0) - made_good.get(key, 0) - kept[key]
        for key, bought in purchases.items()
    }
    return Shelf(
        purchases,
        {key: min(bought.shipped - taken.get(key, 0) - kept[key], free[key]) for key, bought in purchases.items()},
        {policy_id: policy.document for policy_id, policy in versions.items()},
        unshipped={key: min(p.quantity - p.cancelled - p.shipped, free[key]) for key, p in purchases.items()},
        attempts=await store.attempts(tx, held),
        reduced=await store.reduced(tx, held),
        worth=await refunds.goods_left(tx, held) if _reduces(applications) else {},
        prices=await _prices(tx, applications, purchases),
        shown=await evidence.get(tx, {number for a in applications for number in a.evidence}),
    )


async def _knowing(
    tx: Tx, held: Mapping[int, orders.Order], documents: Mapping[int, policies.PolicyDocument]
) -> dict[int, dict[str, Any]]:
    """What only some policies ask: where the buyer is, and whether they were told of their right in time."""
    late = await policies.notices(tx, held)
    asked = {i: order.contact_id for i, order in held.items() if policies.asks_where(documents[order.policy_id])}
    where = await identity.countries(tx, set(asked.values())) if asked else {}
    known: dict[int, dict[str, Any]] = {i: {"country": where.get(contact, "")} for i, contact in asked.items()}
    for i, told_at in late.items():
        known[i] = known.get(i, {}) | {"is_untold": True, "told_at": told_at}
    return known


async def _served(tx: Tx, order_ids: Iterable[int]) -> dict[Key, dict[str, Any]]:
    """What clocks leave out or begin anew with: days in repair, repairs in vain, and when other goods came instead."""
    found: dict[Key, dict[str, Any]] = {}
    for one in await store.services_of(tx, order_ids):
        known = found.setdefault((one.order_id, one.line_no), {})
        if one.kind == "exchange":
            known["exchanged_at"] = one.since
            continue
        known["repair_days"] = known.get("repair_days", 0) + repair_days(one, tx.now)
        known["failed_repairs"] = known.get("failed_repairs", 0) + one.is_failed
    return found


def _reduces(applications: Sequence[Apply]) -> bool:
    """Whether anybody wants something off the price of what they keep."""
    return any(a.resolution in (Resolution.KEEP, Resolution.PRICE_PROTECTION) for a in applications)


async def _prices(tx: Tx, applications: Sequence[Apply], purchases: dict[Key, Purchase]) -> dict[tuple[int, str], int]:
    """Today's prices by product and currency, where somebody asks for the difference."""
    if all(a.resolution is not Resolution.PRICE_PROTECTION for a in applications):
        return {}
    offers = await catalog.by_ids(tx, {bought.product_id for bought in purchases.values()})
    return {
        (product_id, currency): price
        for product_id, offer in offers.items() if offer.active and not offer.is_paused
        for currency, price in offer.prices.items()
    }  # fmt: skip


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
