"""Cases: the board, and what people do with one of them."""

from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import cases
from dingdan.overviews import case_board
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import case_views as views
from dingdan.surfaces.api.case_views import CaseRow, CaseView, OrderCase
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import (
    AddressInput,
    Code,
    Id,
    Input,
    Line,
    List,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    Prose,
    Word,
    number,
    page_of,
    ref,
    slice_of,
)

Said = Annotated[str, Meta(min_length=1, max_length=2000)]
Photos = Annotated[
    list[Line], Meta(max_length=20, description="Where each photo is kept: a reference, never the photo.")
]


class CaseQuery(PageQuery, frozen=True, kw_only=True):
    """Which cases; without `state` all that have not ended. `mine` are those that the caller answers for."""

    merchant: MerchantRef | None = None
    state: cases.CaseState | None = None
    kind: Word | None = None
    order: Id | None = None
    owner: Id | None = None
    mine: bool = False
    role: Word | None = None
    whose_turn: cases.Turn | None = None
    due_before: Moment | None = None


class ReportInput(Input, frozen=True, kw_only=True):
    """What a buyer says is wrong, in their own words, with references to photos."""

    kind: Word
    parcel: Id | None = None
    text: Prose = ""
    photos: Photos = msgspec.field(default_factory=list)


class OpenCaseInput(Input, frozen=True, kw_only=True):
    """A case as staff opens it; about something that came without an order it names the merchant alone."""

    kind: Word
    merchant: MerchantRef | None = None
    order: Id | None = None
    parcel: Id | None = None
    text: Prose = ""
    photos: Photos = msgspec.field(default_factory=list)


class HandOverInput(Input, frozen=True, kw_only=True):
    """To whom, and why."""

    staff: Id
    reason: Code


class CaseReasonInput(Input, frozen=True, kw_only=True):
    """Why: a code, never a sentence about somebody."""

    reason: Code


class AttachInput(Input, frozen=True, kw_only=True):
    """The order that it is about."""

    order: Id


class CaseNoteInput(Input, frozen=True, kw_only=True):
    """Words for the staff alone."""

    text: Said
    photos: Photos = msgspec.field(default_factory=list)


class CaseUpdateInput(Input, frozen=True, kw_only=True):
    """How things stand, in words for the buyer; what is done as a code, and when they hear of it next."""

    text: Prose = ""
    plan: Code | None = None
    next_update_at: Moment | None = None


class CaseAskInput(Input, frozen=True, kw_only=True):
    """A question to the buyer."""

    text: Said


class CaseAnswerInput(Input, frozen=True, kw_only=True):
    """The buyer's answer."""

    text: Said
    photos: Photos = msgspec.field(default_factory=list)


class CorrectInput(Input, frozen=True, kw_only=True):
    """Where the order goes after all."""

    ship_to: AddressInput


class CloseCaseInput(Input, frozen=True, kw_only=True):
    """How it ended, a last word to the buyer, and who bears what it cost."""

    closure: Code
    text: Prose = ""
    liable: cases.Liable | None = None


class RateInput(Input, frozen=True, kw_only=True):
    """One star to five, and words if the buyer likes."""

    rating: Annotated[int, Meta(ge=1, le=5)]
    text: Prose = ""


@get("/v1/cases", permission="case.read")
async def board(tx: Tx, query: CaseQuery) -> Page[CaseRow]:
    """The board, what is overdue or due first at the top."""
    owner = number("staff", query.owner, "query.owner") if query.owner is not None else None
    wanted = case_board.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), state=query.state, kind=query.kind,
        order_id=number("order", query.order, "query.order") if query.order is not None else None,
        staff_id=(tx.actor.id or 0) if query.mine else owner, role=query.role, whose_turn=query.whose_turn,
        due_before=query.due_before,
    )  # fmt: skip
    asked = slice_of(query)
    return page_of(asked, await case_board.page(tx, wanted, asked.asked), lambda found: views.row(found, tx.now))


@get("/v1/cases/{case_id}", permission="case.read")
async def show(tx: Tx, case_id: int) -> CaseView:
    """One case: playbook, owners, log, remedies, claims, and whose turn it is."""
    return await views.one(tx, case_id)


@get("/v1/orders/{order_id}/cases", permission="order.read")
async def of_order(tx: Tx, order_id: int) -> List[OrderCase]:
    """What the buyer is told of the cases of an order: number, plan, next word, questions and offers."""
    return List(items=await views.of_order(tx, order_id))


@post("/v1/orders/{order_id}/cases", permission="case.report", status=201)
async def report(tx: Tx, order_id: int, body: ReportInput) -> OrderCase:
    """Report a problem with an order. The same again while it is looked after is added to the open case."""
    made = await cases.open_by_hand(tx, cases.OpenCase(
        kind=body.kind, order_id=order_id, text=body.text, photos=tuple(body.photos),
        parcel_id=number("parcel", body.parcel, "parcel") if body.parcel is not None else None,
    ), source="buyer")  # fmt: skip
    return next(one for one in await views.of_order(tx, order_id) if one.id == ref("case", made.id))


@post("/v1/cases", permission="case.open", status=201)
async def open_case(tx: Tx, body: OpenCaseInput) -> CaseView:
    """Open a case by hand, about an order or about something that came without one."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant) if body.order is None else None
    made = await cases.open_by_hand(tx, cases.OpenCase(
        kind=body.kind, merchant_id=merchant_id, text=body.text, photos=tuple(body.photos),
        order_id=number("order", body.order, "order") if body.order is not None else None,
        parcel_id=number("parcel", body.parcel, "parcel") if body.parcel is not None else None,
    ), source="staff")  # fmt: skip
    return await views.one(tx, made.id)


@post("/v1/cases/{case_id}/take", permission="case.work")
async def take(tx: Tx, case_id: int) -> CaseView:
    """Answer for a case oneself from now on."""
    await cases.take(tx, case_id)
    return await views.one(tx, case_id)


@post("/v1/cases/{case_id}/hand_over", permission="case.work")
async def hand_over(tx: Tx, case_id: int, body: HandOverInput) -> CaseView:
    """Give a case to somebody else, with the reason."""
    await cases.hand_over(tx, case_id, staff_id=number("staff", body.staff, "staff"), reason=body.reason)
    return await views.one(tx, case_id)


@post("/v1/cases/{case_id}/escalate", permission="case.work")
async def escalate(tx: Tx, case_id: int, body: CaseReasonInput) -> CaseView:
    """Send a case one level up."""
    await cases.escalate(tx, case_id, reason=body.reason)
    return await views.one(tx, case_id)


@post("/v1/cases/{case_id}/attach", permission="case.work")
async def attach(tx: Tx, case_id: int, body: AttachInput) -> CaseView:
    """Say which order a case is about that came without one; once, and for the buyer and the archive too."""
    await cases.attach(tx, case_id, number("order", body.order, "order"))
    return await views.one(tx, case_id)


@post("/v1/cases/{case_id}/note", permission="case.work")
async def note(tx: Tx, case_id: int, body: CaseNoteInput) -> CaseView:
    """Write something down for the staff alone."""
    await cases.note(tx, case_id, text=body.text, photos=body.photos)
    return await views.one(tx, case_id)


@post("/v1/cases/{case_id}/update", permission="case.work")
async def update(tx: Tx, case_id: int, body: CaseUpdateInput) -> CaseView:
    """Tell the buyer how things stand and when they hear of it next; the first time is the first contact."""
    await cases.update(tx, case_id, text=body.text, plan=body.plan, next_update_at=body.next_update_at)
    return await views.one(tx, case_id)


@post("/v1/cases/{case_id}/ask", permission="case.work")
async def ask(tx: Tx, case_id: int, body: CaseAskInput) -> CaseView:
    """Ask the buyer; our clocks stand still until they answer or their own deadline is over."""
    await cases.ask(tx, case_id, text=body.text)
    return await views.one(tx, case_id)


@post("/v1/cases/{case_id}/answer", permission="case.report")
async def answer(tx: Tx, case_id: int, body: CaseAnswerInput) -> OrderCase:
    """The buyer's answer; our clocks run on with what was left."""
    made = await cases.answer(tx, case_id, text=body.text, photos=body.photos)
    return await _told(tx, made)


@post("/v1/cases/{case_id}/correct_address", permission="case.work")
async def correct_address(tx: Tx, case_id: int, body: CorrectInput) -> CaseView:
    """Write down where an order goes after all: it is let go, and the case ends with that."""
    with scope.under("ship_to"):
        await cases.correct_address(tx, case_id, body.ship_to.as_address())
    return await views.one(tx, case_id)


@post("/v1/cases/{case_id}/close", permission="case.work")
async def close(tx: Tx, case_id: int, body: CloseCaseInput) -> CaseView:
    """End a case in one of the ways its kind knows; the buyer is told, and may rate it."""
    await cases.close(tx, case_id, closure=body.closure, text=body.text, liable=body.liable)
    return await views.one(tx, case_id)


@post("/v1/cases/{case_id}/withdraw", permission="case.work")
async def withdraw(tx: Tx, case_id: int, body: CaseReasonInput) -> CaseView:
    """There was nothing to it."""
    await cases.withdraw(tx, case_id, reason=body.reason)
    return await views.one(tx, case_id)


@post("/v1/cases/{case_id}/rate", permission="case.report")
async def rate(tx: Tx, case_id: int, body: RateInput) -> OrderCase:
    """The buyer says how well a closed case was looked after."""
    return await _told(tx, await cases.rate(tx, case_id, rating=body.rating, text=body.text))


async def _told(tx: Tx, made: cases.Case) -> OrderCase:
    if made.order_id is None:
        raise cases.CaseHasNoOrder
    found = [one for one in await views.of_order(tx, made.order_id) if one.id == ref("case", made.id)]
    if not found:
        raise cases.CaseUnknown
    return found[0]


ROUTES = [
    board, show, of_order, report, open_case, take, hand_over, escalate, attach, note, update, ask, answer, correct_address,
    close, withdraw, rate,
]  # fmt: skip
