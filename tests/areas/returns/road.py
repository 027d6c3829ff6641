"""Steps on the road of a return, for the tests of this area."""

from datetime import datetime
from typing import Any

from tests import given

from dingdan.areas import returns
from dingdan.areas.returns import Apply, ApplyLine, Inspect, InspectedLine, Receive, Return, Send
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

BUYER = "buyer-1"


def wish(shop: given.Shop, *lines: ApplyLine, buyer: str = BUYER) -> Apply:
    return Apply(shop.merchant_id, buyer, lines)


async def applied(
    db: Database, shop: given.Shop, *lines: ApplyLine, buyer: str = BUYER, at: datetime | None = None
) -> Return:
    """An application that opens one return."""
    asked = wish(shop, *lines, buyer=buyer)
    made = await (do_at(db, SYSTEM, at, returns.apply, asked) if at else do(db, SYSTEM, returns.apply, asked))
    (opened,) = made.returns
    return opened


async def refused(db: Database, shop: given.Shop, *lines: ApplyLine, buyer: str = BUYER) -> list[tuple[str, str]]:
    """The codes and paths of everything that is wrong with an application."""
    try:
        await do(db, SYSTEM, returns.apply, wish(shop, *lines, buyer=buyer))
    except Refusal as refusal:
        return [(p.code, p.path) for p in refusal.problems]
    return []


async def sent(db: Database, held: Return, number: str = "BACK-1") -> None:
    await do(db, SYSTEM, returns.send, [Send((held.id,), "manual", number)])


async def received(db: Database, held: Return, lines: tuple[returns.ReceivedLine, ...] | None = None) -> None:
    await do(db, SYSTEM, returns.receive, [Receive(held.id, lines)])


def fine(quantity: int, line_no: int = 1, **more: Any) -> InspectedLine:
    """Units that are as they left."""
    found: dict[str, Any] = {"is_original": True, "intact": True, "grade": "A", "disposition": "restock"}
    return InspectedLine(line_no, quantity, **(found | more))


async def inspected(db: Database, held: Return, *lines: InspectedLine) -> returns.Inspected:
    (done,) = await do(db, SYSTEM, returns.inspect, [Inspect(held.id, lines)])
    return done


async def now_is(db: Database, held: Return) -> Return:
    async with db.transaction(SYSTEM) as tx:
        return await returns.get_one(tx, held.id)


async def wires(db: Database, held: Return) -> list[str]:
    """The story of a return, as its facts tell it."""
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch(
            "SELECT wire FROM facts WHERE subject = 'return' AND subject_id = $1 ORDER BY id", held.id
        )
    return [row["wire"].removeprefix("return.") for row in rows]
