"""An order goes elsewhere before it is picked: judged as when it was placed, promised anew, and told anew."""

import asyncio
from typing import Any

import msgspec
import pytest
from tests import given
from tests.areas.fulfilment.test_several_warehouses import SHANGHAI, wide_shop, works
from tests.areas.payments.test_deposits import presold
from tests.areas.payments.till import order_of
from tests.areas.pricing.till import running

from dingdan.areas import (
    addresses,
    carriers,
    fulfilment,
    identity,
    inventory,
    merchants,
    notifications,
    orders,
    placement,
    pricing,
    review,
)
from dingdan.areas.fulfilment import WorkState
from dingdan.areas.notifications import Occasion
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

NEXT_DOOR = msgspec.structs.replace(given.ADDRESS, name="李小红", phone="13987654321", detail="文三路 2 号")
FAR = msgspec.structs.replace(
    given.ADDRESS, province="新疆维吾尔自治区", city="乌鲁木齐市", district="天山区", detail="解放北路 1 号"
)
SHIP_TO_FAR = pricing.FreightTariff(
    name={"en": "Far", "zh": "偏远"}, currency="CNY", country="CN", region="65", fee=25_00
)
SHIP_ANYWHERE = pricing.FreightTariff(name={"en": "Standard", "zh": "普通"}, currency="CNY", country="CN", fee=10_00)


@pytest.fixture
def may_break() -> frozenset[str]:
    return frozenset()


async def change(db: Database, order_id: int, to: Address = NEXT_DOOR, *, actor: Actor = SYSTEM, **more: Any) -> None:
    await do(db, actor, placement.change_address, order_id, placement.ChangeAddress(ship_to=to, **more))


async def contact(db: Database, order_id: int) -> identity.Contact:
    """Where an order goes, unsealed."""
    order = await order_of(db, order_id)
    async with db.reading(SYSTEM) as tx:
        found = await identity.contact(tx, order.contact_id)
    assert found is not None
    return found


async def amended(db: Database, order_id: int) -> list[notifications.Confirmation]:
    async with db.reading(SYSTEM) as tx:
        found = await notifications.confirmations(tx, order_id)
    return [one for one in found if one.occasion is Occasion.AMENDED]


async def kept(db: Database, table: str) -> int:
    async with db.reading(SYSTEM) as tx:
        return int(await tx.fetchval(f"SELECT count(*) FROM {table}"))


async def lane(
    tx: Tx, shop: given.Shop, code: str, *, service: str = "standard", warehouse_id: int | None = None, **more: Any
) -> None:
    sf = carriers.SaveCarrier(
        merchant_id=shop.merchant_id, code="sf", name={"en": "SF"}, services=("standard", "express"),
        licences=(given.LICENCE,),
    )  # fmt: skip
    (saved,) = await carriers.save_carriers(tx, [sf])
    await carriers.save_lanes(tx, [
        carriers.SaveLane(merchant_id=shop.merchant_id, code=code, carrier_id=saved.id, country="CN", service=service,
                          warehouse_id=warehouse_id, **more)
    ])  # fmt: skip


@pytest.mark.requirement("O1.12")
@pytest.mark.parametrize("is_paid", [True, False])
async def test_the_order_goes_there_and_the_buyer_is_told_anew(db: Database, is_paid: bool) -> None:
    shop = await given.shop(db)
    order_id = await (given.paid_order if is_paid else given.placed_order)(db, shop)
    await given.settle(db)
    before = await contact(db, order_id)
    await change(db, order_id)
    await given.settle(db)
    now, (told,) = await contact(db, order_id), await amended(db, order_id)

    assert (now.address, now.name, now.phone) == (NEXT_DOOR, "李小红", "13987654321")
    assert (now.buyer_id, now.ref) == (before.buyer_id, before.ref)
    assert told.contact_id == now.id != before.id
    async with db.reading(SYSTEM) as tx:
        (amendment,) = await orders.amendments(tx, order_id)
        former = await tx.fetchval("SELECT contact_id FROM amendments WHERE id = $1", amendment.id)
        said = await tx.fetchval("SELECT data::text FROM facts WHERE wire = 'order.address_changed'")
    assert (amendment.kind, former, amendment.waived) == ("address_changed", before.id, 0)
    assert "文三路" not in said
    assert "李小红" not in said


@pytest.mark.requirement("O6.4")
async def test_an_unclear_address_stops_shipping_until_it_is_mended(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.paid_order(db, shop)
    await do(db, SYSTEM, orders.hold, order_id, reason="address_unclear")
    await given.settle(db)
    assert await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=5, claimed_by=1) == []
    await change(db, order_id)
    await do(db, SYSTEM, orders.release, order_id)
    await given.settle(db)
    assert [one.contact_id for one in await amended(db, order_id)] == [(await order_of(db, order_id)).contact_id]
    assert len(await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=5, claimed_by=1)) == 1


async def test_whoever_bought_stays_and_only_the_recipient_changes(db: Database) -> None:
    shop = await given.shop(db)
    buyer = placement.Buyer(ref="b", name="王妈妈", phone="13700000000", email="ma@mail.example", language="zh")
    basket = msgspec.structs.replace(given.basket(shop, device="phone-1"), buyer=buyer)
    (placed,) = await do(db, SYSTEM, placement.place, [basket])
    before = await contact(db, placed.order_id)
    await change(db, placed.order_id)
    now = await contact(db, placed.order_id)

    assert (now.name, now.phone, now.email, now.language) == ("王妈妈", "13700000000", "ma@mail.example", "zh")
    async with db.reading(SYSTEM) as tx:
        devices = await tx.fetch("SELECT device_hash FROM contacts WHERE id = ANY($1::bigint[])", [before.id, now.id])
    assert len({row["device_hash"] for row in devices}) == 1


@pytest.mark.requirement("O1.5")
async def test_everything_that_is_wrong_with_it_is_said_at_once_and_nothing_changes(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.paid_order(db, shop)
    contacts = await kept(db, "contacts")
    with pytest.raises(Refusals) as found:
        await change(db, order_id, msgspec.structs.replace(given.ADDRESS, name="", city="没有市", detail=""))
    problems = found.value.problems
    assert {one.path for one in problems} >= {"ship_to.name", "ship_to.city", "ship_to.detail"}
    assert all(one.solutions for one in problems)
    assert await kept(db, "contacts") == contacts
    assert await kept(db, "amendments") == 0


async def test_goods_that_cross_a_border_ask_for_papers_there_too(db: Database) -> None:
    shop = await given.shop(db, flags=("cross_border",))
    papers = addresses.Identity("王小明", "11010519491231002X")
    order_id = await given.paid_order(db, shop, identity=papers)
    # Those that were shown before are still good.
    await change(db, order_id)
    with pytest.raises(addresses.PartMissing) as found:
        await change(db, order_id, identity=addresses.Identity("王小明", ""))
    assert found.value.path == "buyer.papers.number"
    async with db.reading(SYSTEM) as tx:
        contact_id = (await orders.get_one(tx, order_id)).contact_id
        assert await identity.papers(tx, [contact_id]) == {contact_id: (papers.name, papers.number)}


async def test_the_promise_is_the_one_for_there_and_what_was_answered_at_first_stays(db: Database) -> None:
    shop = await given.shop(db)
    await do(db, SYSTEM, lane, shop, "all", days_min=1, days_max=2)
    await do(db, SYSTEM, lane, shop, "far", region="65", days_min=5, days_max=9)
    order_id = await given.paid_order(db, shop)
    async with db.reading(SYSTEM) as tx:
        (before,) = (await orders.lines(tx, [order_id]))[order_id]
    await change(db, order_id, FAR)
    async with db.reading(SYSTEM) as tx:
        (line,) = (await orders.lines(tx, [order_id]))[order_id]
        basis = (await orders.promises(tx, [order_id]))[order_id]
        first = await orders.promised_at_first(tx, [order_id])

    assert before.arrive_by is not None
    assert line.arrive_by is not None
    assert line.arrive_by > before.arrive_by
    assert (basis["lane"], basis["region"][:2]) == ("far", "65")
    assert first == {order_id: (before.ship_by, before.arrive_by)}


async def test_a_presale_is_not_promised_before_its_balance(db: Database) -> None:
    sale = await presold(db)
    await change(db, sale.order_id)
    async with db.reading(SYSTEM) as tx:
        (line,) = (await orders.lines(tx, [sale.order_id]))[sale.order_id]
    assert line.ship_by is not None
    assert line.ship_by > (await sale.deposit()).balance_until


async def test_where_nothing_goes_it_is_not_sent(db: Database) -> None:
    shop = await given.shop(db)
    await do(db, SYSTEM, lane, shop, "all")
    await do(db, SYSTEM, lane, shop, "none", region="65", deliverable=False)
    order_id = await given.paid_order(db, shop)
    with pytest.raises(carriers.Undeliverable) as found:
        await change(db, order_id, FAR)
    assert "order_again" in [way.kind for way in found.value.solutions]


async def test_a_service_that_is_not_to_be_had_there_is_replaced_unless_it_was_asked_for(db: Database) -> None:
    shop = await given.shop(db)
    await do(db, SYSTEM, lane, shop, "all", service="express")
    await do(db, SYSTEM, lane, shop, "no_express", service="express", region="65", deliverable=False)
    await do(db, SYSTEM, lane, shop, "far", region="65")
    order_id = await given.paid_order(db, shop, service="express")
    with pytest.raises(carriers.Undeliverable) as found:
        await change(db, order_id, FAR, service="express")
    (other, *_) = found.value.solutions
    assert other.patch is not None
    assert (other.kind, other.patch[0].path, other.patch[0].value) == ("other_service", "/service", "standard")
    await change(db, order_id, FAR)
    async with db.reading(SYSTEM) as tx:
        assert (await orders.promises(tx, [order_id]))[order_id]["service"] == "standard"


async def test_units_move_to_a_warehouse_from_which_a_way_leads(db: Database) -> None:
    wide = await wide_shop(db, near=3, far=3)
    shop = wide.shop
    await do(db, SYSTEM, lane, shop, "all")
    await do(db, SYSTEM, lane, shop, "not_from_here", region="65", warehouse_id=shop.warehouse_id, deliverable=False)
    order_id = await given.paid_order(db, shop, {"MUG": 2})
    assert await works(db, order_id) == {shop.warehouse_id: WorkState.QUEUED}
    await change(db, order_id, FAR)
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        parts = (await inventory.parts_of(tx, [order_id]))[order_id]

    assert [(part.warehouse_id, part.quantity) for part in parts] == [(wide.other, 2)]
    assert (await order_of(db, order_id)).warehouse_id == wide.other
    assert await works(db, order_id) == {shop.warehouse_id: WorkState.WITHDRAWN, wide.other: WorkState.QUEUED}
    # Where the other one has too little, nothing moves.
    second = await given.paid_order(db, shop, {"MUG": 3}, buyer="b2")
    with pytest.raises(placement.NotEnoughStock):
        await change(db, second, FAR)
    assert (await order_of(db, second)).warehouse_id == shop.warehouse_id


@pytest.mark.requirement("O1.2")
async def test_a_way_that_costs_more_is_refused_with_the_amount_unless_it_is_waived(db: Database) -> None:
    shop = await given.shop(db)
    await do(db, SYSTEM, pricing.save_freight, shop.merchant_id, [SHIP_ANYWHERE, SHIP_TO_FAR])
    order_id = await given.paid_order(db, shop)
    clerk = Actor(ActorKind.KEY, 1, "shop", shop.merchant_id, frozenset({"order.change", "order.read"}))
    with pytest.raises(placement.WayCostsMore) as found:
        await change(db, order_id, FAR, actor=clerk)
    assert (found.value.params["amount"], found.value.params["currency"]) == ("15.00", "CNY")
    assert [way.kind for way in found.value.solutions] == ["order_again"]
    with pytest.raises(identity.PermissionMissing):
        await change(db, order_id, FAR, actor=clerk, waive=True)
    with pytest.raises(placement.WayCostsMore) as found:
        await change(db, order_id, FAR)
    assert [way.kind for way in found.value.solutions] == ["waive", "order_again"]
    await change(db, order_id, FAR, waive=True, reason="gesture")
    async with db.reading(SYSTEM) as tx:
        (amendment,) = await orders.amendments(tx, order_id)
    assert (amendment.reason, amendment.waived) == ("gesture", 15_00)
    # The way back costs less: nothing is owed for it, and the price stays as it was agreed.
    await change(db, order_id, NEXT_DOOR)
    assert (await order_of(db, order_id)).total == 199_00 + 10_00


async def test_a_tax_that_is_owed_there_counts_and_one_in_the_price_does_not(db: Database) -> None:
    shop = await given.shop(db)
    rate = pricing.TaxRate(name={"en": "Tax"}, country="CN", region="65", rate=10_00, inclusive=False)
    await do(db, SYSTEM, pricing.save_taxes, shop.merchant_id, [rate])
    order_id = await given.paid_order(db, shop)
    with pytest.raises(placement.WayCostsMore) as found:
        await change(db, order_id, FAR)
    assert found.value.params["amount"] == "19.90"
    await do(db, SYSTEM, pricing.save_taxes, shop.merchant_id, [msgspec.structs.replace(rate, inclusive=True)])
    await change(db, order_id, FAR)


async def test_whoever_paid_for_a_far_way_may_go_there_again(db: Database) -> None:
    shop = await given.shop(db)
    await do(db, SYSTEM, pricing.save_freight, shop.merchant_id, [SHIP_ANYWHERE, SHIP_TO_FAR])
    basket = msgspec.structs.replace(given.basket(shop), ship_to=FAR)
    (placed,) = await do(db, SYSTEM, placement.place, [basket])
    await change(db, placed.order_id, NEXT_DOOR)
    await change(db, placed.order_id, FAR)
    assert (await order_of(db, placed.order_id)).freight == 25_00


async def test_carriage_that_a_promotion_paid_costs_nothing_elsewhere_either(db: Database) -> None:
    shop = await given.shop(db)
    await do(db, SYSTEM, pricing.save_freight, shop.merchant_id, [SHIP_ANYWHERE, SHIP_TO_FAR])
    await running(db, shop, pricing.FreeFreight())
    order_id = await given.paid_order(db, shop)
    assert (await order_of(db, order_id)).freight == 0
    await change(db, order_id, FAR)


async def test_only_what_goes_on_and_is_not_picked_goes_elsewhere(db: Database) -> None:
    shop = await given.shop(db)
    picked = await given.paid_order(db, shop)
    await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=1, order_ids=[picked])
    with pytest.raises(orders.AlreadyDispatched):
        await change(db, picked)
    cancelled = await given.placed_order(db, shop)
    await do(db, SYSTEM, orders.cancel, cancelled, reason="no")
    with pytest.raises(orders.StateForbids):
        await change(db, cancelled)
    with pytest.raises(orders.OrderUnknown):
        await change(db, 1)
    forgotten = await given.placed_order(db, shop, buyer="gone")
    await do(db, SYSTEM, identity.forget, (await order_of(db, forgotten)).buyer_id)
    with pytest.raises(identity.BuyerUnknown):
        await change(db, forgotten)


async def test_a_merchant_that_closed_still_sends_what_it_sold(db: Database) -> None:
    shop = await given.shop(db, code="closing")
    order_id = await given.paid_order(db, shop)
    closed = merchants.SaveMerchant(code="closing", name={"zh": "小店", "en": "Little shop"}, zone="Asia/Shanghai",
                                    currency="CNY", policy="cn_statutory", active=False)  # fmt: skip
    await do(db, SYSTEM, merchants.save, closed)
    await change(db, order_id)
    assert (await contact(db, order_id)).address == NEXT_DOOR


@pytest.mark.requirement("issue 2: races")
async def test_a_change_that_meets_a_claim_is_refused_or_comes_before_it(db: Database) -> None:
    shop = await given.shop(db)
    for n in range(6):
        order_id = await given.paid_order(db, shop, buyer=f"b{n}")
        claim = do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=1, order_ids=[order_id])
        changed, claimed = await asyncio.gather(change(db, order_id), claim, return_exceptions=True)
        assert changed is None or isinstance(changed, orders.AlreadyDispatched), changed
        assert isinstance(claimed, list)
        assert len(claimed) == 1
        assert (await contact(db, order_id)).address == (NEXT_DOOR if changed is None else given.ADDRESS)


@pytest.mark.requirement("issue 2: races")
async def test_two_changes_at_once_apply_one_after_the_other(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.paid_order(db, shop)
    first = (await order_of(db, order_id)).contact_id
    await asyncio.gather(change(db, order_id), change(db, order_id, SHANGHAI))
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch("SELECT contact_id FROM amendments WHERE order_id = $1 ORDER BY id", order_id)
    assert (await contact(db, order_id)).address in (NEXT_DOOR, SHANGHAI)
    assert rows[0]["contact_id"] == first
    assert rows[1]["contact_id"] not in (first, (await order_of(db, order_id)).contact_id)


@pytest.mark.requirement("O2.1")
async def test_what_was_let_pass_is_looked_at_where_it_goes_now(db: Database) -> None:
    shop = await given.shop(db)
    await given.review_rule(db, review.AddressCluster(buyers=2, within_hours=24), merchant_id=shop.merchant_id)
    await change(db, await given.paid_order(db, shop, buyer="first"))
    elsewhere = msgspec.structs.replace(given.basket(shop, buyer="second"), ship_to=SHANGHAI)
    (placed,) = await do(db, SYSTEM, placement.place, [elsewhere])
    order_id = placed.order_id
    await given.pay(db, order_id)
    assert (await order_of(db, order_id)).state == "confirmed"
    await change(db, order_id)
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        assert order_id in await review.of_orders(tx, [order_id])
    order = await order_of(db, order_id)
    assert (order.state, order.under_review_since is not None) == ("held", True)
    assert set((await works(db, order_id)).values()) == {WorkState.WITHDRAWN}
    # While somebody looks it may still go elsewhere, and comes back to the same look.
    await change(db, order_id, FAR)
    await given.settle(db)
    assert (await contact(db, order_id)).address == FAR
