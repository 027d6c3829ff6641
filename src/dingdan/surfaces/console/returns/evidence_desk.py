"""Pictures and films that lie with orders and returns: what buyers showed, how boxes left, how goods came back."""

from litestar import Response

from dingdan.areas import evidence, inspection, packing, way_back
from dingdan.plumbing.files import Files
from dingdan.surfaces.shared import evidence_files
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages.doors import itself


@itself("GET", "/evidence/{evidence_id}", permission="evidence.read")
async def shown_by_buyer(ask: Ask, evidence_id: int) -> Response[bytes]:
    """What a buyer showed."""
    async with ask.db.reading(ask.actor) as tx:
        found = await evidence.seen_by(tx, evidence_id, buyer_ref=None)
    kind = "image/jpeg" if found.sort == "photo" else "video/mp4"
    return await evidence_files.shown(Files(ask.settings.data_dir), found.sha256, kind, evidence.EvidenceUnknown)


@itself("GET", "/evidence/boxes/{picture_id}", permission="evidence.read")
async def box(ask: Ask, picture_id: int) -> Response[bytes]:
    """How a box looked when it left."""
    async with ask.db.reading(ask.actor) as tx:
        found = await packing.picture(tx, picture_id)
    return await evidence_files.shown(Files(ask.settings.data_dir), found.sha256, "image/jpeg", packing.PictureUnknown)


@itself("GET", "/evidence/looks/{inspection_picture_id}", permission="return.read")
async def look(ask: Ask, inspection_picture_id: int) -> Response[bytes]:
    """What an inspection saw."""
    async with ask.db.reading(ask.actor) as tx:
        found = await inspection.picture(tx, inspection_picture_id)
    return await evidence_files.shown(
        Files(ask.settings.data_dir), found.sha256, "image/jpeg", inspection.PictureUnknown
    )


@itself("GET", "/evidence/strays/{stray_picture_id}", permission="return.receive")
async def stray(ask: Ask, stray_picture_id: int) -> Response[bytes]:
    """A parcel that nobody announced."""
    async with ask.db.reading(ask.actor) as tx:
        found = await way_back.picture(tx, stray_picture_id)
    return await evidence_files.shown(
        Files(ask.settings.data_dir), found.sha256, "image/jpeg", way_back.StrayPictureUnknown
    )


ROUTES = [shown_by_buyer, box, look, stray]
