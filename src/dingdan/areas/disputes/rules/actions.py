"""What can be done about a dispute and its rulings now, whoever may."""

from dingdan.areas.disputes.lifecycle import DISPUTE, OPEN, RULING, TALKING, WAITING, DisputeState, RulingState
from dingdan.areas.disputes.model import Dispute, Ruling


def actions(dispute: Dispute) -> list[str]:
    """The steps that this dispute may take."""
    if dispute.still_until is not None:
        return [
            "show_elsewhere",
            "resume",
            *(["withdraw"] if dispute.state in DISPUTE.moves["withdraw"].sources else []),
        ]
    found = list[str]()
    if dispute.state in TALKING:
        found.append("show")
    if dispute.state in WAITING:
        found.append("rule")
    if dispute.state is DisputeState.RULED:
        found += ["accept", "appeal"]
    if dispute.state is DisputeState.FINAL:
        found += ["comply", "execute"]
    if dispute.state in DISPUTE.moves["withdraw"].sources:
        found.append("withdraw")
    if dispute.state in OPEN:
        found.append("suspend")
    return found


def ruling_actions(one: Ruling) -> list[str]:
    """What the second pair of eyes can do."""
    return ["sign", "refuse"] if one.state is RulingState.PROPOSED and RULING.moves["give"].sources else []
