"""An open return stands against completing its order; its end lets the clock of receipt run on."""

from collections.abc import Iterable

from dingdan.areas import orders
from dingdan.areas.returns import store
from dingdan.plumbing.tx import Tx


async def mind_receipt(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let the returns of these orders stand against them as they are by now; late or twice, it comes out the same."""
    wanted = sorted(set(order_ids))
    await orders.lock(tx, wanted)
    standing = await store.open_and_over(tx, wanted)
    await orders.object(tx, _objections(standing, is_open=True))
    await orders.settle_objections(tx, _objections(standing, is_open=False))


def _objections(standing: Iterable[tuple[int, int, bool]], *, is_open: bool) -> list[orders.Objection]:
    return [
        orders.Objection(order_id, "return", return_id, "return_open")
        for order_id, return_id, stands in standing
        if stands is is_open
    ]
