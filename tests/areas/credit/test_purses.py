"""Money and points of buyers: granted, kept for orders, spent once, given back, and gone when their time is over."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests import given
from tests.areas.credit import wallet
from tests.areas.payments import till

from dingdan.areas import credit
from dingdan.areas.credit.model import Held
from dingdan.areas.credit.rules import sharing
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 3: credit")


async def test_grants_of_one_kind_go_into_one_purse(db: Database) -> None:
    first, again = await wallet.money(db, 50_00), await wallet.money(db, 7_00)

    assert first.id == again.id
    assert await wallet.stands(db, first) == (57_00, 0)
    assert await till.wires(db, first.id) == ["credit.granted"] * 2


async def test_given_and_paid_in_money_stand_apart_in_the_books(db: Database) -> None:
    await wallet.money(db, 50_00, funding=credit.Funding.RECEIVED)
    await wallet.money(db, 8_00)

    assert await till.balances(db) == {"stored_value": -58_00, "topups_received": 50_00, "credit_given": 8_00}


async def test_points_are_counted_and_not_in_the_books(db: Database) -> None:
    purse = await wallet.points(db, 500)

    assert (purse.unit, purse.balance) == ("points", 500)
    assert await till.balances(db) == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [({"amount": 0}, "credit.amount_unfit"), ({"amount": -5}, "credit.amount_unfit"),
     ({"amount": 10**16}, "credit.amount_unfit"), ({"unit": "XXX"}, "credit.unit_unfit"),
     ({"unit": "points"}, "credit.unit_unfit"), ({"kind": credit.PurseKind.CARD}, "credit.unit_unfit")],
)  # fmt: skip
async def test_what_cannot_be_granted_is_refused_with_its_place(
    db: Database, change: dict[str, object], code: str
) -> None:
    sound = {
        "merchant_id": 1,
        "buyer_id": 2,
        "kind": credit.PurseKind.BALANCE,
        "unit": "CNY",
        "amount": 5,
        "reason": "x",
    }
    with pytest.raises(Refusal) as caught:
        await do(db, SYSTEM, credit.grant, [credit.Grant(**sound), credit.Grant(**sound | change)])

    assert [(p.code, p.path.split(".")[0]) for p in caught.value.problems] == [(code, "[1]")]


async def test_money_that_ends_and_points_that_ended_are_refused(db: Database) -> None:
    with pytest.raises(credit.ExpiryUnfit):
        await wallet.points(db, 5, days=0)
    async with db.transaction(SYSTEM) as tx:
        with pytest.raises(credit.ExpiryUnfit):
            await credit.grant(tx, [credit.Grant(merchant_id=1, buyer_id=2, kind=credit.PurseKind.BALANCE, unit="CNY",
                                                 amount=5, reason="x", expires_at=tx.now + timedelta(days=9))])  # fmt: skip


async def test_a_hold_lowers_what_is_available_and_a_capture_what_is_there(db: Database) -> None:
    purse = await wallet.points(db, 500)
    assert await wallet.hold(db, wallet.wish(purse, 200)) == {}
    assert await wallet.stands(db, purse) == (500, 200)

    for _ in range(2):
        await do(db, SYSTEM, credit.capture, [wallet.ORDER])
    assert await wallet.stands(db, purse) == (300, 0)
    await do(db, SYSTEM, credit.release, [wallet.ORDER])
    assert await wallet.stands(db, purse) == (300, 0)


async def test_a_hold_beyond_what_is_there_is_refused_and_leaves_nothing(db: Database) -> None:
    purse = await wallet.points(db, 500)
    refused = await wallet.hold(db, wallet.wish(purse, 501), wallet.wish(purse, 500, order=8))

    assert {i: (no.code, no.params["available"]) for i, no in refused.items()} == {7: ("credit.not_enough", 500)}
    assert await wallet.stands(db, purse) == (500, 500)


async def test_a_buyer_without_a_purse_has_nothing(db: Database) -> None:
    wanted = credit.Hold(order_id=7, merchant_id=1, amount=5, buyer_id=99)
    refused = await wallet.hold(db, wanted)

    assert [no.code for no in refused.values()] == ["credit.not_enough"]


async def test_an_order_gets_all_of_its_wishes_or_none(db: Database) -> None:
    rich, poor = await wallet.points(db, 500), await wallet.money(db, 3_00)
    refused = await wallet.hold(db, wallet.wish(rich, 100), wallet.wish(poor, 4_00, payment=5))

    assert list(refused) == [wallet.ORDER]
    assert await wallet.stands(db, rich) == (500, 0)


async def test_a_release_frees_once_and_can_be_held_again(db: Database) -> None:
    purse = await wallet.points(db, 500)
    await wallet.hold(db, wallet.wish(purse, 400))
    for _ in range(2):
        await do(db, SYSTEM, credit.release, [wallet.ORDER])
    assert await wallet.stands(db, purse) == (500, 0)

    assert await do(db, SYSTEM, credit.hold_again, [wallet.ORDER]) == {}
    assert await wallet.stands(db, purse) == (500, 400)


async def test_what_somebody_else_took_meanwhile_is_not_held_again(db: Database) -> None:
    purse = await wallet.points(db, 500)
    await wallet.hold(db, wallet.wish(purse, 400))
    await do(db, SYSTEM, credit.release, [wallet.ORDER])
    await wallet.hold(db, wallet.wish(purse, 300, order=8))

    assert set(await do(db, SYSTEM, credit.hold_again, [wallet.ORDER])) == {wallet.ORDER}


async def test_the_first_points_to_end_are_the_first_to_be_spent(db: Database) -> None:
    purse = await wallet.points(db, 100)
    await wallet.points(db, 100, days=30)
    await wallet.points(db, 100, days=10)
    await wallet.hold(db, wallet.wish(purse, 150))

    assert await wallet.endings(db, purse) == [(50, 30), (100, None)]


async def test_points_that_are_let_go_lie_where_they_lay(db: Database) -> None:
    purse = await wallet.points(db, 100, days=10)
    await wallet.points(db, 100, days=30)
    await wallet.hold(db, wallet.wish(purse, 150), wallet.wish(purse, 30, order=8))
    await do(db, SYSTEM, credit.release, [wallet.ORDER, 8])

    assert await wallet.endings(db, purse) == [(100, 10), (100, 30)]


async def test_unspent_points_end_in_time_and_held_ones_are_waited_for(db: Database) -> None:
    purse = await wallet.points(db, 100, days=10)
    await wallet.hold(db, wallet.wish(purse, 40))
    await till.pass_time(db, timedelta(days=11))
    await given.settle(db, with_deadlines=True)
    assert await wallet.stands(db, purse) == (40, 40)

    await do(db, SYSTEM, credit.release, [wallet.ORDER])
    await given.settle(db, with_deadlines=True)
    assert await wallet.stands(db, purse) == (0, 0)


@pytest.mark.requirement("W25", "R4.4")
async def test_points_of_returned_goods_come_back(db: Database) -> None:
    """500 points on goods of 30.00 and 70.00; the goods of 30.00 come back with 150 of them."""
    purse = await wallet.points(db, 500, days=30)
    await wallet.hold(db, wallet.wish(purse, 500))
    await do(db, SYSTEM, credit.capture, [wallet.ORDER])
    await wallet.restore(db, 150)

    assert await wallet.stands(db, purse) == (150, 0)
    assert await wallet.endings(db, purse) == [(150, 30)]


async def test_points_that_come_back_after_their_end_are_good_for_a_week(db: Database) -> None:
    purse = await wallet.points(db, 500, days=3)
    await wallet.hold(db, wallet.wish(purse, 500))
    await do(db, SYSTEM, credit.capture, [wallet.ORDER])
    await till.pass_time(db, timedelta(days=20))
    await wallet.restore(db, 500)

    assert await wallet.endings(db, purse) == [(500, 7)]


async def test_a_cause_gives_back_once_and_never_more_than_was_spent(db: Database) -> None:
    purse = await wallet.points(db, 500)
    await wallet.hold(db, wallet.wish(purse, 300))
    await do(db, SYSTEM, credit.capture, [wallet.ORDER])
    for _ in range(2):
        await wallet.restore(db, 200, cause=4711)
    with pytest.raises(credit.OverRestored):
        await wallet.restore(db, 101)

    assert await wallet.stands(db, purse) == (400, 0)


async def test_an_ended_order_gives_all_its_points_back_once(db: Database) -> None:
    purse = await wallet.points(db, 500)
    await wallet.hold(db, wallet.wish(purse, 300), wallet.wish(purse, 100, order=8))
    await do(db, SYSTEM, credit.capture, [wallet.ORDER])
    for _ in range(2):
        await do(db, SYSTEM, credit.give_back, [wallet.ORDER, 8])

    assert await wallet.stands(db, purse) == (500, 0)


async def test_a_mistaken_grant_is_taken_back_where_it_is_free(db: Database) -> None:
    purse = await wallet.points(db, 100, days=10)
    await wallet.points(db, 100)
    await wallet.hold(db, wallet.wish(purse, 20))
    with pytest.raises(credit.NotEnoughCredit):
        await do(db, SYSTEM, credit.take_back, purse.id, 181, reason="mistake")
    await do(db, SYSTEM, credit.take_back, purse.id, 130, reason="mistake")

    assert await wallet.stands(db, purse) == (70, 20)
    assert await wallet.endings(db, purse) == [(50, None)]


@pytest.mark.requirement("issue 2: races")
async def test_forty_holds_at_once_never_overdraw(db: Database) -> None:
    purse = await wallet.points(db, 105)
    refused = await asyncio.gather(*(wallet.hold(db, wallet.wish(purse, 10, order=n)) for n in range(1, 41)))

    assert sum(not one for one in refused) == 10
    assert await wallet.stands(db, purse) == (105, 100)


@pytest.mark.requirement("issue 2: races")
async def test_release_and_capture_at_once_do_one_of_the_two(db: Database) -> None:
    purse = await wallet.points(db, 100)
    for order in range(1, 11):
        await wallet.hold(db, wallet.wish(purse, 10, order=order))
    await asyncio.gather(*(
        do(db, SYSTEM, act, [order]) for order in range(1, 11) for act in (credit.release, credit.capture)
    ))  # fmt: skip
    balance, held = await wallet.stands(db, purse)

    assert held == 0
    assert balance % 10 == 0


async def test_ten_thousand_holds_are_kept_in_one_go(db: Database) -> None:
    purse = await wallet.points(db, 100_000)
    assert await wallet.hold(db, *(wallet.wish(purse, 10, order=n) for n in range(1, 10_001))) == {}

    assert await wallet.stands(db, purse) == (100_000, 100_000)


@for_all(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 30)), max_size=12), st.integers(0, 60))
def test_scarce_purses_are_never_given_out_twice(wishes: list[tuple[int, int, int]], there: int) -> None:
    holds = [
        Held(id=n, order_id=order, merchant_id=1, purse_id=purse, payment_id=n, amount=amount, state="held", version=1)
        for n, (order, purse, amount) in enumerate(wishes)
    ]
    served, short = sharing.hand_out(holds, {1: there})

    assert sharing.needs_of(served).get(1, 0) <= there
    assert {one.order_id for one in served}.isdisjoint(short)
    assert {one.order_id for one in served} | set(short) == {one.order_id for one in holds}
