"""What is wanted instead is kept from the moment that the exchange is approved, under the order that it will go out with."""

from collections.abc import Mapping, Sequence

from dingdan.areas import catalog, inventory, orders, payments, policies, returns
from dingdan.areas.exchanges import store
from dingdan.areas.exchanges.events import ExchangeRanShort, ExchangeRefunded, ExchangeReserved
from dingdan.areas.exchanges.lifecycle import ExchangeState
from dingdan.areas.exchanges.model import ExchangeLine, Held
from dingdan.areas.exchanges.refusals import NoneLeft
from dingdan.plumbing.tx import Tx


async def take_up(tx: Tx, held: Mapping[int, Held], *, must: bool = False) -> set[int]:
    """Keep what is wanted in approved exchanges that stand still; says for which there was enough.

    Where there is too little the policy says whether the buyer gets the money, or chooses. Raises NoneLeft where it `must`
    be had.
    """
    lines = await store.lines_of(tx, held)
    sold = await orders.get(tx, {one.exchange.order_id for one in held.values()})
    offers = await catalog.by_ids(tx, {line.product_id for some in lines.values() for line in some})
    # Where a channel has the money, nothing can be carried over: it exchanges, or gives the money back.
    elsewhere = {
        i for i, some in (await payments.of_orders(tx, sold)).items()
        if any(one.provider.startswith("channel:") for one in some)
    }  # fmt: skip
    wants: dict[int, list[inventory.Want]] = {}
    for i, one in held.items():
        order = sold[one.exchange.order_id]
        if order.id in elsewhere:
            continue
        wanted = await _wants(tx, order, one.exchange.sent_order_id, _as_returned(lines[i], one), offers)
        if wanted is not None:
            wants[i] = wanted
    # What is not enough for all goes to those who stand first.
    done = await inventory.reserve(tx, [want for some in wants.values() for want in some])
    missed = {shortage.order_id for shortage in done.short}
    kept = {i for i in wants if held[i].exchange.sent_order_id not in missed}
    if must and kept != set(held):
        raise NoneLeft
    moved = await store.move(tx, "reserve", kept, reserved_at=tx.now) if kept else {}
    tx.announce(*(
        ExchangeReserved(subject_id=i, merchant_id=held[i].exchange.merchant_id, order_id=held[i].exchange.order_id,
                         move=moved[i], return_id=held[i].exchange.return_id,
                         sent_order_id=held[i].exchange.sent_order_id)
        for i in sorted(moved)
    ))  # fmt: skip
    await _go_without(tx, {i: one for i, one in held.items() if i not in kept})
    return kept


async def give_money(tx: Tx, held: Mapping[int, Held], *, why: str) -> None:
    """Let the buyer have the price instead: at once where the goods were accepted, else when they have come."""
    if not held:
        return
    await inventory.release(tx, [one.exchange.sent_order_id for one in held.values()])
    await returns.turn_into_refunds(tx, [one.exchange.return_id for one in held.values()])
    moved = await store.move(tx, "refund", held, why=why, ended_at=tx.now)
    tx.announce(*(
        ExchangeRefunded(subject_id=i, merchant_id=held[i].exchange.merchant_id, order_id=held[i].exchange.order_id,
                         move=moved[i], return_id=held[i].exchange.return_id, why=why)
        for i in sorted(moved)
    ))  # fmt: skip


async def is_in_stock(tx: Tx, order: orders.Order, wanted: Sequence[tuple[catalog.Offer, int]]) -> bool:
    """Whether so much of these products could be kept for an order now."""
    need: dict[int, int] = {}
    for offer, units in wanted:
        need[offer.product_id] = need.get(offer.product_id, 0) + units
    inside = {offer.product_id: (order.merchant_id, offer.components) for offer, _ in wanted}
    free = await inventory.sellable(tx, inside)
    return all(free.get((order.merchant_id, order.channel_id, i), 0) >= units for i, units in need.items())


async def _go_without(tx: Tx, held: Mapping[int, Held]) -> None:
    versions = await policies.by_ids(tx, {one.one.policy_id for one in held.values()})
    fresh = {i: one for i, one in held.items() if one.exchange.state is ExchangeState.ASKED}
    waiting = {}
    for i, one in fresh.items():
        terms = versions[one.one.policy_id].document.exchange
        if terms is not None and terms.out_of_stock == "wait":
            waiting[i] = one
    moved = await store.move(tx, "run_short", waiting) if waiting else {}
    tx.announce(*(
        ExchangeRanShort(subject_id=i, merchant_id=held[i].exchange.merchant_id, order_id=held[i].exchange.order_id,
                         move=moved[i], return_id=held[i].exchange.return_id)
        for i in sorted(moved)
    ))  # fmt: skip
    await give_money(tx, {i: one for i, one in fresh.items() if i not in waiting}, why="out_of_stock")


def _as_returned(lines: Sequence[ExchangeLine], held: Held) -> Sequence[ExchangeLine]:
    return lines if held.one.resolution is returns.Resolution.EXCHANGE else ()


async def _wants(
    tx: Tx, order: orders.Order, sent_order_id: int, lines: Sequence[ExchangeLine], offers: Mapping[int, catalog.Offer]
) -> list[inventory.Want] | None:
    """What is to be kept, None where something of it is sold no more or has no price."""
    if not lines or any(order.currency not in offers[line.product_id].prices for line in lines):
        return None
    places = await _places(tx, order)
    return [
        inventory.Want(sent_order_id, line.line_no, order.merchant_id, line.product_id, line.quantity, places,
                       order.channel_id, True, offers[line.product_id].components)
        for line in lines
    ]  # fmt: skip


async def _places(tx: Tx, order: orders.Order) -> tuple[int, ...]:
    channels = {one.id: one for one in await inventory.channels_of(tx, order.merchant_id)}
    served = channels[order.channel_id].served_from if order.channel_id in channels else ()
    return tuple(dict.fromkeys((order.warehouse_id, *served)))
