"""The middle beat of delivery: go out with letters. Runs outside every transaction."""

import asyncio
from collections.abc import Sequence
from typing import Any

from dingdan.areas.notifications import senders
from dingdan.areas.notifications.delivering import note, take_in_hand
from dingdan.areas.notifications.model import Channel, Letter, Outcome, Result
from dingdan.areas.notifications.preparing import keys_of, prepare
from dingdan.areas.notifications.queueing import send_out
from dingdan.areas.notifications.senders import sandbox as sandbox
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.http import outside

# So few that little is unknown when the worker dies, and time for them well below a job's.
GROUP = 10
SECONDS = 30.0


async def deliver(db: Database, payload: Any) -> None:
    """Take messages out, a few at a time; what there is no time for waits for a job of its own."""
    ids: list[int] = payload["message_ids"]
    until = asyncio.get_running_loop().time() + SECONDS
    for start in range(0, len(ids), GROUP):
        if asyncio.get_running_loop().time() >= until:
            await do(db, SYSTEM, send_out, ids[start:])
            return
        await _deliver(db, ids[start : start + GROUP], until)


async def _deliver(db: Database, ids: Sequence[int], until: float) -> None:
    taken = await do(db, SYSTEM, take_in_hand, ids)
    if not taken:
        return
    keys = await do(db, SYSTEM, keys_of, taken, db.post.url)
    async with db.reading(SYSTEM) as tx:
        prepared = await prepare(tx, taken, keys)
    ways = {one.id: one.channel for one in taken}
    outcomes = [one for one in prepared if isinstance(one, Outcome)]
    for channel in Channel:
        letters = [one for one in prepared if isinstance(one, Letter) and ways[one.message_id] is channel]
        outcomes += await _send(db, channel, letters, until) if letters else []
    await do(db, SYSTEM, note, outcomes)


async def _send(db: Database, channel: Channel, letters: Sequence[Letter], until: float) -> list[Outcome]:
    sender = senders.find(db, channel)
    if sender is None:
        return [
            Outcome(message_id=one.message_id, attempt=one.attempt, result=Result.NO_WAY, why="channel_unavailable")
            for one in letters
        ]
    async with outside(f"post_{channel}"):
        return await sender.send(letters, until=until)
