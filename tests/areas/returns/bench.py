"""Shops whose policy says more about the way back, hands that inspect, and goods that came back."""

from datetime import timedelta
from typing import Any

import msgspec
from tests import given
from tests.areas.returns import road

from dingdan.areas import disposition, merchants, policies, returns
from dingdan.areas.returns import ApplyLine, Inspect, InspectedLine
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

ANN, BEN = (Actor(ActorKind.STAFF, number, name) for number, name in ((71, "Ann"), (72, "Ben")))


async def shop(
    db: Database, *, category: str = "home", settings: dict[str, Any] | None = None, parts: dict[str, Any] | None = None,
    **more: Any,
) -> given.Shop:  # fmt: skip
    """A shop with a policy of its own: the law's, with these parts on top; its products are of this category."""
    made = await given.shop(db, **(settings or {}), **more)
    await do(db, SYSTEM, _own_policy, made, category, parts or {})
    return made


async def _own_policy(tx: Tx, made: given.Shop, category: str, parts: dict[str, Any]) -> None:
    (law,) = (one for one in policies.packs() if one.id == "cn_statutory")
    own = msgspec.structs.replace(law, id="own", version="1", **parts)
    await policies.publish(tx, made.merchant_id, own)
    owner = (await merchants.by_ids(tx, [made.merchant_id]))[made.merchant_id]
    await merchants.save(tx, merchants.SaveMerchant(
        code=owner.code, name=owner.name, zone=owner.zone, currency=owner.currency, policy="own",
        settings=owner.settings,
    ))  # fmt: skip
    await tx.execute("UPDATE products SET category = $2 WHERE merchant_id = $1", made.merchant_id, category)


async def returning(
    db: Database, made: given.Shop, lines: dict[str, int] | None = None, *, reason: str = "NO_REASON", **more: Any
) -> returns.Return:
    """An approved return of a whole delivered order."""
    wanted = lines or {"MUG": 1}
    order_id = await given.delivered_order(db, made, wanted, **more)
    asked = [ApplyLine(units, reason, order_id, n) for n, units in enumerate(wanted.values(), start=1)]
    held = await road.applied(db, made, *asked)
    if held.decision == "requested":
        held = await do(db, SYSTEM, returns.approve, held.id)
    await given.settle(db)
    return held


async def looked_at(
    db: Database, made: given.Shop, *lines: InspectedLine, sold: dict[str, int] | None = None, by: Actor = SYSTEM
) -> list[disposition.ReturnedGoods]:
    """Goods of an order that came back whole and were looked at."""
    held = await returning(db, made, sold)
    await road.received(db, held)
    await do(db, by, returns.inspect, [Inspect(held.id, lines)])
    return await goods_of(db, held)


async def goods_of(db: Database, held: returns.Return) -> list[disposition.ReturnedGoods]:
    """The goods of a return."""
    async with db.transaction(SYSTEM) as tx:
        return (await disposition.of_returns(tx, [held.id]))[held.id]


async def later(db: Database, after: timedelta) -> None:
    """Turn the clock on, and let everything happen that is due by then."""
    await do(db, SYSTEM, clock.advance, after)
    await given.settle(db, with_deadlines=True)


async def wires(db: Database, number: int) -> list[str]:
    """The facts about one thing, in their order."""
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT wire FROM facts WHERE subject_id = $1 ORDER BY id", number)
    return [row["wire"] for row in rows]
