"""Hold units for orders, let them go, hold them again, and let them leave."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas.inventory import store
from dingdan.areas.inventory.lifecycle import ReservationState
from dingdan.areas.inventory.model import Shortage, Want
from dingdan.areas.inventory.rules import scarcity
from dingdan.plumbing.tx import Tx

HELD, RELEASED, CONSUMED = (
    str(ReservationState.HELD), str(ReservationState.RELEASED), str(ReservationState.CONSUMED)
)  # fmt: skip

NOBODY: Mapping[int, int] = {}


async def reserve(tx: Tx, wants: Sequence[Want], *, together: Mapping[int, int] = NOBODY) -> list[Shortage]:
    """Hold units for many new orders at once, all of an order or nothing; says what was missing.

    `together` names orders that get all of theirs or nothing with each other: {order: any number they share}.

    One statement takes the batch's whole need of every row. Only rows that are scarce are given out by hand, in
    the order the orders came, and what a refused order had taken elsewhere goes back in the same transaction.
    """
    if not wants:
        return []
    served, short = await _take(tx, wants, together)
    await store.add_reservations(tx, served)
    return short


async def hold_again(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Take the stock of orders whose hold was released once more; says which orders got all of it."""
    wants = await store.reservations(tx, order_ids, RELEASED)
    served, _ = await _take(tx, wants) if wants else ([], [])
    held = {want.order_id for want in served}
    await store.move_reservations(tx, held, RELEASED, HELD)
    return held


async def release(tx: Tx, order_ids: Iterable[int]) -> int:
    """Free what orders still hold; a second time frees nothing more. Says how many units."""
    rows = await store.move_reservations(tx, order_ids, HELD, RELEASED)
    needs = scarcity.needs_of([Want(**dict(row)) for row in rows])
    await store.change_reserved(tx, {key: -quantity for key, quantity in needs.items()})
    return sum(needs.values())


async def consume(tx: Tx, order_ids: Iterable[int]) -> list[Want]:
    """The held units of orders leave the house; says what left."""
    rows = await store.move_reservations(tx, order_ids, HELD, CONSUMED)
    wants = [Want(**dict(row)) for row in rows]
    needs = scarcity.needs_of(wants)
    await store.change_stock(tx, [(w, p, -quantity, -quantity, 0) for (w, p), quantity in needs.items()])
    await store.add_movements(tx, [
        (w.merchant_id, w.warehouse_id, w.product_id, "on_hand", -w.quantity, "ship", w.order_id, w.line_no, None)
        for w in wants
    ])  # fmt: skip
    return wants


async def _take(
    tx: Tx, wants: Sequence[Want], together: Mapping[int, int] = NOBODY
) -> tuple[list[Want], list[Shortage]]:
    needs = scarcity.needs_of(wants)
    given = await store.take_all(tx, needs)
    scarce = set(needs) - given
    if not scarce:
        return list(wants), []
    served, short = scarcity.hand_out(wants, await store.free_of(tx, scarce), together)
    kept = scarcity.needs_of(served)
    await store.change_reserved(tx, {key: kept.get(key, 0) - (needs[key] if key in given else 0) for key in needs})
    return served, short
