"""A return with everything that its page and its forms are drawn from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas import disposition, disputes, exchanges, orders, policies, refunds, repairs, returns, talks
from dingdan.kernel.money import Money
from dingdan.overviews import order_page
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """A return with what its page is drawn from."""

    order: orders.Order
    held: returns.Return
    lines: Sequence[returns.ReturnLine]
    document: policies.PolicyDocument
    clocks: Sequence[Any]
    question: talks.Question | None
    offers: Sequence[talks.Offer]
    goods: Sequence[disposition.ReturnedGoods]
    disputed: Sequence[disputes.Dispute]
    refund: order_page.WentBack | None
    exchange: exchanges.Exchange | None
    repair: repairs.Repair | None
    # What comes back as announced, as long as no refund is asked for.
    quote: refunds.Quote | None

    @property
    def amount(self) -> Money | None:
        """What goes back: as it was asked for, else as it stands now."""
        if self.refund is not None:
            return Money(self.refund.amount, self.refund.currency)
        return None if self.quote is None else Money(self.quote.amount, self.order.currency)

    @property
    def offer(self) -> talks.Offer | None:
        """The seller's offer that waits for the buyer."""
        return self._open_of(talks.Side.SELLER)

    @property
    def proposal(self) -> talks.Offer | None:
        """The buyer's own offer that waits for the seller."""
        return self._open_of(talks.Side.BUYER)

    def _open_of(self, side: talks.Side) -> talks.Offer | None:
        return next((one for one in self.offers if one.state == "open" and one.side is side), None)

    def due(self, *kinds: str) -> datetime | None:
        """When the next of these clocks ends."""
        return min((one.at for one in self.clocks if one.at and (not kinds or one.kind in kinds)), default=None)


async def load(tx: Tx, held: returns.Return) -> Around:
    """A return with what its page is drawn from."""
    order = await orders.get_one(tx, held.order_id)
    back = (await order_page.around(tx, held.order_id)).refunds
    return Around(
        order=order, held=held, lines=(await returns.lines(tx, [held])).get(held.id, []),
        document=(await policies.by_ids(tx, [held.policy_id]))[held.policy_id].document,
        clocks=await deadlines.of_subjects(tx, [held.id]), question=(await talks.questions_of(tx, [held.id])).get(held.id),
        offers=await talks.offers_of(tx, [held.id]), goods=(await disposition.of_returns(tx, [held.id])).get(held.id, []),
        disputed=[one for one in await disputes.of_orders(tx, [held.order_id]) if (one.subject, one.subject_id) == ("return", held.id)],
        refund=next((one for one in back if one.id == held.refund_id), None),
        exchange=(await exchanges.of_returns(tx, [held.id])).get(held.id),
        quote=None if held.decision in ("refused", "withdrawn") else (await returns.weigh(tx, held.id)).quote,
        repair=(await repairs.of_returns(tx, [held.id])).get(held.id),
    )  # fmt: skip
