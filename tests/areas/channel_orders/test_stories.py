"""Money, ends and refunds as their channel tells them: the same end state whatever comes twice and in any order."""

import asyncio
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import given as builders
from tests.areas.channel_orders import there

from dingdan.areas import channel_orders, fulfilment, orders, refunds
from dingdan.areas.channel_orders import Told
from dingdan.areas.channel_orders.rules.taking import rounds
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O3.10")

STORIES: dict[str, tuple[Told, ...]] = {
    "paid in two parts, partly refunded": (
        there.told(),
        there.told(after=1, payments=(there.paid(10000),)),
        there.told(after=2, payments=(there.paid(9900, "p2", after=2),)),
        there.told(after=3, refunds=(there.refunded(500),)),
        there.told(after=4, refunds=(there.refunded(700, "r2", after=6),)),
    ),
    "paid, refunded in part, called off": (
        there.told(),
        there.told(after=1, payments=(there.paid(),)),
        there.told(after=2, refunds=(there.refunded(900),)),
        there.told(after=3, cancelled=there.called_off()),
    ),
    "called off while only half of the money was in": (
        there.told(),
        there.told(after=1, payments=(there.paid(9900),)),
        there.told(after=2, cancelled=there.called_off()),
    ),
    "never paid, called off": (there.told(), there.told(after=1, cancelled=there.called_off())),
    "more refunded than paid": (
        there.told(after=1, payments=(there.paid(),)),
        there.told(after=2, refunds=(there.refunded(15000),)),
        there.told(after=3, refunds=(there.refunded(15000, "r2", after=6),)),
    ),
    "paid, sent, refunded a little": (
        there.told(),
        there.told(after=1, payments=(there.paid(),)),
        there.told(after=2, shipments=(there.sent(),)),
        there.told(after=3, refunds=(there.refunded(300),)),
    ),
    "too little on the shelf": (
        there.told(quantity=900),
        there.told(quantity=900, after=1, payments=(there.paid(900 * 19900),)),
        there.told(quantity=900, after=2, refunds=(there.refunded(5),)),
    ),
}


@pytest.mark.parametrize("story", STORIES)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_any_order_and_any_repeat_end_in_the_same_place(db: Database, story: str, data: st.DataObject) -> None:
    messages = STORIES[story]
    order = data.draw(st.permutations([*messages, *data.draw(st.lists(st.sampled_from(messages), max_size=3))]))
    shop = await builders.shop(db)
    await there.tell(db, shop, *messages)
    other = await builders.shop(db)
    await there.tell(db, other, *order)
    assert await there.end_state(db, other) == await there.end_state(db, shop)


async def test_an_order_called_off_there_is_cancelled_here_and_no_provider_is_called(db: Database) -> None:
    shop = await builders.shop(db)
    made, _ = await there.tell(
        db, shop, there.told(payments=(there.paid(),)), there.told(after=3, cancelled=there.called_off())
    )
    order = await there.order_of(db, made)
    assert (order.state, order.refunded, order.cancel_reason) == ("cancelled", 19900, "cancelled_on_channel")
    async with db.transaction(SYSTEM) as tx:
        (refund,) = (await refunds.of_orders(tx, [order.id]))[order.id]
        assert (refund.cause, refund.state, refund.approved_by_kind) == ("channel", "settled", "system")
        assert await tx.fetchval("SELECT count(*) FROM pgqueuer") == 0


async def test_an_order_that_left_is_not_cancelled_but_a_problem(db: Database) -> None:
    shop = await builders.shop(db)
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(),)))
    order = await there.order_of(db, made)
    await builders.ship(db, shop, order.id)
    await there.tell(db, shop, there.told(after=3, cancelled=there.called_off()))
    assert ((await there.order_of(db, made)).state, await there.kinds(db, made)) == (
        "confirmed",
        ["cancelled_too_late"],
    )


async def test_a_cancellation_here_brings_back_what_the_channel_has_not_given_yet(db: Database) -> None:
    shop = await builders.shop(db)
    made, _ = await there.tell(
        db, shop, there.told(payments=(there.paid(),)), there.told(after=3, refunds=(there.refunded(900),))
    )
    order = await there.order_of(db, made)
    await do(db, SYSTEM, orders.cancel, order.id, reason="no_goods")
    await builders.settle(db)
    assert (await there.order_of(db, made)).refunded == 19900


async def test_what_was_refunded_here_is_not_taken_twice_when_the_channel_lists_it(db: Database) -> None:
    shop = await builders.shop(db)
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(),)))
    order = await there.order_of(db, made)
    await do(db, SYSTEM, orders.cancel, order.id, reason="no_goods")
    await builders.settle(db)
    await there.tell(db, shop, there.told(after=5, refunds=(there.refunded(19900),)))
    assert (await there.order_of(db, made)).refunded == 19900


async def test_money_for_an_order_that_ended_here_is_a_problem(db: Database) -> None:
    shop = await builders.shop(db)
    (made,) = await there.tell(db, shop, there.told())
    order = await there.order_of(db, made)
    await do(db, SYSTEM, orders.cancel, order.id, reason="no_goods")
    await there.tell(db, shop, there.told(after=3, payments=(there.paid(),)))
    assert await there.kinds(db, made) == ["ended_here"]
    await there.tell(db, shop, there.told(after=4, cancelled=there.called_off()))
    assert (await there.kinds(db, made), (await there.order_of(db, made)).refunded) == ([], 19900)


async def test_a_cancellation_that_meets_a_claim_is_a_problem_or_a_cancellation_never_both(db: Database) -> None:
    shop = await builders.shop(db)
    made = await there.tell(db, shop, *(there.told(f"T-{n}", payments=(there.paid(),)) for n in range(6)))
    where = await there.channel(db, shop)
    gone = [there.told(f"T-{n}", after=3, cancelled=there.called_off()) for n in range(6)]
    await asyncio.gather(
        *(do(db, SYSTEM, channel_orders.take_in, where, [one]) for one in gone),
        *(do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=2, claimed_by=None) for _ in range(3)),
    )
    await builders.settle(db)
    for one in made:
        order = await there.order_of(db, one)
        assert (order.state == "cancelled") != (await there.kinds(db, one) == ["cancelled_too_late"])


def test_messages_of_one_order_never_stand_in_one_round() -> None:
    for numbers in itertools.product("ab", repeat=4):
        turns = rounds(numbers)
        assert sorted(place for turn in turns for place in turn) == [0, 1, 2, 3]
        assert all(len({numbers[place] for place in turn}) == len(turn) for turn in turns)
