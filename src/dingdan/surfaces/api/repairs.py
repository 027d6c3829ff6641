"""Repairs: an application with the resolution `repair`, from the receipt of its goods until the buyer has them again."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import repairs
from dingdan.overviews import repair_queue
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import repair_views as views
from dingdan.surfaces.api.repair_views import RepairRow, RepairView
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import (
    Id,
    Input,
    Line,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    number,
    page_of,
    slice_of,
)


class RepairSendBackInput(Input, frozen=True, kw_only=True):
    """How the goods go back; of those that go as they came the `note` says why nothing was mended."""

    carrier: Line
    tracking_number: Line
    is_mended: bool = True
    note: Annotated[str, Meta(max_length=2000)] = ""


class RepairChoiceInput(Input, frozen=True, kw_only=True):
    """What the buyer wants instead of a repair in vain."""

    instead: repairs.Instead


class RepairQuery(PageQuery, frozen=True, kw_only=True):
    """Which repairs; without `state` all that are not over."""

    merchant: MerchantRef | None = None
    state: repairs.RepairState | None = None
    order: Id | None = None
    is_overdue: bool | None = None
    due_before: Moment | None = None


@get("/v1/repairs", permission="return.read")
async def listed(tx: Tx, query: RepairQuery) -> Page[RepairRow]:
    """Repairs within reach, what is due first at the top."""
    wanted = repair_queue.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), state=query.state, is_overdue=query.is_overdue,
        due_before=query.due_before,
        order_id=None if query.order is None else number("order", query.order, "query.order"),
    )  # fmt: skip
    asked = slice_of(query)
    return page_of(asked, await repair_queue.page(tx, wanted, asked.asked), views.row)


@get("/v1/repairs/{repair_id}", permission="return.read")
async def show(tx: Tx, repair_id: int) -> RepairView:
    """One repair, with what can be done about it."""
    return await views.one(tx, repair_id)


@post("/v1/repairs/{repair_id}/send-back", permission="repair.work")
async def send_back(tx: Tx, repair_id: int, body: RepairSendBackInput) -> RepairView:
    """Say that the goods are on their way to the buyer: mended, or as they came."""
    await repairs.send_back(tx, repair_id, repairs.SendBack(
        body.carrier, body.tracking_number, is_mended=body.is_mended, note=body.note
    ))  # fmt: skip
    return await views.one(tx, repair_id)


@post("/v1/repairs/{repair_id}/fail", permission="repair.work")
async def fail(tx: Tx, repair_id: int) -> RepairView:
    """Say that it cannot be mended; the buyer chooses what they want instead."""
    await repairs.fail(tx, repair_id, "unmended")
    return await views.one(tx, repair_id)


@post("/v1/repairs/{repair_id}/report-lost", permission="repair.work")
async def report_lost(tx: Tx, repair_id: int) -> RepairView:
    """Say that the goods were lost on their way to the buyer, who chooses what they want instead."""
    await repairs.fail(tx, repair_id, "lost")
    return await views.one(tx, repair_id)


@post("/v1/repairs/{repair_id}/pause", permission="repair.work")
async def pause(tx: Tx, repair_id: int) -> RepairView:
    """Stop the days while nothing can be done without the buyer, who is told so."""
    await repairs.pause(tx, repair_id)
    return await views.one(tx, repair_id)


@post("/v1/repairs/{repair_id}/resume", permission="repair.work")
async def resume(tx: Tx, repair_id: int) -> RepairView:
    """Let the days count again: the buyer did their part."""
    await repairs.resume(tx, repair_id)
    return await views.one(tx, repair_id)


@post("/v1/repairs/{repair_id}/arrive", permission="repair.work")
async def arrive(tx: Tx, repair_id: int) -> RepairView:
    """Say that the carrier brought the goods to the buyer."""
    await repairs.arrive(tx, repair_id)
    return await views.one(tx, repair_id)


@post("/v1/repairs/{repair_id}/confirm", permission="return.apply")
async def confirm(tx: Tx, repair_id: int) -> RepairView:
    """The buyer says that the goods came."""
    await repairs.arrive(tx, repair_id)
    return await views.one(tx, repair_id)


@post("/v1/repairs/{repair_id}/choose", permission="return.apply")
async def choose(tx: Tx, repair_id: int, body: RepairChoiceInput) -> RepairView:
    """Take something else or the money for goods that were not mended, or not in time."""
    await repairs.choose(tx, repair_id, body.instead)
    return await views.one(tx, repair_id)


@post("/v1/repairs/{repair_id}/relapse", permission="return.apply")
async def relapse(tx: Tx, repair_id: int) -> RepairView:
    """Say that the fault came back with the goods; what can be had then is applied for like anything."""
    await repairs.relapse(tx, repair_id)
    return await views.one(tx, repair_id)


ROUTES = [listed, show, send_back, fail, report_lost, pause, resume, arrive, confirm, choose, relapse]
