"""Placing on a real database: amounts, stock, refusals, batches."""

import asyncio
from typing import Any

import msgspec
import pytest
from tests import given

from dingdan.areas import inventory, orders, placement
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


async def place(db: Database, *baskets: placement.Basket) -> list[Any]:
    return await do(db, SYSTEM, placement.place, baskets)


def codes(refusal: Any) -> list[tuple[str, str]]:
    assert isinstance(refusal, Refusal)
    return [(problem.code, problem.path) for problem in refusal.problems]


@pytest.mark.requirement("O1.2")
async def test_every_amount_is_computed_here(db: Database) -> None:
    shop = await given.shop(db, freight=1000, free_freight_from=50000)
    order_id = await given.placed_order(db, shop, {"MUG": 1, "TEE": 2, "SOCK": 1})
    async with db.transaction(SYSTEM) as tx:
        order = await orders.get_one(tx, order_id)
        lines = (await orders.lines(tx, [order_id]))[order_id]
    assert (order.goods, order.discount, order.freight, order.total) == (41870, 0, 1000, 42870)
    assert [(line.sku, line.goods) for line in lines] == [("MUG", 19900), ("TEE", 17980), ("SOCK", 3990)]


@pytest.mark.requirement("O1.1")
async def test_all_that_is_wrong_comes_in_one_answer_and_nothing_is_left_behind(db: Database) -> None:
    shop = await given.shop(db)
    nowhere = msgspec.structs.replace(given.ADDRESS, city=" ", phone="")
    wrong = msgspec.structs.replace(
        given.basket(shop, {"MUG": 0, "NOPE": 1, "TEE": 2_000_000}), ship_to=nowhere, remark="x" * 501
    )
    (refused,) = await place(db, wrong)
    assert codes(refused) == [
        ("placement.quantity_unfit", "lines[0].quantity"),
        ("placement.product_unknown", "lines[1].sku"),
        ("placement.quantity_unfit", "lines[2].quantity"),
        ("address.part_missing", "ship_to.phone"),
        ("address.part_missing", "ship_to.city"),
        ("placement.field_too_long", "remark"),
    ]
    async with db.transaction(SYSTEM) as tx:
        for table in ("orders", "buyers", "contacts", "reservations", "checkouts"):
            assert await tx.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_nobody_places_orders_at_another_merchant(db: Database) -> None:
    shop = await given.shop(db)
    stranger = Actor(ActorKind.KEY, 1, merchant_id=shop.merchant_id + 1)
    (refused,) = await do(db, stranger, placement.place, [given.basket(shop)])
    assert codes(refused) == [("placement.merchant_closed", "merchant")]


async def test_a_refused_order_frees_its_number_and_nobody_elses(db: Database) -> None:
    shop = await given.shop(db, stock=3)
    await place(db, given.basket(shop, reference="R-1"))
    await place(db, given.basket(shop, {"MUG": 9}, reference="R-2"), given.basket(shop, reference="R-1"))
    async with db.transaction(SYSTEM) as tx:
        assert set(await orders.by_reference(tx, shop.merchant_id, ["R-1", "R-2"])) == {"R-1"}


@pytest.mark.requirement("O1.3")
async def test_a_shortage_names_what_is_left(db: Database) -> None:
    shop = await given.shop(db, stock=3)
    (refused,) = await place(db, given.basket(shop, {"MUG": 5, "TEE": 1, "SOCK": 4}))
    assert codes(refused) == [
        ("placement.not_enough_stock", "lines[0].quantity"),
        ("placement.not_enough_stock", "lines[2].quantity"),
    ]
    assert refused.problems[0].params["free"] == 3


@pytest.mark.requirement("O1.2")
async def test_a_total_the_buyer_was_not_shown_is_refused(db: Database) -> None:
    shop = await given.shop(db)
    (refused,) = await place(db, given.basket(shop, {"MUG": 1}, expected_total=100))
    assert codes(refused) == [("placement.price_changed", "expected_total")]
    (placed,) = await place(db, given.basket(shop, {"MUG": 1}, expected_total=19900))
    assert isinstance(placed, placement.Placed)


async def test_one_bad_basket_does_not_hurt_its_neighbours(db: Database) -> None:
    shop = await given.shop(db, stock=2)
    results = await place(
        db, given.basket(shop, {"MUG": 2}), given.basket(shop, {"NOPE": 1}), given.basket(shop, {"MUG": 1}),
        given.basket(shop, {"TEE": 2}),
    )  # fmt: skip
    kinds = [type(result).__name__ for result in results]
    assert kinds == ["Placed", "ProductUnknown", "NotEnoughStock", "Placed"]


@pytest.mark.requirement("W77")
async def test_eight_parallel_orders_for_five_units_make_exactly_five(db: Database) -> None:
    shop = await given.shop(db, stock=5)
    results = await asyncio.gather(*(place(db, given.basket(shop, {"MUG": 1}, buyer=f"b{n}")) for n in range(8)))
    assert sum(isinstance(result, placement.Placed) for (result,) in results) == 5
    async with db.transaction(SYSTEM) as tx:
        levels = {level.product_id: level for level in await inventory.stock_levels(tx, shop.merchant_id)}
    assert levels[shop.products["MUG"]].available == 0


async def test_a_shops_own_number_stands_on_one_order_only(db: Database) -> None:
    shop = await given.shop(db, stock=2)
    first, second = await place(
        db, given.basket(shop, {"MUG": 1}, reference="A-1"), given.basket(shop, {"MUG": 1}, reference="A-1")
    )
    assert isinstance(first, placement.Placed)
    assert codes(second) == [("order.reference_taken", "reference")]
    (short,) = await place(db, given.basket(shop, {"MUG": 2}, reference="A-2"))
    assert codes(short) == [("placement.not_enough_stock", "lines[0].quantity")]
    (again,) = await place(db, given.basket(shop, {"MUG": 1}, reference="A-2"))
    assert isinstance(again, placement.Placed), "the number of an order that did not come to be is free again"


@pytest.mark.requirement("R1.3")
async def test_a_confirmation_is_kept_with_its_line_and_only_of_the_words_that_stood_there(db: Database) -> None:
    shop = await given.shop(db, flags=("intimate",))
    item = placement.Item("MUG", 1, confirmed="CN_OPT_HYGIENE:0")
    (refused,) = await place(db, msgspec.structs.replace(given.basket(shop), items=(item,)))
    assert codes(refused) == [("placement.confirmation_unfit", "lines[0].confirmed")]
    item = placement.Item("MUG", 1, confirmed=refused.params["wanted"])
    (placed,) = await place(db, msgspec.structs.replace(given.basket(shop), items=(item,)))
    async with db.transaction(SYSTEM) as tx:
        (line,) = (await orders.lines(tx, [placed.order_id]))[placed.order_id]
    assert line.confirmed_text == item.confirmed
    assert line.confirmed_at is not None


@pytest.mark.requirement("R1.9")
async def test_the_policy_is_bound_with_its_hash(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop)
    async with db.transaction(SYSTEM) as tx:
        order = await orders.get_one(tx, order_id)
        row = await tx.fetchrow("SELECT code, hash FROM policies WHERE id = $1", order.policy_id)
    assert (row["code"], row["hash"]) == ("cn_statutory", order.policy_hash)


async def test_ten_thousand_lines_are_too_many_and_said_so(db: Database) -> None:
    shop = await given.shop(db)
    many = msgspec.structs.replace(given.basket(shop), items=(placement.Item("MUG", 1),) * 10_000)
    (refused,) = await place(db, many)
    assert codes(refused) == [("placement.too_many_lines", "lines")]


@pytest.mark.requirement("O1.14")
async def test_the_same_key_twice_in_one_batch_is_one_order_and_two_answers(db: Database) -> None:
    from dingdan.plumbing.idempotency import Key

    shop = await given.shop(db)
    one = placement.Intake(given.basket(shop), Key(1, "k", b"f"))
    other = placement.Intake(given.basket(shop), Key(1, "k", b"g"))
    first, second, reused = await do(db, SYSTEM, placement.take_in, [one, one, other])
    assert first.order_id == second.order_id
    assert (first.is_replay, second.is_replay) == (False, True)
    assert isinstance(reused, Refusal)
    (later,) = await do(db, SYSTEM, placement.take_in, [one])
    assert (later.order_id, later.is_replay) == (first.order_id, True)


async def test_a_refused_intake_may_try_again_with_its_key(db: Database) -> None:
    from dingdan.plumbing.idempotency import Key

    shop = await given.shop(db, stock=1)
    intake = placement.Intake(given.basket(shop, {"MUG": 2}), Key(1, "k", b"f"))
    (refused,) = await do(db, SYSTEM, placement.take_in, [intake])
    assert isinstance(refused, Refusal)
    await do(
        db, SYSTEM, inventory.count, [inventory.Count(shop.merchant_id, shop.warehouse_id, shop.products["MUG"], 5)]
    )
    (taken,) = await do(db, SYSTEM, placement.take_in, [intake])
    assert isinstance(taken, placement.Taken)
