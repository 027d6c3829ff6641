"""Something else for what comes back: what can be chosen, the difference before the yes, and another wish where there is none."""

import pytest
from tests import given
from tests.areas.exchanges import desk
from tests.portal.conftest import Let

from dingdan.areas import catalog, exchanges, policies, returns
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: portal", "R4.6")
AT = "/return?u=1:1&reason=NO_REASON&step=choice&way=exchange"
PRICES = {"MUG": 19900, "MUG-RED": 19900, "BOWL": 22900, "CUP": 14900}


async def shop_with_variants(db: Database) -> given.Shop:
    shop = await given.shop(db, prices=PRICES, stock=10)
    await do(db, SYSTEM, catalog.save_products, [
        catalog.SaveProduct(merchant_id=shop.merchant_id, sku=sku, title={"en": f"Product {sku}", "zh": "商品"}, category="home",
                            variant_of="mug")
        for sku in ("MUG", "MUG-RED")
    ])  # fmt: skip
    return shop


async def exchange(db: Database, order_id: int) -> exchanges.Exchange:
    async with db.reading(SYSTEM) as tx:
        held = (await returns.of_orders(tx, [order_id]))[-1]
        return (await exchanges.of_returns(tx, [held.id]))[held.id]


async def test_what_can_be_had_stands_there_with_its_difference_and_is_kept_by_one_form(db: Database, let: Let) -> None:
    shop = await shop_with_variants(db)
    guest = await let(await given.delivered_order(db, shop, {"MUG": 1}))
    ways = await guest.open("/return?u=1:1&reason=NO_REASON&step=way")
    assert "step=choice" in ways
    page = await guest.open(AT)
    for said in ("Instead of Product MUG", "The same again", "Another size or colour", "You pay CN¥30.00 more",
                 "You get CN¥50.00 back", "No difference", "Step 4 of 5"):  # fmt: skip
        assert said in page, said
    assert "补差价 ¥30.00" in await guest.open(AT, tongue="zh-CN")
    assert page.index("The same again") < page.index("Product MUG-RED") < page.index("Product BOWL")
    found = await guest.open(f"{AT}&find=cup")
    assert "Product CUP" in found
    assert "Product BOWL" not in found
    last = await guest.open(f"{AT}&w=1:BOWL")
    for said in ("Step 5 of 5", "Product BOWL × 1, sent to you", "CN¥229.00", "You pay", "CN¥30.00", "It is kept for you",
                 "You pay the difference"):  # fmt: skip
        assert said in last, said
    less = await guest.open(f"{AT.replace('choice', 'confirm')}&w=1:CUP")
    assert "You get back" in less
    assert "CN¥50.00" in less
    at = (await guest.send(f"{AT.replace('choice', 'confirm')}&w=1:BOWL")).headers["location"]
    made = await exchange(db, guest.order_id)
    async with db.reading(SYSTEM) as tx:
        (line,) = (await exchanges.lines_of(tx, [made.id]))[made.id]
    assert (made.state, line.product_id) == ("reserved", shop.products["BOWL"])
    status = await guest.open(at)
    for said in ("What you get instead", "Product BOWL", "Kept for you since", "You pay CN¥30.00 more"):
        assert said in status, said


@pytest.mark.parametrize("wish", ["1:NOTHING", "1:%27--", "9:BOWL", "BOWL", "1:", "1:%25"])
async def test_a_wish_that_cannot_be_had_is_told_and_changes_nothing(
    db: Database, let: Let, shop: given.Shop, wish: str
) -> None:
    guest = await let(await given.delivered_order(db, shop, {"MUG": 1}))
    page = await guest.open(f"{AT.replace('choice', 'confirm')}&w={wish}")
    assert "Step 5 of 5" in page
    if "cannot be sent" in page:
        answer = await guest.send(f"{AT.replace('choice', 'confirm')}&w={wish}", status=404)
        assert "This did not go through" in answer.text
        async with db.reading(SYSTEM) as tx:
            assert await returns.of_orders(tx, [guest.order_id]) == []


async def test_a_policy_of_one_price_offers_nothing_dearer(db: Database, let: Let) -> None:
    shop, order_id = await desk.waiting_shop(db, price_difference="same_price_only")
    guest = await let(order_id)
    page = await guest.open(AT)
    assert "Product VASE" in page
    assert "Product BOWL" not in page
    assert "Product CUP" not in page
    assert policies.packs()[0].exchange is not None
    assert shop.products["VASE"]


async def test_where_there_is_none_something_else_is_taken_or_the_money(db: Database, let: Let) -> None:
    shop, order_id = await desk.waiting_shop(db)
    guest = await let(order_id)
    # Somebody else takes the last of them.
    await given.paid_order(db, shop, {"MUG": 9}, buyer="buyer-2")
    page = await guest.open(AT)
    assert "Sold out" in page
    at = (await guest.send(AT.replace("choice", "confirm"))).headers["location"]
    assert (await exchange(db, order_id)).state == "short"
    status = await guest.open(at)
    assert "Take something else" in status
    assert "Give me my money instead" in status
    await guest.send(f"{at}/change", wish="1:NOTHING", status=404)
    await guest.send(f"{at}/change", wish="1:CUP")
    assert (await exchange(db, order_id)).state == "reserved"
    await guest.send(f"{at}/change", wish="1:VASE", status=409)
