"""The queue, the pickers and the parcels, on a real database."""

import asyncio
import time
from datetime import timedelta

import msgspec
import pytest
from tests import given

from dingdan.areas import fulfilment, inventory, orders, packing
from dingdan.areas.fulfilment import PackedLine, Ship, ShipLine, WorkState, sandbox_number, store
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.overviews import pick_queue
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from dingdan.plumbing.tx import Tx
from dingdan.reactions.deadlines import HANDLERS


async def work_of(db: Database, order_id: int) -> fulfilment.Work:
    async with db.transaction(SYSTEM) as tx:
        (work,) = await fulfilment.works_of(tx, [order_id])
    return work


async def claim(db: Database, shop: given.Shop, limit: int = 200, **more: object) -> list[fulfilment.Work]:
    return await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=limit, claimed_by=7, **more)  # type: ignore[arg-type]


async def packed(
    db: Database, shop: given.Shop, lines: dict[str, int] | None = None, **more: object
) -> fulfilment.Work:
    order_id = await given.paid_order(db, shop, lines, **more)
    (work,) = await claim(db, shop, order_ids=[order_id])
    wanted = lines or {next(iter(shop.products)): 1}
    pieces = [PackedLine(None, quantity, sku) for sku, quantity in wanted.items()]
    return await do(db, SYSTEM, fulfilment.pack, work.id, pieces)


async def agree(db: Database, *works: fulfilment.Work) -> packing.Consent:
    async with db.transaction(SYSTEM) as tx:
        return await packing.consent(tx, packing.NewConsent(
            order_ids=tuple(work.order_id for work in works), given_by=packing.GivenBy.BUYER, given_at=tx.now,
            text_version="2026-11",
        ))  # fmt: skip


async def codes(problem: Refusal) -> list[tuple[str, str]]:
    return [(p.code, p.path) for p in problem.problems]


class TestTheQueue:
    @pytest.mark.requirement("O2.6")
    async def test_whoever_paid_first_is_picked_first(self, db: Database) -> None:
        shop = await given.shop(db)
        first, second = [await given.paid_order(db, shop, buyer=f"b{n}") for n in range(2)]

        assert [work.order_id for work in await claim(db, shop)] == [first, second]

    @pytest.mark.requirement("O2.7")
    async def test_fresh_goods_and_preferred_buyers_overtake_and_the_fact_says_why(self, db: Database) -> None:
        fresh_shop = await given.shop(db, flags=("perishable",))
        fresh = await given.paid_order(db, fresh_shop)
        shop = await given.shop(db)
        plain, preferred = [await given.placed_order(db, shop, buyer=f"b{n}") for n in range(2)]
        await do(db, SYSTEM, orders.mark_paid, [plain, preferred])
        await do(db, SYSTEM, fulfilment.queue, [plain, preferred], vip={preferred})

        assert (await work_of(db, fresh)).lane == fulfilment.Lane.FRESH
        assert [work.order_id for work in await claim(db, shop)] == [preferred, plain]
        async with db.transaction(SYSTEM) as tx:
            rule = await tx.fetchval("SELECT rule FROM facts WHERE wire = 'work.queued' AND order_id = $1", preferred)
        assert rule == "lane.vip"

    @pytest.mark.requirement("O2.8")
    async def test_an_order_whose_promise_is_near_overtakes_every_lane(self, db: Database) -> None:
        shop = await given.shop(db)
        ordinary, preferred = [await given.placed_order(db, shop, buyer=f"b{n}") for n in range(2)]
        await do(db, SYSTEM, orders.mark_paid, [ordinary, preferred])
        await do(db, SYSTEM, fulfilment.queue, [ordinary, preferred], vip={preferred})
        promised = (await work_of(db, ordinary)).ship_by
        async with db.transaction(SYSTEM) as tx:
            lines = await orders.lines(tx, [ordinary])
        assert promised == min(line.ship_by for line in lines[ordinary] if line.ship_by)
        async with db.transaction(SYSTEM) as tx:
            await tx.execute(
                "UPDATE work_orders SET ship_by = ship_by + interval '9 days' WHERE order_id = $1", preferred
            )

        late = promised - timedelta(hours=6) + timedelta(seconds=1)
        claimed = await do_at(db, SYSTEM, late, fulfilment.claim, shop.warehouse_id, limit=9, claimed_by=None)

        assert [work.order_id for work in claimed] == [ordinary, preferred]

    @pytest.mark.requirement("O2.9")
    async def test_priority_moves_work_and_neither_price_nor_terms(self, db: Database) -> None:
        shop = await given.shop(db)
        plain, preferred = [await given.placed_order(db, shop, {"MUG": 2}, buyer=f"b{n}") for n in range(2)]
        await do(db, SYSTEM, orders.mark_paid, [plain, preferred])

        async def terms() -> list[tuple[object, ...]]:
            async with db.transaction(SYSTEM) as tx:
                found = await orders.get(tx, [plain, preferred])
                lines = await orders.lines(tx, found)
            return [
                (
                    o.total,
                    o.goods,
                    o.freight,
                    o.discount,
                    o.policy_hash,
                    [(li.unit_price, li.ship_by) for li in lines[i]],
                )
                for i, o in sorted(found.items())
            ]

        before = await terms()
        await do(db, SYSTEM, fulfilment.queue, [plain, preferred], vip={preferred})
        assert [work.order_id for work in await claim(db, shop)] == [preferred, plain]

        assert await terms() == before
        assert before[0][:-1] == before[1][:-1]

    @pytest.mark.requirement("O2.6")
    async def test_the_queue_is_shown_as_it_is_handed_out_page_by_page(self, db: Database) -> None:
        shop = await given.shop(db)
        ids = [await given.placed_order(db, shop, buyer=f"b{n}") for n in range(5)]
        await do(db, SYSTEM, orders.mark_paid, ids)
        await do(db, SYSTEM, fulfilment.queue, ids, vip=set(ids[3:]))
        async with db.transaction(SYSTEM) as tx:
            await tx.execute(
                "UPDATE work_orders SET ship_by = paid_at + interval '5 hours' WHERE order_id = $1", ids[2]
            )
        async with db.reading(SYSTEM) as tx:
            whole = await fulfilment.waiting(tx, shop.warehouse_id)
            paged = await fulfilment.waiting(tx, shop.warehouse_id, limit=2)
            for _ in range(2):
                paged += await fulfilment.waiting(tx, shop.warehouse_id, limit=2, behind=paged[-1].work.id)
            alone = [await fulfilment.place_of(tx, one.work.id) for one in whole]

        assert [one.work.order_id for one in whole] == [ids[2], ids[3], ids[4], ids[0], ids[1]]
        assert [one.place for one in whole] == [1, 2, 3, 4, 5]
        assert paged == whole
        assert alone == whole
        assert [work.order_id for work in await claim(db, shop)] == [one.work.order_id for one in whole]

    async def test_a_claim_that_meets_a_hold_and_a_release_leaves_the_order_free(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.paid_order(db, shop)
        is_held = asyncio.Event()

        async def claim_when_held() -> list[fulfilment.Work]:
            await is_held.wait()
            return await claim(db, shop)

        claiming = asyncio.create_task(claim_when_held())
        async with db.transaction(SYSTEM) as tx:
            await orders.hold(tx, order_id, reason="look")
            is_held.set()
            await given.somebody_waits(tx)
            await fulfilment.withdraw(tx, [order_id])
            await orders.release(tx, order_id)

        assert await claiming == []
        await do(db, SYSTEM, fulfilment.queue, [order_id])
        assert [work.order_id for work in await claim(db, shop)] == [order_id]

    @pytest.mark.requirement("W75")
    async def test_an_order_that_was_held_comes_back_to_its_old_place(self, db: Database) -> None:
        shop = await given.shop(db)
        first, second = [await given.paid_order(db, shop, buyer=f"b{n}") for n in range(2)]
        await do(db, SYSTEM, orders.hold, first, reason="address")
        await do(db, SYSTEM, fulfilment.withdraw, [first])
        assert (await work_of(db, first)).state is WorkState.WITHDRAWN

        await do(db, SYSTEM, orders.release, first)
        await do(db, SYSTEM, fulfilment.queue, [first])

        assert [work.order_id for work in await claim(db, shop)] == [first, second]

    async def test_queueing_twice_or_withdrawing_late_changes_nothing(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.paid_order(db, shop)
        await do(db, SYSTEM, fulfilment.queue, [order_id, order_id])
        await do(db, SYSTEM, fulfilment.withdraw, [order_id])

        assert (await work_of(db, order_id)).state is WorkState.QUEUED

    async def test_a_cancelled_order_at_the_head_of_the_queue_blocks_nobody(self, db: Database) -> None:
        shop = await given.shop(db)
        gone, stays = [await given.paid_order(db, shop, buyer=f"b{n}") for n in range(2)]
        await do(db, SYSTEM, orders.cancel, gone, reason="changed_mind")

        assert await claim(db, shop, limit=1) == []
        assert [work.order_id for work in await claim(db, shop, limit=1)] == [stays]
        assert (await work_of(db, gone)).state is WorkState.WITHDRAWN

    async def test_an_unpaid_order_is_not_queued(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.placed_order(db, shop)
        await do(db, SYSTEM, fulfilment.queue, [order_id])

        async with db.transaction(SYSTEM) as tx:
            assert await fulfilment.works_of(tx, [order_id]) == []


class TestPicking:
    async def test_from_the_claim_on_a_cancellation_is_refused(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.paid_order(db, shop)
        await claim(db, shop)

        with pytest.raises(orders.AlreadyDispatched):
            await do(db, SYSTEM, orders.cancel, order_id, reason="changed_mind")

    async def test_work_that_was_put_back_can_be_cancelled_again(self, db: Database) -> None:
        shop = await given.shop(db)
        work = await packed(db, shop)
        await do(db, SYSTEM, fulfilment.put_back, [work.id], reason="shelf_empty")
        back = await work_of(db, work.order_id)

        assert (back.state, back.claimed_by, back.packed) == (WorkState.QUEUED, None, None)
        await do(db, SYSTEM, orders.cancel, work.order_id, reason="changed_mind")

    async def test_another_merchants_work_is_as_unknown_as_none(self, db: Database) -> None:
        shop, other = await given.shop(db), await given.shop(db)
        await given.paid_order(db, shop)
        stranger = Actor(ActorKind.KEY, 1, "k", other.merchant_id)

        assert await do(db, stranger, fulfilment.claim, shop.warehouse_id, limit=5, claimed_by=1) == []
        (work,) = await claim(db, shop)
        with pytest.raises(fulfilment.WorkUnknown):
            await do(db, stranger, fulfilment.pack, work.id, [])

    async def test_a_box_that_differs_stays_open_and_every_mismatch_is_told(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.paid_order(db, shop, {"MUG": 2, "TEE": 1})
        (work,) = await claim(db, shop)

        with pytest.raises(Refusal) as caught:
            await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(None, 1, "MUG"), PackedLine(None, 1, "HAT")])

        assert await codes(caught.value) == [
            ("pack.not_in_order", "lines[1].sku"),
            ("pack.quantity_differs", "lines[0].quantity"),
            ("pack.quantity_differs", "lines"),
        ]
        assert (await work_of(db, order_id)).state is WorkState.PICKING

    async def test_what_was_not_claimed_cannot_be_packed(self, db: Database) -> None:
        shop = await given.shop(db)
        work = await work_of(db, await given.paid_order(db, shop))

        with pytest.raises(fulfilment.WorkStateForbids):
            await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 1)])


class TestShipping:
    @pytest.mark.requirement("O4.3")
    async def test_goods_leave_with_a_number_and_the_order_is_shipped(self, db: Database) -> None:
        shop = await given.shop(db, stock=5)
        await given.carrier(db, shop)
        work = await packed(db, shop, {"MUG": 2})

        (parcel,) = await do(db, SYSTEM, fulfilment.ship, [Ship(work.id, "sf", "sf 1234567890123")])

        async with db.transaction(SYSTEM) as tx:
            order = await orders.get_one(tx, work.order_id)
            (level,) = await inventory.stock_levels(tx, shop.merchant_id, [shop.products["MUG"]])
            (stored,) = await fulfilment.parcels_of(tx, [work.order_id])
        assert order.shipped_at is not None
        assert (level.on_hand, level.reserved) == (3, 0)
        assert stored == parcel
        assert parcel.tracking_number == "SF1234567890123"
        assert (await work_of(db, work.order_id)).state is WorkState.HANDED_OVER

    @pytest.mark.requirement("O4.3")
    @pytest.mark.parametrize(
        ("carrier", "number", "code"),
        [
            ("", "X1234", "carriers.numbers_unknown"),
            ("sf", "", "carriers.number_unfit"),
            ("pigeon", "", "carriers.numbers_unknown"),
        ],
    )
    async def test_nothing_ships_without_carrier_and_number(
        self, db: Database, carrier: str, number: str, code: str
    ) -> None:
        shop = await given.shop(db)
        await given.carrier(db, shop)
        work = await packed(db, shop)

        with pytest.raises(Refusal) as caught:
            await do(db, SYSTEM, fulfilment.ship, [Ship(work.id, carrier, number)])

        assert caught.value.code == code
        async with db.transaction(SYSTEM) as tx:
            assert (await orders.get_one(tx, work.order_id)).shipped_at is None

    async def test_all_problems_of_a_shipment_are_told_and_nothing_ships(self, db: Database) -> None:
        shop = await given.shop(db)
        good, queued = (
            await packed(db, shop, buyer="b1"),
            await work_of(db, await given.paid_order(db, shop, buyer="b2")),
        )

        with pytest.raises(Refusal) as caught:
            await do(db, SYSTEM, fulfilment.ship, [
                Ship(good.id, "manual", "VAN-1"), Ship(queued.id, "manual", "VAN-2"), Ship(1, "sf", "nonsense"),
            ])  # fmt: skip

        assert await codes(caught.value) == [
            ("work.state_forbids", "[1]"),
            ("carriers.number_unfit", "[2].tracking_number"),
            ("work.unknown", "[2].work_id"),
        ]
        assert (await work_of(db, good.order_id)).state is WorkState.PACKED

    async def test_a_number_belongs_to_one_parcel_of_a_carrier(self, db: Database) -> None:
        shop = await given.shop(db)
        first, second = await packed(db, shop, buyer="b1"), await packed(db, shop, buyer="b2")
        await do(db, SYSTEM, fulfilment.ship, [Ship(first.id, "manual", "VAN-1")])

        with pytest.raises(fulfilment.NumberTaken):
            await do(db, SYSTEM, fulfilment.ship, [Ship(second.id, "manual", "van-1")])

    @pytest.mark.requirement("O4.9")
    async def test_an_order_may_leave_in_several_parcels(self, db: Database) -> None:
        shop = await given.shop(db)
        work = await packed(db, shop, {"MUG": 3, "TEE": 1})

        parcels = await do(db, SYSTEM, fulfilment.ship, [
            Ship(work.id, "manual", "VAN-1", (ShipLine(1, 2),)),
            Ship(work.id, "manual", "VAN-2", (ShipLine(1, 1), ShipLine(2, 1))),
        ])  # fmt: skip

        assert [[(line.line_no, line.quantity) for line in parcel.lines] for parcel in parcels] == [
            [(1, 2)], [(1, 1), (2, 1)],
        ]  # fmt: skip
        async with db.transaction(SYSTEM) as tx:
            assert await fulfilment.shipped_units(tx, [work.order_id]) == {
                (work.order_id, 1): 3, (work.order_id, 2): 1,
            }  # fmt: skip

    @pytest.mark.requirement("O4.9")
    async def test_orders_of_one_recipient_may_share_a_parcel_and_those_of_two_may_not(self, db: Database) -> None:
        shop = await given.shop(db)
        one, two = await packed(db, shop, buyer="lin"), await packed(db, shop, buyer="lin")
        elsewhere = msgspec.structs.replace(given.ADDRESS, name="周一")
        other = await packed(db, shop, buyer="zhou", ship_to=elsewhere)

        with pytest.raises(Refusal) as caught:
            await do(db, SYSTEM, fulfilment.ship, [Ship(w.id, "manual", "VAN-1") for w in (one, two, other)])
        assert [code for code, _ in await codes(caught.value)] == [
            "parcel.not_one_recipient", *["parcel.consent_missing"] * 3,
        ]  # fmt: skip
        with pytest.raises(Refusal) as unasked:
            await do(db, SYSTEM, fulfilment.ship, [Ship(w.id, "manual", "VAN-1") for w in (one, two)])
        assert await codes(unasked.value) == [("parcel.consent_missing", f"[{n}].tracking_number") for n in range(2)]
        await agree(db, one, two)
        (parcel,) = await do(db, SYSTEM, fulfilment.ship, [Ship(w.id, "manual", "VAN-1") for w in (one, two)])

        assert {line.order_id for line in parcel.lines} == {one.order_id, two.order_id}


async def many_queued(db: Database, shop: given.Shop, count: int) -> None:
    """So many paid orders in the queue of a shop, straight into the tables: ids rise with the time of payment."""
    like = await given.paid_order(db, shop)
    copies = "jsonb_populate_record(t, to_jsonb(t) || jsonb_build_object({}))"
    async with db.transaction(SYSTEM) as tx:
        for table, key, more in (
            ("orders", "id", "'id', n, 'reference', NULL, 'paid_at', t.paid_at + (n || ' ms')::interval"),
            ("order_lines", "order_id", "'order_id', n"),
            ("reservations", "order_id", "'order_id', n"),
            ("work_orders", "order_id", "'id', n + 1000000, 'order_id', n, 'lane', n % 4,"
             " 'paid_at', t.paid_at + (n || ' ms')::interval"),
        ):  # fmt: skip
            # In steps, since no single statement may take longer than a minute.
            for first in range(1, count + 1, 10_000):
                await tx.execute(
                    f"INSERT INTO {table} SELECT ({copies.format(more)}).* FROM {table} t, generate_series($1::int, $3::int) n"
                    f" WHERE t.{key} = $2",
                    first,
                    like,
                    min(count, first + 9_999),
                )
        await tx.execute(
            "UPDATE stock SET on_hand = on_hand + $1, reserved = reserved + $1 WHERE product_id = $2",
            count,
            shop.products["MUG"],
        )
        await tx.execute("DELETE FROM work_orders WHERE order_id = $1", like)
    async with db.connection() as connection:
        await connection.execute("ANALYZE")


class TestTheQueueIsFast:
    @pytest.mark.requirement("O2.6")
    async def test_the_next_works_come_from_an_index_in_order(self, unchecked_db: Database) -> None:
        db = unchecked_db
        shop = await given.shop(db)
        await many_queued(db, shop, 3_000)
        async with db.transaction(SYSTEM) as tx:
            plans = PlannedTx(tx)
            await store.next_aged(plans, shop.warehouse_id, 5, tx.now, (0, 3))  # type: ignore[arg-type]
            await store.next_in_lanes(plans, shop.warehouse_id, 5, tx.now, (0, 3))  # type: ignore[arg-type]
            await store.next_in_lanes(plans, shop.warehouse_id, 5, tx.now, (2, 2))  # type: ignore[arg-type]

        assert len(plans.plans) == 3
        for plan in plans.plans:
            assert "ix_work_orders_" in plan
            assert "Sort" not in plan
            assert "Seq Scan" not in plan

    @pytest.mark.prove
    async def test_a_claim_from_a_hundred_thousand_takes_no_longer(self, unchecked_db: Database) -> None:
        db = unchecked_db
        shop = await given.shop(db)
        await many_queued(db, shop, 100_000)
        took = []
        for _ in range(20):
            began = time.perf_counter()
            assert len(await claim(db, shop, limit=20)) == 20
            took.append(time.perf_counter() - began)

        assert sorted(took)[10] < 0.1


class PlannedTx:
    """Asks for the plan of each statement in place of its rows."""

    def __init__(self, tx: Tx) -> None:
        self.tx, self.actor, self.now = tx, tx.actor, tx.now
        self.plans: list[str] = []

    async def fetch(self, sql: str, *args: object) -> list[object]:
        """The plan is kept, and no rows come."""
        rows = await self.tx.fetch(f"EXPLAIN {sql}", *args)
        self.plans.append("\n".join(row[0] for row in rows))
        return []


class TestWaves:
    @pytest.mark.requirement("O2.6")
    async def test_a_wave_is_claimed_for_one_pass_and_leaves_others_their_work(self, db: Database) -> None:
        shop = await given.shop(db)
        ids = [await given.placed_order(db, shop, {"MUG": n + 1, "TEE": 1}, buyer=f"b{n}") for n in range(4)]
        await do(db, SYSTEM, orders.mark_paid, ids)
        await do(db, SYSTEM, fulfilment.queue, ids, vip={ids[3]})

        preferred = await do(db, SYSTEM, fulfilment.claim_wave, shop.warehouse_id, size=9, claimed_by=1,
                             lane=fulfilment.Lane.VIP)  # fmt: skip
        wave, works = await do(db, SYSTEM, fulfilment.claim_wave, shop.warehouse_id, size=2, claimed_by=2)

        assert [work.order_id for work in preferred[1]] == [ids[3]]
        assert (wave.size, [work.order_id for work in works]) == (2, ids[:2])
        assert {work.wave_id for work in works} == {wave.id}
        async with db.transaction(SYSTEM) as tx:
            listed = await pick_queue.to_pick(tx, [work.id for work in works])
        assert [(one.sku, one.quantity) for one in listed] == [("MUG", 3), ("TEE", 2)]
        await do(db, SYSTEM, fulfilment.put_back, [works[0].id], reason="later")
        async with db.transaction(SYSTEM) as tx:
            _, left = await fulfilment.wave(tx, wave.id)
        assert [work.id for work in left] == [works[1].id]

    async def test_where_nothing_waits_there_is_no_wave(self, db: Database) -> None:
        shop = await given.shop(db)

        assert await do(db, SYSTEM, fulfilment.claim_wave, shop.warehouse_id, size=5, claimed_by=1) is None
        with pytest.raises(fulfilment.WaveUnknown):
            async with db.transaction(SYSTEM) as tx:
                await fulfilment.wave(tx, 77)

    @pytest.mark.requirement("O2.6")
    async def test_claims_of_a_picker_who_vanished_end_and_the_orders_have_their_old_places(self, db: Database) -> None:
        shop = await given.shop(db)
        first, second, third = [await given.paid_order(db, shop, buyer=f"b{n}") for n in range(3)]
        gone = await claim(db, shop, limit=2)
        await do(db, SYSTEM, fulfilment.pack, gone[1].id, [PackedLine(1, 1)])
        async with db.transaction(SYSTEM) as tx:
            late = tx.now + fulfilment.CLAIM_FOR + timedelta(seconds=1)

        handler = HANDLERS[fulfilment.CLAIM.name]
        assert await deadlines.run_due(db, fulfilment.CLAIM, handler, at=late) == 1
        assert await deadlines.run_due(db, fulfilment.CLAIM, handler, at=late) == 0

        states = [(await work_of(db, i)).state for i in (first, second, third)]
        assert states == [WorkState.QUEUED, WorkState.PACKED, WorkState.QUEUED]
        assert [work.order_id for work in await claim(db, shop)] == [first, third]
        async with db.transaction(SYSTEM) as tx:
            reason = await tx.fetchval("SELECT data ->> 'reason' FROM facts WHERE wire = 'work.put_back'")
        assert reason == "claim_expired"


class TestRaces:
    @pytest.mark.requirement("O2.6")
    async def test_thirty_pickers_empty_a_queue_of_five_thousand_and_none_gets_what_another_has(
        self, unchecked_db: Database
    ) -> None:
        db = unchecked_db
        shop = await given.shop(db, stock=10_000)
        await many_queued(db, shop, 5_000)
        turns: list[list[tuple[int, int]]] = []

        async def pick(picker: int) -> None:
            own: list[tuple[int, int]] = []
            turns.append(own)
            while True:
                if picker % 3:
                    got = await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=100, claimed_by=picker)
                else:
                    made = await do(db, SYSTEM, fulfilment.claim_wave, shop.warehouse_id, size=100, claimed_by=picker)
                    got = made[1] if made else []
                own += [(work.lane, work.order_id) for work in got]
                if not got:
                    return

        await asyncio.gather(*(pick(picker) for picker in range(30)))

        handed_out = [order_id for own in turns for _, order_id in own]
        assert len(handed_out) == 5_000
        assert len(set(handed_out)) == 5_000
        assert all(own == sorted(own) for own in turns)

    async def test_a_claim_and_a_cancellation_never_both_win(self, db: Database) -> None:
        shop = await given.shop(db)
        for n in range(8):
            order_id = await given.paid_order(db, shop, buyer=f"b{n}")
            claimed, cancelled = await asyncio.gather(
                claim(db, shop, order_ids=[order_id]),
                do(db, SYSTEM, orders.cancel, order_id, reason="changed_mind"),
                return_exceptions=True,
            )
            assert isinstance(claimed, list)
            assert bool(claimed) == isinstance(cancelled, orders.AlreadyDispatched)

    async def test_two_parcels_with_one_number_at_once_are_one_parcel_and_one_refusal(self, db: Database) -> None:
        shop = await given.shop(db)
        works = [await packed(db, shop, buyer=f"b{n}") for n in range(2)]
        number = sandbox_number(77)

        ended = await asyncio.gather(
            *(do(db, SYSTEM, fulfilment.ship, [Ship(work.id, "sandbox", number)]) for work in works),
            return_exceptions=True,
        )

        assert sorted(type(end).__name__ for end in ended) == ["NumberTaken", "list"]
