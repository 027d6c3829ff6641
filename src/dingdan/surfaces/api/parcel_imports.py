"""Tracking numbers of many orders at once, from a spreadsheet: a result for every row, and a dry run."""

from typing import Literal

from dingdan.kernel.refusal import Refusal
from dingdan.surfaces.shared import bodies, scope, tracking_rows, tracking_upload
from dingdan.surfaces.shared.doors import Ask, post
from dingdan.surfaces.shared.tracking_upload import Outcome
from dingdan.surfaces.shared.wire import Input, MerchantRef, View


class TrackingQuery(Input, frozen=True, kw_only=True):
    """Whose orders, and whether to try only: everything is checked as if it were done, and nothing is."""

    merchant: MerchantRef | None = None
    dry_run: bool = False


class TrackingRowView(View, frozen=True, kw_only=True):
    """What became of one row; `column` is where the first problem lies."""

    line: int
    order: str | None
    status: Literal["created", "unchanged", "refused"]
    code: str | None = None
    column: str | None = None
    message: dict[str, str] | None = None
    remedy: dict[str, str] | None = None


class TrackingView(View, frozen=True, kw_only=True):
    """What became of a file."""

    is_dry_run: bool
    created: int
    unchanged: int
    refused: int
    rows: list[TrackingRowView]


@post(
    "/v1/parcels/import",
    permission="parcel.upload",
    why_unkeyed="a number belongs to one parcel, so the same file twice changes nothing",
    takes="text/csv",
    answers=TrackingView,
)
async def take_in(ask: Ask, query: TrackingQuery) -> TrackingView:
    """Upload tracking numbers: order, carrier, tracking_number, perhaps lines (`1*2; 3*1`), warehouse and carrier_reason.

    UTF-8, UTF-16 or GB 18030, parted by commas, semicolons or tabs, with English or Chinese column names. Orders are
    named by id or by the shop's own number. Each order is shipped for itself: a bad row hurts no other order.
    """
    bodies.demand_media_type(ask.request, "text/csv")
    given = tracking_rows.read(await ask.request.body())
    async with ask.db.reading(ask.actor) as tx:
        merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    outcomes = await tracking_upload.take_in(ask.db, ask.actor, merchant_id, given, is_dry_run=query.dry_run)
    told = [_told(row, outcomes[place]) for place, row in enumerate(given)]
    counts = {status: sum(1 for one in told if one.status == status) for status in ("created", "unchanged", "refused")}
    return TrackingView(is_dry_run=query.dry_run, rows=told, **counts)


def _told(row: tracking_rows.Row, outcome: Outcome) -> TrackingRowView:
    order = row.cells.get("order")
    if not isinstance(outcome, Refusal):
        return TrackingRowView(line=row.line, order=order, status="unchanged" if outcome == "unchanged" else "created")
    first = outcome.problems[0]
    message, remedy = first.message.filled(first.params), first.remedy.filled(first.params)
    return TrackingRowView(
        line=row.line, order=order, status="refused", code=first.code, column=first.path.partition("[")[0] or None,
        message={"zh": message.zh, "en": message.en}, remedy={"zh": remedy.zh, "en": remedy.en},
    )  # fmt: skip


ROUTES = [take_in]
