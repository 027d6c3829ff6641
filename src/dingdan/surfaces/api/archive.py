"""The archive: orders that are over, found at once, with the case file, and legal holds."""

from datetime import datetime
from typing import Any

from litestar import Response

from dingdan.areas import archive, orders
from dingdan.kernel import ids
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import Code, Input, Line, MerchantRef, Page, PageQuery, View, page_of, ref, slice_of


class ArchiveQuery(PageQuery, frozen=True, kw_only=True):
    """Which orders; `reference` is the shop's own number of one."""

    merchant: MerchantRef | None = None
    reference: Line | None = None


class FailureQuery(PageQuery, frozen=True, kw_only=True):
    """Whose orders."""

    merchant: MerchantRef | None = None


class HoldInput(Input, frozen=True, kw_only=True):
    """Why."""

    reason: Code


class LiftHoldInput(Input, frozen=True, kw_only=True):
    """Why no more."""

    reason: Code


class BundleView(View, frozen=True, kw_only=True):
    """One bundle of the archive. `envelope` is canonical JSON (RFC 8785): its SHA-256 is `hash`, and it names those of

    what it holds and of the merchant's bundle before.
    """

    kind: archive.BundleKind
    number: int
    at: datetime
    hash: str
    envelope: str


class HoldView(View, frozen=True, kw_only=True):
    """A legal hold; open while `lifted_at` is null."""

    reason: str
    set_at: datetime
    lifted_at: datetime | None
    lift_reason: str | None


class ArchiveRow(View, frozen=True, kw_only=True):
    """An order in the archive. `erase_after` is until when its people are kept."""

    order: str
    number: str
    merchant: str
    kept_at: datetime
    put_away_at: datetime | None
    erase_after: datetime
    erased_at: datetime | None


class ArchiveView(View, frozen=True, kw_only=True):
    """An archived order whole. `facts` are its parts as they were last added to; `people` is null for whoever may not

    see them, and once they were erased. Without `faults` every hash is right.
    """

    order: str
    number: str
    merchant: str
    kept_at: datetime
    put_away_at: datetime | None
    erase_after: datetime
    erased_at: datetime | None
    bundles: list[BundleView]
    faults: list[str]
    holds: list[HoldView]
    facts: dict[str, Any]
    people: dict[str, Any] | None


class FailureView(View, frozen=True, kw_only=True):
    """An order that could not be archived whole yet: `missing` names the parts. It is tried again every hour."""

    order: str
    number: str
    merchant: str
    missing: list[str]
    attempts: int
    first_at: datetime
    last_at: datetime


@get("/v1/archive", permission="archive.read")
async def listed(tx: Tx, query: ArchiveQuery) -> Page[ArchiveRow]:
    """Orders in the archive, newest first."""
    merchant_id, order_id = await scope.merchant_filter(tx, query.merchant), None
    if query.reference is not None:
        merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
        order_id = (await orders.by_reference(tx, merchant_id, [query.reference])).get(query.reference, 0)
    asked = slice_of(query)
    found = await archive.listed(tx, merchant_id, order_id, asked.with_one_more)
    return page_of(asked, found, _row)


@get("/v1/archive/failures", permission="archive.read")
async def failed(tx: Tx, query: FailureQuery) -> Page[FailureView]:
    """Orders that could not be archived whole yet, newest first."""
    asked = slice_of(query)
    found = await archive.failures(tx, await scope.merchant_filter(tx, query.merchant), asked.with_one_more)
    return page_of(asked, found, _failure)


@get("/v1/archive/{order_id}", permission="archive.read")
async def show(tx: Tx, order_id: int) -> ArchiveView:
    """One archived order by its number, whole, with its hashes computed again."""
    opened = await archive.open_one(tx, order_id)
    row = _row(opened.kept)
    return ArchiveView(
        order=row.order, number=row.number, merchant=row.merchant, kept_at=row.kept_at, put_away_at=row.put_away_at,
        erase_after=row.erase_after, erased_at=row.erased_at, faults=list(opened.faults), facts=opened.facts,
        people=opened.people if tx.actor.may("order.read_contact") else None,
        bundles=[
            BundleView(kind=one.kind, number=one.number, at=one.at, hash=one.hash.hex(), envelope=one.envelope)
            for one in opened.bundles
        ],
        holds=[
            HoldView(reason=one.reason, set_at=one.set_at, lifted_at=one.lifted_at, lift_reason=one.lift_reason)
            for one in opened.holds
        ],
    )  # fmt: skip


@get("/v1/archive/{order_id}/case-file", permission="archive.read", gives="application/zip")
async def case_file(tx: Tx, order_id: int) -> Response[bytes]:
    """Everything of an archived order in one packet: bundles with their hashes, and pages to read in two languages."""
    opened = await archive.open_one(tx, order_id)
    packet = archive.case_file(opened, with_people=tx.actor.may("order.read_contact"))
    name = f"case-file-{ids.spoken(order_id)}.zip"
    return Response(packet, media_type="application/zip",
                    headers={"content-disposition": f'attachment; filename="{name}"'})  # fmt: skip


@post("/v1/archive/{order_id}/hold", permission="archive.hold")
async def hold(tx: Tx, order_id: int, body: HoldInput) -> HoldView:
    """Set a legal hold: nothing of this order is erased until it is lifted. The order need not be archived yet."""
    await archive.hold(tx, order_id, reason=body.reason)
    return HoldView(reason=body.reason, set_at=tx.now, lifted_at=None, lift_reason=None)


@post("/v1/archive/{order_id}/lift-hold", permission="archive.hold")
async def lift_hold(tx: Tx, order_id: int, body: LiftHoldInput) -> HoldView:
    """Lift the hold; the time to keep runs out as it would have, in a day at the soonest."""
    lifted = await archive.lift_hold(tx, order_id, reason=body.reason)
    return HoldView(reason=lifted.reason, set_at=lifted.set_at, lifted_at=tx.now, lift_reason=body.reason)


def _row(one: archive.Kept) -> ArchiveRow:
    return ArchiveRow(
        order=ref("order", one.order_id), number=ids.spoken(one.order_id), merchant=ref("merchant", one.merchant_id),
        kept_at=one.kept_at, put_away_at=one.put_away_at, erase_after=one.erase_after, erased_at=one.erased_at,
    )  # fmt: skip


def _failure(one: archive.Failure) -> FailureView:
    return FailureView(
        order=ref("order", one.order_id), number=ids.spoken(one.order_id), merchant=ref("merchant", one.merchant_id),
        missing=list(one.missing), attempts=one.attempts, first_at=one.first_at, last_at=one.last_at,
    )  # fmt: skip


ROUTES = [listed, failed, show, case_file, hold, lift_hold]
