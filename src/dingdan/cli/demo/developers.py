"""The demo's developers: a receiver that catches what happens from now on, and a key whose end is near."""

from datetime import timedelta

from dingdan.areas import identity, webhooks
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.page import Page
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

SEEN = ("order.read", "parcel.read", "refund.read", "return.read")


async def prepare(db: Database, merchant_id: int) -> None:
    """Set both up, unless that was done."""
    async with db.reading(SYSTEM) as tx:
        now = tx.now
        if await webhooks.endpoints(tx, merchant_id, Page()):
            return
    made = await do(db, SYSTEM, webhooks.make_catcher, webhooks.SaveEndpoint(
        merchant_id=merchant_id, url=webhooks.CATCHER, events=("*",), scopes=SEEN, description="内置接收器"
    ))  # fmt: skip
    await do(db, SYSTEM, webhooks.test, made.endpoint_id)
    await do(db, SYSTEM, identity.issue_key, identity.IssueKey(
        merchant_id, None, "ERP", ("order.read", "stock.read"), now + timedelta(days=10)
    ))  # fmt: skip
