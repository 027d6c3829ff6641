"""What follows from a flag: it really acts, it is written down, and no right, refund or clock of any law changes by it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace
from tests import given
from tests.areas.abuse import suspects
from tests.areas.abuse.suspects import ANNA, BELA, suspected, taken
from tests.areas.returns import bench, road

from dingdan.areas import abuse, catalog, inspection, merchants, orders, policies, refunds, returns, talks
from dingdan.areas.abuse import Measure
from dingdan.areas.returns import ApplyLine, Decision, Inspect, Resolution
from dingdan.areas.returns.model import MORE_TIME
from dingdan.areas.returns.rules.eligibility import facts_of, is_left_to_us
from dingdan.areas.returns.rules.matching import Part, Purchase
from dingdan.kernel.actor import SYSTEM, Actor
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

PACKS = {one.jurisdiction: one for one in policies.packs()}


class TestAPersonDecides:
    TERMS = policies.Asking(refund_only=policies.RefundOnly({"CNY": 90_00}, "HOUSE"))

    @pytest.mark.requirement("R7.2")
    async def test_what_the_shop_alone_would_have_granted_by_itself(self, db: Database) -> None:
        shop = await road.house(db, self.TERMS)
        order_id = await given.delivered_order(db, shop, {"TEE": 2})
        line, more = ApplyLine(1, "SPOILED", order_id, 1), {"resolution": Resolution.REFUND_ONLY}
        seen = (await road.shown(db, order_id),)
        free = await road.applied(db, shop, line, evidence=seen, **more)
        flag = await suspected(db, order_id, 2)
        preview = await do(db, SYSTEM, returns.preview, road.wish(shop, line, evidence=seen, **more))
        assert await taken(db, flag) == []
        held = await road.applied(db, shop, line, evidence=seen, **more)

        assert (free.decision, held.decision) == (Decision.APPROVED, Decision.REQUESTED)
        assert (preview.returns[0].is_approved, preview.returns[0].review_reasons[-1]) == (False, MORE_TIME)
        assert held.review_reasons[-1] == MORE_TIME
        assert await taken(db, flag) == [Measure.PERSON]
        # A person may grant it all the same.
        assert (await do(db, ANNA, returns.approve, held.id)).decision is Decision.APPROVED

    @pytest.mark.requirement("R7.2")
    async def test_only_beyond_the_days_of_the_law(self, db: Database) -> None:
        law = PACKS["CN"].no_reason
        longer = {"no_reason": replace(law, window=replace(law.window, days=30))}
        shop = await bench.shop(db, parts=longer)
        order_id = await given.delivered_order(db, shop, {"TEE": 3})
        flag = await suspected(db, order_id, 3)
        line = ApplyLine(1, "NO_REASON", order_id, 1)
        within = await road.applied(db, shop, line)
        async with db.reading(SYSTEM) as tx:
            later = tx.now + timedelta(days=12)
        beyond = await road.applied(db, shop, line, at=later)

        assert (within.decision, within.review_reasons) == (Decision.APPROVED, [])
        assert (beyond.decision, beyond.review_reasons) == (Decision.REQUESTED, [MORE_TIME])
        assert await taken(db, flag) == [Measure.PERSON]

    @pytest.mark.requirement("R7.2")
    async def test_and_not_silence_of_small_amounts_but_silence_of_the_law(self, db: Database) -> None:
        shop = await road.house(db, policies.Asking(silence_up_to={"CNY": 900_00}))
        order_id = await given.delivered_order(db, shop, {"TEE": 1})
        await suspected(db, order_id, 2)
        seen = tuple([await road.shown(db, order_id, mark=mark) for mark in "ab"])
        by_law = await road.applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1), evidence=seen)
        assert by_law.review_reasons == ["FAULT_CLAIMED", MORE_TIME]
        await do(db, SYSTEM, returns.time_out_review, [by_law.id])
        # It could have come back without any reason: whatever is held against them, silence is a yes.
        assert (await road.now_is(db, by_law)).decision is Decision.APPROVED

    @pytest.mark.requirement("R7.2")
    async def test_a_price_that_fell_too(self, db: Database) -> None:
        shop = await road.house(db, policies.Asking(price_protection=policies.PriceProtection(7, "HOUSE")))
        order_id = await given.paid_order(db, shop, {"MUG": 1})
        await suspected(db, order_id, 2)
        await do(db, SYSTEM, catalog.save_prices, [
            catalog.SavePrice(merchant_id=shop.merchant_id, sku="MUG", currency="CNY", amount=190_00)
        ])  # fmt: skip
        asked = ApplyLine(1, "PRICE_DISPUTE", order_id, 1)
        held = await road.applied(db, shop, asked, resolution=Resolution.PRICE_PROTECTION)
        assert (held.decision, held.review_reasons) == (Decision.REQUESTED, [MORE_TIME])

    @pytest.mark.requirement("R7.4")
    async def test_or_nobody_where_the_flag_is_lifted_at_that_moment(self, db: Database) -> None:
        shop = await road.house(db, self.TERMS)
        for n in range(3):
            buyer = f"buyer-{n}"
            order_id = await suspects.delivered(db, shop, buyer, lines={"TEE": 1})
            flag, seen = await suspected(db, order_id, 2), (await road.shown(db, order_id, mark=str(n)),)
            asked = ApplyLine(1, "SPOILED", order_id, 1)
            more = {"buyer": buyer, "evidence": seen, "resolution": Resolution.REFUND_ONLY}
            held, _ = await asyncio.gather(
                road.applied(db, shop, asked, **more),
                do(db, ANNA, abuse.lift, flag.id, parts=flag.parts, reason="honest"),
            )
            # Whatever acted did so by a flag that went on, and whoever was free of it was let through.
            is_held = MORE_TIME in held.review_reasons
            assert (await taken(db, flag) == [Measure.PERSON]) is is_held
            assert held.decision is (Decision.REQUESTED if is_held else Decision.APPROVED)


class TestMoneyBeforeTheGoods:
    EARLY = {"early_refund": policies.EarlyRefund(most=20_000, completed_orders=0)}  # noqa: RUF012

    @pytest.mark.requirement("R7.2")
    async def test_waits_and_comes_when_they_were_looked_at(self, db: Database) -> None:
        shop = await bench.shop(db, parts=self.EARLY)
        held = await bench.returning(db, shop)
        flag = await suspected(db, held.order_id)
        await road.sent(db, held, "EARLY-1")
        await given.settle(db)
        assert (await road.now_is(db, held)).paid_early_at is None
        assert await taken(db, flag) == [Measure.HOLD_EARLY]
        await do(db, ANNA, abuse.lift, flag.id, parts=1, reason="honest")

        free = await bench.returning(db, shop)
        await road.sent(db, free, "EARLY-2")
        await given.settle(db)
        assert (await road.now_is(db, free)).paid_early_at is not None


class TestASecondLook:
    @pytest.mark.requirement("R7.2")
    async def test_is_taken_by_somebody_else(self, db: Database) -> None:
        shop = await given.shop(db)
        held = await bench.returning(db, shop)
        flag = await suspected(db, held.order_id)
        await road.received(db, held)
        (first,) = await do(db, bench.ANN, returns.inspect, [Inspect(held.id, (road.fine(1),))])
        assert (first.result, first.needs) == ("needs_second", ("watched",))
        assert await taken(db, flag) == [Measure.EXTRA_LOOK]
        with pytest.raises(inspection.SamePerson):
            await do(db, bench.ANN, returns.confirm, held.id)
        done = await do(db, bench.BEN, returns.confirm, held.id)
        assert (done.result, done.refund) == ("pass", 199_00)

    @pytest.mark.requirement("R7.2")
    @pytest.mark.parametrize("first", [bench.ANN, SYSTEM], ids=["a person", "the system"])
    async def test_never_makes_the_money_late(self, db: Database, first: Actor) -> None:
        shop = await given.shop(db)
        waiting, late = await bench.returning(db, shop), await bench.returning(db, shop)
        await suspected(db, waiting.order_id)
        for held in (waiting, late):
            await road.received(db, held)
        await do(db, first, returns.inspect, [Inspect(waiting.id, (road.fine(1),))])
        async with db.reading(SYSTEM) as tx:
            clocks = {one.kind: one.at for one in await deadlines.of_subjects(tx, [waiting.id])}
            left = clocks["return.refund_by"] - tx.now - timedelta(hours=72)
        await bench.later(db, left - timedelta(hours=1))
        assert (await road.now_is(db, waiting)).outcome == "open"
        # Three days before the money is due, the first look counts.
        await bench.later(db, timedelta(hours=2))
        assert (await road.now_is(db, waiting)).outcome == "settled"
        async with db.reading(SYSTEM) as tx:
            assert [one.kind for one in (await inspection.looks_of(tx, [waiting.id]))[waiting.id]] == ["first"]
        (alone,) = await do(db, first, returns.inspect, [Inspect(late.id, (road.fine(1),))])
        assert alone.result == "pass"


class TestWhatNobodyOwes:
    KEEP = talks.Propose(talks.OfferKind.KEEP, 10_00)

    @pytest.mark.requirement("R7.2")
    async def test_is_not_offered_once_two_people_said_so(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop, {"TEE": 3})
        claimed = ApplyLine(1, "NO_REASON", order_id, 1, claimed_unit_price=1)
        held = await road.applied(db, shop, claimed)
        flag = await suspects.flagged(db, order_id, *suspects.LEVELS[3])
        one = await do(db, SYSTEM, talks.offer, held.id, self.KEEP, side=talks.Side.SELLER)
        await do(db, SYSTEM, talks.take_back, one.id, side=talks.Side.SELLER)
        for person in (ANNA, BELA):
            flag = await do(db, person, abuse.confirm, flag.id, parts=flag.parts)
        with pytest.raises(talks.OfferRests):
            await do(db, SYSTEM, talks.offer, held.id, self.KEEP, side=talks.Side.SELLER)
        # The buyer may ask for it; and where the seller may be at fault it may be owed.
        await do(db, SYSTEM, talks.offer, held.id, self.KEEP, side=talks.Side.BUYER)
        fault = await road.applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1))
        await do(db, SYSTEM, talks.offer, fault.id, self.KEEP, side=talks.Side.SELLER)


class TestNoLaw:
    @pytest.mark.requirement("R7.2")
    @pytest.mark.parametrize("law", PACKS)
    async def test_gives_anybody_less_whatever_is_held_against_them(self, db: Database, law: str) -> None:
        shop = await given.shop(db)
        await do(db, SYSTEM, _under, shop, PACKS[law].id)
        told = {}
        for buyer in ("honest", "suspect"):
            order_id = await suspects.delivered(db, shop, buyer, lines={"MUG": 2})
            if buyer == "suspect":
                await suspected(db, order_id, 3)
            told[buyer] = [
                await _road_back(db, shop, ApplyLine(1, reason, order_id, 1), buyer)
                for reason in ("NO_REASON", "QUALITY_DEFECT")
            ]
        for (one, clocks), (other, others) in zip(told["suspect"], told["honest"], strict=True):
            assert one == other
            assert clocks == pytest.approx(others, abs=10)

    @pytest.mark.requirement("R7.2")
    @for_all(
        st.sampled_from(sorted(PACKS)), st.integers(0, 800), st.sampled_from(["home", "food/fruit", "clothing"]),
        st.sampled_from([(), ("custom",), ("perishable",), ("intimate",)]), st.data(),
    )  # fmt: skip
    def test_has_a_person_between_a_buyer_and_what_it_gives_by_itself(
        self, law: str, hours: int, category: str, flags: tuple[str, ...], data: Any
    ) -> None:
        pack = PACKS[law]
        reason = data.draw(st.sampled_from(sorted(pack.reasons)))
        part = _part(pack, reason, hours=hours, category=category, flags=flags)
        if part.verdict.is_allowed and not part.verdict.needs_review:
            assert not is_left_to_us([part], pack, resolution=Resolution.REFUND, now=AT + timedelta(hours=hours))

    @pytest.mark.requirement("R7.2")
    async def test_lets_anybody_say_no_because_somebody_is_suspected(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop, {"TEE": 2})
        await suspected(db, order_id, 2)
        for line in (
            ApplyLine(1, "NO_REASON", order_id, 1, claimed_unit_price=1),
            ApplyLine(1, "QUALITY_DEFECT", order_id, 1),
        ):
            held = await road.applied(db, shop, line)
            with pytest.raises(returns.RefusalUnfounded):
                await do(db, ANNA, returns.refuse, held.id, reason="ABUSE_HOLD", rule="CN_QUALITY",
                         alternatives=["exchange"])  # fmt: skip


AT = datetime(2026, 12, 1, 4, tzinfo=UTC)


def _part(pack: policies.PolicyDocument, reason: str, *, hours: int, category: str, flags: tuple[str, ...]) -> Part:
    """Units that came at `AT` and are asked back so many hours later, judged by the pack itself."""
    bought = Purchase(
        order_id=1, line_no=1, merchant_id=1, buyer_id=1, warehouse_id=1, product_id=1, sku="S", category=category,
        flags=flags, placed_at=AT - timedelta(days=2), delivered_at=AT, ended=None, quantity=1, shipped=1, net=100,
        is_confirmed=False, policy_id=1, currency="CNY", received_at=AT,
    )  # fmt: skip
    facts = facts_of(bought, reason, AT + timedelta(hours=hours))
    return Part(bought, 1, reason, None, policies.judge(pack, facts))


async def _under(tx: Tx, shop: given.Shop, policy: str) -> None:
    """From now on the shop sells under this pack."""
    owner = (await merchants.by_ids(tx, [shop.merchant_id]))[shop.merchant_id]
    await merchants.save(tx, merchants.SaveMerchant(
        code=owner.code, name=owner.name, zone=owner.zone, currency=owner.currency, policy=policy, settings=owner.settings,
    ))  # fmt: skip


async def _road_back(
    db: Database, shop: given.Shop, line: ApplyLine, buyer: str
) -> tuple[dict[str, Any], dict[str, float]]:
    """All that a law cares about of one return: the decision, the reasons and the money; and every clock, in minutes."""
    asked = road.wish(shop, line, buyer=buyer)
    preview = (await do(db, SYSTEM, returns.preview, asked)).returns[0]
    held = await road.applied(db, shop, line, buyer=buyer)
    clocks = await _clocks(db, held)
    if held.decision is Decision.REQUESTED:
        await do(db, ANNA, returns.approve, held.id)
    await road.sent(db, held, f"BACK-{held.id}")
    await road.received(db, held)
    clocks |= await _clocks(db, held)
    (first,) = await do(db, bench.ANN, returns.inspect, [Inspect(held.id, (road.fine(1),))])
    done = first if first.inspection_id is not None else await do(db, bench.BEN, returns.confirm, held.id)
    await given.settle(db)
    now = await road.now_is(db, held)
    async with db.reading(SYSTEM) as tx:
        refund = (await refunds.get(tx, [now.refund_id]))[now.refund_id] if now.refund_id else None
        order = await orders.get_one(tx, held.order_id)
    gist = {
        "decision": held.decision, "looks": [one for one in held.review_reasons if one != MORE_TIME], "rules": held.rules,
        "previewed": preview.refund, "way_back": preview.way_back, "found": done.result,
        "refund": refund and (refund.amount, refund.state), "ended": (now.decision, now.outcome), "currency": order.currency,
        "refund_days": preview.refund_days,
    }  # fmt: skip
    return gist, clocks


async def _clocks(db: Database, held: returns.Return) -> dict[str, float]:
    """How many minutes after the return was asked for each of its clocks is over."""
    async with db.reading(SYSTEM) as tx:
        found = await deadlines.of_subjects(tx, [held.id])
    return {one.kind: (one.at - held.requested_at).total_seconds() / 60 for one in found if one.at is not None}
