"""What is proved about a box: pieces by any code, weight, serials and pictures."""

import asyncio

import pytest
from tests import given

from dingdan.areas import catalog, fulfilment, packing
from dingdan.areas.fulfilment import Pack, PackedLine
from dingdan.areas.packing import Serial
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

GTIN = "6901234567892"


async def shop_with_phones(db: Database) -> given.Shop:
    """A shop whose mugs weigh and have bars, and whose tees are numbered piece by piece."""
    shop = await given.shop(db)
    await do(db, SYSTEM, catalog.save_products, [
        catalog.SaveProduct(shop.merchant_id, "MUG", {"en": "Mug"}, "home", weight_grams=400, gtin=GTIN),
        catalog.SaveProduct(shop.merchant_id, "TEE", {"en": "Tee"}, "home", flags=("numbered",), weight_grams=200),
    ])  # fmt: skip
    return shop


async def picking(db: Database, shop: given.Shop, lines: dict[str, int], buyer: str = "b") -> fulfilment.Work:
    order_id = await given.paid_order(db, shop, lines, buyer=buyer)
    (work,) = await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=7, order_ids=[order_id])
    return work


async def boxes(db: Database, work: fulfilment.Work) -> list[packing.Box]:
    async with db.transaction(SYSTEM) as tx:
        return await packing.boxes_of(tx, [work.order_id])


def codes(problem: Refusal) -> list[tuple[str, str]]:
    return [(p.code, p.path) for p in problem.problems]


@pytest.mark.requirement("O6.6")
async def test_a_box_is_packed_by_the_bars_and_its_record_proves_what_is_in_it(db: Database) -> None:
    shop = await shop_with_phones(db)
    work = await picking(db, shop, {"MUG": 2, "TEE": 1})
    scanned = (PackedLine(None, 1, gtin=GTIN), PackedLine(None, 1, gtin=GTIN), PackedLine(None, 1, "TEE"))

    await do(db, SYSTEM, fulfilment.pack_one, Pack(work.id, scanned, grams=1100, serials=(Serial("TEE", " n-1 "),)))

    (box,) = await boxes(db, work)
    assert (box.lines, box.serials) == ([(1, 2), (2, 1)], [Serial("TEE", "N-1")])
    assert [(one.sku, one.quantity) for one in box.scanned] == [("MUG", 1), ("MUG", 1), ("TEE", 1)]
    assert (box.expected_grams, box.grams, box.is_weight_confirmed, box.packed_by_kind) == (1000, 1100, False, "system")


async def test_what_does_not_belong_is_refused_with_what_was_expected(db: Database) -> None:
    shop = await shop_with_phones(db)
    work = await picking(db, shop, {"MUG": 2})

    with pytest.raises(Refusal) as caught:
        await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 2), PackedLine(None, 1, gtin="4006381333931")])

    assert codes(caught.value) == [("pack.not_in_order", "lines[1].gtin")]
    assert caught.value.params == {"sku": "4006381333931", "expected": "2 x MUG"}


async def test_a_weight_that_is_unlike_the_goods_must_be_confirmed(db: Database) -> None:
    shop = await shop_with_phones(db)
    work = await picking(db, shop, {"MUG": 2})

    for grams in (400, 2000):
        with pytest.raises(packing.WeightDiffers) as caught:
            await do(db, SYSTEM, fulfilment.pack_one, Pack(work.id, (PackedLine(1, 2),), grams=grams))
        assert caught.value.path == "weight_grams"
    await do(db, SYSTEM, fulfilment.pack_one, Pack(work.id, (PackedLine(1, 2),), grams=2000, is_weight_confirmed=True))

    assert (await boxes(db, work))[0].is_weight_confirmed


@pytest.mark.parametrize(
    ("expected", "grams", "fits"),
    [(1000, 1000, True), (1000, 1800, True), (1000, 900, False), (1000, 1801, False), (None, 5, True), (9, None, True)],
)
def test_a_box_may_weigh_its_goods_and_a_carton(expected: int | None, grams: int | None, fits: bool) -> None:
    assert packing.weight_fits(expected, grams) is fits


def test_the_weight_is_unknown_where_that_of_one_product_is() -> None:
    assert packing.expected_grams({"A": 2, "B": 1}, {"A": 10, "B": 5}) == 25
    assert packing.expected_grams({"A": 2, "B": 1}, {"A": 10, "B": 0}) is None
    assert packing.expected_grams({}, {}) is None


async def test_each_numbered_piece_has_one_number_and_others_have_none(db: Database) -> None:
    shop = await shop_with_phones(db)
    work = await picking(db, shop, {"MUG": 1, "TEE": 2})
    lines = (PackedLine(1, 1), PackedLine(2, 2))

    twice = (Serial("TEE", "A"), Serial("TEE", "a"), Serial("MUG", "B"))
    with pytest.raises(Refusal) as caught:
        await do(db, SYSTEM, fulfilment.pack_one, Pack(work.id, lines, serials=twice))
    assert codes(caught.value) == [("box.serials_differ", "serials"), ("box.serial_twice", "serials[1].serial")]
    with pytest.raises(packing.SerialsDiffer):
        await do(db, SYSTEM, fulfilment.pack, work.id, list(lines))
    await do(db, SYSTEM, fulfilment.pack_one, Pack(work.id, lines, serials=(Serial("TEE", "A"), Serial("TEE", "C"))))


async def test_a_piece_lies_in_one_box_and_is_free_when_that_is_opened(db: Database) -> None:
    shop = await shop_with_phones(db)
    one, two = [await picking(db, shop, {"TEE": 1}, buyer=f"b{n}") for n in range(2)]
    pack = [Pack(work.id, (PackedLine(1, 1),), serials=(Serial("TEE", "S-1"),)) for work in (one, two)]

    ended = await asyncio.gather(*(do(db, SYSTEM, fulfilment.pack_one, each) for each in pack), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ended) == ["SerialTaken", "Work"]
    won = 0 if isinstance(ended[0], fulfilment.Work) else 1
    await do(db, SYSTEM, fulfilment.put_back, [pack[won].work_id], reason="wrong_box")
    await do(db, SYSTEM, fulfilment.pack_one, pack[1 - won])


async def test_a_picture_is_kept_once_and_only_while_the_box_is_here(db: Database) -> None:
    shop = await given.shop(db)
    work = await picking(db, shop, {"MUG": 1})
    look = {"size": 10, "width": 3, "height": 4}

    first = await do(db, SYSTEM, fulfilment.take_picture, work.id, sha256="a" * 64, **look)
    again = await do(db, SYSTEM, fulfilment.take_picture, work.id, sha256="a" * 64, **look)
    assert first == again
    for n in range(1, packing.MAX_PICTURES):
        await do(db, SYSTEM, fulfilment.take_picture, work.id, sha256=f"{n:064x}", **look)
    with pytest.raises(packing.TooManyPictures):
        await do(db, SYSTEM, fulfilment.take_picture, work.id, sha256="b" * 64, **look)
    await do(db, SYSTEM, fulfilment.put_back, [work.id], reason="later")
    with pytest.raises(fulfilment.WorkStateForbids):
        await do(db, SYSTEM, fulfilment.take_picture, work.id, sha256="c" * 64, **look)
