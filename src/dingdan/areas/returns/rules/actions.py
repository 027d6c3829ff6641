"""What may be done with a return as it stands, by the words of the API."""

from dingdan.areas.returns.lifecycle import Decision, Journey, Outcome
from dingdan.areas.returns.model import Return


def actions(held: Return) -> list[str]:
    """Every verb that would not be refused because of where the return stands."""
    found = []
    if held.decision is Decision.REQUESTED:
        found += ["approve", "refuse"]
    if held.decision in (Decision.REQUESTED, Decision.APPROVED) and held.journey is Journey.AT_BUYER:
        found.append("withdraw")
    if held.decision is Decision.APPROVED and held.outcome is Outcome.OPEN:
        if held.journey in (Journey.AT_BUYER, Journey.SENT):
            found.append("send")
        if held.journey is Journey.AT_BUYER and held.extended_at is None:
            found.append("extend")
        found.append("receive")
        if held.journey is Journey.RECEIVED:
            found.append("inspect")
    return found
