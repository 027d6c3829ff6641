"""A basket that somebody tries a promotion on: what a price is asked for, at today's prices of the goods named."""

from collections.abc import Sequence

from dingdan.areas import catalog, merchants, pricing
from dingdan.plumbing.tx import Tx


async def ask_of(
    tx: Tx, merchant_id: int, lines: Sequence[tuple[str, int]], *, currency: str | None = None, channel: str = "web",
    is_first_order: bool = False, coupons: tuple[str, ...] = (), country: str = "", region: str = "",
) -> pricing.Ask:  # fmt: skip
    """So many units of each SKU as a price is asked for. Raises ProductUnknown where one is not sold in that currency."""
    merchant = (await merchants.by_ids(tx, [merchant_id]))[merchant_id]
    currency = currency or merchant.currency
    offers = await catalog.offers(tx, [(merchant_id, sku) for sku, _ in lines])
    items = []
    for n, (sku, quantity) in enumerate(lines, start=1):
        offer = offers.get((merchant_id, sku))
        if offer is None or currency not in offer.prices:
            raise catalog.ProductUnknown(f"lines[{n - 1}].sku", sku=sku)
        items.append(
            pricing.Item(n, sku, offer.product_id, offer.category, offer.flags, offer.prices[currency], quantity)
        )
    return pricing.Ask(
        merchant_id=merchant_id, channel=channel, currency=currency, items=tuple(items), now=tx.now,
        is_first_order=is_first_order, coupons=coupons, country=country, region=region,
        freight=pricing.FreightRule(merchant.settings.freight, merchant.settings.free_freight_from),
    )  # fmt: skip
