"""Flags: opened by what really happened, reviewed by people, asked about, appealed, and over after a time."""

import asyncio
from datetime import timedelta

import pytest
from tests import given
from tests.areas.abuse import suspects
from tests.areas.abuse.suspects import ANNA, BELA, CORA, flag_of, flagged, now_is, signals
from tests.areas.returns import bench, road
from tests.invariants import story

from dingdan.areas import abuse, cases, identity, orders, policies
from dingdan.areas.abuse import FlagState, Measure, SignalKind
from dingdan.areas.abuse.noticing import Collect
from dingdan.areas.returns import ReceivedLine
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.overviews import abuse_figures, abuse_picture
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

K = SignalKind
WORN = policies.packs()[0].inspection.recipe("home", ())


class TestWhatIsNoticed:
    @pytest.mark.requirement("R7.1")
    async def test_another_thing_came_back_than_was_sold(self, db: Database) -> None:
        shop = await given.shop(db)
        held = await bench.returning(db, shop)
        await road.received(db, held)
        swapped = road.fine(1, is_original=False, intact=False, grade="D", disposition="quarantine")
        await road.inspected(db, held, swapped)
        await given.settle(db)
        flag = await flag_of(db, held.order_id)

        assert flag is not None
        assert (flag.state, flag.score, flag.level, flag.parts) == ("open", 35, 1, 1)
        async with db.reading(SYSTEM) as tx:
            (part,) = await abuse.signals_in(tx, flag)
        assert (part.kind, part.subject, part.subject_id) == (K.SWAPPED_ITEM, "return", held.id)
        # The same facts again.
        await do(db, SYSTEM, abuse.look_at, [held.order_id], collect=abuse_picture.collect)
        assert await signals(db, held.order_id) == [("swapped_item", 35)]
        assert (await now_is(db, flag)).version == 1

    @pytest.mark.requirement("R7.1")
    async def test_but_nothing_where_the_seller_sent_something_else(self, db: Database) -> None:
        shop = await given.shop(db)
        held = await bench.returning(db, shop, reason="WRONG_ITEM")
        await road.received(db, held)
        other = road.fine(1, is_original=False, intact=True, grade="B", disposition="quarantine", fault="seller")
        await road.inspected(db, held, other)
        await given.settle(db)

        assert await signals(db, held.order_id) == []

    @pytest.mark.requirement("R7.1")
    async def test_goods_used_again_and_again_and_a_parcel_with_nothing_in_it(self, db: Database) -> None:
        shop = await bench.shop(db)
        for n in range(2):
            held = await bench.returning(db, shop)
            await road.received(db, held)
            checks = {check.code: check.code not in ("clean", "tag") for check in WORN.checks}
            line = road.fine(1, is_original=None, intact=None, grade="C", disposition="quarantine", checks=checks)
            await road.inspected(db, held, line)
            await given.settle(db)
            assert len(await signals(db, held.order_id)) == 2 * n
        empty = await bench.returning(db, shop)
        await road.received(db, empty, (ReceivedLine(1, 0),))
        await given.settle(db)

        assert await signals(db, empty.order_id) == [("wardrobing", 15), ("wardrobing", 15), ("empty_parcel", 25)]
        flag = await flag_of(db, empty.order_id)
        assert flag is not None
        assert (flag.score, flag.level, flag.parts) == (55, 2, 3)

    @pytest.mark.requirement("R7.1")
    async def test_a_picture_of_another_account_and_the_account_that_is_linked(self, db: Database) -> None:
        shop = await given.shop(db)
        # All of them order to one address, with one phone.
        first, second, third = [await suspects.delivered(db, shop, buyer) for buyer in ("a", "b", "c")]
        await road.shown(db, first)
        await road.shown(db, second)
        await given.settle(db)
        assert await signals(db, first) == []
        assert await signals(db, second) == [("evidence_reused", 20)]
        assert await flag_of(db, second) is None

        await flagged(db, first, K.SWAPPED_ITEM)
        await road.shown(db, third)
        await given.settle(db)
        assert await signals(db, third) == [("evidence_reused", 20), ("linked_account", 15)]

    @pytest.mark.requirement("R7.1")
    async def test_not_received_is_a_sign_the_third_time(self, db: Database) -> None:
        shop = await given.shop(db)
        for n in range(3):
            order_id = await suspects.delivered(db, shop)
            wanted = cases.OpenCase(kind="disputed_receipt", order_id=order_id)
            await do(db, SYSTEM, cases.open_by_hand, wanted, source="buyer")
            await given.settle(db)
            assert len(await signals(db, order_id)) == (3 if n == 2 else 0)
        flag = await flag_of(db, order_id)
        assert flag is not None
        assert flag.level == 1

    @pytest.mark.requirement("R7.1")
    async def test_a_rate_and_bulk_are_read_from_all_orders_of_the_merchant(self, unchecked_db: Database) -> None:
        async with unchecked_db.connection() as connection:
            await story.tell(connection, orders=700, lines=1)
            # Every order of the first shop that came back is of one buyer; of sixty others nothing came back.
            await connection.execute("""
                UPDATE orders SET delivered_at = placed_at WHERE merchant_id = 1;
                UPDATE return_lines SET quantity = 40, received = 40, accepted = 40;
                UPDATE order_lines SET quantity = 40, goods = 40 * unit_price, discount = 0 FROM return_lines r
                WHERE r.order_id = order_lines.order_id;
                UPDATE orders SET buyer_id = 200010 WHERE id IN (
                    SELECT order_id FROM returns WHERE merchant_id = 1 ORDER BY order_id LIMIT 12);
                UPDATE return_lines SET received = 0, accepted = 0, rejected = 0 WHERE order_id IN (
                    SELECT id FROM orders WHERE buyer_id <> 200010)
            """)
        async with unchecked_db.reading(SYSTEM) as tx:
            found = await abuse_picture.collect(tx, [200010])
        (rate,) = found.habits
        assert (rate.returned, rate.others_returned) == (12, 0)
        assert rate.orders >= 12
        assert rate.others > 60
        assert {one.kind for one in found.seen if one.kind is K.BULK_RETURNS} == {K.BULK_RETURNS}


class TestPeople:
    @pytest.mark.requirement("R7.4")
    async def test_confirm_or_lift_what_they_have_seen(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await suspects.delivered(db, shop)
        flag = await flagged(db, order_id, K.SWAPPED_ITEM)
        with pytest.raises(abuse.FlagNeedsPerson):
            await do(db, SYSTEM, abuse.confirm, flag.id, parts=1)
        with pytest.raises(abuse.FlagNeedsPerson):
            await do(db, Actor(ActorKind.KEY, 5), abuse.lift, flag.id, parts=1, reason="honest")
        await suspects.noticed(db, order_id, K.EMPTY_PARCEL, first=9)
        for act, more in ((abuse.confirm, {}), (abuse.lift, {"reason": "honest"})):
            with pytest.raises(abuse.FlagGrew):
                await do(db, ANNA, act, flag.id, parts=1, **more)
        sure = await do(db, ANNA, abuse.confirm, flag.id, parts=2)
        assert (sure.state, sure.confirmed_level, sure.decided_by) == ("confirmed", 2, ANNA.id)
        lifted = await do(db, ANNA, abuse.lift, flag.id, parts=2, reason="honest")
        assert (lifted.state, lifted.lift_reason, lifted.ended_at is not None) == ("lifted", "honest", True)
        with pytest.raises(abuse.FlagStateForbids):
            await do(db, BELA, abuse.confirm, flag.id, parts=2)

        # What was lifted never counts again; what is new stands alone.
        await suspects.noticed(db, order_id, K.SWAPPED_ITEM)
        assert (await flag_of(db, order_id)) == lifted
        await suspects.noticed(db, order_id, K.EMPTY_PARCEL, first=20)
        assert (await flag_of(db, order_id)) == lifted
        again = await flagged(db, order_id, K.SWAPPED_ITEM, first=22)
        assert (again.id != lifted.id, again.score) == (True, 60)

    @pytest.mark.requirement("R7.2")
    async def test_are_two_where_more_follows_than_the_system_may_decide(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await suspects.delivered(db, shop)
        flag = await flagged(db, order_id, *suspects.LEVELS[3])
        signed = await do(db, ANNA, abuse.confirm, flag.id, parts=3)
        assert (signed.state, Measure.NO_EXTRAS in await _measures(db, order_id)) == ("signed", False)
        with pytest.raises(abuse.FlagSameHand):
            await do(db, ANNA, abuse.confirm, flag.id, parts=3)
        sure = await do(db, BELA, abuse.confirm, flag.id, parts=3)
        assert (sure.state, sure.confirmed_level) == ("confirmed", 3)
        assert await _measures(db, order_id) == frozenset(Measure)

        await do(db, SYSTEM, abuse.appeal, flag.id, buyer_ref="buyer-1", text="我没有调包。")
        assert Measure.NO_EXTRAS not in await _measures(db, order_id)
        for person in (ANNA, BELA):
            with pytest.raises(abuse.FlagSameHand):
                await do(db, person, abuse.confirm, flag.id, parts=3)
        await do(db, CORA, abuse.confirm, flag.id, parts=3)
        assert await _measures(db, order_id) == frozenset(Measure)
        with pytest.raises(abuse.AskedBefore):
            await do(db, SYSTEM, abuse.appeal, flag.id, buyer_ref="buyer-1", text="")
        async with db.reading(SYSTEM) as tx:
            assert await abuse.words_of(tx, await abuse.get_one(tx, flag.id)) == ("", "我没有调包。")

    @pytest.mark.requirement("R7.4")
    async def test_look_again_where_more_came_than_they_confirmed(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await suspects.delivered(db, shop)
        flag = await flagged(db, order_id, *suspects.LEVELS[2])
        await do(db, ANNA, abuse.confirm, flag.id, parts=2)
        grown = await flagged(db, order_id, K.EVIDENCE_REUSED, first=30)

        assert (grown.id, grown.level, grown.state, grown.confirmed_level) == (flag.id, 3, FlagState.OPEN, 0)
        assert Measure.NO_EXTRAS not in await _measures(db, order_id)

    @pytest.mark.requirement("R7.4")
    async def test_who_do_not_come_in_time_lose_the_flag(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await suspects.delivered(db, shop)
        flag = await flagged(db, order_id, K.SWAPPED_ITEM)
        with pytest.raises(abuse.FlagUnknown):
            await do(db, SYSTEM, abuse.ask_review, flag.id, buyer_ref="somebody else", text="")
        with pytest.raises(abuse.WordsUnfit):
            await do(db, SYSTEM, abuse.ask_review, flag.id, buyer_ref="buyer-1", text="a\0b")
        asked = await do(db, SYSTEM, abuse.ask_review, flag.id, buyer_ref="buyer-1", text="请人工核实")
        assert asked.state == "asked"
        with pytest.raises(abuse.AskedBefore):
            await do(db, SYSTEM, abuse.ask_review, flag.id, buyer_ref="buyer-1", text="")
        await bench.later(db, timedelta(hours=25))
        assert "abuse_flag.due_soon" in await bench.wires(db, flag.id)
        await bench.later(db, timedelta(hours=24))
        over = await now_is(db, flag)
        assert (over.state, over.lift_reason, over.decided_by) == ("lifted", "unanswered", None)
        async with db.reading(SYSTEM) as tx:
            found = await abuse_figures.figures(tx, merchant_id=shop.merchant_id, since=flag.opened_at, until=tx.now)
        assert (found.reviewed, found.unanswered, found.rate) == (0, 1, None)


class TestTheEnd:
    @pytest.mark.requirement("R7.4")
    async def test_of_a_flag_comes_after_180_days_at_the_latest(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await suspects.delivered(db, shop)
        await suspects.noticed(db, order_id, K.SWAPPED_ITEM, ago=timedelta(days=100))
        flag = await flagged(db, order_id, K.EMPTY_PARCEL, first=5)
        assert (flag.level, flag.expires_at - flag.opened_at) == (2, timedelta(days=180))
        async with db.transaction(SYSTEM, at=flag.expires_at) as tx:
            order = await orders.get_one(tx, order_id)
            # At that moment nothing follows any more, whether or not a clock has rung.
            assert await abuse.standings(tx, [order.buyer_id], lock=True) == {}
        # The swapped item is forgotten first: an empty parcel alone is nothing.
        await bench.later(db, timedelta(days=81))
        over = await now_is(db, flag)
        assert (over.state, over.ended_at is not None) == ("expired", True)

    @pytest.mark.requirement("R7.4")
    async def test_of_a_part_lowers_what_follows(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await suspects.delivered(db, shop)
        await suspects.noticed(db, order_id, K.EMPTY_PARCEL, ago=timedelta(days=170))
        flag = await flagged(db, order_id, K.SWAPPED_ITEM, first=5)
        await bench.later(db, timedelta(days=11))
        lower = await now_is(db, flag)
        assert (flag.level, lower.level, lower.score, lower.state) == (2, 1, 35, "open")
        await bench.later(db, timedelta(days=170))
        assert (await now_is(db, flag)).state == "expired"
        assert await flag_of(db, order_id) == await now_is(db, flag)

    async def test_comes_with_the_buyer_who_is_forgotten(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await suspects.delivered(db, shop)
        flag = await flagged(db, order_id, K.SWAPPED_ITEM)
        async with db.reading(SYSTEM) as tx:
            buyer_id = (await orders.get_one(tx, order_id)).buyer_id
        await do(db, SYSTEM, identity.forget, buyer_id)
        await given.settle(db)
        assert (await now_is(db, flag)).lift_reason == "forgotten"
        async with db.reading(SYSTEM) as tx:
            assert (await abuse_picture.collect(tx, [buyer_id])).seen == ()


class TestWalls:
    @pytest.mark.requirement("R7.2")
    async def test_stand_between_merchants(self, db: Database) -> None:
        mine, theirs = await given.shop(db), await given.shop(db)
        order_id = await suspects.delivered(db, mine)
        flag = await flagged(db, order_id, *suspects.LEVELS[3])
        # The same person, as another shop knows them.
        other = await suspects.delivered(db, theirs)
        await road.shown(db, other)
        await given.settle(db)
        assert await signals(db, other) == []
        assert await _measures(db, other) == frozenset()
        stranger = Actor(ActorKind.STAFF, 5, merchant_id=theirs.merchant_id)
        with pytest.raises(abuse.FlagUnknown):
            await do(db, stranger, abuse.confirm, flag.id, parts=3)
        with pytest.raises(abuse.FlagUnknown):
            await do(db, stranger, abuse.lift, flag.id, parts=3, reason="no")


class TestRaces:
    @pytest.mark.requirement("R7.4")
    async def test_a_sign_that_comes_while_a_flag_is_lifted_is_in_it_or_stands_alone(self, db: Database) -> None:
        shop = await given.shop(db)
        for round_ in range(4):
            order_id = await suspects.delivered(db, shop, f"buyer-{round_}")
            flag = await flagged(db, order_id, K.SWAPPED_ITEM)
            lifted, _ = await asyncio.gather(
                do(db, ANNA, abuse.lift, flag.id, parts=1, reason="honest"),
                suspects.noticed(db, order_id, K.SWAPPED_ITEM, first=7), return_exceptions=True,
            )  # fmt: skip
            old, new = await now_is(db, flag), await flag_of(db, order_id)
            assert new is not None
            if isinstance(lifted, Refusal):
                # Nobody lifts what they have not seen.
                assert isinstance(lifted, abuse.FlagGrew)
                assert (old.state, old.parts, new.id) == ("open", 2, old.id)
            else:
                assert (old.state, old.parts, new.state, new.parts, new.score) == ("lifted", 1, "open", 1, 35)

    async def test_the_same_fact_at_once_is_one_sign_and_one_flag(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await suspects.delivered(db, shop)
        await asyncio.gather(*(suspects.noticed(db, order_id, K.SWAPPED_ITEM) for _ in range(4)))
        assert await signals(db, order_id) == [("swapped_item", 35)]
        async with db.reading(SYSTEM) as tx:
            assert await tx.fetchval("SELECT count(*) FROM abuse_flags") == 1

    async def test_a_crash_in_the_middle_leaves_nothing(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await suspects.delivered(db, shop)
        async with db.reading(SYSTEM) as tx:
            collect = suspects.telling(await orders.get_one(tx, order_id), K.SWAPPED_ITEM)
        with pytest.raises(ZeroDivisionError):
            await do(db, SYSTEM, _and_crash, order_id, collect)
        assert (await signals(db, order_id), await flag_of(db, order_id)) == ([], None)
        await do(db, SYSTEM, abuse.look_at, [order_id], collect=collect)
        assert await flag_of(db, order_id) is not None


class TestFigures:
    @pytest.mark.requirement("R7.5")
    async def test_count_what_people_decided_and_what_they_lifted(self, db: Database) -> None:
        shop = await given.shop(db)
        flags = [await flagged(db, await suspects.delivered(db, shop, f"buyer-{n}"), K.SWAPPED_ITEM) for n in range(4)]
        for flag in flags[:2]:
            await do(db, ANNA, abuse.confirm, flag.id, parts=1)
        await do(db, BELA, abuse.lift, flags[1].id, parts=1, reason="mixed_up")
        await do(db, BELA, abuse.lift, flags[2].id, parts=1, reason="honest")
        async with db.reading(SYSTEM) as tx:
            found = await abuse_figures.figures(
                tx, merchant_id=shop.merchant_id, since=flags[0].opened_at, until=tx.now + timedelta(1)
            )
        assert (found.opened, found.living, found.reviewed, found.overturned) == (4, 2, 3, 2)
        assert (found.rate, found.verdict) == (667, "missed")
        assert found.low < 667 < found.high

    @pytest.mark.requirement("R7.5")
    @pytest.mark.parametrize(("reviewed", "overturned", "verdict"), [
        (0, 0, "too_few"), (20, 0, "too_few"), (100, 1, "too_few"), (400, 2, "met"), (400, 30, "missed"),
    ])  # fmt: skip
    def test_say_nothing_of_the_target_while_chance_may_explain_it(
        self, reviewed: int, overturned: int, verdict: str
    ) -> None:
        assert abuse_figures.judged(reviewed, overturned)[3] == verdict


class TestHandingOver:
    @pytest.mark.requirement("R7.3")
    async def test_is_a_persons_of_what_was_confirmed_and_on_record(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await suspects.delivered(db, shop)
        flag = await flagged(db, order_id, K.SWAPPED_ITEM)
        how = {"reason": "fraud", "authority": "杭州市公安局 2026-1"}
        with pytest.raises(abuse.HandoverUnfounded):
            await do(db, ANNA, abuse.hand_over, flag.id, **how)
        await do(db, ANNA, abuse.confirm, flag.id, parts=1)
        with pytest.raises(abuse.FlagNeedsPerson):
            await do(db, SYSTEM, abuse.hand_over, flag.id, **how)
        with pytest.raises(abuse.WordsUnfit):
            await do(db, ANNA, abuse.hand_over, flag.id, reason="fraud", authority=" ")
        made = await do(db, ANNA, abuse.hand_over, flag.id, **how)
        assert (made.order_ids, made.by, made.authority) == ([order_id], ANNA.id, how["authority"])
        assert await bench.wires(db, made.id) == ["abuse_handover.made"]


async def _and_crash(tx: Tx, order_id: int, collect: Collect) -> None:
    await abuse.look_at(tx, [order_id], collect=collect)
    raise ZeroDivisionError


async def _measures(db: Database, order_id: int) -> frozenset[Measure]:
    async with db.reading(SYSTEM) as tx:
        buyer_id = (await orders.get_one(tx, order_id)).buyer_id
        found = await abuse.standings(tx, [buyer_id], lock=False)
    return found[buyer_id].measures if buyer_id in found else frozenset()
