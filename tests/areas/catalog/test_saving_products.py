"""Products and prices: in sets, all or none, exact, and the same file twice changes nothing."""

import asyncio

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.areas import catalog
from dingdan.areas.catalog.rules import tidy_product
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.money import MAX_AMOUNT
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

SHOP, OTHER = 7, 8
replace = msgspec.structs.replace
MUG = catalog.SaveProduct(SHOP, "MUG", {"zh": "杯子", "en": "Mug"}, "home/kitchen")


def price(sku: str = "MUG", amount: int = 1990, currency: str = "CNY", merchant_id: int = SHOP) -> catalog.SavePrice:
    """A price in fen."""
    return catalog.SavePrice(merchant_id, sku, currency, amount)


async def facts(db: Database) -> list[tuple[str, dict[str, object]]]:
    async with db.reading(SYSTEM) as tx:
        return [(row["wire"], row["data"]) for row in await tx.fetch("SELECT wire, data FROM facts ORDER BY id")]


async def offers(db: Database, *wanted: tuple[int, str]) -> dict[tuple[int, str], catalog.Offer]:
    async with db.reading(SYSTEM) as tx:
        return await catalog.offers(tx, wanted)


async def versions(db: Database) -> list[int]:
    """Which transactions wrote the rows that are there, for whoever doubts that nothing was written."""
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch(
            "SELECT xmin::text::bigint AS x FROM products UNION ALL SELECT xmin::text::bigint FROM prices"
        )
        return sorted(row["x"] for row in rows)


async def test_the_same_again_writes_and_announces_nothing(db: Database) -> None:
    flagged = replace(MUG, sku="ICE", flags=("perishable", "presale"))
    first = await do(db, SYSTEM, catalog.save_products, [MUG, flagged])
    await do(db, SYSTEM, catalog.save_prices, [price(), price("ICE", 500)])
    written, told = await versions(db), await facts(db)
    again = await do(db, SYSTEM, catalog.save_products, [replace(flagged, flags=("presale", "perishable")), MUG])
    await do(db, SYSTEM, catalog.save_prices, [price("ICE", 500), price()])
    assert [(s.sku, s.is_new, s.is_changed) for s in first] == [("MUG", True, True), ("ICE", True, True)]
    assert [(s.id, s.is_new, s.is_changed) for s in again] == [
        (first[1].id, False, False),
        (first[0].id, False, False),
    ]
    assert (await versions(db), await facts(db)) == (written, told)
    assert len(told) == 4


async def test_only_what_is_different_is_changed(db: Database) -> None:
    await do(db, SYSTEM, catalog.save_products, [MUG, replace(MUG, sku="CUP")])
    results = await do(db, SYSTEM, catalog.save_products, [MUG, replace(MUG, sku="CUP", active=False)])
    assert [(s.is_new, s.is_changed) for s in results] == [(False, False), (False, True)]
    assert (await facts(db))[2:] == [("product.saved", {"sku": "CUP", "is_new": False})]


async def test_blanks_at_the_ends_do_not_count_and_case_does(db: Database) -> None:
    spaced = catalog.SaveProduct(SHOP, " MUG\t", {"zh": " 杯子", "en": "Mug "}, " home/kitchen ")
    results = await do(db, SYSTEM, catalog.save_products, [MUG, spaced, replace(MUG, sku="mug")])
    assert results[0].id == results[1].id != results[2].id
    found = await offers(db, (SHOP, "MUG"), (SHOP, "mug"), (SHOP, "Mug"))
    assert found.keys() == {(SHOP, "MUG"), (SHOP, "mug")}


async def test_an_offer_has_everything_and_all_its_prices(db: Database) -> None:
    [saved] = await do(db, SYSTEM, catalog.save_products, [replace(MUG, flags=("presale", "custom_made"))])
    await do(db, SYSTEM, catalog.save_prices, [price(), price(amount=299, currency="USD")])
    offer = catalog.Offer(
        product_id=saved.id, merchant_id=SHOP, sku="MUG", title={"zh": "杯子", "en": "Mug"}, category="home/kitchen",
        flags=("custom_made", "presale"), active=True, prices={"CNY": 1990, "USD": 299},
    )  # fmt: skip
    assert await offers(db, (SHOP, "MUG"), (OTHER, "MUG"), (SHOP, "MUG")) == {(SHOP, "MUG"): offer}
    async with db.reading(SYSTEM) as tx:
        assert await catalog.by_ids(tx, [saved.id, 5]) == {saved.id: offer}
        assert await catalog.listed(tx, SHOP, Page()) == [offer]
        assert await catalog.offers(tx, []) == {}


async def test_offers_are_one_query(db: Database) -> None:
    await do(db, SYSTEM, catalog.save_products, [replace(MUG, sku=f"S{i}") for i in range(50)])
    async with db.reading(SYSTEM) as tx:
        seen: list[str] = []
        tx.connection.add_query_logger(lambda query: seen.append(query.query))
        found = await catalog.offers(tx, [(SHOP, f"S{i}") for i in range(60)])
    assert len(found) == 50
    assert len([query for query in seen if "products" in query]) == 1


async def test_a_changed_price_says_what_it_was(db: Database) -> None:
    await do(db, SYSTEM, catalog.save_products, [MUG])
    await do(db, SYSTEM, catalog.save_prices, [price()])
    [changed] = await do(db, SYSTEM, catalog.save_prices, [price(amount=1490)])
    assert (changed.before, changed.amount, changed.is_changed) == (1990, 1490, True)
    assert [data["before"] for wire, data in await facts(db) if wire == "price.changed"] == [None, 1990]


async def test_all_that_is_wrong_with_any_row_is_said_and_nothing_is_written(db: Database) -> None:
    rows = [
        MUG,
        catalog.SaveProduct(SHOP, " ", {"fr": "Tasse"}, "", ("presale", "shiny")),
        replace(MUG, sku="x" * 65, title={"en": "x" * 501}),
        replace(MUG, sku="A\u200bB", category="a\nb"),
    ]
    with pytest.raises(Refusals) as refused:
        await do(db, SYSTEM, catalog.save_products, rows)
    assert [problem.path for problem in refused.value.problems] == [
        "[1].sku", "[1].title", "[1].category", "[1].flags[1]", "[2].sku", "[2].title", "[3].sku", "[3].category",
    ]  # fmt: skip
    assert await offers(db, (SHOP, "MUG")) == {}


async def test_all_that_is_wrong_with_prices_is_said(db: Database) -> None:
    await do(db, SYSTEM, catalog.save_products, [MUG])
    rows = [price(amount=0), price(amount=MAX_AMOUNT + 1), price(currency="BTC"), price("")]
    with pytest.raises(Refusals) as refused:
        await do(db, SYSTEM, catalog.save_prices, rows)
    assert [problem.path for problem in refused.value.problems] == [
        "[0].amount",
        "[1].amount",
        "[2].currency",
        "[3].sku",
    ]
    with pytest.raises(catalog.ProductUnknown) as unknown:
        await do(db, SYSTEM, catalog.save_prices, [price(), price("NOPE")])
    assert unknown.value.path == "[1].sku"
    assert (await offers(db, (SHOP, "MUG")))[SHOP, "MUG"].prices == {}


async def test_one_thing_twice_is_harmless_if_the_same_and_refused_if_not(db: Database) -> None:
    first, second = await do(db, SYSTEM, catalog.save_products, [MUG, MUG])
    assert first.id == second.id
    with pytest.raises(catalog.SkuTwice) as refused:
        await do(db, SYSTEM, catalog.save_products, [MUG, replace(MUG, category="toys")])
    assert refused.value.path == "[1].sku"
    await do(db, SYSTEM, catalog.save_prices, [price(), price(), price(amount=5, currency="USD")])
    with pytest.raises(catalog.SkuTwice):
        await do(db, SYSTEM, catalog.save_prices, [price(), price(amount=5)])
    assert len([wire for wire, _ in await facts(db) if wire == "price.changed"]) == 2


@pytest.mark.requirement("S-01")
async def test_a_merchant_stocks_its_own_shelves_only(db: Database) -> None:
    owner = Actor(ActorKind.KEY, 1, "owner", SHOP, frozenset({"product.write", "price.write"}))
    await do(db, SYSTEM, catalog.save_products, [replace(MUG, merchant_id=OTHER)])
    with pytest.raises(catalog.OutOfReach) as refused:
        await do(db, owner, catalog.save_products, [MUG, replace(MUG, merchant_id=OTHER, category="toys")])
    assert refused.value.path == "[1].merchant_id"
    with pytest.raises(catalog.OutOfReach):
        await do(db, owner, catalog.save_prices, [price(merchant_id=OTHER)])
    async with db.reading(owner) as tx:
        assert await catalog.offers(tx, [(OTHER, "MUG")]) == {}


async def test_thousands_go_at_once(db: Database) -> None:
    rows = [replace(MUG, sku=f"{i:05d}", flags=("virtual",) if i % 2 else ()) for i in range(5000)]
    results = await do(db, SYSTEM, catalog.save_products, rows)
    await do(db, SYSTEM, catalog.save_prices, [price(row.sku, i + 1) for i, row in enumerate(rows)])
    assert len({s.id for s in results}) == 5000
    found = await offers(db, (SHOP, "00000"), (SHOP, "04999"))
    assert (found[SHOP, "00000"].flags, found[SHOP, "00000"].prices) == ((), {"CNY": 1})
    assert (found[SHOP, "04999"].flags, found[SHOP, "04999"].prices) == (("virtual",), {"CNY": 5000})


async def test_two_files_at_once_do_not_lock_each_other_out(db: Database) -> None:
    rows = [replace(MUG, sku=f"{i:03d}") for i in range(200)]
    later = [replace(row, category="toys") for row in reversed(rows)]
    await asyncio.gather(do(db, SYSTEM, catalog.save_products, rows), do(db, SYSTEM, catalog.save_products, later))
    prices = [price(row.sku, 100) for row in rows]
    others = [price(row.sku, 200) for row in reversed(rows)]
    await asyncio.gather(do(db, SYSTEM, catalog.save_prices, prices), do(db, SYSTEM, catalog.save_prices, others))
    told = [(data["before"], data["amount"]) for wire, data in await facts(db) if wire == "price.changed"]
    assert sorted(told, key=str) in (
        sorted([(None, 100)] * 200 + [(100, 200)] * 200, key=str),
        sorted([(None, 200)] * 200 + [(200, 100)] * 200, key=str),
    )


TEXTS = st.text(max_size=70)


WISHES = st.builds(
    catalog.SaveProduct,
    merchant_id=st.just(SHOP),
    sku=TEXTS,
    title=st.dictionaries(st.sampled_from(["zh", "en", "ja", "!"]), TEXTS),
    category=TEXTS,
    flags=st.lists(st.sampled_from([*catalog.FLAGS, "odd"])).map(tuple),
)


@given(WISHES)
def test_what_passes_is_sound_and_passes_again_once_tidied(wanted: catalog.SaveProduct) -> None:
    if catalog.problems_of_product(wanted):
        return
    tidy = tidy_product(wanted)
    assert catalog.problems_of_product(tidy) == []
    assert tidy_product(tidy) == tidy
    assert tidy.sku == tidy.sku.strip()
    assert 1 <= len(tidy.sku) <= 64
    assert tidy.sku.isprintable()
    assert {"zh", "en"} & tidy.title.keys()
    assert "\0" not in tidy.sku + tidy.category + "".join(tidy.title.values())


async def test_what_has_the_words_as_its_sku_is_found_among_many_that_hold_them(db: Database) -> None:
    skus = [*(f"MUG-{n}" for n in range(5)), "MUG"]
    await do(db, SYSTEM, catalog.save_products, [replace(MUG, sku=sku) for sku in skus])
    await do(db, SYSTEM, catalog.save_prices, [price(sku) for sku in skus])
    async with db.reading(SYSTEM) as tx:
        found = await catalog.found(tx, SHOP, "MUG", currency="CNY", limit=2)
        assert [one.sku for one in found] == ["MUG-0", "MUG"]
        assert [one.sku for one in await catalog.found(tx, SHOP, "", currency="CNY", limit=1)] == ["MUG-0"]
