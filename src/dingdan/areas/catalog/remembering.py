"""Write down what things cost, so that a price that cannot be meant is recognised."""

from collections.abc import Mapping

from dingdan.areas.catalog import rules, store
from dingdan.plumbing.tx import Tx


async def remember_prices(tx: Tx, changed: Mapping[tuple[int, str], tuple[int, int]]) -> None:
    """Note new prices: {(product, currency): (merchant, minor units)}; their products are locked.

    What was usual is asked before the new price is written, once for each change and never for an order.
    """
    history = await store.price_history(tx, changed)
    usual = {key: rules.usual(prices, tx.now) for key, prices in history.items()}
    await store.remember_prices(tx, [
        (*key, merchant_id, amount, *usual.get(key, (None, None)))
        for key, (merchant_id, amount) in sorted(changed.items())
    ])  # fmt: skip
