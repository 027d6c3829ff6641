"""When carriers are evaluated, over which days, and what a grade means for a contract."""

from datetime import datetime, timedelta

from dingdan.areas.carriers.lifecycle import Contract
from dingdan.areas.carriers.model import Carrier
from dingdan.areas.carriers.rules.grading import Grade
from dingdan.kernel.times import end_of_day, local_date

ZONE = "Asia/Shanghai"
WINDOW = timedelta(days=30)
# The last scans of a month come in before it is judged.
AFTER_MIDNIGHT = timedelta(hours=2)


def month_began(now: datetime) -> datetime:
    """The beginning of the month that a moment lies in."""
    return end_of_day(local_date(now, ZONE).replace(day=1) - timedelta(days=1), ZONE)


def next_evaluation(now: datetime) -> datetime:
    """The first of a month, two hours after midnight."""
    this = month_began(now) + AFTER_MIDNIGHT
    return this if this > now else month_began(month_began(now) + timedelta(days=32)) + AFTER_MIDNIGHT


def verb_for(carrier: Carrier, grade: Grade) -> str | None:
    """What becomes of a contract by itself. Only a person ends a suspension, and begins one unless the carrier is set so."""
    if grade in "AB":
        return "restore" if carrier.state is Contract.WARNED else None
    if grade == "E" and carrier.auto_suspend and carrier.state is not Contract.SUSPENDED:
        return "suspend"
    return "warn" if carrier.state is Contract.ACTIVE else None


def proposal(carrier: Carrier, grade: Grade) -> str | None:
    """What a person is asked to confirm."""
    return "suspend" if grade == "E" and not carrier.auto_suspend and carrier.state is not Contract.SUSPENDED else None
