"""What buyers' pages of a shop look like: its colour as a sheet, its name and its goods as pictures, open to all."""

import asyncio
import re

from litestar import Response

from dingdan.areas import catalog, merchants
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import files
from dingdan.surfaces.shared import looks
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages.doors import itself
from dingdan.surfaces.shared.pages.files import FOREVER, FileMissing
from dingdan.surfaces.shared.wire import Word

OPEN = "what a shop shows of itself and its goods is the same for everybody"
_SHEET = re.compile(r"([0-9a-f]{6})\.css")


@itself("GET", "/brand/{name}", why_open=OPEN)
async def sheet(_ask: Ask, name: Word) -> Response[bytes]:
    """The style of a colour; it follows from the colour, so there is nothing to look up."""
    fit = _SHEET.fullmatch(name)
    if fit is None or merchants.problem_of_accent(f"#{fit[1]}") is not None:
        raise FileMissing
    body = looks.sheet(f"#{fit[1]}").encode()
    return Response(
        body, media_type="text/css", headers={"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
    )


@itself("GET", "/brand/{merchant_id}/{version}", why_open=OPEN)
async def logo(ask: Ask, merchant_id: int | None, version: Word) -> Response[bytes]:
    """The picture of a shop's name."""
    async with ask.db.reading(SYSTEM) as tx:
        shop = (await merchants.by_ids(tx, [merchant_id or 0])).get(merchant_id or 0)
    return await _picture(ask, shop.logo if shop is not None else None, version)


@itself("GET", "/brand/goods/{product_id}/{version}", why_open=OPEN)
async def goods(ask: Ask, product_id: int | None, version: Word) -> Response[bytes]:
    """The picture of a product."""
    async with ask.db.reading(SYSTEM) as tx:
        offer = (await catalog.by_ids(tx, [product_id or 0])).get(product_id or 0)
    return await _picture(ask, offer.picture if offer is not None else None, version)


async def _picture(ask: Ask, name: str | None, version: str) -> Response[bytes]:
    # An address is of one picture: another one that came since has another.
    if name is None or not name.startswith(version) or len(version) < 12:
        raise FileMissing
    try:
        content = await asyncio.to_thread(files.Files(ask.settings.data_dir).get, name)
    except FileNotFoundError:
        raise FileMissing from None
    return Response(
        content, media_type="image/jpeg", headers={"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
    )


ROUTES = [sheet, logo, goods]
