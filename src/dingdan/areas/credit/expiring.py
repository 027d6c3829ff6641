"""Points that nobody spent in time are gone; what is kept for an order waits until that is decided."""

from collections.abc import Sequence

from dingdan.areas.credit import booking, store
from dingdan.areas.credit.events import PointsExpired
from dingdan.areas.credit.model import POINTS_UNIT
from dingdan.plumbing.tx import Tx


async def expire_points(tx: Tx, ids: Sequence[int]) -> None:
    """Empty those of these lots whose time is over, each once."""
    await store.get(tx, await store.purses_of_lots(tx, ids), lock=True)
    ended = await store.end_lots(tx, ids)
    if not ended:
        return
    await store.change(tx, [(row["purse_id"], -row["amount"], 0) for row in ended])
    await booking.book(tx, [
        booking.Move(row["purse_id"], row["merchant_id"], "expire", -row["amount"], POINTS_UNIT) for row in ended
    ])  # fmt: skip
    tx.announce(*(
        PointsExpired(subject_id=row["purse_id"], merchant_id=row["merchant_id"], amount=row["amount"]) for row in ended
    ))  # fmt: skip
