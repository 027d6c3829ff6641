"""Evidence: pictures and videos that a buyer shows, kept clean, and seen only by whom they concern."""

import asyncio
from datetime import datetime

import msgspec
from litestar import Response

from dingdan.areas import evidence, orders
from dingdan.plumbing import files, videos
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import bodies, shots
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.shots import PHOTOS, VIDEOS
from dingdan.surfaces.shared.wire import Input, Line, List, View, Word, json_response, ref


class EvidenceQuery(Input, frozen=True, kw_only=True):
    """What the file shows, by a code such as the policy's, and of which buyer it is; staff name nobody."""

    shot: Word = "other"
    buyer: Line | None = None


class SeenByQuery(Input, frozen=True, kw_only=True):
    """In whose name it is looked at; staff who may see evidence name nobody."""

    buyer: Line | None = None


class EvidenceView(View, frozen=True, kw_only=True):
    """A file as it is kept: a picture without anything but its pixels, or a video without what tells of people.

    `is_seen_before`: another buyer showed the same earlier; only staff who may see evidence are told.
    """

    id: str
    order_id: str
    sort: str
    shot: str
    sha256: str
    bytes: int
    width: int
    height: int
    is_seen_before: bool | None
    at: datetime


@post(
    "/v1/orders/{order_id}/evidence",
    permission="return.apply",
    why_unkeyed="a file is known by what is in it: the same one twice is kept once",
    status=201,
    takes=", ".join((*PHOTOS, *VIDEOS)),
    answers=EvidenceView,
    max_body_bytes=videos.MAX_VIDEO_BYTES,
)
async def bring(ask: Ask, order_id: int, query: EvidenceQuery) -> Response[bytes]:
    """Show a picture or a video of an order. What it is decides its content, not its name or its header."""
    given = bodies.demand_media_type(ask.request, *PHOTOS, *VIDEOS)

    async with ask.db.reading(ask.actor) as tx:
        await _demand_buyer(tx, order_id, query.buyer)
        await evidence.demand_room(tx, await orders.get_one(tx, order_id))
    new = await asyncio.to_thread(shots.made_clean, await ask.request.body(), given)
    # The file first: a row never names one that is not there, and a file that no row names harms nobody.
    name = await asyncio.to_thread(files.Files(ask.settings.data_dir).put, new.content)

    async def keep(tx: Tx) -> evidence.Evidence:
        return await evidence.bring(tx, evidence.NewEvidence(
            order_id=order_id, sort=new.sort, shot=query.shot, sha256=name, size=len(new.content), width=new.width,
            height=new.height, likeness=new.likeness,
        ))  # fmt: skip

    kept = await within(ask.db, ask.actor, keep, name="evidence.bring")
    return json_response(msgspec.json.encode(_view(kept, is_staff=ask.actor.may("evidence.read"))), status=201)


@get("/v1/orders/{order_id}/evidence", permission="return.read")
async def listed(tx: Tx, order_id: int, query: SeenByQuery) -> List[EvidenceView]:
    """What was shown of an order, oldest first."""
    await _demand_buyer(tx, order_id, query.buyer)
    is_staff = tx.actor.may("evidence.read")
    return List(items=[_view(one, is_staff=is_staff) for one in await evidence.of_orders(tx, [order_id])])


@get("/v1/evidence/{evidence_id}", permission="return.read", gives="image/jpeg, video/mp4")
async def show(ask: Ask, evidence_id: int, query: SeenByQuery) -> Response[bytes]:
    """The file itself, for the buyer whose order it is and for staff who may see evidence."""
    async with ask.db.reading(ask.actor) as tx:
        found = await evidence.seen_by(tx, evidence_id, buyer_ref=query.buyer)
    try:
        content = await asyncio.to_thread(files.Files(ask.settings.data_dir).get, found.sha256)
    except FileNotFoundError:
        raise evidence.EvidenceUnknown from None
    # It may show a home: nobody between us and the reader keeps it, and no browser runs what lies in it.
    headers = {
        "Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }  # fmt: skip
    if found.sort == "photo":
        return Response(content, media_type="image/jpeg", headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{ref("evidence", found.id)}.mp4"'
    return Response(content, media_type="video/mp4", headers=headers)


async def _demand_buyer(tx: Tx, order_id: int, buyer: str | None) -> None:
    """Whoever may not see all evidence acts in the name of the order's buyer. Raises OrderUnknown."""
    if buyer is not None or not tx.actor.may("evidence.read"):
        await evidence.demand_buyer(tx, order_id, buyer or "")


def _view(one: evidence.Evidence, *, is_staff: bool) -> EvidenceView:
    return EvidenceView(
        id=ref("evidence", one.id), order_id=ref("order", one.order_id), sort=one.sort, shot=one.shot, sha256=one.sha256,
        bytes=one.size, width=one.width, height=one.height, is_seen_before=one.is_seen_before if is_staff else None,
        at=one.at,
    )  # fmt: skip


ROUTES = [bring, listed, show]
