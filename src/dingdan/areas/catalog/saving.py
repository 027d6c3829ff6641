"""Add and change products and prices, thousands at a time."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from dingdan.areas.catalog import refusals, rules, store
from dingdan.areas.catalog.events import PriceChanged, ProductSaved
from dingdan.areas.catalog.model import Offer, Saved, SavedPrice, SavePrice, SaveProduct
from dingdan.areas.catalog.remembering import remember_prices
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.tx import Tx

Key = tuple[int, str]
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
    named = {(row.merchant_id, sku) for row in wanted for sku, _ in row.components}
    before = await store.offers(tx, {*by_key, *named})
    plain = [row for row in by_key.values() if not row.components]
    touched = await _save_changed(tx, plain, before, before)
    # Bundles come second: what lies in them may be new in this very set.
    bundles = [(place, row) for place, row in enumerate(wanted) if row.components]
    if bundles:
        known = await store.offers(tx, named | {(row.merchant_id, row.sku) for _, row in bundles})
        around = await store.bundles_of(tx, {offer.product_id for offer in known.values()})
        inside = {product_id for offer in around for product_id, _ in offer.components}
        refuse_all(rules.problems_of_bundles(bundles, known, inside))
        touched |= await _save_changed(tx, [row for row in by_key.values() if row.components], before, known)
    tx.announce(*(
        ProductSaved(subject_id=product_id, merchant_id=key[0], sku=key[1], is_new=is_new)
        for key, (product_id, is_new) in touched.items()
    ))  # fmt: skip
    ids = {key: before[key].product_id for key in by_key if key in before} | {key: i for key, (i, _) in touched.items()}
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
    differs = {
        key for key, (offer, row) in target.items()
        if _priced(row, offer.floors.get(row.currency)) != (offer.prices.get(row.currency), offer.floors.get(row.currency))
    }  # fmt: skip
    locked = await store.lock_prices(tx, {product_id for product_id, _ in differs}) if differs else {}
    changed = {
        key: after for key in sorted(differs)
        if (after := _priced(target[key][1], locked.get(key, (0, None))[1])) != locked.get(key)
    }  # fmt: skip
    if changed:
        await store.save_prices(tx, [
            (key[0], target[key][0].merchant_id, key[1], amount, floor) for key, (amount, floor) in changed.items()
        ])  # fmt: skip
    before = {key: amount for key, (amount, _) in locked.items()}
    # A floor alone that moves is no new price.
    repriced = [key for key in changed if before.get(key) != target[key][1].amount]
    if repriced:
        await remember_prices(tx, {key: (target[key][0].merchant_id, target[key][1].amount) for key in repriced})
    tx.announce(*(_changed(key, target[key][1], before.get(key)) for key in repriced))
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


async def _save_changed(
    tx: Tx, rows: Sequence[SaveProduct], before: Mapping[Key, Offer], known: Mapping[Key, Offer]
) -> dict[Key, tuple[int, bool]]:
    """Save products that are new or different, with what lies in them by id; says (id, is new) of each."""
    changed = []
    for row in rows:
        held = sorted((known[row.merchant_id, sku].product_id, units) for sku, units in row.components)
        old = before.get((row.merchant_id, row.sku))
        if old is None or not rules.is_same(row, old) or tuple(held) != old.components:
            changed.append((row, held))
    return await store.save_products(tx, changed) if changed else {}


def _priced(row: SavePrice, floor: int | None) -> tuple[int, int | None]:
    """The amount and the floor that a price shall have, where it has this floor now.

    A price that falls below its floor leaves the floor where it is: that is what the floor is for.
    """
    return row.amount, floor if row.floor is None else row.floor or None


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
