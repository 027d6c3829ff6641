"""What may be done with a return as it stands, by the words of the API."""

from dingdan.areas.returns.lifecycle import Decision, Journey, Outcome
from dingdan.areas.returns.model import Return
from dingdan.areas.returns.rules.resolving import WITHOUT_GOODS


def actions(held: Return) -> list[str]:
    """Every verb that would not be refused because of where the return stands."""
    found = []
    if held.decision is Decision.REQUESTED:
        found += ["approve", "refuse", "change"]
    if held.decision is Decision.REFUSED and held.appealed_at is None:
        found.append("appeal")
    is_open = held.outcome is Outcome.OPEN
    if is_open and held.decision in (Decision.REQUESTED, Decision.APPROVED) and held.journey is Journey.AT_BUYER:
        found.append("withdraw")
    if held.decision is Decision.APPROVED and is_open and held.resolution not in WITHOUT_GOODS:
        if held.journey in (Journey.AT_BUYER, Journey.SENT):
            found.append("send")
        found.append("receive")
        if held.journey is Journey.RECEIVED:
            found.append("inspect")
    return found
