"""Presales: the deposit at once, the balance between two moments, and what becomes of the one without the other."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.payments import till
from tests.areas.pricing import till as pricing_till
from tests.areas.returns import road

from dingdan.areas import fulfilment, orders, payments, pricing, returns
from dingdan.areas.payments.providers import sandbox
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import clock, deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

PRICE, DEPOSIT, COUNTS_AS = 599_00, 50_00, 100_00
BALANCE = PRICE - COUNTS_AS
OPENS, CLOSES = timedelta(days=7), timedelta(days=9)


class Presale:
    """A shop that sells one thing with a deposit, and an order of it."""

    def __init__(self, db: Database, shop: given.Shop, order_id: int) -> None:
        self.db, self.shop, self.order_id = db, shop, order_id

    async def pay(self) -> None:
        """Pay whatever is due now."""
        await given.pay(self.db, self.order_id)

    async def order(self) -> orders.Order:
        return await till.order_of(self.db, self.order_id)

    async def deposit(self) -> payments.Deposit:
        async with self.db.reading(SYSTEM) as tx:
            return (await payments.deposits(tx, [self.order_id]))[self.order_id]

    async def let_pass(self, time: timedelta) -> None:
        """Turn the clock and let everything follow."""
        await do(self.db, SYSTEM, clock.advance, time)
        await given.settle(self.db, with_deadlines=True)

    async def cancel(self, reason: str) -> None:
        await do(self.db, SYSTEM, orders.cancel, self.order_id, reason=reason)
        await given.settle(self.db)

    async def came_and_went(self) -> tuple[int, int]:
        """What came in for the order, and what was sent back of it."""
        async with self.db.reading(SYSTEM) as tx:
            back = await tx.fetchval(
                "SELECT COALESCE(sum(amount), 0)::bigint FROM send_backs WHERE order_id = $1 AND state = 'arrived'",
                self.order_id,
            )
        return sum(amount for _, amount in await till.captures(self.db, self.order_id)), back

    async def told(self) -> list[str]:
        async with self.db.reading(SYSTEM) as tx:
            rows = await tx.fetch(
                "SELECT occasion FROM confirmations WHERE order_id = $1 ORDER BY version", self.order_id
            )
        return [row["occasion"] for row in rows]


async def presold(
    db: Database,
    *,
    price: int = PRICE,
    deposit: int = DEPOSIT,
    counts_as: int = COUNTS_AS,
    earnest: bool = True,
    **more: Any,
) -> Presale:
    shop = await given.shop(db, prices={"COAT": price}, check_addresses=False)
    async with db.reading(SYSTEM) as tx:
        now: datetime = tx.now
    benefit = pricing.Presale(deposit, counts_as, now + OPENS, now + CLOSES, is_earnest=earnest)
    await pricing_till.running(db, shop, benefit, currency="CNY")
    order_id = await given.placed_order(db, shop, **more)
    await given.settle(db)
    return Presale(db, shop, order_id)


@pytest.fixture
async def coat(db: Database) -> Presale:
    return await presold(db)


@pytest.mark.requirement("W47a")
async def test_the_deposit_is_paid_at_once_and_the_balance_in_its_time(db: Database, coat: Presale) -> None:
    await coat.pay()
    order = await coat.order()
    assert (order.state, order.paid_at, order.total) == ("awaiting_payment", None, DEPOSIT + BALANCE)
    assert order.pay_by == (await coat.deposit()).balance_until

    await coat.let_pass(OPENS)
    await coat.pay()

    assert (await coat.order()).state == "confirmed"
    assert await till.captures(db, coat.order_id) == [("normal", DEPOSIT), ("normal", BALANCE)]
    assert await coat.told() == ["received", "deposit_paid", "balance_opened", "confirmed"]


async def test_it_leaves_no_earlier_than_after_the_last_day_of_the_balance(db: Database, coat: Presale) -> None:
    async with db.reading(SYSTEM) as tx:
        (line,) = (await orders.lines(tx, [coat.order_id]))[coat.order_id]

    assert line.ship_by is not None
    assert line.ship_by >= (await coat.deposit()).balance_until


async def test_the_balance_is_not_taken_before_its_time(db: Database, coat: Presale) -> None:
    await coat.pay()

    with pytest.raises(payments.BalanceNotOpen):
        await till.started(db, coat.order_id)


async def test_who_does_not_pay_the_deposit_gets_nothing_kept(coat: Presale) -> None:
    await coat.let_pass(timedelta(minutes=31))

    assert (await coat.order()).state == "expired"
    assert await coat.came_and_went() == (0, 0)


@pytest.mark.requirement("W47a")
async def test_who_never_pays_the_balance_loses_the_deposit(coat: Presale) -> None:
    await coat.pay()
    await coat.let_pass(CLOSES + timedelta(minutes=1))

    assert (await coat.order()).state == "expired"
    assert await coat.came_and_went() == (DEPOSIT, 0)
    assert ((await coat.deposit()).kept, (await coat.deposit()).penalty) == (DEPOSIT, 0)
    assert (await coat.told())[-2:] == ["expired", "deposit_ended"]


@pytest.mark.requirement("W47e")
async def test_more_than_a_fifth_of_the_price_is_never_kept(db: Database) -> None:
    thing = await presold(db, price=100_00, deposit=30_00, counts_as=30_00)
    await thing.pay()
    await thing.let_pass(CLOSES + timedelta(minutes=1))

    assert await thing.came_and_went() == (30_00, 10_00)


@pytest.mark.requirement("W47f")
async def test_an_advance_goes_back_whole(db: Database) -> None:
    thing = await presold(db, earnest=False)
    await thing.pay()
    await thing.cancel("buyer_request")

    assert await thing.came_and_went() == (DEPOSIT, DEPOSIT)


@pytest.mark.requirement("W47b")
async def test_a_seller_who_cannot_deliver_gives_it_back_and_owes_as_much_again(coat: Presale) -> None:
    await coat.pay()
    await coat.cancel("seller_out_of_stock")

    assert await coat.came_and_went() == (DEPOSIT, DEPOSIT)
    assert ((await coat.deposit()).kept, (await coat.deposit()).penalty) == (0, DEPOSIT)


@pytest.mark.requirement("W47d")
async def test_who_paid_all_and_cancels_gets_all_back(coat: Presale) -> None:
    await coat.pay()
    await coat.let_pass(OPENS)
    await coat.pay()
    await coat.cancel("buyer_request")

    assert await coat.came_and_went() == (DEPOSIT + BALANCE, DEPOSIT + BALANCE)
    assert (await coat.deposit()).ended_at is None


@pytest.mark.requirement("W47c")
async def test_a_presale_that_was_delivered_comes_back_like_any_sale(db: Database, coat: Presale) -> None:
    await coat.pay()
    await coat.let_pass(OPENS)
    await coat.pay()
    number = await given.ship(db, coat.shop, coat.order_id)
    async with db.transaction(SYSTEM) as tx:
        scan = fulfilment.Scan(carrier="manual", tracking_number=number, event_id="d", code="delivered", at=tx.now)
        await fulfilment.scan(tx, [scan])
    await given.settle(db)
    held = await road.applied(db, coat.shop, returns.ApplyLine(1, order_id=coat.order_id, line_no=1))
    await road.received(db, held)
    looked = await road.inspected(db, held, road.fine(1))
    await given.settle(db)

    assert (looked.refund, DEPOSIT + BALANCE) == (549_00, 549_00)
    assert await coat.came_and_went() == (549_00, 549_00)


async def test_a_deposit_that_is_paid_twice_pays_no_balance(db: Database, coat: Presale) -> None:
    first = await till.shown(db, coat.order_id)
    await coat.pay()
    await do(db, SYSTEM, clock.advance, timedelta(seconds=1))
    await sandbox.pay(db, first.provider_ref or "", "captured", even_if_closed=True)
    for _ in range(2):
        await till.deliver(db)
        await given.settle(db, with_deadlines=True)

    assert await till.captures(db, coat.order_id) == [("normal", DEPOSIT), ("excess", DEPOSIT)]
    assert await coat.came_and_went() == (2 * DEPOSIT, DEPOSIT)
    assert (await coat.order()).state == "awaiting_payment"


async def test_a_balance_that_comes_too_late_goes_back(db: Database, coat: Presale) -> None:
    await coat.pay()
    await coat.let_pass(OPENS)
    late = await till.shown(db, coat.order_id)
    await coat.let_pass(CLOSES)
    await sandbox.pay(db, late.provider_ref or "", "captured", even_if_closed=True)
    for _ in range(2):
        await till.deliver(db)
        await given.settle(db, with_deadlines=True)

    assert (await coat.order()).state == "expired"
    assert await coat.came_and_went() == (DEPOSIT + BALANCE, BALANCE)


async def test_what_became_of_a_deposit_is_settled_once(db: Database, coat: Presale) -> None:
    await coat.pay()
    await coat.cancel("buyer_request")

    async with db.transaction(SYSTEM) as tx:
        assert await payments.end_deposits(tx, await orders.lock(tx, [coat.order_id])) == {}


async def test_a_presale_that_was_cancelled_has_no_clock_of_its_balance(db: Database, coat: Presale) -> None:
    await coat.pay()
    await coat.cancel("buyer_request")

    async with db.reading(SYSTEM) as tx:
        kinds = [one.kind for one in await deadlines.of_subjects(tx, [coat.order_id])]
    assert "deposit.balance_opens" not in kinds


async def test_a_deposit_of_the_whole_price_is_an_ordinary_sale(db: Database) -> None:
    thing = await presold(db, price=50_00, deposit=50_00, counts_as=50_00)
    await thing.pay()

    assert (await thing.order()).state == "confirmed"


async def test_a_basket_of_two_is_paid_in_two_parts_too(db: Database) -> None:
    thing = await presold(db, lines={"COAT": 2})
    await thing.pay()
    await thing.let_pass(OPENS)
    await thing.pay()

    assert await till.captures(db, thing.order_id) == [("normal", 2 * DEPOSIT), ("normal", 2 * BALANCE)]
