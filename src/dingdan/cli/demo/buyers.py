"""Buyers of the demo: the links by which some of them come to their orders, as they stand in their messages."""

from dingdan.areas import access, talks
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.page import Page
from dingdan.overviews import order_list, return_list
from dingdan.plumbing.database import Database

# An order for each of these words; what is still as it was told is looked for first.
MOST = 200


async def links(db: Database) -> dict[str, str]:
    """Paths of a few orders: one to pay, one on its way, one that can be sent back, some whose return goes on."""
    async with db.transaction(SYSTEM) as tx:
        found = await order_list.page(tx, order_list.Filter(), Page(limit=MOST))
        back = await return_list.page(tx, return_list.Filter(outcome="open"), Page(limit=MOST))
        with_return = {one.order_id for one in await return_list.page(tx, return_list.Filter(), Page(limit=MOST))}
        going = next((one.order_id for one in back if one.decision == "approved" and one.journey == "at_buyer"), None)
        asked = [one for one in back if one.decision == "requested"]
        open_ = {one.return_id for one in await talks.offers_of(tx, [one.id for one in asked])
                 if one.state is talks.OfferState.OPEN and one.side is talks.Side.SELLER}  # fmt: skip
        wanted = {
            "to be paid": next((one.id for one in found if one.state == "awaiting_payment"), None),
            "on its way": next(
                (one.id for one in found if one.shipped_at and not one.delivered_at and one.state == "confirmed"), None
            ),
            "delivered, returnable": next(
                (one.id for one in found if one.delivered_at and one.state == "confirmed" and one.id not in with_return), None
            ),
            "return to be sent": going,
            "return being decided": next((one.order_id for one in asked if one.id not in open_), None),
            "offer to answer": next((one.order_id for one in asked if one.id in open_), None),
        }  # fmt: skip
        chosen = {words: order_id for words, order_id in wanted.items() if order_id is not None}
        secrets = await access.guest_secrets(tx, set(chosen.values()))
    return {words: f"/my/{ids.encode('order', i)}/in/{secrets[i]}" for words, i in chosen.items()}
