"""Returns: previewed, applied for, decided, sent back, received, inspected."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dingdan.areas import channel_orders, inspection, returns, talks
from dingdan.overviews import return_list, timeline
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import return_previews
from dingdan.surfaces.api import return_views as views
from dingdan.surfaces.api.return_previews import PreviewView
from dingdan.surfaces.api.return_views import AppliedView, InspectedView, ReturnRow, ReturnView
from dingdan.surfaces.shared import facts, rows, scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import (
    Amount,
    Id,
    Input,
    Line,
    LineNo,
    List,
    MerchantRef,
    Page,
    PageQuery,
    Prose,
    Quantity,
    Sku,
    Word,
    number,
    page_of,
    slice_of,
)


class ApplyLineInput(Input, frozen=True, kw_only=True):
    """What shall go back: a line of an order, or units of a product wherever this buyer bought them.

    `claimed_unit_price` is what the buyer says a unit cost, in minor units of the order's currency.
    """

    order_id: Id | None = None
    line_no: LineNo | None = None
    sku: Sku | None = None
    quantity: Quantity
    reason: Word = "NO_REASON"
    claimed_unit_price: Amount | None = None


class ApplyInput(Input, frozen=True, kw_only=True):
    """An application of one buyer, by the id that the shop knows them by; it becomes one return for each order.

    `resolution`: the price for goods that come back, or without them (what has not left is cancelled at once, what is
    on its way is called back); `keep` for less by `wanted`, in minor units; or the difference to a price that has
    fallen. `evidence` was brought before; a return without a reason never needs any. `ask_person`: where the rules say
    no, a person shall decide.
    """

    merchant: MerchantRef | None = None
    buyer: Line
    lines: Annotated[list[ApplyLineInput], Meta(min_length=1, max_length=2_000)]
    resolution: returns.Resolution = returns.Resolution.REFUND
    evidence: Annotated[list[Id], Meta(max_length=40)] = msgspec.field(default_factory=list)
    wanted: Amount | None = None
    ask_person: bool = False


class RefuseInput(Input, frozen=True, kw_only=True):
    """A no with the policy's rule that it rests on, and what the buyer can do instead; `text` is added to the thread."""

    reason: Word
    rule: Line
    alternatives: Annotated[list[Word], Meta(max_length=10)]
    text: Prose = ""


class SendInput(Input, frozen=True, kw_only=True):
    """The parcel in which the goods come back; `together_with` are other returns in the same parcel.

    `postage` is what the buyer paid for it, in minor units of the order's currency: where the way back is the seller's
    to bear it goes back with the refund.
    """

    carrier: Word
    tracking_number: Word
    postage: Amount = 0
    together_with: Annotated[tuple[Id, ...], Meta(max_length=100)] = ()


class ReceivedLineInput(Input, frozen=True, kw_only=True):
    """Units of a line that lay in the parcel."""

    line_no: LineNo
    quantity: Annotated[int, Meta(ge=0, le=1_000_000)]


class ReceiveInput(Input, frozen=True, kw_only=True):
    """What arrived; without `lines` everything that was announced."""

    lines: Annotated[list[ReceivedLineInput], Meta(max_length=2_000)] | None = None


class MissingInput(Input, frozen=True, kw_only=True):
    """Something that belongs to the goods and did not come, with its declared value in minor units."""

    what: Literal["accessory", "manual", "gift", "invoice"]
    name: Line
    value: Amount = 0


class InspectedLineInput(Input, frozen=True, kw_only=True):
    """What was found on some units of a line. `intact` decides the money, `grade` the shelf.

    With the answers to the recipe's `checks` both need not be said: they follow. `disposition` is done at once where it
    is to restock, repack or send back; anything else waits for whoever decides about it. `is_from_transit`: broken on the
    way back, at our risk. `lost_value`: what these units lost by being used more than it takes to look at them, in minor
    units of the order's currency; taken off where the policy lets that count, and then they come back all the same.
    """

    line_no: LineNo
    quantity: Quantity
    is_original: bool | None = None
    intact: bool | None = None
    grade: Literal["A", "B", "C", "D"]
    disposition: Literal[
        "restock", "repack", "open_box", "refurbish", "vendor", "liquidate", "donate", "scrap", "send_back",
        "quarantine",
    ]  # fmt: skip
    note: Annotated[str, Meta(max_length=500)] = ""
    checks: Annotated[dict[Word, bool], Meta(max_length=50)] | None = None
    serials: Annotated[tuple[Line, ...], Meta(max_length=1_000)] = ()
    weight_grams: Annotated[int, Meta(ge=1, le=1_000_000_000)] | None = None
    missing: Annotated[tuple[MissingInput, ...], Meta(max_length=50)] = ()
    fault: Literal["buyer", "seller", "none"] | None = None
    is_from_transit: bool = False
    lost_value: Amount = 0


class InspectInput(Input, frozen=True, kw_only=True):
    """Every received unit, in as many entries as there are findings. With `needs_lab` the decision waits for a laboratory."""

    lines: Annotated[list[InspectedLineInput], Meta(max_length=2_000)]
    needs_lab: bool = False


class ReturnQuery(PageQuery, frozen=True, kw_only=True):
    """Which returns."""

    merchant: MerchantRef | None = None
    order: Id | None = None
    decision: returns.Decision | None = None
    journey: returns.Journey | None = None
    outcome: returns.Outcome | None = None
    resolution: returns.Resolution | None = None
    needs_review: bool | None = None


@post("/v1/returns/preview", permission="return.apply", why_unkeyed="it changes nothing", reads=True)
async def preview(tx: Tx, body: ApplyInput) -> PreviewView:
    """What an application would lead to, refund included. The rules are those that the application goes by."""
    return return_previews.previewed(await returns.preview(tx, await _application(tx, body)))


@post("/v1/returns", permission="return.apply", status=201)
async def apply(tx: Tx, body: ApplyInput) -> AppliedView:
    """Apply for a return; it is approved at once where the order's policy alone decides."""
    return await views.applied(tx, await returns.apply(tx, await _application(tx, body)))


@post("/v1/returns/{return_id}/change", permission="return.apply")
async def change(tx: Tx, return_id: int, body: ApplyInput) -> ReturnView:
    """Ask for something else of the same order before anybody has decided; it is judged anew."""
    await returns.change(tx, return_id, await _application(tx, body))
    return await views.one(tx, return_id)


@get("/v1/returns", permission="return.read")
async def listed(tx: Tx, query: ReturnQuery) -> Page[ReturnRow]:
    """Returns within reach, newest first."""
    wanted = return_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), decision=query.decision, journey=query.journey,
        outcome=query.outcome, resolution=query.resolution, needs_review=query.needs_review,
        order_id=None if query.order is None else number("order", query.order, "query.order"),
    )  # fmt: skip
    asked = slice_of(query)
    return page_of(asked, await return_list.page(tx, wanted, asked.asked), views.row)


@get("/v1/returns/{return_id}", permission="return.read")
async def show(tx: Tx, return_id: int) -> ReturnView:
    """One return, with how to send it back and what inspections found."""
    return await views.one(tx, return_id)


@get("/v1/returns/{return_id}/timeline", permission="return.read")
async def told(tx: Tx, return_id: int) -> List[facts.FactView]:
    """What happened to the return and its refund: who, when, from where to where, by which rule."""
    return List(items=[facts.of_timeline(entry) for entry in await timeline.of_return(tx, return_id)])


@post("/v1/returns/{return_id}/approve", permission="return.decide")
async def approve(tx: Tx, return_id: int) -> ReturnView:
    """Allow a return that waits for a person; the refund will be at the price paid, whatever was claimed."""
    await returns.approve(tx, return_id)
    return await views.one(tx, return_id)


@post("/v1/returns/{return_id}/refuse", permission="return.decide")
async def refuse(tx: Tx, return_id: int, body: RefuseInput) -> ReturnView:
    """Refuse a return, by a rule of the order's policy, and say what the buyer can do instead."""
    await talks.refuse(
        tx, return_id, reason=body.reason, rule=body.rule, alternatives=body.alternatives, text=body.text
    )
    return await views.one(tx, return_id)


@post("/v1/returns/{return_id}/withdraw", permission="return.apply")
async def withdraw(tx: Tx, return_id: int) -> ReturnView:
    """The buyer keeps the goods after all; they may apply again."""
    await returns.withdraw(tx, return_id)
    return await views.one(tx, return_id)


@post("/v1/returns/{return_id}/send", permission="return.send")
async def send(tx: Tx, return_id: int, body: SendInput) -> ReturnView:
    """Say in which parcel the goods come back; any carrier will do."""
    others = [number("return", text, f"together_with[{i}]") for i, text in enumerate(body.together_with)]
    parcel = returns.Send((return_id, *others), body.carrier, body.tracking_number, body.postage)
    with rows.one_of_a_set():
        await returns.send(tx, [parcel])
    return await views.one(tx, return_id)


@post("/v1/returns/{return_id}/receive", permission="return.receive")
async def receive(tx: Tx, return_id: int, body: ReceiveInput | None = None) -> ReturnView:
    """Count what arrived; it goes to quarantine and is not for sale before somebody has looked at it."""
    lines = None
    if body is not None and body.lines is not None:
        lines = tuple(returns.ReceivedLine(line.line_no, line.quantity) for line in body.lines)
    with rows.one_of_a_set():
        await returns.receive(tx, [returns.Receive(return_id, lines)])
    return await views.one(tx, return_id)


@post("/v1/returns/{return_id}/inspect", permission="return.inspect")
async def inspect(tx: Tx, return_id: int, body: InspectInput) -> InspectedView:
    """Say what was found on every received unit; what is due is paid back, and goods go where they were sent."""
    lines = tuple(
        returns.InspectedLine(
            line.line_no,
            line.quantity,
            line.is_original,
            line.intact,
            line.grade,
            line.disposition,
            line.note,
            checks=line.checks,
            serials=tuple(line.serials),
            grams=line.weight_grams,
            missing=tuple(inspection.Missing(part.what, part.name, part.value) for part in line.missing),
            fault=line.fault,
            is_from_transit=line.is_from_transit,
            lost=line.lost_value,
        )
        for line in body.lines
    )
    with rows.one_of_a_set():
        (inspected,) = await returns.inspect(tx, [returns.Inspect(return_id, lines, body.needs_lab)])
    return await views.inspected(tx, inspected)


async def _application(tx: Tx, body: ApplyInput) -> returns.Apply:
    lines = tuple(
        returns.ApplyLine(
            quantity=line.quantity, reason=line.reason, line_no=line.line_no, sku=line.sku,
            claimed_unit_price=line.claimed_unit_price,
            order_id=None if line.order_id is None else number("order", line.order_id, f"lines[{i}].order_id"),
        )
        for i, line in enumerate(body.lines)
    )  # fmt: skip
    if body.resolution in (returns.Resolution.REFUND_ONLY, *returns.FOR_GOODS):
        # What has not left is cancelled, what comes back is exchanged or mended: of a channel's order the channel does that.
        for order_id in sorted({line.order_id for line in lines if line.order_id is not None}):
            await channel_orders.demand_made_here(tx, order_id)
    return returns.Apply(
        await scope.merchant_id_meant(tx, body.merchant), body.buyer, lines, resolution=body.resolution,
        evidence=tuple(number("evidence", text, f"evidence[{i}]") for i, text in enumerate(body.evidence)),
        wanted=body.wanted, ask_person=body.ask_person,
    )  # fmt: skip


ROUTES = [preview, apply, change, listed, show, told, approve, refuse, withdraw, send, receive, inspect]
