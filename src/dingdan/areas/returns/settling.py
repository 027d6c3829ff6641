"""The money is back: the return is closed."""

from collections.abc import Sequence

from dingdan.areas import refunds
from dingdan.areas.returns import store
from dingdan.areas.returns.events import ReturnSettled
from dingdan.areas.returns.lifecycle import OUTCOME
from dingdan.areas.returns.promises import REFUND_BY
from dingdan.areas.returns.reading import hold
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def settle(tx: Tx, facts: Sequence[refunds.RefundSettled]) -> None:
    """Close the returns whose refunds arrived; refunds for anything else are not ours, and a second time changes nothing."""
    paid = {fact.cause_id: fact.subject_id for fact in facts if fact.cause == refunds.Cause.RETURN}
    sources = OUTCOME.moves["settle"].sources
    done = {r.id: r for r in (await hold(tx, paid)).values() if r.outcome in sources and r.refund_id == paid[r.id]}
    moved = await store.move(tx, "outcome", "settle", done, settled_at=tx.now) if done else {}
    await deadlines.call_off(tx, REFUND_BY, moved)
    tx.announce(*(
        ReturnSettled(subject_id=i, merchant_id=done[i].merchant_id, order_id=done[i].order_id, move=moved[i],
                      refund_id=paid[i])
        for i in sorted(moved)
    ))  # fmt: skip
