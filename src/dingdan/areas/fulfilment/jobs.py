"""Asking carriers where parcels are, for the pushes that never came."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.carriers import CONNECTED, Asked, sandbox
from dingdan.areas.fulfilment.lifecycle import ParcelState
from dingdan.areas.fulfilment.promises import ASK_CARRIER, ASK_EVERY, ASK_NO_LONGER
from dingdan.areas.fulfilment.tracking import BATCH, scan, take_in_push
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing import deadlines, jobs
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.http import outside
from dingdan.plumbing.tx import Tx


async def ask_carriers(tx: Tx, parcel_ids: Sequence[int]) -> None:
    """Have connected carriers asked about parcels that have not arrived, and set the next time to ask."""
    open_: dict[str, list[int]] = defaultdict(list)
    dues = []
    for parcel in await store.parcels(tx, parcel_ids):
        if parcel.state is not ParcelState.DELIVERED and tx.now - parcel.dispatched_at < ASK_NO_LONGER:
            open_[parcel.carrier].append(parcel.id)
            dues.append(deadlines.Due(parcel.id, parcel.merchant_id, tx.now + ASK_EVERY))
    for carrier, ids in sorted(open_.items()):
        await jobs.enqueue(tx, "fulfilment.ask_carrier", {"carrier": carrier, "parcel_ids": ids})
    await deadlines.schedule(tx, ASK_CARRIER, dues)


async def ask_carrier(db: Database, payload: Any) -> None:
    """Ask one carrier about its parcels and take in what it says. An Outage is tried again by the queue."""
    carrier, adapter = payload["carrier"], CONNECTED[payload["carrier"]]
    async with db.reading(SYSTEM) as tx:
        asked = [Asked(p.tracking_number, p.dispatched_at) for p in await store.parcels(tx, payload["parcel_ids"])]
        now = tx.now
    async with outside(carrier):
        scans = await adapter.track(asked, now=now)
    for start in range(0, len(scans), BATCH):
        await do(db, Actor(ActorKind.CARRIER, name=carrier), scan, scans[start : start + BATCH])


async def push_sandbox(db: Database, payload: Any) -> None:
    """Have the sandbox carrier push, signed, what has happened to parcels up to now."""
    async with db.reading(SYSTEM) as tx:
        parcels = [p for p in await store.parcels(tx, payload["parcel_ids"]) if p.carrier == sandbox.CODE]
        now = tx.now
    events = [event for parcel in parcels for event in sandbox.story(parcel, now=now)]
    headers, body = sandbox.make_push(db.sealer, events)
    await take_in_push(db, sandbox.CODE, headers, body)
