"""Following what became of money on its way: where a refund stands is read from its tenders, never guessed."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dingdan.areas import orders, payments
from dingdan.areas.refunds import store
from dingdan.areas.refunds.events import RefundFailed, RefundLostTrack, RefundSettled, RefundWentOffline
from dingdan.areas.refunds.lifecycle import RefundState
from dingdan.areas.refunds.model import BESIDE_ORDER, Cause, Refund
from dingdan.areas.refunds.promises import GOES_OUT
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

Ways = dict[int, list[payments.Sent]]


async def settle(tx: Tx, refund_ids: Iterable[int]) -> None:
    """Close refunds whose money is back to the last cent, and note it on their orders in the same transaction."""
    found, ways = await _load(tx, refund_ids)
    done = _where(ways, lambda sent: all(one.state is payments.SendBackState.ARRIVED for one in sent))
    await close(tx, [found[i] for i in done])


async def close(tx: Tx, refunds: Sequence[Refund], **values: Any) -> None:
    """Move refunds of locked orders to their end."""
    by_id = {refund.id: refund for refund in refunds}
    moved = await store.move(tx, "settle", by_id, settled_at=tx.now, failure=None, **values) if by_id else {}
    # A provider found a way after all while the next try was waiting to go.
    await deadlines.call_off(tx, GOES_OUT, [i for i in moved if by_id[i].state is RefundState.HELD])
    tx.announce(*(
        RefundSettled(**_about(by_id[i]), move=moved[i], amount=by_id[i].amount, currency=by_id[i].currency,
                      cause=str(by_id[i].cause), cause_id=by_id[i].cause_id)
        for i in sorted(moved)
    ))  # fmt: skip
    # What was carried over to another order went to nobody's pocket: the buyer is told of the exchange.
    for is_carried in (False, True):
        back: dict[int, int] = {}
        for refund in (by_id[i] for i in moved if by_id[i].cause not in BESIDE_ORDER and by_id[i].amount):
            if (refund.cause is Cause.EXCHANGE) is is_carried:
                back[refund.order_id] = back.get(refund.order_id, 0) + refund.amount
        if back:
            await orders.note_refunded(tx, back, is_told=not is_carried)


async def fail(tx: Tx, refund_ids: Iterable[int]) -> None:
    """Note refunds of which a part cannot be sent. What the provider never will is to be paid by hand."""
    found, ways = await _load(tx, refund_ids)
    stuck = {i: [one for one in sent if one.state is payments.SendBackState.FAILED] for i, sent in ways.items()}
    failed = [i for i, sent in stuck.items() if sent]
    moved = await store.move(tx, "fail", failed) if failed else {}
    for i in sorted(moved):
        tx.announce(RefundFailed(**_about(found[i]), move=moved[i], failure=stuck[i][0].failure or ""))
    await store.note_failures(tx, {i: stuck[i][0].failure or "" for i in moved})
    hopeless = [found[i] for i in moved if not all(one.can_retry for one in stuck[i])]
    await go_offline(tx, hopeless)


async def go_offline(tx: Tx, refunds: Sequence[Refund]) -> None:
    """Leave refunds of locked orders to be paid by hand, with the buyer's consent."""
    by_id = {refund.id: refund for refund in refunds}
    moved = await store.move(tx, "go_offline", by_id) if by_id else {}
    tx.announce(*(RefundWentOffline(**_about(by_id[i]), move=moved[i]) for i in sorted(moved)))


async def lose_track(tx: Tx, refund_ids: Iterable[int]) -> None:
    """Note refunds of which nobody knows where a part is; the provider is being asked, the money stays spent."""
    found, ways = await _load(tx, refund_ids)
    lost = _where(ways, lambda sent: any(one.state is payments.SendBackState.UNKNOWN for one in sent))
    moved = await store.move(tx, "lose_track", lost) if lost else {}
    tx.announce(*(RefundLostTrack(**_about(found[i]), move=moved[i]) for i in sorted(moved)))


async def _load(tx: Tx, refund_ids: Iterable[int]) -> tuple[dict[int, Refund], Ways]:
    found = await store.get(tx, refund_ids)
    await orders.lock(tx, {refund.order_id for refund in found.values()})
    return found, await payments.sent_back(tx, found)


def _where(ways: Ways, wanted: Callable[[list[payments.Sent]], bool]) -> list[int]:
    return [refund_id for refund_id, sent in ways.items() if sent and wanted(sent)]


def _about(refund: Refund) -> dict[str, Any]:
    return {"subject_id": refund.id, "merchant_id": refund.merchant_id, "order_id": refund.order_id}
