"""Hold units for orders, let them go, hold them again, and let them leave."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from dingdan.areas.inventory import store
from dingdan.areas.inventory.lifecycle import ReservationState
from dingdan.areas.inventory.model import Holder, Part, Reserved, Shortage, Want
from dingdan.areas.inventory.reading import shelves_at
from dingdan.areas.inventory.refusals import ShelfEmpty
from dingdan.areas.inventory.rules import allocation, caps
from dingdan.areas.inventory.rules.allocation import NOBODY
from dingdan.areas.inventory.store import Change, Movement
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx

HELD, RELEASED, CONSUMED = (
    str(ReservationState.HELD), str(ReservationState.RELEASED), str(ReservationState.CONSUMED)
)  # fmt: skip

Key = tuple[int, int]


def holder(tx: Tx, kind: str, merchant_id: int, ref: str, *, most: int) -> Holder:
    """A buyer or a device (`kind`) of a merchant by the name the shop knows it by, for a cap of unpaid units."""
    hashed: bytes = tx.sealer.fingerprint(f"holder {kind} {merchant_id}", ref.strip().encode().hex())
    return Holder(hashed, most)


async def reserve(tx: Tx, wants: Sequence[Want], *, together: Mapping[int, int] = NOBODY) -> Reserved:
    """Hold units for many new orders at once, all of an order or nothing; says what was missing.

    `together` names orders that get all of theirs or nothing with each other: {order: any number they share}.

    One statement takes the batch's whole need of every shelf, each order from its first warehouse. Orders that meet a
    shelf that is scarce, frozen or shared out among channels are served by hand, in the order they came.
    """
    if not wants:
        return Reserved([], {})
    short = await _over_cap(tx, wants)
    refused = _with_theirs({one.order_id for one in short}, together)
    asked = [want for want in wants if want.order_id not in refused] if refused else wants
    served, missing = await _take(tx, asked, together)
    await store.add_reservations(tx, served)
    got = {part.order_id: part.warehouse_id for part in reversed(served)}
    holdings = caps.rows_of([want for want in asked if want.holders and want.order_id in got])
    if holdings:
        await store.add_holdings(tx, holdings)
    return Reserved(short + missing, got)


async def await_stock(tx: Tx, wants: Sequence[Want]) -> dict[int, int]:
    """Write wishes down that nothing is held for yet: orders that were made elsewhere and found too little here.

    `hold_again` takes their units when they have come. Says at which warehouse each order waits.
    """
    parts = allocation.first_choice(wants)
    await store.add_reservations(tx, parts, state=RELEASED)
    return {part.order_id: part.warehouse_id for part in reversed(parts)}


async def hold_again(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Take the stock of orders whose hold was released once more, where it was; says which orders got all of it."""
    parts = await store.reservations(tx, order_ids, [RELEASED])
    if not parts:
        return set()
    needs = allocation.needs_of(parts)
    given = await store.take_all(tx, needs)
    served = parts
    if scarce := needs.keys() - given:
        served = allocation.allocate_again(parts, await shelves_at(tx, scarce))
        await _correct(tx, needs, given, allocation.needs_of(served))
    await store.change_taken(tx, _taken(served))
    held = {part.order_id for part in served}
    await store.move_reservations(tx, held, RELEASED, HELD)
    return held


async def release(tx: Tx, order_ids: Iterable[int]) -> int:
    """Free what orders still hold; a second time frees nothing more. Says how many units."""
    ids = list(order_ids)
    parts = await store.move_reservations(tx, ids, HELD, RELEASED)
    needs = allocation.needs_of(parts)
    await store.change_reserved(tx, {key: -quantity for key, quantity in needs.items()})
    await store.change_taken(tx, {pool_id: -units for pool_id, units in _taken(parts).items()})
    await store.drop_holdings(tx, ids)
    return sum(needs.values())


async def release_units(tx: Tx, units: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """Free some of what orders hold, by (order, line), of a bundle all that lies in it.

    Says the first warehouse that still serves each order; those that hold nothing any more are left out.
    """
    parts = await store.lock_held(tx, {order_id for order_id, _ in units})
    off = allocation.trim(parts, units)
    await store.trim_reservations(tx, off)
    going = [
        msgspec.structs.replace(part, quantity=off[key])
        for part in parts
        if (key := (part.order_id, part.line_no, part.part_no)) in off
    ]
    await store.change_reserved(tx, {key: -quantity for key, quantity in allocation.needs_of(going).items()})
    await store.change_taken(tx, {pool_id: -pieces for pool_id, pieces in _taken(going).items()})
    return {
        part.order_id: part.warehouse_id
        for part in reversed(parts)
        if part.quantity > off.get((part.order_id, part.line_no, part.part_no), 0)
    }


async def keep_elsewhere(tx: Tx, wants: Sequence[Want]) -> Reserved:
    """Keep the units of orders, all that they hold, at other warehouses than before; says what was missing there.

    Where anything was missing the caller refuses, and nothing of it happened.
    """
    order_ids = {want.order_id for want in wants}
    parts = await store.lock_held(tx, order_ids)
    await store.change_reserved(tx, {key: -quantity for key, quantity in allocation.needs_of(parts).items()})
    await store.change_taken(tx, {pool_id: -pieces for pool_id, pieces in _taken(parts).items()})
    served, missing = await _take(tx, wants, NOBODY)
    if not missing:
        await store.drop_held(tx, order_ids)
        await store.add_reservations(tx, served)
    return Reserved(missing, {part.order_id: part.warehouse_id for part in reversed(served)})


async def note_paid(tx: Tx, order_ids: Iterable[int]) -> None:
    """Who paid for units no longer keeps them from others: they count against no cap."""
    await store.drop_holdings(tx, order_ids)


async def consume(tx: Tx, places: Iterable[tuple[int, int]]) -> list[Part]:
    """The held units of orders leave warehouses (order, warehouse); says what left.

    Raises ShelfEmpty where the books say that less is there, because somebody counted or wrote off meanwhile.
    """
    wanted = list(places)
    parts = await store.move_reservations(tx, [order_id for order_id, _ in wanted], HELD, CONSUMED, places=wanted)
    needs = allocation.needs_of(parts)
    levels = await store.lock_levels(tx, needs)
    refuse_all([
        ShelfEmpty(there=levels[key]["on_hand"] - levels[key]["held"], wanted=quantity)
        for key, quantity in needs.items()
        if levels[key]["on_hand"] - levels[key]["held"] < quantity
    ])  # fmt: skip
    await store.change_stock(tx, [
        Change(warehouse_id=w, product_id=p, on_hand=-quantity, reserved=-quantity)
        for (w, p), quantity in needs.items()
    ])  # fmt: skip
    await store.add_movements(tx, [
        Movement(merchant_id=part.merchant_id, warehouse_id=part.warehouse_id, product_id=part.product_id,
                 bucket="on_hand", quantity=-part.quantity, reason="ship", order_id=part.order_id, line_no=part.line_no)
        for part in parts
    ])  # fmt: skip
    await store.drop_holdings(tx, {part.order_id for part in parts})
    return parts


async def _take(tx: Tx, wants: Sequence[Want], together: Mapping[int, int]) -> tuple[list[Part], list[Shortage]]:
    first = allocation.first_choice(wants)
    needs = allocation.needs_of(first)
    others = {key for want in wants if len(want.warehouse_ids) > 1 for key in allocation.keys_of(want)}
    given = await store.take_all(tx, needs, others)
    if len(given) == len(needs):
        return first, []
    missed = {part.order_id for part in first if (part.warehouse_id, part.product_id) not in given}
    troubled = _with_theirs(missed, together)
    served = [part for part in first if part.order_id not in troubled]
    asking = [want for want in wants if want.order_id in troubled]
    shelves = await shelves_at(tx, {key for want in asking for key in allocation.keys_of(want)})
    # What these orders took with the others lies on its shelf again while they are served by hand.
    took = allocation.needs_of([part for part in first if part.order_id in troubled])
    for key, quantity in took.items():
        if key in given:
            shelves[key].take(None, -quantity)
    found, short = allocation.allocate(asking, shelves, together)
    await _correct(tx, took, given, allocation.needs_of(found))
    await store.change_taken(tx, _taken(found))
    return served + found, await _with_elsewhere(tx, asking, short)


def _with_theirs(orders: set[int], together: Mapping[int, int]) -> set[int]:
    """Orders with those that share their fate."""
    groups = {together[order_id] for order_id in orders if order_id in together}
    return orders | {order_id for order_id, group in together.items() if group in groups}


async def _correct(tx: Tx, took: Mapping[Key, int], given: Collection[Key], kept: Mapping[Key, int]) -> None:
    """Change what is reserved from what a set of orders took in one go to what each of them was given."""
    await store.change_reserved(tx, {
        key: kept.get(key, 0) - (took.get(key, 0) if key in given else 0) for key in {*took, *kept}
    })  # fmt: skip


async def _with_elsewhere(tx: Tx, wants: Sequence[Want], short: Sequence[Shortage]) -> list[Shortage]:
    """The same shortages, knowing also what warehouses could give that may not serve these lines."""
    about = {(want.order_id, want.line_no): want for want in wants}
    lacking = [one for one in short if one.why != "cap"]
    if not lacking:
        return list(short)
    products = {p for one in lacking for p, _ in allocation.contents(about[one.order_id, one.line_no])}
    rows = {(r["warehouse_id"], r["product_id"]): r for r in await store.rows_of_products(tx, products)}
    shelves = await shelves_at(tx, rows)
    return [
        one if one.why == "cap" else msgspec.structs.replace(one, elsewhere=(
            *one.elsewhere, *allocation.elsewhere(want, shelves, [p for p, _ in rows if p not in want.warehouse_ids])))
        for one in short
        for want in [about[one.order_id, one.line_no]]
    ]  # fmt: skip


def _taken(parts: Iterable[Part]) -> dict[int, int]:
    """Units by the pool they were taken from."""
    taken: dict[int, int] = defaultdict(int)
    for part in parts:
        if part.pool_id is not None:
            taken[part.pool_id] += part.quantity
    return taken


async def _over_cap(tx: Tx, wants: Sequence[Want]) -> list[Shortage]:
    holders = {holder.hash for want in wants for holder in want.holders}
    if not holders:
        return []
    await store.lock_holders(tx, holders)
    return caps.over_cap(wants, await kept_by(tx, holders))


async def kept_by(tx: Tx, holders: Collection[bytes]) -> dict[tuple[bytes, int], int]:
    """The units that holders keep from others without having paid, by (holder, product)."""
    return await store.holdings(tx, holders) if holders else {}
