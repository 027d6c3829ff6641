"""Other quantities of an unpaid order: it makes way for a new one at its terms, in one transaction."""

from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas import credit, identity, inventory, orders, payments, policies, pricing
from dingdan.areas.placement.loading import wait_for_limits
from dingdan.areas.placement.model import Basket, Instead, PlacedOrder
from dingdan.areas.placement.placing import place
from dingdan.areas.placement.readdressing import order_again
from dingdan.areas.placement.refusals import BasketEmpty
from dingdan.areas.placement.rules import agreeing, fitting
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.tx import Tx


async def change_quantities(
    tx: Tx, order_id: int, wanted: Mapping[int, int], *, reason: str, expected_total: int | None = None
) -> int:
    """Change how many units {line number: units, 0 for none} of an unpaid order are wanted; says which order holds now.

    The order ends and a new one takes its place: number, coupons, points and units pass to it within this transaction,
    unit prices, policy and the time to pay stay. What is as it was already changes nothing. Raises OrderUnknown,
    StateForbids, PaidAlready, DepositIsPaid, LineUnknown, BuyerUnknown, or whatever placing would say, in the words of this
    request.
    """
    before = await orders.get_one(tx, order_id)
    lines = (await orders.lines(tx, [order_id]))[order_id]
    orders.decide_change(before)
    known = {line.line_no for line in lines}
    refuse_all([orders.LineUnknown(f"lines[{i}].line_no", line_no=n) for i, n in enumerate(wanted) if n not in known])
    quantities = {line.line_no: wanted.get(line.line_no, line.left) for line in lines}
    if all(quantities[line.line_no] == line.left for line in lines):
        return order_id
    if before.paid_at is not None:
        raise fitting.paid_already(before, lines, wanted, await _channel(tx, before))
    if not any(quantities.values()):
        raise BasketEmpty("lines").with_solutions(order_again(order_id))
    # What a buyer may have only so often is waited for before any order is locked.
    await wait_for_limits(tx, [await _basket(tx, before, lines, quantities)])
    order = await orders.lock_one(tx, order_id)
    # Who paid a deposit is bound by it, and so is the seller.
    if any(one.paid_at is not None for one in (await payments.deposits(tx, [order_id])).values()):
        raise fitting.deposit_paid(before, lines, wanted, await _channel(tx, before), order_again(order_id))
    basket = await _basket(tx, order, lines, quantities)
    instead = await _make_way(tx, order, lines, quantities)
    (result,) = await place(tx, [msgspec.structs.replace(basket, expected_total=expected_total)], instead=instead)
    if isinstance(result, Refusal):
        sold = [line.line_no for line in lines if quantities[line.line_no]]
        may_see = tx.actor.may("order.read_contact")
        refuse_all(fitting.in_change(result, sold, list(wanted), order_again(order_id), tells=may_see))
    assert not isinstance(result, Refusal)
    (made,) = result.orders
    await _note(tx, made, lines, quantities, reason)
    return made.order_id


async def _basket(
    tx: Tx, order: orders.Order, lines: Sequence[orders.OrderLine], quantities: Mapping[int, int]
) -> Basket:
    """The order as a basket again, with the coupons and points that were in its price."""
    contact = await identity.contact(tx, order.contact_id)
    if contact is None or contact.address is None:
        raise identity.BuyerUnknown
    channel = await _channel(tx, order)
    basket = agreeing.basket_of(order, lines, quantities, channel=channel, contact=contact, ship_to=contact.address)
    coupons, points = agreeing.coupons_of((await pricing.layers(tx, [order.id]))[order.id])
    service = ((await orders.promises(tx, [order.id])).get(order.id) or {}).get("service")
    papers = agreeing.papers(*await identity.papers(tx, order.contact_id))
    return msgspec.structs.replace(basket, coupons=coupons, points=points, service=service, identity=papers)


async def _channel(tx: Tx, order: orders.Order) -> str:
    return agreeing.channel_with(await inventory.channels_of(tx, order.merchant_id), order.channel_id).code


async def _make_way(
    tx: Tx, order: orders.Order, lines: Sequence[orders.OrderLine], quantities: dict[int, int]
) -> Instead:
    """End the order, and let go of all that it used but its units, which are let go when the new one takes its own."""
    await orders.make_way(tx, order)
    await pricing.give_back(tx, [order.id])
    await credit.release(tx, [order.id])
    bound = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id]
    return Instead(order, tuple(lines), quantities, bound)


async def _note(
    tx: Tx, made: PlacedOrder, lines: Sequence[orders.OrderLine], quantities: Mapping[int, int], reason: str
) -> None:
    sold = [quantities[line.line_no] for line in lines if quantities[line.line_no]]
    await orders.note_replaced(tx, made.order_id, dict(enumerate(sold, start=1)), reason=reason)
