"""Builders and readers for what buyers are told."""

from datetime import timedelta
from typing import Any

import msgspec
from tests import given

from dingdan.areas import notifications, payments, placement
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

EMAIL = "xiaoming@mail.example"


async def placed(db: Database, shop: given.Shop, *, email: str = EMAIL, language: str = "", **more: Any) -> int:
    """An order of somebody who can be told, told."""
    order_id = await put(db, shop, email=email, language=language, **more)
    await given.settle(db)
    return order_id


async def put(db: Database, shop: given.Shop, *, email: str = EMAIL, language: str = "", **more: Any) -> int:
    """The same, and nothing has followed from it yet."""
    basket = given.basket(shop, {"MUG": 1, "TEE": 2}, **more)
    buyer = placement.Buyer(ref="buyer-1", email=email, language=language)
    (result,) = await do(db, SYSTEM, placement.place, [msgspec.structs.replace(basket, buyer=buyer)])
    if isinstance(result, Refusal):
        raise result
    return result.order_id


async def confirmations(db: Database, order_id: int) -> list[notifications.Confirmation]:
    """All versions."""
    async with db.reading(SYSTEM) as tx:
        return await notifications.confirmations(tx, order_id)


async def messages(db: Database, order_id: int) -> list[tuple[str, str, str | None]]:
    """(channel, state, failure) of each message, oldest first."""
    async with db.reading(SYSTEM) as tx:
        found = await notifications.messages(tx, order_id)
    return [(str(one.channel), str(one.state), one.failure) for one in found]


async def wires(db: Database, prefix: str = "message.") -> list[str]:
    """The names of the facts about messages, in order."""
    async with db.connection() as connection:
        rows = await connection.fetch("SELECT wire FROM facts WHERE starts_with(wire, $1) ORDER BY id", prefix)
    return [row["wire"] for row in rows]


async def declined(db: Database, order_id: int) -> None:
    """A payment that the bank declines."""
    await payments.sandbox.order_fault(db, "start", "declined")
    (payment,) = await do(db, SYSTEM, payments.start, [order_id], provider="sandbox", method="instant")
    await payments.call_started(db, [payment.id])
    await given.settle(db)


async def later(db: Database, *, minutes: int) -> None:
    """Let time pass, and everything happen that waited for it."""
    await do(db, SYSTEM, clock.advance, timedelta(minutes=minutes))
    await given.settle(db, with_deadlines=True)
