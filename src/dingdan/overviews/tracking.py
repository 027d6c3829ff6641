"""The way of an order's parcels as its buyer reads it: every step in words, how fresh it is, and when it arrives."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from dingdan.areas import fulfilment, merchants, transit
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx

MOST_STEPS = 1_000


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to a parcel: said by its carrier, or noticed and done by us."""

    at: datetime
    by: str
    code: str
    text: Text
    place: str


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel's way, the latest step first. `deaf_since` is set while its carrier does not answer us."""

    parcel: fulfilment.Parcel
    status: Text
    steps: list[Step]
    first_scan_at: datetime | None
    last_update_at: datetime
    deaf_since: datetime | None
    estimate: transit.Estimate
    receipt: fulfilment.Receipt | None
    interception: transit.Interception | None


async def of_order(tx: Tx, order_id: int) -> list[Way]:
    """The ways of all parcels that hold something of an order, oldest first, in a constant number of queries."""
    return await of_parcels(tx, await fulfilment.parcels_of(tx, [order_id]))


async def of_parcels(tx: Tx, parcels: Sequence[fulfilment.Parcel]) -> list[Way]:
    """The ways of these parcels, oldest first."""
    if not parcels:
        return []
    ids = [parcel.id for parcel in parcels]
    scans: dict[int, list[fulfilment.Sighting]] = {i: [] for i in ids}
    for seen in await fulfilment.sightings(tx, ids, limit=MOST_STEPS):
        scans[seen.parcel_id].append(seen)
    ours = await _noticed(tx, ids)
    feeds, back = await transit.feeds(tx), await transit.interceptions(tx, ids)
    normal, promised = await transit.normals(tx, parcels), await transit.arrivals(tx, parcels)
    sellers = await merchants.by_ids(tx, {parcel.merchant_id for parcel in parcels})
    found = []
    for parcel in sorted(parcels, key=lambda one: one.id):
        zone = sellers[parcel.merchant_id].zone
        counted = [fulfilment.Seen(one.at, one.code, one.event_id) for one in scans[parcel.id]]
        steps = _steps(parcel, scans[parcel.id], ours.get(parcel.id, []))
        feed = feeds.get(parcel.carrier)
        is_there = parcel.state is fulfilment.ParcelState.DELIVERED
        deaf_since = feed.failing_since if feed is not None and not is_there else None
        found.append(Way(
            parcel=parcel, steps=steps, status=_status(steps[0], zone, is_deaf=deaf_since is not None),
            first_scan_at=min((one.at for one in counted), default=None),
            last_update_at=max((one.received_at for one in scans[parcel.id]), default=parcel.dispatched_at),
            deaf_since=deaf_since, receipt=fulfilment.receipt(counted), interception=back.get(parcel.id),
            estimate=transit.estimate(parcel.state, counted, promised=promised.get(parcel.id),
                                      normal=normal[parcel.id], zone=zone, now=tx.now),
        ))  # fmt: skip
    return found


async def _noticed(tx: Tx, parcel_ids: Sequence[int]) -> dict[int, list[tuple[datetime, str]]]:
    """What we noticed and did about parcels, by when: the last word of each fact."""
    rows = await tx.fetch(
        f"""
        SELECT subject_id, at, split_part(wire, '.', 2) AS word FROM facts
        WHERE subject_id = ANY($1::bigint[]) AND subject = 'parcel' AND split_part(wire, '.', 2) = ANY($2::text[])
        ORDER BY id LIMIT {MOST_STEPS}
        """,  # noqa: S608 - a constant
        list(parcel_ids),
        list(transit.NOTICED),
    )
    found: dict[int, list[tuple[datetime, str]]] = {}
    for row in rows:
        found.setdefault(row["subject_id"], []).append((row["at"], row["word"]))
    return found


def _steps(
    parcel: fulfilment.Parcel, scans: Sequence[fulfilment.Sighting], ours: Sequence[tuple[datetime, str]]
) -> list[Step]:
    own = [(parcel.dispatched_at, "dispatched"), *ours]
    steps = [Step(at=at, by="us", code=word, text=transit.WORDS[word], place="") for at, word in own]
    for seen in scans:
        known = fulfilment.CODES.get(seen.code)
        text = known.text if known is not None else Text(seen.code, seen.code)
        steps.append(Step(at=seen.at, by="carrier", code=seen.code, text=text, place=seen.place))
    return sorted(steps, key=lambda step: (step.at, step.by == "us", step.code), reverse=True)


def _status(last: Step, zone: str, *, is_deaf: bool) -> Text:
    at = f"{last.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    return transit.last_known(last.text, at) if is_deaf else last.text
