"""What is wrong with a parcel that nothing is heard of, and when to look again."""

from datetime import datetime, timedelta

from dingdan.areas.transit.model import Verdict, Watch

UNSCANNED, SILENT, OVERDUE, DISAPPEARED = "unscanned", "silent", "overdue", "disappeared"

GONE_AFTER = timedelta(days=7)
# Who is known to be silent is looked at again each day: it may be heard of and fall silent once more.
LOOK_AGAIN = timedelta(hours=24)


def silence(watch: Watch, *, now: datetime, until: datetime) -> Verdict:
    """Whether a parcel has been silent for too long. A parcel that no carrier ever saw is noticed for that first.

    A carrier that does not answer us is deaf, not silent: that speaks for nothing but a week of it. A parcel that
    waits at a station for the buyer is quiet for as long as it waits.
    """
    if now >= until:
        return Verdict(None, None)
    if not watch.is_moving:
        return Verdict(None, min(now + LOOK_AGAIN, until))
    heard = watch.last_scan_at or watch.dispatched_at
    normal = GONE_AFTER if watch.is_waiting_for_buyer else watch.normal
    is_gone = now - heard >= GONE_AFTER and not watch.is_waiting_for_buyer
    if is_gone:
        return Verdict(None if DISAPPEARED in watch.noticed else DISAPPEARED, min(now + LOOK_AGAIN, until))
    is_silent = watch.last_scan_at is not None and now - heard >= normal
    if not is_silent:
        # Its first scan may still come, and begins a silence of its own.
        next_at = heard + normal if watch.last_scan_at is not None else min(heard + GONE_AFTER, now + LOOK_AGAIN)
        return Verdict(None, next_at)
    if watch.deaf_until is not None:
        return Verdict(None, max(watch.deaf_until, now + timedelta(hours=1)))
    return Verdict(None if SILENT in watch.noticed else SILENT, min(now + LOOK_AGAIN, heard + GONE_AFTER))


def first_scan(watch: Watch, *, now: datetime) -> Verdict:
    """Whether a parcel that is called dispatched was never seen by its carrier (suspected false shipment).

    While the carrier does not answer us nobody can tell.
    """
    if not watch.is_moving or watch.last_scan_at is not None or UNSCANNED in watch.noticed:
        return Verdict(None, None)
    if watch.deaf_until is not None:
        return Verdict(None, max(watch.deaf_until, now + timedelta(hours=1)))
    return Verdict(UNSCANNED, None)


def is_overdue(watch: Watch) -> bool:
    """Whether a parcel whose promise has passed is still on its way to the buyer."""
    return watch.is_moving and OVERDUE not in watch.noticed
