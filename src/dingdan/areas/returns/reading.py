"""What others may ask about returns."""

from collections.abc import Iterable, Mapping

import msgspec

from dingdan.areas import fulfilment, inventory, orders
from dingdan.areas.returns import store
from dingdan.areas.returns.model import Finding, Instructions, Return, ReturnLine, ReturnParcel
from dingdan.areas.returns.refusals import ReturnUnknown
from dingdan.kernel import ids
from dingdan.plumbing.tx import Tx


async def get(tx: Tx, return_ids: Iterable[int]) -> dict[int, Return]:
    """Returns of the actor's merchants."""
    return {r.id: r for r in await store.returns(tx, return_ids) if tx.actor.reaches(r.merchant_id)}


async def get_one(tx: Tx, return_id: int) -> Return:
    """One return. Raises ReturnUnknown; somebody else's return is as unknown as none."""
    found = await get(tx, [return_id])
    if return_id not in found:
        raise ReturnUnknown
    return found[return_id]


async def hold(tx: Tx, return_ids: Iterable[int]) -> dict[int, Return]:
    """Returns of the actor's merchants that stand still, because their orders are locked."""
    known = await get(tx, return_ids)
    await orders.lock(tx, {r.order_id for r in known.values()})
    return await get(tx, known)


async def hold_one(tx: Tx, return_id: int) -> Return:
    """One return that stands still. Raises ReturnUnknown."""
    found = await hold(tx, [return_id])
    if return_id not in found:
        raise ReturnUnknown
    return found[return_id]


async def of_orders(tx: Tx, order_ids: Iterable[int]) -> list[Return]:
    """The returns of orders."""
    return [r for r in await store.returns_of(tx, order_ids) if tx.actor.reaches(r.merchant_id)]


async def taken_units(tx: Tx, order_id: int) -> dict[int, int]:
    """Units of each line of an order that a buyer has had something for, or is about to: by returns and by remedies.

    Whoever gives something for a unit holds the order's lock and looks here first: a unit is paid back once.
    """
    units: dict[int, int] = {}
    for found in (await store.taken_units(tx, [order_id]), await store.made_good_units(tx, [order_id])):
        for (_, line_no), count in found.items():
            units[line_no] = units.get(line_no, 0) + count
    return units


async def make_good_units(tx: Tx, remedy_id: int, order_id: int, merchant_id: int, units: Mapping[int, int]) -> None:
    """A remedy speaks for units {line: how many} of a locked order from now on; whoever asks has seen that they are left."""
    await store.make_good_units(tx, remedy_id, order_id, merchant_id, dict(units))


async def free_units(tx: Tx, remedy_ids: Iterable[int]) -> None:
    """These remedies speak for no units any more: declined, refused, or a return does."""
    await store.free_units(tx, remedy_ids)


async def lines(tx: Tx, returns: Iterable[Return]) -> dict[int, list[ReturnLine]]:
    """The lines of returns, by return."""
    return await store.lines_of(tx, list(returns))


async def parcels_of(tx: Tx, return_ids: Iterable[int]) -> list[ReturnParcel]:
    """The parcels in which returns come back."""
    return [p for p in await store.parcels_of(tx, return_ids) if tx.actor.reaches(p.merchant_id)]


async def in_parcel(tx: Tx, tracking_number: str, *, carrier: str | None = None) -> list[Return]:
    """The returns that lie in a parcel which stands at the door."""
    found = await store.in_parcel(tx, tx.actor.merchant_id, carrier, fulfilment.tidy_number(tracking_number))
    return list((await get(tx, found)).values())


async def findings(tx: Tx, return_id: int) -> list[Finding]:
    """What inspections of a return found, entry by entry. Raises ReturnUnknown."""
    await get_one(tx, return_id)
    return [msgspec.convert(dict(row), Finding) for row in await store.inspection_lines(tx, return_id)]


async def instructions(tx: Tx, return_ids: Iterable[int]) -> dict[int, Instructions]:
    """How approved returns are sent back: where to, until when, under which number."""
    approved = {i: r for i, r in (await get(tx, return_ids)).items() if r.decision == "approved" and r.send_by}
    places = await inventory.warehouses(tx, {r.warehouse_id for r in approved.values()})
    return {
        i: Instructions(i, ids.spoken(i), places[r.warehouse_id].return_address, r.send_by) for i, r in approved.items()
    }


async def open_of_orders(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Those of these orders that have a return whose end is still open."""
    return {order_id for order_id, _, is_open in await store.open_and_over(tx, order_ids) if is_open}
