"""What a grade means for a contract."""

from dingdan.areas.carriers.lifecycle import Contract
from dingdan.areas.carriers.model import Carrier
from dingdan.areas.carriers.rules.grading import Grade


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
