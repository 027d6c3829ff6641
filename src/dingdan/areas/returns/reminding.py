"""Time that runs out for an answer or for the money: said to whoever is to look, before and after."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from dingdan.areas import merchants, policies
from dingdan.areas.returns import store
from dingdan.areas.returns.events import ReturnDueSoon, ReturnOverdue
from dingdan.areas.returns.inspecting import let_stand
from dingdan.areas.returns.lifecycle import Decision, Journey, Outcome
from dingdan.areas.returns.model import Return
from dingdan.areas.returns.promises import INSPECT_BY, REFUND_BY, REVIEW, SEND_BY
from dingdan.areas.returns.reading import hold
from dingdan.kernel.times import iso
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

UNSETTLED = (Outcome.OPEN, Outcome.PASSED, Outcome.PARTLY)


async def start_refund_clock(tx: Tx, received: Iterable[Return]) -> None:
    """The goods are here: the law counts the days until the money must be back (CPL art. 25; Measures art. 13)."""
    ours = list(received)
    owners = await merchants.by_ids(tx, {r.merchant_id for r in ours})
    versions = await policies.by_ids(tx, {r.policy_id for r in ours})
    await deadlines.schedule(tx, REFUND_BY, [
        deadlines.Due(r.id, r.merchant_id, policies.refund_due(
            versions[r.policy_id].document, owners[r.merchant_id].zone, asked_at=r.requested_at, received_at=tx.now
        ), r.order_id)
        for r in ours
    ])  # fmt: skip


async def start_inspection_clock(tx: Tx, received: Iterable[Return]) -> None:
    """The goods are here: by then somebody has looked at them (R3.8)."""
    ours = list(received)
    versions = await policies.by_ids(tx, {r.policy_id for r in ours})
    counted = await deadlines.counting(tx, INSPECT_BY, {r.merchant_id for r in ours})
    await deadlines.schedule(tx, INSPECT_BY, [
        deadlines.Due(r.id, r.merchant_id, counted[r.merchant_id].add(tx.now, timedelta(hours=hours)), r.order_id)
        for r in ours for hours in [versions[r.policy_id].document.inspection.hours]
    ])  # fmt: skip


async def remind_of_sending(tx: Tx, rung: deadlines.Rung, return_ids: Sequence[int]) -> None:
    """The buyer has not sent the goods and there is not much time left."""
    found = (await hold(tx, return_ids)).values()
    waiting = [r for r in found if r.decision is Decision.APPROVED and r.journey is Journey.AT_BUYER]
    tx.announce(*(
        ReturnDueSoon(subject_id=r.id, merchant_id=r.merchant_id, order_id=r.order_id, promise=SEND_BY.name,
                      rung=rung.name, role=rung.role, send_by=iso(r.send_by) if r.send_by else "")
        for r in waiting
    ))  # fmt: skip


async def remind_of_inspection(tx: Tx, rung: deadlines.Rung, return_ids: Sequence[int]) -> None:
    """Received goods should be looked at soon, or should have been."""
    _say(tx, INSPECT_BY, await _unseen(tx, return_ids), rung)


async def note_late_inspection(tx: Tx, return_ids: Sequence[int]) -> None:
    """Nobody has looked in time. Time decides nothing here; the queue has these on top."""
    _say(tx, INSPECT_BY, await _unseen(tx, return_ids), None, role="lead")


async def _unseen(tx: Tx, return_ids: Sequence[int]) -> list[Return]:
    found = (await hold(tx, return_ids)).values()
    return [r for r in found if r.journey is Journey.RECEIVED and r.outcome is Outcome.OPEN]


async def remind_of_review(tx: Tx, rung: deadlines.Rung, return_ids: Sequence[int]) -> None:
    """An answer is due soon, or long overdue: say so of what nobody has decided."""
    waiting = [r for r in (await hold(tx, return_ids)).values() if r.decision is Decision.REQUESTED]
    _say(tx, REVIEW, waiting, rung)


async def remind_of_refund(tx: Tx, rung: deadlines.Rung, return_ids: Sequence[int]) -> None:
    """The money is due soon, or so late that the delay is an offence: say so of what has not settled.

    Nothing of ours holds it up from here on: a second look that is only our caution's falls away.
    """
    await let_stand(tx, [r.id for r in await _unsettled(tx, return_ids) if r.outcome is Outcome.OPEN])
    _say(tx, REFUND_BY, await _unsettled(tx, return_ids), rung)


async def note_late_refund(tx: Tx, return_ids: Sequence[int]) -> None:
    """The law's days are over and the money is not back. Nothing can decide this but paying; finance hears of it."""
    _say(tx, REFUND_BY, await _unsettled(tx, return_ids), None)


async def put_off_sending(tx: Tx, until: Mapping[int, datetime]) -> None:
    """Give more time to send goods back: {return: until when}. The caller holds the returns."""
    await store.note_send_by(tx, dict(until))


async def _unsettled(tx: Tx, return_ids: Sequence[int]) -> list[Return]:
    found = (await hold(tx, return_ids)).values()
    return [r for r in found if r.journey in (Journey.RECEIVED, Journey.LOST) and r.outcome in UNSETTLED]


def _say(
    tx: Tx, kind: deadlines.Kind, waiting: Sequence[Return], rung: deadlines.Rung | None, *, role: str = "finance"
) -> None:
    fact = ReturnDueSoon if rung is not None and rung.after is None else ReturnOverdue
    tx.announce(*(
        fact(subject_id=r.id, merchant_id=r.merchant_id, order_id=r.order_id, promise=kind.name,
             rung=rung.name if rung else "moment", role=rung.role if rung else role)
        for r in waiting
    ))  # fmt: skip
