"""What follows for a repair from where its return stands, and what can be had instead of one."""

from typing import Literal

from dingdan.areas import policies, returns
from dingdan.areas.repairs.lifecycle import RepairState
from dingdan.areas.repairs.model import LAW, Instead, Repair

_S = RepairState


def next_step(repair: Repair, one: returns.Return) -> tuple[Literal["begin", "drop"], str] | None:
    """What follows, and why; None where nothing does yet. The same facts in any order, or twice, come out the same.

    What lapsed may still come, so it is not over.
    """
    if repair.state is not _S.ASKED:
        return None
    if one.decision is returns.Decision.WITHDRAWN:
        return "drop", "withdrawn"
    if one.journey is returns.Journey.LOST:
        return "drop", "lost"
    if one.journey is returns.Journey.RECEIVED and one.resolution is returns.Resolution.REPAIR:
        return "begin", ""
    return None


def terms_of(document: policies.PolicyDocument) -> policies.RepairTerms:
    """How long a repair may take, and how often it may be in vain."""
    return document.repair or LAW


def options(document: policies.PolicyDocument) -> tuple[Instead, ...]:
    """What can be had instead of a repair; the money always."""
    is_exchanged = document.exchange is not None and "exchange" in terms_of(document).then
    return ("exchange", "refund") if is_exchanged else ("refund",)


def actions(repair: Repair, *, is_paused: bool) -> list[str]:
    """Every verb that would not be refused because of where the repair stands."""
    return {
        _S.MENDING: ["send_back", "fail", "resume" if is_paused else "pause"],
        _S.RETURNING: ["arrive", "confirm", "report_lost"],
        _S.CHOOSING: ["choose"],
        _S.DONE: ["relapse"] if repair.is_mended else [],
    }.get(repair.state, [])
