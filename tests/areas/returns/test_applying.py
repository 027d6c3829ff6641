"""The buyer asks, on a real database."""

import asyncio
from datetime import timedelta

import pytest
from tests import given
from tests.areas.returns import road
from tests.areas.returns.road import applied, refused, wish

from dingdan.areas import catalog, orders, returns
from dingdan.areas.returns import ApplyLine, Decision
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at


async def order_of(db: Database, order_id: int) -> orders.Order:
    async with db.transaction(SYSTEM) as tx:
        return await orders.get_one(tx, order_id)


async def dues(db: Database, held: returns.Return) -> dict[str, object]:
    async with db.transaction(SYSTEM) as tx:
        return {due.kind: due.at for due in await deadlines.of_subjects(tx, [held.id])}


class TestWhatThePolicyAllows:
    @pytest.mark.requirement("R2.4")
    async def test_is_approved_at_once_with_where_to_send_it_and_until_when(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop, {"MUG": 2})
        held = await applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1))

        assert (held.decision, held.review_reasons) == (Decision.APPROVED, [])
        assert await road.now_is(db, held) == held
        assert await dues(db, held) == {"return.send_by": held.send_by}
        async with db.transaction(SYSTEM) as tx:
            how = (await returns.instructions(tx, [held.id]))[held.id]
        assert (how.address, how.send_by) == (given.ADDRESS, held.send_by)
        assert await road.wires(db, held) == ["requested", "approved"]

    @pytest.mark.requirement("R2.3")
    async def test_names_the_rules_and_the_version_of_the_policy_it_rests_on(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        held = await applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1))

        assert held.policy_id == (await order_of(db, order_id)).policy_id
        assert "CN_NO_REASON" in held.rules
        async with db.transaction(SYSTEM) as tx:
            rule = await tx.fetchval(
                "SELECT rule FROM facts WHERE wire = 'return.approved' AND subject_id = $1", held.id
            )
        assert "CN_NO_REASON" in rule

    @pytest.mark.requirement("W61")
    async def test_includes_orders_that_were_completed_long_before_the_window_ends(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        await do(db, SYSTEM, orders.receive, order_id)
        arrived = (await order_of(db, order_id)).delivered_at
        assert arrived is not None
        held = await applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1), at=arrived + timedelta(days=7))

        assert held.decision is Decision.APPROVED

    @pytest.mark.requirement("R2.2")
    async def test_a_claimed_fault_waits_for_a_person_until_the_promised_time(self, db: Database) -> None:
        shop = await given.shop(db, review_limit_hours=24)
        order_id = await given.delivered_order(db, shop)
        held = await applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1))

        assert (held.decision, held.review_reasons) == (Decision.REQUESTED, ["FAULT_CLAIMED"])
        assert await dues(db, held) == {"return.review": held.requested_at + timedelta(hours=24)}

    @pytest.mark.requirement("R2.1")
    async def test_opens_one_return_for_each_order_of_an_application(self, db: Database) -> None:
        shop = await given.shop(db)
        ids = [await given.delivered_order(db, shop, {"MUG": 1, "TEE": 1}) for _ in range(2)]
        made = await do(db, SYSTEM, returns.apply, wish(
            shop, ApplyLine(1, order_id=ids[0], line_no=1), ApplyLine(1, order_id=ids[1], line_no=2),
            ApplyLine(1, order_id=ids[0], line_no=2),
        ))  # fmt: skip

        async with db.transaction(SYSTEM) as tx:
            lines = await returns.lines(tx, made.returns)
        assert {r.order_id: [line.line_no for line in lines[r.id]] for r in made.returns} == {
            ids[0]: [1, 2],
            ids[1]: [2],
        }


class TestWhatIsRefused:
    @pytest.mark.requirement("R2.5")
    async def test_says_everything_at_once_with_paths_and_writes_nothing(self, db: Database) -> None:
        shop = await given.shop(db)
        mine = await given.delivered_order(db, shop, {"MUG": 2})
        theirs = await given.delivered_order(db, shop, {"MUG": 1}, buyer="somebody")
        unshipped = await given.paid_order(db, shop, {"TEE": 1})

        assert await refused(
            db, shop,
            ApplyLine(1, order_id=mine, line_no=1),
            ApplyLine(3, order_id=mine, line_no=1),
            ApplyLine(1, order_id=mine, line_no=9),
            ApplyLine(1, order_id=12345, line_no=1),
            ApplyLine(1, order_id=theirs, line_no=1),
            ApplyLine(1, order_id=unshipped, line_no=1),
            ApplyLine(1, sku="SOCK"),
            ApplyLine(0, sku="MUG", claimed_unit_price=-1),
            ApplyLine(1),
            ApplyLine(1, "BECAUSE", mine, 1),
        ) == [
            ("return.quantity_exceeded", "lines[1].quantity"),
            ("return.line_unknown", "lines[2].line_no"),
            ("return.line_unknown", "lines[3].order_id"),
            ("return.not_this_buyer", "lines[4].order_id"),
            ("return.not_shipped", "lines[5].order_id"),
            ("return.no_such_purchase", "lines[6].sku"),
            ("return.quantity_unfit", "lines[7].quantity"),
            ("return.quantity_unfit", "lines[7].claimed_unit_price"),
            ("return.line_unnamed", "lines[8]"),
            ("policy.reason_unknown", "lines[9].reason"),
        ]  # fmt: skip
        async with db.transaction(SYSTEM) as tx:
            assert await tx.fetchval("SELECT count(*) FROM return_requests") == 0

    @pytest.mark.requirement("R2.5")
    async def test_after_the_window_names_rule_article_and_what_can_be_done(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        late = (await order_of(db, order_id)).placed_at + timedelta(days=30)

        with pytest.raises(returns.OutOfWindow) as caught:
            await do_at(db, SYSTEM, late, returns.apply, wish(shop, ApplyLine(1, order_id=order_id, line_no=1)))

        message, remedy = caught.value.message.filled(caught.value.params), caught.value.remedy
        assert "CN_NO_REASON" in message.en
        assert "CPL 25(1)" in message.zh
        assert "{" not in message.en + message.zh
        assert "人工复核" in remedy.zh

    async def test_goods_that_only_the_buyer_says_are_here_do_not_come_back_for_ever(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.shipped_order(db, shop)
        await do(db, SYSTEM, orders.receive, order_id)
        received = (await order_of(db, order_id)).received_at
        assert received is not None
        line = ApplyLine(1, order_id=order_id, line_no=1)

        with pytest.raises(returns.OutOfWindow):
            await do_at(db, SYSTEM, received + timedelta(days=30), returns.apply, wish(shop, line))
        assert (await applied(db, shop, line, at=received + timedelta(days=7))).decision is Decision.APPROVED

    @pytest.mark.requirement("R2.5")
    @pytest.mark.parametrize(
        ("flags", "code"),
        [(("perishable",), "return.excluded_by_law"), (("custom_made",), "return.excluded_by_law")],
    )
    async def test_goods_that_the_law_excludes_come_back_for_a_fault_only(
        self, db: Database, flags: tuple[str, ...], code: str
    ) -> None:
        shop = await given.shop(db, flags=flags)
        order_id = await given.delivered_order(db, shop)

        assert await refused(db, shop, ApplyLine(1, order_id=order_id, line_no=1)) == [(code, "lines[0]")]
        assert (await applied(db, shop, ApplyLine(1, "SPOILED", order_id, 1))).decision is Decision.REQUESTED

    async def test_a_cancelled_order_has_nothing_to_return(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.paid_order(db, shop)
        await do(db, SYSTEM, orders.cancel, order_id, reason="changed_mind")

        assert await refused(db, shop, ApplyLine(1, sku="MUG")) == [("return.order_ended", "lines[0].sku")]

    async def test_nothing_is_returned_before_it_was_bought(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        early = (await order_of(db, order_id)).placed_at - timedelta(days=1)

        for line, path in ((ApplyLine(1, sku="MUG"), "sku"), (ApplyLine(1, order_id=order_id, line_no=1), "order_id")):
            with pytest.raises(returns.BeforePurchase) as caught:
                await do_at(db, SYSTEM, early, returns.apply, wish(shop, line))
            assert caught.value.path == f"lines[0].{path}"

    async def test_another_merchants_buyers_and_orders_do_not_exist(self, db: Database) -> None:
        shop, other = await given.shop(db), await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        stranger = Actor(ActorKind.KEY, 1, "k", other.merchant_id)

        with pytest.raises(Refusal) as caught:
            await do(db, stranger, returns.apply, wish(shop, ApplyLine(1, order_id=order_id, line_no=1)))
        assert caught.value.path == "merchant_id"
        with pytest.raises(returns.LineUnknown):
            await do(db, SYSTEM, returns.apply, wish(other, ApplyLine(1, order_id=order_id, line_no=1)))

    async def test_an_application_for_nothing_is_none(self, db: Database) -> None:
        assert await refused(db, await given.shop(db)) == [("return.request_empty", "lines")]

    async def test_one_line_with_two_stories_is_two_applications(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop, {"MUG": 2})
        plain, worn = ApplyLine(1, order_id=order_id, line_no=1), ApplyLine(1, "QUALITY_DEFECT", order_id, 1)

        assert await refused(db, shop, plain, worn) == [("return.line_repeated", "lines[1]")]
        held = await applied(db, shop, plain, plain)
        async with db.transaction(SYSTEM) as tx:
            assert [line.quantity for line in (await returns.lines(tx, [held]))[held.id]] == [2]


class TestWithoutAnOrderNumber:
    async def test_the_purchase_at_the_claimed_price_is_found(self, db: Database) -> None:
        shop = await given.shop(db)
        dear = await given.delivered_order(db, shop, {"MUG": 1})
        await reprice(db, shop, "MUG", 15000)
        cheap = await given.delivered_order(db, shop, {"MUG": 1})

        assert (await applied(db, shop, ApplyLine(1, sku="MUG", claimed_unit_price=19900))).order_id == dear
        assert (await applied(db, shop, ApplyLine(1, sku="MUG", claimed_unit_price=15000))).order_id == cheap

    async def test_units_of_several_purchases_are_put_together_latest_first(self, db: Database) -> None:
        shop = await given.shop(db)
        ids = [await given.delivered_order(db, shop, {"MUG": 2}) for _ in range(3)]
        made = await do(db, SYSTEM, returns.apply, wish(shop, ApplyLine(5, sku="MUG")))

        assert [r.order_id for r in made.returns] == ids[::-1]
        assert await refused(db, shop, ApplyLine(2, sku="MUG")) == [("return.quantity_exceeded", "lines[0].quantity")]

    @pytest.mark.requirement("R2.2")
    async def test_a_price_that_was_never_paid_waits_for_a_person(self, db: Database) -> None:
        shop = await given.shop(db)
        await given.delivered_order(db, shop, {"MUG": 1})
        held = await applied(db, shop, ApplyLine(1, sku="MUG", claimed_unit_price=29900))

        assert (held.decision, held.review_reasons) == (Decision.REQUESTED, [returns.PRICE_MISMATCH])

    async def test_a_merchant_may_leave_claimed_prices_alone(self, db: Database) -> None:
        shop = await given.shop(db, review_price_claims=False)
        await given.delivered_order(db, shop, {"MUG": 1})

        assert (
            await applied(db, shop, ApplyLine(1, sku="MUG", claimed_unit_price=29900))
        ).decision is Decision.APPROVED

    async def test_a_purchase_that_may_come_back_is_meant_before_one_that_may_not(self, db: Database) -> None:
        shop = await given.shop(db)
        old = await given.delivered_order(db, shop, {"MUG": 1})
        async with db.transaction(SYSTEM) as tx:
            await tx.execute("UPDATE orders SET delivered_at = delivered_at - interval '60 days' WHERE id = $1", old)
        new = await given.delivered_order(db, shop, {"MUG": 3})

        assert (await applied(db, shop, ApplyLine(1, sku="MUG"))).order_id == new


class TestEveryUnitOnce:
    @pytest.mark.requirement("R2.1")
    async def test_what_is_in_a_return_is_in_no_other_until_it_is_free_again(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop, {"MUG": 2})
        one = ApplyLine(1, order_id=order_id, line_no=1)
        first, second = await applied(db, shop, one), await applied(db, shop, one)
        assert await refused(db, shop, one) == [("return.quantity_exceeded", "lines[0].quantity")]

        await do(db, SYSTEM, returns.withdraw, first.id)
        third = await applied(db, shop, one)
        await do(db, SYSTEM, returns.lapse, [second.id])
        await applied(db, shop, one)
        assert await refused(db, shop, one) == [("return.quantity_exceeded", "lines[0].quantity")]
        assert third.id != first.id

    @pytest.mark.requirement("issue 5: races")
    async def test_two_applications_for_the_last_unit_are_one_return(self, db: Database) -> None:
        shop = await given.shop(db)
        for n in range(6):
            order_id = await given.delivered_order(db, shop, {"MUG": 1}, buyer=f"b{n}")
            asked = wish(shop, ApplyLine(1, order_id=order_id, line_no=1), buyer=f"b{n}")
            ended = await asyncio.gather(
                *(do(db, SYSTEM, returns.apply, asked) for _ in range(3)), return_exceptions=True
            )
            assert sorted(type(end).__name__ for end in ended) == ["Applied", "QuantityExceeded", "QuantityExceeded"]

    async def test_a_set_never_shares_a_unit_and_a_bad_one_hurts_nobody(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop, {"MUG": 2})
        one = ApplyLine(1, order_id=order_id, line_no=1)
        answers = await do(db, SYSTEM, returns.apply_many, [
            wish(shop, one), wish(shop, ApplyLine(1, sku="NONE")), wish(shop, one), wish(shop, one), wish(shop),
        ])  # fmt: skip

        assert [type(answer).__name__ for answer in answers] == [
            "Applied", "NoSuchPurchase", "Applied", "QuantityExceeded", "RequestEmpty",
        ]  # fmt: skip

    async def test_an_application_that_is_refused_in_part_takes_nothing_from_the_next(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop, {"MUG": 1})
        one = ApplyLine(1, order_id=order_id, line_no=1)
        answers = await do(db, SYSTEM, returns.apply_many, [wish(shop, one, ApplyLine(1, sku="NONE")), wish(shop, one)])

        assert [type(answer).__name__ for answer in answers] == ["NoSuchPurchase", "Applied"]


class TestPreview:
    @pytest.mark.requirement("R2.1")
    async def test_shows_the_refund_to_the_cent_and_writes_nothing(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop, {"MUG": 1, "TEE": 2})
        asked = wish(shop, ApplyLine(1, order_id=order_id, line_no=1), ApplyLine(2, order_id=order_id, line_no=2))
        async with db.reading(SYSTEM) as tx:
            shown = await returns.preview(tx, asked)

        (about,) = shown.returns
        assert about.is_approved
        assert [(line.line_no, line.refund) for line in about.lines] == [(1, 19900), (2, 17980)]
        assert (about.refund, about.currency) == (37880, "CNY")
        async with db.transaction(SYSTEM) as tx:
            assert await tx.fetchval("SELECT count(*) FROM returns") == 0

    async def test_refuses_what_an_application_would_refuse(self, db: Database) -> None:
        shop = await given.shop(db)
        async with db.reading(SYSTEM) as tx:
            with pytest.raises(returns.NoSuchPurchase):
                await returns.preview(tx, wish(shop, ApplyLine(1, sku="MUG")))


async def reprice(db: Database, shop: given.Shop, sku: str, amount: int) -> None:
    await do(db, SYSTEM, catalog.save_prices, [catalog.SavePrice(shop.merchant_id, sku, "CNY", amount)])
