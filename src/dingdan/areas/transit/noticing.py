"""What is noticed about parcels before anybody asks: each once, until the carrier sees the parcel again."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from dingdan.areas import fulfilment
from dingdan.areas.transit.asking import call
from dingdan.areas.transit.events import ParcelDisappeared, ParcelOverdue, ParcelSilent, ParcelUnscanned
from dingdan.areas.transit.model import Verdict, Watch
from dingdan.areas.transit.promises import ARRIVAL, FIRST_SCAN, SILENCE, WATCHED_FOR
from dingdan.areas.transit.reading import watches
from dingdan.areas.transit.rules import noticing
from dingdan.areas.transit.rules.asking import LIMITS
from dingdan.kernel.event import Event
from dingdan.plumbing import deadlines
from dingdan.plumbing.deadlines import Due, Kind
from dingdan.plumbing.tx import Tx

Judge = Callable[[Tx, Watch], Verdict]

# By when whoever asked a carrier has come back; else the clock rings once more.
ANSWER_WITHIN = timedelta(hours=1)


async def notice_unscanned(tx: Tx, parcel_ids: Sequence[int]) -> None:
    """A day after they were called dispatched: note those that no carrier has seen (O4.3)."""
    await _notice(tx, FIRST_SCAN, parcel_ids)


async def notice_overdue(tx: Tx, parcel_ids: Sequence[int]) -> None:
    """Their promise has passed: note those that are not there (O4.5)."""
    await _notice(tx, ARRIVAL, parcel_ids)


async def notice_silence(tx: Tx, parcel_ids: Sequence[int]) -> None:
    """Note parcels that have been silent for longer than is normal, or for a week, and set the next time to look.

    Scans do not touch this clock: when it rings it asks when the parcel was last seen, and is set to when that is
    too long ago. So taking in a scan costs nothing here, and a sweep costs what is due.
    """
    await _notice(tx, SILENCE, parcel_ids)


async def confirm(tx: Tx, kind: str, parcel_ids: Sequence[int]) -> None:
    """The carrier was asked about parcels that something seemed wrong with: note those of which it still does."""
    await _notice(tx, deadlines.REGISTRY[kind], parcel_ids, is_asked=True)


async def _notice(tx: Tx, kind: Kind, parcel_ids: Sequence[int], *, is_asked: bool = False) -> None:
    """Judge parcels whose clock rang. Nobody is accused before a carrier that can be asked was asked."""
    parcels = await fulfilment.lock_parcels(tx, parcel_ids)
    parcels = {i: p for i, p in parcels.items() if p.state is not fulfilment.ParcelState.DELIVERED}
    seen = await watches(tx, parcels)
    verdicts = {i: JUDGES[kind.name](tx, watch) for i, watch in seen.items()}
    suspects: dict[str, list[int]] = defaultdict(list)
    for i, verdict in verdicts.items():
        if verdict.reason is not None and not is_asked and parcels[i].carrier in LIMITS:
            suspects[parcels[i].carrier].append(i)
    later = await call(tx, suspects, then=kind.name)
    # Of a carrier that does not answer there is nothing to wait for.
    waiting = {
        i: later.get(i, tx.now + ANSWER_WITHIN)
        for ids in suspects.values() for i in ids if i not in later or seen[i].deaf_until is None
    }  # fmt: skip
    nexts = {i: waiting.get(i, verdict.next_at) for i, verdict in verdicts.items()}
    dues = [Due(i, parcels[i].merchant_id, at) for i, at in nexts.items() if at is not None]
    await deadlines.schedule(tx, kind, dues)
    if is_asked:
        await deadlines.call_off(tx, kind, [i for i in parcel_ids if nexts.get(i) is None])
    reasons = {i: one.reason for i, one in verdicts.items() if one.reason is not None and i not in waiting}
    new = await fulfilment.notice(tx, reasons)
    tx.announce(*(_event(parcels[i], seen[i], reasons[i]) for i in sorted(new)))


def _unscanned(tx: Tx, watch: Watch) -> Verdict:
    return noticing.first_scan(watch, now=tx.now)


def _overdue(_tx: Tx, watch: Watch) -> Verdict:
    return Verdict(noticing.OVERDUE if noticing.is_overdue(watch) else None, None)


def _silent(tx: Tx, watch: Watch) -> Verdict:
    return noticing.silence(watch, now=tx.now, until=watch.dispatched_at + WATCHED_FOR)


JUDGES: Mapping[str, Judge] = {FIRST_SCAN.name: _unscanned, ARRIVAL.name: _overdue, SILENCE.name: _silent}


def _event(parcel: fulfilment.Parcel, watch: Watch, reason: str) -> Event:
    order_id = parcel.lines[0].order_id if parcel.lines else None
    if reason == noticing.SILENT:
        return ParcelSilent(
            subject_id=parcel.id, merchant_id=parcel.merchant_id, order_id=order_id, rule=reason,
            carrier=parcel.carrier, normal_seconds=int(watch.normal.total_seconds()),
        )  # fmt: skip
    kinds: dict[str, type[ParcelUnscanned | ParcelOverdue | ParcelDisappeared]] = {
        noticing.UNSCANNED: ParcelUnscanned, noticing.OVERDUE: ParcelOverdue, noticing.DISAPPEARED: ParcelDisappeared,
    }  # fmt: skip
    return kinds[reason](
        subject_id=parcel.id, merchant_id=parcel.merchant_id, order_id=order_id, rule=reason, carrier=parcel.carrier
    )
