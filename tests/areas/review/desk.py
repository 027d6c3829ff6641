"""A review desk: people who look, and orders that wait for them."""

from tests import given

from dingdan.areas import review
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

ANNA = Actor(ActorKind.STAFF, 901, "Anna")
BELA = Actor(ActorKind.STAFF, 902, "Bela")
YES: dict[str, review.Answer] = {"looked": "yes"}


def of_shop(shop: given.Shop, number: int = 903) -> Actor:
    """Somebody of the seller's own staff."""
    return Actor(ActorKind.STAFF, number, "Own", shop.merchant_id)


async def stopped(db: Database, shop: given.Shop, lines: dict[str, int] | None = None, **more: object) -> review.Review:
    """A paid order that was stopped, by a rule for any amount unless the platform has some already."""
    async with db.transaction(SYSTEM) as tx:
        is_ruled = bool(await review.list_rules(tx, None))
    if not is_ruled:
        await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}))
    order_id = await given.paid_order(db, shop, lines, **more)
    return await of_order(db, order_id)


async def of_order(db: Database, order_id: int) -> review.Review:
    """The review of an order as it stands."""
    async with db.transaction(SYSTEM) as tx:
        return (await review.of_orders(tx, [order_id]))[order_id]


async def claimed(db: Database, held: review.Review, by: Actor = ANNA) -> review.Review:
    """The same, in somebody's hands."""
    (taken,) = await do(db, by, review.claim, limit=1, ids=[held.id])
    return taken
