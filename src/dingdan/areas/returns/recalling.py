"""Goods that nobody took, or that shall come back on our account: brought back by us, then received like any others."""

from collections.abc import Mapping

from dingdan.areas.returns import deciding, sending_back, store
from dingdan.areas.returns.applying import apply
from dingdan.areas.returns.lifecycle import Decision
from dingdan.areas.returns.model import Apply, ApplyLine, Return, Send
from dingdan.areas.returns.reading import get_one
from dingdan.plumbing.tx import Tx


async def recall(
    tx: Tx,
    *,
    order_id: int,
    merchant_id: int,
    buyer_ref: str,
    units: Mapping[int, int],
    reason: str,
    postage: int = 0,
    parcel: tuple[str, str] | None = None,
) -> Return:
    """Have units {line: how many} of an order brought back, whoever decides having decided; their money follows the

    inspection, less the `postage` that the buyer bears. `parcel` is (carrier, number) of one that is on its way back.
    Raises what `apply` and `send` raise.
    """
    lines = tuple(ApplyLine(quantity, reason, order_id, line_no) for line_no, quantity in sorted(units.items()))
    applied = await apply(tx, Apply(merchant_id, buyer_ref, lines))
    (made,) = applied.returns
    if made.decision is Decision.REQUESTED:
        await deciding.approve(tx, made.id)
    if postage:
        await store.charge_postage(tx, made.id, postage)
    if parcel is not None:
        await sending_back.send(tx, [Send((made.id,), *parcel)])
    return await get_one(tx, made.id)
