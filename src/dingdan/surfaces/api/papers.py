"""Paper: packing slips and labels as PDF, in Chinese and English, with codes that scanners read."""

from typing import Literal

from litestar import Response

from dingdan.surfaces.shared import language, papers
from dingdan.surfaces.shared.doors import Ask, get
from dingdan.surfaces.shared.papers import making
from dingdan.surfaces.shared.papers.making import PDF
from dingdan.surfaces.shared.wire import Input


class PaperQuery(Input, frozen=True, kw_only=True):
    """In which language; without, the one that the request prefers."""

    language: Literal["zh", "en"] | None = None


@get("/v1/work/{work_id}/packing-slip.pdf", permission="label.print", gives=PDF)
async def packing_slip(ask: Ask, work_id: int, query: PaperQuery) -> Response[bytes]:
    """What lies in the box, for whoever opens it: no prices. Code 128 is the order, the square where it is seen."""
    async with ask.db.reading(ask.actor) as tx:
        said = await making.slip(tx, work_id, ask.settings)
    return await making.as_pdf(lambda tongue: papers.slip(said, tongue), _tongue(ask, query))


@get("/v1/parcels/{parcel_id}/label.pdf", permission="label.print", gives=PDF)
async def label(ask: Ask, parcel_id: int, query: PaperQuery) -> Response[bytes]:
    """What is stuck on the parcel. Code 128 is the tracking number, the square where the order is seen."""
    async with ask.db.reading(ask.actor) as tx:
        said = await making.label(tx, parcel_id, ask.settings)
    return await making.as_pdf(lambda tongue: papers.label(said, tongue), _tongue(ask, query))


def _tongue(ask: Ask, query: PaperQuery) -> papers.Tongue:
    return query.language or language.asked(ask.request.headers.get("accept-language", ""))


ROUTES = [packing_slip, label]
