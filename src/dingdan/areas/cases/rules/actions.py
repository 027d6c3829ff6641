"""What may be done with a case as it stands, by the words of the API."""

from collections.abc import Sequence

from dingdan.areas.cases.lifecycle import CLAIM, PENDING, UNENDED, CaseState, RemedyState
from dingdan.areas.cases.model import Case, Claim, Remedy
from dingdan.areas.cases.rules.authority import level_of
from dingdan.kernel.actor import Actor


def actions(case: Case, remedies: Sequence[Remedy]) -> list[str]:
    """Every verb that would not be refused because of where the case stands."""
    if case.state not in UNENDED:
        return ["rate"] if case.state is CaseState.CLOSED and case.rating is None else []
    found = ["take", "hand_over", "escalate", "note", "update"]
    found += ["answer"] if case.answer_by is not None else ["ask"]
    found.append("propose" if case.order_id is not None else "attach")
    if not any(one.state in PENDING for one in remedies):
        found.append("close")
    if not any(one.state is RemedyState.EXECUTED or one.state in PENDING for one in remedies):
        found.append("withdraw")
    return found


def remedy_actions(remedy: Remedy, actor: Actor) -> list[str]:
    """The same for one remedy; what needs another pair of eyes is not offered to the first."""
    if remedy.state is RemedyState.PROPOSED:
        is_mine = (str(actor.kind), actor.id) == (remedy.proposed_by_kind, remedy.proposed_by)
        return [*([] if is_mine or level_of(actor) == "agent" else ["approve"]), "refuse"]
    if remedy.state is RemedyState.APPROVED:
        waits = remedy.needs_consent and remedy.consented_at is None
        return [*(["accept", "decline"] if waits else ["pay"]), "refuse"]
    return []


def claim_actions(claim: Claim) -> list[str]:
    """The same for a claim on a carrier."""
    return CLAIM.verbs(claim.state)
