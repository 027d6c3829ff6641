"""What can be done about a dispute and its rulings now, whoever may."""

from dingdan.areas.disputes.lifecycle import DISPUTE, RULING, WAITING, DisputeState, RulingState
from dingdan.areas.disputes.model import Dispute, Ruling


def actions(dispute: Dispute) -> list[str]:
    """The steps that this dispute may take."""
    found = list[str]()
    if dispute.state is DisputeState.SHOWING:
        found.append("show")
    if dispute.state in WAITING:
        found.append("rule")
    if dispute.state is DisputeState.RULED:
        found += ["accept", "appeal"]
    if dispute.state is DisputeState.FINAL:
        found.append("execute")
    if dispute.state in DISPUTE.moves["withdraw"].sources:
        found.append("withdraw")
    return found


def ruling_actions(one: Ruling) -> list[str]:
    """What the second pair of eyes can do."""
    return ["sign", "refuse"] if one.state is RulingState.PROPOSED and RULING.moves["give"].sources else []
