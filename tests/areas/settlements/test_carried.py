"""Money that was carried over from one order to another one came in once, so a provider took its fee once."""

from tests import given
from tests.areas.exchanges import desk as goods
from tests.areas.settlements import desk

from dingdan.areas import orders, settlements
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


async def test_the_fee_of_a_payment_is_taken_once_and_of_the_difference_only(db: Database) -> None:
    shop = await given.shop(db, stock=10, prices=goods.PRICES)
    await desk.agree(db, shop, given_back=(settlements.FeeKind.COMMISSION, settlements.FeeKind.PAYMENT))
    order_id = await desk.done(db, shop, {"MUG": 1})
    held, made = await goods.asked(db, shop, order_id, wanted="BOWL")
    await goods.came_back(db, held)
    await given.pay(db, made.sent_order_id)
    await goods.arrives(db, shop, made)
    await do(db, SYSTEM, orders.receive, made.sent_order_id)
    await given.settle(db)

    fees = [await desk.lines(db, one) for one in (order_id, made.sent_order_id)]

    # 0.6 % of 199.00, and of the 30.00 that the other one costs more.
    assert [[amount for _, detail, amount in some if detail == "payment"] for some in fees] == [[-1_19], [-18]]
