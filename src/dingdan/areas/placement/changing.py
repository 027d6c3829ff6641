"""Minds changed before anything is picked: an order goes elsewhere, or an unpaid one makes way for other quantities.

The address is judged as when it was placed; quantities by placing itself, at the terms of the order.
"""

from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas import addresses, carriers, credit, customs, identity, inventory, orders, payments, policies, pricing
from dingdan.areas.placement.loading import load, wait_for_limits
from dingdan.areas.placement.model import Basket, ChangeAddress, Instead, PlacedOrder
from dingdan.areas.placement.placing import place
from dingdan.areas.placement.refusals import BasketEmpty, NotEnoughStock, WayCostsMore
from dingdan.areas.placement.rules import agreeing, solving, wanting
from dingdan.areas.placement.rules.cases import Facts
from dingdan.areas.placement.rules.judging import Verdict
from dingdan.kernel import ids
from dingdan.kernel.address import Address
from dingdan.kernel.money import decimal_string
from dingdan.kernel.refusal import Action, Operation, Refusal, Solution, Text, refuse_all
from dingdan.plumbing.tx import Tx

WAIVE = "order.waive"


class _Stand(msgspec.Struct, frozen=True):
    """An order as it stands, where it went, and the warehouses that keep its units, the first one first."""

    order: orders.Order
    lines: list[orders.OrderLine]
    former: Address
    places: list[int]


class _Seen(msgspec.Struct, frozen=True):
    """What is left of the order as a basket to the new address, what is known around it, and how it may travel."""

    basket: Basket
    facts: Facts
    services: list[str | None]


class _Found(msgspec.Struct, frozen=True):
    """A verdict for each warehouse, and those that the units are to be kept at from now on (None: where they are)."""

    verdicts: list[Verdict]
    moves_to: tuple[int, ...] | None = None

    @property
    def promise(self) -> carriers.Promise | None:
        """The latest of what can be promised from each."""
        made = [one for verdict in self.verdicts for one in verdict.promises if one is not None]
        return max(made, key=lambda one: one.arrive_by, default=None)


async def change_address(tx: Tx, order_id: int, wanted: ChangeAddress) -> None:
    """Send an order elsewhere before it is picked; the promise is made anew.

    Its units stay where they are kept, unless no way leads from there and one does from elsewhere. Raises OrderUnknown,
    StateForbids, AlreadyDispatched, BuyerUnknown, WayCostsMore or PermissionMissing (of a waiver), or all that is wrong
    with the address, as placing does.
    """
    if wanted.waive and not tx.actor.may(WAIVE):
        raise identity.PermissionMissing("waive_freight", permission=WAIVE)
    order = await orders.lock_one(tx, order_id)
    orders.decide_change(order)
    contact = await identity.contact(tx, order.contact_id)
    if contact is None or contact.address is None:
        raise identity.BuyerUnknown
    lines = (await orders.lines(tx, [order_id]))[order_id]
    places = (await inventory.places_of(tx, [order_id])).get(order_id) or [order.warehouse_id]
    stand = _Stand(order, lines, contact.address, places)
    seen = await _look(tx, stand, contact, wanted)
    found = _find_way(stand, seen)
    refuse_all(_mended(order, found.verdicts))
    more = await _more(tx, stand, found.verdicts[0])
    if more and not wanted.waive:
        raise _refused(tx, order, more)
    first = order.warehouse_id if found.moves_to is None else await _move(tx, stand, seen, found.moves_to)
    papers = (wanted.identity.name, wanted.identity.number) if wanted.identity is not None else None
    if wanted.identity is not None:
        await customs.show_other_papers(tx, order_id, wanted.identity.number)
    contact_id = await identity.readdress(tx, order.contact_id, wanted.ship_to, papers=papers)
    promise = found.promise
    await orders.change_address(tx, order, lines, orders.NewAddress(
        contact_id=contact_id, warehouse_id=first, waived=more,
        promise=promise.basis if promise is not None else None,
        ship_by=promise.ship_by if promise is not None else None,
        arrive_by=promise.arrive_by if promise is not None else None,
    ), reason=wanted.reason)  # fmt: skip


async def _look(tx: Tx, stand: _Stand, contact: identity.Contact, wanted: ChangeAddress) -> _Seen:
    order, lines = stand.order, stand.lines
    channel = agreeing.channel_with(await inventory.channels_of(tx, order.merchant_id), order.channel_id)
    left = {line.line_no: line.left for line in lines}
    # Whoever may not see people is not told by a way out what the shop calls them.
    guest = f"guest-{ids.spoken(tx.mint())}"
    known = contact if tx.actor.may("order.read_contact") else msgspec.structs.replace(contact, ref=guest)
    basket = agreeing.basket_of(order, lines, left, channel=channel.code, contact=known, ship_to=wanted.ship_to)
    shown = agreeing.papers(*(await identity.papers(tx, [order.contact_id]))[order.contact_id])
    basket = msgspec.structs.replace(basket, identity=wanted.identity or shown)
    facts = agreeing.as_agreed(await load(tx, [basket]), lines, left, order.currency)
    houses = {**facts.warehouses, **await inventory.warehouses(tx, stand.places)}
    before = ((await orders.promises(tx, [order.id])).get(order.id) or {}).get("service")
    # Without a wish it travels as before, or as it can where that is not to be had.
    services: list[str | None] = [wanted.service] if wanted.service is not None else [*dict.fromkeys([before, None])]
    # A presale is promised as if its balance were paid on the last day.
    ends = [one.balance_until for one in (await payments.deposits(tx, [order.id])).values()]
    return _Seen(basket, msgspec.structs.replace(facts, warehouses=houses, now=max([tx.now, *ends])), services)


def _find_way(stand: _Stand, seen: _Seen) -> _Found:
    """From where the units are kept, or else from other warehouses of the channel; the verdicts of here if from none."""
    here: list[Verdict] = []
    for service in seen.services:
        here = [_from(seen, place, service) for place in stand.places]
        if agreeing.is_reached(here):
            return _Found(here)
    others = agreeing.places_around(seen.facts, seen.basket.ship_to)
    for service in seen.services:
        there = {place: verdict for place in others if agreeing.is_reached([verdict := _from(seen, place, service)])}
        if there:
            return _Found(list(there.values()), tuple(there))
    return _Found(here)


def _from(seen: _Seen, place: int, service: str | None) -> Verdict:
    basket = msgspec.structs.replace(seen.basket, service=service)
    return agreeing.judge_address(basket, agreeing.served_from(seen.facts, place))


async def _move(tx: Tx, stand: _Stand, seen: _Seen, places: tuple[int, ...]) -> int:
    """Keep the units at warehouses from where a way leads, if they are there; says which one is the first."""
    order, merchant = stand.order, seen.facts.merchants[stand.order.merchant_id]
    wants = [
        inventory.Want(order.id, line.line_no, order.merchant_id, line.product_id, line.left, places, order.channel_id,
                       merchant.settings.split_orders, seen.facts.offers[order.merchant_id, line.sku].components, ())
        for line in stand.lines if line.left
    ]  # fmt: skip
    moved = await inventory.keep_elsewhere(tx, wants)
    refuse_all([
        NotEnoughStock("ship_to", sku=line.sku, wanted=short.wanted, free=short.free).with_solutions(
            order_again(order.id)
        )
        for short in moved.short
        for line in stand.lines
        if line.line_no == short.line_no
    ])  # fmt: skip
    return moved.warehouse_of[order.id]


def _mended(order: orders.Order, verdicts: Sequence[Verdict]) -> list[Refusal]:
    """All that is wrong with the address, each thing once, with its ways out."""
    different = {(problem.code, problem.path): problem for verdict in verdicts for problem in verdict.problems}
    return [
        problem.with_solutions(*problem.solutions, order_again(order.id))
        if isinstance(problem, carriers.Undeliverable) else problem
        for problem in solving.solved(verdicts[0], list(different.values()), agreeing.judge_address)
    ]  # fmt: skip


async def _more(tx: Tx, stand: _Stand, verdict: Verdict) -> int:
    """What the buyer would have to pay more."""
    ask = wanting.price_of(verdict.case, agreeing.only_part(verdict.case))
    region = addresses.region_of(stand.former)
    former = msgspec.structs.replace(ask, country=region.country, region=region.code)
    layers = (await pricing.layers(tx, [stand.order.id]))[stand.order.id]
    worth = agreeing.worth_of(stand.order, stand.lines, layers)
    return agreeing.costs_more(ask, former, await pricing.terms_for(tx, [ask]), worth)


def _refused(tx: Tx, order: orders.Order, more: int) -> Refusal:
    ways = [order_again(order.id)]
    if tx.actor.may(WAIVE):
        label = Text("Send it there at the price that was agreed", "免除差额，按原价寄送")
        ways.insert(0, Solution("waive", label, (Operation("add", "/waive_freight", value=True),)))
    amount = decimal_string(more, order.currency)
    return WayCostsMore("ship_to", amount=amount, currency=order.currency).with_solutions(*ways)


def order_again(order_id: int) -> Solution:
    """The way out that is always open before picking begins."""
    label = Text("Cancel the order, then order again", "取消订单后重新下单")
    href = f"/v1/orders/{ids.encode('order', order_id)}/cancel"
    return Solution("order_again", label, action=Action("POST", href, {"reason": "order_again"}))


async def change_quantities(
    tx: Tx, order_id: int, wanted: Mapping[int, int], *, reason: str, expected_total: int | None = None
) -> int:
    """Change how many units {line number: units, 0 for none} of an unpaid order are wanted; says which order holds now.

    The order ends and a new one takes its place: number, coupons, points and units pass to it within this transaction,
    unit prices, policy and the time to pay stay. What is as it was already changes nothing. Raises OrderUnknown,
    StateForbids, PaidAlready, CouponShared, DepositIsPaid, LineUnknown, BuyerUnknown, or whatever placing would say, in the
    words of this request.
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
        raise agreeing.paid_already(before, lines, wanted, await _channel(tx, before))
    if not any(quantities.values()):
        raise BasketEmpty("lines").with_solutions(order_again(order_id))
    # What a buyer may have only so often is waited for before any order is locked.
    await wait_for_limits(tx, [await _basket_again(tx, before, lines, quantities)])
    order = await orders.lock_one(tx, order_id)
    if others := (await pricing.shared(tx, [order_id])).get(order_id):
        named = [order_id, *sorted(other for other, merchant_id in others.items() if tx.actor.reaches(merchant_id))]
        ways = [order_again(one) for one in named]
        raise agreeing.coupon_shared(before, lines, wanted, await _channel(tx, before), ways)
    # Who paid a deposit is bound by it, and so is the seller.
    if any(one.paid_at is not None for one in (await payments.deposits(tx, [order_id])).values()):
        raise agreeing.deposit_paid(before, lines, wanted, await _channel(tx, before), order_again(order_id))
    basket = await _basket_again(tx, order, lines, quantities)
    instead = await _make_way(tx, order, lines, quantities)
    (result,) = await place(tx, [msgspec.structs.replace(basket, expected_total=expected_total)], instead=instead)
    if isinstance(result, Refusal):
        sold = [line.line_no for line in lines if quantities[line.line_no]]
        may_see = tx.actor.may("order.read_contact")
        refuse_all(agreeing.in_change(result, sold, list(wanted), order_again(order_id), tells=may_see))
    assert not isinstance(result, Refusal)
    (made,) = result.orders
    await _note(tx, made, lines, quantities, reason)
    return made.order_id


async def _basket_again(
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
    papers = agreeing.papers(*(await identity.papers(tx, [order.contact_id]))[order.contact_id])
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
    await customs.drop_imports(tx, [order.id])
    bound = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id]
    return Instead(order, tuple(lines), quantities, bound)


async def _note(
    tx: Tx, made: PlacedOrder, lines: Sequence[orders.OrderLine], quantities: Mapping[int, int], reason: str
) -> None:
    sold = [quantities[line.line_no] for line in lines if quantities[line.line_no]]
    await orders.note_replaced(tx, made.order_id, dict(enumerate(sold, start=1)), reason=reason)
