"""Pictures that come in with a form of a page, and go out to whoever may see them."""

import asyncio

from litestar import Response

from dingdan.plumbing import files
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages.forms import Upload


async def kept(ask: Ask, one: Upload) -> tuple[str, files.Drawn]:
    """A picture made anew without place, camera or comments, and the name of its file. Raises what `draw_anew` raises."""
    drawn = await asyncio.to_thread(files.draw_anew, one.content)
    # The file first: a row never names one that is not there, and a file that no row names harms nobody.
    return await asyncio.to_thread(files.Files(ask.settings.data_dir).put, drawn.content), drawn


def answered(content: bytes) -> Response[bytes]:
    """A picture that nobody between us and the reader keeps."""
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="image/jpeg", headers=headers)


async def demand(tx: Tx, kind: str, number: int) -> None:
    """The thing that a picture is of must be within reach."""
    await scope.demand_reach(tx, kind, number)
