"""What the demo's people wrote on an order: a note, a word to the buyer, tags; and who looks after some."""

from collections.abc import Sequence

from dingdan.areas import identity, orders
from dingdan.cli.demo.stages import Stage
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

# Stories are numbered; these wait for the warehouse, in whichever shop.
WAITING = [f"demo-{n:03d}" for n in range(14, 20)]
PEOPLE = ("review", "cs")


async def write(db: Database, stages: Sequence[Stage]) -> None:
    """Write on one order that waits for the warehouse, unless somebody has."""
    async with db.transaction(SYSTEM) as tx:
        known = [await orders.by_reference(tx, stage.merchant_id, WAITING) for stage in stages]
        found = sorted(number for each in known for number in each.values())
        writers = await identity.staff_named(tx, PEOPLE, [None])
        if not found or len(writers) != len(PEOPLE) or await orders.notes(tx, found):
            return
    reviewer, agent = (next(one for one in writers if one.login == login) for login in PEOPLE)
    by = Actor(
        ActorKind.STAFF,
        reviewer.id,
        reviewer.name,
        permissions=identity.permissions_of(frozenset(reviewer.roles)),
    )
    await do(db, by, orders.note, found[0], text="@cs 买家来电，希望本周五前送到；已承诺回复，请跟进。")
    await do(db, by, orders.note, found[0], text="您好，已为您加急处理，预计今天发出。", is_shown=True)
    await do(db, by, orders.tag, [found[0]], add=["加急", "回访"])
    await do(db, by, orders.assign, found[:3], to=agent.id)
    await do(db, by, orders.assign, found[3:5], to=reviewer.id)
