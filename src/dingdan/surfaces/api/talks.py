"""What buyer and seller say about a return: the queue, the thread, one question, offers; and withdrawals from a contract."""

from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import channel_orders, returns, talks
from dingdan.overviews import return_queue, return_thread
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import return_views, talk_views
from dingdan.surfaces.api.return_views import ReturnView
from dingdan.surfaces.api.talk_views import (
    EntryView,
    OfferView,
    QuestionView,
    WaitingReturnView,
    WithdrawalView,
    WithdrawingView,
)
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
    List,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    Prose,
    Quantity,
    Word,
    number,
    page_of,
    slice_of,
)

Shown = Annotated[list[Id], Meta(max_length=40)]


class SideInput(Input, frozen=True, kw_only=True):
    """In whose name; for the seller one needs the permission to decide about returns."""

    side: talks.Side = talks.Side.BUYER


class RemarkInput(SideInput, frozen=True, kw_only=True):
    """Something to say, and what is shown with it."""

    text: Prose
    evidence: Shown = msgspec.field(default_factory=list)


class AskMoreInput(Input, frozen=True, kw_only=True):
    """What is missing: shots by their codes, and words."""

    text: Annotated[str, Meta(min_length=1, max_length=2000)]
    shots: Annotated[list[Code], Meta(max_length=10)] = msgspec.field(default_factory=list)


class AnswerMoreInput(Input, frozen=True, kw_only=True):
    """What the buyer says and shows."""

    text: Prose = ""
    evidence: Shown = msgspec.field(default_factory=list)


class OfferInput(SideInput, frozen=True, kw_only=True):
    """What is offered: how much is taken off, or given as credit, in minor units; nothing where all is paid back."""

    kind: talks.OfferKind
    amount: Amount = 0
    text: Prose = ""


class TakeInput(SideInput, frozen=True, kw_only=True):
    """Taking credit of the shop needs consent to the words that the offer names, by their version."""

    consent_text: Word | None = None


class StatedLineInput(Input, frozen=True, kw_only=True):
    """Units of an order line that somebody withdraws from."""

    line_no: LineNo
    quantity: Quantity


class WithdrawInput(Input, frozen=True, kw_only=True):
    """Who withdraws from the contract and where that is acknowledged; without lines it is about the whole order."""

    name: Line
    contact: Line
    lines: Annotated[list[StatedLineInput], Meta(max_length=2_000)] = msgspec.field(default_factory=list)


class WaitingReturnQuery(PageQuery, frozen=True, kw_only=True):
    """Which applications; `reason` is one of why a person must look."""

    merchant: MerchantRef | None = None
    resolution: returns.Resolution | None = None
    reason: Word | None = None
    escalated: bool | None = None
    due_before: Moment | None = None


@get("/v1/returns/queue", permission="return.decide")
async def queue(tx: Tx, query: WaitingReturnQuery) -> Page[WaitingReturnView]:
    """Applications that nobody has decided, what is due first at the top."""
    wanted = return_queue.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), resolution=query.resolution, reason=query.reason,
        escalated=query.escalated, due_before=query.due_before,
    )  # fmt: skip
    asked = slice_of(query)
    return page_of(asked, await return_queue.page(tx, wanted, asked.asked), talk_views.waiting)


@get("/v1/returns/{return_id}/thread", permission="return.read")
async def thread(tx: Tx, return_id: int) -> List[EntryView]:
    """What both sides wrote, between what happened, oldest first; lines of the system are in both languages."""
    return await _thread(tx, return_id)


@post("/v1/returns/{return_id}/remarks", permission="return.apply", status=201)
async def remark(tx: Tx, return_id: int, body: RemarkInput) -> List[EntryView]:
    """Say something about a return, and show something with it; the buyer is told of what the seller says."""
    _demand_side(tx, body.side)
    await talks.say(tx, return_id, side=body.side, text=body.text, evidence=_shown(body.evidence))
    return await _thread(tx, return_id)


@post("/v1/returns/{return_id}/remarks/take_back", permission="return.decide")
async def unsay(tx: Tx, return_id: int) -> List[EntryView]:
    """Take back what one wrote at the console and what still waits a moment: the buyer never sees it."""
    await talks.unsay(tx, return_id)
    return await _thread(tx, return_id)


@post("/v1/returns/{return_id}/ask", permission="return.decide")
async def ask(tx: Tx, return_id: int, body: AskMoreInput) -> QuestionView:
    """Ask the buyer for more, once; until they answer, or 48 hours are over, the clock of the decision stands still.

    Never about a return without a reason.
    """
    return talk_views.question(await talks.ask(tx, return_id, shots=body.shots, text=body.text))


@post("/v1/returns/{return_id}/answer", permission="return.apply")
async def answer(tx: Tx, return_id: int, body: AnswerMoreInput) -> QuestionView:
    """Answer what was asked, in words or by showing more."""
    return talk_views.question(await talks.answer(tx, return_id, text=body.text, evidence=_shown(body.evidence)))


@post("/v1/returns/{return_id}/appeal", permission="return.apply")
async def appeal(tx: Tx, return_id: int) -> ReturnView:
    """Do not accept a refusal: once, within its days. Somebody else decides, with a clock of its own."""
    await returns.appeal(tx, return_id)
    return await return_views.one(tx, return_id)


@get("/v1/returns/{return_id}/offers", permission="return.read")
async def offers(tx: Tx, return_id: int) -> List[OfferView]:
    """Every offer about a return, oldest first."""
    return List(items=[talk_views.offer(tx.actor, one) for one in await talks.offers_of(tx, [return_id])])


@post("/v1/returns/{return_id}/offers", permission="return.apply", status=201)
async def offer(tx: Tx, return_id: int, body: OfferInput) -> OfferView:
    """Offer something instead of what was asked for, also after a refusal. One offer is open at a time."""
    _demand_side(tx, body.side)
    return talk_views.offer(tx.actor, await talks.offer(tx, return_id, _propose(body), side=body.side))


@post("/v1/offers/{offer_id}/take", permission="return.apply")
async def take(tx: Tx, offer_id: int, body: TakeInput | None = None) -> OfferView:
    """Take what the other side offers; the return is granted that way and paid in the same step."""
    side = body.side if body is not None else talks.Side.BUYER
    _demand_side(tx, side)
    consent_text = body.consent_text if body is not None else None
    return talk_views.offer(tx.actor, await talks.take(tx, offer_id, side=side, consent_text=consent_text))


@post("/v1/offers/{offer_id}/decline", permission="return.apply")
async def decline(tx: Tx, offer_id: int, body: SideInput | None = None) -> OfferView:
    """Do not want what the other side offers; what was asked for is decided as before."""
    side = body.side if body is not None else talks.Side.BUYER
    _demand_side(tx, side)
    return talk_views.offer(tx.actor, await talks.decline(tx, offer_id, side=side))


@post("/v1/offers/{offer_id}/counter", permission="return.apply", status=201)
async def counter(tx: Tx, offer_id: int, body: OfferInput) -> OfferView:
    """Answer an offer with another one."""
    _demand_side(tx, body.side)
    return talk_views.offer(tx.actor, await talks.counter(tx, offer_id, _propose(body), side=body.side))


@post("/v1/offers/{offer_id}/take_back", permission="return.apply")
async def take_back(tx: Tx, offer_id: int, body: SideInput | None = None) -> OfferView:
    """Think again about one's own offer, before anybody has answered it."""
    side = body.side if body is not None else talks.Side.BUYER
    _demand_side(tx, side)
    return talk_views.offer(tx.actor, await talks.take_back(tx, offer_id, side=side))


@get("/v1/orders/{order_id}/withdrawals", permission="return.read")
async def withdrawing(tx: Tx, order_id: int) -> WithdrawingView:
    """Whether the order can be withdrawn from now, until when, and the withdrawals that were stated."""
    terms = await talks.terms(tx, order_id)
    stated = await talks.withdrawals_of(tx, order_id)
    return WithdrawingView(
        is_offered=terms.is_offered, until=terms.until, items=[await _withdrawal(tx, one) for one in stated]
    )


@post("/v1/orders/{order_id}/withdrawals", permission="return.apply", status=201)
async def withdraw(tx: Tx, order_id: int, body: WithdrawInput) -> WithdrawalView:
    """Withdraw from the contract here, first step: state it. It counts from now, once it is confirmed."""
    await channel_orders.demand_made_here(tx, order_id)
    stated = await talks.state(tx, talks.State(
        order_id=order_id, name=body.name, contact=body.contact,
        lines=tuple(talks.WithdrawalLine(line.line_no, line.quantity) for line in body.lines),
    ))  # fmt: skip
    return talk_views.withdrawal(stated, await talks.who(tx, stated), returns=[], cancelled_units=0)


@post("/v1/withdrawals/{withdrawal_id}/confirm", permission="return.apply")
async def confirm(tx: Tx, withdrawal_id: int) -> WithdrawalView:
    """Second step: confirm the withdrawal. It is acknowledged at once, with its content, date and time."""
    confirmed, applied = await talks.confirm(tx, withdrawal_id)
    made = [one.id for application in applied for one in application.returns]
    units = sum(sum(one.units.values()) for application in applied for one in application.cancelled)
    return talk_views.withdrawal(confirmed, await talks.who(tx, confirmed), returns=made, cancelled_units=units)


@get("/v1/withdrawals/{withdrawal_id}", permission="return.read")
async def withdrawal(tx: Tx, withdrawal_id: int) -> WithdrawalView:
    """A withdrawal from a contract, with the applications that followed from it."""
    return await _withdrawal(tx, await talks.get_withdrawal(tx, withdrawal_id))


async def _withdrawal(tx: Tx, found: talks.Withdrawal) -> WithdrawalView:
    made = [one.id for one in await returns.of_orders(tx, [found.order_id]) if one.request_id == found.request_id]
    return talk_views.withdrawal(found, await talks.who(tx, found), returns=made, cancelled_units=0)


async def _thread(tx: Tx, return_id: int) -> List[EntryView]:
    return List(items=[talk_views.entry(one) for one in await return_thread.of_return(tx, return_id)])


def _propose(body: OfferInput) -> talks.Propose:
    return talks.Propose(body.kind, body.amount, body.text)


def _shown(evidence: list[str]) -> list[int]:
    return [number("evidence", text, f"evidence[{i}]") for i, text in enumerate(evidence)]


def _demand_side(tx: Tx, side: talks.Side) -> None:
    """Who speaks for the seller may decide about returns. Raises NotAllowed."""
    if side is talks.Side.SELLER and not tx.actor.may("return.decide"):
        raise NotAllowed("side", permission="return.decide")


ROUTES = [queue, thread, remark, unsay, ask, answer, appeal, offers, offer, take, decline, counter, take_back, withdrawing,
          withdraw, confirm, withdrawal]  # fmt: skip
