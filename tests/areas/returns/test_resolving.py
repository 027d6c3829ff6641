"""What can be asked for besides sending goods back for their price."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.cases import desk as trouble
from tests.areas.returns import road
from tests.areas.returns.road import applied, refused
from tests.areas.transit import sent

from dingdan.areas import cases, catalog, orders, policies, refunds, returns, transit
from dingdan.areas.fulfilment import sandbox_number
from dingdan.areas.returns import ApplyLine, Decision, Outcome, Resolution
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.page import Page
from dingdan.overviews import return_queue
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

REFUND_ONLY, KEEP, PRICE = Resolution.REFUND_ONLY, Resolution.KEEP, Resolution.PRICE_PROTECTION
ANNA, BELA = (Actor(ActorKind.STAFF, n, permissions=frozenset({"return.decide"})) for n in (7, 8))


class TestRefundOnly:
    @pytest.mark.requirement("R2.1")
    async def test_of_what_has_not_left_is_a_cancellation_at_once(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.paid_order(db, shop, {"MUG": 2, "TEE": 1})
        asked = road.wish(shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1), resolution=REFUND_ONLY)
        preview = await do(db, SYSTEM, returns.preview, asked)
        made = await do(db, SYSTEM, returns.apply, asked)
        await given.settle(db)

        assert [(one.is_cancelled, one.is_approved, one.refund) for one in preview.returns] == [(True, True, 199_00)]
        assert (made.returns, made.cancelled) == ((), (returns.Cancelled(order_id, {1: 1}),))
        async with db.reading(SYSTEM) as tx:
            assert (await orders.lines(tx, [order_id]))[order_id][0].cancelled == 1
            assert (await orders.get_one(tx, order_id)).refunded == 199_00

    @pytest.mark.requirement("R2.1")
    async def test_of_goods_at_hand_needs_a_fault_and_a_person(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        assert await refused(db, shop, ApplyLine(1, order_id=order_id, line_no=1), resolution=REFUND_ONLY) == [
            ("return.refund_only_needs_fault", "lines[0]")
        ]
        held = await applied(db, shop, ApplyLine(1, "SPOILED", order_id, 1), resolution=REFUND_ONLY)
        assert (held.decision, held.review_reasons) == (Decision.REQUESTED, ["FAULT_CLAIMED", "REFUND_ONLY"])

        paid = await do(db, ANNA, returns.approve, held.id)
        refund = await road.refund_of(db, held)
        assert (paid.send_by, paid.outcome) == (None, Outcome.PASSED)
        assert refund is not None
        assert refund.amount == 199_00
        await do(db, BELA, refunds.approve, refund.id)
        await given.settle(db)
        now = await road.now_is(db, held)
        assert (now.outcome, now.journey) == (Outcome.SETTLED, "at_buyer")
        assert await refused(db, shop, ApplyLine(1, order_id=order_id, line_no=1)) == [
            ("return.quantity_exceeded", "lines[0].quantity")
        ]

    @pytest.mark.requirement("R2.2")
    async def test_is_paid_at_once_up_to_what_the_policy_says_with_all_evidence(self, db: Database) -> None:
        terms = policies.Asking(
            refund_only=policies.RefundOnly({"CNY": 90_00}, "HOUSE"),
            shots={"SPOILED": (policies.Shot("fault", "the fault", "问题部位"),)},
        )
        shop = await road.house(db, terms)
        order_id = await given.delivered_order(db, shop, {"TEE": 1, "MUG": 1})
        bare = await applied(db, shop, ApplyLine(1, "SPOILED", order_id, 1), resolution=REFUND_ONLY)
        await do(db, SYSTEM, returns.withdraw, bare.id)
        seen = (await road.shown(db, order_id),)
        small = await applied(db, shop, ApplyLine(1, "SPOILED", order_id, 1), resolution=REFUND_ONLY, evidence=seen)
        large = await applied(db, shop, ApplyLine(1, "SPOILED", order_id, 2), resolution=REFUND_ONLY, evidence=seen)

        assert [one.decision for one in (bare, small, large)] == ["requested", "approved", "requested"]

    @pytest.mark.requirement("R2.1")
    @pytest.mark.parametrize(("fate", "ends"), [
        ("", (Decision.APPROVED, ["INTERCEPTING"])), ("V", (Decision.REQUESTED, ["INTERCEPT_FAILED"])),
    ])  # fmt: skip
    async def test_on_its_way_is_called_back_first(
        self, db: Database, fate: str, ends: tuple[Decision, list[str]]
    ) -> None:
        shop = await given.shop(db)
        parcel = await sent.parcel(db, shop, sandbox_number(1, fate) if fate else sandbox_number(1))
        order_id = parcel.lines[0].order_id
        held = await applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1), resolution=REFUND_ONLY)
        assert (held.decision, held.review_reasons) == (Decision.REQUESTED, ["INTERCEPTING"])
        async with db.reading(SYSTEM) as tx:
            assert (await transit.interceptions(tx, [parcel.id]))[parcel.id].answer is None
        await given.settle(db)

        now = await road.now_is(db, held)
        assert (now.decision, now.review_reasons) == ends

    @pytest.mark.requirement("R2.1")
    async def test_what_no_carrier_calls_back_goes_to_a_person(self, db: Database) -> None:
        shop = await given.shop(db, intercept_on_request=False)
        order_id = await given.shipped_order(db, shop)
        held = await applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1), resolution=REFUND_ONLY)

        assert held.review_reasons == ["INTERCEPT_FAILED"]
        assert await road.now_is(db, held) == held


class TestKeeping:
    @pytest.mark.requirement("W37")
    async def test_for_less_and_returning_later_sums_to_what_was_paid(self, db: Database) -> None:
        shop = await given.shop(db, prices={"SOCK": 36_09})
        order_id = await given.delivered_order(db, shop)
        held = await applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1), resolution=KEEP, wanted=7_22)
        assert held.review_reasons == ["FAULT_CLAIMED", "KEEP_ASKED"]
        await do(db, ANNA, returns.approve, held.id)
        first = await road.refund_of(db, held)
        later = await applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1))
        await do(db, ANNA, returns.approve, later.id)
        await road.received(db, later)
        await road.inspected(db, later, road.fine(1))
        second = await road.refund_of(db, later)

        assert first is not None
        assert second is not None
        assert (first.amount, second.amount) == (7_22, 28_87)

    @pytest.mark.requirement("R4.3")
    async def test_of_a_line_that_was_paid_back_in_full_nothing_more_comes_off(self, db: Database) -> None:
        shop = await given.shop(db, prices={"SOCK": 36_09, "TEE": 89_90})
        order_id = await given.delivered_order(db, shop, {"SOCK": 1, "TEE": 1})
        case = await trouble.trouble(db, order_id)
        await do(db, trouble.MARA, cases.propose, case.id, trouble.refund(amount=36_09))
        await given.settle(db)

        line = ApplyLine(1, "QUALITY_DEFECT", order_id, 1)
        assert await refused(db, shop, line, resolution=KEEP, wanted=1) == [
            ("refund.line_paid_back", "lines[0].line_no")
        ]
        with pytest.raises(refunds.LinePaidBack):
            await do(db, trouble.MARA, cases.propose, case.id, trouble.refund(amount=1))
        # Of what was paid back in part so much can come off as is left.
        await do(db, trouble.MARA, cases.propose, case.id, trouble.refund(2, amount=80_00))
        line = ApplyLine(1, "QUALITY_DEFECT", order_id, 2)
        assert await refused(db, shop, line, resolution=KEEP, wanted=9_91) == [("return.reduction_unfit", "wanted")]
        assert (await applied(db, shop, line, resolution=KEEP, wanted=9_90)).decision is Decision.REQUESTED

    async def test_wants_an_amount_that_fits(self, db: Database) -> None:
        shop = await given.shop(db, prices={"SOCK": 36_09})
        order_id = await given.delivered_order(db, shop)
        line = ApplyLine(1, "QUALITY_DEFECT", order_id, 1)
        for wanted in (None, 0, -1, 36_10):
            assert await refused(db, shop, line, resolution=KEEP, wanted=wanted) == [
                ("return.reduction_unfit", "wanted")
            ]
        assert await refused(db, shop, line, wanted=1) == [("return.reduction_unfit", "wanted")]
        assert await refused(db, shop, line, resolution=Resolution.STORE_CREDIT) == [
            ("return.resolution_not_offered", "resolution")
        ]


class TestPriceProtection:
    PROMISED = policies.Asking(price_protection=policies.PriceProtection(7, "HOUSE"))

    @pytest.mark.requirement("R2.1")
    async def test_pays_the_difference_at_once_and_each_fall_once(self, db: Database) -> None:
        shop = await road.house(db, self.PROMISED)
        order_id = await given.paid_order(db, shop, {"MUG": 2})
        line = ApplyLine(2, "PRICE_DISPUTE", order_id, 1)
        assert await refused(db, shop, line, resolution=PRICE) == [("return.price_not_lower", "lines[0]")]
        paid = []
        for price in (190_00, 180_00):
            await do(db, SYSTEM, catalog.save_prices, [
                catalog.SavePrice(merchant_id=shop.merchant_id, sku="MUG", currency="CNY", amount=price)
            ])  # fmt: skip
            held = await applied(db, shop, line, resolution=PRICE)
            refund = await road.refund_of(db, held)
            assert (held.decision, held.rules) == (Decision.APPROVED, ["HOUSE"])
            assert refund is not None
            paid.append(refund.amount)
        assert paid == [18_00, 20_00]
        assert await refused(db, shop, line, resolution=PRICE) == [("return.price_not_lower", "lines[0]")]

    async def test_needs_a_promise_and_is_over_with_it(self, db: Database) -> None:
        plain = await given.shop(db)
        order_id = await given.paid_order(db, plain)
        line = ApplyLine(1, "PRICE_DISPUTE", order_id, 1)
        assert await refused(db, plain, line, resolution=PRICE) == [("policy.price_not_protected", "lines[0]")]
        shop = await road.house(db, self.PROMISED)
        order_id = await given.paid_order(db, shop)
        async with db.reading(SYSTEM) as tx:
            placed_at = (await orders.get_one(tx, order_id)).placed_at
        asked = road.wish(shop, ApplyLine(1, "PRICE_DISPUTE", order_id, 1), resolution=PRICE)
        with pytest.raises(policies.PriceProtectionOver):
            await do_at(db, SYSTEM, placed_at + timedelta(days=7), returns.apply, asked)


class TestAttempts:
    @pytest.mark.requirement("R2.8")
    async def test_end_but_never_the_laws_own_right(self, db: Database) -> None:
        shop = await road.house(db, policies.Asking(attempts=1))
        order_id = await given.delivered_order(db, shop)
        fault = ApplyLine(1, "QUALITY_DEFECT", order_id, 1)
        held = await applied(db, shop, fault, resolution=REFUND_ONLY)
        await do(db, SYSTEM, returns.withdraw, held.id)

        assert await refused(db, shop, fault, resolution=REFUND_ONLY) == [("return.too_many_attempts", "lines[0]")]
        asked = await applied(db, shop, fault, resolution=REFUND_ONLY, ask_person=True)
        assert "MANY_ATTEMPTS" in asked.review_reasons
        await do(db, SYSTEM, returns.withdraw, asked.id)
        assert (await applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1))).decision == "approved"


class TestAPerson:
    @pytest.mark.requirement("R2.9")
    async def test_looks_where_the_rules_say_no_and_never_by_silence(self, db: Database) -> None:
        shop = await given.shop(db, flags=("perishable",))
        order_id = await given.delivered_order(db, shop, {"SOCK": 1})
        line = ApplyLine(1, order_id=order_id, line_no=1)
        assert await refused(db, shop, line) == [("return.excluded_by_law", "lines[0]")]
        held = await applied(db, shop, line, ask_person=True)

        assert held.review_reasons == ["PERSON_ASKED", "EXCLUDED_BY_LAW"]
        late = held.requested_at + timedelta(hours=48, minutes=1)
        await deadlines.run_due(db, returns.REVIEW, returns.time_out_review, at=late)
        assert (await road.now_is(db, held)).escalated

    @pytest.mark.requirement("R2.5")
    async def test_who_said_no_does_not_judge_the_appeal(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        held = await applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1))
        no = {"reason": "EVIDENCE_INSUFFICIENT", "rule": "CN_QUALITY", "alternatives": ["repair"]}
        await do(db, ANNA, returns.refuse, held.id, **no)
        again = await do(db, SYSTEM, returns.appeal, held.id)
        assert (again.decision, again.review_reasons) == ("requested", ["FAULT_CLAIMED", "APPEALED"])
        with pytest.raises(returns.SameHand):
            await do(db, ANNA, returns.refuse, held.id, **no)
        await do(db, BELA, returns.refuse, held.id, **no)
        with pytest.raises(returns.AppealOver):
            await do(db, SYSTEM, returns.appeal, held.id)

    @pytest.mark.requirement("R2.5")
    async def test_an_appeal_has_its_days_and_takes_no_unit_twice(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        held = await applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1))
        refused_ = await do(db, ANNA, returns.refuse, held.id, reason="NOT_INTACT", rule="CN_QUALITY",
                            alternatives=["repair"])  # fmt: skip
        assert refused_.decided_at is not None
        with pytest.raises(returns.AppealOver):
            await do_at(db, SYSTEM, refused_.decided_at + timedelta(days=7, seconds=1), returns.appeal, held.id)
        await applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1))
        with pytest.raises(returns.QuantityExceeded):
            await do(db, SYSTEM, returns.appeal, held.id)

    @pytest.mark.requirement("R2.3")
    async def test_refuses_a_return_without_a_reason_only_on_the_laws_grounds(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        held = await applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1, claimed_unit_price=1))
        with pytest.raises(returns.RefusalUnfounded) as caught:
            await do(db, ANNA, returns.refuse, held.id, reason="EVIDENCE_INSUFFICIENT", rule="CN_NO_REASON",
                     alternatives=["repair"])  # fmt: skip
        assert caught.value.path == "reason"


class TestChanging:
    @pytest.mark.requirement("R2.8")
    async def test_is_judged_anew_and_keeps_its_clock(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop, {"MUG": 2})
        held = await applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1))
        more = road.wish(shop, ApplyLine(2, "FUNCTION_FAULT", order_id, 1), resolution=KEEP, wanted=100)
        changed = await do(db, SYSTEM, returns.change, held.id, more)
        assert changed == await road.now_is(db, held)
        assert (changed.resolution, changed.review_reasons) == (KEEP, ["FAULT_CLAIMED", "KEEP_ASKED"])
        async with db.reading(SYSTEM) as tx:
            (line,) = (await returns.lines(tx, [changed]))[held.id]
            (due,) = await deadlines.of_subjects(tx, [held.id])
        assert (line.quantity, line.reason, line.off) == (2, "FUNCTION_FAULT", 100)
        assert due.at == held.requested_at + timedelta(hours=48)

        plain = await do(
            db, SYSTEM, returns.change, held.id, road.wish(shop, ApplyLine(1, order_id=order_id, line_no=1))
        )
        assert (plain.decision, plain.resolution) == (Decision.APPROVED, Resolution.REFUND)
        with pytest.raises(returns.StateForbids):
            await do(db, SYSTEM, returns.change, held.id, more)

    async def test_stays_with_its_order(self, db: Database) -> None:
        shop = await given.shop(db)
        ids = [await given.delivered_order(db, shop) for _ in range(2)]
        held = await applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", ids[0], 1))
        with pytest.raises(returns.NotTheSameOrder):
            await do(db, SYSTEM, returns.change, held.id, road.wish(shop, ApplyLine(1, order_id=ids[1], line_no=1)))
        assert await road.now_is(db, held) == held


class TestSilenceOverSmallThings:
    @pytest.mark.requirement("R2.2")
    @pytest.mark.parametrize(("sku", "is_shown", "ends"), [
        ("SOCK", True, "approved"), ("SOCK", False, "requested"), ("GOLD", True, "requested"),
    ])  # fmt: skip
    async def test_is_a_yes_up_to_an_amount_where_all_was_shown(
        self, db: Database, sku: str, is_shown: bool, ends: str
    ) -> None:
        prices = {"SOCK": 500_00, "GOLD": 500_01}
        shop = await given.shop(db, prices=prices, flags=("perishable",))
        order_id = await given.delivered_order(db, shop, {sku: 1})
        seen = (await road.shown(db, order_id),) if is_shown else ()
        held = await applied(db, shop, ApplyLine(1, "SPOILED", order_id, 1), evidence=seen)
        late = held.requested_at + timedelta(hours=48, minutes=1)
        await deadlines.run_due(db, returns.REVIEW, returns.time_out_review, at=late)

        now = await road.now_is(db, held)
        assert (now.decision, now.escalated) == (ends, ends == "requested")


@pytest.mark.requirement("R2.2")
async def test_the_queue_shows_what_is_due_first_page_by_page(db: Database) -> None:
    shop = await given.shop(db)
    held = [
        await applied(db, shop, ApplyLine(1, reason, await given.delivered_order(db, shop), 1))
        for reason in ("QUALITY_DEFECT", "OTHER", "QUALITY_DEFECT")
    ]
    keep = road.wish(shop, ApplyLine(1, "QUALITY_DEFECT", held[2].order_id, 1), resolution=KEEP, wanted=1)
    await do(db, SYSTEM, returns.change, held[2].id, keep)
    await do(db, SYSTEM, returns.time_out_review, [held[2].id])
    await do(db, SYSTEM, deadlines.call_off, returns.REVIEW, [held[2].id])
    await do(db, ANNA, returns.approve, held[1].id)
    mine = return_queue.Filter(merchant_id=shop.merchant_id)
    async with db.reading(SYSTEM) as tx:
        first = await return_queue.page(tx, mine, Page(limit=1, after=None))
        rest = await return_queue.page(tx, mine, Page(limit=1, after=first[0].id))
        none = await return_queue.page(tx, return_queue.Filter(reason="OPEN_REASON"), Page(limit=9, after=None))

    # What has no clock any more has waited longest.
    assert [row.id for row in first] == [held[2].id, held[0].id]
    assert [(row.id, row.is_paused, row.paid, row.units) for row in rest] == [(held[0].id, False, 199_00, 1)]
    assert none == []
