"""Add and change products and prices, thousands at a time."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from dingdan.areas.catalog import refusals, rules, store
from dingdan.areas.catalog.events import PriceChanged, ProductSaved
from dingdan.areas.catalog.model import Saved, SavedPrice, SavePrice, SaveProduct
from dingdan.areas.catalog.remembering import remember_prices
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.tx import Tx

W = TypeVar("W", SaveProduct, SavePrice)


async def save_products(tx: Tx, wanted: Sequence[SaveProduct]) -> list[Saved]:
    """Add or change products, all or none; one answer per row, in order. What is already so is left alone.

    Raises everything that is wrong with any row, with paths `[i].part`; nothing is written then. `problems_of_product`
    tells the same of one row beforehand.
    """
    _refuse(tx, wanted, rules.problems_of_product)
    wanted = [rules.tidy_product(row) for row in wanted]
    refuse_all(rules.problems_of_repeats(wanted))
    by_key = {(row.merchant_id, row.sku): row for row in wanted}
    before = await store.offers(tx, by_key)
    changed = [row for key, row in by_key.items() if key not in before or not rules.is_same(row, before[key])]
    touched = await store.save_products(tx, changed) if changed else {}
    tx.announce(*(
        ProductSaved(subject_id=product_id, merchant_id=key[0], sku=key[1], is_new=is_new)
        for key, (product_id, is_new) in touched.items()
    ))  # fmt: skip
    ids = {key: offer.product_id for key, offer in before.items()} | {key: i for key, (i, _) in touched.items()}
    if lost := by_key.keys() - ids.keys():
        # Somebody else added the very same a moment ago.
        ids |= {key: offer.product_id for key, offer in (await store.offers(tx, lost)).items()}
    return [
        Saved(ids[key], row.sku, is_new=touched.get(key, (0, False))[1], is_changed=key in touched)
        for row in wanted
        for key in [(row.merchant_id, row.sku)]
    ]


async def save_prices(tx: Tx, wanted: Sequence[SavePrice]) -> list[SavedPrice]:
    """Set prices of products that exist, all or none; one answer per row, in order. What is already so is left alone.

    Raises everything that is wrong with any row, with paths `[i].part`; nothing is written then.
    """
    _refuse(tx, wanted, rules.problems_of_price)
    wanted = [msgspec.structs.replace(row, sku=row.sku.strip()) for row in wanted]
    offers = await store.offers(tx, {(row.merchant_id, row.sku) for row in wanted})
    refuse_all(rules.problems_of_repeats(wanted) + [
        refusals.ProductUnknown(f"[{i}].sku", sku=row.sku)
        for i, row in enumerate(wanted)
        if (row.merchant_id, row.sku) not in offers
    ])  # fmt: skip
    target = {
        (offer.product_id, row.currency): (offer, row) for row in wanted for offer in [offers[row.merchant_id, row.sku]]
    }
    differs = {key for key, (offer, row) in target.items() if offer.prices.get(row.currency) != row.amount}
    before = await store.lock_prices(tx, {product_id for product_id, _ in differs}) if differs else {}
    changed = [key for key in sorted(differs) if before.get(key) != target[key][1].amount]
    if changed:
        await store.save_prices(tx, [
            (key[0], target[key][0].merchant_id, key[1], target[key][1].amount) for key in changed
        ])  # fmt: skip
        await remember_prices(tx, {key: (target[key][0].merchant_id, target[key][1].amount) for key in changed})
    tx.announce(*(_changed(key, target[key][1], before.get(key)) for key in changed))
    moved = set(changed)
    return [
        SavedPrice(
            key[0],
            row.sku,
            row.currency,
            row.amount,
            before.get(key, offer.prices.get(row.currency)),
            key in moved,
        )
        for row in wanted
        for offer in [offers[row.merchant_id, row.sku]]
        for key in [(offer.product_id, row.currency)]
    ]


def _changed(key: tuple[int, str], row: SavePrice, before: int | None) -> PriceChanged:
    return PriceChanged(
        subject_id=key[0],
        merchant_id=row.merchant_id,
        sku=row.sku,
        currency=key[1],
        amount=row.amount,
        before=before,
    )


def _refuse(tx: Tx, wanted: Sequence[W], problems_of: Callable[[W], list[Refusal]]) -> None:
    """Raise what is wrong with the rows themselves."""
    refuse_all(rules.problems_of_reach(wanted, tx.actor) + [
        problem.at(f"[{i}]") for i, row in enumerate(wanted) for problem in problems_of(row)
    ])  # fmt: skip
