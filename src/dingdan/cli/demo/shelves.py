"""What lies on the shelves of the demo's shops, and what it costs."""

from collections.abc import Sequence

from dingdan.areas import catalog, inventory
from dingdan.cli.demo.shops import Shop
from dingdan.plumbing.tx import Tx


async def fill_shelves(tx: Tx, shop: Shop, merchant_id: int, houses: Sequence[int]) -> None:
    """Products with their prices and units; a second warehouse has half as many as the first."""
    saved = await catalog.save_products(tx, [
        catalog.SaveProduct(merchant_id=merchant_id, sku=p.sku, title={"zh": p.zh, "en": p.en}, category=p.category,
                            flags=p.flags, components=p.contents, max_per_buyer=p.most_each, variant_of=p.kin)
        for p in shop.products
    ])  # fmt: skip
    await catalog.save_prices(tx, [
        catalog.SavePrice(merchant_id=merchant_id, sku=p.sku, currency="CNY", amount=p.price) for p in shop.products
    ])  # fmt: skip
    stock = {p.sku: p.stock for p in shop.products if not p.contents}
    await inventory.count(tx, [
        inventory.Count(merchant_id, house, one.id, stock[one.sku] // n)
        for n, house in enumerate(houses, start=1) for one in saved if one.sku in stock
    ])  # fmt: skip
    # Where somebody goes who picks.
    await inventory.set_bins(tx, merchant_id, {
        (house, one.id): f"{'ABC'[place % 3]}-{place // 3 + 1:02}-{place % 4 + 1:02}"
        for house in houses for place, one in enumerate(one for one in saved if one.sku in stock)
    })  # fmt: skip
