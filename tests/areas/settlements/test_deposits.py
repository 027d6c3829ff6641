"""Deposits of merchants (保证金): topped up once per transfer, drawn once per refund, never below nothing, and told."""

import asyncio

import pytest
from tests import given
from tests.areas.payments import till
from tests.areas.settlements import desk

from dingdan.areas import settlements
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 5: settlement")


async def top_up(db: Database, shop: given.Shop, amount: int, receipt: str = "T-1") -> settlements.MerchantDeposit:
    return await do(db, SYSTEM, settlements.top_up, shop.merchant_id, "CNY", amount, receipt=receipt)


async def paid_out(db: Database, shop: given.Shop, **terms: int) -> int:
    """An order whose 187.36 are in a payout to its merchant."""
    order_id = await desk.payable(db, shop, **terms)
    await do(db, desk.FINN, settlements.prepare, "CNY")
    return order_id


async def test_what_was_paid_in_advance_is_drawn_and_the_account_charged_less(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await paid_out(db, shop, deposit_required=100_00)
    assert (await top_up(db, shop, 300_00)).missing == 0
    refund = await desk.refund(db, order_id, (1, 1))

    left = await do(db, SYSTEM, settlements.draw, refund.id, 187_36)
    again = await do(db, SYSTEM, settlements.top_up, shop.merchant_id, "CNY", 1, receipt="T-2")

    assert (left.balance, left.missing, again.balance) == (112_64, 0, 112_65)
    assert ("deposit_draw", "", 187_36) in await desk.lines(db, order_id)
    with pytest.raises(settlements.DrawnAlready):
        await do(db, SYSTEM, settlements.draw, refund.id, 1)


async def test_a_deposit_below_what_was_agreed_is_told(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await paid_out(db, shop, deposit_required=250_00)
    await top_up(db, shop, 250_00)
    refund = await desk.refund(db, order_id, (1, 1))
    await do(db, SYSTEM, settlements.draw, refund.id, 50_00)

    async with db.reading(SYSTEM) as tx:
        (deposit,) = await settlements.merchant_deposits(tx, shop.merchant_id)
        (drawn, _) = await settlements.deposit_movements(tx, shop.merchant_id, Page())
    assert (deposit.balance, deposit.missing) == (200_00, 50_00)
    assert await till.wires(db, drawn.id) == ["merchant_deposit.drawn", "merchant_deposit.below_minimum"]


async def test_no_more_is_drawn_than_payouts_gave_for_the_order(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await desk.payable(db, shop)
    await top_up(db, shop, 500_00)
    first = await desk.refund(db, order_id, (1, 1))
    # What the merchant did not have yet pays for the refund; out of the deposit it would come to the merchant again.
    with pytest.raises(settlements.DepositAmountUnfit):
        await do(db, SYSTEM, settlements.draw, first.id, 1)

    order_id = await desk.done(db, shop, {"MUG": 2})
    await desk.later(db, days=32)
    await do(db, desk.FINN, settlements.prepare, "CNY")
    first = await desk.refund(db, order_id, (1, 1), cause_id=2)
    second = await desk.refund(db, order_id, (1, 1), cause_id=3)
    await do(db, SYSTEM, settlements.draw, first.id, 199_00)
    with pytest.raises(settlements.DepositAmountUnfit):
        await do(db, SYSTEM, settlements.draw, second.id, 199_00)
    # 398.00 less 19.90, 0.50 and 2.39 went out for this order, and of that 199.00 are had back.
    assert (await do(db, SYSTEM, settlements.draw, second.id, 176_21)).balance == 500_00 - 375_21


async def test_nothing_else_moves_it(db: Database) -> None:
    shop = await given.shop(db)
    with pytest.raises(settlements.NoAgreement):
        await top_up(db, shop, 1)
    await desk.agree(db, shop)
    await top_up(db, shop, 10_00)
    for amount, receipt, expected in (
        (5, "T-1", settlements.ReceiptUsed), (0, "T-2", settlements.DepositAmountUnfit),
        (-5, "T-2", settlements.DepositAmountUnfit), (10**15, "T-2", settlements.DepositAmountUnfit),
    ):  # fmt: skip
        with pytest.raises(expected):
            await top_up(db, shop, amount, receipt)
    order_id = await given.delivered_order(db, shop, {"MUG": 1})
    refund = await desk.refund(db, order_id, (1, 1))
    with pytest.raises(settlements.NotAdvanced):
        await do(db, SYSTEM, settlements.draw, refund.id, 1)
    done = await desk.done(db, shop, {"MUG": 1})
    await desk.later(db, days=32)
    await do(db, desk.FINN, settlements.prepare, "CNY")
    charged = await desk.refund(db, done, (1, 1), cause_id=2)
    for amount in (0, -1, 10_01, 10**18):
        with pytest.raises(settlements.DepositAmountUnfit):
            await do(db, SYSTEM, settlements.draw, charged.id, amount)


async def test_two_who_draw_at_once_draw_once(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await paid_out(db, shop)
    await top_up(db, shop, 300_00)
    refund = await desk.refund(db, order_id, (1, 1))

    both = await asyncio.gather(*(do(db, SYSTEM, settlements.draw, refund.id, 150_00) for _ in range(2)),
                                return_exceptions=True)  # fmt: skip

    assert sorted(isinstance(one, Refusal) for one in both) == [False, True]
