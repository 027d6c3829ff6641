"""Problems, policies, the check before buying, and withdrawing from a contract; and how much a page weighs."""

import gzip

import pytest
from tests import given
from tests.portal.conftest import HOST, Guest, Let

from dingdan.areas import cases, merchants, talks
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.surfaces.shared.pages import files

pytestmark = pytest.mark.requirement("issue 6: portal")
ADDRESS = {
    "name": "王小明", "phone": "13812345678", "country": "CN", "province": "浙江省", "city": "杭州市", "district": "西湖区",
    "detail": "文三路 1 号",
}  # fmt: skip


async def code(db: Database, shop: given.Shop) -> str:
    async with db.reading(SYSTEM) as tx:
        return (await merchants.by_ids(tx, [shop.merchant_id]))[shop.merchant_id].code


async def test_a_problem_is_reported_once_and_has_a_page(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.delivered_order(db, shop))
    assert "Report a problem" in await guest.open("/help")
    places = {
        (await guest.send("/help", kind="missing_item", text="one is missing")).headers["location"] for _ in range(2)
    }
    assert len(places) == 1
    html = await guest.open(places.pop())
    for said in ("Somebody looks into it.", "You hear from us by", "one is missing"):
        assert said in html, said
    assert "查看进度" in await guest.open("/help", tongue="zh-CN")
    await guest.send("/help", kind="nothing_known", status=404)
    async with db.reading(SYSTEM) as tx:
        assert len(await cases.of_orders(tx, [guest.order_id])) == 1


async def test_policies_are_read_by_everybody(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.placed_order(db, shop))
    guest = Guest(guest.http, guest.order_id, "")
    at = f"/policy/{await code(db, shop)}"
    html = await guest.open(at)
    assert "in force since" in html
    assert "自 " in await guest.open(at, tongue="zh-CN")
    assert "It can be returned without a reason." in await guest.open(f"{at}?sku=MUG")
    version = html.split(f'href="{at}/')[1].partition('"')[0]
    assert "Rules" in await guest.open(f"{at}/{version}")
    await guest.open(f"{at}/9.9", status=404)
    await guest.open("/policy/nobody", status=404)
    assert "Little shop" in await guest.open("/policy")


@pytest.mark.requirement("O1.9")
async def test_the_check_shows_amounts_address_and_what_cannot_come_back(
    db: Database, let: Let, shop: given.Shop
) -> None:
    guest = await let(await given.placed_order(db, shop))
    form = {"merchant": await code(db, shop), "lines": ["MUG:2", "TEE:1"], **ADDRESS}
    answer = await guest.http.post("/check", data=form, headers={"Origin": HOST, "Accept-Language": "en"})
    assert answer.status_code == 200
    for said in (
        "Product MUG",
        "CN¥398.00",
        "CN¥487.90",
        "文三路 1 号",
        "Can be returned without a reason",
        "Nothing stands against it.",
    ):
        assert said in answer.text, said
    many = form | {"lines": ["MUG:9000"]}
    answer = await guest.http.post("/check", data=many, headers={"Origin": HOST, "Accept-Language": "en"})
    assert "This did not go through" in answer.text
    assert 'value="MUG:9000"' in answer.text
    odd = form | {"merchant": "nobody", "lines": ["x", ":", "A:99999999"]}
    assert (await guest.http.post("/check", data=odd, headers={"Origin": HOST})).status_code == 200
    assert (await guest.http.get("/check")).status_code == 200


@pytest.mark.requirement("R2.9")
async def test_a_contract_is_withdrawn_from_in_two_steps_with_an_acknowledgement(db: Database, let: Let) -> None:
    shop = await given.shop(db, law="eu_crd", currency="EUR")
    order_id = await given.delivered_order(db, shop)
    guest = await let(order_id)
    assert "Withdraw from contract here" in await guest.open()
    stated = await guest.send("/withdraw", name="Anna", contact="anna@buyers.example")
    at = stated.headers["location"]
    assert "Confirm withdrawal" in await guest.open(at)
    await guest.send(f"{at}/confirm")
    html = await guest.open(at)
    assert "acknowledge it" in html
    assert "Anna" in html
    async with db.reading(SYSTEM) as tx:
        (one,) = await talks.withdrawals_of(tx, order_id)
    assert one.state == "confirmed"


async def test_where_the_law_has_no_withdrawal_none_is_offered(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.paid_order(db, shop))
    assert "Withdraw from contract here" not in await guest.open()


async def test_a_page_weighs_little_and_runs_without_scripts(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.placed_order(db, shop))
    html = await guest.open()
    parts = [
        html.encode(),
        *(files._content(name) for name in ("kit.css", "tokens.css", "portal.css", "portal.js", "mark.svg")),
    ]
    assert sum(len(gzip.compress(one)) for one in parts) <= 70 * 1024
    assert "hx-" not in html
    assert " style=" not in html
    assert "onclick" not in html
