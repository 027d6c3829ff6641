"""One payment from a balance, a card and a provider: all of it is captured together, or none of it."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests import given
from tests.areas.payments import purse, till

from dingdan.areas import credit, orders, payments, refunds
from dingdan.areas.payments import CreditTender, rules, settling
from dingdan.areas.payments.model import Share
from dingdan.areas.payments.providers import sandbox
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 3: payments")


@pytest.fixture
def may_break(request: pytest.FixtureRequest) -> frozenset[str]:
    """Words are put into the provider's mouth, and returns are numbers that a test invents."""
    returned = {"R2_refunded_as_accepted", "X2_subjects_live"} if "refunds_go_back" in request.node.name else set()
    return frozenset({"L5_provider_logged_the_same"} | returned)


async def test_balance_and_provider_are_captured_together(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    money = await purse.balance(db, order_id, 50_00)
    payment = await purse.pay_with(db, order_id)
    assert (payment.amount, await purse.stands(db, money)) == (338_70, (50_00, 50_00))
    await sandbox.pay(db, payment.provider_ref or "")
    await till.deliver(db)

    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await purse.stands(db, money) == (0, 0)
    assert await purse.came(db, order_id) == [("normal", "sandbox", 338_70), ("normal", "credit", 50_00)]
    books = await till.balances(db)
    assert books == {"psp_clearing": 338_70, "buyer_funds": -388_70, "credit_given": 50_00}


async def test_credit_alone_pays_at_once(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    money, plastic = await purse.balance(db, order_id, 300_00), await purse.card(db, 100_00)
    tenders = (CreditTender(purse_id=plastic), CreditTender(amount=288_70))
    payment = await purse.pay_with(db, order_id, tenders=tenders, method=None)

    assert payment.state == "captured"
    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert [await purse.stands(db, i) for i in (money, plastic)] == [(11_30, 0), (0, 0)]


async def test_a_card_of_the_platform_leaves_the_merchant_a_claim(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    plastic = await purse.card(db, 400_00)
    await purse.pay_with(db, order_id, tenders=(CreditTender(purse_id=plastic),), method=None)

    assert await till.balances(db) == {
        "credit_clearing": 388_70, "buyer_funds": -388_70, "merchants_payable": -388_70, "stored_value": -11_30,
        "topups_received": 400_00,
    }  # fmt: skip


@pytest.mark.parametrize("ends", ["failed", "cancelled", "expired", "another way"])
async def test_an_attempt_that_ends_lets_its_credit_go(db: Database, ends: str) -> None:
    order_id, _ = await purse.order_of(db)
    money = await purse.balance(db, order_id, 50_00)
    payment = await purse.pay_with(db, order_id)
    if ends == "failed":
        await sandbox.pay(db, payment.provider_ref or "", "failed")
        await till.deliver(db)
    elif ends == "cancelled":
        await do(db, SYSTEM, orders.cancel, order_id, reason="buyer")
    elif ends == "expired":
        await purse.expire(db, order_id)
    else:
        await till.started(db, order_id, method="instant")
    await given.settle(db)

    assert await purse.stands(db, money) == (50_00, 0)


async def test_the_same_attempt_again_is_the_same_and_another_takes_its_place(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    money = await purse.balance(db, order_id, 50_00)
    first, again = await purse.pay_with(db, order_id), await purse.pay_with(db, order_id)
    other = await purse.pay_with(db, order_id, tenders=(CreditTender(amount=20_00),))

    assert first.id == again.id
    assert (other.amount, await purse.stands(db, money)) == (368_70, (50_00, 20_00))
    assert (await till.payment_of(db, first.id)).state == "voided"


@pytest.mark.requirement("O3.5")
async def test_late_money_takes_its_credit_again(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    money = await purse.balance(db, order_id, 50_00)
    payment = await purse.pay_with(db, order_id)
    await purse.expire(db, order_id)
    await given.settle(db)
    assert await purse.stands(db, money) == (50_00, 0)
    await sandbox.pay(db, payment.provider_ref or "", even_if_closed=True)
    await till.deliver(db)

    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await purse.stands(db, money) == (0, 0)


async def test_late_money_before_anybody_let_the_credit_go_finds_it_there(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    money = await purse.balance(db, order_id, 50_00)
    payment = await purse.pay_with(db, order_id)
    await purse.expire(db, order_id)
    await sandbox.pay(db, payment.provider_ref or "", even_if_closed=True)
    await till.deliver(db)
    await given.settle(db)

    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await purse.stands(db, money) == (0, 0)


@pytest.mark.requirement("W78")
@pytest.mark.parametrize("gone", ["stock", "credit"])
async def test_late_money_without_stock_or_credit_goes_back_and_holds_nothing(db: Database, gone: str) -> None:
    shop = await given.shop(db, prices=purse.A, stock=1)
    order_id, _ = await purse.order_of(db, shop)
    money = await purse.balance(db, order_id, 50_00)
    payment = await purse.pay_with(db, order_id)
    await purse.expire(db, order_id)
    await given.settle(db)
    if gone == "stock":
        await given.placed_order(db, shop)
    else:
        await do(db, SYSTEM, credit.take_back, money, 10_00, reason="mistake")
    await sandbox.pay(db, payment.provider_ref or "", even_if_closed=True)
    await till.deliver(db)
    await given.settle(db)
    await till.deliver(db)

    assert (await till.order_of(db, order_id)).state == "expired"
    assert await purse.came(db, order_id) == [("excess", "sandbox", 338_70)]
    assert (await purse.stands(db, money))[1] == 0
    assert (await till.balances(db)).get("psp_clearing", 0) == await till.keeps(db) == 0


async def test_money_that_comes_twice_spends_the_credit_once(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    money = await purse.balance(db, order_id, 60_00)
    payment = await purse.pay_with(db, order_id, tenders=(CreditTender(amount=50_00),))
    said = [till.answer(payment, "captured"), till.answer(payment, "captured", provider_ref="ch_2")]
    made = await do(db, settling.voice("sandbox"), payments.take_in, said)

    assert made == ["captured", "excess"]
    assert await purse.stands(db, money) == (10_00, 0)


async def test_another_sum_than_asked_for_spends_no_credit(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    money = await purse.balance(db, order_id, 50_00)
    payment = await purse.pay_with(db, order_id)
    await sandbox.pay(db, payment.provider_ref or "", amount=338_69)
    await till.deliver(db)
    await given.settle(db)

    assert (await till.order_of(db, order_id)).state == "awaiting_payment"
    assert await purse.stands(db, money) == (50_00, 0)


async def test_money_on_a_failed_attempt_joins_its_credit_again(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    money = await purse.balance(db, order_id, 50_00)
    payment = await purse.pay_with(db, order_id)
    for outcome in ("failed", "captured"):
        await sandbox.pay(db, payment.provider_ref or "", outcome)
        await till.deliver(db)

    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await purse.stands(db, money) == (0, 0)


@pytest.mark.requirement("W51")
@pytest.mark.requirement("W52")
@pytest.mark.requirement("W53")
async def test_refunds_go_back_over_balance_and_provider_by_what_is_left(db: Database) -> None:
    shop = await given.shop(db, prices={"L1": 179_99, "L2": 162_62, "L3": 36_09, "F": 10_00})
    order_id = await given.placed_order(db, shop, {"L1": 1, "L2": 1, "L3": 1, "F": 1})
    money = await purse.balance(db, order_id, 50_00)
    payment = await purse.pay_with(db, order_id, method="instant")
    assert payment.state == "captured"
    backs = []
    for cause, lines in enumerate(((1,), (3,), (2, 4)), start=1):
        before = await purse.stands(db, money)
        asked = refunds.RequestRefund(order_id=order_id, cause=refunds.Cause.RETURN, cause_id=cause, is_policy_decided=True,
                                      lines=tuple(refunds.AskedLine(n, 1) for n in lines))  # fmt: skip
        refund = await do(db, SYSTEM, refunds.request, asked)
        at_once = await purse.stands(db, money)
        await given.settle(db)
        assert refund is not None
        backs.append((at_once[0] - before[0], refund.amount - (at_once[0] - before[0])))

    assert backs == [(23_15, 156_84), (4_64, 31_45), (22_21, 150_41)]
    assert (await till.order_of(db, order_id)).refunded == 388_70
    assert (await till.balances(db)).get("psp_clearing", 0) == await till.keeps(db) == 0


async def test_a_cancelled_order_that_credit_paid_gives_it_all_back(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    money, plastic = await purse.balance(db, order_id, 300_00), await purse.card(db, 100_00)
    tenders = (CreditTender(), CreditTender(purse_id=plastic))
    await purse.pay_with(db, order_id, tenders=tenders, method=None)
    await do(db, SYSTEM, orders.cancel, order_id, reason="buyer")
    await given.settle(db)

    assert [await purse.stands(db, i) for i in (money, plastic)] == [(300_00, 0), (100_00, 0)]
    assert (await till.order_of(db, order_id)).refunded == 388_70
    assert await till.balances(db) == {"stored_value": -400_00, "credit_given": 300_00, "topups_received": 100_00}


async def test_one_payment_pays_two_merchants_with_credit_of_one(db: Database) -> None:
    one, other = await given.shop(db, prices={"A": 100_00}), await given.shop(db, prices={"B": 50_00})
    first, second = await given.placed_order(db, one), await given.placed_order(db, other)
    await do(db, SYSTEM, till.bring_together, first, second)
    own, plastic = await purse.balance(db, first, 100_00), await purse.card(db, 20_00)
    tenders = (CreditTender(purse_id=plastic), CreditTender())
    payment = await purse.pay_with(db, first, second, tenders=tenders, method="instant")

    assert payment.state == "captured"
    assert [await purse.came(db, i) for i in (first, second)] == [
        [("normal", "credit", 100_00)], [("normal", "sandbox", 30_00), ("normal", "credit", 20_00)],
    ]  # fmt: skip
    assert [(await till.order_of(db, i)).state for i in (first, second)] == ["confirmed", "confirmed"]
    assert [await purse.stands(db, i) for i in (own, plastic)] == [(0, 0), (0, 0)]


async def test_an_order_of_two_that_cannot_be_revived_gets_its_credit_back(db: Database) -> None:
    one, other = await given.shop(db, prices={"A": 100_00}), await given.shop(db, prices={"B": 50_00}, stock=1)
    first, second = await given.placed_order(db, one), await given.placed_order(db, other)
    await do(db, SYSTEM, till.bring_together, first, second)
    plastic = await purse.card(db, 60_00)
    payment = await purse.pay_with(db, first, second, tenders=(CreditTender(purse_id=plastic),))
    for order_id in (first, second):
        await purse.expire(db, order_id)
    await given.placed_order(db, other)
    await sandbox.pay(db, payment.provider_ref or "", even_if_closed=True)
    await till.deliver(db)
    await given.settle(db)

    assert [(await till.order_of(db, i)).state for i in (first, second)] == ["confirmed", "expired"]
    assert await purse.stands(db, plastic) == (20_00, 0)


@pytest.mark.parametrize(
    ("tenders", "method", "code"),
    [
        ((CreditTender(amount=60_00),), "qr", "credit.not_enough"),
        ((CreditTender(),), None, "payment.credit_does_not_fit"),
        ((CreditTender(purse_id=4),), "qr", "card.unusable"),
        ((), None, "payment.credit_does_not_fit"),
    ],
)
async def test_credit_that_does_not_fit_is_refused_and_nothing_kept(
    db: Database, tenders: tuple[CreditTender, ...], method: str | None, code: str
) -> None:
    order_id, _ = await purse.order_of(db)
    money = await purse.balance(db, order_id, 50_00)
    with pytest.raises(Refusal) as caught:
        await purse.pay_with(db, order_id, tenders=tenders, method=method)

    assert caught.value.code == code
    assert await purse.stands(db, money) == (50_00, 0)


async def test_a_provider_for_nothing_is_refused(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    await purse.balance(db, order_id, 400_00)

    with pytest.raises(payments.CreditDoesNotFit):
        await purse.pay_with(db, order_id)


async def test_the_purse_of_somebody_else_is_no_card(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    stranger = await given.placed_order(db, await given.shop(db))
    theirs = await purse.balance(db, stranger, 400_00)

    with pytest.raises(credit.CardUnusable):
        await purse.pay_with(db, order_id, tenders=(CreditTender(purse_id=theirs),), method=None)


@pytest.mark.requirement("issue 2: races")
async def test_one_balance_pays_for_two_orders_at_once_only_as_far_as_it_goes(db: Database) -> None:
    shop = await given.shop(db, prices={"A": 10_00})
    order_ids = [await given.placed_order(db, shop) for _ in range(12)]
    money = await purse.balance(db, order_ids[0], 50_00)
    done = await asyncio.gather(*(purse.pay_with(db, i, method=None) for i in order_ids), return_exceptions=True)
    paid = [one for one in done if isinstance(one, payments.Payment)]

    assert len(paid) == 5
    assert await purse.stands(db, money) == (0, 0)
    assert all(isinstance(one, payments.Payment | Refusal) for one in done)


@pytest.mark.requirement("issue 2: races")
async def test_money_and_deadline_at_once_leave_no_credit_kept(db: Database) -> None:
    shop = await given.shop(db, prices={"A": 20_00})
    order_ids = [await given.placed_order(db, shop) for _ in range(8)]
    money = await purse.balance(db, order_ids[0], 80_00)
    started = [await purse.pay_with(db, i, tenders=(CreditTender(amount=10_00),)) for i in order_ids]
    await asyncio.gather(
        *(purse.expire(db, i) for i in order_ids),
        *(do(db, settling.voice("sandbox"), payments.take_in, [till.answer(p, "captured", provider_ref=f"ch_{p.id}")])
          for p in started),
    )  # fmt: skip
    await given.settle(db)

    assert {(await till.order_of(db, i)).state for i in order_ids} == {"confirmed"}
    assert await purse.stands(db, money) == (0, 0)


async def test_a_set_of_notifications_with_and_without_credit_is_taken_in_together(db: Database) -> None:
    shop = await given.shop(db, prices={"A": 20_00})
    order_ids = [await given.placed_order(db, shop) for _ in range(6)]
    money = await purse.balance(db, order_ids[0], 30_00)
    codes = [
        await purse.pay_with(db, i, tenders=(CreditTender(amount=10_00),) if n % 2 else ())
        for n, i in enumerate(order_ids)
    ]
    await sandbox.pay_all(db, [code.id for code in codes])
    messages = [payments.Received(m.headers, m.body) for m in await sandbox.take_outgoing(db)]
    await payments.take_in_notifications(db, "sandbox", messages)

    assert {(await till.order_of(db, i)).state for i in order_ids} == {"confirmed"}
    assert await purse.stands(db, money) == (0, 0)


async def test_points_off_the_price_follow_their_order(db: Database) -> None:
    shop = await given.shop(db, prices={"A": 20_00}, stock=9)
    paid, dropped, undone = [await given.placed_order(db, shop) for _ in range(3)]
    buyer_id = (await till.order_of(db, paid)).buyer_id
    (points,) = await do(db, SYSTEM, credit.grant, [
        credit.Grant(merchant_id=shop.merchant_id, buyer_id=buyer_id, kind=credit.PurseKind.POINTS, unit="points",
                     amount=600, reason="welcome")
    ])  # fmt: skip
    wanted = [credit.Hold(order_id=i, merchant_id=shop.merchant_id, amount=200, buyer_id=buyer_id)
              for i in (paid, dropped, undone)]  # fmt: skip
    assert await do(db, SYSTEM, credit.hold, wanted) == {}
    await given.pay(db, paid, undone)
    await purse.expire(db, dropped)
    await do(db, SYSTEM, orders.cancel, undone, reason="buyer")
    await given.settle(db)

    assert await purse.stands(db, points.id) == (400, 0)


@for_all(
    st.lists(st.integers(0, 500), min_size=1, max_size=4).filter(any),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 400), st.none() | st.integers(1, 400)), max_size=4),
)
def test_credit_laid_over_orders_is_never_more_than_is_due_or_there(
    dues: list[int], wishes: list[tuple[int, int, int | None]]
) -> None:
    owed = [Share(n, n % 2 + 1, due) for n, due in enumerate(dues)]
    asked = [
        rules.Wish(n, n, None if kind > 2 else kind, amount, free) for n, (kind, free, amount) in enumerate(wishes)
    ]
    found = rules.spread(owed, asked)
    paid = {due.order_id: 0 for due in owed}
    for purse_id, shares in found.of_purses.items():
        assert sum(share.amount for share in shares) <= asked[purse_id].free
        assert all(asked[purse_id].merchant_id in (None, share.merchant_id) for share in shares)
        for share in shares:
            paid[share.order_id] += share.amount

    assert [paid[due.order_id] + rest.amount for due, rest in zip(owed, found.rest, strict=True)] == dues
    assert all(rest.amount >= 0 for rest in found.rest)


async def test_time_out_of_the_provider_keeps_the_credit_until_the_outcome_is_known(db: Database) -> None:
    order_id, _ = await purse.order_of(db)
    money = await purse.balance(db, order_id, 50_00)
    await sandbox.order_fault(db, "start", sandbox.Fault.ANSWER_LOST)
    payment = await purse.pay_with(db, order_id, method="instant")
    assert (payment.state, await purse.stands(db, money)) == ("unknown", (50_00, 50_00))
    await till.pass_time(db, timedelta(minutes=3))
    await given.settle(db, with_deadlines=True)

    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await purse.stands(db, money) == (0, 0)
