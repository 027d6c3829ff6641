"""POLICY: the returns of the last 90 days judged anew by another policy."""

import time
from functools import partial

from msgspec.structs import replace

from dingdan import worker
from dingdan.areas import merchants, placement, policies, policy_desk
from dingdan.cli.bench import store, works
from dingdan.cli.bench.stage import Stage
from dingdan.cli.looping import run
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

MODELS, RETURNS, AT_ONCE = 500, 100_000, 100


def backtest(stage: Stage, yardstick: float) -> works.Figure:
    """A back-test over 100,000 returns of two lines, once; the rate is returns per second."""
    shop = run(works.on_stage(stage, works.open_shop))
    only, judged = run(works.on_stage(stage, partial(_backtest, shop=shop)))
    return works.figure([only], judged, yardstick, {})


async def _backtest(db: Database, *, shop: works.Shop) -> tuple[works.Round, int]:
    baskets = [
        placement.Basket(merchant_id=shop.merchant_id, channel="web", ship_to=works.ADDRESS,
                         buyer=placement.Buyer(ref=f"back-{n}"),
                         items=tuple(placement.Item(f"S{2 * n + step}", 2) for step in range(2)))
        for n in range(MODELS)
    ]  # fmt: skip
    order_ids: list[int] = []
    for first in range(0, MODELS, AT_ONCE):
        placed = await do(db, SYSTEM, placement.place, baskets[first : first + AT_ONCE])
        order_ids += [one.order_id for one in placed if isinstance(one, placement.Placed)]
    async with db.connection() as connection:
        await store.send_back(connection, order_ids, copies=RETURNS // MODELS)
    one = await do(db, SYSTEM, _ask, shop.merchant_id)
    began = time.monotonic()
    await worker.settle(db, with_deadlines=False)
    took = time.monotonic() - began
    async with db.reading(SYSTEM) as tx:
        done = await policy_desk.backtest(tx, one.id)
    assert done.done_at is not None, "what was begun is done"
    returns = done.sums.total.lines // 2
    return works.Round(returns / took, [], returns, 0, 0.0, 0.0, took), returns


async def _ask(tx: Tx, merchant_id: int) -> policy_desk.Backtest:
    """A draft with a longer window, tried on the last 90 days."""
    pack = policies.packs()[0]
    merchant = (await merchants.by_ids(tx, [merchant_id]))[merchant_id]
    window = replace(pack.no_reason.window, days=30)
    wider = replace(pack, id="bench", version="1", no_reason=replace(pack.no_reason, window=window))
    policy = await policies.publish(tx, merchant_id, wider)
    return await policy_desk.request(tx, merchant, policy.id, way_back=1200)
