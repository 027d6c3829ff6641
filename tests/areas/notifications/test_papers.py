"""What buyers hear of papers, and of money that was never a part of the order."""

import pytest
from tests import given
from tests.areas.invoices import desk
from tests.areas.notifications.test_confirming import page, said
from tests.areas.notifications.told import confirmations
from tests.areas.payments.test_deposits import DEPOSIT, presold
from tests.areas.refunds.test_following import ACCOUNT
from tests.areas.refunds.test_requesting import BEN

from dingdan.areas import invoices, orders, refunds
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

FINN = Actor(ActorKind.STAFF, 801, "Finn")


@pytest.mark.requirement("W47b", "O1.10")
async def test_whoever_is_paid_a_penalty_hears_of_it_once_it_is_paid(db: Database) -> None:
    sale = await presold(db)
    await sale.pay()
    await sale.cancel("seller_out_of_stock")
    async with db.reading(SYSTEM) as tx:
        (penalty,) = [
            one for one in (await refunds.of_orders(tx, [sale.order_id]))[sale.order_id]
            if one.cause is refunds.Cause.PENALTY
        ]  # fmt: skip
    assert "penalty_paid" not in await said(db, sale.order_id)
    assert penalty.state is refunds.RefundState.OFFLINE
    payout = await do(db, SYSTEM, refunds.consent, sale.order_id, account=ACCOUNT, words="Please transfer it.")
    await do(db, FINN, refunds.pay, payout.id, receipt="T-1")
    await do(db, BEN, refunds.confirm, payout.id)
    await given.settle(db)

    assert (await said(db, sale.order_id)).count("penalty_paid") == 1
    told = next(one for one in await confirmations(db, sale.order_id) if one.occasion == "penalty_paid")
    assert told.facts.presale is not None
    assert told.facts.presale.penalty == DEPOSIT
    shown = {language: await page(db, told, language) for language in ("zh", "en")}
    assert {one["penalty"] for one in shown.values()} == {"50.00 CNY"}


@pytest.mark.requirement("O1.10")
async def test_whoever_asked_for_an_invoice_hears_when_it_is_issued_with_its_number(db: Database) -> None:
    shop = await desk.shop(db)
    order_id = await given.paid_order(db, shop, {"MUG": 2})
    await desk.asked(db, order_id)
    told = [one for one in await confirmations(db, order_id) if one.occasion == "invoice_issued"]
    (paper,) = await desk.papers(db, order_id)
    assert [(await page(db, one, language))["invoice"] for one in told for language in ("zh", "en")] == [
        paper.written_number, paper.written_number,
    ]  # fmt: skip

    # Of what is taken back in red the refund tells, and of the invoice that takes its place the buyer hears again.
    await do(db, SYSTEM, invoices.correct, paper.id, desk.FIRM)
    await given.settle(db)
    numbers = {one.written_number for one in await desk.papers(db, order_id) if one.kind == "invoice"}
    heard = [one.facts.which for one in await confirmations(db, order_id) if one.occasion == "invoice_issued"]
    assert (len(heard), set(heard)) == (2, numbers)
    assert (await said(db, order_id)).count("refunded") == 0
    async with db.reading(SYSTEM) as tx:
        assert (await orders.get_one(tx, order_id)).refunded == 0
