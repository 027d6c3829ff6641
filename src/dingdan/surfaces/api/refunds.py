"""Refunds: what we owe back, signed, sent, arrived."""

from datetime import date, datetime

from dingdan.areas import refunds, returns
from dingdan.kernel.money import Money
from dingdan.overviews import refund_list
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import facts, scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import (
    Code,
    DeadlineView,
    Id,
    Input,
    MerchantRef,
    Page,
    PageQuery,
    View,
    allowed,
    deadline_views,
    number,
    page_of,
    ref,
    ref_or_none,
    slice_of,
    soonest,
)

# What can be done with a refund by where it stands, and what each action takes.
VERBS = {
    "requested": ["approve", "refuse"],
    "held": ["take_back"],
    "failed": ["retry", "take_offline"],
    "offline": ["consent"],
}
ACTIONS = {
    "approve": "refund.approve", "refuse": "refund.approve", "take_back": "refund.approve", "retry": "refund.retry",
    "take_offline": "refund.retry", "consent": "refund.consent",
}  # fmt: skip


class RefundPartView(View, frozen=True, kw_only=True):
    """One component with the rule it comes from; line 0 is the whole order.

    `basis` says why units are paid back, `clause` which rule of the order's policy it rests on.
    """

    component: str
    line_no: int
    quantity: int
    amount: Money
    rule: str
    basis: str
    clause: str


class RefundTenderView(View, frozen=True, kw_only=True):
    """What goes back through one payment."""

    payment_id: str
    amount: Money


class ExpectedView(View, frozen=True, kw_only=True):
    """When money that is on its way will be there, by one way of paying."""

    way: dict[str, str]
    first: date
    last: date


class RefundView(View, frozen=True, kw_only=True):
    """A refund, to the cent: what it is made of, and through which payments it goes.

    The deadline of one for returned goods is the law's: until when the money must be back.
    """

    id: str
    order_id: str
    merchant: str
    cause: refunds.Cause
    cause_id: str
    state: refunds.RefundState
    amount: Money
    parts: list[RefundPartView]
    tenders: list[RefundTenderView]
    requested_by: facts.Who
    approved_by: facts.Who | None
    requested_at: datetime
    approved_at: datetime | None
    settled_at: datetime | None
    failure: str | None
    hand_receipt: str | None
    hand_payout_id: str | None
    expected: list[ExpectedView]
    deadline_at: datetime | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


class RefundRow(View, frozen=True, kw_only=True):
    """A refund as a list shows it."""

    id: str
    order_id: str
    merchant: str
    cause: refunds.Cause
    cause_id: str
    state: refunds.RefundState
    amount: Money
    requested_at: datetime
    approved_at: datetime | None
    settled_at: datetime | None


class RefundQuery(PageQuery, frozen=True, kw_only=True):
    """Which refunds."""

    merchant: MerchantRef | None = None
    order: Id | None = None
    state: refunds.RefundState | None = None
    cause: refunds.Cause | None = None


class RefuseInput(Input, frozen=True, kw_only=True):
    """Why not."""

    reason: Code


@get("/v1/refunds", permission="refund.read")
async def listed(tx: Tx, query: RefundQuery) -> Page[RefundRow]:
    """Refunds within reach, newest first."""
    wanted = refund_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), state=query.state, cause=query.cause,
        order_id=None if query.order is None else number("order", query.order, "query.order"),
    )  # fmt: skip
    asked = slice_of(query)
    return page_of(asked, await refund_list.page(tx, wanted, asked.asked), _row)


@get("/v1/refunds/{refund_id}", permission="refund.read")
async def show(tx: Tx, refund_id: int) -> RefundView:
    """One refund."""
    return await _view(tx, await refunds.get_one(tx, refund_id))


@post("/v1/refunds/{refund_id}/approve", permission="refund.approve")
async def approve(tx: Tx, refund_id: int) -> RefundView:
    """Sign a refund; the last signature that is needed sends the money on its way. Never by whoever asked for it."""
    return await _view(tx, await refunds.approve(tx, refund_id))


@post("/v1/refunds/{refund_id}/take_back", permission="refund.approve")
async def take_back(tx: Tx, refund_id: int) -> RefundView:
    """Take back what somebody let go at the console and what still waits a moment: it stands where it stood before."""
    return await _view(tx, await refunds.take_back(tx, refund_id))


@post("/v1/refunds/{refund_id}/refuse", permission="refund.approve")
async def refuse(tx: Tx, refund_id: int, body: RefuseInput) -> RefundView:
    """Refuse a refund that nobody signed yet."""
    return await _view(tx, await refunds.refuse(tx, refund_id, reason=body.reason))


@post("/v1/refunds/{refund_id}/retry", permission="refund.retry")
async def retry(tx: Tx, refund_id: int) -> RefundView:
    """Send a failed refund again, under its own number, so that nothing is paid twice."""
    return await _view(tx, await refunds.retry(tx, refund_id))


@post("/v1/refunds/{refund_id}/take_offline", permission="refund.retry")
async def take_offline(tx: Tx, refund_id: int) -> RefundView:
    """Give up on the provider: a failed refund is to be paid by hand."""
    return await _view(tx, await refunds.take_offline(tx, refund_id))


async def _view(tx: Tx, refund: refunds.Refund) -> RefundView:
    parts = (await refunds.parts(tx, [refund.id])).get(refund.id, [])
    tenders = (await refunds.tenders(tx, [refund.id])).get(refund.id, [])
    clocks = await _clocks(tx, refund)
    has_approver = refund.approved_by_kind is not None
    return RefundView(
        id=ref("refund", refund.id), order_id=ref("order", refund.order_id),
        merchant=ref("merchant", refund.merchant_id), cause=refund.cause,
        cause_id=ref(facts.CAUSES[refund.cause], refund.cause_id), state=refund.state,
        amount=Money(refund.amount, refund.currency),
        parts=[
            RefundPartView(component=part.component, line_no=part.line_no, quantity=part.quantity,
                           amount=Money(part.amount, refund.currency), rule=part.rule, basis=str(part.basis),
                           clause=part.clause)
            for part in parts
        ],
        tenders=[
            RefundTenderView(payment_id=ref("payment", one.payment_id), amount=Money(one.amount, refund.currency))
            for one in tenders
        ],
        requested_by=facts.who(refund.requested_by_kind, refund.requested_by),
        approved_by=facts.who(refund.approved_by_kind or "", refund.approved_by) if has_approver else None,
        requested_at=refund.requested_at, approved_at=refund.approved_at, settled_at=refund.settled_at,
        failure=refund.failure, hand_receipt=refund.hand_receipt, deadline_at=soonest(clocks),
        hand_payout_id=ref_or_none("hand_payout", refund.hand_payout_id),
        expected=[
            ExpectedView(way={"en": one.way.en, "zh": one.way.zh}, first=one.first, last=one.last)
            for one in await refunds.expected(tx, refund)
        ],
        deadlines=clocks,
        available_actions=allowed(tx.actor, VERBS.get(refund.state, []), ACTIONS),
    )  # fmt: skip


async def _clocks(tx: Tx, refund: refunds.Refund) -> list[DeadlineView]:
    if refund.cause is not refunds.Cause.RETURN:
        return []
    found = await deadlines.of_subjects(tx, [refund.cause_id])
    return deadline_views(one for one in found if one.kind == returns.REFUND_BY.name).get(refund.cause_id, [])


def _row(row: refund_list.Row) -> RefundRow:
    return RefundRow(
        id=ref("refund", row.id), order_id=ref("order", row.order_id), merchant=ref("merchant", row.merchant_id),
        cause=refunds.Cause(row.cause), cause_id=ref(facts.CAUSES[row.cause], row.cause_id),
        state=refunds.RefundState(row.state), amount=Money(row.amount, row.currency), requested_at=row.requested_at,
        approved_at=row.approved_at, settled_at=row.settled_at,
    )  # fmt: skip


ROUTES = [listed, show, approve, take_back, refuse, retry, take_offline]
