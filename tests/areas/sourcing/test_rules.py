"""Which units may move, from where they go first, and when a promise is in danger."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st
from tests import given
from tests.areas.sourcing.houses import Three, three

from dingdan.areas import addresses, carriers, fulfilment, inventory, orders, sourcing
from dingdan.areas.fulfilment import WorkState
from dingdan.areas.inventory.rules import allocation
from dingdan.areas.merchants import MerchantSettings
from dingdan.areas.sourcing import rules
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: split")

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
PLACES = (1, 2, 3)
# Units by the warehouse that keeps them.
KEPT = st.dictionaries(st.sampled_from(PLACES), st.integers(1, 5), min_size=1)


def made(kind: Any, **known: Any) -> Any:
    """A thing of which only what is asked about is known."""
    return kind(**dict.fromkeys(kind.__struct_fields__) | known)


def house(place: int, **known: Any) -> inventory.Warehouse:
    """A warehouse of Hangzhou."""
    return made(
        inventory.Warehouse, **{"id": place, "code": f"W{place}", "zone": "Asia/Shanghai", "active": True,
                                "return_address": given.ADDRESS} | known,
    )  # fmt: skip


def standing(kept: dict[int, int], picked: set[int], *, is_bundle: bool = False, **known: Any) -> sourcing.Standing:
    """An order of one line that warehouses keep so many units of."""
    pieces = [(10, 1), (11, 2)] if is_bundle else [(10, 1)]
    parts = [
        inventory.Part(order_id=5, line_no=1, part_no=n, merchant_id=1, warehouse_id=place, product_id=product,
                       quantity=units * each, each=each)
        for n, (place, units, product, each) in enumerate(
            ((place, units, product, each) for place, units in kept.items() for product, each in pieces), start=1)
    ]  # fmt: skip
    works = [
        made(fulfilment.Work, warehouse_id=p, state=WorkState.PICKING if p in picked else WorkState.QUEUED)
        for p in kept
    ]
    line = made(orders.OrderLine, line_no=1, sku="MUG", quantity=sum(kept.values()), cancelled=0, flags=[], **known)
    region = addresses.region_of(given.ADDRESS)
    return sourcing.Standing(
        order=made(orders.Order, id=5, state=orders.OrderState.CONFIRMED), lines=(line,), parts={1: parts},
        works=tuple(works), channel=made(inventory.Channel, id=9, code="web", warehouse_id=1, warehouse_ids=(2, 3)),
        settings=MerchantSettings(), lanes=carriers.Lanes(carriers.LaneKey(1, region.country, region.code), ()),
    )  # fmt: skip


@any_of(kept=KEPT, picked=st.sets(st.sampled_from(PLACES)), to=st.sampled_from(PLACES), asked=st.integers(1, 15),
        is_bundle=st.booleans())  # fmt: skip
def test_what_moves_comes_from_where_nobody_picks_and_the_last_first(
    kept: dict[int, int], picked: set[int], to: int, asked: int, is_bundle: bool
) -> None:
    order = standing(kept, picked, is_bundle=is_bundle)
    may = sum(units for place, units in kept.items() if place != to and place not in picked)
    assert rules.movable(order, 1, to) == may
    assert rules.all_of(order, "MUG", to) == ({1: may} if may else {})
    shelves = {(to, product): inventory.Shelf(99) for product in (10, 11)}
    found = rules.problems(order, {1: asked}, house(to), shelves, NOW)
    assert bool(found) == (asked > may or to in picked & kept.keys())
    if not found:
        going = rules.taken(order, {1: asked}, to)[1]
        assert sum(going.values()) == asked
        assert not going.keys() & (picked | {to})
        free = [place for place in reversed(kept) if place != to and place not in picked]
        assert list(going) == free[: len(going)]
        assert all(going[place] == kept[place] for place in list(going)[:-1])
        split = rules.split(order, {1: asked}, house(to), {p: house(p) for p in PLACES}, NOW)
        left = {place for place, units in kept.items() if units > going.get(place, 0)}
        assert split.parcels == len(left | {to})


@any_of(
    goes=st.lists(st.tuples(st.sampled_from(PLACES), st.integers(1, 3)), min_size=1, max_size=6),
    picked=st.sets(st.sampled_from(PLACES)), to=st.sampled_from(PLACES), asked=st.integers(1, 9),
)  # fmt: skip
def test_what_is_said_to_move_is_what_is_taken_in_however_many_goes_it_came(
    goes: list[tuple[int, int]], picked: set[int], to: int, asked: int
) -> None:
    parts = [
        inventory.Part(
            order_id=5, line_no=1, part_no=n, merchant_id=1, warehouse_id=place, product_id=10, quantity=units
        )
        for n, (place, units) in enumerate(goes, start=1)
    ]
    kept = {place: sum(units for at, units in goes if at == place) for place, _ in goes}
    order = msgspec.structs.replace(standing(kept, picked), parts={1: parts})
    asked = min(asked, rules.movable(order, 1, to))
    said = rules.taken(order, {1: asked}, to).get(1, {})
    others = [part for part in parts if part.warehouse_id not in {to, *picked}]
    gone: dict[int, int] = {}
    for (_, _, part_no), units in allocation.trim(others, {(5, 1): asked}).items():
        place = parts[part_no - 1].warehouse_id
        gone[place] = gone.get(place, 0) + units
    assert said == gone


def test_a_promise_is_in_danger_only_where_staying_would_keep_it_better() -> None:
    soon, houses = NOW + timedelta(hours=1), {p: house(p) for p in PLACES}
    late = standing({1: 2}, set(), ship_by=soon, arrive_by=soon)
    # From there it would leave as late as from here: moving makes nothing worse.
    assert rules.split(late, {1: 1}, houses[2], houses, NOW).is_late is None
    lanes = [
        made(carriers.Lane, warehouse_id=place, carrier="sf", carrier_id=1, service="standard", country="CN", region="",
             deliverable=True, cut_off=960, handling_days=0, days_min=1, days_max=days, days="every_day", surcharge=0,
             priority=100, code=f"to-{place}")
        for place, days in ((1, 1), (2, 6))
    ]  # fmt: skip
    known = msgspec.structs.replace(late, lanes=carriers.Lanes(late.lanes.key, tuple(lanes)))
    outlook = rules.split(known, {1: 1}, houses[2], houses, NOW).is_late
    assert outlook is not None
    assert outlook.arrive_by - NOW > timedelta(days=5)
    assert (outlook.promised_ship_by, outlook.promised_arrive_by) == (soon, soon)
    assert rules.split(known, {1: 1}, houses[2], houses, NOW - timedelta(days=30)).is_late is None


async def lane(db: Database, houses: Three, place: int, **more: Any) -> None:
    """A way from a warehouse."""
    carrier_id = await given.carrier(db, houses.shop, f"c{place}")
    saved = carriers.SaveLane(merchant_id=houses.shop.merchant_id, code=f"from-{place}", carrier_id=carrier_id,
                              country="CN", warehouse_id=place, **more)  # fmt: skip
    await do(db, SYSTEM, carriers.save_lanes, [saved])


async def codes(db: Database, order_id: int, warehouse: str = "SH") -> list[str]:
    async with db.transaction(SYSTEM) as tx:
        found = (await sourcing.foresee(tx, {order_id: {1: 1}}, warehouse))[order_id]
    return [one.code for one in found.problems] if isinstance(found, Refusal) else []


async def test_where_no_way_leads_from_there_nothing_is_sent_from_there(db: Database) -> None:
    houses = await three(db)
    await lane(db, houses, houses.hz)
    order_id = await given.paid_order(db, houses.shop, {"MUG": 2})
    assert await codes(db, order_id) == ["split.no_way_from_there"]
    await lane(db, houses, houses.sh)
    assert await codes(db, order_id) == []
    await lane(db, houses, houses.sh, region="33", deliverable=False)
    assert await codes(db, order_id) == ["split.no_way_from_there"]


async def test_goods_that_go_through_customs_leave_from_where_they_were_declared(db: Database) -> None:
    houses = await three(db, flags=("cross_border",))
    order_id = await given.paid_order(
        db, houses.shop, {"MUG": 2}, identity=addresses.Identity("王小明", "11010519491231002X")
    )
    assert await codes(db, order_id) == ["split.goes_through_customs"]
