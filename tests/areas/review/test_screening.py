"""Paid orders pass a look: most go straight on, some are stopped, each once."""

from datetime import timedelta

import msgspec
import pytest
from tests import given
from tests.areas.payments import till
from tests.areas.review import desk

from dingdan.areas import catalog, fulfilment, identity, orders, payments, placement, review
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from dingdan.plumbing.tx import Tx

pytestmark = pytest.mark.requirement("O2.1")


async def standing(db: Database, order_id: int) -> tuple[str, list[str]]:
    """The state of an order and of its works."""
    async with db.transaction(SYSTEM) as tx:
        order = await orders.get_one(tx, order_id)
        return str(order.state), [str(work.state) for work in await fulfilment.works_of(tx, [order_id])]


async def test_without_a_rule_every_order_goes_straight_on(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db))
    assert await standing(db, order_id) == ("confirmed", ["queued"])


async def test_an_order_that_no_rule_speaks_about_goes_straight_on(db: Database) -> None:
    await do(db, SYSTEM, review.load_shipped)
    order_id = await given.paid_order(db, await given.shop(db))
    assert await standing(db, order_id) == ("confirmed", ["queued"])


@pytest.mark.requirement("O2.5")
async def test_a_stopped_order_is_held_with_its_stock_and_nobody_picks_it(db: Database) -> None:
    shop = await given.shop(db, flags=("presale",))
    await do(db, SYSTEM, review.load_shipped)
    order_id = await given.paid_order(db, shop, {"MUG": 30})
    held = await desk.of_order(db, order_id)
    assert await standing(db, order_id) == ("held", [])
    assert [one.rule for one in held.reasons] == ["large_amount", "presale"]
    assert {item.code for item in held.checklist} >= {"payment_genuine", "presale_date", "order_meant"}
    async with db.transaction(SYSTEM) as tx:
        assert await tx.fetchval("SELECT reserved FROM stock WHERE product_id = $1", shop.products["MUG"]) == 30
        clocks = {one.kind for one in await deadlines.of_subjects(tx, [held.id])}
    assert clocks == {"review.warn", "review.escalate", "review.decide"}


async def paid_and_unseen(db: Database, shop: given.Shop, count: int) -> list[int]:
    """Orders whose money is in and that no reaction has seen yet."""
    placed = await do(db, SYSTEM, placement.place, [given.basket(shop, buyer=f"b{n}") for n in range(count)])
    ids = [one.order_id for one in placed if isinstance(one, placement.Placed)]
    for order_id in ids:
        (payment,) = await do(db, SYSTEM, payments.start, [order_id], provider="sandbox", method="instant")
        await payments.call_started(db, [payment.id])
    return ids


async def test_a_set_takes_as_many_statements_as_one(db: Database) -> None:
    shop = await given.shop(db, stock=500)
    for trigger in (review.LargeQuantity(percent_of_stock=90), review.AddressCluster(buyers=90),
                    review.LargeAmount(times_usual=100), review.PriceAnomaly(percent_of_usual=1),
                    review.BuyerRemark()):  # fmt: skip
        await given.review_rule(db, trigger, code=type(trigger).__name__.lower())
    ids = await paid_and_unseen(db, shop, 8)
    async with db.transaction(SYSTEM) as tx:
        seen = listening(tx)
        await review.screen(tx, ids[:1])
        await review.screen(tx, ids[1:])
    assert len(read_by(seen)) == 2 * 10
    assert read_by(seen)[:10] == read_by(seen)[10:]


def listening(tx: Tx) -> list[str]:
    """Every statement from here on."""
    seen: list[str] = []
    tx.connection.add_query_logger(lambda query: seen.append(query.query))
    return seen


def read_by(seen: list[str]) -> list[str]:
    """Those that read a table."""
    return [query for query in seen if "FROM" in query]


async def test_without_rules_a_set_costs_three_small_queries(db: Database) -> None:
    ids = await paid_and_unseen(db, await given.shop(db), 3)
    async with db.transaction(SYSTEM) as tx:
        seen = listening(tx)
        await review.screen(tx, ids)
    assert len(read_by(seen)) == 3


async def test_an_order_that_ended_before_it_was_seen_is_left_alone(db: Database) -> None:
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}))
    (order_id,) = await paid_and_unseen(db, await given.shop(db), 1)
    await do(db, SYSTEM, orders.cancel, order_id, reason="test")
    await given.settle(db)
    assert await standing(db, order_id) == ("cancelled", [])
    async with db.transaction(SYSTEM) as tx:
        assert await review.of_orders(tx, [order_id]) == {}


async def test_an_order_held_by_hand_is_looked_at_when_it_is_let_go(db: Database) -> None:
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}))
    (order_id,) = await paid_and_unseen(db, await given.shop(db), 1)
    await do(db, SYSTEM, orders.hold, order_id, reason="address")
    await given.settle(db)
    await do(db, SYSTEM, orders.release, order_id)
    await given.settle(db)
    assert (await desk.of_order(db, order_id)).state == "open"


async def test_late_money_is_looked_at_as_well(db: Database) -> None:
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}))
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop)
    shown = await till.shown(db, order_id)
    async with db.reading(SYSTEM) as tx:
        late = tx.now + timedelta(hours=1)
    await do_at(db, SYSTEM, late, orders.expire, [order_id])
    await payments.sandbox.pay(db, shown.provider_ref or "", even_if_closed=True)
    await till.deliver(db)
    await given.settle(db)
    assert await standing(db, order_id) == ("held", [])


async def test_screening_twice_changes_nothing(db: Database) -> None:
    held = await desk.stopped(db, await given.shop(db))
    await do(db, SYSTEM, review.screen, [held.order_id])
    assert await desk.of_order(db, held.order_id) == held


async def test_a_held_order_is_let_go_by_its_review_alone(db: Database) -> None:
    held = await desk.stopped(db, await given.shop(db))
    with pytest.raises(orders.UnderReview):
        await do(db, SYSTEM, orders.release, held.order_id)
    async with db.transaction(SYSTEM) as tx:
        assert orders.actions(await orders.get_one(tx, held.order_id)) == ["cancel", "change_address"]


async def test_a_merchants_own_rule_stops_its_orders_alone(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}), merchant_id=shop.merchant_id)
    assert await standing(db, await given.paid_order(db, shop)) == ("held", [])
    assert await standing(db, await given.paid_order(db, other)) == ("confirmed", ["queued"])


@pytest.mark.parametrize("place", ["address", "device"])
async def test_many_buyers_at_one_place_are_seen(db: Database, place: str) -> None:
    await given.review_rule(db, review.AddressCluster(buyers=3, within_hours=24))
    shop = await given.shop(db)
    for n, wanted in enumerate(("confirmed", "confirmed", "held")):
        street = given.ADDRESS.detail if place == "address" else f"{n} 号"
        at = msgspec.structs.replace(given.ADDRESS, name=f"收件人 {n}", detail=street.replace(" ", " " * n))
        basket = msgspec.structs.replace(given.basket(shop, buyer=f"b{n}"), ship_to=at)
        order_id = await _paid(db, basket, device="d-1" if place == "device" else "")
        assert (await standing(db, order_id))[0] == wanted


async def _paid(db: Database, basket: placement.Basket, *, device: str) -> int:
    (placed,) = await do(db, SYSTEM, placement.place, [basket])
    assert isinstance(placed, placement.Placed)
    async with db.transaction(SYSTEM) as tx:  # Doors do not tell the device yet.
        order = await orders.get_one(tx, placed.order_id)
        person = identity.Person(basket.merchant_id, basket.buyer.ref, "", "", None, basket.ship_to, device=device)
        (known,) = await identity.remember_buyers(tx, [person])
        await tx.execute("UPDATE orders SET contact_id = $1 WHERE id = $2", known.contact_id, order.id)
    await given.pay(db, placed.order_id)
    return placed.order_id


async def test_what_is_far_more_than_usual_is_seen(db: Database) -> None:
    await given.review_rule(db, review.LargeAmount(times_usual=10, earlier_orders=2))
    shop = await given.shop(db, prices={"TEA": 100, "GOLD": 1001})
    for _ in range(2):
        assert await standing(db, await given.paid_order(db, shop, {"TEA": 1})) == ("confirmed", ["queued"])
    assert (await standing(db, await given.paid_order(db, shop, {"GOLD": 1})))[0] == "held"
    other = await given.paid_order(db, shop, {"GOLD": 1}, buyer="somebody-else")
    assert (await standing(db, other))[0] == "confirmed"


async def test_a_price_far_below_the_usual_is_seen(db: Database) -> None:
    await given.review_rule(db, review.PriceAnomaly(percent_of_usual=50))
    shop = await given.shop(db, prices={"TEA": 100}, price_guard=False)
    for n in range(5):
        await given.paid_order(db, shop, buyer=f"b{n}")
    price = catalog.SavePrice(merchant_id=shop.merchant_id, sku="TEA", currency="CNY", amount=49)
    await do(db, SYSTEM, catalog.save_prices, [price])
    held = await desk.of_order(db, await given.paid_order(db, shop))
    assert held.reasons[0].numbers == {"unit_price": 49, "usual": 100}


@pytest.mark.parametrize(
    ("trigger", "remark", "lines", "state"),
    [
        (review.BuyerRemark(), "写贺卡", {"MUG": 1}, "held"),
        (review.BuyerRemark(), " ", {"MUG": 1}, "confirmed"),
        (review.LargeQuantity(percent_of_stock=30), None, {"MUG": 31}, "held"),
        (review.LargeQuantity(percent_of_stock=30), None, {"MUG": 30}, "confirmed"),
        (review.NewAccount(at_least={"CNY": 1}), None, {"MUG": 1}, "held"),
    ],
)
async def test_what_is_loaded_is_what_is_looked_at(
    db: Database, trigger: review.Trigger, remark: str | None, lines: dict[str, int], state: str
) -> None:
    await given.review_rule(db, trigger)
    order_id = await given.paid_order(db, await given.shop(db), lines, remark=remark)
    assert (await standing(db, order_id))[0] == state
