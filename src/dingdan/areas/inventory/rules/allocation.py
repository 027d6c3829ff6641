"""From where each order is served: the nearest warehouse that has all, parts of several only where that is allowed.

The same wishes at the same shelves always give the same answer, and each part says by which rule it was chosen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dingdan.areas.inventory.model import Elsewhere, Part, Shortage, Want
from dingdan.areas.inventory.rules.shelf import Shelf

Key = tuple[int, int]
Shelves = dict[Key, Shelf]
# A line's whole units at a warehouse: (want, warehouse, units of the line).
Pick = tuple[Want, int, int]

FIRST, HAS_ALL, SPLIT, BY_HAND = "first", "has_all", "split", "by_hand"
NOBODY: Mapping[int, int] = {}


def by_order(wants: Iterable[Want]) -> dict[int, list[Want]]:
    """The wishes of each order, orders as they came."""
    found: dict[int, list[Want]] = {}
    for want in wants:
        found.setdefault(want.order_id, []).append(want)
    return found


def contents(want: Want) -> tuple[tuple[int, int], ...]:
    """What lies in one unit of a line: pairs of product and units."""
    return want.components or ((want.product_id, 1),)


def keys_of(want: Want) -> list[Key]:
    """Every shelf that a wish may be served from."""
    return [(place, product_id) for place in want.warehouse_ids for product_id, _ in contents(want)]


def first_choice(wants: Sequence[Want]) -> list[Part]:
    """All of every order from its first warehouse."""
    parts: list[Part] = []
    for want in wants:
        if want.components:
            parts += _parts(want, [(want, want.warehouse_ids[0], want.quantity)], FIRST, {})
        else:
            parts.append(Part(
                order_id=want.order_id, line_no=want.line_no, part_no=1, merchant_id=want.merchant_id,
                warehouse_id=want.warehouse_ids[0], product_id=want.product_id, quantity=want.quantity,
            ))  # fmt: skip
    return parts


def needs_of(parts: Iterable[Part]) -> dict[Key, int]:
    """How many units of each shelf (warehouse, product) are wanted in all."""
    needs: dict[Key, int] = defaultdict(int)
    for part in parts:
        needs[part.warehouse_id, part.product_id] += part.quantity
    return dict(needs)


def allocate(
    wants: Sequence[Want], shelves: Shelves, together: Mapping[int, int] = NOBODY
) -> tuple[list[Part], list[Shortage]]:
    """Serve orders one after the other, all of an order or nothing; shelves are left as they are afterwards.

    Every shelf that `keys_of` names must be there. Orders that share a number in `together` get all of theirs or none.
    """
    served: list[Part] = []
    short: list[Shortage] = []
    groups: dict[int, list[list[Want]]] = {}
    for order_id, lines in by_order(wants).items():
        groups.setdefault(together.get(order_id, order_id), []).append(lines)
    for group in groups.values():
        trial = (
            shelves if len(group) == 1 else {k: shelves[k].copy() for lines in group for w in lines for k in keys_of(w)}
        )
        found, missing = _serve(group, trial)
        short += missing
        if not missing:
            served += found
            shelves |= trial
    return served, short


def shortages(
    wants: Sequence[Want], shelves: Mapping[Key, Shelf], together: Mapping[int, int] = NOBODY
) -> list[Shortage]:
    """What would be missing if these wishes alone came to these shelves, which stay as they are."""
    trial = {key: shelves[key].copy() if key in shelves else Shelf(0) for want in wants for key in keys_of(want)}
    return allocate(wants, trial, together)[1]


def _serve(orders: Sequence[list[Want]], shelves: Shelves) -> tuple[list[Part], list[Shortage]]:
    """Serve some orders from these shelves; what the shelves hold afterwards counts only if nothing is short."""
    served: list[Part] = []
    short: list[Shortage] = []
    for lines in orders:
        picks, rule = _choose(lines, shelves)
        if picks is None:
            short += _shortages(lines, shelves)
            continue
        for want in lines:
            served += _parts(want, [pick for pick in picks if pick[0] is want], rule, shelves)
        for want, place, units in picks:
            _take(want, place, units, shelves)
    return served, short


def allocate_again(parts: Sequence[Part], shelves: Shelves) -> list[Part]:
    """Serve parts that once were held where they were, all of an order or nothing; other shelves have enough."""
    served: list[Part] = []
    orders: dict[int, list[Part]] = {}
    for part in parts:
        orders.setdefault(part.order_id, []).append(part)
    for own in orders.values():
        trial: Shelves = {key: shelves[key].copy() for key in needs_of(own) if key in shelves}
        if all(_fits(part, trial) for part in own):
            shelves |= trial
            served += own
    return served


def free_units(want: Want, place: int, shelves: Mapping[Key, Shelf]) -> int:
    """How many whole units of a line a warehouse can give."""
    found = []
    for product_id, each in contents(want):
        shelf = shelves.get((place, product_id))
        found.append(shelf.free_for(shelf.pool_of(want.channel_id)) // each if shelf else 0)
    return min(found)


def elsewhere(want: Want, shelves: Mapping[Key, Shelf], places: Iterable[int]) -> tuple[Elsewhere, ...]:
    """What other warehouses could give of a line; those that have none are left out."""
    found = [Elsewhere(place, free_units(want, place, shelves)) for place in dict.fromkeys(places)]
    return tuple(one for one in found if one.free)


def _fits(part: Part, shelves: Shelves) -> bool:
    """Whether a part is there; if so it is taken."""
    shelf = shelves.get((part.warehouse_id, part.product_id))
    if shelf is None:
        return True
    pool_id = part.pool_id if part.pool_id in shelf.pools else None
    if shelf.free_for(pool_id) < part.quantity:
        return False
    shelf.take(pool_id, part.quantity)
    return True


def _choose(lines: Sequence[Want], shelves: Shelves) -> tuple[list[Pick] | None, str]:
    places = [place for place in lines[0].warehouse_ids if all(place in want.warehouse_ids for want in lines)]
    for place in places:
        picks, missing = _greedy(lines, shelves, {want.line_no: (place,) for want in lines})
        if not missing:
            return picks, FIRST if place == lines[0].warehouse_ids[0] else HAS_ALL
    if all(want.may_split for want in lines):
        picks, missing = _greedy(lines, shelves, {want.line_no: want.warehouse_ids for want in lines})
        if not missing:
            return picks, SPLIT
    return None, ""


def _greedy(
    lines: Sequence[Want], shelves: Shelves, places: Mapping[int, Sequence[int]]
) -> tuple[list[Pick], dict[int, int]]:
    """Whole lines from the nearest warehouse that has them, else what each has of them, nearest first.

    Says what was picked and what is missing, by line.
    """
    trial = {key: shelves[key].copy() for want in lines for key in keys_of(want)}
    picks: list[Pick] = []
    missing: dict[int, int] = {}
    for want in lines:
        left = want.quantity
        own = places[want.line_no]
        whole = next((place for place in own if free_units(want, place, trial) >= left), None)
        for place in [whole] if whole is not None else own:
            units = min(left, free_units(want, place, trial))
            if units:
                _take(want, place, units, trial)
                picks.append((want, place, units))
                left -= units
        if left:
            missing[want.line_no] = left
    return picks, missing


def _shortages(lines: Sequence[Want], shelves: Shelves) -> list[Shortage]:
    """What to say about an order that cannot be served: measured at the warehouse that would miss the fewest units.

    Were each short line cut down to its `free` (or left out at 0), the order would be served.
    """
    if all(want.may_split for want in lines):
        tries = [tuple({want.line_no: want.warehouse_ids for want in lines}.items())]
    else:
        shared = [place for place in lines[0].warehouse_ids if all(place in want.warehouse_ids for want in lines)]
        tries = [tuple((want.line_no, (place,)) for want in lines) for place in shared]
    found = []
    for rank, chosen in enumerate(tries):
        _, missing = _greedy(lines, shelves, dict(chosen))
        found.append((sum(missing.values()), rank, missing, dict(chosen)))
    _, _, missing, chosen_places = min(found, key=lambda one: one[:2]) if found else (0, 0, {}, {})
    if not found:
        missing = {want.line_no: want.quantity for want in lines}
    return [
        Shortage(
            want.order_id, want.line_no, want.product_id, want.quantity, want.quantity - missing[want.line_no],
            "frozen" if _is_frozen(want, shelves, chosen_places.get(want.line_no, want.warehouse_ids)) else "stock",
            elsewhere(want, shelves, [p for p in want.warehouse_ids if p not in chosen_places.get(want.line_no, ())]),
        )
        for want in lines
        if want.line_no in missing
    ]  # fmt: skip


def _is_frozen(want: Want, shelves: Shelves, places: Sequence[int]) -> bool:
    return all(any(shelves[place, product].is_frozen for product, _ in contents(want)) for place in places)


def _take(want: Want, place: int, units: int, shelves: Shelves) -> None:
    for product_id, each in contents(want):
        shelf = shelves[place, product_id]
        shelf.take(shelf.pool_of(want.channel_id), units * each)


def _parts(want: Want, picks: Sequence[Pick], rule: str, shelves: Mapping[Key, Shelf]) -> list[Part]:
    parts = [
        Part(
            order_id=want.order_id, line_no=want.line_no, part_no=0, merchant_id=want.merchant_id, warehouse_id=place,
            product_id=product_id, quantity=units * each, each=each, chosen_by=rule,
            pool_id=shelf.pool_of(want.channel_id) if (shelf := shelves.get((place, product_id))) else None,
        )
        for _, place, units in picks
        for product_id, each in contents(want)
    ]  # fmt: skip
    return [msgspec.structs.replace(part, part_no=no) for no, part in enumerate(parts, start=1)]


def wish_at(place: int, own: Sequence[Part], units: int, channel_id: int) -> Want:
    """The wish for units of a line at one warehouse; `own` is what is kept for the line by now."""
    inside = {part.product_id: part.each for part in own}
    first = own[0]
    return Want(
        first.order_id, first.line_no, first.merchant_id, first.product_id, units, (place,), channel_id,
        components=tuple(inside.items()),
    )  # fmt: skip


def join(held: Sequence[Part], came: Sequence[Part]) -> tuple[dict[tuple[int, int, int], int], list[Part]]:
    """Parts that somebody had come to a warehouse: pieces that are added to a part there, and parts that are new."""

    def alike(part: Part) -> tuple[int, int, int, int, int | None]:
        return part.order_id, part.line_no, part.warehouse_id, part.product_id, part.pool_id

    known = {alike(part): (part.order_id, part.line_no, part.part_no) for part in held}
    grown = {known[alike(part)]: part.quantity for part in came if alike(part) in known}
    new = [msgspec.structs.replace(part, chosen_by=BY_HAND) for part in came if alike(part) not in known]
    return grown, new


def from_anywhere(want: Want, shelves: Shelves) -> tuple[list[Part], int]:
    """Whatever the warehouses of a wish can give of it, the first one first, and how many units nobody has.

    The shelves are left as they are afterwards. Parts are numbered from 1.
    """
    picks, missing = _greedy([want], shelves, {want.line_no: want.warehouse_ids})
    parts = _parts(want, picks, SPLIT, shelves)
    for _, place, units in picks:
        _take(want, place, units, shelves)
    return parts, missing.get(want.line_no, 0)


def by_line(parts: Iterable[Part]) -> dict[Key, list[Part]]:
    """The parts of each line (order, line), as they came."""
    found: dict[Key, list[Part]] = {}
    for part in parts:
        found.setdefault((part.order_id, part.line_no), []).append(part)
    return found


def givers(own: Sequence[Part]) -> list[int]:
    """The warehouses that keep units of a line, in the order in which they give: first the one whose part came last."""
    return list(dict.fromkeys(part.warehouse_id for part in reversed(own)))


def trim(parts: Sequence[Part], units: Mapping[tuple[int, int], int]) -> dict[tuple[int, int, int], int]:
    """Pieces to let go by (order, line, part), for units to let go by (order, line).

    The warehouse that came last gives first, so that parcels fall away before they get lighter; of a bundle all that
    lies in it goes together.
    """
    off: dict[tuple[int, int, int], int] = {}
    kept = by_line(parts)
    for key, wanted in units.items():
        own = kept.get(key, [])
        left = wanted
        for place in givers(own):
            inside: dict[int, list[Part]] = {}
            for part in reversed([part for part in own if part.warehouse_id == place]):
                inside.setdefault(part.product_id, []).append(part)
            there = min(sum(part.quantity // part.each for part in held) for held in inside.values())
            going = min(left, there)
            left -= going
            for held in inside.values():
                off |= _trim_product(held, going)
        assert left == 0, "more units are let go than are held"
    return off


def _trim_product(held: Sequence[Part], units: int) -> dict[tuple[int, int, int], int]:
    off: dict[tuple[int, int, int], int] = {}
    for part in held:
        going = min(units, part.quantity // part.each)
        units -= going
        if going:
            off[part.order_id, part.line_no, part.part_no] = going * part.each
    return off
