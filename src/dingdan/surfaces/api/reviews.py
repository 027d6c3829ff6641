"""Reviews: the queue, and what people do with one of it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import channel_orders, placement, review
from dingdan.overviews import review_queue
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import review_views as views
from dingdan.surfaces.api.review_views import OrderReview, ReviewRow, ReviewView
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import (
    AddressInput,
    Code,
    Id,
    Input,
    List,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    Prose,
    Word,
    number,
    page_of,
    slice_of,
)


class ReviewQuery(PageQuery, frozen=True, kw_only=True):
    """Which reviews; without `state` all that nobody has decided. `mine` are those that the caller has claimed."""

    merchant: MerchantRef | None = None
    state: review.ReviewState | None = None
    owner: review.Owner | None = None
    mine: bool = False
    due_before: Moment | None = None
    rule: Word | None = None


class ClaimInput(Input, frozen=True, kw_only=True):
    """How many of the next reviews, of whom and for whom; or only those that are named."""

    merchant: MerchantRef | None = None
    owner: review.Owner | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 1
    reviews: Annotated[list[Id], Meta(min_length=1, max_length=50)] | None = None


class ApproveInput(Input, frozen=True, kw_only=True):
    """Answers to the checklist by the codes of its items; what was answered before need not be said again.

    With an answer `no` the order goes only where `reason` says why and somebody who may force orders says yes second.
    """

    answers: Annotated[dict[str, review.Answer], Meta(max_length=200)] = msgspec.field(default_factory=dict)
    reason: Code | None = None


class MendAddressInput(Input, frozen=True, kw_only=True):
    """Where the order goes after all."""

    ship_to: AddressInput
    reason: Code = "address_unclear"


class AskInput(Input, frozen=True, kw_only=True):
    """What is missing: codes that everybody may read, and words for the buyer alone."""

    questions: Annotated[list[Code], Meta(min_length=1, max_length=10)]
    text: Prose = ""


class AnswerInput(Input, frozen=True, kw_only=True):
    """What the buyer says."""

    text: Annotated[str, Meta(min_length=1, max_length=2000)]


class RejectInput(Input, frozen=True, kw_only=True):
    """Why; the order carries the reason, and its buyer is told."""

    reason: Code


class EscalateInput(Input, frozen=True, kw_only=True):
    """Why."""

    reason: Code = "needs_lead"


class BlockInput(Input, frozen=True, kw_only=True):
    """Why."""

    reason: Code = "risk"


@get("/v1/reviews", permission="review.read")
async def queue(tx: Tx, query: ReviewQuery) -> Page[ReviewRow]:
    """Reviews within reach, what is due first at the top."""
    wanted = review_queue.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), state=query.state, owner=query.owner,
        claimed_by=tx.actor.id or 0 if query.mine else None, due_before=query.due_before, rule=query.rule,
    )  # fmt: skip
    asked = slice_of(query)
    return page_of(asked, await review_queue.page(tx, wanted, asked.asked), views.row)


@get("/v1/reviews/{review_id}", permission="review.read")
async def show(tx: Tx, review_id: int) -> ReviewView:
    """One review: why, what is to be looked at, who has it, and what happens when nobody decides."""
    return await views.one(tx, review_id)


@post("/v1/reviews/claim", permission="review.decide")
async def claim(tx: Tx, body: ClaimInput | None = None) -> List[ReviewRow]:
    """Take the next reviews; two reviewers never get the same one. May give fewer than asked for, also none."""
    wanted = body or ClaimInput()
    named = None
    if wanted.reviews is not None:
        named = [number("review", text, f"reviews[{i}]") for i, text in enumerate(wanted.reviews)]
    taken = await review.claim(
        tx, limit=wanted.limit if named is None else len(named), owner=wanted.owner, ids=named,
        merchant_id=await scope.merchant_filter(tx, wanted.merchant, "merchant"),
    )  # fmt: skip
    return List(items=[views.row(one) for one in await review_queue.some(tx, [one.id for one in taken])])


@post("/v1/reviews/{review_id}/put_back", permission="review.decide")
async def put_back(tx: Tx, review_id: int) -> ReviewView:
    """Give a review back so that somebody else can take it; its clock runs on."""
    await review.put_back(tx, review_id)
    return await views.one(tx, review_id)


@post("/v1/reviews/{review_id}/approve", permission="review.decide")
async def approve(tx: Tx, review_id: int, body: ApproveInput | None = None) -> ReviewView:
    """Say yes, with every question answered. Where two people are needed the first yes waits for the second.

    A check that failed is set aside by two: one asks for it with a reason, another who holds `order.force` says yes.
    What the law asks is set aside by nobody.
    """
    given = body or ApproveInput()
    await review.approve(tx, review_id, answers=given.answers, reason=given.reason)
    return await views.one(tx, review_id)


@post("/v1/reviews/{review_id}/mend-address", permission="review.decide")
async def mend_address(tx: Tx, review_id: int, body: MendAddressInput) -> ReviewView:
    """Mend where an order goes that one has in hand to review; the review itself goes on."""
    held = await review.take_in_hand(tx, review_id)
    await channel_orders.demand_made_here(tx, held.order_id)
    await placement.change_address(
        tx, held.order_id, placement.ChangeAddress(ship_to=body.ship_to.as_address(), reason=body.reason)
    )
    return await views.one(tx, review_id)


@post("/v1/reviews/{review_id}/reject", permission="review.decide")
async def reject(tx: Tx, review_id: int, body: RejectInput) -> ReviewView:
    """Say no: the order ends, its stock is free, and everything that was paid goes back, freight too."""
    await review.reject(tx, review_id, reason=body.reason)
    return await views.one(tx, review_id)


@post("/v1/reviews/{review_id}/ask", permission="review.decide")
async def ask(tx: Tx, review_id: int, body: AskInput) -> ReviewView:
    """Ask the buyer, once. The review's clock stands still until they answer or their own deadline is over."""
    await review.ask(tx, review_id, questions=body.questions, text=body.text)
    return await views.one(tx, review_id)


@post("/v1/reviews/{review_id}/answer", permission="review.answer")
async def answer(tx: Tx, review_id: int, body: AnswerInput) -> OrderReview:
    """The buyer's answer; the clock runs on with what was left."""
    held = await review.answer(tx, review_id, text=body.text)
    told = await views.of_order(tx, held.order_id)
    assert told is not None
    return told


@post("/v1/reviews/{review_id}/escalate", permission="review.decide")
async def escalate(tx: Tx, review_id: int, body: EscalateInput | None = None) -> ReviewView:
    """Hand a review to a lead."""
    await review.escalate(tx, review_id, reason=(body or EscalateInput()).reason)
    return await views.one(tx, review_id)


@post("/v1/reviews/{review_id}/block", permission="review.block")
async def block(tx: Tx, review_id: int, body: BlockInput | None = None) -> ReviewView:
    """Say, as risk, that this order must not go. Nobody can approve it; time ends it with all the money back."""
    await review.block(tx, review_id, reason=(body or BlockInput()).reason)
    return await views.one(tx, review_id)


@post("/v1/reviews/{review_id}/unblock", permission="review.block")
async def unblock(tx: Tx, review_id: int) -> ReviewView:
    """Take a block back."""
    await review.unblock(tx, review_id)
    return await views.one(tx, review_id)


ROUTES = [queue, show, claim, put_back, approve, mend_address, reject, ask, answer, escalate, block, unblock]
