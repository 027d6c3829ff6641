"""What buyer and seller say about a return: a thread, one question, offers of which each is taken once, withdrawals."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.returns import road

from dingdan.areas import credit, notifications, orders, policies, refunds, returns, talks
from dingdan.areas.returns import ApplyLine
from dingdan.areas.talks import OfferKind, OfferState, Propose, Side
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

KEEP = Propose(OfferKind.KEEP, 50_00, "减 50 元可以吗？")
NO = {"reason": "EVIDENCE_INSUFFICIENT", "rule": "CN_QUALITY", "alternatives": ["price_reduction"]}


async def waiting(db: Database, reason: str = "QUALITY_DEFECT", **more: Any) -> returns.Return:
    """A return that waits for a person."""
    shop = await given.shop(db, **more)
    order_id = await given.delivered_order(db, shop)
    return await road.applied(db, shop, ApplyLine(1, reason, order_id, 1))


async def offered(db: Database, wanted: Propose = KEEP, side: Side = Side.SELLER) -> tuple[returns.Return, talks.Offer]:
    """A return about which something is offered."""
    held = await waiting(db)
    return held, await do(db, SYSTEM, talks.offer, held.id, wanted, side=side)


async def dues(db: Database, number: int) -> dict[str, deadlines.Deadline]:
    async with db.reading(SYSTEM) as tx:
        return {one.kind: one for one in await deadlines.of_subjects(tx, [number])}


class TestOffers:
    @pytest.mark.requirement("R2.5")
    async def test_that_are_taken_are_granted_and_paid(self, db: Database) -> None:
        held, one = await offered(db)
        taken = await do(db, SYSTEM, talks.take, one.id, side=Side.BUYER)
        refund = await road.refund_of(db, held)
        now = await road.now_is(db, held)

        assert (taken.state, now.decision, now.resolution) == (OfferState.TAKEN, "approved", "keep")
        assert refund is not None
        assert refund.amount == 50_00
        assert await dues(db, one.id) == {}
        assert await dues(db, held.id) == {}

    @pytest.mark.requirement("R2.5")
    async def test_also_come_after_a_refusal(self, db: Database) -> None:
        held = await waiting(db)
        await do(db, SYSTEM, talks.refuse, held.id, text="照片看不出问题。", **NO)
        one = await do(db, SYSTEM, talks.offer, held.id, Propose(OfferKind.REFUND_ONLY), side=Side.SELLER)
        await do(db, SYSTEM, talks.take, one.id, side=Side.BUYER)
        refund = await road.refund_of(db, held)

        assert (await road.now_is(db, held)).decision == "approved"
        assert refund is not None
        assert refund.amount == 199_00

    @pytest.mark.requirement("R2.5")
    async def test_are_countered_until_somebody_takes_one(self, db: Database) -> None:
        held, one = await offered(db)
        with pytest.raises(talks.NotYourOffer):
            await do(db, SYSTEM, talks.counter, one.id, KEEP, side=Side.SELLER)
        more = await do(db, SYSTEM, talks.counter, one.id, Propose(OfferKind.KEEP, 80_00), side=Side.BUYER)
        with pytest.raises(talks.NotYourOffer):
            await do(db, SYSTEM, talks.take, more.id, side=Side.BUYER)
        await do(db, SYSTEM, talks.take, more.id, side=Side.SELLER)
        refund = await road.refund_of(db, held)

        async with db.reading(SYSTEM) as tx:
            assert [str(o.state) for o in await talks.offers_of(tx, [held.id])] == ["countered", "taken"]
        assert more.counters == one.id
        assert refund is not None
        assert refund.amount == 80_00

    async def test_lie_on_the_table_one_at_a_time_and_make_sense(self, db: Database) -> None:
        held, _ = await offered(db)
        with pytest.raises(talks.OfferOpen):
            await do(db, SYSTEM, talks.offer, held.id, KEEP, side=Side.BUYER)
        other = await waiting(db)
        for kind, amount in (("keep", 0), ("keep", 199_01), ("refund_only", 1), ("store_credit", 298_51)):
            with pytest.raises(talks.OfferUnfit):
                await do(db, SYSTEM, talks.offer, other.id, Propose(OfferKind(kind), amount), side=Side.SELLER)
        await do(db, SYSTEM, returns.approve, other.id)
        with pytest.raises(talks.NothingToTalkAbout):
            await do(db, SYSTEM, talks.offer, other.id, KEEP, side=Side.SELLER)

    @pytest.mark.requirement("R4.2")
    async def test_of_credit_need_consent_to_words_that_are_known(self, db: Database) -> None:
        held, one = await offered(db, Propose(OfferKind.STORE_CREDIT, 220_00))
        for text in (None, "", "1999-01"):
            with pytest.raises(talks.ConsentMissing):
                await do(db, SYSTEM, talks.take, one.id, side=Side.BUYER, consent_text=text)
        taken = await do(db, SYSTEM, talks.take, one.id, side=Side.BUYER, consent_text="2026-11")

        assert (taken.consent_text, taken.consented_at is not None) == ("2026-11", True)
        async with db.reading(SYSTEM) as tx:
            purse = await credit.get_one(tx, taken.purse_id or 0)
            assert await returns.taken_units(tx, held.order_id) == {1: 1}
        assert purse.balance == 220_00
        assert ((await road.now_is(db, held)).outcome, await road.refund_of(db, held)) == ("settled", None)

    async def test_end_with_their_time(self, db: Database) -> None:
        held, one = await offered(db)
        late = one.expires_at + timedelta(seconds=1)
        with pytest.raises(talks.OfferStateForbids):
            await do_at(db, SYSTEM, late, talks.take, one.id, side=Side.BUYER)
        assert await deadlines.run_due(db, talks.OFFER_EXPIRY, talks.lapse_offers, at=late) == 1
        async with db.reading(SYSTEM) as tx:
            assert (await talks.get_offer(tx, one.id)).state is OfferState.LAPSED
        assert (await road.now_is(db, held)).decision == "requested"

    async def test_end_when_the_return_is_decided_otherwise(self, db: Database) -> None:
        held, one = await offered(db)
        await do(db, SYSTEM, returns.approve, held.id)
        await given.settle(db)
        async with db.reading(SYSTEM) as tx:
            assert (await talks.get_offer(tx, one.id)).state is OfferState.WITHDRAWN
        assert await dues(db, one.id) == {}

    async def test_that_are_taken_and_taken_back_at_once_are_one_of_both(self, db: Database) -> None:
        for _ in range(3):
            held, one = await offered(db)
            ended = await asyncio.gather(
                do(db, SYSTEM, talks.take, one.id, side=Side.BUYER),
                do(db, SYSTEM, talks.take_back, one.id, side=Side.SELLER),
                do(db, SYSTEM, talks.decline, one.id, side=Side.BUYER),
                return_exceptions=True,
            )
            (won,) = [end for end in ended if not isinstance(end, BaseException)]
            assert all(isinstance(end, Refusal) for end in ended if isinstance(end, BaseException))
            assert (await road.now_is(db, held)).decision == ("approved" if won.state == "taken" else "requested")


class TestTheQuestion:
    @pytest.mark.requirement("R2.7")
    async def test_stops_our_clock_once_and_it_runs_on_with_the_answer(self, db: Database) -> None:
        held = await waiting(db)
        asked = await do(db, SYSTEM, talks.ask, held.id, shots=["label"], text="请补拍标签。")
        clocks = await dues(db, held.id)
        assert (clocks["return.review"].at, clocks["return.review"].waiting_for) == (None, "buyer")
        assert clocks["return.answer"].at == asked.answer_by == asked.asked_at + timedelta(hours=48)
        with pytest.raises(talks.AskedAlready):
            await do(db, SYSTEM, talks.ask, held.id, shots=[], text="再来一张。")

        picture = await road.shown(db, held.order_id, "label")
        answered = await do(db, SYSTEM, talks.answer, held.id, text="见图。", evidence=[picture])
        assert answered.state == "answered"
        assert (await road.now_is(db, held)).evidence == [picture]
        assert set(await dues(db, held.id)) == {"return.review"}
        assert (await dues(db, held.id))["return.review"].at is not None
        with pytest.raises(talks.NotAsked):
            await do(db, SYSTEM, talks.answer, held.id, text="还有。")

    @pytest.mark.requirement("R2.7")
    async def test_is_never_asked_about_a_return_without_a_reason(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        held = await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1, claimed_unit_price=1))
        with pytest.raises(talks.NeverAsked):
            await do(db, SYSTEM, talks.ask, held.id, shots=[], text="为什么？")

    @pytest.mark.requirement("R2.7")
    async def test_that_is_not_answered_lets_the_clock_run_on(self, db: Database) -> None:
        held = await waiting(db)
        asked = await do(db, SYSTEM, talks.ask, held.id, shots=[], text="请补充。")
        late = asked.answer_by + timedelta(minutes=1)
        assert await deadlines.run_due(db, talks.ANSWER, talks.go_on_without_answer, at=late) == 1
        async with db.reading(SYSTEM) as tx:
            assert (await talks.questions_of(tx, [held.id]))[held.id].state == "lapsed"
        assert set(await dues(db, held.id)) == {"return.review"}


@pytest.mark.requirement("R2.6")
async def test_what_is_said_is_sealed_and_told(db: Database) -> None:
    held = await waiting(db)
    await do(db, SYSTEM, talks.say, held.id, side=Side.BUYER, text="杯口有裂纹。")
    await do(db, SYSTEM, talks.say, held.id, side=Side.SELLER, text="我们看一下。")
    with pytest.raises(talks.WordsUnfit):
        await do(db, SYSTEM, talks.say, held.id, side=Side.BUYER, text=" ")
    await given.settle(db)

    async with db.reading(SYSTEM) as tx:
        said = await talks.thread(tx, held.id)
        told = [one.occasion for one in await notifications.confirmations(tx, held.order_id)]
        raw = await tx.fetchval("SELECT string_agg(encode(sealed, 'escape'), '') FROM return_remarks")
    assert [(str(one.remark.side), one.text) for one in said] == [
        ("buyer", "杯口有裂纹。"), ("seller", "我们看一下。"),
    ]  # fmt: skip
    assert "裂纹" not in raw
    assert told.count("return_updated") == 1


@pytest.mark.requirement("R2.5")
async def test_a_refusal_is_told_with_rule_words_alternatives_and_appeal_in_both_languages(db: Database) -> None:
    held = await waiting(db)
    await do(db, SYSTEM, talks.refuse, held.id, **NO)
    await do(db, SYSTEM, talks.offer, held.id, KEEP, side=Side.SELLER)
    await given.settle(db)

    async with db.reading(SYSTEM) as tx:
        said = {one.occasion: one for one in await notifications.confirmations(tx, held.order_id)}
        told = {
            (occasion, language): (await notifications.rendered(tx, said[occasion], language)).text
            for occasion in ("return_refused", "return_offered") for language in ("en", "zh")
        }  # fmt: skip
    for language, words in (
        ("en", ("the evidence does not show", "CN_QUALITY", "a lower price for goods that you keep", "within 7 days")),
        ("zh", ("凭证不足", "CN_QUALITY", "保留商品并部分退款", "7 天内申诉")),
    ):
        assert [word for word in words if word not in told["return_refused", language]] == []
        assert "{" not in told["return_refused", language]
        assert "50.00 CNY" in told["return_offered", language]


class TestWithdrawingFromTheContract:
    EU = policies.Asking(withdrawal=policies.Withdrawal("HOUSE"))

    @staticmethod
    def stated(order_id: int, *lines: talks.WithdrawalLine) -> talks.State:
        return talks.State(order_id=order_id, name="Anna Muster", contact="anna@example.org", lines=lines)

    @pytest.mark.requirement("issue 5: withdrawal function")
    async def test_takes_two_steps_and_is_acknowledged_with_content_and_time(self, db: Database) -> None:
        shop = await road.house(db, self.EU)
        order_id = await given.delivered_order(db, shop, {"MUG": 2, "TEE": 1})
        first = await do(db, SYSTEM, talks.state, self.stated(order_id, talks.WithdrawalLine(1, 1)))
        async with db.reading(SYSTEM) as tx:
            assert await returns.of_orders(tx, [order_id]) == []
        confirmed, (applied,) = await do(db, SYSTEM, talks.confirm, first.id)
        await given.settle(db)
        with pytest.raises(talks.ConfirmedAlready):
            await do(db, SYSTEM, talks.confirm, first.id)

        assert [(one.decision, one.review_reasons) for one in applied.returns] == [("approved", [])]
        async with db.reading(SYSTEM) as tx:
            said = [o for o in await notifications.confirmations(tx, order_id) if o.occasion == "contract_withdrawn"]
        (acknowledged,) = said
        assert acknowledged.facts.withdrawn.lines == {"1": 1}
        assert acknowledged.facts.withdrawn.stated_at <= acknowledged.facts.withdrawn.confirmed_at
        assert confirmed.request_id == applied.request_id
        async with db.reading(SYSTEM) as tx:
            zh = (await notifications.rendered(tx, acknowledged, "zh")).text
        assert "第 1 行 1 件" in zh
        assert zh.count("(UTC+0800)") >= 2

    @pytest.mark.requirement("issue 5: withdrawal function")
    async def test_of_what_has_not_left_cancels_it(self, db: Database) -> None:
        shop = await road.house(db, self.EU)
        order_id = await given.paid_order(db, shop, {"MUG": 2})
        first = await do(db, SYSTEM, talks.state, self.stated(order_id))
        _, (applied,) = await do(db, SYSTEM, talks.confirm, first.id)

        assert (applied.returns, applied.cancelled) == ((), (returns.Cancelled(order_id, {1: 2}),))
        async with db.reading(SYSTEM) as tx:
            assert (await orders.get_one(tx, order_id)).state == "cancelled"

    @pytest.mark.requirement("issue 5: withdrawal function")
    async def test_counts_from_the_first_step(self, db: Database) -> None:
        shop = await road.house(db, self.EU)
        order_id = await given.delivered_order(db, shop)
        first = await do(db, SYSTEM, talks.state, self.stated(order_id))
        late = first.stated_at + timedelta(days=30)
        _, (applied,) = await do_at(db, SYSTEM, late, talks.confirm, first.id)

        assert [one.review_reasons for one in applied.returns] == [["PERSON_ASKED", "OUT_OF_WINDOW"]]

    @pytest.mark.requirement("issue 5: withdrawal function")
    async def test_is_offered_during_the_whole_period_and_no_longer(self, db: Database) -> None:
        shop = await road.house(db, self.EU)
        order_id = await given.delivered_order(db, shop)
        first = await do(db, SYSTEM, talks.terms, order_id)
        assert first.until is not None
        last = await do_at(db, SYSTEM, first.until - timedelta(seconds=1), talks.terms, order_id)
        over = await do_at(db, SYSTEM, first.until, talks.terms, order_id)
        waiting_ = await do(db, SYSTEM, talks.terms, await given.paid_order(db, shop))
        never = await do(db, SYSTEM, talks.terms, await given.paid_order(db, await given.shop(db)))

        assert [one.is_offered for one in (first, last, over, waiting_, never)] == [True, True, False, True, False]
        assert waiting_.until is None

    async def test_needs_a_policy_that_offers_it_a_name_and_a_contact(self, db: Database) -> None:
        plain = await given.paid_order(db, await given.shop(db))
        with pytest.raises(talks.WithdrawalNotOffered):
            await do(db, SYSTEM, talks.state, self.stated(plain))
        order_id = await given.paid_order(db, await road.house(db, self.EU))
        for name, contact in (("", "a@b.c"), ("Anna", " "), ("Anna\0", "a@b.c"), ("A" * 201, "a@b.c")):
            with pytest.raises(talks.WithdrawalUnfit):
                await do(db, SYSTEM, talks.state, talks.State(order_id=order_id, name=name, contact=contact))
        with pytest.raises(orders.LineUnknown):
            await do(db, SYSTEM, talks.state, self.stated(order_id, talks.WithdrawalLine(9, 1)))
        async with db.reading(SYSTEM) as tx:
            assert await refunds.of_orders(tx, [order_id]) == {order_id: []}
