"""Tracking: the way of an order's parcels for its buyer, calling parcels back, and carriers' files of scans."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar.response import Stream
from msgspec import Meta

from dingdan.areas import fulfilment, transit
from dingdan.kernel.refusal import Refusal, Text
from dingdan.overviews import tracking
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api.imports import FORMS, IN_MEMORY_BYTES, RowResult, read_out
from dingdan.surfaces.shared import bodies, language, rows
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.wire import Code, Input, List, Moment, View, Word, ref

SET = 500


class InterceptInput(Input, frozen=True, kw_only=True):
    """Why a parcel is called back."""

    reason: Code = "buyer_request"


class InterceptionView(View, frozen=True, kw_only=True):
    """A parcel called back: `answer` is null until the carrier has said; `why` is the reason of a no, as a code."""

    parcel_id: str
    reason: str
    asked_at: datetime
    answer: Literal["succeeded", "failed"] | None
    why: str | None
    answered_at: datetime | None


class StepView(View, frozen=True, kw_only=True):
    """One step of a parcel's way: said by its carrier, or noticed and done by us."""

    at: datetime
    by: Literal["carrier", "us"]
    code: str
    text: Text
    place: str


class ReceiptView(View, frozen=True, kw_only=True):
    """What proves that a parcel was received; a station nobody agreed to does not count, and starts no clock."""

    evidence: fulfilment.Evidence
    at: datetime
    counts: bool


class EstimateView(View, frozen=True, kw_only=True):
    """By when a parcel is there; null where nobody knows. `basis` is promise, out_for_delivery, scans, arrived or none."""

    at: datetime | None
    basis: str
    is_late: bool


class WayLine(View, frozen=True, kw_only=True):
    """Units of a line of this order that lie in the parcel."""

    line_no: int
    quantity: int


class WayView(View, frozen=True, kw_only=True):
    """A parcel's way, the latest step first. While the carrier does not answer us `status` is the last that is known."""

    parcel_id: str
    carrier: str
    tracking_number: str
    state: fulfilment.ParcelState
    status: Text
    lines: list[WayLine]
    dispatched_at: datetime
    first_scan_at: datetime | None
    last_update_at: datetime
    feed_down_since: datetime | None
    noticed: list[str]
    estimate: EstimateView
    receipt: ReceiptView | None
    interception: InterceptionView | None
    steps: list[StepView]


class FeedView(View, frozen=True, kw_only=True):
    """A carrier that can be asked, and how the line to it is."""

    carrier: str
    failures: int
    failing_since: datetime | None
    next_try_at: datetime | None
    answered_at: datetime | None


class ScanRow(Input, frozen=True, kw_only=True):
    """A row of a carrier's file. Without the carrier's own `event_id` its content is its name: told twice, it counts once."""

    tracking_number: Annotated[str, Meta(min_length=1, max_length=64)]
    code: Annotated[str, Meta(min_length=1, max_length=60)]
    at: Moment
    place: Annotated[str, Meta(max_length=200)] = ""
    event_id: Annotated[str, Meta(max_length=200)] = ""


COLUMNS = rows.Columns(lambda name: name in ScanRow.__struct_fields__, ScanRow.__struct_fields__)


@get("/v1/orders/{order_id}/tracking", permission="parcel.read")
async def show(tx: Tx, order_id: int) -> List[WayView]:
    """The way of every parcel of an order: each step in both languages, how fresh that is, and when it arrives."""
    return List(items=[_way(way, order_id) for way in await tracking.of_order(tx, order_id)])


@post("/v1/parcels/{parcel_id}/intercept", permission="parcel.intercept")
async def intercept(tx: Tx, parcel_id: int, body: InterceptInput | None = None) -> InterceptionView:
    """Have the carrier bring a parcel back. Its answer is a fact, and stands with the order's tracking."""
    with rows.one_of_a_set():
        (asked,) = await transit.intercept(tx, [parcel_id], reason=(body or InterceptInput()).reason)
    return interception_view(asked)


@post("/v1/orders/{order_id}/intercept", permission="order.cancel")
async def intercept_order(tx: Tx, order_id: int, body: InterceptInput | None = None) -> List[InterceptionView]:
    """The buyer of a dispatched order does not want it any more: have what is still coming brought back."""
    asked = await transit.intercept_order(tx, order_id, reason=(body or InterceptInput()).reason)
    return List(items=[interception_view(one) for one in asked])


@get("/v1/feeds", permission="carrier.read")
async def feeds(tx: Tx) -> List[FeedView]:
    """The lines to carriers that were asked so far: since when one fails, and when it is tried again."""
    return List(items=[
        FeedView(carrier=one.carrier, failures=one.failures, failing_since=one.failing_since,
                    next_try_at=one.next_at, answered_at=one.answered_at)
        for one in sorted((await transit.feeds(tx)).values(), key=lambda feed: feed.carrier)
    ])  # fmt: skip


@post(
    "/v1/carriers/{code}/scans/import",
    permission="parcel.scan",
    why_unkeyed="every event counts once, so the same file twice changes nothing",
    takes=", ".join(FORMS),
    gives="application/x-ndjson",
    answers=RowResult,
    max_body_bytes=None,
)
async def take_in(ask: Ask, code: Word) -> Stream:
    """Take in a carrier's file of events, CSV with a header line or NDJSON, in any order, any number of times.

    Rows are taken in sets of 500; a bad row hurts no other, and each has its result.
    """
    form = FORMS[bodies.demand_media_type(ask.request, *FORMS)]
    tongue = language.asked(ask.request.headers.get("accept-language", ""))
    # The answer begins when the file has been read; what is held back lies on disk, not in memory.
    held = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed by whoever reads it out
    waiting: list[rows.Row] = []
    try:
        async for row in rows.read_rows(ask.request.stream(), form, COLUMNS):
            waiting.append(row)
            if len(waiting) == SET:
                held.write(await _take_in(ask, code, waiting, tongue))
                waiting = []
        held.write(await _take_in(ask, code, waiting, tongue))
    except BaseException:
        held.close()
        raise
    held.seek(0)
    return Stream(read_out(held), media_type="application/x-ndjson")


async def _take_in(ask: Ask, carrier: str, waiting: Sequence[rows.Row], tongue: language.Tongue) -> bytes:
    """One set of rows; gives the result of each as it is answered."""
    results: dict[int, RowResult] = {}
    good: list[tuple[int, fulfilment.Scan]] = []
    for row in waiting:
        read = _read(row, carrier)
        if isinstance(read, Refusal):
            results[row.line] = _refused(row.line, read, tongue)
        else:
            good.append((row.line, read))
    if good:
        taken = await do(ask.db, ask.actor, fulfilment.scan, [scan for _, scan in good])
        wrong = {n: problem for refusal in taken.refused for n, problem in rows.by_row(refusal).items()}
        for n, (line, _) in enumerate(good):
            if n in wrong:
                results[line] = _refused(line, wrong[n], tongue)
            else:
                results[line] = RowResult(line=line, status="created" if n in taken.new else "unchanged")
    return b"".join(msgspec.json.encode(results[row.line]) + b"\n" for row in waiting)


def _read(row: rows.Row, carrier: str) -> fulfilment.Scan | Refusal:
    if row.fields is None:
        assert row.problem is not None, "a row has fields or says why it has none"
        return row.problem
    try:
        read = msgspec.convert(row.fields, ScanRow)
    except msgspec.ValidationError as error:
        return bodies.malformed(error)
    return transit.named(fulfilment.Scan(
        carrier, read.tracking_number, read.event_id, read.code, read.at, read.place
    ))  # fmt: skip


def _refused(line: int, refusal: Refusal, tongue: language.Tongue) -> RowResult:
    first = refusal.problems[0]
    words = " ".join(language.pick(one.message.filled(one.params), tongue) for one in refusal.problems)
    return RowResult(line=line, status="refused", code=first.code, path=first.path, message=words)


def interception_view(one: transit.Interception) -> InterceptionView:
    """A parcel called back, and what became of it."""
    return InterceptionView(
        parcel_id=ref("parcel", one.parcel_id), reason=one.reason, asked_at=one.asked_at,
        answer=msgspec.convert(one.answer, Literal["succeeded", "failed"] | None), why=one.why,
        answered_at=one.answered_at,
    )  # fmt: skip


def _way(way: tracking.Way, order_id: int) -> WayView:
    parcel, receipt = way.parcel, way.receipt
    return WayView(
        parcel_id=ref("parcel", parcel.id), carrier=parcel.carrier, tracking_number=parcel.tracking_number,
        state=parcel.state, status=way.status,
        lines=[
            WayLine(line_no=line.line_no, quantity=line.quantity)
            for line in parcel.lines if line.order_id == order_id
        ],
        dispatched_at=parcel.dispatched_at, first_scan_at=way.first_scan_at, last_update_at=way.last_update_at,
        feed_down_since=way.deaf_since, noticed=list(parcel.noticed),
        estimate=EstimateView(at=way.estimate.at, basis=way.estimate.basis, is_late=way.estimate.is_late),
        receipt=ReceiptView(evidence=receipt.evidence, at=receipt.at, counts=receipt.counts) if receipt else None,
        interception=interception_view(way.interception) if way.interception else None,
        steps=[
            StepView(at=step.at, by=msgspec.convert(step.by, Literal["carrier", "us"]), code=step.code, text=step.text,
                     place=step.place)
            for step in way.steps
        ],
    )  # fmt: skip


ROUTES = [show, intercept, intercept_order, feeds, take_in]
