"""The way back: where goods are sent and how, labels, more time, and what carriers tell of parcels that come back."""

import asyncio
from datetime import datetime
from typing import Annotated

from litestar import Response
from msgspec import Meta

from dingdan.areas import fulfilment, returns, way_back
from dingdan.kernel.address import Address
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import return_views
from dingdan.surfaces.api.papers import PaperQuery
from dingdan.surfaces.api.return_views import ReturnView
from dingdan.surfaces.shared import language, papers, rows
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.papers import making
from dingdan.surfaces.shared.papers.making import PDF
from dingdan.surfaces.shared.wire import AddressInput, Amount, Id, Input, Moment, Short, View, Word, number, ref


class PlaceView(View, frozen=True, kw_only=True):
    """An address that was given for a return; until the buyer agrees to another one, the one before holds."""

    version: int
    address: Address
    at: datetime
    answered_at: datetime | None
    is_agreed: bool | None


class WayOptionView(View, frozen=True, kw_only=True):
    """One way to send goods back. With `has_label` we have a label made, and the risk of the way is ours."""

    carrier: str
    service: str
    days_min: int
    days_max: int
    cost: Money | None
    buyer_bears: Money | None
    has_label: bool
    picks_up: bool
    is_recommended: bool


class PackingRuleView(View, frozen=True, kw_only=True):
    """One thing to mind when packing."""

    code: str
    text: Text


class ReturnLabelView(View, frozen=True, kw_only=True):
    """A label that was made; it is printed from its own address."""

    id: str
    return_ids: list[str]
    carrier: str
    service: str
    tracking_number: str
    cost: Money
    insurance_cost: Money
    declared_value: Money | None
    pick_up_at: datetime | None
    at: datetime


class ReturnScanView(View, frozen=True, kw_only=True):
    """What a carrier told of a parcel on its way back."""

    parcel_id: str
    code: str
    text: Text
    at: datetime
    place: str


class WayBackView(View, frozen=True, kw_only=True):
    """All that a buyer must know to send goods back. Any carrier will do; insurance is an offer, never a condition.

    The freight insurance pays so much of a parcel of the buyer's own, and so much of one that is picked up.
    """

    return_id: str
    address: Address
    proposed: PlaceView | None
    send_by: datetime | None
    may_extend: bool
    packing: list[PackingRuleView]
    options: list[WayOptionView]
    most_declared: Money
    insured_per_thousand: int
    insurance_premium: Money | None
    insurance_pays_own_parcel: Money
    insurance_pays_pick_up: Money
    labels: list[ReturnLabelView]
    scans: list[ReturnScanView]


class PlaceAnswerInput(Input, frozen=True, kw_only=True):
    """Whether the buyer agrees to send the goods elsewhere."""

    agrees: bool


class ReturnLabelInput(Input, frozen=True, kw_only=True):
    """A label for this return, and for others in the same parcel. What is declared is the buyer's own wish."""

    carrier: Word
    service: Word = "standard"
    together_with: Annotated[tuple[Id, ...], Meta(max_length=100)] = ()
    pick_up_at: Moment | None = None
    declared_value: Amount | None = None


class ReturnScanInput(Input, frozen=True, kw_only=True):
    """One event of a parcel on its way back, as its carrier tells it."""

    carrier: Word
    tracking_number: Word
    code: Word
    at: Moment
    event_id: Annotated[str, Meta(max_length=200)] = ""
    place: Short = ""


class ReturnScansInput(Input, frozen=True, kw_only=True):
    """Events in any order; what was told before is known."""

    scans: Annotated[list[ReturnScanInput], Meta(min_length=1, max_length=1_000)]


class ReturnScansTaken(View, frozen=True, kw_only=True):
    """How many were new and how many known, and the places of those about no parcel of ours."""

    stored: int
    repeated: int
    unknown: list[int]


@get("/v1/returns/{return_id}/way-back", permission="return.read")
async def show(tx: Tx, return_id: int) -> WayBackView:
    """How to send the goods of an approved return back: address, packing, carriers with estimates, labels, tracking."""
    plan = await way_back.plan(tx, return_id)
    held = await returns.get_one(tx, return_id)
    parcels = await returns.parcels_of(tx, [return_id])
    return WayBackView(
        return_id=ref("return", return_id), address=plan.address, send_by=held.send_by,
        proposed=None if plan.proposed is None else _place(plan.proposed),
        may_extend="extend" in returns.actions(held),
        packing=[PackingRuleView(code=code, text=text) for code, text in plan.packing],
        options=[_option(one, plan.currency) for one in plan.options],
        most_declared=Money(plan.most_declared, plan.currency), insured_per_thousand=plan.insured_per_thousand,
        insurance_premium=_money(plan.insurance_premium, plan.currency),
        insurance_pays_own_parcel=Money(plan.insurance_pays_own, plan.currency),
        insurance_pays_pick_up=Money(plan.insurance_pays_pick_up, plan.currency),
        labels=[_label(one) for one in await way_back.labels_of(tx, [return_id])],
        scans=[
            ReturnScanView(parcel_id=ref("return_parcel", one.return_parcel_id), code=one.code,
                           text=fulfilment.CODES[one.code].text, at=one.at, place=one.place)
            for one in await way_back.scans_of(tx, parcels)
        ],
    )  # fmt: skip


@post("/v1/returns/{return_id}/extend", permission="return.send")
async def extend(tx: Tx, return_id: int) -> ReturnView:
    """Have more time to send the goods, once."""
    await returns.extend_sending(tx, return_id)
    return await return_views.one(tx, return_id)


@post("/v1/returns/{return_id}/address", permission="return.decide", status=201)
async def propose(tx: Tx, return_id: int, body: AddressInput) -> PlaceView:
    """Ask the buyer to send the goods elsewhere; nothing changes before they agree."""
    return _place(await way_back.propose_address(tx, return_id, body.as_address()))


@post("/v1/returns/{return_id}/address/answer", permission="return.send")
async def answer(tx: Tx, return_id: int, body: PlaceAnswerInput) -> PlaceView:
    """The buyer agrees to the other address, or does not."""
    return _place(await way_back.answer_address(tx, return_id, is_agreed=body.agrees))


@post("/v1/returns/{return_id}/labels", permission="return.send", status=201)
async def book(tx: Tx, return_id: int, body: ReturnLabelInput) -> ReturnLabelView:
    """Have a label made. We pay the carrier; who bears it follows the fault. Nobody has to take one."""
    others = tuple(number("return", text, f"together_with[{i}]") for i, text in enumerate(body.together_with))
    wanted = way_back.Book(
        return_ids=(return_id, *others), carrier=body.carrier, service=body.service, pick_up_at=body.pick_up_at,
        declared_value=body.declared_value,
    )  # fmt: skip
    return _label(await way_back.book(tx, wanted))


@get("/v1/return-labels/{return_label_id}/label.pdf", permission="return.send", gives=PDF)
async def printed(ask: Ask, return_label_id: int, query: PaperQuery) -> Response[bytes]:
    """What is stuck on the parcel. Code 128 is the tracking number, the square holds the return."""
    async with ask.db.reading(ask.actor) as tx:
        said = await making.return_label(tx, return_label_id, ask.settings)
    tongue = query.language or language.asked(ask.request.headers.get("accept-language", ""))
    content = await asyncio.to_thread(papers.label, said, tongue)
    # Names and addresses stand on it.
    return Response(content, media_type=PDF, headers={"Cache-Control": "private, no-store", "Content-Language": tongue})


@post("/v1/return-parcels/scans", permission="parcel.scan")
async def scan(tx: Tx, body: ReturnScansInput) -> ReturnScansTaken:
    """Take in what carriers tell of parcels that come back; what is lost or broken is borne by rule, at once."""
    told = [
        fulfilment.Scan(one.carrier, one.tracking_number, one.event_id, one.code, one.at, one.place)
        for one in body.scans
    ]
    with rows.one_of_a_set():
        taken = await way_back.take_scans(tx, told)
    return ReturnScansTaken(stored=taken.stored, repeated=taken.repeated, unknown=list(taken.unknown))


def _place(one: way_back.PlaceVersion) -> PlaceView:
    return PlaceView(version=one.version, address=one.address, at=one.at, answered_at=one.answered_at,
                     is_agreed=one.is_agreed)  # fmt: skip


def _option(one: way_back.Option, currency: str) -> WayOptionView:
    return WayOptionView(
        carrier=one.carrier, service=one.service, days_min=one.days_min, days_max=one.days_max,
        cost=_money(one.cost, currency), buyer_bears=_money(one.buyer_bears, currency), has_label=one.has_label,
        picks_up=one.picks_up, is_recommended=one.is_recommended,
    )  # fmt: skip


def _label(one: way_back.Label) -> ReturnLabelView:
    return ReturnLabelView(
        id=ref("return_label", one.id), return_ids=[ref("return", i) for i in one.return_ids], carrier=one.carrier,
        service=one.service, tracking_number=one.tracking_number, cost=Money(one.cost, one.currency),
        insurance_cost=Money(one.insurance_cost, one.currency),
        declared_value=_money(one.declared_value, one.currency), pick_up_at=one.pick_up_at, at=one.at,
    )  # fmt: skip


def _money(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, currency)


ROUTES = [show, extend, propose, answer, book, printed, scan]
