"""Feedback: what buyers say of an order and its goods."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import feedback
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import Code, Input, LineNo, List, Prose, View, ref

Rating = Annotated[int, Meta(ge=1, le=5)]
Photos = Annotated[list[Annotated[str, Meta(min_length=1, max_length=500)]], Meta(max_length=9)]


class LineRatingInput(Input, frozen=True, kw_only=True):
    """The rating of one line; photos are references to where the shop keeps them."""

    line_no: LineNo
    rating: Rating
    text: Prose = ""
    photos: Photos = msgspec.field(default_factory=list)


class FeedbackInput(Input, frozen=True, kw_only=True):
    """The rating of an order, and of lines of it."""

    rating: Rating
    text: Prose = ""
    photos: Photos = msgspec.field(default_factory=list)
    lines: Annotated[list[LineRatingInput], Meta(max_length=500)] = msgspec.field(default_factory=list)


class HideFeedbackInput(Input, frozen=True, kw_only=True):
    """Why."""

    reason: Code


class LineRatingView(View, frozen=True, kw_only=True):
    """The rating of one line."""

    line_no: int
    rating: int
    text: str
    photos: list[str]


class FeedbackReceipt(View, frozen=True, kw_only=True):
    """That feedback was taken in or changed, without its words: answers are kept for repeats, and words are sealed."""

    order: str
    version: int
    rating: int
    is_hidden: bool


class FeedbackView(View, frozen=True, kw_only=True):
    """One version of an order's feedback. Of what is hidden only whoever may read all of it sees the words."""

    order: str
    version: int
    rating: int
    text: str
    photos: list[str]
    lines: list[LineRatingView]
    given_at: datetime
    is_hidden: bool
    hidden_reason: str | None


@post("/v1/orders/{order_id}/feedback", permission="feedback.give", status=201)
async def give(tx: Tx, order_id: int, body: FeedbackInput) -> FeedbackReceipt:
    """Rate an order that has arrived, and change that once within some days."""
    given = feedback.Give(
        rating=body.rating, text=body.text, photos=tuple(body.photos),
        lines=tuple(feedback.LineRating(one.line_no, one.rating, one.text, tuple(one.photos)) for one in body.lines),
    )  # fmt: skip
    return _receipt(await feedback.give(tx, order_id, given))


@get("/v1/orders/{order_id}/feedback", permission="order.read")
async def said(tx: Tx, order_id: int) -> List[FeedbackView]:
    """Every version of the order's feedback, oldest first."""
    return List(items=await _views(tx, await feedback.of_orders(tx, [order_id])))


@post("/v1/orders/{order_id}/feedback/hide", permission="feedback.hide")
async def hide(tx: Tx, order_id: int, body: HideFeedbackInput) -> FeedbackReceipt:
    """Hide an order's feedback, with a reason. It is kept."""
    return _receipt(await feedback.hide(tx, order_id, reason=body.reason))


@post("/v1/orders/{order_id}/feedback/show", permission="feedback.hide")
async def show(tx: Tx, order_id: int) -> FeedbackReceipt:
    """Show hidden feedback again."""
    return _receipt(await feedback.show(tx, order_id))


def _receipt(one: feedback.Feedback) -> FeedbackReceipt:
    return FeedbackReceipt(order=ref("order", one.order_id), version=one.version, rating=one.rating,
                           is_hidden=one.hidden_at is not None)  # fmt: skip


async def _views(tx: Tx, found: list[feedback.Feedback]) -> list[FeedbackView]:
    may_read = tx.actor.may("feedback.read")
    return [
        _view(one, words if may_read or one.hidden_at is None else feedback.Words(), may_read=may_read)
        for one, words in zip(found, await feedback.words(tx, found), strict=True)
    ]


def _view(one: feedback.Feedback, words: feedback.Words, *, may_read: bool) -> FeedbackView:
    is_shown = may_read or one.hidden_at is None
    return FeedbackView(
        order=ref("order", one.order_id), version=one.version, rating=one.rating, text=words.text,
        photos=list(one.photos) if is_shown else [], lines=[
            LineRatingView(line_no=line.line_no, rating=line.rating, text=words.lines.get(str(line.line_no), ""),
                           photos=list(line.photos) if is_shown else [])
            for line in one.lines
        ],
        given_at=one.given_at, is_hidden=one.hidden_at is not None, hidden_reason=one.hidden_reason,
    )  # fmt: skip


ROUTES = [give, said, hide, show]
