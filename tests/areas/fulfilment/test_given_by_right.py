"""Parcels go to carriers that may have them, under numbers that are theirs, or with a reason that stays."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from tests import given
from tests.areas.fulfilment.test_work import packed, work_of

from dingdan.areas import carriers, fulfilment
from dingdan.areas.fulfilment import Ship, WorkState
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.overviews import carrier_figures
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

HOUR = timedelta(hours=1)
OLD = msgspec.structs.replace(given.LICENCE, valid_until=date(2021, 1, 1))
COMING = msgspec.structs.replace(given.LICENCE, valid_from=date(2099, 1, 1))


async def refused(db: Database, *ships: Ship, actor: Actor = SYSTEM) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as caught:
        await do(db, actor, fulfilment.ship, list(ships))
    return [(problem.code, problem.path) for problem in caught.value.problems]


@pytest.mark.requirement("O4.1")
@pytest.mark.parametrize(
    ("licences", "more", "code"),
    [
        ((), {}, "carriers.licence_missing"), ((OLD,), {}, "carriers.licence_run_out"),
        ((COMING,), {}, "carriers.licence_not_yet_valid"), ((given.LICENCE,), {"active": False}, "carriers.closed"),
        (None, {}, "carriers.not_registered"),
    ],
)  # fmt: skip
async def test_a_carrier_that_may_not_carry_gets_no_parcel(
    db: Database, licences: Any, more: dict[str, Any], code: str
) -> None:
    shop = await given.shop(db)
    if licences is not None:
        await given.carrier(db, shop, licences=licences, **more)
    work = await packed(db, shop)

    assert await refused(db, Ship(work.id, "sf", "SF1234567890123")) == [(code, "[0].carrier")]
    assert (await work_of(db, work.order_id)).state is WorkState.PACKED


@pytest.mark.requirement("O4.1")
async def test_a_suspended_carrier_gets_no_parcel_and_all_problems_are_told_at_once(db: Database) -> None:
    shop = await given.shop(db)
    await do(db, SYSTEM, carriers.suspend, await given.carrier(db, shop), reason="losses")
    one, two = await packed(db, shop), await packed(db, shop, buyer="b2")

    assert await refused(db, Ship(one.id, "sf", "nonsense"), Ship(two.id, "yto", "YT1234567890123")) == [
        ("carriers.number_unfit", "[0].tracking_number"), ("carriers.suspended", "[0].carrier"),
        ("carriers.not_registered", "[1].carrier"),
    ]  # fmt: skip


@pytest.mark.requirement("O4.1")
async def test_what_a_parcel_was_given_by_is_kept_as_it_was_at_that_moment(db: Database) -> None:
    shop = await given.shop(db)
    carrier_id = await given.carrier(db, shop)
    ships = [
        Ship((await packed(db, shop)).id, "sf", "SF1234567890123"),
        Ship((await packed(db, shop, buyer="b2")).id, "manual", "VAN-1", carrier_reason="same_street"),
    ]
    by_sf, by_us = await do(db, SYSTEM, fulfilment.ship, ships)
    await given.carrier(db, shop, licences=(OLD,))
    async with db.transaction(SYSTEM) as tx:
        kept = await fulfilment.assignments(tx, [by_sf.id, by_us.id])

    start, end = kept[by_sf.id].licensed_from, kept[by_sf.id].licensed_until
    assert start is not None
    assert end is not None
    assert start < by_sf.dispatched_at < end
    assert (kept[by_sf.id].ground, kept[by_sf.id].carrier_id) == ("licensed", carrier_id)
    assert (kept[by_us.id].ground, kept[by_us.id].carrier_reason) == ("own", "same_street")


@pytest.mark.requirement("O4.1")
async def test_a_carrier_of_the_shops_own_is_used_once_it_is_registered(db: Database) -> None:
    shop = await given.shop(db)
    work = await packed(db, shop)
    ship = Ship(work.id, "bike-riders", "ride-77")

    assert await refused(db, ship) == [("carriers.numbers_unknown", "[0].carrier")]
    assert await refused(db, msgspec.structs.replace(ship, carrier="\0")) == [
        ("carriers.numbers_unknown", "[0].carrier")
    ]
    await given.carrier(db, shop, "bike-riders")
    (parcel,) = await do(db, SYSTEM, fulfilment.ship, [ship])
    scan = fulfilment.Scan("bike-riders", "ride-77", "e1", "picked_up", parcel.dispatched_at)
    assert (await do(db, SYSTEM, fulfilment.scan, [scan])).stored == 1


@pytest.mark.requirement("O4.3")
async def test_a_number_that_does_not_fit_needs_somebody_who_may_and_a_reason_that_stays(db: Database) -> None:
    shop = await given.shop(db)
    await given.carrier(db, shop)
    work = await packed(db, shop)
    odd = Ship(work.id, "sf", "sfx-2026 1", number_reason="new_form")
    packer = Actor(ActorKind.STAFF, 7, "packer", shop.merchant_id, frozenset({"parcel.ship"}))

    assert await refused(db, odd, actor=packer) == [("parcel.override_not_yours", "[0].number_reason")]
    assert await refused(db, msgspec.structs.replace(odd, tracking_number="?")) == [
        ("carriers.number_unfit", "[0].tracking_number")
    ]
    lead = Actor(ActorKind.STAFF, 8, "lead", shop.merchant_id, frozenset({"parcel.ship", "parcel.override"}))
    (parcel,) = await do(db, lead, fulfilment.ship, [odd])
    async with db.transaction(SYSTEM) as tx:
        kept = (await fulfilment.assignments(tx, [parcel.id]))[parcel.id]
        fact = await tx.fetchval("SELECT data FROM facts WHERE wire = 'parcel.dispatched'")
        by = await tx.fetchval("SELECT by FROM parcel_assignments")

    assert (parcel.tracking_number, kept.number_reason, by) == ("SFX-20261", "new_form", 8)
    assert fact["number_reason"] == "new_form"


@pytest.mark.requirement("O4.1")
async def test_a_work_is_told_which_carrier_to_take_and_why_not_the_others(db: Database) -> None:
    shop = await given.shop(db)
    sf, yto = await given.carrier(db, shop), await given.carrier(db, shop, "yto")
    old = await given.carrier(db, shop, "zto", licences=(OLD,))
    await do(db, SYSTEM, carriers.save_lanes, [
        carriers.SaveLane(merchant_id=shop.merchant_id, code=code, carrier_id=carrier_id, country="CN", region=region, **more)
        for code, carrier_id, region, more in (
            ("sf", sf, "3301", {"priority": 1}), ("yto", yto, "", {"max_grams": 500}),
            ("zto", old, "33", {"priority": 0}),
        )
    ])  # fmt: skip
    work = await packed(db, shop)
    wanted = carriers.SetGrade(
        carrier_id=yto, origin="CN-33", destination="CN-33", grade="A", reason="fast", ends_at=work.paid_at + 240 * HOUR
    )
    await do(db, SYSTEM, carriers.set_grade, wanted)
    async with db.transaction(SYSTEM) as tx:
        options = await fulfilment.suggest_one(tx, work.id)
        at_the_scales = await fulfilment.suggest_one(tx, work.id, grams=600)

    assert [(one.lane, one.is_chosen, one.is_out, one.grade) for one in options] == [
        ("sf", True, False, None), ("yto", False, False, "A"), ("zto", False, True, None),
    ]  # fmt: skip
    assert "2021-01-01" in options[-1].reasons[0].en
    assert "parcel weighs 600 g" in "".join(text.en for one in at_the_scales for text in one.reasons)


@pytest.mark.requirement("O4.1")
async def test_another_carrier_than_the_suggested_one_takes_a_reason_that_stays(db: Database) -> None:
    shop = await given.shop(db)
    sf, yto = await given.carrier(db, shop), await given.carrier(db, shop, "yto")
    await do(db, SYSTEM, carriers.save_lanes, [
        carriers.SaveLane(merchant_id=shop.merchant_id, code=code, carrier_id=carrier_id, country="CN", priority=priority)
        for code, carrier_id, priority in (("sf", sf, 1), ("yto", yto, 2))
    ])  # fmt: skip
    one, two, three = [await packed(db, shop, buyer=f"b{n}") for n in range(3)]
    ships = [
        Ship(one.id, "sf", "SF1234567890123"), Ship(two.id, "yto", "YT1234567890123"), Ship(three.id, "manual", "VAN-1"),
    ]  # fmt: skip

    assert await refused(db, *ships) == [
        ("parcel.carrier_reason_missing", "[1].carrier_reason"), ("parcel.carrier_reason_missing", "[2].carrier_reason"),
    ]  # fmt: skip
    assert (await work_of(db, one.order_id)).state is WorkState.PACKED
    told = [msgspec.structs.replace(s, carrier_reason="pickup_missed") if s.carrier != "sf" else s for s in ships]
    parcels = await do(db, SYSTEM, fulfilment.ship, told)
    async with db.transaction(SYSTEM) as tx:
        kept = await fulfilment.assignments(tx, [parcel.id for parcel in parcels])
        facts = await tx.fetch("SELECT data FROM facts WHERE wire = 'parcel.dispatched' ORDER BY subject_id")
    assert [(kept[p.id].suggested, kept[p.id].carrier_reason) for p in parcels] == [
        (None, None), ("sf", "pickup_missed"), ("sf", "pickup_missed"),
    ]  # fmt: skip
    assert [fact["data"]["suggested"] for fact in facts] == [None, "sf", "sf"]


# (hours after dispatch, code) of each parcel's scans, and what must be counted of all of them ten days later.
ROADS: dict[str, list[tuple[int, str]]] = {
    "good": [(2, "picked_up"), (30, "out_for_delivery"), (40, "delivered")],
    "late": [(2, "picked_up"), (40, "in_transit"), (80, "in_transit"), (120, "in_transit"), (150, "out_for_delivery"),
             (196, "delivered")],
    "quiet": [(30, "picked_up"), (90, "delivered")],
    "lost": [(2, "picked_up"), (40, "lost")],
    "gone": [(2, "picked_up")],
    "never": [],
    "broken": [(2, "picked_up"), (20, "damaged"), (40, "delivered")],
    "back": [(2, "picked_up"), (30, "turned_away"), (60, "returning"), (90, "returned")],
}  # fmt: skip
COUNTED = {
    # Due: all that arrived, and those that are out though their promise has passed.
    "late": [7, 4], "damaged": [8, 1], "lost": [8, 3], "silent": [8, 4], "unscanned": [8, 2],
}  # fmt: skip


async def travelled(db: Database, shop: given.Shop, *, mixed: bool) -> None:
    """One parcel down each road; scans come in as they happened, or the other way round and twice."""
    scans = []
    for n, road in enumerate(ROADS.values()):
        work = await packed(db, shop, buyer=f"b{n}")
        (parcel,) = await do(db, SYSTEM, fulfilment.ship, [Ship(work.id, "sf", f"SF{n:013d}")])
        scans += [
            fulfilment.Scan("sf", parcel.tracking_number, f"e{at}", code, parcel.dispatched_at + (at - 240) * HOUR)
            for at, code in road
        ]
    async with db.connection() as connection:
        await connection.execute("UPDATE parcels SET dispatched_at = dispatched_at - interval '10 days'")
        await connection.execute("UPDATE order_lines SET arrive_by = now() - interval '5 days'")
    for each in [[one] for one in reversed(scans)] * 2 if mixed else [scans]:
        await do(db, SYSTEM, fulfilment.scan, each)


@pytest.mark.requirement("O4.2")
@pytest.mark.parametrize("mixed", [False, True])
async def test_what_became_of_parcels_is_counted_whatever_order_the_news_came_in(db: Database, mixed: bool) -> None:
    shop = await given.shop(db)
    carrier_id = await given.carrier(db, shop)
    await travelled(db, shop, mixed=mixed)
    async with db.transaction(SYSTEM) as tx:
        until = tx.now
        (lane,) = await carrier_figures.counted(tx, since=until - carriers.WINDOW, until=until)
        before = await carrier_figures.counted(tx, since=until - 60 * 24 * HOUR, until=until - 30 * 24 * HOUR)

    assert (lane.carrier_id, lane.origin, lane.destination) == (carrier_id, "CN-33", "CN-33")
    assert {name: [one.samples, one.bad] for name, one in lane.counts.items() if name in COUNTED} == COUNTED
    assert before == []
