"""Signs of abuse for staff: flags with every part explained, the decision about them, evidence, and how often they are wrong."""

from datetime import timedelta
from typing import Annotated

from litestar import Response
from msgspec import Meta

from dingdan.areas import abuse
from dingdan.kernel import ids
from dingdan.overviews import abuse_figures, abuse_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import abuse_views as views
from dingdan.surfaces.api.abuse_views import AbuseFiguresView, AbuseFlagRow, AbuseFlagView, AbuseHandoverView
from dingdan.surfaces.shared import packets, scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import (
    Code,
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

Parts = Annotated[int, Meta(ge=0, le=1_000_000)]


class AbuseFlagQuery(PageQuery, frozen=True, kw_only=True):
    """Which flags; without `state` all that go on."""

    merchant: MerchantRef | None = None
    state: abuse.FlagState | None = None
    buyer: Id | None = None
    level: Annotated[int, Meta(ge=1, le=3)] | None = None


class ConfirmFlagInput(Input, frozen=True, kw_only=True):
    """How many parts of the flag were seen."""

    parts: Parts


class LiftFlagInput(Input, frozen=True, kw_only=True):
    """How many parts of the flag were seen, and why none of them holds."""

    parts: Parts
    reason: Code


class HandOverInput(Input, frozen=True, kw_only=True):
    """What is suspected, and which authority gets it, with its file number if there is one."""

    reason: abuse.HandoverReason
    authority: Line


class AbuseFiguresQuery(Input, frozen=True, kw_only=True):
    """Of whom, and of which time; of the last 180 days unless it says so."""

    merchant: MerchantRef | None = None
    since: Moment | None = None
    until: Moment | None = None


@get("/v1/abuse/flags", permission="abuse.read")
async def listed(tx: Tx, query: AbuseFlagQuery) -> Page[AbuseFlagRow]:
    """Flags within reach, newest first. A flag is one merchant's, and no other merchant sees it or acts by it."""
    wanted = abuse_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), state=query.state, level=query.level,
        buyer_id=number("buyer", query.buyer, "query.buyer") if query.buyer is not None else None,
    )  # fmt: skip
    asked = slice_of(query)
    return page_of(asked, await abuse_list.page(tx, wanted, asked.asked), views.row)


@get("/v1/abuse/figures", permission="abuse.read")
async def figures(tx: Tx, query: AbuseFiguresQuery) -> AbuseFiguresView:
    """How often flags were wrong: of those that people decided, the share that was lifted, with its bounds (R7.5)."""
    until = query.until or tx.now
    since = query.since or until - timedelta(days=180)
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    found = await abuse_figures.figures(tx, merchant_id=merchant_id, since=since, until=until)
    return views.figures(found, since, until)


@get("/v1/abuse/flags/{abuse_flag_id}", permission="abuse.read")
async def show(tx: Tx, abuse_flag_id: int) -> AbuseFlagView:
    """One flag: each part with its points, its reason, what it was reckoned from and until when; and what it did."""
    return await views.one(tx, abuse_flag_id)


@post("/v1/abuse/flags/{abuse_flag_id}/confirm", permission="abuse.decide")
async def confirm(tx: Tx, abuse_flag_id: int, body: ConfirmFlagInput) -> AbuseFlagView:
    """Say that it holds. On the highest level a second person says so too; an appeal is somebody else's to decide."""
    await abuse.confirm(tx, abuse_flag_id, parts=body.parts)
    return await views.one(tx, abuse_flag_id)


@post("/v1/abuse/flags/{abuse_flag_id}/lift", permission="abuse.decide")
async def lift(tx: Tx, abuse_flag_id: int, body: LiftFlagInput) -> AbuseFlagView:
    """Say that it does not hold: nothing follows any more, and its parts never count again."""
    await abuse.lift(tx, abuse_flag_id, parts=body.parts, reason=body.reason)
    return await views.one(tx, abuse_flag_id)


@post("/v1/abuse/flags/{abuse_flag_id}/hand_over", permission="abuse.report", status=201)
async def hand_over(tx: Tx, abuse_flag_id: int, body: HandOverInput) -> AbuseHandoverView:
    """Hand the evidence behind a confirmed flag to an authority, on record; the packet is then there to be taken."""
    return views.handover(await abuse.hand_over(tx, abuse_flag_id, reason=body.reason, authority=body.authority))


@get("/v1/abuse/handovers/{abuse_handover_id}/package", permission="abuse.report", gives="application/zip")
async def package(tx: Tx, abuse_handover_id: int) -> Response[bytes]:
    """The packet: the flag with its parts, and its orders: the case file of each from the archive, else how it stands now."""
    packet = await packets.of_handover(tx, abuse_handover_id)
    return Response(packet, media_type="application/zip", headers={
        "content-disposition": f'attachment; filename="evidence-{ids.spoken(abuse_handover_id)}.zip"',
        "cache-control": "private, no-store",
    })  # fmt: skip


ROUTES = [listed, figures, show, confirm, lift, hand_over, package]
