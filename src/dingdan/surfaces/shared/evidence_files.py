"""Files that staff brings with a form, kept as evidence, and files given out to be looked at in a page."""

import asyncio

from litestar import Response

from dingdan.areas import evidence
from dingdan.plumbing import files
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import shots
from dingdan.surfaces.shared.problems import Malformed

# It may show a home: nobody between us and the reader keeps it, and no browser runs what lies in it.
HEADERS = {
    "Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}  # fmt: skip


async def bring(
    tx: Tx, folder: files.Files, order_id: int, content: bytes, *, given: str, shot: str, path: str
) -> evidence.Evidence:
    """Keep a file that came with a form as evidence of an order. Raises Malformed, PictureUnfit, VideoUnfit or what

    evidence refuses.
    """
    if given not in (*shots.PHOTOS, *shots.VIDEOS):
        raise Malformed(path, what="neither a picture nor a film", what_zh="既不是图片也不是视频")
    new = await asyncio.to_thread(shots.made_clean, content, given)
    # The file first: a row never names one that is not there, and a file that no row names harms nobody.
    name = await asyncio.to_thread(folder.put, new.content)
    return await evidence.bring(tx, evidence.NewEvidence(
        order_id=order_id, sort=new.sort, shot=shot, sha256=name, size=len(new.content), width=new.width,
        height=new.height, likeness=new.likeness,
    ))  # fmt: skip


async def shown(folder: files.Files, sha256: str, media_type: str, missing: type[Exception]) -> Response[bytes]:
    """The file itself, to be looked at in a page. Raises `missing` where it was let go of."""
    try:
        content = await asyncio.to_thread(folder.get, sha256)
    except FileNotFoundError:
        raise missing from None
    return Response(content, media_type=media_type, headers=HEADERS)
