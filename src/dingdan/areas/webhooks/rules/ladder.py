"""When a delivery is tried again, when an endpoint is left alone for a while, and when it is given up."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from dingdan.areas.webhooks.model import Delivery, Endpoint, Outcome, Result

# Ten attempts in a little more than three days.
WAITS = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
ATTEMPTS = len(WAITS) + 1
# Nothing but failures for so long, and an endpoint is disabled.
PATIENCE = timedelta(days=3)
LEAST_FAILURES = 5
REST, LONGEST_REST, LONGEST_ASKED = timedelta(seconds=5), timedelta(minutes=5), timedelta(hours=1)

GONE = 410
# Answers that ask to be left alone, not about this one message.
BUSY = frozenset({429, 503})
SILENT = frozenset({Result.TIMED_OUT, Result.UNREACHABLE, Result.NOT_ALLOWED})


class Health(msgspec.Struct, frozen=True):
    """What an endpoint's latest answers say about it. `disable` names the reason to stop."""

    failures: int
    failing_since: datetime | None
    rest_until: datetime | None
    disable: str | None


def next_at(delivery: Delivery, *, now: datetime) -> datetime:
    """When to try again if the attempt that begins now (`attempts` counts it) fails; a test is never tried again.

    Up to a tenth later, by the delivery's number: what failed together does not come back together.
    """
    wait = WAITS[min(delivery.attempts, len(WAITS)) - 1]
    return now + wait + wait * (delivery.id * 2654435761 % 1024) / 10240


def is_last(delivery: Delivery) -> bool:
    """Whether no attempt follows the one that is counted."""
    return delivery.fact_id is None or delivery.attempts >= ATTEMPTS


def ends_turn(outcome: Outcome) -> bool:
    """Whether the next call would only wait, too: the receiver answers nobody, or asks to be left alone."""
    return outcome.result in SILENT or outcome.status in BUSY or outcome.status == GONE


def health(endpoint: Endpoint, outcomes: Sequence[Outcome], *, now: datetime) -> Health:
    """What these outcomes, none of a test, make of an endpoint."""
    failed = [one for one in outcomes if one.result is not Result.SUCCEEDED]
    stops = [one for one in failed if ends_turn(one)]
    if len(failed) < len(outcomes):
        # Something got through: what failed beside it is about that one message, unless the receiver wants rest.
        failures, since = len(stops), None
    else:
        failures, since = endpoint.failures + len(failed), endpoint.failing_since or (now if failed else None)
    rest = None
    if stops:
        asked = timedelta(seconds=max(one.retry_after or 0 for one in stops))
        own = min(REST * 2 ** min(failures - 1, 10), LONGEST_REST)
        rest = now + max(own, min(asked, LONGEST_ASKED))
    return Health(failures, since, rest, _reason(failed, failures, since, now))


def _reason(failed: Sequence[Outcome], failures: int, since: datetime | None, now: datetime) -> str | None:
    if any(one.status == GONE for one in failed):
        return "gone"
    if since is not None and failures >= LEAST_FAILURES and now - since >= PATIENCE:
        return "failing"
    return None
