"""Whoever speaks with customs hears of the days that are left, and of what was missed when they are over."""

from collections.abc import Collection, Sequence

from dingdan.areas import orders
from dingdan.areas.customs import rules, store
from dingdan.areas.customs.events import CustomsDue, CustomsMissed
from dingdan.areas.customs.lifecycle import CustomsReturnState
from dingdan.areas.customs.promises import APPLY_BY
from dingdan.plumbing import deadlines
from dingdan.plumbing.deadlines import Rung
from dingdan.plumbing.tx import Tx


async def expect_back(tx: Tx, order_ids: Collection[int]) -> None:
    """Goods of these orders are asked back: of those from abroad, customs are to be asked before the days are over.

    What was asked already, or has no day of release, is left alone; so is what was missed.
    """
    known = {one.order_id: one for one in await store.releases(tx, order_ids)}
    if not known:
        return
    await orders.lock(tx, known)
    standing = {one.order_id for one in await store.of_orders(tx, known) if one.state in rules.STANDING}
    await deadlines.schedule(tx, APPLY_BY, [
        deadlines.Due(i, one.merchant_id, at, i) for i, one in known.items()
        if i not in standing and (at := rules.end_of(rules.last_days(one.released_on)[0])) > tx.now
    ])  # fmt: skip


async def remind_to_apply(tx: Tx, rung: Rung, order_ids: Sequence[int]) -> None:
    """Days are left to ask customs, and not many."""
    tx.announce(*(
        CustomsDue(subject_id=one.order_id, merchant_id=one.merchant_id, order_id=one.order_id, what="apply",
                   rung=rung.name, role=rung.role, until=rules.last_days(one.released_on)[0].isoformat())
        for one in await store.releases(tx, order_ids)
    ))  # fmt: skip


async def note_unasked(tx: Tx, order_ids: Sequence[int]) -> None:
    """Customs were not asked in time: the tax stays due."""
    tx.announce(*(
        CustomsMissed(subject_id=one.order_id, merchant_id=one.merchant_id, order_id=one.order_id, what="apply")
        for one in await store.releases(tx, order_ids)
    ))  # fmt: skip


async def remind_to_bring(tx: Tx, rung: Rung, customs_return_ids: Sequence[int]) -> None:
    """Days are left to have goods back where they were released, and not many."""
    waiting = {
        one.order_id: one for one in await store.get(tx, customs_return_ids) if one.state is CustomsReturnState.APPLIED
    }
    tx.announce(*(
        CustomsDue(subject_id=one.order_id, merchant_id=one.merchant_id, order_id=one.order_id, what="back",
                   rung=rung.name, role=rung.role, until=rules.last_days(one.released_on)[1].isoformat())
        for one in await store.releases(tx, waiting)
    ))  # fmt: skip


async def note_not_back(tx: Tx, customs_return_ids: Sequence[int]) -> None:
    """The goods are not back in time: the tax stays due. They may still come, and it is noted when."""
    tx.announce(*(
        CustomsMissed(subject_id=one.order_id, merchant_id=one.merchant_id, order_id=one.order_id, what="back")
        for one in await store.get(tx, customs_return_ids) if one.state is CustomsReturnState.APPLIED
    ))  # fmt: skip
