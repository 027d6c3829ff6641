"""Units that were looked at: what is clear is done at once, the rest waits for a decision or for its buyer."""

from collections.abc import Sequence
from datetime import timedelta

from dingdan.areas.disposition import store
from dingdan.areas.disposition.deciding import carry_out
from dingdan.areas.disposition.events import GoodsRejected
from dingdan.areas.disposition.model import Decide, NewGoods, ReturnedGoods
from dingdan.areas.disposition.promises import DECIDE_BY, STORAGE
from dingdan.areas.disposition.rules.banning import AT_ONCE
from dingdan.kernel.money import percent
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def take(tx: Tx, found: Sequence[NewGoods]) -> list[ReturnedGoods]:
    """Write units of locked orders down that an inspection found, and do what the inspector said where that is enough.

    Whoever calls has seen to it that the inspector's words may be (`why_not`).
    """
    if not found:
        return []
    new = [_written(tx, i, one) for i, one in zip(tx.mint_many(len(found)), found, strict=True)]
    await store.add_goods(tx, new)
    at_once = [one for one in new if one.wanted in AT_ONCE]
    await carry_out(tx, [
        (one, Decide(goods_id=one.id, kind=asked.wanted, quantity=one.quantity), (one.value, one.book_value), None)
        for one, asked in zip(new, found, strict=True) if one.wanted in AT_ONCE
    ])  # fmt: skip
    waiting = [one for one in new if one not in at_once]
    await start_clock(tx, [one for one in waiting if one.is_ours])
    theirs = [one for one in waiting if not one.is_ours]
    await deadlines.schedule(tx, STORAGE, [
        deadlines.Due(one.id, one.merchant_id, one.store_until, one.order_id) for one in theirs if one.store_until
    ])  # fmt: skip
    tx.announce(*(
        GoodsRejected(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, return_id=one.return_id,
                      units=one.quantity)
        for one in theirs
    ))  # fmt: skip
    return new


async def start_clock(tx: Tx, ours: Sequence[ReturnedGoods]) -> None:
    """Somebody is to decide about these by then."""
    counted = await deadlines.counting(tx, DECIDE_BY, {one.merchant_id for one in ours})
    await deadlines.schedule(tx, DECIDE_BY, [
        deadlines.Due(one.id, one.merchant_id, counted[one.merchant_id].add(tx.now, one.decide_by - tx.now), one.order_id)
        for one in ours
    ])  # fmt: skip


def _written(tx: Tx, goods_id: int, one: NewGoods) -> ReturnedGoods:
    return ReturnedGoods(
        id=goods_id, merchant_id=one.merchant_id, warehouse_id=one.warehouse_id, order_id=one.order_id,
        line_no=one.line_no, return_id=one.return_id, inspection_id=one.inspection_id,
        product_id=one.ware.product_id, quantity=one.quantity, open=one.quantity, is_ours=one.is_ours, grade=one.grade,
        tags=sorted(one.tags), value=one.value,
        book_value=percent(one.value, one.ware.terms.recovery.of(one.grade) * 100), currency=one.currency,
        wanted=one.wanted, since=tx.now,
        decide_by=tx.now + timedelta(hours=one.ware.terms.hours),
        store_until=None if one.is_ours else tx.now + timedelta(days=one.storage_days),
        offered=None, choice=None, chosen_at=None, paid_with=None, reminded=0,
    )  # fmt: skip
