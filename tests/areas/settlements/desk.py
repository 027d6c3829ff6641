"""A finance desk: an agreement, orders that are done, people who may pay, and time that passes."""

from datetime import datetime, timedelta
from typing import Any

from tests import given

from dingdan import worker
from dingdan.areas import orders, refunds, settlements
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

FINN = Actor(ActorKind.STAFF, 801, "Finn")
FAYE = Actor(ActorKind.STAFF, 802, "Faye")
PAYEE = settlements.Payee(name="杭州小店有限公司", bank="中国工商银行", account="6222 0000 1111 2222")
# L1 199.00, L2 2 x 89.90, L3 39.90.
A = {"MUG": 1, "TEE": 2, "SOCK": 1}


def terms(**more: Any) -> settlements.Terms:
    """Five percent of everything, half a yuan an order, 0.6 percent of what was paid."""
    said: dict[str, Any] = {"commission": {"*": 5_00}, "fixed_fee": 50, "payment_fee": 60, "payee": PAYEE}
    return settlements.Terms(**(said | more))


async def agree(db: Database, shop: given.Shop, **more: Any) -> settlements.Agreement:
    """Terms with a shop from now on."""
    wanted = settlements.SaveAgreement(merchant_id=shop.merchant_id, currency="CNY", terms=terms(**more))
    return await do(db, SYSTEM, settlements.agree, wanted)


async def done(db: Database, shop: given.Shop, lines: dict[str, int] | None = None, **more: Any) -> int:
    """An order that was delivered and received."""
    order_id = await given.delivered_order(db, shop, lines, **more)
    await do(db, SYSTEM, orders.receive, order_id)
    await given.settle(db)
    return order_id


async def finish(db: Database, shop: given.Shop, order_id: int) -> None:
    """A paid order, the only one that waits, is shipped, delivered and received."""
    await given.ship(db, shop, order_id)
    async with db.transaction(SYSTEM) as tx:
        await orders.note_delivered(tx, {order_id: tx.now})
    await do(db, SYSTEM, orders.receive, order_id)
    await given.settle(db)


async def refund(db: Database, order_id: int, *lines: tuple[int, int], cause_id: int = 1) -> refunds.Refund:
    """Units of lines paid back, and everything that follows."""
    asked = refunds.RequestRefund(
        order_id=order_id, cause=refunds.Cause.RETURN, cause_id=cause_id, is_policy_decided=True,
        lines=tuple(refunds.AskedLine(line_no, quantity) for line_no, quantity in lines),
    )  # fmt: skip
    made = await do(db, SYSTEM, refunds.request, asked)
    assert made is not None
    await given.settle(db)
    return made


async def lines(db: Database, order_id: int) -> list[tuple[str, str, int]]:
    """What an order means for its merchant: (kind, detail, amount)."""
    async with db.reading(SYSTEM) as tx:
        found = await settlements.lines_of_order(tx, order_id)
    return [(str(one.kind), one.detail, one.amount) for one in found]


async def accounts(db: Database, shop: given.Shop) -> list[settlements.Settlement]:
    """A shop's periods, the first one first."""
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch("SELECT id FROM settlements WHERE merchant_id = $1 ORDER BY starts_at", shop.merchant_id)
        return [await settlements.get_one(tx, row["id"]) for row in rows]


async def later(db: Database, **span: float) -> datetime:
    """Time passes, and what waits for it happens."""

    async def turn(tx: Tx) -> datetime:
        await clock.advance(tx, timedelta(**span))
        return tx.now + timedelta(**span)

    now = await do(db, SYSTEM, turn)
    await worker.settle(db)
    return now


async def payable(db: Database, shop: given.Shop, **more: Any) -> int:
    """An order in a period that is closed: 199.00 less 9.95, 0.50 and 1.19 is 187.36."""
    await agree(db, shop, **more)
    order_id = await done(db, shop, {"MUG": 1})
    await later(db, days=32)
    return order_id
