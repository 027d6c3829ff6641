"""The queue, the pickers and the parcels, on a real database."""

import asyncio

import pytest
from tests import given

from dingdan.areas import fulfilment, inventory, orders
from dingdan.areas.fulfilment import PackedLine, Ship, ShipLine, WorkState, sandbox_number
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at


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
    async def test_an_order_that_waited_too_long_overtakes_every_lane(self, db: Database) -> None:
        shop = await given.shop(db)
        ordinary, preferred = [await given.placed_order(db, shop, buyer=f"b{n}") for n in range(2)]
        await do(db, SYSTEM, orders.mark_paid, [ordinary])
        async with db.transaction(SYSTEM) as tx:
            late = tx.now + fulfilment.AGEING
        await do_at(db, SYSTEM, late, orders.mark_paid, [preferred])
        await do(db, SYSTEM, fulfilment.queue, [ordinary, preferred], vip={preferred})

        claimed = await do_at(db, SYSTEM, late, fulfilment.claim, shop.warehouse_id, limit=9, claimed_by=None)

        assert [work.order_id for work in claimed] == [ordinary, preferred]

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
        other = await packed(db, shop, buyer="zhou")

        with pytest.raises(fulfilment.NotOneRecipient):
            await do(db, SYSTEM, fulfilment.ship, [Ship(w.id, "manual", "VAN-1") for w in (one, two, other)])
        (parcel,) = await do(db, SYSTEM, fulfilment.ship, [Ship(w.id, "manual", "VAN-1") for w in (one, two)])

        assert {line.order_id for line in parcel.lines} == {one.order_id, two.order_id}


class TestRaces:
    @pytest.mark.requirement("O2.6")
    async def test_thirty_pickers_never_get_the_same_order(self, db: Database) -> None:
        shop = await given.shop(db)
        ids = [await given.placed_order(db, shop, buyer=f"b{n % 7}") for n in range(60)]
        await do(db, SYSTEM, orders.mark_paid, ids)
        await do(db, SYSTEM, fulfilment.queue, ids)

        got = await asyncio.gather(*(claim(db, shop, limit=3) for _ in range(30)))

        handed_out = [work.order_id for works in got for work in works]
        assert len(handed_out) == len(set(handed_out))
        rest = [work.order_id for work in await claim(db, shop)]
        assert sorted(handed_out + rest) == sorted(ids)

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
