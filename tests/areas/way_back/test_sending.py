"""The way back: where to, with whom, on whose risk, and until when."""

from datetime import timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.returns import bench, road

from dingdan.areas import carriers, cases, fulfilment, notifications, policies, refunds, returns, way_back
from dingdan.areas.transit.carriers.sandbox import make_push
from dingdan.areas.way_back import Book, bears
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

ELSEWHERE = Address(
    name="退货组", phone="13900000000", country="CN", province="上海市", city="上海市", district="", detail="一路 2 号"
)


async def lanes(db: Database, shop: given.Shop) -> None:
    """Two ways to the buyers of a shop: the sandbox's, which gives labels, and a dearer one."""
    for code, cost in (("sandbox", 1200), ("sf", 1800)):
        number = await given.carrier(db, shop, code)
        await do(db, SYSTEM, carriers.save_lanes, [carriers.SaveLane(
            merchant_id=shop.merchant_id, code=f"{code}-cn", carrier_id=number, country="CN", currency="CNY", cost=cost,
        )])  # fmt: skip


async def told(db: Database, command: Any, *args: Any, **more: Any) -> list[str]:
    try:
        await do(db, SYSTEM, command, *args, **more)
    except Refusal as refusal:
        return [p.code for p in refusal.problems]
    return []


async def scan(db: Database, number: str, code: str, carrier: str = "sandbox") -> way_back.TakenScans:
    async with db.transaction(SYSTEM) as tx:
        return await way_back.take_scans(tx, [fulfilment.Scan(carrier, number, code, code, tx.now)])


async def refund_of(db: Database, held: returns.Return) -> int:
    async with db.transaction(SYSTEM) as tx:
        return sum(one.amount for one in (await refunds.of_orders(tx, [held.order_id]))[held.order_id])


@pytest.mark.requirement("R3.1")
async def test_the_place_is_fixed_with_the_approval_and_changes_only_if_the_buyer_agrees(db: Database) -> None:
    held = await bench.returning(db, await given.shop(db))
    first = (await do(db, SYSTEM, way_back.plan, held.id)).address
    assert first == given.ADDRESS

    bad = Address(name="", phone="", country="CN", province="", city="", district="", detail="")
    assert await told(db, way_back.propose_address, held.id, bad) == ["way_back.place_unfit"]
    assert await told(db, way_back.answer_address, held.id, is_agreed=True) == ["way_back.nothing_proposed"]
    await do(db, SYSTEM, way_back.propose_address, held.id, ELSEWHERE)
    assert await told(db, way_back.propose_address, held.id, ELSEWHERE) == ["way_back.place_stands"]
    assert (await do(db, SYSTEM, way_back.plan, held.id)).address == first
    await do(db, SYSTEM, way_back.answer_address, held.id, is_agreed=False)
    assert (await do(db, SYSTEM, way_back.plan, held.id)).address == first
    await do(db, SYSTEM, way_back.propose_address, held.id, ELSEWHERE)
    await do(db, SYSTEM, way_back.answer_address, held.id, is_agreed=True)
    assert (await do(db, SYSTEM, way_back.plan, held.id)).address == ELSEWHERE
    await road.sent(db, held)
    assert await told(db, way_back.propose_address, held.id, given.ADDRESS) == ["way_back.place_stands"]


@pytest.mark.requirement("R3.1")
async def test_the_buyer_is_told_where_to_and_reminded_and_may_have_more_time_once(db: Database) -> None:
    held = await bench.returning(db, await given.shop(db))
    await bench.later(db, timedelta(days=5))
    extended = await do(db, SYSTEM, returns.extend_sending, held.id)
    assert extended.send_by is not None
    assert held.send_by is not None
    assert extended.send_by - held.send_by == timedelta(days=7)
    assert await told(db, returns.extend_sending, held.id) == ["return.extended_already"]
    for days in (7, 2, 2):
        await bench.later(db, timedelta(days=days))

    story = await road.wires(db, held)
    assert [wire for wire in story if wire in ("due_soon", "extended", "lapsed")] == [
        "due_soon", "extended", "due_soon", "due_soon", "lapsed",
    ]  # fmt: skip
    async with db.transaction(SYSTEM) as tx:
        said = [one.occasion for one in await notifications.confirmations(tx, held.order_id)]
    assert (said.count("return_approved"), said.count("return_due_soon")) == (1, 3)


@pytest.mark.requirement("R3.2")
async def test_carriers_are_recommended_and_none_is_forced(db: Database) -> None:
    shop = await given.shop(db)
    await lanes(db, shop)
    held = await bench.returning(db, shop)
    plan = await do(db, SYSTEM, way_back.plan, held.id)

    assert [(one.carrier, one.cost, one.buyer_bears, one.has_label, one.is_recommended) for one in plan.options] == [
        ("sandbox", 1200, 1200, True, True), ("sf", 1800, 1800, False, False),
    ]  # fmt: skip
    assert {code for code, _ in plan.packing} >= {"number_inside", "all_of_it"}
    await do(db, SYSTEM, returns.send, [returns.Send((held.id,), "yto", "YT1234567890123")])
    assert (await road.now_is(db, held)).journey == "sent"


@pytest.mark.requirement("R3.2")
async def test_a_label_is_handed_in_with_the_first_scan_and_its_cost_follows_the_fault(db: Database) -> None:
    shop = await given.shop(db)
    await lanes(db, shop)
    pair = [await bench.returning(db, shop), await bench.returning(db, shop, reason="QUALITY_DEFECT")]
    wanted = Book(return_ids=(pair[0].id, pair[1].id), carrier="sandbox", declared_value=39800)
    label = await do(db, SYSTEM, way_back.book, wanted)
    assert (label.cost, label.insurance_cost, label.tracking_number[:3]) == (1200, 199, "SBN")

    assert (await scan(db, "SBN0000000000", "in_transit")).unknown == (0,)
    assert (await scan(db, label.tracking_number, "picked_up")).stored == 1
    assert (await scan(db, label.tracking_number, "picked_up")).repeated == 1
    for held in pair:
        assert (await road.now_is(db, held)).journey == "sent"
        await road.received(db, held)
        await road.inspected(db, held, road.fine(1))
    # Half of the way each: the buyer bears theirs, ours is ours.
    assert [await refund_of(db, held) for held in pair] == [19900 - 600, 19900]


@pytest.mark.requirement("R3.2")
async def test_a_carriers_push_tells_of_parcels_that_come_back_too(db: Database) -> None:
    shop = await given.shop(db)
    await lanes(db, shop)
    held = await bench.returning(db, shop)
    label = await do(db, SYSTEM, way_back.book, Book(return_ids=(held.id,), carrier="sandbox"))
    at = held.requested_at
    events = [fulfilment.Scan("sandbox", number, "e1", "picked_up", at) for number in (label.tracking_number, "SBN1")]
    headers, body = make_push(db.sealer, events)
    first = await way_back.take_in_push(db, "sandbox", headers, body)
    again = await way_back.take_in_push(db, "sandbox", headers, body)

    assert [(one.stored, one.repeated, len(one.refused)) for one in (first, again)] == [(1, 0, 1), (0, 1, 1)]
    await given.settle(db)
    now = await road.now_is(db, held)
    assert (now.journey, now.label_cost) == ("sent", 1200)


@pytest.mark.requirement("R3.2")
async def test_a_label_that_nobody_used_costs_nothing(db: Database) -> None:
    shop = await given.shop(db)
    await lanes(db, shop)
    held = await bench.returning(db, shop)
    await do(db, SYSTEM, way_back.book, Book(return_ids=(held.id,), carrier="sandbox"))
    await road.sent(db, held)
    await given.settle(db)

    assert (await road.now_is(db, held)).label_cost == 0


@pytest.mark.requirement("R3.2")
async def test_what_a_label_cannot_be_is_said_at_once(db: Database) -> None:
    shop = await given.shop(db)
    await lanes(db, shop)
    held = await bench.returning(db, shop)
    await road.sent(db, await bench.returning(db, shop))

    asked = Book(
        return_ids=(held.id,), carrier="sf", pick_up_at=held.requested_at - timedelta(days=1), declared_value=19901
    )
    assert await told(db, way_back.book, asked) == [
        "way_back.no_label", "way_back.pick_up_unfit", "way_back.value_unfit",
    ]  # fmt: skip
    assert await told(db, way_back.book, Book(return_ids=(8,), carrier="sandbox")) == ["return.unknown"]


@pytest.mark.requirement("R3.12")
@pytest.mark.parametrize(
    ("trouble", "fault", "ours", "is_ours"),
    [
        ("lost", "seller", False, True), ("lost", "buyer", True, True), ("lost", "buyer", False, False),
        ("lost", "none", False, False), ("damaged", "buyer", False, True), ("damaged", "seller", True, True),
    ],
)  # fmt: skip
def test_who_bears_a_loss_is_a_rule(trouble: Any, fault: str, ours: bool, is_ours: bool) -> None:
    risk = bears(trouble, fault, is_our_label=ours)

    assert (risk.is_ours, risk.rule.startswith("R3.12.")) == (is_ours, True)


@pytest.mark.requirement("R3.12")
async def test_goods_lost_with_our_label_are_paid_at_once_and_with_the_buyers_carrier_they_are_not(
    db: Database,
) -> None:
    shop = await given.shop(db)
    await lanes(db, shop)
    ours, theirs = [await bench.returning(db, shop) for _ in range(2)]
    label = await do(db, SYSTEM, way_back.book, Book(return_ids=(ours.id,), carrier="sandbox"))
    await scan(db, label.tracking_number, "picked_up")
    await road.sent(db, theirs, "THEIRS-1")
    for number, carrier in ((label.tracking_number, "sandbox"), ("THEIRS-1", "manual")):
        await scan(db, number, "lost", carrier)
        await scan(db, number, "lost", carrier)
    await given.settle(db)

    assert [((r := await road.now_is(db, held)).journey, r.outcome) for held in (ours, theirs)] == [
        ("lost", "settled"), ("lost", "failed"),
    ]  # fmt: skip
    assert [await refund_of(db, held) for held in (ours, theirs)] == [19900 - 1200, 0]
    async with db.transaction(SYSTEM) as tx:
        found = await cases.of_orders(tx, [ours.order_id, theirs.order_id])
        claims = await cases.claims_of(tx, [case.id for case in found])
    assert [case.kind for case in found] == ["return_lost", "return_lost"]
    # Our label is our claim; with a carrier of their own it is the buyer's.
    claimed = {case.order_id: [(one.carrier, one.value) for one in claims[case.id]] for case in found}
    assert claimed == {ours.order_id: [("sandbox", 19900)], theirs.order_id: []}
    # Whoever bears it themselves still has the goods to claim for, and may apply again where they turn up.
    assert (await bench.wires(db, theirs.id))[-2:] == ["return.lost", "return.loss_decided"]


@pytest.mark.requirement("R3.12")
async def test_goods_broken_on_the_way_are_taken_as_they_were_sent(db: Database) -> None:
    shop = await given.shop(db)
    held = await bench.returning(db, shop)
    await road.sent(db, held, "BACK-9")
    await road.received(db, held)
    broken = road.fine(1, intact=False, grade="D", disposition="quarantine", is_from_transit=True)

    assert await told(db, returns.inspect, [returns.Inspect(held.id, (broken,))]) == ["return.transit_unknown"]
    await scan(db, "BACK-9", "damaged", "manual")
    done = await road.inspected(db, held, broken)
    assert (done.result, done.refund) == ("pass", 19900)


@pytest.mark.requirement("R3.2")
async def test_a_policy_says_what_insurance_there_is_and_how_much_more_time(db: Database) -> None:
    insured = policies.SendingBack(extension_days=3, freight_insurance=policies.FreightInsurance(36, 1000, 1935))
    held = await bench.returning(db, await bench.shop(db, parts={"sending_back": insured}))
    plan = await do(db, SYSTEM, way_back.plan, held.id)
    extended = await do(db, SYSTEM, returns.extend_sending, held.id)

    assert (plan.insurance_premium, plan.insurance_pays_own, plan.insurance_pays_pick_up) == (36, 1000, 1935)
    assert extended.send_by is not None
    assert held.send_by is not None
    assert extended.send_by - held.send_by == timedelta(days=3)
