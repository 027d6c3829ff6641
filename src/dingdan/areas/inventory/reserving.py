"""Hold units for orders, let them go, hold them again, and let them leave."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from dingdan.areas.inventory import freezing, store
from dingdan.areas.inventory.lifecycle import ReservationState
from dingdan.areas.inventory.model import Holder, Loss, Lost, Move, Part, Reserved, Shortage, Want
from dingdan.areas.inventory.moving import move
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

# What a movement says about a piece that a picker did not find; a count that follows may find it again.
NOT_FOUND, DAMAGED = "missing_at_picking", "damaged"


def holder(tx: Tx, kind: str, merchant_id: int, ref: str, *, most: int) -> Holder:
    """A buyer or a device (`kind`) of a merchant by the name the shop knows it by, for a cap of unpaid units."""
    hashed: bytes = tx.sealer.fingerprint(f"holder {kind} {merchant_id}", ref.strip().encode().hex())
    return Holder(hashed, most)


async def reserve(tx: Tx, wants: Sequence[Want], *, together: Mapping[int, int] = NOBODY) -> Reserved:
    """Hold units for many new orders at once, all of an order or nothing; says what was missing.

    `together` names orders that get all of theirs or nothing with each other: {order: any number they share}.

    The batch's whole need of every shelf is taken at once, each order from its first warehouse. Orders that meet a
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
    """Free some of what orders hold, by (order, line), of a bundle all that lies in it; first what they only wait for.

    Says the first warehouse that still serves each order; those that hold nothing any more are left out.
    """
    ids = {order_id for order_id, _ in units}
    missed = await store.lock_held(tx, ids, RELEASED)
    waited = {key: min(n, sum(p.quantity // p.each for p in own)) for key, n in units.items()
              if (own := _of_one_product(missed, key))}  # fmt: skip
    given_up = allocation.trim(missed, waited)
    if given_up:
        await store.trim_reservations(tx, given_up)
    parts = await store.lock_held(tx, ids)
    off = allocation.trim(parts, {key: n - waited.get(key, 0) for key, n in units.items() if n > waited.get(key, 0)})
    if off:
        await store.trim_reservations(tx, off)
    going = _cut(parts, off)
    await store.change_reserved(tx, {key: -quantity for key, quantity in allocation.needs_of(going).items()})
    await store.change_taken(tx, {pool_id: -pieces for pool_id, pieces in _taken(going).items()})
    return {
        part.order_id: part.warehouse_id
        for part in reversed(parts)
        if part.quantity > off.get((part.order_id, part.line_no, part.part_no), 0)
    }


def _of_one_product(parts: Sequence[Part], key: tuple[int, int]) -> list[Part]:
    """The parts of a line; of a bundle those of one product, which count its units as well as all would."""
    own = [part for part in parts if (part.order_id, part.line_no) == key]
    return [part for part in own if part.product_id == own[0].product_id]


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


async def serve_from(
    tx: Tx, units: Mapping[Key, int], to: Mapping[int, int], *, channels: Mapping[int, int],
    spared: Mapping[int, Collection[int]],
) -> Reserved:  # fmt: skip
    """Keep units of locked orders {(order, line): how many} at another warehouse {order: which}, all of an order or nothing.

    What came last gives first, and `spared` warehouses {order: which} nothing. The caller has seen that the others hold so
    much, and names the `channels` of the orders. Says what was missing, and the first warehouse of each that was served.
    """
    held = await store.lock_held(tx, to)
    own = allocation.by_line(held)
    off = allocation.trim([p for p in held if p.warehouse_id not in (to[p.order_id], *spared[p.order_id])], units)
    wants = [allocation.wish_at(to[key[0]], own[key], n, channels[key[0]]) for key, n in units.items()]
    keys = {key for want in wants for key in allocation.keys_of(want)}
    await store.lock_levels(tx, keys | allocation.needs_of(_cut(held, off)).keys())
    came, short = allocation.allocate(wants, await shelves_at(tx, keys))
    served = {part.order_id for part in came}
    going = [part for part in _cut(held, off) if part.order_id in served]
    if going:
        gone = [msgspec.structs.replace(part, quantity=-part.quantity) for part in going]
        await store.trim_reservations(tx, {(p.order_id, p.line_no, p.part_no): p.quantity for p in going})
        await store.change_reserved(tx, allocation.needs_of([*came, *gone]))
        await store.change_taken(tx, _taken([*came, *gone]))
        grown, new = allocation.join(held, came)
        await store.grow_reservations(tx, grown)
        await store.add_reservations(tx, _numbered(new, await store.last_parts(tx, served)))
    left = await store.reservations(tx, served, [HELD])
    return Reserved(short, {part.order_id: part.warehouse_id for part in reversed(left)})


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


async def lose(tx: Tx, losses: Sequence[Loss], *, places: Sequence[int], channel_id: int) -> Lost:
    """Take lost units of one locked order off the shelf and off the order, and hold others: from the same shelf, then

    from `places`. What nobody has waits where it was, as `await_stock` leaves it. A shelf on which pieces were not found
    sells nothing more until somebody has counted it: what the books still call free there may be gone as well. The
    caller has seen that the order holds so much.
    """
    order_id = losses[0].order_id
    held = await store.lock_held(tx, [order_id])
    going = _going(held, losses)
    wants = [
        _want(loss, going, (loss.warehouse_id, *(p for p in places if p != loss.warehouse_id)), channel_id)
        for loss in losses
    ]
    keys = {key for want in wants for key in allocation.keys_of(want)}
    await store.lock_levels(tx, keys)
    await store.trim_reservations(tx, {(p.order_id, p.line_no, p.part_no): p.quantity for p in going})
    await store.change_reserved(tx, {key: -units for key, units in allocation.needs_of(going).items()})
    await store.change_taken(tx, {pool_id: -units for pool_id, units in _taken(going).items()})
    await move(tx, [one for loss in losses for one in _moves(loss, going[0].merchant_id)])
    unseen = {(loss.warehouse_id, product_id) for loss in losses for product_id, units in loss.gone.items() if units}
    await freezing.stop(tx, await store.lock_levels(tx, unseen))
    shelves = await shelves_at(tx, keys)
    moved: dict[int, dict[int, int]] = {}
    waiting: dict[int, int] = {}
    new: list[Part] = []
    missed: list[Part] = []
    for loss, want in zip(losses, wants, strict=True):
        parts, left = allocation.from_anywhere(want, shelves)
        new += parts
        for part in parts:
            moved.setdefault(loss.line_no, {})[part.warehouse_id] = part.quantity // part.each
        if left:
            waiting[loss.line_no] = left
            missed += [
                msgspec.structs.replace(part, quantity=left * part.each, pool_id=None)
                for part in _one_of_each(going, loss)
            ]
    await store.change_reserved(tx, allocation.needs_of(new))
    await store.change_taken(tx, _taken(new))
    known = await store.last_parts(tx, [order_id])
    await store.add_reservations(tx, _numbered(new, known))
    await store.add_reservations(tx, _numbered(missed, known), state=RELEASED)
    gone = {(p.line_no, p.part_no) for p in going if _is_whole(p, held)}
    still = [p.warehouse_id for p in held if (p.line_no, p.part_no) not in gone] + [
        p.warehouse_id for p in new + missed
    ]
    return Lost(moved, waiting, still[0])


async def waiting_units(tx: Tx, order_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Units that nobody has, by order and line: of orders that go on, or are stopped for just that."""
    missed = await store.reservations(tx, order_ids, [RELEASED])
    found: dict[int, dict[int, int]] = {}
    for key in dict.fromkeys((part.order_id, part.line_no) for part in missed):
        found.setdefault(key[0], {})[key[1]] = sum(p.quantity // p.each for p in _of_one_product(missed, key))
    return found


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


def _moves(loss: Loss, merchant_id: int) -> list[Move]:
    place = loss.warehouse_id
    gone = [Move("adjust", merchant_id, place, i, -n, NOT_FOUND) for i, n in sorted(loss.gone.items()) if n]
    unfit = [Move("write_off", merchant_id, place, i, n, DAMAGED) for i, n in sorted(loss.damaged.items()) if n]
    return gone + unfit


def _going(held: Sequence[Part], losses: Sequence[Loss]) -> list[Part]:
    off: dict[tuple[int, int, int], int] = {}
    for loss in losses:
        own = [p for p in held if p.line_no == loss.line_no and p.warehouse_id == loss.warehouse_id]
        off |= allocation.trim(own, {(loss.order_id, loss.line_no): loss.units})
    return _cut(held, off)


def _cut(held: Sequence[Part], off: Mapping[tuple[int, int, int], int]) -> list[Part]:
    """What goes of parts, by the pieces that each of them gives."""
    going = [(part, off.get((part.order_id, part.line_no, part.part_no), 0)) for part in held]
    return [msgspec.structs.replace(part, quantity=pieces) for part, pieces in going if pieces]


def _want(loss: Loss, going: Sequence[Part], places: tuple[int, ...], channel_id: int) -> Want:
    inside = _one_of_each(going, loss)
    own = tuple((part.product_id, part.each) for part in inside)
    return Want(
        loss.order_id, loss.line_no, inside[0].merchant_id, inside[0].product_id, loss.units, places, channel_id,
        may_split=True, components=own,
    )  # fmt: skip


def _one_of_each(going: Sequence[Part], loss: Loss) -> list[Part]:
    """A part for each product of a lost line, whatever its units."""
    found = {p.product_id: p for p in going if p.line_no == loss.line_no and p.warehouse_id == loss.warehouse_id}
    return list(found.values())


def _is_whole(part: Part, held: Sequence[Part]) -> bool:
    own = next(p for p in held if (p.line_no, p.part_no) == (part.line_no, part.part_no))
    return own.quantity == part.quantity


def _numbered(parts: Sequence[Part], known: dict[Key, int]) -> list[Part]:
    """Parts with numbers that no other part of their (order, line) has; `known` counts on."""
    numbered = []
    for part in parts:
        line = (part.order_id, part.line_no)
        known[line] = known.get(line, 0) + 1
        numbered.append(msgspec.structs.replace(part, part_no=known[line]))
    return numbered
