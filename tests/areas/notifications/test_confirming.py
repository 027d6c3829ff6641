"""Confirmations: what they say is what is stored, byte for byte, numbered and hashed."""

from tests import given

from dingdan.areas import notifications
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database


async def test_smoke(db: Database) -> None:
    shop = await given.shop(db, message_channels=("email", "sms"))
    order_id = await given.paid_order(db, shop, {"MUG": 1, "TEE": 2})
    async with db.reading(SYSTEM) as tx:
        found = await notifications.confirmations(tx, order_id)
        for one in found:
            print(one)
            r = await notifications.rendered(tx, one, "zh")
            print(r.text, r.short)
            r = await notifications.rendered(tx, one, "en")
            print(r.text, r.short)
        for m in await notifications.messages(tx, order_id):
            print(m)
            print(await notifications.copy(tx, m))
