"""Buyers who want to be told when a problem is over, and the moment when it is."""

from collections.abc import Collection, Sequence

from dingdan.areas import catalog, identity, merchants
from dingdan.areas.placement import store
from dingdan.areas.placement.events import ReminderAsked, ReminderDue
from dingdan.areas.placement.model import AskReminder, Reminder
from dingdan.areas.placement.refusals import ProductUnknown, ReminderWithoutProduct
from dingdan.areas.placement.rules import guarding
from dingdan.kernel.address import Address
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.tx import Tx

ABOUT_PRODUCTS = ("in_stock", "price_checked")


async def ask_reminders(tx: Tx, wanted: Sequence[AskReminder]) -> list[Reminder]:
    """Note who wants to be told of what; who asks for the same again while waiting, waits once.

    Raises all that is wrong, with paths `[i].part`.
    """
    offers = await catalog.offers(tx, [(one.merchant_id, one.sku) for one in wanted if one.sku is not None])
    refuse_all([problem for n, one in enumerate(wanted) for problem in _problems(n, one, offers)])
    known = await identity.remember_buyers(tx, [_person(one) for one in wanted])
    product_ids = [offers[one.merchant_id, one.sku].product_id if one.sku else None for one in wanted]
    rows = await store.add_reminders(tx, [
        (one.merchant_id, one.kind, who.buyer_id, who.contact_id, product_id, one.quantity)
        for one, who, product_id in zip(wanted, known, product_ids, strict=True)
    ])  # fmt: skip
    tx.announce(*(
        ReminderAsked(subject_id=one.id, merchant_id=one.merchant_id, about=one.kind, buyer_id=one.buyer_id,
                      product_id=one.product_id)
        for one, is_new in rows.values() if is_new
    ))  # fmt: skip
    keys = [
        (who.buyer_id, one.kind, product_id) for one, who, product_id in zip(wanted, known, product_ids, strict=True)
    ]
    return [rows[key][0] for key in keys]


def _problems(n: int, wanted: AskReminder, offers: dict[tuple[int, str], catalog.Offer]) -> list[Refusal]:
    if wanted.sku is None:
        return [ReminderWithoutProduct(f"[{n}].sku")] if wanted.kind in ABOUT_PRODUCTS else []
    return [] if (wanted.merchant_id, wanted.sku) in offers else [ProductUnknown(f"[{n}].sku", sku=wanted.sku)]


def _person(wanted: AskReminder) -> identity.Person:
    buyer = wanted.buyer
    nowhere = Address(name=buyer.name, phone=buyer.phone, country="", city="", detail="")
    return identity.Person(wanted.merchant_id, buyer.ref, buyer.name, buyer.phone, buyer.email, nowhere)


async def awaited(tx: Tx, product_ids: Collection[int | None]) -> dict[int, int]:
    """Those of products that somebody waits for, with the fewest units that anybody waits for."""
    return await store.awaited(tx, product_ids)


async def tell_of_stock(tx: Tx, there: Sequence[tuple[int, int]]) -> None:
    """Tell who waits for products (product, units) of which a channel may sell as many as they want."""
    most: dict[int, int] = {}
    for product_id, units in there:
        most[product_id] = max(units, most.get(product_id, 0))
    while waiting := await store.waiting_for_units(tx, most):
        await _tell(tx, waiting)


async def tell_of_prices(tx: Tx, product_ids: Collection[int]) -> None:
    """Tell who waits for a price, once nothing is wrong with it any more."""
    waiting = await store.waiting(tx, "price_checked", product_ids)
    if not waiting:
        return
    offers = await catalog.by_ids(tx, {one.product_id or 0 for one in waiting})
    owners = await merchants.by_ids(tx, {one.merchant_id for one in waiting})
    sound = {
        product_id
        for product_id, offer in offers.items()
        if not any(guarding.suspicion(offer, c, owners[offer.merchant_id].settings) for c in offer.prices)
    }
    await _tell(tx, [one for one in waiting if one.product_id in sound])


async def tell_of_opening(tx: Tx, merchant_ids: Collection[int]) -> None:
    """Tell who waits for merchants that take orders again."""
    is_open = [one.id for one in (await merchants.by_ids(tx, merchant_ids)).values() if one.active]
    await _tell(tx, await store.waiting_for_merchants(tx, "open_again", is_open))


async def reminders(tx: Tx, merchant_id: int | None, page: Page) -> list[Reminder]:
    """Who waits to be told or called, oldest first."""
    return await store.listed(tx, merchant_id, page.after or 0, page.limit)


async def _tell(tx: Tx, due: Sequence[Reminder]) -> None:
    told = await store.mark_told(tx, [one.id for one in due]) if due else set()
    tx.announce(*(
        ReminderDue(subject_id=one.id, merchant_id=one.merchant_id, about=one.kind, buyer_id=one.buyer_id,
                    product_id=one.product_id)
        for one in due if one.id in told
    ))  # fmt: skip
