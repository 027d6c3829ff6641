"""Who agreed that orders travel together, when, and to which words: the burden of proof is the seller's."""

from datetime import timedelta

import msgspec
import pytest
from tests import given

from dingdan.areas import fulfilment, orders, packing
from dingdan.areas.fulfilment import PackedLine, Ship
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.overviews import merge_suggestions
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O6.6")


async def consent(db: Database, *order_ids: int, ahead: timedelta = timedelta(), **more: object) -> packing.Consent:
    async with db.transaction(SYSTEM) as tx:
        fields = {"given_by": packing.GivenBy.RECIPIENT, "text_version": "2026-11", "given_at": tx.now + ahead} | more
        return await packing.consent(tx, packing.NewConsent(order_ids=order_ids, **fields))


async def packed(db: Database, shop: given.Shop, order_id: int) -> int:
    (work,) = await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=7, order_ids=[order_id])
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 1)])
    return work.id


async def test_a_consent_names_who_when_and_which_words(db: Database) -> None:
    shop = await given.shop(db)
    one, two = [await given.placed_order(db, shop, buyer=buyer) for buyer in ("lin", "her mother")]

    made = await consent(db, two, one)

    assert (made.order_ids, made.given_by, made.text_version) == ([one, two], "recipient", "2026-11")
    assert (made.recorded_by_kind, made.withdrawn_at) == ("system", None)
    async with db.transaction(SYSTEM) as tx:
        assert await packing.consents_of(tx, [one]) == [made]
        assert await packing.consented(tx, [{one, two}, {one}, {one, 77}]) == {frozenset({one, two}), frozenset({one})}
    assert {"en", "zh"} == set(msgspec.structs.asdict(packing.CONSENT_TEXTS["2026-11"]))


async def test_all_that_is_wrong_with_a_consent_is_told_at_once(db: Database) -> None:
    shop = await given.shop(db)
    one = await given.placed_order(db, shop)

    with pytest.raises(Refusal) as caught:
        await consent(db, one, 77, 77, ahead=timedelta(hours=1), text_version="1999-01")

    assert [(p.code, p.path) for p in caught.value.problems] == [
        ("order.unknown", "orders[1]"), ("order.unknown", "orders[2]"), ("consent.text_unknown", "text_version"),
        ("consent.unfit", "orders"), ("consent.unfit", "given_at"),
    ]  # fmt: skip


@pytest.mark.parametrize("part", ["name", "phone", "detail"])
async def test_orders_for_other_hands_never_travel_together(db: Database, part: str) -> None:
    shop = await given.shop(db)
    one = await given.placed_order(db, shop)
    elsewhere = msgspec.structs.replace(given.ADDRESS, **{part: {"phone": "13912345678"}.get(part, "李四 2 号")})
    other = await given.placed_order(db, shop, ship_to=elsewhere)

    with pytest.raises(packing.ConsentOrdersUnfit) as caught:
        await consent(db, one, other)
    assert caught.value.path == "orders[1]"


async def test_orders_of_two_merchants_never_travel_together(db: Database) -> None:
    shops = [await given.shop(db) for _ in range(2)]
    ids = [await given.placed_order(db, shop) for shop in shops]

    with pytest.raises(packing.ConsentOrdersUnfit):
        await consent(db, *ids)
    stranger = Actor(ActorKind.KEY, 1, "k", shops[0].merchant_id)
    async with db.transaction(stranger) as tx:
        new = packing.NewConsent(order_ids=(ids[1], ids[0]), given_by=packing.GivenBy.BUYER, given_at=tx.now,
                                 text_version="2026-11")  # fmt: skip
        with pytest.raises(orders.OrderUnknown):
            await packing.consent(tx, new)


async def test_a_consent_that_was_withdrawn_lets_nothing_travel_together(db: Database) -> None:
    shop = await given.shop(db)
    one, two = [await given.paid_order(db, shop, {"MUG": 1}) for _ in range(2)]
    works = [await packed(db, shop, order_id) for order_id in (one, two)]
    async with db.transaction(SYSTEM) as tx:
        (group,) = await merge_suggestions.groups(tx, shop.warehouse_id)
        told = await merge_suggestions.of_buyers(tx, [one])
    assert (group.work_ids, group.order_ids) == (works, [one, two])
    assert [other.id for other in told[one]] == [two]
    made = await consent(db, one, two)
    await do(db, SYSTEM, packing.withdraw_consent, made.id)
    again = await do(db, SYSTEM, packing.withdraw_consent, made.id)
    assert again.withdrawn_at is not None

    with pytest.raises(Refusal) as caught:
        await do(db, SYSTEM, fulfilment.ship, [Ship(work_id, "manual", "VAN-1") for work_id in works])
    assert {p.code for p in caught.value.problems} == {"parcel.consent_missing"}
    await consent(db, one, two)
    (parcel,) = await do(db, SYSTEM, fulfilment.ship, [Ship(work_id, "manual", "VAN-1") for work_id in works])
    assert {line.order_id for line in parcel.lines} == {one, two}
