"""What the demo's people wrote on an order: a note that calls a colleague, a word to the buyer, and a tag."""

from collections.abc import Sequence

from dingdan.areas import identity, orders
from dingdan.cli.demo.stages import Stage
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

# Stories are numbered; these wait for the warehouse, in whichever shop.
WAITING = [f"demo-{n:03d}" for n in range(14, 20)]


async def write(db: Database, stages: Sequence[Stage]) -> None:
    """Write on one order that waits for the warehouse, unless somebody has."""
    async with db.transaction(SYSTEM) as tx:
        known = [await orders.by_reference(tx, stage.merchant_id, WAITING) for stage in stages]
        found = sorted(number for each in known for number in each.values())
        writers = await identity.staff_named(tx, ["review"], [None])
        if not found or not writers or await orders.notes(tx, found):
            return
    by = Actor(
        ActorKind.STAFF,
        writers[0].id,
        writers[0].name,
        permissions=identity.permissions_of(frozenset(writers[0].roles)),
    )
    await do(db, by, orders.note, found[0], text="@cs 买家来电，希望本周五前送到；已承诺回复，请跟进。")
    await do(db, by, orders.note, found[0], text="您好，已为您加急处理，预计今天发出。", is_shown=True)
    await do(db, by, orders.tag, [found[0]], add=["加急", "回访"])
