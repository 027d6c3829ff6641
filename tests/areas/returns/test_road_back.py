"""Goods on their way back, at the door, and looked at."""

import asyncio
from typing import Any

import pytest
from tests import given
from tests.areas.returns import road
from tests.areas.returns.road import applied, fine, inspected, received, sent

from dingdan.areas import inventory, orders, refunds, returns
from dingdan.areas.returns import ApplyLine, Inspect, Journey, Outcome, Receive, ReceivedLine, Send
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


async def returning(
    db: Database, shop: given.Shop, quantity: int = 1, *, lines: dict[str, int] | None = None
) -> returns.Return:
    """An approved return of the first line."""
    order_id = await given.delivered_order(db, shop, lines or {"MUG": quantity})
    return await applied(db, shop, ApplyLine(quantity, order_id=order_id, line_no=1))


async def level(db: Database, shop: given.Shop, sku: str = "MUG") -> tuple[int, int]:
    async with db.transaction(SYSTEM) as tx:
        (found,) = await inventory.stock_levels(tx, shop.merchant_id, [shop.products[sku]])
    return found.on_hand, found.quarantine


async def problems_of(db: Database, command: object, asked: object) -> list[tuple[str, str]]:
    try:
        await do(db, SYSTEM, command, [asked])  # type: ignore[arg-type]
    except Refusal as refusal:
        return [(p.code, p.path) for p in refusal.problems]
    return []


async def refund_of(db: Database, held: returns.Return) -> refunds.Refund:
    async with db.transaction(SYSTEM) as tx:
        (refund,) = (await refunds.of_orders(tx, [held.order_id]))[held.order_id]
    return refund


class TestSending:
    @pytest.mark.requirement("R3.2")
    async def test_a_parcel_with_several_returns_is_one_parcel(self, db: Database) -> None:
        shop = await given.shop(db)
        pair = [await returning(db, shop) for _ in range(2)]
        ids = tuple(held.id for held in pair)
        (parcel,) = await do(db, SYSTEM, returns.send, [Send(ids, "sf", "sf 1234567890123")])
        (again,) = await do(db, SYSTEM, returns.send, [Send(ids[:1], "sf", "SF1234567890123")])

        assert parcel.return_ids == ids
        assert again == parcel
        assert [(await road.now_is(db, held)).journey for held in pair] == [Journey.SENT, Journey.SENT]
        async with db.transaction(SYSTEM) as tx:
            assert [r.id for r in await returns.in_parcel(tx, "SF1234567890123")] == list(ids)
            assert await deadlines.of_subjects(tx, ids) == []

    async def test_a_return_may_fill_several_parcels(self, db: Database) -> None:
        held = await returning(db, await given.shop(db), 2)
        await sent(db, held, "BOX-1")
        await sent(db, held, "BOX-2")

        async with db.transaction(SYSTEM) as tx:
            assert [p.tracking_number for p in await returns.parcels_of(tx, [held.id])] == ["BOX-1", "BOX-2"]

    async def test_all_that_is_wrong_with_parcels_is_said_at_once(self, db: Database) -> None:
        shop, other = await given.shop(db), await given.shop(db)
        mine, theirs = await returning(db, shop), await returning(db, other)
        undecided = await applied(
            db, shop, ApplyLine(1, "OTHER", (await returning(db, shop, 1, lines={"TEE": 2})).order_id, 1)
        )

        assert await problems_of(db, returns.send, Send((mine.id, theirs.id, undecided.id, 7), "sf", "nonsense")) == [
            ("carriers.number_unfit", "[0].tracking_number"),
            ("return.state_forbids", "[0].return_ids[2]"),
            ("return.unknown", "[0].return_ids[3]"),
            ("return.other_merchant", "[0].return_ids"),
        ]
        assert await problems_of(db, returns.send, Send((), "manual", "BACK-1")) == [
            ("return.unknown", "[0].return_ids")
        ]

    async def test_what_is_not_sent_in_time_lapses_and_can_be_asked_for_again(self, db: Database) -> None:
        shop = await given.shop(db)
        held = await returning(db, shop)
        assert held.send_by is not None
        assert await deadlines.run_due(db, returns.SEND_BY, returns.lapse, at=held.send_by) == 1

        assert (await road.now_is(db, held)).journey is Journey.LAPSED
        assert await problems_of(db, returns.send, Send((held.id,), "manual", "LATE")) == [
            ("return.state_forbids", "[0].return_ids[0]")
        ]
        await applied(db, shop, ApplyLine(1, order_id=held.order_id, line_no=1))

    async def test_the_deadline_finds_a_return_that_was_sent_after_all(self, db: Database) -> None:
        held = await returning(db, await given.shop(db))
        await sent(db, held)
        await do(db, SYSTEM, returns.lapse, [held.id])

        assert (await road.now_is(db, held)).journey is Journey.SENT


class TestReceiving:
    @pytest.mark.requirement("O3.6")
    async def test_what_comes_back_is_kept_aside_and_not_for_sale(self, db: Database) -> None:
        shop = await given.shop(db, stock=10)
        held = await returning(db, shop, 2)
        await sent(db, held)
        await received(db, held)

        assert await level(db, shop) == (8, 2)
        async with db.transaction(SYSTEM) as tx:
            (parcel,) = await returns.parcels_of(tx, [held.id])
        assert parcel.received_at is not None
        assert (await road.now_is(db, held)).journey is Journey.RECEIVED

    async def test_goods_may_stand_at_the_door_unannounced_and_in_parts(self, db: Database) -> None:
        shop = await given.shop(db, stock=10)
        held = await returning(db, shop, 3)
        await received(db, held, (ReceivedLine(1, 1),))
        await received(db, held, (ReceivedLine(1, 2),))

        assert await level(db, shop) == (7, 3)
        assert await road.wires(db, held) == ["requested", "approved", "received", "received"]

    async def test_more_than_was_announced_is_not_taken_in(self, db: Database) -> None:
        shop = await given.shop(db, stock=10)
        held = await returning(db, shop, 2, lines={"MUG": 2, "TEE": 1})

        assert await problems_of(db, returns.receive, Receive(held.id, (ReceivedLine(1, 3), ReceivedLine(2, 1)))) == [
            ("return.more_than_announced", "[0].lines[0].quantity"),
            ("return.line_unknown", "[0].lines[1].line_no"),
        ]
        assert await problems_of(db, returns.receive, Receive(held.id, (ReceivedLine(1, 2), ReceivedLine(1, 1)))) == [
            ("return.more_than_announced", "[0].lines[1].quantity")
        ]
        assert await level(db, shop) == (8, 0)

    async def test_a_lapsed_return_is_welcome_unless_its_units_are_elsewhere(self, db: Database) -> None:
        shop = await given.shop(db)
        early, late = await returning(db, shop), await returning(db, shop)
        await do(db, SYSTEM, returns.lapse, [early.id, late.id])
        await applied(db, shop, ApplyLine(1, order_id=late.order_id, line_no=1))

        assert await problems_of(db, returns.receive, Receive(early.id)) == []
        assert await problems_of(db, returns.receive, Receive(late.id)) == [("return.units_taken", "")]

    async def test_two_hands_at_one_parcel_count_it_once(self, db: Database) -> None:
        shop = await given.shop(db, stock=10)
        held = await returning(db, shop, 2)
        both = (ReceivedLine(1, 2),)
        ended = await asyncio.gather(received(db, held, both), received(db, held, both), return_exceptions=True)

        assert sorted(type(end).__name__ for end in ended) == ["MoreThanAnnounced", "NoneType"]
        assert await level(db, shop) == (8, 2)


class TestInspecting:
    @pytest.mark.requirement("R4.1")
    @pytest.mark.requirement("R5.4")
    async def test_what_passes_goes_back_on_the_shelf_and_its_money_to_the_buyer(self, db: Database) -> None:
        shop = await given.shop(db, stock=10)
        held = await returning(db, shop, 2)
        await received(db, held)
        done = await inspected(db, held, fine(1), fine(1, grade="B"))

        assert (done.outcome, done.accepted, done.rejected, done.choices) == (Outcome.PASSED, 2, 0, ())
        assert await level(db, shop) == (10, 0)
        refund = await refund_of(db, held)
        assert (refund.amount, done.refund, done.refund_id) == (39800, 39800, refund.id)
        assert (await road.now_is(db, held)).refund_id == refund.id

    @pytest.mark.requirement("R4.1")
    async def test_the_return_is_closed_when_the_money_is_back(self, db: Database) -> None:
        held = await returning(db, await given.shop(db))
        await received(db, held)
        await inspected(db, held, fine(1))
        await given.settle(db)

        closed = await road.now_is(db, held)
        assert (closed.outcome, closed.settled_at is not None) == (Outcome.SETTLED, True)
        async with db.transaction(SYSTEM) as tx:
            assert (await orders.get_one(tx, held.order_id)).refunded == 19900
        assert await road.wires(db, held) == [
            "requested", "approved", "received", "inspected", "address_fixed", "settled",
        ]  # fmt: skip

    @pytest.mark.requirement("W43")
    @pytest.mark.requirement("R3.9")
    async def test_intact_decides_the_money_and_the_grade_decides_the_shelf(self, db: Database) -> None:
        shop = await given.shop(db, stock=10)
        held = await returning(db, shop, 2)
        await received(db, held)
        done = await inspected(db, held, fine(1, grade="D", disposition="scrap"),
                               fine(1, grade="A", intact=False, disposition="send_back"))  # fmt: skip

        assert (done.outcome, done.accepted, done.rejected, done.refund) == (Outcome.PARTLY, 1, 1, 19900)
        assert {choice.code for choice in done.choices} == {"goods_sent_back", "price_reduction", "dispute"}
        # What is to be destroyed waits for a witness; what is not ours is on its way to the buyer.
        assert await level(db, shop) == (8, 1)

    @pytest.mark.requirement("R3.10")
    async def test_a_failed_inspection_pays_nothing_and_names_what_the_buyer_can_do(self, db: Database) -> None:
        shop = await given.shop(db, stock=10)
        held = await returning(db, shop)
        await received(db, held)
        done = await inspected(db, held, fine(1, is_original=False, disposition="quarantine"))

        assert (done.outcome, done.refund_id, len(done.choices)) == (Outcome.FAILED, None, 3)
        assert await level(db, shop) == (9, 1)
        async with db.transaction(SYSTEM) as tx:
            assert (await refunds.of_orders(tx, [held.order_id]))[held.order_id] == []
            (finding,) = await returns.findings(tx, held.id)
        assert (finding.is_original, finding.disposition, finding.inspector_kind) == (False, "quarantine", "system")

    @pytest.mark.requirement("R3.4")
    async def test_what_did_not_come_is_neither_paid_nor_lost_to_the_buyer(self, db: Database) -> None:
        shop = await given.shop(db)
        held = await returning(db, shop, 3)
        await received(db, held, (ReceivedLine(1, 2),))
        done = await inspected(db, held, fine(2))

        assert (done.outcome, done.refund) == (Outcome.PARTLY, 39800)
        await applied(db, shop, ApplyLine(1, order_id=held.order_id, line_no=1))

    async def test_all_that_is_wrong_with_an_inspection_is_said_at_once(self, db: Database) -> None:
        shop = await given.shop(db, flags=("intimate",))
        held = await returning(db, shop, 3)
        await received(db, held)

        asked = Inspect(held.id, (fine(1, grade="B"), fine(1, intact=False, disposition="scrap"), fine(1, line_no=4)))
        assert await problems_of(db, returns.inspect, asked) == [
            ("return.goods_are_the_buyers", "[0].lines[1].disposition"),
            ("return.line_unknown", "[0].lines[2].line_no"),
            ("return.inspection_sums", "[0].lines[1].quantity"),
            ("return.restock_forbidden", "[0].lines[0].disposition"),
        ]

    async def test_a_note_nobody_will_read_is_refused(self, db: Database) -> None:
        held = await returning(db, await given.shop(db))
        await received(db, held)

        assert await problems_of(db, returns.inspect, Inspect(held.id, (fine(1, note="x" * 2001),))) == [
            ("return.note_unfit", "[0].lines[0].note")
        ]

    async def test_what_is_not_here_or_was_looked_at_is_not_inspected(self, db: Database) -> None:
        held = await returning(db, await given.shop(db))
        assert await problems_of(db, returns.inspect, Inspect(held.id, (fine(1),))) == [("return.state_forbids", "[0]")]
        await received(db, held)
        await inspected(db, held, fine(1))

        assert await problems_of(db, returns.inspect, Inspect(held.id, (fine(1),))) == [("return.state_forbids", "[0]")]
        assert await problems_of(db, returns.inspect, Inspect(8, (fine(1),))) == [("return.unknown", "[0].return_id")]

    @pytest.mark.requirement("issue 5: races")
    async def test_two_inspectors_at_once_pay_once(self, db: Database) -> None:
        held = await returning(db, await given.shop(db))
        await received(db, held)
        ended = await asyncio.gather(*(inspected(db, held, fine(1)) for _ in range(3)), return_exceptions=True)

        assert sorted(type(end).__name__ for end in ended) == ["Inspected", "StateForbids", "StateForbids"]
        assert (await refund_of(db, held)).amount == 19900

    async def test_many_returns_go_the_whole_road_in_one_step_each(self, db: Database) -> None:
        shop = await given.shop(db, stock=50)
        ids = [await given.delivered_order(db, shop, {"MUG": 1, "TEE": 1}, buyer=f"b{n}") for n in range(4)]
        asked = [road.wish(shop, ApplyLine(1, order_id=i, line_no=1), buyer=f"b{n}") for n, i in enumerate(ids)]
        answers = await do(db, SYSTEM, returns.apply_many, asked)
        held = [answer.returns[0].id for answer in answers if isinstance(answer, returns.Applied)]
        await do(db, SYSTEM, returns.send, [Send((i,), "manual", f"BACK-{i}") for i in held])
        await do(db, SYSTEM, returns.receive, [Receive(i) for i in held])
        done = await do(db, SYSTEM, returns.inspect, [Inspect(i, (fine(1),)) for i in held])

        assert [one.refund for one in done] == [19900] * 4
        assert await level(db, shop) == (50, 0)


class TestSettling:
    async def test_refunds_for_other_things_and_repeated_facts_close_nothing_more(self, db: Database) -> None:
        held = await returning(db, await given.shop(db))
        await received(db, held)
        done = await inspected(db, held, fine(1))
        about: dict[str, Any] = {"subject_id": done.refund_id or 0, "merchant_id": held.merchant_id, "order_id": held.order_id,
                 "amount": 19900, "currency": "CNY", "cause_id": held.id}  # fmt: skip
        other = refunds.RefundSettled(**about, cause="cancellation")
        mine = refunds.RefundSettled(**about, cause="return")
        await do(db, SYSTEM, returns.settle, [other])
        assert (await road.now_is(db, held)).outcome is Outcome.PASSED

        await do(db, SYSTEM, returns.settle, [mine, mine])
        await do(db, SYSTEM, returns.settle, [mine])
        assert (await road.now_is(db, held)).outcome is Outcome.SETTLED
        assert (await road.wires(db, held)).count("settled") == 1
