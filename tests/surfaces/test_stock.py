"""Stock through its doors: moves, transfers, counts, pools, and bundles of products."""

import pytest

from dingdan.areas import inventory
from dingdan.kernel import ids, page
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from tests import given
from tests.surfaces.callers import Caller, good, refused

ADDRESS = {
    "name": "仓库",
    "phone": "13812345678",
    "country": "CN",
    "province": "上海市",
    "city": "上海市",
    "detail": "1 号",
}


async def second_warehouse(merchant: Caller) -> None:
    place = {"name": {"en": "Shanghai"}, "zone": "Asia/Shanghai", "return_address": ADDRESS}
    good(await merchant.put("/v1/warehouses/SH", place))


def moves(*rows: tuple[str, str, int]) -> dict[str, object]:
    return {"moves": [{"verb": v, "warehouse": "HZ", "sku": s, "quantity": n, "why": "damaged"} for v, s, n in rows]}


@pytest.mark.requirement("O3.1")
async def test_moves_answer_with_the_levels_and_stand_in_the_history(merchant: Caller, shop: given.Shop) -> None:
    answer = good(await merchant.post("/v1/stock-movements", moves(("hold", "MUG", 5), ("write_off", "MUG", 2))))
    (mug,) = answer["items"]
    assert (mug["level"]["on_hand"], mug["level"]["held"], mug["level"]["available"]) == (98, 5, 93)
    safe = good(await merchant.put("/v1/safety-stock/HZ/MUG", {"safety": 10}))
    assert safe["level"]["available"] == 83
    history = good(await merchant.get("/v1/stock-movements?sku=MUG&warehouse=HZ"))["items"]
    assert [(one["reason"], one["bucket"], one["quantity"]) for one in history] == [
        ("count", "on_hand", 100), ("hold", "held", 5), ("write_off", "on_hand", -2)
    ]  # fmt: skip


async def test_every_wrong_row_of_a_set_of_moves_is_told_with_its_place(merchant: Caller, shop: given.Shop) -> None:
    wanted = moves(("write_off", "MUG", 200), ("release", "MUG", 1))
    told = refused(await merchant.post("/v1/stock-movements", wanted), 409, "inventory.too_few_units")
    assert [one["path"] for one in told["problems"]] == ["moves[0].quantity", "moves[1].quantity"]
    unknown = moves(("hold", "NOPE", 1), ("hold", "GONE", 1))
    told = refused(await merchant.post("/v1/stock-movements", unknown), 404, "product.unknown")
    assert [one["path"] for one in told["problems"]] == ["moves[0].sku", "moves[1].sku"]


@pytest.mark.requirement("O3.9")
async def test_a_loss_freezes_the_product_and_the_feed_names_the_orders(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    order_id = await given.placed_order(db, shop, {"MUG": 99})
    (lost,) = good(await merchant.post("/v1/stock-movements", moves(("write_off", "MUG", 2))))["items"]
    assert lost["level"]["frozen"]
    place = {"places": [{"warehouse": "HZ", "sku": "MUG"}]}
    refused(await merchant.post("/v1/stock/thaw", place), 409, "inventory.still_short")
    await given.settle(db)
    (short,) = [one for one in good(await merchant.get("/v1/events"))["items"] if one["kind"] == "stock.short"]
    assert short["data"]["order_ids"] == [given_ref(order_id)]
    good(await merchant.post("/v1/stock-movements", moves(("receive", "MUG", 5))))
    (level,) = good(await merchant.post("/v1/stock/thaw", place))["items"]
    assert not level["level"]["frozen"]


def given_ref(order_id: int) -> str:
    return ids.encode("order", order_id)


async def test_a_transfer_leaves_arrives_and_ends(merchant: Caller, shop: given.Shop) -> None:
    await second_warehouse(merchant)
    wanted = {"from_warehouse": "HZ", "to_warehouse": "SH", "lines": [{"sku": "MUG", "quantity": 10}]}
    sent = good(await merchant.post("/v1/transfers", wanted))
    assert (sent["state"], sent["available_actions"]) == ("sent", ["receive"])
    came = {"lines": [{"sku": "MUG", "arrived": 7, "missing": 1}]}
    after = good(await merchant.post(f"/v1/transfers/{sent['id']}/receive", came))
    assert after["lines"][0]["in_transit"] == 2
    refused(await merchant.post(f"/v1/transfers/{sent['id']}/receive", came), 409, "inventory.not_in_transfer")
    assert good(await merchant.post(f"/v1/transfers/{sent['id']}/receive"))["state"] == "arrived"
    (mug,) = good(await merchant.get("/v1/stock?sku=MUG"))["items"]
    assert [(one["warehouse"], one["on_hand"], one["in_transit"]) for one in mug["levels"]] == [
        ("HZ", 90, 0),
        ("SH", 9, 0),
    ]


@pytest.mark.requirement("O3.8")
async def test_a_count_waits_for_somebody_else_and_is_then_booked(
    merchant: Caller, platform: Caller, shop: given.Shop
) -> None:
    counted = {
        "warehouse": "HZ",
        "why": "daily",
        "lines": [{"sku": "MUG", "counted": 60}, {"sku": "TEE", "counted": 100}],
    }
    take = good(await merchant.post("/v1/stocktakes", counted))
    assert (take["state"], take["differing_units"]) == ("requested", 40)
    assert [(one["sku"], one["difference"]) for one in take["differences"]] == [("MUG", -40)]
    approve = f"/v1/stocktakes/{take['id']}/approve"
    refused(await merchant.post(approve), 403, "inventory.second_person_needed")
    done = good(await platform.post(approve))
    assert (done["state"], done["counted_by"] != done["decided_by"]) == ("approved", True)
    assert [one["id"] for one in good(await merchant.get("/v1/stocktakes?state=approved"))["items"]] == [take["id"]]


@pytest.mark.requirement("O3.7")
async def test_a_channels_allotment_is_set_changed_and_ended(merchant: Caller, shop: given.Shop, db: Database) -> None:
    (pool,) = good(await merchant.put("/v1/channels/web/pools/MUG", {"guaranteed": 30, "most": 40}))["items"]
    assert (pool["guaranteed"], pool["most"], pool["taken"], pool["warehouse"]) == (30, 40, 0, "HZ")
    await given.placed_order(db, shop, {"MUG": 5})
    (pool,) = good(await merchant.get("/v1/channels/web/pools"))["items"]
    assert pool["taken"] == 5
    too_much = {"guaranteed": 500}
    refused(await merchant.put("/v1/channels/web/pools/MUG", too_much), 409, "inventory.guarantee_too_large")
    assert good(await merchant.put("/v1/channels/web/pools/MUG", {}))["items"] == []


async def test_a_bundle_is_saved_with_what_lies_in_it_and_no_bundle_lies_in_another(
    merchant: Caller, shop: given.Shop
) -> None:
    gift = {"title": {"en": "Gift"}, "category": "home", "components": [{"sku": "MUG"}, {"sku": "SOCK", "quantity": 2}]}
    saved = good(await merchant.put("/v1/products/GIFT", gift | {"weight_grams": 900, "max_quantity": 3}))
    assert sorted((one["sku"], one["quantity"]) for one in saved["components"]) == [("MUG", 1), ("SOCK", 2)]
    nested = gift | {"components": [{"sku": "GIFT"}, {"sku": "NOPE"}]}
    told = refused(await merchant.put("/v1/products/BOX", nested), 422, "catalog.bundle_unusable")
    assert [one["path"] for one in told["problems"]] == ["components[0].sku", "components[1].sku"]
    refused(
        await merchant.put("/v1/products/MUG", gift | {"components": [{"sku": "TEE"}]}), 422, "catalog.bundle_unusable"
    )


async def test_a_floor_stays_where_it_is_when_the_price_falls(merchant: Caller, shop: given.Shop) -> None:
    cny = {"currency": "CNY"}
    good(await merchant.put("/v1/prices/MUG", {"price": cny | {"amount": 19900}, "floor": cny | {"amount": 15000}}))
    fallen = good(await merchant.put("/v1/prices/MUG", {"price": cny | {"amount": 199}}))
    assert fallen["floors"] == [{"amount": 15000, "currency": "CNY"}]
    freed = good(await merchant.put("/v1/prices/MUG", {"price": cny | {"amount": 199}, "floor": cny | {"amount": 0}}))
    assert freed["floors"] == []


async def test_bundles_and_their_pieces_may_come_in_one_file(merchant: Caller, shop: given.Shop) -> None:
    text = "sku,title_en,category,components,weight_grams\nBOX,Box,home,CUP*2; LID,700\nCUP,Cup,home,,300\nLID,Lid,home,,100\n"
    answer = await merchant.request(
        "POST", "/v1/imports/products", content=text.encode(), headers={"Content-Type": "text/csv"}
    )
    assert [line.split('"status":"')[1].split('"')[0] for line in answer.text.splitlines()] == ["created"] * 3
    box = good(await merchant.get("/v1/products/BOX"))
    assert {(one["sku"], one["quantity"]) for one in box["components"]} == {("CUP", 2), ("LID", 1)}


async def test_what_was_asked_twice_with_one_key_moved_once(merchant: Caller, shop: given.Shop, db: Database) -> None:
    for _ in range(2):
        good(await merchant.post("/v1/stock-movements", moves(("receive", "MUG", 5)), key="once"))
    async with db.reading(SYSTEM) as tx:
        levels = await inventory.stock_levels(tx, shop.merchant_id, [shop.products["MUG"]])
    assert [one.on_hand for one in levels] == [105]


async def test_a_channel_reads_acknowledges_and_is_told_how_far_it_is_behind(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    await given.settle(db)
    first = good(await merchant.get("/v1/channels/web/stock?limit=2"))
    assert (len(first["items"]), first["more"]) == (2, True)
    behind = good(await merchant.post("/v1/channels/web/stock/acknowledge", {"next": first["next"]}, key=None))
    assert (behind["behind"], behind["behind_since"] is not None) == (1, True)
    rest = good(await merchant.get("/v1/channels/web/stock", params={"since": first["next"]}))
    good(await merchant.post("/v1/channels/web/stock/acknowledge", {"next": rest["next"]}, key=None))
    late = good(await merchant.post("/v1/channels/web/stock/acknowledge", {"next": first["next"]}, key=None))
    assert (late["behind"], late["lag_seconds"], late["acknowledged"]) == (0, 0, rest["next"])
    assert good(await merchant.get("/v1/channels/web/sync"))["behind"] == 0
    ahead = {"next": page.encode_cursor(99_999)}
    told = refused(
        await merchant.post("/v1/channels/web/stock/acknowledge", ahead, key=None), 409, "channel.never_told"
    )
    assert told["problems"][0]["path"] == "next"


async def test_a_buyer_asks_to_be_told_and_the_feed_names_the_reminder(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    await given.placed_order(db, shop, {"MUG": 100})
    wish = {"kind": "in_stock", "sku": "MUG", "buyer": {"ref": "u-7"}, "quantity": 3}
    asked = good(await merchant.post("/v1/reminders", wish))
    for units in (2, 1):
        good(await merchant.post("/v1/stock-movements", moves(("receive", "MUG", units))))
        await given.settle(db)
    events = good(await merchant.get("/v1/events?limit=200"))["items"]
    assert [one["data"]["available"] for one in events if one["kind"] == "stock.available_again"] == [3]
    assert [one["subject_id"] for one in events if one["kind"] == "reminder.due"] == [asked["id"]]
