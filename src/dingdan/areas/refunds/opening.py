"""Writing refunds down and, where no judgment is needed, sending them off at once."""

from collections.abc import Sequence

from dingdan.areas.refunds import sending, store
from dingdan.areas.refunds.events import RefundRequested
from dingdan.areas.refunds.lifecycle import REFUND
from dingdan.areas.refunds.model import Draft, Refund
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def write_down(tx: Tx, drafts: Sequence[Draft]) -> list[Refund]:
    """Write refunds of locked orders; those that the system may sign are signed and handed to the provider's queue."""
    if not drafts:
        return []
    rows = list(zip(tx.mint_many(len(drafts)), drafts, strict=True))
    await store.add(tx, rows)
    tx.announce(*(
        RefundRequested(subject_id=i, merchant_id=d.merchant_id, order_id=d.order_id, move=born(REFUND, i),
                        amount=d.amount, currency=d.currency, cause=str(d.cause), cause_id=d.cause_id,
                        rule=d.parts[0].rule)
        for i, d in rows
    ))  # fmt: skip
    written = await store.get(tx, [i for i, _ in rows])
    automatic = [written[i] for i, draft in rows if draft.is_automatic]
    if automatic:
        carried = {i: draft.carried_to for i, draft in rows if draft.carried_to is not None}
        await sending.approve(tx, automatic, by_kind="system", by_id=None, carried=carried)
        written |= await store.get(tx, [refund.id for refund in automatic])
    return [written[i] for i, _ in rows]
