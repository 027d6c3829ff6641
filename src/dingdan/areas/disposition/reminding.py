"""Goods that lie too long: said to whoever is to decide, and to buyers whose goods they are."""

from collections.abc import Sequence

from dingdan.areas.disposition import store
from dingdan.areas.disposition.events import GoodsUnclaimed, GoodsUndecided
from dingdan.areas.disposition.reading import hold
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def note_undecided(tx: Tx, goods_ids: Sequence[int]) -> None:
    """The time to decide is over. Nothing is decided by silence; the list of what lies longest has them on top."""
    await _say_undecided(tx, goods_ids, rung="moment", role="manager")


async def remind_of_decision(tx: Tx, rung: deadlines.Rung, goods_ids: Sequence[int]) -> None:
    """The time to decide is nearly over, or long over."""
    await _say_undecided(tx, goods_ids, rung=rung.name, role=rung.role)


async def remind_of_storage(tx: Tx, goods_ids: Sequence[int]) -> None:
    """The time of storage is over and the buyer has not said a word: the first reminder."""
    await _say_unclaimed(tx, goods_ids, role="buyer")


async def remind_again(tx: Tx, rung: deadlines.Rung, goods_ids: Sequence[int]) -> None:
    """The second reminder; after that it is a person's turn."""
    await _say_unclaimed(tx, goods_ids, role=rung.role)


async def _say_undecided(tx: Tx, goods_ids: Sequence[int], *, rung: str, role: str) -> None:
    tx.announce(*(
        GoodsUndecided(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id,
                       return_id=one.return_id, rung=rung, role=role)
        for one in (await hold(tx, goods_ids)).values() if one.is_ours and one.open
    ))  # fmt: skip


async def _say_unclaimed(tx: Tx, goods_ids: Sequence[int], *, role: str) -> None:
    silent = {
        i: one for i, one in (await hold(tx, goods_ids)).items() if not one.is_ours and one.open and not one.choice
    }
    told = await store.note_reminded(tx, silent)
    tx.announce(*(
        GoodsUnclaimed(subject_id=i, merchant_id=one.merchant_id, order_id=one.order_id, return_id=one.return_id,
                       reminder=told[i], role=role)
        for i, one in silent.items()
    ))  # fmt: skip
