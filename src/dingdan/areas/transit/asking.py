"""Asking carriers where parcels are, for the pushes that never came: in sets, at the carrier's pace, down or not."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas import fulfilment
from dingdan.areas.transit import store
from dingdan.areas.transit.promises import ASK_CARRIER, WATCHED_FOR
from dingdan.areas.transit.reading import normals
from dingdan.areas.transit.rules.asking import LIMITS, is_due, next_ask, pause_after, turn
from dingdan.plumbing import deadlines, jobs
from dingdan.plumbing.tx import Tx

ASK = "transit.ask_carrier"


async def ask_carriers(tx: Tx, parcel_ids: Sequence[int]) -> None:
    """Have connected carriers asked about parcels that have not arrived, and set the next time to ask.

    A carrier that does not answer gets one call when its pause is over; its parcels wait, and nobody else's do. Of
    parcels that were heard of lately nobody asks.
    """
    found = [
        p for p in (await fulfilment.parcels(tx, parcel_ids)).values()
        if p.carrier in LIMITS and p.state is not fulfilment.ParcelState.DELIVERED
        and tx.now - p.dispatched_at < WATCHED_FOR
    ]  # fmt: skip
    normal = await normals(tx, found)
    due: dict[str, list[int]] = defaultdict(list)
    dues = []
    for parcel in found:
        about: dict[str, Any] = {
            "dispatched_at": parcel.dispatched_at, "last_scan_at": parcel.last_scan_at, "normal": normal[parcel.id],
            "now": tx.now,
        }  # fmt: skip
        dues.append(deadlines.Due(parcel.id, parcel.merchant_id, next_ask(**about)))
        if is_due(**about):
            due[parcel.carrier].append(parcel.id)
    later = await call(tx, due)
    await deadlines.schedule(tx, ASK_CARRIER, [
        deadlines.Due(one.subject_id, one.merchant_id, later.get(one.subject_id, one.at)) for one in dues
    ])  # fmt: skip


async def call(tx: Tx, due: Mapping[str, Sequence[int]], *, then: str | None = None) -> dict[int, datetime]:
    """Have carriers asked about parcels, each at its own pace: {carrier: parcels}. Gives those that must wait: until when.

    `then` is the kind of clock whose parcels are judged once the carrier has answered.
    """
    lines = await store.lock_feeds(tx, due) if due else {}
    later: dict[int, datetime] = {}
    for carrier, ids in sorted(due.items()):
        decided = turn(lines[carrier], LIMITS[carrier], ids, tx.now)
        for one in decided.calls:
            await jobs.enqueue(tx, ASK, {"carrier": carrier, "parcel_ids": list(one), "then": then})
        if decided.free_at != lines[carrier].free_at:
            await store.save_feed(tx, msgspec.structs.replace(lines[carrier], free_at=decided.free_at))
        later |= decided.later
    return later


async def note_answer(tx: Tx, carrier: str, parcel_ids: Sequence[int], *, is_down: bool) -> None:
    """A carrier answered, or did not: then its parcels are asked about when its pause is over."""
    line = (await store.lock_feeds(tx, [carrier]))[carrier]
    if not is_down:
        answered = msgspec.structs.replace(line, failures=0, failing_since=None, next_at=None, answered_at=tx.now)
        await store.save_feed(tx, answered)
        return
    failures = line.failures + 1
    at = tx.now + pause_after(failures)
    since = line.failing_since or tx.now
    await store.save_feed(tx, msgspec.structs.replace(line, failures=failures, failing_since=since, next_at=at))
    found = (await fulfilment.parcels(tx, parcel_ids)).values()
    await deadlines.schedule(tx, ASK_CARRIER, [
        deadlines.Due(p.id, p.merchant_id, at) for p in found if p.state is not fulfilment.ParcelState.DELIVERED
    ])  # fmt: skip
