"""Saying what became of a difference."""

from dingdan.areas.reconciliation import store
from dingdan.areas.reconciliation.events import DifferenceResolved
from dingdan.areas.reconciliation.model import Difference
from dingdan.areas.reconciliation.reading import get_one
from dingdan.areas.reconciliation.refusals import ResolvedAlready
from dingdan.plumbing.tx import Tx


async def resolve(tx: Tx, difference_id: int, *, resolution: str) -> Difference:
    """Close a difference with a code for what became of it. Raises DifferenceUnknown or ResolvedAlready."""
    difference = await get_one(tx, difference_id, lock=True)
    if difference.resolution is not None:
        raise ResolvedAlready(resolution=difference.resolution)
    await store.resolve(tx, difference_id, resolution)
    tx.announce(DifferenceResolved(subject_id=difference_id, merchant_id=difference.merchant_id, resolution=resolution))
    return await get_one(tx, difference_id)
