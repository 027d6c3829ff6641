"""Quantities that an order takes and a buyer gets, and variants that stand in for each other."""

from datetime import UTC, datetime

import msgspec
import pytest
from tests import given

from dingdan.areas import catalog, inventory, merchants, orders, placement
from dingdan.areas.placement.rules.cases import Facts, case_of
from dingdan.areas.placement.rules.judging import judge, ration
from dingdan.areas.placement.rules.solving import solved
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O1.1")

MUG = catalog.Offer(1, 7, "MUG", {"en": "Mug"}, "home", (), True, {"CNY": 1000})
CHANNEL = inventory.Channel(3, 7, "web", {"en": "Web"}, "CNY", 5, True)
SHOP = merchants.Merchant(7, "shop", {"en": "Shop"}, "UTC", "CNY", "none", merchants.MerchantSettings(), True)


def facts(*offers: catalog.Offer, **more: object) -> Facts:
    """A shop with these offers and enough of each; a policy is not what these tests are about."""
    known = Facts(
        datetime(2026, 1, 1, tzinfo=UTC), {7: SHOP}, {(7, "web"): CHANNEL}, {(7, o.sku): o for o in offers}, {},
        shelves={(5, o.product_id): inventory.Shelf(100) for o in offers}, guest="guest-1",
    )  # fmt: skip
    return msgspec.structs.replace(known, **more)


def basket(*wanted: tuple[str, int], ref: str = "anna") -> placement.Basket:
    return placement.Basket(
        merchant_id=7, channel="web", buyer=placement.Buyer(ref), ship_to=given.ADDRESS,
        items=tuple(placement.Item(sku, quantity) for sku, quantity in wanted),
    )  # fmt: skip


def told(wanted: placement.Basket, known: Facts) -> dict[str, list[tuple[str, object]]]:
    """Problems by code, each with its patches and what they change a value to."""
    verdict = judge(wanted, known)
    found = solved(verdict, verdict.problems, judge)
    return {
        one.code.partition(".")[2]: [(way.kind, way.patch[0].value) for way in one.solutions if way.patch]
        for one in found
        if one.code != "placement.policy_missing"
    }


def test_an_order_takes_so_many_of_a_thing_over_all_its_lines() -> None:
    few = msgspec.structs.replace(MUG, max_quantity=4)
    found = told(basket(("MUG", 3), ("MUG", 3)), facts(few))
    assert list(found) == ["quantity_above_most"]
    assert found["quantity_above_most"][0] == ("reduce_quantity", 1)
    assert told(basket(("MUG", 2), ("MUG", 2)), facts(few)) == {}


def test_some_things_are_sold_by_the_dozen() -> None:
    dozen = msgspec.structs.replace(MUG, min_quantity=12)
    assert told(basket(("MUG", 5)), facts(dozen)) == {"quantity_below_least": [("raise_quantity", 12)]}
    assert told(basket(("MUG", 12)), facts(dozen)) == {}


def test_what_a_buyer_had_before_counts() -> None:
    rare = msgspec.structs.replace(MUG, max_per_buyer=3)
    known = facts(rare, bought={(7, "anna", 1): 2})
    assert told(basket(("MUG", 2)), known)["buyer_limit_reached"] == [("reduce_quantity", 1)]
    assert told(basket(("MUG", 3), ref="bert"), known) == {}


@pytest.mark.requirement("issue 2: races")
def test_baskets_of_one_batch_share_what_their_buyer_may_have() -> None:
    known = facts(msgspec.structs.replace(MUG, max_per_buyer=3))
    wanted = [basket(("MUG", 2)), basket(("MUG", 2)), basket(("MUG", 1)), basket(("MUG", 3), ref="bert")]
    refused = ration({n: case_of(one, known) for n, one in enumerate(wanted)})
    assert list(refused) == [1]
    assert refused[1][0].params["left"] == 1


@pytest.mark.requirement("O1.3")
def test_a_variant_stands_in_where_there_is_enough_of_it() -> None:
    red, blue = (
        msgspec.structs.replace(MUG, product_id=n, sku=sku, variant_of="MUGS") for n, sku in ((1, "RED"), (2, "BLUE"))
    )
    known = facts(
        red, blue, shelves={(5, 1): inventory.Shelf(0), (5, 2): inventory.Shelf(9)}, variants={(7, "MUGS"): [red, blue]}
    )
    assert told(basket(("RED", 2)), known) == {"not_enough_stock": [("swap_variant", "BLUE")]}
    none_left = msgspec.structs.replace(known, shelves={(5, 1): inventory.Shelf(0), (5, 2): inventory.Shelf(1)})
    assert told(basket(("RED", 2)), none_left) == {"not_enough_stock": []}


async def test_what_a_buyer_has_is_counted_over_orders_that_stand(db: Database) -> None:
    shop = await given.shop(db)
    kept = await given.placed_order(db, shop, {"MUG": 2, "TEE": 1})
    gone = await given.placed_order(db, shop, {"MUG": 5})
    await do(db, SYSTEM, orders.cancel, gone, reason="test")
    async with db.transaction(SYSTEM) as tx:
        buyer_id = (await orders.get_one(tx, kept)).buyer_id
        found = await orders.units_bought(tx, [(buyer_id, shop.products["MUG"]), (buyer_id, shop.products["SOCK"])])
    assert found == {(buyer_id, shop.products["MUG"]): 2}


def test_every_problem_has_a_way_out_even_without_a_patch() -> None:
    verdict = judge(basket(("NOPE", 1)), facts(MUG))
    (problem,) = [one for one in solved(verdict, verdict.problems, judge) if one.code == "placement.product_unknown"]
    assert isinstance(problem, Refusal)
    assert [way.kind for way in problem.solutions] == ["ask_for_help"], "an empty basket would be no way out"
