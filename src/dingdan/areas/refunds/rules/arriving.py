"""When money that was sent will be there, by the ways that the order's policy names."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from dingdan.areas import policies
from dingdan.kernel.times import local_date


class Expected(msgspec.Struct, frozen=True):
    """By one way of paying: not before a day and not after another, counted where the policy counts."""

    way: policies.Words
    first: date
    last: date


def expect(document: policies.PolicyDocument, sent_at: datetime) -> tuple[Expected, ...]:
    """What a buyer is told when the money goes; nothing where the policy says nothing."""
    day = local_date(sent_at, document.zone)
    ways: Sequence[policies.Arrival] = document.refund.arrival
    return tuple(
        Expected(one.way, day + timedelta(days=one.least_days), day + timedelta(days=one.most_days)) for one in ways
    )
