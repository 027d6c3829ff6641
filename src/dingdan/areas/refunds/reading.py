"""What others may ask about refunds."""

from collections.abc import Iterable, Sequence

import msgspec

from dingdan.areas import identity, orders, payments, policies
from dingdan.areas.refunds import balancing, store
from dingdan.areas.refunds.lifecycle import RefundState
from dingdan.areas.refunds.model import Account, AskedLine, Cause, HandPayout, Part, Refund, Tender
from dingdan.areas.refunds.refusals import HandPayoutUnknown, RefundUnknown
from dingdan.areas.refunds.rules import amount, arriving
from dingdan.plumbing.tx import Tx


async def withheld_with(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Orders that were sent for goods of these, never left, and hold money that a refund would not have brought."""
    held = await store.withheld(tx, order_ids)
    ways = await payments.sent_back(tx, held) if held else {}
    return {one.carried_to for some in ways.values() for one in some if one.carried_to is not None}


async def gone_for_returns(tx: Tx, return_ids: Iterable[int]) -> dict[int, int]:
    """How much went back for each of these returns, whichever order it lay with."""
    return await store.gone_for(tx, (Cause.RETURN, Cause.WITHHELD, Cause.REST), return_ids)


async def get(tx: Tx, ids: Iterable[int]) -> dict[int, Refund]:
    """Refunds of the actor's merchants."""
    return {i: refund for i, refund in (await store.get(tx, ids)).items() if tx.actor.reaches(refund.merchant_id)}


async def get_one(tx: Tx, refund_id: int) -> Refund:
    """One refund. Raises RefundUnknown; somebody else's is as unknown as none."""
    found = await get(tx, [refund_id])
    if refund_id not in found:
        raise RefundUnknown
    return found[refund_id]


async def hold_one(tx: Tx, refund_id: int) -> Refund:
    """One refund that stands still, because its order is locked. Raises RefundUnknown."""
    refund = await get_one(tx, refund_id)
    await orders.lock(tx, [refund.order_id])
    return await get_one(tx, refund_id)


async def of_orders(tx: Tx, ids: Iterable[int]) -> dict[int, list[Refund]]:
    """Every refund of these orders, oldest first."""
    found: dict[int, list[Refund]] = {order_id: [] for order_id in ids}
    for refund in (await store.of_orders(tx, found)).values():
        if tx.actor.reaches(refund.merchant_id):
            found[refund.order_id].append(refund)
    return found


async def parts(tx: Tx, refund_ids: Iterable[int]) -> dict[int, list[Part]]:
    """What these refunds are made of, each component with its rule."""
    asked = list(refund_ids)
    return await store.parts(tx, asked) if asked else {}


async def refunded_units(tx: Tx, order_id: int) -> dict[int, int]:
    """Units of each line of an order that were paid back or are about to be."""
    units: dict[int, int] = {}
    for row in await store.taken_parts(tx, [order_id]):
        if row["component"] == "goods":
            units[row["line_no"]] = units.get(row["line_no"], 0) + row["units"]
    return units


async def goods_left(tx: Tx, order_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """What of the price of each line (order, line) did not go back and is not about to."""
    lines = await orders.lines(tx, order_ids)
    left = {(i, line.line_no): line.net for i, some in lines.items() for line in some}
    for row in await store.taken_parts(tx, lines) if lines else ():
        if row["component"] == "goods" and (key := (row["order_id"], row["line_no"])) in left:
            left[key] -= row["amount"]
    return left


async def tax_of(tx: Tx, order_id: int, lines: Sequence[AskedLine]) -> dict[int, int]:
    """The tax in what these units are worth, by line. Raises orders.OrderUnknown, LineUnknown, QuantityUnfit or OverRefund."""
    order = await orders.get_one(tx, order_id)
    books = (await balancing.load(tx, {order_id: order}))[order_id]
    found = {line.line_no: 0 for line in lines}
    for part in amount.quote(books.sold, books.earlier, lines):
        if part.component == "tax":
            found[part.line_no] += part.amount
    return found


async def tenders(tx: Tx, refund_ids: Iterable[int]) -> dict[int, list[Tender]]:
    """Through which payments these refunds go."""
    return await store.tenders(tx, list(refund_ids))


async def hand_payout(tx: Tx, payout_id: int) -> HandPayout:
    """One payment by hand. Raises HandPayoutUnknown; somebody else's is as unknown as none."""
    found = (await store.payouts(tx, [payout_id])).get(payout_id)
    if found is None or not tx.actor.reaches(found.merchant_id):
        raise HandPayoutUnknown
    return found


async def hand_payouts_of(tx: Tx, order_id: int) -> list[HandPayout]:
    """Every payment by hand of an order, oldest first."""
    return [one for one in await store.payouts_of(tx, order_id) if tx.actor.reaches(one.merchant_id)]


async def account_of(tx: Tx, payout: HandPayout) -> Account | None:
    """Where it goes; None once the buyer was forgotten."""
    (plain,) = await identity.unseal(tx, [(payout.buyer_id, payout.sealed)])
    return None if plain is None else msgspec.json.decode(plain, type=Account)


async def drop_words(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of the accounts that buyers of these orders named: what is put away keeps them sealed on its own."""
    await store.drop_words(tx, order_ids)


async def expected(tx: Tx, refund: Refund) -> tuple[arriving.Expected, ...]:
    """When its money will be there, as its order's policy says; nothing before it is signed, and once it is there."""
    if refund.approved_at is None or refund.settled_at is not None or refund.state is RefundState.OFFLINE:
        return ()
    order = await orders.get_one(tx, refund.order_id)
    versions = await policies.by_ids(tx, [order.policy_id])
    return arriving.expect(versions[order.policy_id].document, refund.approved_at)
