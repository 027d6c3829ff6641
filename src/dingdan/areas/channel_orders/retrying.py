"""What people and new goods do about problems: try again, or decide to live with them."""

from collections.abc import Collection, Iterable

from dingdan.areas import inventory, orders
from dingdan.areas.channel_orders import snagging, store
from dingdan.areas.channel_orders.advancing import advance
from dingdan.areas.channel_orders.lifecycle import ProblemState
from dingdan.areas.channel_orders.model import ChannelOrder, ProblemKind
from dingdan.areas.channel_orders.refusals import ChannelOrderUnknown, ProblemNeedsCure, ProblemNotOpen
from dingdan.areas.channel_orders.rules.finding import NEEDS_CURE
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx

BATCH, LOOKED_AT = 500, 5_000


async def retry(tx: Tx, channel_order_id: int) -> None:
    """Try again what could not be done. Raises ChannelOrderUnknown."""
    await _one(tx, channel_order_id)
    await advance(tx, [channel_order_id])


async def resolve(tx: Tx, channel_order_id: int, kinds: Collection[ProblemKind], *, reason: str) -> None:
    """Live with what does not fit, for a reason; the order goes on when nothing else holds it.

    Raises ChannelOrderUnknown, ProblemNotOpen or ProblemNeedsCure.
    """
    source = await _one(tx, channel_order_id)
    ours = await orders.lock(tx, [source.order_id] if source.order_id is not None else [])
    known = {p.kind: p for p in (await store.problems(tx, [source.id]))[source.id] if p.state is ProblemState.OPEN}
    wanted = sorted(kinds) or sorted(known)
    refuse_all([
        *(ProblemNotOpen(f"problems[{i}]", problem=str(kind)) for i, kind in enumerate(wanted) if kind not in known),
        *(ProblemNeedsCure(f"problems[{i}]", problem=str(kind)) for i, kind in enumerate(wanted)
          if kind in known and kind in NEEDS_CURE),
        *([ProblemNotOpen("problems", problem="-")] if not wanted else []),
    ])  # fmt: skip
    await snagging.close(tx, [known[kind] for kind in wanted], verb="waive", reason=reason)
    await snagging.hold_or_let_go(tx, {source.id: source}, ours, await store.problems(tx, [source.id]))


async def go_on(tx: Tx, order_ids: Iterable[int]) -> None:
    """Orders that were let go take in what their channels have done meanwhile."""
    sources = await store.of_orders(tx, order_ids)
    waiting = {part.channel_order_id for part in await store.unbooked(tx, [s.id for s in sources.values()])}
    await advance(tx, waiting)


async def serve_waiting(tx: Tx, merchant_ids: Iterable[int]) -> None:
    """Goods came or became free: orders of these merchants that wait for them get them, the longest waiting first."""
    for merchant_id in sorted(set(merchant_ids)):
        ids = await store.waiting(tx, "no_stock", merchant_id, LOOKED_AT)
        waiting = await store.ours_of(tx, ids) if ids else {}
        there = await inventory.could_hold(tx, waiting.values()) if waiting else set()
        await advance(tx, [i for i in ids if waiting.get(i) in there][:BATCH])


async def _one(tx: Tx, channel_order_id: int) -> ChannelOrder:
    source = (await store.lock(tx, [channel_order_id])).get(channel_order_id)
    if source is None or not tx.actor.reaches(source.merchant_id):
        raise ChannelOrderUnknown
    return source
