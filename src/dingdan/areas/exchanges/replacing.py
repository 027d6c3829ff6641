"""What is sent instead: an order of its own, to which the money for what came back is carried over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from dingdan.areas import abuse, catalog, identity, inventory, orders, payments, policies, refunds, returns
from dingdan.areas import pricing as prices
from dingdan.areas.exchanges import store
from dingdan.areas.exchanges.events import ExchangeDifferenceAsked, ExchangeReplaced
from dingdan.areas.exchanges.lifecycle import ExchangeState
from dingdan.areas.exchanges.model import DIFFERENCE_HOURS, Exchange, ExchangeLine, Held
from dingdan.areas.exchanges.reading import hold_one
from dingdan.areas.exchanges.refusals import ExchangeStateForbids, NotAhead
from dingdan.areas.exchanges.reserving import give_money, take_up
from dingdan.areas.exchanges.rules import pricing
from dingdan.kernel.refusal import Text
from dingdan.kernel.times import iso
from dingdan.plumbing.tx import Tx

# Nobody has a right to goods before his own have come.
NOT_AHEAD = {abuse.Measure.HOLD_EARLY, abuse.Measure.NO_EXTRAS}
DEARER = Text("it costs more or less than what comes back", "存在价格差额")
NOT_TRUSTED = Text("the policy does not trust this buyer so far", "售后政策不支持该用户先行换货")
TOO_MUCH = Text("it is worth more than the policy sends ahead", "金额超过先行换货上限")
# Signs of abuse are not told here; the buyer's notice says what there is to know.
MORE_TIME = Text("it needs more time", "需要更多时间核实")
WORTHLESS = Text("nothing was paid for what comes back", "退回商品无实付金额")


async def replace(tx: Tx, held: Held) -> None:
    """The goods were accepted: write the order of what is wanted, for as many units as were.

    What there was none of is looked for once more; without it the buyer gets the money.
    """
    i = held.exchange.id
    if held.exchange.state is not ExchangeState.RESERVED and not await take_up(tx, {i: held}):
        if held.exchange.state is ExchangeState.SHORT:
            await give_money(tx, {i: held}, why="out_of_stock")
        return
    lines = (await store.lines_of(tx, [i]))[i]
    accepted = {n.line_no: n.accepted for n in (await returns.lines(tx, [held.one]))[held.one.id]}
    await _replace(tx, await hold_one(tx, i), lines, accepted)


async def ship_ahead(tx: Tx, exchange_id: int) -> Exchange:
    """Send what is wanted before the goods have come, where the policy trusts the buyer and it costs the same.

    What is not sent back is had back by a case. Raises ExchangeUnknown, ExchangeStateForbids or NotAhead.
    """
    held = await hold_one(tx, exchange_id)
    if held.exchange.state is not ExchangeState.RESERVED or held.one.outcome is not returns.Outcome.OPEN:
        raise ExchangeStateForbids(state=str(held.exchange.state), verb="ship_ahead")
    lines = (await store.lines_of(tx, [exchange_id]))[exchange_id]
    units = {line.line_no: line.quantity for line in lines}
    order = await orders.get_one(tx, held.exchange.order_id)
    worth, priced = await _priced(tx, order, lines, units)
    terms = (await policies.by_ids(tx, [held.one.policy_id]))[held.one.policy_id].document.early_refund
    standing = (await abuse.standings(tx, [order.buyer_id], lock=False)).get(order.buyer_id)
    total = sum(worth.values())
    why = None
    if terms is None or not await returns.is_trusted(tx, held.one):
        why = NOT_TRUSTED
    elif standing is not None and not standing.measures.isdisjoint(NOT_AHEAD):
        why = MORE_TIME
    elif sum(one.total for one in priced) != total:
        why = DEARER
    elif total > terms.most:
        why = TOO_MUCH
    elif total == 0:
        why = WORTHLESS
    if why is not None:
        raise NotAhead(why=why.en, why_zh=why.zh)
    await _replace(tx, held, lines, units, is_ahead=True)
    return (await hold_one(tx, exchange_id)).exchange


async def _replace(
    tx: Tx, held: Held, lines: Sequence[ExchangeLine], units: Mapping[int, int], *, is_ahead: bool = False
) -> None:
    exchange = held.exchange
    order = await orders.get_one(tx, exchange.order_id)
    worth, priced = await _priced(tx, order, lines, units)
    # Of the way back the buyer bears with the new order what is theirs, and is given back what is ours.
    costs = None if is_ahead else await returns.costs_of(tx, held.one)
    freight = costs.deduct if costs is not None else 0
    total, value = sum(one.total for one in priced) + freight, sum(worth.values())
    await _let_go(tx, exchange, lines, units)
    until = tx.now + timedelta(hours=DIFFERENCE_HOURS)
    await orders.record(tx, [await _order(tx, order, exchange, priced, freight=freight, until=until)])
    await _note_givers(tx, order, exchange, priced)
    keep = min(total, value)
    moved_over = await refunds.carry_over(tx, refunds.CarryOver(
        order_id=order.id, exchange_id=exchange.id, return_id=held.one.id, to_order_id=exchange.sent_order_id, keep=keep,
        lines=tuple(refunds.AskedLine(no, n, refunds.Basis.EXCHANGED) for no, n in sorted(units.items()) if n),
        reimburse=costs.reimburse if costs is not None else 0, is_policy_decided=not held.one.review_reasons,
    ))  # fmt: skip
    await store.note_sent(tx, exchange.id, dict(units))
    await payments.confirm_paid(tx, {exchange.sent_order_id})
    owed = costs.reimburse - moved_over.postage if costs is not None else 0
    await returns.give_instead(tx, held.one, moved_over.carried if is_ahead else moved_over.back, owed=owed,
                               is_ahead=is_ahead)  # fmt: skip
    values = {"replaced_at": tx.now, "worth": value, "carried": keep, "price": total}
    if total > value:
        moved = await store.move(tx, "ask_difference", [exchange.id], **values)
        tx.announce(ExchangeDifferenceAsked(
            subject_id=exchange.id, merchant_id=exchange.merchant_id, order_id=exchange.order_id, return_id=held.one.id,
            move=moved[exchange.id], sent_order_id=exchange.sent_order_id, amount=total - value,
            currency=order.currency, pay_by=iso(until),
        ))  # fmt: skip
        return
    await note_replaced(tx, exchange, ahead_at=tx.now if is_ahead else None, **values)


async def note_replaced(tx: Tx, exchange: Exchange, **values: object) -> None:
    """The order that goes out is paid."""
    moved = await store.move(tx, "replace", [exchange.id], **values)
    tx.announce(ExchangeReplaced(
        subject_id=exchange.id, merchant_id=exchange.merchant_id, order_id=exchange.order_id,
        return_id=exchange.return_id, move=moved[exchange.id], sent_order_id=exchange.sent_order_id,
        is_ahead=values.get("ahead_at") is not None,
    ))  # fmt: skip


async def _priced(
    tx: Tx, order: orders.Order, lines: Sequence[ExchangeLine], units: Mapping[int, int]
) -> tuple[dict[int, int], list[pricing.Priced]]:
    """What the units are worth by line, and what goes out for them at what price."""
    sold = {line.line_no: line for line in (await orders.lines(tx, [order.id]))[order.id]}
    asked = [refunds.AskedLine(no, n, refunds.Basis.EXCHANGED) for no, n in sorted(units.items()) if n]
    worth, taxes = await refunds.worth(tx, order.id, asked), await refunds.tax_of(tx, order.id, asked)
    offers = await catalog.by_ids(tx, {line.product_id for line in lines})
    return worth, [
        pricing.price(sold[line.line_no], offers[line.product_id], n, worth[line.line_no],
                      tax_paid=taxes[line.line_no], currency=order.currency)
        for line in lines if (n := units.get(line.line_no, 0))
    ]  # fmt: skip


async def _note_givers(tx: Tx, order: orders.Order, exchange: Exchange, priced: Sequence[pricing.Priced]) -> None:
    """What the platform gave towards goods that came back it gives towards those that are sent for them."""
    if not any(one.discount for one in priced):
        return
    sold = {line.line_no: line for line in (await orders.lines(tx, [order.id]))[order.id]}
    layers = (await prices.layers(tx, [order.id]))[order.id]
    quote = pricing.with_givers(order.merchant_id, priced, sold, layers)
    if quote is not None:
        await prices.record(tx, {exchange.sent_order_id: quote})


async def _let_go(tx: Tx, exchange: Exchange, lines: Sequence[ExchangeLine], units: Mapping[int, int]) -> None:
    """What is kept for units that were not accepted is free again."""
    over = {
        (exchange.sent_order_id, line.line_no): line.quantity - units.get(line.line_no, 0)
        for line in lines if line.quantity > units.get(line.line_no, 0)
    }  # fmt: skip
    if over:
        await inventory.release_units(tx, over)


async def _order(
    tx: Tx, order: orders.Order, exchange: Exchange, priced: Sequence[pricing.Priced], *, freight: int, until: datetime
) -> orders.NewOrder:
    (place, *_) = (await inventory.places_of(tx, [exchange.sent_order_id]))[exchange.sent_order_id]
    goods, discount = sum(one.goods for one in priced), sum(one.discount for one in priced)
    tax = sum(one.tax for one in priced)
    return orders.NewOrder(
        id=exchange.sent_order_id, merchant_id=order.merchant_id, checkout_id=tx.mint(), channel_id=order.channel_id,
        warehouse_id=place, buyer_id=order.buyer_id,
        contact_id=await identity.copy(tx, order.contact_id), currency=order.currency, goods=goods,
        discount=discount, freight=freight, tax=tax, total=goods - discount + freight + tax, policy_id=order.policy_id,
        policy_hash=order.policy_hash, reference=None, pay_by=until, first_order_id=order.first,
        lines=[
            orders.OrderLine(
                order_id=exchange.sent_order_id, line_no=one.line_no, merchant_id=order.merchant_id,
                product_id=one.offer.product_id, sku=one.offer.sku, title=one.offer.title, category=one.offer.category,
                flags=list(one.offer.flags), quantity=one.quantity, unit_price=one.unit_price, goods=one.goods,
                discount=one.discount, tax=one.tax, confirmed_text=None, confirmed_at=None,
            )
            for one in priced
        ],
    )  # fmt: skip
