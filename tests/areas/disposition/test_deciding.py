"""What becomes of goods that came back: decided, done, booked, and in time."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.returns import bench
from tests.areas.returns.bench import ANN, BEN
from tests.areas.returns.road import fine

from dingdan.areas import catalog, disposition, identity, inventory, ledger, policies
from dingdan.areas.disposition import Decide
from dingdan.kernel.actor import SYSTEM, Actor
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


async def level(db: Database, shop: given.Shop, product_id: int | None = None) -> tuple[int, int]:
    async with db.transaction(SYSTEM) as tx:
        (found,) = await inventory.stock_levels(tx, shop.merchant_id, [product_id or shop.products["MUG"]])
    return found.on_hand, found.quarantine


async def waiting(db: Database, shop: given.Shop, units: int = 1, **more: Any) -> disposition.ReturnedGoods:
    """Accepted units that wait."""
    (goods,) = await bench.looked_at(
        db, shop, fine(units, **({"disposition": "quarantine"} | more)), sold={"MUG": units}
    )
    return goods


async def refused(db: Database, *asked: Decide, by: Actor = SYSTEM) -> list[tuple[str, str]]:
    try:
        await do(db, by, disposition.decide, list(asked))
    except Refusal as refusal:
        return [(p.code, p.path) for p in refusal.problems]
    return []


async def second_hand(db: Database, shop: given.Shop, *flags: str) -> int:
    (saved,) = await do(db, SYSTEM, catalog.save_products, [catalog.SaveProduct(
        merchant_id=shop.merchant_id, sku="MUG-USED", title={"en": "Mug, second-hand", "zh": "杯子（二手）"}, category="home",
        flags=flags,
    )])  # fmt: skip
    return saved.id


async def witness(db: Database, shop: given.Shop) -> int:
    person = identity.SaveStaff(shop.merchant_id, "someone", "Witness", ("warehouse",))
    return (await do(db, SYSTEM, identity.save_staff, person)).id


@pytest.mark.requirement("R5.4")
@pytest.mark.requirement("R5.1")
async def test_stock_moves_with_the_decision_and_what_it_lost_is_booked(db: Database) -> None:
    shop = await given.shop(db, stock=10)
    goods = await waiting(db, shop, 3)
    assert (goods.value, goods.open, await level(db, shop)) == (59700, 3, (7, 3))

    await do(db, SYSTEM, disposition.decide, [
        Decide(goods_id=goods.id, kind="restock", quantity=1),
        Decide(goods_id=goods.id, kind="liquidate", quantity=2, recovered=5000),
    ])  # fmt: skip

    (left,) = [one for one in await bench.goods_of(db, await _return_of(db, goods)) if one.id == goods.id]
    assert (left.open, await level(db, shop)) == (0, (8, 0))
    async with db.transaction(SYSTEM) as tx:
        books = {one.account: one.amount for one in await ledger.balances(tx, shop.merchant_id)}
    assert (books["goods_returned"], books["goods_recovered"], books["goods_written_down"]) == (-59700, 24900, 34800)
    assert (await bench.wires(db, goods.id)).count("goods.disposed") == 2


async def _return_of(db: Database, goods: disposition.ReturnedGoods) -> Any:
    from dingdan.areas import returns

    async with db.transaction(SYSTEM) as tx:
        return await returns.get_one(tx, goods.return_id)


@pytest.mark.requirement("R5.2")
async def test_what_is_not_as_new_is_sold_as_a_product_that_says_so(db: Database) -> None:
    shop = await given.shop(db, stock=10)
    goods = await waiting(db, shop, grade="C")
    opened = Decide(goods_id=goods.id, kind="open_box", quantity=1, recovered=9900)

    assert await refused(db, Decide(goods_id=goods.id, kind="restock", quantity=1)) == [
        ("goods.not_for_these", "[0].kind")
    ]
    assert await refused(db, opened) == [("goods.unmarked", "[0].as_sku")]
    used = await second_hand(db, shop)
    named = Decide(goods_id=goods.id, kind="open_box", quantity=1, recovered=9900, as_sku="MUG-USED")
    assert await refused(db, named) == [("goods.unmarked", "[0].as_sku")]
    await second_hand(db, shop, "second_hand")

    (done,) = await do(db, SYSTEM, disposition.decide, [named])
    assert (done.sold_as, done.recovered, await level(db, shop), await level(db, shop, used)) == (
        used,
        9900,
        (9, 0),
        (1, 0),
    )


@pytest.mark.requirement("R5.5")
async def test_goods_are_destroyed_before_a_witness_with_a_certificate(db: Database) -> None:
    shop = await given.shop(db, stock=10)
    goods = await waiting(db, shop, grade="D", disposition="scrap")
    other = await witness(db, shop)
    scrap = {"goods_id": goods.id, "kind": "scrap", "quantity": 1}
    wrong = [
        Decide(**scrap), Decide(**scrap, witnessed_by=other), Decide(**scrap, certificate="C-1"),
        Decide(**scrap, witnessed_by=5, certificate="C-1"),
    ]  # fmt: skip

    for one in wrong:
        assert await refused(db, one) == [("goods.not_witnessed", "[0].witness")]
    mine = Actor(ANN.kind, other, "Witness")
    assert await refused(db, Decide(**scrap, witnessed_by=other, certificate="C-1"), by=mine) == [
        ("goods.not_witnessed", "[0].witness")
    ]
    (done,) = await do(db, BEN, disposition.decide, [Decide(**scrap, witnessed_by=other, certificate="C-1")])
    assert (done.certificate, done.witnessed_by, await level(db, shop)) == ("C-1", other, (9, 0))


@pytest.mark.requirement("R5.6")
async def test_a_device_is_wiped_before_anybody_else_has_it(db: Database) -> None:
    shop = await bench.shop(db, category="electronics/phone", stock=10)
    goods = await waiting(db, shop)
    restock = {"goods_id": goods.id, "kind": "restock", "quantity": 1}

    assert await refused(db, Decide(**restock)) == [("goods.not_wiped", "[0].is_wiped")]
    (done,) = await do(db, SYSTEM, disposition.decide, [Decide(**restock, is_wiped=True)])
    assert done.is_wiped


@pytest.mark.requirement("R5.1")
async def test_all_that_is_wrong_is_said_at_once_and_nothing_moves(db: Database) -> None:
    shop = await given.shop(db, stock=10)
    goods = await waiting(db, shop, 2)
    asked = [
        Decide(goods_id=goods.id, kind="donate", quantity=2, recovered=1),
        Decide(goods_id=goods.id, kind="vendor", quantity=1),
        Decide(goods_id=goods.id, kind="send_back", quantity=0),
        Decide(goods_id=8, kind="vendor", quantity=1, note="a\0b"),
    ]

    assert await refused(db, *asked) == [
        ("goods.recovered_unfit", "[0].recovered"), ("goods.units_unfit", "[1].quantity"),
        ("goods.units_unfit", "[2].quantity"), ("goods.not_the_buyers", "[2].kind"), ("goods.unknown", "[3].goods"),
    ]  # fmt: skip
    assert await level(db, shop) == (8, 2)


@pytest.mark.requirement("R5.4")
async def test_two_who_decide_at_once_dispose_of_each_unit_once(db: Database) -> None:
    shop = await given.shop(db, stock=10)
    goods = await waiting(db, shop)
    told = await asyncio.gather(*(
        refused(db, Decide(goods_id=goods.id, kind=kind, quantity=1)) for kind in ("restock", "donate")
    ))  # fmt: skip

    assert sorted(told) == [[], [("goods.units_unfit", "[0].quantity")]]


@pytest.mark.requirement("R5.5")
async def test_whoever_lets_goods_lie_hears_of_it(db: Database) -> None:
    goods = await waiting(db, await given.shop(db))
    await bench.later(db, timedelta(hours=60))
    await bench.later(db, timedelta(hours=13))

    assert (await bench.wires(db, goods.id)).count("goods.undecided") == 2
    await do(db, SYSTEM, disposition.decide, [Decide(goods_id=goods.id, kind="restock", quantity=1)])
    await bench.later(db, timedelta(days=30))
    assert (await bench.wires(db, goods.id)).count("goods.undecided") == 2


@pytest.mark.requirement("S-01")
async def test_another_merchants_goods_are_nobodys(db: Database) -> None:
    goods = await waiting(db, await given.shop(db))
    stranger = Actor(ANN.kind, 9, merchant_id=5)

    assert await refused(db, Decide(goods_id=goods.id, kind="restock", quantity=1), by=stranger) == [
        ("goods.unknown", "[0].goods")
    ]


@pytest.mark.requirement("W84", "R5.4")
@pytest.mark.parametrize(("grade", "worth"), [("A", 299_00), ("B", 209_30), ("C", 119_60), ("D", 29_90)])
async def test_goods_are_worth_what_their_grade_says_until_somebody_says_better(
    db: Database, grade: str, worth: int
) -> None:
    shop = await given.shop(db, prices={"MUG": 299_00}, stock=10)
    goods = await waiting(db, shop, grade=grade)
    assert (goods.value, goods.book_value) == (299_00, worth)

    (done,) = await do(db, SYSTEM, disposition.decide, [Decide(goods_id=goods.id, kind="vendor", quantity=1)])
    async with db.transaction(SYSTEM) as tx:
        books = {one.account: one.amount for one in await ledger.balances(tx, shop.merchant_id)}
    assert (done.value, done.recovered) == (299_00, worth)
    assert (books["goods_recovered"], books.get("goods_written_down", 0)) == (worth, 299_00 - worth)


@pytest.mark.requirement("W84")
async def test_a_policy_may_say_what_grades_are_worth_and_units_share_it_out(db: Database) -> None:
    worth = policies.Dispositions(recovery=policies.Recovery(b=33, c=20, d=5))
    shop = await bench.shop(db, parts={"dispositions": worth}, prices={"MUG": 10}, stock=10)
    goods = await waiting(db, shop, 3, grade="B")
    one = Decide(goods_id=goods.id, kind="vendor", quantity=1)
    made = [(await do(db, SYSTEM, disposition.decide, [one]))[0] for _ in range(3)]

    assert (goods.value, goods.book_value) == (30, 10)
    assert [(done.value, done.recovered) for done in made] == [(10, 3), (10, 4), (10, 3)]
