"""What filters and forms let somebody choose from."""

from dingdan.areas import merchants
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.screens import Filter


async def merchant_filter(tx: Tx) -> list[Filter]:
    """The filter by merchant, for whoever reaches more than their own."""
    found = await merchants_to_choose(tx)
    return [Filter("merchant", Text("Merchant", "商家"), found)] if found else []


async def merchants_to_choose(tx: Tx) -> list[tuple[str, Text]]:
    """The merchants that somebody reaches; for a merchant's own staff there is nothing to choose."""
    if tx.actor.merchant_id is not None:
        return []
    return [(one.code, naming.in_tongues(one.name)) for one in await merchants.listed(tx, Page(limit=200))]
