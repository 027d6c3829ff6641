"""What happens to goods on their way back and after: lost, broken, found at the door, disposed of, fought over."""

import random
from typing import Any

from dingdan.areas import disposition, fulfilment, way_back
from dingdan.areas.disposition import Choice, Decide
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given

KINDS = ("restock", "repack", "vendor", "liquidate", "donate", "send_back", "scrap", "open_box")


async def dispose(db: Database, chance: random.Random) -> None:
    """Somebody decides about goods, or their buyer says a word."""
    goods = await _some(
        db, chance, "SELECT id, open, value FROM returned_goods WHERE open > 0 ORDER BY id DESC LIMIT 10"
    )
    if goods is None:
        return
    what = chance.choice(("decide", "decide", "decide", "offer", "choose"))
    if what == "offer":
        await do(db, SYSTEM, disposition.offer, goods["id"], amount=chance.randint(0, max(1, goods["value"])))
    elif what == "choose":
        await do(db, SYSTEM, disposition.choose, goods["id"], chance.choice(tuple(Choice)))
    else:
        asked = Decide(
            goods_id=goods["id"], kind=chance.choice(KINDS), quantity=chance.randint(1, goods["open"] + 1),  # type: ignore[arg-type]
            recovered=chance.choice((None, 0, goods["value"] // 2)),
        )  # fmt: skip
        await do(db, SYSTEM, disposition.decide, [asked])


async def travel(db: Database, chance: random.Random) -> None:
    """A carrier says something of a parcel that comes back."""
    parcel = await _some(db, chance, "SELECT carrier, tracking_number FROM return_parcels ORDER BY id DESC LIMIT 10")
    if parcel is None:
        return
    code = chance.choice(("picked_up", "in_transit", "delivered", "lost", "damaged"))
    async with db.transaction(SYSTEM) as tx:
        await way_back.take_scans(
            tx, [fulfilment.Scan(parcel["carrier"], parcel["tracking_number"], code, code, tx.now)]
        )


async def find(db: Database, chance: random.Random, shop: given.Shop) -> None:
    """A parcel stands at the door, and perhaps somebody knows whose it is."""
    new = way_back.NewStray(
        merchant_id=shop.merchant_id, warehouse_id=shop.warehouse_id, is_empty=chance.random() < 0.3
    )
    stray, _ = await do(db, SYSTEM, way_back.register, new)
    held = await _some(db, chance, "SELECT id FROM returns WHERE decision = 'approved' ORDER BY id DESC LIMIT 10")
    if held is not None and chance.random() < 0.8:
        await do(db, SYSTEM, way_back.match, stray.id, held["id"])


async def _some(db: Database, chance: random.Random, sql: str) -> Any:
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch(sql)
    return chance.choice(rows) if rows else None
