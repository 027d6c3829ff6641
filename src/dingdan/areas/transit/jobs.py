"""Calls to carriers: where parcels are, and to bring them back. A carrier that is down costs nobody else anything."""

from collections.abc import Sequence
from typing import Any

from dingdan.areas import fulfilment
from dingdan.areas.transit import store
from dingdan.areas.transit.asking import note_answer
from dingdan.areas.transit.carriers import CONNECTED
from dingdan.areas.transit.carriers import sandbox as sandbox
from dingdan.areas.transit.carriers.plan import LETTERS
from dingdan.areas.transit.carriers.plan import SCRIPTS as SCRIPTS
from dingdan.areas.transit.intercepting import take_in_answers
from dingdan.areas.transit.model import Plan
from dingdan.areas.transit.noticing import confirm
from dingdan.areas.transit.promises import SANDBOX_PUSH
from dingdan.areas.transit.reading import asked
from dingdan.areas.transit.refusals import CarrierNotConnected, PlanUnfit
from dingdan.areas.transit.tracking import take_in, take_in_push
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import deadlines, jobs
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.http import Outage, outside
from dingdan.plumbing.telemetry import log
from dingdan.plumbing.tx import Tx

PUSH = "transit.push_sandbox"


async def ask_carrier(db: Database, payload: Any) -> None:
    """Ask one carrier about its parcels and take in what it says. Without an answer its parcels wait for the next try."""
    carrier, adapter = payload["carrier"], CONNECTED[payload["carrier"]]
    async with db.reading(SYSTEM) as tx:
        wanted = await asked(tx, (await fulfilment.parcels(tx, payload["parcel_ids"])).values())
        now = tx.now
    try:
        async with outside(carrier):
            scans = await adapter.track(wanted, now=now)
    except Outage as outage:
        log.warning("a carrier does not answer", carrier=carrier, parcels=len(wanted), error=str(outage))
        await do(db, SYSTEM, note_answer, carrier, payload["parcel_ids"], is_down=True)
    else:
        await take_in(db, carrier, scans)
        await do(db, SYSTEM, note_answer, carrier, payload["parcel_ids"], is_down=False)
    if payload.get("then"):
        await do(db, SYSTEM, confirm, payload["then"], payload["parcel_ids"])


async def bring_back(db: Database, payload: Any) -> None:
    """Ask one carrier to bring parcels back and take in what it says. An Outage is tried again by the queue."""
    carrier, adapter = payload["carrier"], CONNECTED[payload["carrier"]]
    async with db.reading(SYSTEM) as tx:
        parcels = list((await fulfilment.parcels(tx, payload["parcel_ids"])).values())
        wanted = await asked(tx, parcels)
        now = tx.now
    async with outside(carrier):
        answers = await adapter.bring_back(wanted, now=now)
    by_number = {parcel.tracking_number: parcel.id for parcel in parcels}
    whys = {
        by_number[one.tracking_number]: "" if one.is_coming else (one.why or "declined")
        for one in answers
        if one.tracking_number in by_number
    }
    await do(db, SYSTEM, take_in_answers, whys)


async def push_due(tx: Tx, parcel_ids: Sequence[int]) -> None:
    """The sandbox carrier has something to tell about these parcels: have it pushed, and set when it has more."""
    found = await fulfilment.parcels(tx, parcel_ids)
    wanted = dict(zip(found, await asked(tx, found.values()), strict=True))
    later = {i: sandbox.next_told(one, after=tx.now) for i, one in wanted.items()}
    await deadlines.schedule(tx, SANDBOX_PUSH, [
        deadlines.Due(i, found[i].merchant_id, at) for i, at in later.items() if at is not None
    ])  # fmt: skip
    telling = sorted(i for i, one in wanted.items() if sandbox.story(one, now=tx.now))
    if telling:
        await jobs.enqueue(tx, PUSH, {"parcel_ids": telling})


async def push_sandbox(db: Database, payload: Any) -> None:
    """Have the sandbox carrier push, signed, what has happened to parcels up to now."""
    async with db.reading(SYSTEM) as tx:
        found = await fulfilment.parcels(tx, payload["parcel_ids"])
        wanted = await asked(tx, [parcel for parcel in found.values() if parcel.carrier == sandbox.CODE])
        now = tx.now
    events = [event for parcel in wanted for event in sandbox.story(parcel, now=now)]
    if events:
        headers, body = sandbox.make_push(db.sealer, events)
        await take_in_push(db, sandbox.CODE, headers, body)


async def order_plan(tx: Tx, parcel_id: int, plan: Plan) -> None:
    """Order what the sandbox carrier does with a parcel from now on. Raises CarrierNotConnected or PlanUnfit."""
    parcel = (await fulfilment.parcels(tx, [parcel_id]))[parcel_id]
    if parcel.carrier != sandbox.CODE:
        raise CarrierNotConnected(carrier=parcel.carrier)
    if plan.script not in LETTERS:
        raise PlanUnfit("script", script=plan.script[:60], known=", ".join(LETTERS))
    await store.save_plan(tx, parcel_id, parcel.merchant_id, plan)
    await deadlines.schedule(tx, SANDBOX_PUSH, [deadlines.Due(parcel_id, parcel.merchant_id, tx.now)])
