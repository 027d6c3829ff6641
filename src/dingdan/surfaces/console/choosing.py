"""What filters and forms let somebody choose from."""

from collections.abc import Collection

from dingdan.areas import inventory, merchants
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.screens import Filter


async def merchants_to_choose(tx: Tx) -> list[tuple[str, Text]]:
    """The merchants that somebody reaches; for a merchant's own staff there is nothing to choose."""
    if tx.actor.merchant_id is not None:
        return []
    return [(one.code, naming.in_tongues(one.name)) for one in await merchants.listed(tx, Page(limit=200))]


async def warehouses_to_choose(tx: Tx) -> list[tuple[str, Text]]:
    """The warehouses that somebody reaches, by id; whose they are where there are several merchants."""
    owners = await merchants.listed(tx, Page(limit=200)) if tx.actor.merchant_id is None else []
    names = {one.id: naming.in_tongues(one.name) for one in owners}
    found = []
    for merchant_id in names or [tx.actor.merchant_id or 0]:
        for place in await inventory.warehouses_of(tx, merchant_id):
            own, whose = naming.in_tongues(place.name), names.get(merchant_id)
            said = Text(f"{whose.en}: {own.en}", f"{whose.zh} · {own.zh}") if whose else own
            found.append((naming.ref("warehouse", place.id), said))
    return found


async def warehouse_names(tx: Tx, numbers: Collection[int]) -> dict[int, Text]:
    """What warehouses are called."""
    return {number: naming.in_tongues(one.name) for number, one in (await inventory.warehouses(tx, numbers)).items()}


async def by_merchant(tx: Tx, *, always: str | None = None) -> list[Filter]:
    """The filter by merchant, for whoever reaches more than one; `always` where a list shows one merchant's at a time."""
    owners = await merchants_to_choose(tx)
    return [Filter("merchant", Text("Merchant", "商家"), owners, always=always)] if owners else []
