"""What can be had for goods that come back: the same again, its variants, and whatever else the policy lets go for it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from dingdan.areas import catalog, inventory, orders, policies, refunds
from dingdan.areas.exchanges.model import Choice
from dingdan.areas.exchanges.rules import pricing
from dingdan.plumbing.tx import Tx

Kind = Literal["same", "variant", "other"]
# So many other things of the shop are shown; whoever looks for one more names it.
MOST_OTHERS = 24


async def choices(tx: Tx, order_id: int, units: Mapping[int, int], *, find: str = "") -> dict[int, list[Choice]]:
    """What these units {line: how many} of an order can be exchanged for, the same again first, each with its difference.

    With words to `find` the other things of the shop are those whose name or SKU has them. Nothing is written or kept.
    Raises orders.OrderUnknown, refunds.NotPaid, LineUnknown or QuantityUnfit.
    """
    order = await orders.get_one(tx, order_id)
    sold = {line.line_no: line for line in (await orders.lines(tx, [order_id]))[order_id] if line.line_no in units}
    asked = [refunds.AskedLine(line_no, units[line_no], refunds.Basis.EXCHANGED) for line_no in sold]
    worth, taxes = await refunds.worth(tx, order_id, asked), await refunds.tax_of(tx, order_id, asked)
    terms = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id].document.exchange
    same = await catalog.by_ids(tx, {line.product_id for line in sold.values()})
    words = {(order.merchant_id, one.variant_of) for one in same.values() if one.variant_of is not None}
    kin = await catalog.variants(tx, words)
    others = await catalog.found(tx, order.merchant_id, find, currency=order.currency, limit=MOST_OTHERS)
    free = await _free(tx, order, [*same.values(), *(one for some in kin.values() for one in some), *others])
    found: dict[int, list[Choice]] = {}
    for line_no, line in sold.items():
        own = same[line.product_id]
        near = kin.get((order.merchant_id, own.variant_of or ""), [])
        found[line_no] = [
            Choice(kind, offer, priced.total - worth[line_no], free.get(offer.product_id, 0) >= units[line_no])
            for kind, offer in _in_order(own, near, others)
            if pricing.why_unfit(line, offer, terms, currency=order.currency) is None
            for priced in [pricing.price(line, offer, units[line_no], worth[line_no], tax_paid=taxes[line_no],
                                         currency=order.currency)]
        ]  # fmt: skip
    return found


def _in_order(
    own: catalog.Offer, near: Sequence[catalog.Offer], others: Sequence[catalog.Offer]
) -> Iterator[tuple[Kind, catalog.Offer]]:
    """Each thing once, as what it is first; what is sold no more only as the same again."""
    seen = {own.product_id}
    yield "same", own
    said: list[tuple[Kind, Sequence[catalog.Offer]]] = [("variant", near), ("other", others)]
    for kind, some in said:
        for offer in some:
            if offer.product_id not in seen and offer.active and not offer.is_paused:
                seen.add(offer.product_id)
                yield kind, offer


async def _free(tx: Tx, order: orders.Order, offers: Sequence[catalog.Offer]) -> dict[int, int]:
    """How many of each could be kept for an order now."""
    known = {offer.product_id: (order.merchant_id, offer.components) for offer in offers}
    free = await inventory.sellable(tx, known)
    return {i: free.get((order.merchant_id, order.channel_id, i), 0) for i in known}
