"""Tracking numbers of many orders at once: every row is resolved and shipped for itself, and none hurts another."""

from collections.abc import Mapping, Sequence
from typing import Any

from dingdan.areas import carriers, fulfilment, inventory, orders
from dingdan.kernel import ids
from dingdan.kernel.actor import Actor
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import rows, tracking_rows

# Rows that are shipped in one transaction; an order's rows are never torn apart.
SET = 500

Outcome = str | Refusal


class _OnlyTried(Exception):
    """Ends the transaction of a dry run, with what it would have done."""

    def __init__(self, made: list[str]) -> None:
        super().__init__("a dry run")
        self.made = made


async def take_in(
    db: Database, actor: Actor, merchant_id: int, given: Sequence[tracking_rows.Row], *, is_dry_run: bool
) -> list[Outcome]:
    """What became of each row: a word, or why not. A dry run checks all of it as if it were done."""
    outcomes: dict[int, Outcome] = {}
    async with db.reading(actor) as tx:
        found = await _resolved(tx, merchant_id, given)
    ready: list[tuple[int, fulfilment.Upload]] = []
    for place, one in enumerate(found):
        if isinstance(one, fulfilment.Upload):
            ready.append((place, one))
        else:
            outcomes[place] = one
    for part in _sets(ready):
        outcomes |= await _ship(db, actor, part, is_dry_run=is_dry_run)
    return [outcomes[place] for place in range(len(given))]


async def _resolved(tx: Tx, merchant_id: int, given: Sequence[tracking_rows.Row]) -> list[fulfilment.Upload | Refusal]:
    """Each row as the area knows it, or what is wrong with it."""
    named = {row.cells["order"] for row in given if "order" in row.cells}
    by_reference = await orders.by_reference(tx, merchant_id, named)
    by_id = {text: order_id for text in named if (order_id := ids.decode("order", text)) is not None}
    reached = {i for i, order in (await orders.get(tx, by_id.values())).items() if order.merchant_id == merchant_id}
    places = {place.code: place.id for place in await inventory.warehouses_of(tx, merchant_id)}
    held = await carriers.carriers_of(tx, merchant_id)
    found: list[fulfilment.Upload | Refusal] = []
    for row in given:
        text = row.cells.get("order", "")
        order_id = by_reference.get(text) or (by_id[text] if by_id.get(text) in reached else None)
        problems = list(row.problems)
        if text and order_id is None:
            problems.append(orders.OrderUnknown("order"))
        place = row.cells.get("warehouse")
        if place is not None and place not in places:
            problems.append(inventory.WarehouseUnknown("warehouse", code=place))
        if problems or order_id is None:
            found.append(problems[0])
            continue
        lines = tuple(fulfilment.ShipLine(line_no, quantity) for line_no, quantity in row.lines)
        found.append(fulfilment.Upload(order_id, _carrier(row.cells["carrier"], held), row.cells["tracking_number"], lines,
                                       places[place] if place else None, row.cells.get("carrier_reason")))  # fmt: skip
    return found


def _carrier(named: str, held: Sequence[carriers.Carrier]) -> str:
    """A carrier by its code, or by what people call it, here or everywhere."""
    folded = named.casefold()
    names = [(one.code, tuple(one.name.values())) for one in held]
    names += [(one.code, (one.name.en, one.name.zh)) for one in carriers.KNOWN.values()]
    return next((code for code, called in names if folded in {code, *(n.casefold() for n in called)}), named)


def _sets(ready: Sequence[tuple[int, fulfilment.Upload]]) -> list[list[tuple[int, fulfilment.Upload]]]:
    """Rows in sets, with all rows of an order, and of all orders that share a number, in one."""
    groups: dict[Any, list[tuple[int, fulfilment.Upload]]] = {}
    of_number: dict[tuple[str, str], int] = {}
    leader: dict[int, int] = {}
    for place, one in ready:
        key = (one.carrier, fulfilment.tidy_number(one.tracking_number))
        first = leader.setdefault(one.order_id, of_number.get(key, one.order_id))
        of_number.setdefault(key, first)
        groups.setdefault(first, []).append((place, one))
    sets: list[list[tuple[int, fulfilment.Upload]]] = [[]]
    for group in groups.values():
        if sets[-1] and len(sets[-1]) + len(group) > SET:
            sets.append([])
        sets[-1] += group
    return [one for one in sets if one]


async def _ship(
    db: Database, actor: Actor, part: list[tuple[int, fulfilment.Upload]], *, is_dry_run: bool
) -> dict[int, Outcome]:
    """Ship a set; what is said about a row is that row's refusal, and the others are shipped without it."""
    outcomes: dict[int, Outcome] = {}
    left = part

    async def act(tx: Tx) -> list[str]:
        made = await fulfilment.upload(tx, [one for _, one in left])
        if is_dry_run:
            raise _OnlyTried(made)
        return made

    while left:
        try:
            made = await within(db, actor, act, name="tracking_upload.take_in")
        except _OnlyTried as tried:
            made = tried.made
        except Refusal as refusal:
            told = rows.by_row(refusal)
            everybody: Mapping[int, Refusal] = dict.fromkeys(range(len(left)), told[-1]) if -1 in told else told
            outcomes |= {left[i][0]: problem for i, problem in everybody.items()}
            left = [one for i, one in enumerate(left) if i not in everybody]
            continue
        outcomes |= {place: status for (place, _), status in zip(left, made, strict=True)}
        break
    return outcomes
