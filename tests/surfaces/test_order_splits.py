"""Orders split through the door: what stands where, moving units, and every no with its place."""

import pytest

from dingdan.areas import identity
from dingdan.plumbing.database import Database
from tests import given
from tests.areas.sourcing import houses
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key
from tests.surfaces.test_road import basket

pytestmark = pytest.mark.requirement("issue 6: split")


@pytest.fixture
async def three(db: Database) -> houses.Three:
    return await houses.three(db, code="three")


@pytest.fixture
async def keeper(merchant: Caller, db: Database, three: houses.Three) -> Caller:
    """The key of the shop with three warehouses."""
    return Caller(merchant.http, await key(db, merchant_id=three.shop.merchant_id))


async def placed(keeper: Caller) -> str:
    """An order of three mugs; its path."""
    wanted = basket(lines=[{"sku": "MUG", "quantity": 3}]) | {"merchant": "three"}
    return f"/v1/orders/{good(await keeper.post('/v1/orders', wanted))['id']}"


async def test_units_are_moved_once_and_the_order_says_where_they_are(keeper: Caller) -> None:
    path = await placed(keeper)
    before = good(await keeper.get(f"{path}/split"))
    assert before["lines"] == [
        {"line_no": 1, "sku": "MUG", "kept": [{"warehouse": "HZ", "units": 3, "is_in_hand": False}]}
    ]
    offers = {one["warehouse"]: one for one in before["warehouses"]}
    assert offers["SH"]["free"] == [{"line_no": 1, "free": 10}]
    assert (offers["SH"]["why_not"], offers["BJ"]["why_not"][0]["code"]) == ([], "split.warehouse_serves_not")
    wanted = {"lines": [{"line_no": 1, "quantity": 2}], "warehouse": "SH"}
    for _ in range(2):
        made = good(await keeper.post(f"{path}/split", wanted, key="once"))
    assert made["moved"] == [{"line_no": 1, "quantity": 2, "from": "HZ"}]
    assert (made["warehouse"], made["parcels"], made["late"]) == ("SH", 2, None)
    (line,) = good(await keeper.get(f"{path}/split"))["lines"]
    assert [(one["warehouse"], one["units"]) for one in line["kept"]] == [("HZ", 1), ("SH", 2)]


async def test_the_timeline_names_units_and_warehouses(keeper: Caller) -> None:
    path = await placed(keeper)
    good(await keeper.post(f"{path}/split", {"lines": [{"line_no": 1, "quantity": 1}], "warehouse": "SH"}))
    (fact,) = [
        one for one in good(await keeper.get(f"{path}/timeline"))["items"] if one["kind"] == "order.served_elsewhere"
    ]
    assert fact["data"]["units"] == {"1": 1}
    assert fact["data"]["warehouse_id"].startswith("whs_")
    assert all(one.startswith("whs_") for one in fact["data"]["warehouse_ids"])


async def test_what_stands_against_it_is_said_with_its_place(keeper: Caller, db: Database, three: houses.Three) -> None:
    path = await placed(keeper)
    wrong = {"lines": [{"line_no": 1, "quantity": 11}, {"line_no": 4, "quantity": 1}], "warehouse": "BJ"}
    no = refused(await keeper.post(f"{path}/split", wrong), 409, "request.problems")
    assert [(one["code"], one["path"]) for one in no["problems"]] == [
        ("split.warehouse_serves_not", "warehouse"), ("split.units_unfit", "lines[0].quantity"),
        ("order.line_unknown", "lines[1].line_no"), ("split.too_few_there", "lines[0].quantity"),
    ]  # fmt: skip
    twice = {"lines": [{"line_no": 1, "quantity": 1}] * 2, "warehouse": "SH"}
    refused(await keeper.post(f"{path}/split", twice), 422, "request.malformed")
    nowhere = {"lines": [{"line_no": 1, "quantity": 1}], "warehouse": "XX"}
    refused(await keeper.post(f"{path}/split", nowhere), 404, "inventory.warehouse_unknown")
    other = await given.shop(db)
    stranger = Caller(keeper.http, await key(db, merchant_id=other.merchant_id))
    refused(await stranger.post(f"{path}/split", nowhere), 404, "order.unknown")


@pytest.mark.parametrize("role", ["customer", "storefront", "warehouse", "customer_service", "finance"])
def test_who_buys_packs_or_serves_does_not_choose_the_warehouse(role: str) -> None:
    assert "order.split" not in identity.permissions_of(frozenset({role}))
