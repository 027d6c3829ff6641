"""Who else has a sheet open: said by the stream of its page, and told to the others who have it open."""

import asyncio
from typing import Self

import msgspec

from dingdan.areas import desks, identity
from dingdan.kernel import ids
from dingdan.kernel.actor import Actor
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import AWAY, Database, DatabaseBusy
from dingdan.plumbing.doing import do
from dingdan.surfaces.shared import scope

# The sheets that people share, and what opens them.
OPENS = {
    "order": "order.read",
    "return": "return.read",
    "case": "case.read",
    "refund": "refund.read",
    "dispute": "dispute.read",
    "review": "review.read",
}
# One look as often, by primary key and by sheet; a second of somebody else's page is nothing that anybody waits for.
LOOK_SECONDS = 3.0
MOST_NAMES = 4
_leaving: set[asyncio.Task[None]] = set()


class Here(msgspec.Struct, frozen=True):
    """Who else is here: the sheet, some names, and how many more."""

    sheet: str
    names: list[str]
    more: int = 0


class Viewer:
    """One page with a sheet open, from when its stream begins until it ends."""

    def __init__(self, db: Database, actor: Actor, open_: desks.OpenSheet, sheet: str) -> None:
        self._db, self._actor, self._open, self._sheet = db, actor, open_, sheet
        self._said = self._looked = float("-inf")
        self._known: Here | None = None

    @classmethod
    async def of(cls, db: Database, actor: Actor, sheet: str) -> Self | None:
        """None where there is no such sheet, or none that this person may open."""
        kind = next((one for one in OPENS if sheet.startswith(f"{ids.PREFIXES[one]}_")), None)
        number = None if kind is None else ids.decode(kind, sheet)
        if kind is None or number is None or not actor.may(OPENS[kind]):
            return None
        try:
            async with db.reading(actor) as tx:
                await scope.demand_reach(tx, kind, number)
        except Refusal:
            return None
        return cls(db, actor, desks.OpenSheet(db.ids.mint(), kind, number), sheet)

    async def turn(self) -> Here | None:
        """Say now and then that the sheet is open, look who else has it, and tell what changed."""
        now = asyncio.get_running_loop().time()
        if now - self._said >= desks.SAID_EVERY.total_seconds():
            await do(self._db, self._actor, desks.say_open, self._open)
            self._said = now
        if now - self._looked < LOOK_SECONDS:
            return None
        self._looked = now
        async with self._db.reading(self._actor) as tx:
            others = await desks.viewers_of(tx, self._open.kind, self._open.sheet_id)
            # Under the reader's wall: whose name a house does not know is not told to it.
            people = await identity.staff_by_ids(tx, others)
        names = sorted(one.name for one in people.values())
        here = Here(self._sheet, names[:MOST_NAMES], max(0, len(names) - MOST_NAMES))
        if here == self._known:
            return None
        self._known = here
        return here

    def leave(self) -> None:
        """The page is gone. Whoever listens has gone too, so nobody waits for this; where it fails, time forgets."""
        task = asyncio.get_running_loop().create_task(_left(self._db, self._actor, self._open.id))
        _leaving.add(task)
        task.add_done_callback(_leaving.discard)


async def _left(db: Database, actor: Actor, page_id: int) -> None:
    try:
        await do(db, actor, desks.say_closed, page_id)
    except (DatabaseBusy, *AWAY):
        return


def event(here: Here) -> str:
    """It as a server-sent event."""
    return f"event: here\ndata: {msgspec.json.encode(here).decode()}\n\n"
