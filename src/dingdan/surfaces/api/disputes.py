"""Disputes: asking the platform, showing in one's turn, rulings, appeals, standing still, and carrying out."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dingdan.areas import disputes, talks
from dingdan.kernel.actor import ActorKind
from dingdan.overviews import dispute_queue
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import dispute_views as views
from dingdan.surfaces.api.dispute_views import DisputeRow, DisputeView
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.guards import NotAllowed
from dingdan.surfaces.shared.wire import (
    Amount,
    Code,
    Id,
    Input,
    Line,
    LineNo,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    Quantity,
    number,
    page_of,
    slice_of,
)

Words = Annotated[str, Meta(min_length=1, max_length=disputes.LONGEST)]
Files = Annotated[list[Id], Meta(max_length=disputes.MOST_FILES)]


class WishInput(Input, frozen=True, kw_only=True):
    """Units of an order line and what shall become of them; an amount only where they are kept for less."""

    line_no: LineNo
    quantity: Quantity
    outcome: disputes.Outcome
    amount: Amount = 0


Wishes = Annotated[list[WishInput], Meta(min_length=1, max_length=disputes.MOST_LINES)]


class PartyInput(Input, frozen=True, kw_only=True):
    """In whose name; for the seller one needs the permission to decide about returns, and its staff speaks for no buyer."""

    side: talks.Side = talks.Side.BUYER


class PleaInput(PartyInput, frozen=True, kw_only=True):
    """What a side says, and the files of the order that it shows with it."""

    text: Words
    evidence: Files = msgspec.field(default_factory=list)


class OpenDisputeInput(PleaInput, frozen=True, kw_only=True):
    """What the two sides disagree about, and what is claimed."""

    issue: disputes.Issue
    lines: Wishes


class RuleInput(Input, frozen=True, kw_only=True):
    """What becomes of which units, whose fault it was, who bears the way back, by which rules, and why."""

    lines: Wishes
    fault: disputes.AtFault
    freight: talks.Side
    rules: Annotated[list[Code], Meta(min_length=1, max_length=disputes.MOST_RULES)]
    reason: Annotated[str, Meta(min_length=10, max_length=disputes.LONGEST)]


class ExecuteInput(Input, frozen=True, kw_only=True):
    """`pay_instead`: what was ruled to be sent and is not there is paid; said by another arbitrator than who ruled."""

    pay_instead: bool = False


class StopDisputeInput(Input, frozen=True, kw_only=True):
    """What a dispute stands still for, under which number it is known there, and files that show that it was taken."""

    reason: disputes.StillFor
    number: Line | None = None
    evidence: Files = msgspec.field(default_factory=list)


class ElsewhereInput(PartyInput, frozen=True, kw_only=True):
    """Files of the order that show that the police or a court took it."""

    evidence: Annotated[list[Id], Meta(min_length=1, max_length=disputes.MOST_FILES)]


class GoOnInput(Input, frozen=True, kw_only=True):
    """What came of it."""

    outcome: Literal["decided", "agreed", "came_to_nothing"]


class DisputeQuery(PageQuery, frozen=True, kw_only=True):
    """Which disputes; without `state` or `order` all that are open. `turn`: those in which they have to do something."""

    merchant: MerchantRef | None = None
    order: Id | None = None
    state: disputes.DisputeState | None = None
    issue: disputes.Issue | None = None
    turn: Literal["buyer", "seller", "platform"] | None = None
    due_before: Moment | None = None


@get("/v1/disputes", permission="dispute.read")
async def queue(tx: Tx, query: DisputeQuery) -> Page[DisputeRow]:
    """Disputes within reach, what is due first at the top."""
    wanted = dispute_queue.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), state=query.state, issue=query.issue,
        turn=query.turn,
        order_id=number("order", query.order, "query.order") if query.order is not None else None,
        due_before=query.due_before,
    )  # fmt: skip
    asked = slice_of(query)
    return page_of(asked, await dispute_queue.page(tx, wanted, asked.asked), views.row)


@get("/v1/disputes/{dispute_id}", permission="dispute.read")
async def one(tx: Tx, dispute_id: int) -> DisputeView:
    """One dispute: the claim, what both sides showed, what is still to be proved and by whom, rulings and clocks."""
    return await views.one(tx, dispute_id)


@post("/v1/returns/{return_id}/disputes", permission="dispute.argue", status=201)
async def about_return(tx: Tx, return_id: int, body: OpenDisputeInput) -> DisputeView:
    """Ask the platform to decide about a return: after it was refused, or 24 hours of talk without an answer; once."""
    return await _open(tx, "return", return_id, body)


@post("/v1/cases/{case_id}/disputes", permission="dispute.argue", status=201)
async def about_case(tx: Tx, case_id: int, body: OpenDisputeInput) -> DisputeView:
    """Ask the platform to decide about a case: after it was closed, or 24 hours without a way out; once."""
    return await _open(tx, "case", case_id, body)


@post("/v1/orders/{order_id}/disputes", permission="dispute.argue", status=201)
async def about_order(tx: Tx, order_id: int, body: OpenDisputeInput) -> DisputeView:
    """Ask the platform to decide about an order without a return or a case: 24 hours after its buyer objected; once."""
    return await _open(tx, "order", order_id, body)


@post("/v1/disputes/{dispute_id}/show", permission="dispute.argue")
async def show(tx: Tx, dispute_id: int, body: PleaInput) -> DisputeView:
    """Show what speaks for one's side, in one's turn; the other side sees it. With it the turn is over."""
    _demand_side(tx, body.side)
    await disputes.show(tx, dispute_id, side=body.side, text=body.text, files=_files(body.evidence))
    return await views.one(tx, dispute_id)


@post("/v1/disputes/{dispute_id}/withdraw", permission="dispute.argue")
async def withdraw(tx: Tx, dispute_id: int, body: PartyInput | None = None) -> DisputeView:
    """Take back a dispute that one opened, before it was ruled about."""
    side = body.side if body is not None else talks.Side.BUYER
    _demand_side(tx, side)
    await disputes.withdraw(tx, dispute_id, side=side)
    return await views.one(tx, dispute_id)


@post("/v1/disputes/{dispute_id}/rule", permission="dispute.rule")
async def rule(tx: Tx, dispute_id: int, body: RuleInput) -> DisputeView:
    """Rule, also about an appeal. Above the limit of one arbitrator it waits for a second one.

    Whoever decided, inspected, helped or argued in the matter, or ruled about it before, does not.
    """
    await disputes.rule(tx, dispute_id, disputes.Rule(
        lines=_wishes(body.lines), fault=body.fault, freight=body.freight, rules=tuple(body.rules), text=body.reason,
    ))  # fmt: skip
    return await views.one(tx, dispute_id)


@post("/v1/disputes/{dispute_id}/accept", permission="dispute.argue")
async def accept(tx: Tx, dispute_id: int, body: PartyInput | None = None) -> DisputeView:
    """Accept the ruling; when both sides do it is carried out at once, else when the days of appeal are over."""
    side = body.side if body is not None else talks.Side.BUYER
    _demand_side(tx, side)
    await disputes.accept(tx, dispute_id, side=side)
    return await views.one(tx, dispute_id)


@post("/v1/disputes/{dispute_id}/appeal", permission="dispute.argue")
async def appeal(tx: Tx, dispute_id: int, body: PleaInput) -> DisputeView:
    """Do not accept the ruling, once and within seven days; after the other side's turn another arbitrator rules for good.

    The other side may answer by `show`, within 24 hours.
    """
    _demand_side(tx, body.side)
    await disputes.appeal(tx, dispute_id, side=body.side, text=body.text, files=_files(body.evidence))
    return await views.one(tx, dispute_id)


@post("/v1/disputes/{dispute_id}/execute", permission="dispute.rule")
async def execute(tx: Tx, dispute_id: int, body: ExecuteInput | None = None) -> DisputeView:
    """Carry out a final ruling that could not be carried out by itself; what stands against it is said."""
    await disputes.execute(tx, dispute_id, is_paid=body is not None and body.pay_instead)
    return await views.one(tx, dispute_id)


@post("/v1/disputes/{dispute_id}/comply", permission="dispute.argue")
async def comply(tx: Tx, dispute_id: int) -> DisputeView:
    """The seller carries out a final ruling; where it does not within 24 hours, the platform does it at its expense."""
    _demand_side(tx, talks.Side.SELLER)
    await disputes.comply(tx, dispute_id)
    return await views.one(tx, dispute_id)


@post("/v1/disputes/{dispute_id}/suspend", permission="dispute.rule")
async def suspend(tx: Tx, dispute_id: int, body: StopDisputeInput) -> DisputeView:
    """Let a dispute stand still: every clock stops, and goes on by itself when the time for that is over.

    That is 30 days for the two sides to agree; for the police or a court 7 working days, and half a year once somebody
    shows that they took it.
    """
    await disputes.suspend(tx, dispute_id, reason=body.reason, number=body.number, files=_files(body.evidence))
    return await views.one(tx, dispute_id)


@post("/v1/disputes/{dispute_id}/elsewhere", permission="dispute.argue")
async def elsewhere(tx: Tx, dispute_id: int, body: ElsewhereInput) -> DisputeView:
    """Show that the police or a court took the matter, once: the dispute stands still for as long as that takes."""
    _demand_side(tx, body.side)
    await disputes.show_elsewhere(tx, dispute_id, side=body.side, files=_files(body.evidence))
    return await views.one(tx, dispute_id)


@post("/v1/disputes/{dispute_id}/resume", permission="dispute.rule")
async def resume(tx: Tx, dispute_id: int, body: GoOnInput) -> DisputeView:
    """Let a dispute go on, with what was left of every time and a day at least; say what came of it there."""
    await disputes.resume(tx, dispute_id, outcome=body.outcome)
    return await views.one(tx, dispute_id)


@post("/v1/rulings/{ruling_id}/sign", permission="dispute.rule")
async def sign(tx: Tx, ruling_id: int) -> DisputeView:
    """Agree with what another arbitrator proposed: it holds."""
    return await views.one(tx, (await disputes.sign(tx, ruling_id)).dispute_id)


@post("/v1/rulings/{ruling_id}/refuse", permission="dispute.rule")
async def refuse(tx: Tx, ruling_id: int) -> DisputeView:
    """Do not agree: somebody else rules anew."""
    return await views.one(tx, (await disputes.refuse(tx, ruling_id)).dispute_id)


async def _open(tx: Tx, subject: disputes.Subject, subject_id: int, body: OpenDisputeInput) -> DisputeView:
    _demand_side(tx, body.side)
    opened = await disputes.open_dispute(tx, disputes.OpenDispute(
        subject=subject, subject_id=subject_id, issue=body.issue, side=body.side, lines=_wishes(body.lines),
        text=body.text, evidence=_files(body.evidence),
    ))  # fmt: skip
    return await views.one(tx, opened.id)


def _wishes(lines: list[WishInput]) -> tuple[disputes.Wish, ...]:
    return tuple(disputes.Wish(one.line_no, one.quantity, one.outcome, one.amount) for one in lines)


def _files(named: list[str]) -> tuple[int, ...]:
    return tuple(number("evidence", text, f"evidence[{n}]") for n, text in enumerate(named))


def _demand_side(tx: Tx, side: talks.Side) -> None:
    if side is talks.Side.SELLER and not tx.actor.may("return.decide"):
        raise NotAllowed(permission="return.decide")
    # A shop's program speaks for its buyers, its clerks do not.
    if side is talks.Side.BUYER and tx.actor.kind is ActorKind.STAFF and tx.actor.merchant_id is not None:
        raise disputes.SpeaksForSeller("side")


ROUTES = [
    queue, one, about_return, about_case, about_order, show, withdraw, rule, accept, appeal, execute, comply, suspend,
    elsewhere, resume, sign, refuse,
]  # fmt: skip
