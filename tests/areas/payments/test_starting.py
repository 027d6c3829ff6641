"""Opening attempts to be paid: exactly what is owed, one at a time."""

import pytest
from tests import given
from tests.areas.payments import till

from dingdan.areas import orders, payments
from dingdan.areas.payments.providers import sandbox
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


async def start(
    db: Database, *order_ids: int, provider: str = "sandbox", method: str = "instant", by: Actor = SYSTEM
) -> list[payments.Payment]:
    return await do(db, by, payments.start, list(order_ids), provider=provider, method=method)


async def test_an_attempt_asks_for_exactly_what_is_owed(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop, {"MUG": 1, "TEE": 2})
    payment = await till.started(db, order_id)

    assert (payment.amount, payment.currency, payment.state) == (378_80, "CNY", "started")
    assert await till.payment_of(db, payment.id) == payment
    assert await till.clocks(db, payment.id) == ["payment.check"]
    assert await till.wires(db, payment.id) == ["payment.started"]


async def test_orders_of_one_checkout_are_paid_at_once(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    first, second = await given.placed_order(db, one), await given.placed_order(db, other)
    await do(db, SYSTEM, till.bring_together, first, second)
    payment = await till.started(db, first, second)
    await payments.call_started(db, [payment.id])

    assert (payment.amount, payment.merchant_id) == (398_00, None)
    assert await till.captures(db, first) == await till.captures(db, second) == [("normal", 199_00)]
    assert (await till.order_of(db, second)).state == "confirmed"


async def test_orders_of_two_checkouts_get_an_attempt_each(db: Database) -> None:
    shop = await given.shop(db)
    ids = [await given.placed_order(db, shop) for _ in range(3)]

    assert [payment.amount for payment in await start(db, *ids)] == [199_00] * 3


async def test_a_double_click_opens_one_attempt(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    first, second = await till.started(db, order_id), await till.started(db, order_id)

    assert first == second


async def test_another_method_closes_the_attempt_before(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    code = await till.shown(db, order_id)
    card = await till.started(db, order_id, method="instant")
    await given.settle(db)

    assert card.id != code.id
    assert (await till.payment_of(db, code.id)).state == "voided"
    assert await sandbox.pay(db, code.provider_ref or "") == "voided"
    assert await till.clocks(db, code.id) == []


@pytest.mark.requirement("O6.3")
async def test_while_an_outcome_is_unknown_the_same_provider_is_not_tried_again(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    payment = await till.started(db, order_id)
    await sandbox.order_fault(db, "start", sandbox.Fault.ANSWER_LOST)
    await payments.call_started(db, [payment.id])

    with pytest.raises(payments.OutcomeUnknown):
        await start(db, order_id, method="qr")


async def test_all_orders_that_cannot_be_paid_are_named(db: Database) -> None:
    shop = await given.shop(db)
    paid, gone = await given.paid_order(db, shop), await given.placed_order(db, shop)
    await do(db, SYSTEM, orders.cancel, gone, reason="no longer wanted")
    with pytest.raises(Refusals) as caught:
        await start(db, paid, 77, gone)

    assert [(problem.code, problem.path) for problem in caught.value.problems] == [
        ("payment.not_awaiting", "order_ids[0]"),
        ("payment.order_unknown", "order_ids[1]"),
        ("payment.not_awaiting", "order_ids[2]"),
    ]


async def test_somebody_elses_order_does_not_exist(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    stranger = Actor(ActorKind.KEY, 1, merchant_id=(await given.shop(db)).merchant_id)

    with pytest.raises(payments.OrderNotThere):
        await start(db, order_id, by=stranger)


async def test_an_unknown_provider_or_method_is_answered_with_those_there_are(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    with pytest.raises(payments.ProviderUnknown) as provider:
        await start(db, order_id, provider="gold")
    with pytest.raises(payments.MethodUnknown) as method:
        await start(db, order_id, method="shells")

    assert provider.value.params["known"] == "sandbox"
    assert method.value.params["known"] == "instant, qr"


async def test_nothing_is_paid_for_nothing(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    async with db.transaction(SYSTEM) as tx:
        await till.give_away(tx, order_id, line_no=1)

    with pytest.raises(payments.NothingDue):
        await start(db, order_id)
