"""A measure acts on something of a buyer's: that it did is written down, so that it can be explained and counted."""

from collections.abc import Sequence

from dingdan.areas.abuse import store
from dingdan.areas.abuse.events import AbuseMeasureTaken
from dingdan.areas.abuse.model import Take
from dingdan.plumbing.tx import Tx


async def take(tx: Tx, new: Sequence[Take]) -> None:
    """Write down what measures acted on, each once; the standings were read with a lock."""
    if not new:
        return
    numbered = list(zip(tx.mint_many(len(new)), new, strict=True))
    fresh = await store.take(tx, numbered)
    tx.announce(*(
        AbuseMeasureTaken(subject_id=number, merchant_id=one.standing.merchant_id, order_id=one.order_id,
                          flag_id=one.standing.flag_id, measure=str(one.measure))
        for number, one in numbered if number in fresh
    ))  # fmt: skip
