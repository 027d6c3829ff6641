"""Closing periods: counted once, one after the other, and never opened again."""

from collections.abc import Sequence

from dingdan.areas.settlements import agreeing, store
from dingdan.areas.settlements.events import SettlementClosed
from dingdan.areas.settlements.lifecycle import SettlementState
from dingdan.areas.settlements.model import Settlement
from dingdan.areas.settlements.promises import CLOSE
from dingdan.areas.settlements.refusals import ClosedAlready, EarlierPeriodOpen, PeriodNotOver, SettlementUnknown
from dingdan.kernel.times import iso
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def close(tx: Tx, settlement_id: int) -> Settlement:
    """Close a period whose time is over. Whoever books into it at this moment is waited for.

    Raises NotThePlatform, SettlementUnknown, ClosedAlready, PeriodNotOver or EarlierPeriodOpen.
    """
    agreeing.demand_platform(tx)
    held = (await store.settlements(tx, [settlement_id], lock=True)).get(settlement_id)
    if held is None:
        raise SettlementUnknown
    if held.state is SettlementState.CLOSED:
        raise ClosedAlready
    if tx.now < held.ends_at:
        raise PeriodNotOver(until=iso(held.ends_at))
    earlier = await store.before(tx, held)
    if earlier is not None and earlier.state is SettlementState.OPEN:
        raise EarlierPeriodOpen
    await _close(tx, held, opening=(earlier.closing or 0) if earlier is not None else 0)
    return (await store.settlements(tx, [settlement_id]))[settlement_id]


async def close_due(tx: Tx, settlement_ids: Sequence[int]) -> None:
    """Their time is over: close those that nobody closed, earlier ones first and with them what is open before them."""
    wanted = await store.settlements(tx, settlement_ids)
    for one in sorted(wanted.values(), key=lambda settlement: settlement.starts_at):
        waiting: list[Settlement] = []
        before: Settlement | None = one
        while before is not None and before.state is SettlementState.OPEN:
            waiting.append(before)
            before = await store.before(tx, before)
        for settlement in reversed(waiting):
            held = (await store.settlements(tx, [settlement.id], lock=True))[settlement.id]
            earlier = await store.before(tx, held)
            if held.state is SettlementState.OPEN:
                await _close(tx, held, opening=(earlier.closing or 0) if earlier is not None else 0)


async def _close(tx: Tx, held: Settlement, *, opening: int) -> None:
    closing = opening + sum((await store.sums(tx, [held.id]))[held.id].values())
    moved = await store.move(
        tx, "close", [held.id], opening=opening, closing=closing, closed_at=tx.now,
        closed_by_kind=str(tx.actor.kind), closed_by=tx.actor.id,
    )  # fmt: skip
    await deadlines.call_off(tx, CLOSE, [held.id])
    tx.announce(SettlementClosed(subject_id=held.id, merchant_id=held.merchant_id, move=moved[held.id], opening=opening,
                                 closing=closing, currency=held.currency))  # fmt: skip
