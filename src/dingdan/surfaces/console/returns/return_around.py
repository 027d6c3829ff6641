"""All that belongs to one return, read once for its sheet, its forms and its previews."""

from collections.abc import Sequence

import msgspec

from dingdan.areas import evidence, identity, merchants, notifications, orders, policies, refunds, returns, talks
from dingdan.areas.talks import Side
from dingdan.kernel.actor import ActorKind
from dingdan.kernel.refusal import Text
from dingdan.overviews import return_page
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.language import Tongue
from dingdan.surfaces.shared.pages import naming


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """All that the sheet of a return shows."""

    weighed: returns.Weighed
    order: orders.Order
    sold: dict[int, orders.OrderLine]
    goods: Sequence[return_page.Goods]
    seller: Text
    policy: policies.Policy
    question: talks.Question | None
    offers: Sequence[talks.Offer]
    clocks: Sequence[deadlines.Deadline]
    shown: Sequence[evidence.Evidence]
    refund: refunds.Refund | None
    linked: Sequence[return_page.Linked]
    tongue: Tongue

    @property
    def held(self) -> returns.Return:
        """The return itself."""
        return self.weighed.held

    @property
    def currency(self) -> str:
        """What its amounts are in."""
        return self.order.currency


async def around(tx: Tx, return_id: int) -> Around:
    """Everything about a return that its sheet and the forms on it need. Raises ReturnUnknown."""
    weighed = await returns.weigh(tx, return_id)
    held = weighed.held
    order = await orders.get_one(tx, held.order_id)
    owner = (await merchants.by_ids(tx, [held.merchant_id]))[held.merchant_id]
    return Around(
        weighed=weighed, order=order, seller=naming.in_tongues(owner.name),
        sold={line.line_no: line for line in (await orders.lines(tx, [order.id]))[order.id]},
        goods=(await return_page.goods(tx, [return_id])).get(return_id, []),
        policy=(await policies.by_ids(tx, [held.policy_id]))[held.policy_id],
        question=(await talks.questions_of(tx, [return_id])).get(return_id),
        offers=await talks.offers_of(tx, [return_id]), clocks=await deadlines.of_subjects(tx, [return_id]),
        shown=list((await evidence.get(tx, held.evidence)).values()),
        refund=(await refunds.get(tx, [held.refund_id])).get(held.refund_id) if held.refund_id is not None else None,
        linked=await return_page.linked(tx, return_id),
        tongue=await tongue_of_buyer(tx, order, owner),
    )  # fmt: skip


async def tongue_of_buyer(tx: Tx, order: orders.Order, owner: merchants.Merchant) -> Tongue:
    """Which of our two languages a buyer reads: the one of their order, else their merchant's."""
    contact = await identity.contact(tx, order.contact_id)
    spoken = notifications.language_of(contact.language if contact else None, owner.settings.language)
    return "en" if spoken == "en" else "zh"


def own_side(tx: Tx) -> Side:
    """Whom somebody speaks for: a merchant's people for it, the platform's for the buyer who called."""
    is_sellers = tx.actor.kind is ActorKind.STAFF and tx.actor.merchant_id is not None
    return Side.SELLER if is_sellers else Side.BUYER
