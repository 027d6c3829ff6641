"""What belongs to one order: everything else is unknown to whoever came for it."""

import asyncio
from collections.abc import Sequence

from dingdan.areas import cases, disposition, disputes, evidence, orders, returns, talks
from dingdan.plumbing import files
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import shots
from dingdan.surfaces.shared.pages.forms import Upload
from dingdan.surfaces.shared.problems import Malformed


async def own_return(tx: Tx, order_id: int, return_id: int | None) -> returns.Return:
    """A return of this order. Raises ReturnUnknown."""
    held = (await returns.get(tx, [return_id or 0])).get(return_id or 0)
    if held is None or held.order_id != order_id:
        raise returns.ReturnUnknown
    return held


async def own_offer(tx: Tx, return_id: int, offer_id: int | None) -> talks.Offer:
    """An offer about this return. Raises OfferUnknown."""
    found = next((one for one in await talks.offers_of(tx, [return_id]) if one.id == offer_id), None)
    if found is None:
        raise talks.OfferUnknown
    return found


async def own_goods(tx: Tx, return_id: int, goods_id: int | None) -> disposition.ReturnedGoods:
    """Goods of this return. Raises GoodsUnknown."""
    found = (await disposition.of_returns(tx, [return_id])).get(return_id, [])
    one = next((each for each in found if each.id == goods_id), None)
    if one is None:
        raise disposition.GoodsUnknown
    return one


async def own_case(tx: Tx, order_id: int, case_id: int | None) -> tuple[cases.Case, cases.KindDocument]:
    """A case of this order that its buyer is told of. Raises CaseUnknown."""
    for case, document in await told_cases(tx, order_id):
        if case.id == case_id:
            return case, document
    raise cases.CaseUnknown


async def told_cases(tx: Tx, order_id: int) -> list[tuple[cases.Case, cases.KindDocument]]:
    """The cases of an order that its buyer is told of; what the house cures without them is not among them."""
    found = await cases.of_orders(tx, [order_id])
    known = await cases.documents(tx, found)
    return [(one, known[one.id]) for one in found if known[one.id].tells_buyer or one.source == "buyer"]


async def own_remedy(tx: Tx, case_id: int, remedy_id: int | None) -> cases.Remedy:
    """Something offered in this case. Raises RemedyUnknown."""
    found = (await cases.remedies_of(tx, [case_id])).get(case_id, [])
    one = next((each for each in found if each.id == remedy_id), None)
    if one is None:
        raise cases.RemedyUnknown
    return one


async def own_dispute(tx: Tx, order_id: int, dispute_id: int | None) -> disputes.Dispute:
    """A dispute about this order. Raises DisputeUnknown."""
    found = (await disputes.get(tx, [dispute_id or 0])).get(dispute_id or 0)
    if found is None or found.order_id != order_id:
        raise disputes.DisputeUnknown
    return found


async def own_withdrawal(tx: Tx, order_id: int, withdrawal_id: int | None) -> talks.Withdrawal:
    """A withdrawal from this order's contract. Raises WithdrawalUnknown."""
    one = next((each for each in await talks.withdrawals_of(tx, order_id) if each.id == withdrawal_id), None)
    if one is None:
        raise talks.WithdrawalUnknown
    return one


async def take_in(
    tx: Tx, settings: Settings, order_id: int, brought: Sequence[Upload], *, shot: str = "other"
) -> tuple[int, ...]:
    """Pictures and films of an order, drawn anew and kept; gives their ids. Nothing of the order is locked meanwhile.

    Raises what evidence refuses, and Malformed for what is neither.
    """
    if not brought:
        return ()
    await evidence.demand_room(tx, await orders.get_one(tx, order_id))
    clean = []
    for one in brought:
        if one.media_type not in (*shots.PHOTOS, *shots.VIDEOS):
            raise Malformed("files", what="a photo (JPEG, PNG, WebP) or a video (MP4, MOV) is needed",
                            what_zh="请上传照片（JPEG、PNG、WebP）或视频（MP4、MOV）")  # fmt: skip
        new = await asyncio.to_thread(shots.made_clean, one.content, one.media_type)
        # The file first: a row never names one that is not there, and a file that no row names harms nobody.
        clean.append((new, await asyncio.to_thread(files.Files(settings.data_dir).put, new.content)))
    kept = [
        await evidence.bring(tx, evidence.NewEvidence(
            order_id=order_id, sort=new.sort, shot=shot, sha256=name, size=len(new.content), width=new.width,
            height=new.height, likeness=new.likeness,
        ))
        for new, name in clean
    ]  # fmt: skip
    return tuple(one.id for one in kept)
