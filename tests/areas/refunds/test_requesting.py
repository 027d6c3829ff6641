"""Asking for money back: once per cause, exactly what fits, signed by whoever has to."""

import asyncio
from typing import Any

import pytest
from tests import given
from tests.areas.payments import till

from dingdan.areas import orders, payments, refunds
from dingdan.areas.refunds import AskedLine, Basis, Cause, RequestRefund
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

ANN, BEN, EVE = (Actor(ActorKind.STAFF, n, permissions=frozenset({"refund.approve"})) for n in (1, 2, 3))
A = {"MUG": 1, "TEE": 2, "SOCK": 1}


def ask(order_id: int, *lines: AskedLine, cause_id: int = 1, **more: Any) -> RequestRefund:
    return RequestRefund(order_id=order_id, cause=Cause.RETURN, cause_id=cause_id, lines=lines, **more)


async def request(db: Database, asked: RequestRefund, by: Actor = SYSTEM) -> refunds.Refund:
    refund = await do(db, by, refunds.request, asked)
    assert refund is not None
    return refund


async def refund_of(db: Database, refund_id: int) -> refunds.Refund:
    async with db.reading(SYSTEM) as tx:
        return await refunds.get_one(tx, refund_id)


async def test_what_the_policy_decided_goes_back_by_itself(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db), A)
    refund = await request(db, ask(order_id, AskedLine(1, 1), is_policy_decided=True))
    await given.settle(db)
    settled = await refund_of(db, refund.id)

    assert (refund.state, refund.approved_by_kind, refund.amount) == ("sending", "system", 199_00)
    assert (settled.state, settled.settled_at is not None) == ("settled", True)
    assert (await till.order_of(db, order_id)).refunded == 199_00
    assert await till.balances(db) == {"psp_clearing": 219_70, "buyer_funds": -219_70}
    assert await till.keeps(db) == 219_70
    assert await till.wires(db, refund.id) == [
        "refund.requested", "refund.approved", "refund.sent", "refund.settled",
    ]  # fmt: skip


async def test_an_approved_refund_is_owed_before_it_arrives(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db))
    await request(db, ask(order_id, AskedLine(1, 1), is_policy_decided=True))

    assert await till.balances(db) == {"psp_clearing": 199_00, "refunds_payable": -199_00}


async def test_the_preview_and_the_refund_agree(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db, freight=10_00), A)
    lines = (AskedLine(2, 1, Basis.FAULT), AskedLine(3, 1))
    async with db.reading(SYSTEM) as tx:
        quote = await refunds.quote(tx, order_id, lines)
    refund = await request(db, ask(order_id, *lines))
    async with db.reading(SYSTEM) as tx:
        parts, tenders = await refunds.parts(tx, [refund.id]), await refunds.tenders(tx, [refund.id])

    assert quote.amount == refund.amount == sum(tender.amount for tender in tenders[refund.id])
    assert tuple(parts[refund.id]) == quote.parts
    assert tuple(tenders[refund.id]) == quote.tenders


@pytest.mark.requirement("issue 5: races")
async def test_the_same_cause_is_one_refund(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db), A)
    found = await asyncio.gather(*(request(db, ask(order_id, AskedLine(1, 1))) for _ in range(5)))

    assert len({refund.id for refund in found}) == 1


@pytest.mark.requirement("issue 2: races")
async def test_two_refunds_of_the_same_units_at_once_give_exactly_what_fits(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db), {"TEE": 3})
    found = await asyncio.gather(
        *(request(db, ask(order_id, AskedLine(1, 1), cause_id=n, is_policy_decided=True)) for n in range(8)),
        return_exceptions=True,
    )
    await given.settle(db)

    assert sum(isinstance(one, refunds.Refund) for one in found) == 3
    assert sum(isinstance(one, refunds.OverRefund) for one in found) == 5
    assert (await till.order_of(db, order_id)).refunded == 3 * 89_90
    assert await till.balances(db) == {}


async def test_a_refund_that_waits_counts_as_spent_and_a_refused_one_does_not(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db))
    first = await request(db, ask(order_id, AskedLine(1, 1)))
    with pytest.raises(refunds.OverRefund):
        await request(db, ask(order_id, AskedLine(1, 1), cause_id=2))
    refused = await do(db, ANN, refunds.refuse, first.id, reason="the box was empty")
    second = await request(db, ask(order_id, AskedLine(1, 1), cause_id=2))

    assert (refused.state, second.state) == ("refused", "requested")
    assert await till.balances(db) == {"psp_clearing": 199_00, "buyer_funds": -199_00}


@pytest.mark.requirement("W55")
async def test_nothing_goes_back_of_what_is_all_back(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db), A)
    everything = [AskedLine(n, quantity) for n, quantity in ((1, 1), (2, 2), (3, 1))]
    await request(db, ask(order_id, *everything, is_policy_decided=True))
    await given.settle(db)

    with pytest.raises(refunds.OverRefund):
        await request(db, ask(order_id, AskedLine(3, 1), cause_id=2))


async def test_what_was_never_paid_does_not_go_back(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop)
    stranger = Actor(ActorKind.KEY, 9, merchant_id=shop.merchant_id + 1)

    with pytest.raises(refunds.NotPaid):
        await request(db, ask(order_id, AskedLine(1, 1)))
    with pytest.raises(orders.OrderUnknown):
        await request(db, ask(order_id, AskedLine(1, 1)), stranger)
    with pytest.raises(orders.OrderUnknown):
        await request(db, ask(5, AskedLine(1, 1)))


@pytest.mark.requirement("W14")
async def test_units_that_cost_nothing_bring_nothing(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db), {"MUG": 1, "SOCK": 1})
    async with db.transaction(SYSTEM) as tx:
        await till.give_away(tx, order_id, line_no=2)
    await given.pay(db, order_id)

    assert await do(db, SYSTEM, refunds.request, ask(order_id, AskedLine(2, 1))) is None


async def test_judgment_is_signed_by_somebody_else(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db), A)
    refund = await request(db, ask(order_id, AskedLine(1, 1)), ANN)
    for actor, no in ((ANN, refunds.SameHand), (SYSTEM, refunds.NeedsPerson)):
        with pytest.raises(no):
            await do(db, actor, refunds.approve, refund.id)
    approved = await do(db, BEN, refunds.approve, refund.id)
    await given.settle(db)

    assert (approved.state, approved.approved_by) == ("sending", BEN.id)
    assert (await refund_of(db, refund.id)).state == "settled"
    with pytest.raises(refunds.StateForbids):
        await do(db, EVE, refunds.approve, refund.id)


async def test_above_the_limit_two_people_sign_what_the_system_asked_for(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db, refund_approval_limit=100_00), A)
    refund = await request(db, ask(order_id, AskedLine(1, 1), is_policy_decided=True))
    first = await do(db, ANN, refunds.approve, refund.id)
    with pytest.raises(refunds.SameHand):
        await do(db, ANN, refunds.approve, refund.id)
    second = await do(db, BEN, refunds.approve, refund.id)

    assert (first.state, second.state) == ("requested", "sending")
    assert (await till.wires(db, refund.id))[:3] == ["refund.requested", "refund.signed", "refund.approved"]


@pytest.mark.requirement("issue 2: races")
async def test_two_signatures_at_once_send_the_money_once(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db), A)
    refund = await request(db, ask(order_id, AskedLine(1, 1)), ANN)
    found = await asyncio.gather(
        *(do(db, who, refunds.approve, refund.id) for who in (BEN, EVE)), return_exceptions=True
    )
    await given.settle(db)

    assert sorted(isinstance(one, Refusal) for one in found) == [False, True]
    assert await till.keeps(db) == 219_70


async def test_somebody_elses_refund_does_not_exist(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db), A)
    refund = await request(db, ask(order_id, AskedLine(1, 1)))
    stranger = Actor(ActorKind.STAFF, 5, merchant_id=1)

    for command in (refunds.approve, refunds.retry, refunds.take_offline):
        with pytest.raises(refunds.RefundUnknown):
            await do(db, stranger, command, refund.id)


async def test_a_cancelled_order_brings_back_all_that_was_paid(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db, freight=10_00), A)
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed my mind")
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        (refund,) = (await refunds.of_orders(tx, [order_id]))[order_id]
        parts = (await refunds.parts(tx, [refund.id]))[refund.id]

    assert (refund.amount, refund.state, refund.cause) == (428_70, "settled", "cancellation")
    assert [(part.component, part.amount) for part in parts][-1] == ("freight_out", 10_00)
    assert all(part.rule for part in parts)
    assert (await till.order_of(db, order_id)).refunded == 428_70
    assert await till.balances(db) == {}
    assert await do(db, SYSTEM, refunds.refund_cancelled, [order_id]) == []


async def test_an_order_that_was_cancelled_unpaid_brings_nothing(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed my mind")

    assert await do(db, SYSTEM, refunds.refund_cancelled, [order_id]) == []


async def test_excess_goes_back_whatever_the_limit_and_once(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db, refund_approval_limit=0))
    payment = await till.started(db, order_id)
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed my mind")
    await payments.call_started(db, [payment.id])
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        capture_ids = [row["id"] for row in await tx.fetch("SELECT id FROM captures")]

    assert await do(db, SYSTEM, refunds.refund_excess, capture_ids) == []
    assert await till.balances(db) == {}
    assert (await till.order_of(db, order_id)).refunded == 0
