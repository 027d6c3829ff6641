"""Steps on the road of a return, for the tests of this area."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace
from tests import given

from dingdan.areas import evidence, merchants, policies, refunds, returns
from dingdan.areas.returns import Apply, ApplyLine, Inspect, InspectedLine, Receive, Return, Send
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

BUYER = "buyer-1"


def wish(shop: given.Shop, *lines: ApplyLine, buyer: str = BUYER, **more: Any) -> Apply:
    return Apply(shop.merchant_id, buyer, lines, **more)


async def applied(
    db: Database, shop: given.Shop, *lines: ApplyLine, buyer: str = BUYER, at: datetime | None = None, **more: Any
) -> Return:
    """An application that opens one return."""
    asked = wish(shop, *lines, buyer=buyer, **more)
    made = await (do_at(db, SYSTEM, at, returns.apply, asked) if at else do(db, SYSTEM, returns.apply, asked))
    (opened,) = made.returns
    return opened


async def refused(
    db: Database, shop: given.Shop, *lines: ApplyLine, buyer: str = BUYER, **more: Any
) -> list[tuple[str, str]]:
    """The codes and paths of everything that is wrong with an application."""
    try:
        await do(db, SYSTEM, returns.apply, wish(shop, *lines, buyer=buyer, **more))
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


HOUSE = policies.Rule(article="The shop's own promise", en="As the shop promises.", zh="按店铺承诺执行。")


async def house(db: Database, asking: policies.Asking, **more: Any) -> given.Shop:
    """A shop whose own policy is the law's, with these terms of asking."""
    shop = await given.shop(db, **more)
    law = policies.packs()[0]
    document = replace(law, id="house", version="1", asking=asking, rules={**law.rules, "HOUSE": HOUSE})
    await do(db, SYSTEM, policies.publish, shop.merchant_id, document)
    async with db.transaction(SYSTEM) as tx:
        merchant = (await merchants.by_ids(tx, [shop.merchant_id]))[shop.merchant_id]
        await merchants.save(tx, merchants.SaveMerchant(
            code=merchant.code, name=merchant.name, zone=merchant.zone, currency=merchant.currency, policy="house",
            settings=merchant.settings,
        ))  # fmt: skip
    return shop


async def refund_of(db: Database, held: Return) -> refunds.Refund | None:
    """What goes back for a return, once everything has followed."""
    await given.settle(db)
    now = await now_is(db, held)
    async with db.reading(SYSTEM) as tx:
        return (await refunds.get(tx, [now.refund_id])).get(now.refund_id) if now.refund_id else None


async def shown(
    db: Database, order_id: int, shot: str = "fault", *, mark: str = "a", likeness: int | None = None
) -> int:
    """A picture that was brought for an order; `mark` makes it another file."""
    made = await do(db, SYSTEM, evidence.bring, evidence.NewEvidence(
        order_id=order_id, sort="photo", shot=shot, sha256=mark * 64, size=1, width=1, height=1, likeness=likeness,
    ))  # fmt: skip
    return made.id
