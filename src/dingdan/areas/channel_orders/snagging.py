"""Saying what does not fit, once, and holding an order until it does."""

from collections.abc import Mapping, Sequence

from dingdan.areas import orders
from dingdan.areas.channel_orders import store
from dingdan.areas.channel_orders.events import ChannelOrderProblem, ChannelProblemClosed
from dingdan.areas.channel_orders.lifecycle import CHANNEL_PROBLEM, ProblemState
from dingdan.areas.channel_orders.model import ChannelOrder, Finding, Problem, ProblemKind
from dingdan.areas.channel_orders.rules import finding
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

Ours = Mapping[int, orders.Order]
# Of an order that ended on both sides only its money can still be wrong.
OF_ENDED = frozenset({ProblemKind.REFUND_EXCEEDS, ProblemKind.ENDED_HERE})


async def settle(
    tx: Tx, sources: Mapping[int, ChannelOrder], ours: Ours, found: Mapping[int, Sequence[Finding]]
) -> None:
    """Open what is new, close what is gone, and hold or let go what follows from that."""
    known = await store.problems(tx, sources)
    opened: list[tuple[ChannelOrder, Finding]] = []
    closed: list[Problem] = []
    for source in sources.values():
        more, less = finding.news(_still(source, ours, found[source.id]), known[source.id])
        opened += [(source, one) for one in more]
        closed += less
    if opened or closed:
        await close(tx, closed, verb="solve", reason="")
        await _open(tx, opened)
        known = await store.problems(tx, sources)
    await hold_or_let_go(tx, sources, ours, known)


def _still(source: ChannelOrder, ours: Ours, found: Sequence[Finding]) -> list[Finding]:
    order = ours.get(source.order_id) if source.order_id is not None else None
    if order is not None and order.state in (orders.OrderState.CANCELLED, orders.OrderState.EXPIRED):
        return [one for one in found if one.kind in OF_ENDED]
    return list(found)


async def hold_or_let_go(
    tx: Tx, sources: Mapping[int, ChannelOrder], ours: Ours, known: Mapping[int, Sequence[Problem]]
) -> None:
    """An order is held while a problem that holds is open, and goes on when none is."""
    held = {source.order_id for source in sources.values() if finding.holds(known[source.id])}
    await orders.snag(tx, [i for i, order in ours.items() if i in held and not _is_stopped(order)])
    await orders.unsnag(tx, [i for i, order in ours.items() if i not in held and order.snagged_since is not None])


def _is_stopped(order: orders.Order) -> bool:
    return order.snagged_since is not None and order.state is not orders.OrderState.CONFIRMED


async def _open(tx: Tx, opened: Sequence[tuple[ChannelOrder, Finding]]) -> None:
    ids = tx.mint_many(len(opened))
    await store.add_problems(tx, [
        (i, source.merchant_id, source.channel_id, source.id, source.order_id, str(one.kind), one.details, tx.now)
        for i, (source, one) in zip(ids, opened, strict=True)
    ])  # fmt: skip
    tx.announce(*(
        ChannelOrderProblem(subject_id=i, merchant_id=source.merchant_id, order_id=source.order_id,
                            move=born(CHANNEL_PROBLEM, i), channel_order_id=source.id, problem=str(one.kind),
                            actions=list(finding.ACTIONS[one.kind]), holds=one.kind in finding.HOLDING)
        for i, (source, one) in zip(ids, opened, strict=True)
    ))  # fmt: skip


async def close(tx: Tx, problems: Sequence[Problem], *, verb: str, reason: str) -> None:
    """End problems: solved by themselves, or waived by somebody for a reason."""
    if not problems:
        return
    by_id = {problem.id: problem for problem in problems if problem.state is ProblemState.OPEN}
    moved = await store.move_problems(
        tx,
        verb,
        by_id,
        closed_at=tx.now,
        closed_by_kind=str(tx.actor.kind),
        closed_by=tx.actor.id,
        reason=reason or None,
    )
    tx.announce(*(
        ChannelProblemClosed(subject_id=i, merchant_id=by_id[i].merchant_id, order_id=by_id[i].order_id, move=moved[i],
                             channel_order_id=by_id[i].channel_order_id, problem=str(by_id[i].kind), reason=reason)
        for i in sorted(moved)
    ))  # fmt: skip
