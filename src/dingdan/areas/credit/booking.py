"""Every change of what is in a purse, written down once and posted in the books where it is money."""

from collections.abc import Sequence

import msgspec

from dingdan.areas import ledger
from dingdan.areas.credit import store
from dingdan.areas.credit.model import POINTS_UNIT, Funding
from dingdan.plumbing.tx import Tx

FUNDED_BY = {Funding.RECEIVED: "topups_received", Funding.GIVEN: "credit_given"}


class Move(msgspec.Struct, frozen=True):
    """A change about to be written; `merchant_id` is whose row it is, `owner_id` whose purse (None: the platform's)."""

    purse_id: int
    merchant_id: int | None
    kind: str
    amount: int
    unit: str
    order_id: int | None = None
    cause_id: int | None = None
    reason: str = ""
    funding: Funding | None = None
    owner_id: int | None = None


async def book(tx: Tx, moves: Sequence[Move]) -> None:
    """Write changes down. Points are counted and not posted; money is, in the books of whose purse it is."""
    rows = list(zip(tx.mint_many(len(moves)), moves, strict=True))
    await store.add_movements(tx, [
        (i, m.purse_id, m.merchant_id, m.kind, m.amount, m.order_id, m.cause_id, m.reason,
         m.funding and str(m.funding), tx.now)
        for i, m in rows
    ])  # fmt: skip
    await ledger.post(tx, [_posting(i, move) for i, move in rows if move.unit != POINTS_UNIT])


def _posting(movement_id: int, move: Move) -> ledger.Posting:
    """What buyers hold is owed to them; what stands against it says where it came from or went to."""
    if move.funding is not None:
        against, owner, order_id = FUNDED_BY[move.funding], move.merchant_id, None
    else:
        against = "merchants_payable" if move.owner_id is None else "credit_clearing"
        owner, order_id = move.owner_id, None if move.owner_id is None else move.order_id
    return ledger.Posting(
        owner, "credit", movement_id, order_id, move.unit, (("stored_value", -move.amount), (against, move.amount))
    )
