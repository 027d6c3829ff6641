"""All that belongs to one dispute, read once for its sheet and its forms."""

from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas import disputes, orders
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """A dispute, its order as it was sold, what both sides said, who has to prove what, and what was ruled."""

    dispute: disputes.Dispute
    order: orders.Order
    sold: Mapping[int, orders.OrderLine]
    entries: Sequence[disputes.Told]
    proofs: Sequence[disputes.Proof]
    rulings: Sequence[disputes.Told]
    standstills: Sequence[disputes.Standstill]
    rule_words: Mapping[str, Text]


async def around(tx: Tx, dispute_id: int) -> Around:
    """Everything about a dispute. Raises DisputeUnknown."""
    one = await disputes.get_one(tx, dispute_id)
    return Around(
        dispute=one, order=await orders.get_one(tx, one.order_id),
        sold={line.line_no: line for line in (await orders.lines(tx, [one.order_id]))[one.order_id]},
        entries=await disputes.entries(tx, one), proofs=await disputes.proofs(tx, one), rulings=await disputes.rulings(tx, one),
        standstills=await disputes.standstills(tx, one), rule_words=await disputes.rule_words(tx, one),
    )  # fmt: skip
