"""Paper of the house: packing slips and labels as PDF."""

from litestar import Response

from dingdan.surfaces.shared import papers, scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages.doors import itself, tongue_of
from dingdan.surfaces.shared.papers import making


@itself("GET", "/papers/slip/{work_id}", permission="label.print")
async def slip(ask: Ask, work_id: int) -> Response[bytes]:
    """What lies in the box, for whoever opens it."""
    async with ask.db.reading(ask.actor) as tx:
        await scope.demand_reach(tx, "work", work_id)
        said = await making.slip(tx, work_id, ask.settings)
    return await making.as_pdf(lambda tongue: papers.slip(said, tongue), tongue_of(ask.request))


@itself("GET", "/papers/label/{parcel_id}", permission="label.print")
async def label(ask: Ask, parcel_id: int) -> Response[bytes]:
    """What is stuck on a parcel; there is one as soon as the packed box was handed over."""
    async with ask.db.reading(ask.actor) as tx:
        await scope.demand_reach(tx, "parcel", parcel_id)
        said = await making.label(tx, parcel_id, ask.settings)
    return await making.as_pdf(lambda tongue: papers.label(said, tongue), tongue_of(ask.request))


ROUTES = [slip, label]
