"""Refunds that no channel takes back: with the buyer's word, all of an order in one transfer, and by two people."""

import asyncio
from typing import Any

import pytest
from tests import given
from tests.areas.payments import till
from tests.areas.refunds.test_following import ACCOUNT
from tests.areas.refunds.test_requesting import ANN, BEN, EVE, ask, refund_of, request

from dingdan.areas import orders, payments, refunds
from dingdan.areas.payments import store
from dingdan.areas.payments.providers import sandbox
from dingdan.areas.refunds import AskedLine
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

WORDS = "Please transfer it to my account."
TEES = 3 * 89_90


async def used_up(db: Database, *, count: int = 2) -> tuple[int, list[int]]:
    """An order whose channel takes no refund at all, with so many that are to be paid by hand."""
    await sandbox.allow(db, payments.Limits(max_refunds=0))
    order_id = await given.paid_order(db, await given.shop(db), {"TEE": 3})
    found = [
        await request(db, ask(order_id, AskedLine(1, 1), cause_id=n, is_policy_decided=True))
        for n in range(1, count + 1)
    ]
    await given.settle(db)
    return order_id, [one.id for one in found]


async def consented(db: Database, order_id: int, by: Actor = SYSTEM) -> refunds.HandPayout:
    return await do(db, by, refunds.consent, order_id, account=ACCOUNT, words=WORDS)


@pytest.mark.requirement("W57", "R4.5", "issue 5: by hand")
async def test_all_that_the_channel_cannot_take_of_an_order_goes_in_one_transfer(db: Database) -> None:
    order_id, ids = await used_up(db)
    payout = await consented(db, order_id)
    paid = await do(db, ANN, refunds.pay, payout.id, receipt="BANK-1")
    settled = await do(db, BEN, refunds.confirm, payout.id)

    assert (payout.amount, paid.state, settled.state) == (2 * 89_90, "paid", "confirmed")
    assert [((one := await refund_of(db, i)).state, one.hand_receipt) for i in ids] == [("settled", "BANK-1")] * 2
    assert await till.balances(db) == {"psp_clearing": TEES, "buyer_funds": -89_90, "paid_by_hand": -2 * 89_90}
    assert (await till.order_of(db, order_id)).refunded == 2 * 89_90
    assert await till.wires(db, payout.id) == ["hand_payout.consented", "hand_payout.paid", "hand_payout.confirmed"]


@pytest.mark.requirement("issue 5: by hand")
async def test_nobody_does_it_alone(db: Database) -> None:
    order_id, _ = await used_up(db)
    payout = await consented(db, order_id, ANN)
    for actor, no in ((ANN, refunds.SameHand), (SYSTEM, refunds.NeedsPerson)):
        with pytest.raises(no):
            await do(db, actor, refunds.pay, payout.id, receipt="BANK-1")
    await do(db, BEN, refunds.pay, payout.id, receipt="BANK-1")
    for command in (refunds.confirm, refunds.find_missing):
        more: dict[str, Any] = {} if command is refunds.confirm else {"reason": "not_there"}
        with pytest.raises(refunds.SameHand):
            await do(db, BEN, command, payout.id, **more)
    again = await do(db, EVE, refunds.find_missing, payout.id, reason="not_there")
    await do(db, BEN, refunds.pay, payout.id, receipt="BANK-2")
    done = await do(db, EVE, refunds.confirm, payout.id)

    assert (again.state, again.receipt, done.receipt) == ("consented", None, "BANK-2")


@pytest.mark.requirement("issue 5: by hand", "R10.2")
async def test_where_it_goes_is_sealed_and_read_by_whoever_pays(db: Database) -> None:
    order_id, _ = await used_up(db)
    payout = await consented(db, order_id)
    async with db.reading(SYSTEM) as tx:
        account = await refunds.account_of(tx, payout)
        rows = await tx.fetch("SELECT sealed FROM hand_payouts")
        facts = await tx.fetch("SELECT data::text AS data FROM facts")

    assert account == ACCOUNT
    assert ACCOUNT.number.encode() not in rows[0]["sealed"]
    assert all(ACCOUNT.number not in row["data"] for row in facts)


async def test_without_the_buyers_word_or_an_account_nothing_happens(db: Database) -> None:
    order_id, _ = await used_up(db)
    bad = refunds.Account(holder=" ", bank="b\0", number="1" * 101)
    with pytest.raises(Refusal) as caught:
        await do(db, SYSTEM, refunds.consent, order_id, account=bad, words="")

    assert [problem.path for problem in caught.value.problems] == [
        "account.holder", "account.bank", "account.number", "consent",
    ]  # fmt: skip


async def test_what_goes_the_way_it_came_is_not_paid_by_hand(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db), {"TEE": 1})
    with pytest.raises(refunds.NothingToPayByHand):
        await consented(db, order_id)
    with pytest.raises(orders.OrderUnknown):
        await consented(db, 5)
    stranger = Actor(ActorKind.KEY, 9, merchant_id=1)
    with pytest.raises(orders.OrderUnknown):
        await consented(db, order_id, stranger)
    with pytest.raises(refunds.HandPayoutUnknown):
        await do(db, stranger, refunds.drop, 5)


async def test_another_account_takes_another_word(db: Database) -> None:
    order_id, ids = await used_up(db, count=1)
    payout = await consented(db, order_id)
    with pytest.raises(refunds.HandPayoutOpen):
        await consented(db, order_id)
    dropped = await do(db, ANN, refunds.drop, payout.id)
    again = await consented(db, order_id)
    with pytest.raises(refunds.HandPayoutStands):
        await do(db, BEN, refunds.pay, payout.id, receipt="BANK-1")

    assert (dropped.state, (await refund_of(db, ids[0])).hand_payout_id) == ("dropped", again.id)


async def test_a_refund_that_comes_later_waits_for_the_next_transfer(db: Database) -> None:
    order_id, _ = await used_up(db, count=1)
    payout = await consented(db, order_id)
    late = await request(db, ask(order_id, AskedLine(1, 1), cause_id=9, is_policy_decided=True))
    await given.settle(db)
    await do(db, ANN, refunds.pay, payout.id, receipt="BANK-1")
    await do(db, BEN, refunds.confirm, payout.id)

    assert (await refund_of(db, late.id)).state == "offline"
    assert (await consented(db, order_id)).amount == 89_90


async def test_money_that_arrives_after_all_is_not_paid_by_hand_as_well(db: Database) -> None:
    order_id, ids = await used_up(db)
    payout = await consented(db, order_id)
    async with db.reading(SYSTEM) as tx:
        (sent,) = (await payments.sent_back(tx, [ids[0]]))[ids[0]]
    await sandbox.allow(db, payments.Limits())
    asked = payments.MoneyBackAnswer(
        send_back_id=sent.id,
        provider="sandbox",
        outcome=payments.MoneyBackOutcome.ARRIVED,
        amount=89_90,
        currency="CNY",
    )
    async with db.reading(SYSTEM) as tx:
        wanted = await store.money_back(tx, [sent.id], [payments.SendBackState.FAILED])
    await sandbox.Sandbox(db).refund(wanted)
    await do(db, SYSTEM, payments.take_in, [asked])
    await given.settle(db)
    with pytest.raises(refunds.HandPayoutStale):
        await do(db, ANN, refunds.pay, payout.id, receipt="BANK-1")
    await do(db, ANN, refunds.drop, payout.id)

    assert (await consented(db, order_id)).amount == 89_90


@pytest.mark.requirement("issue 5: by hand")
async def test_two_confirmations_and_two_consents_at_once_are_one(db: Database) -> None:
    order_id, _ = await used_up(db)
    given_word = await asyncio.gather(*(consented(db, order_id) for _ in range(4)), return_exceptions=True)
    (payout,) = [one for one in given_word if isinstance(one, refunds.HandPayout)]
    await do(db, ANN, refunds.pay, payout.id, receipt="BANK-1")
    found = await asyncio.gather(
        *(do(db, who, refunds.confirm, payout.id) for who in (BEN, EVE, BEN)), return_exceptions=True
    )

    assert sum(isinstance(one, refunds.HandPayout) for one in found) == 1
    assert await till.balances(db) == {"psp_clearing": TEES, "buyer_funds": -89_90, "paid_by_hand": -2 * 89_90}
