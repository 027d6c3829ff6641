"""Units that were not accepted are the buyer's: sent back, left with us for money, or disputed. Never simply kept."""

from datetime import timedelta

from dingdan.areas import merchants, refunds
from dingdan.areas.disposition import store
from dingdan.areas.disposition.events import GoodsChosen, GoodsDisputed, GoodsKept, GoodsOffered
from dingdan.areas.disposition.model import Choice, ReturnedGoods
from dingdan.areas.disposition.promises import STORAGE
from dingdan.areas.disposition.reading import get_one, hold_one, wares
from dingdan.areas.disposition.refusals import NoOffer, NothingToChoose, OfferUnfit
from dingdan.areas.disposition.taking import start_clock
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def offer(tx: Tx, goods_id: int, *, amount: int) -> ReturnedGoods:
    """Offer the buyer money for units that were not accepted, if they stay with us: up to what was paid for them, and

    to what the merchant lets one person grant. Whoever offers has signed for it.

    Raises GoodsUnknown, NothingToChoose or OfferUnfit.
    """
    goods = await _choosable(tx, goods_id)
    limit = (await merchants.by_ids(tx, [goods.merchant_id]))[goods.merchant_id].settings.refund_approval_limit
    most = min(goods.value, limit)
    if not 0 < amount <= most:
        raise OfferUnfit("amount", most=most)
    await store.offer(tx, goods_id, amount)
    tx.announce(GoodsOffered(subject_id=goods_id, merchant_id=goods.merchant_id, order_id=goods.order_id,
                             return_id=goods.return_id, amount=amount, currency=goods.currency))  # fmt: skip
    return await get_one(tx, goods_id)


async def choose(tx: Tx, goods_id: int, choice: Choice) -> ReturnedGoods:
    """The buyer says what is to be done. For a reduction the money that was offered is sent, and the goods are ours.

    Raises GoodsUnknown, NothingToChoose, NoOffer, or what refunds raises.
    """
    goods = await _choosable(tx, goods_id)
    if choice is Choice.REDUCTION and goods.offered is None:
        raise NoOffer("choice")
    await store.choose(tx, goods_id, str(choice), tx.now)
    tx.announce(GoodsChosen(subject_id=goods_id, merchant_id=goods.merchant_id, order_id=goods.order_id,
                            return_id=goods.return_id, choice=str(choice)))  # fmt: skip
    if choice is Choice.REDUCTION:
        await _keep(tx, goods)
    else:
        # The buyer has spoken: from now on it is our turn.
        await deadlines.call_off(tx, STORAGE, [goods_id])
    if choice is Choice.DISPUTE:
        tx.announce(GoodsDisputed(subject_id=goods_id, merchant_id=goods.merchant_id, order_id=goods.order_id,
                                  return_id=goods.return_id))  # fmt: skip
    return await get_one(tx, goods_id)


async def _keep(tx: Tx, goods: ReturnedGoods) -> None:
    refund = await refunds.pay_for_kept(tx, goods.order_id, goods_id=goods.id, line_no=goods.line_no,
                                        worth=goods.offered or 0)  # fmt: skip
    ware = (await wares(tx, [goods]))[goods.id]
    await store.keep(tx, goods.id, refund.id, tx.now + timedelta(hours=ware.terms.hours))
    await deadlines.call_off(tx, STORAGE, [goods.id])
    await start_clock(tx, [await get_one(tx, goods.id)])
    tx.announce(GoodsKept(subject_id=goods.id, merchant_id=goods.merchant_id, order_id=goods.order_id,
                          return_id=goods.return_id, refund_id=refund.id, amount=refund.amount))  # fmt: skip


async def _choosable(tx: Tx, goods_id: int) -> ReturnedGoods:
    """Whole goods of the buyer's. One may think again after a dispute, or as long as they were not sent."""
    goods = await hold_one(tx, goods_id)
    if goods.is_ours or goods.open < goods.quantity:
        raise NothingToChoose
    return goods
