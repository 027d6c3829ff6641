"""What may be done with a review as it stands, by the words of the API; and which may be said yes to together."""

from typing import Literal

from dingdan.areas.review.lifecycle import REVIEW, UNDECIDED, ReviewState
from dingdan.areas.review.model import Review
from dingdan.kernel.actor import Actor


def actions(review: Review, actor: Actor) -> list[str]:
    """Every verb that would not be refused because of where the review stands or who has it."""
    if review.state not in UNDECIDED:
        return []
    verbs = REVIEW.verbs(review.state)
    is_mine = review.state is ReviewState.CLAIMED and review.claimed_by == actor.id
    found = ["claim"] if "claim" in verbs else []
    if is_mine:
        found += ["approve"] if review.blocked_at is None else []
        found += ["reject", "put_back"]
        found += ["ask"] if review.asked_at is None else []
    found += [verb for verb in ("answer", "escalate") if verb in verbs]
    found.append("block" if review.blocked_at is None else "unblock")
    return found


# Why a review is looked at by itself and not together with others.
WhyAlone = Literal["over", "asked", "taken", "blocked", "own_signature", "looked_at"]


def why_alone(review: Review, actor: Actor) -> WhyAlone | None:
    """Why somebody must look at this one by itself; None where nothing but its amount stopped it and they can say yes."""
    if review.state not in UNDECIDED:
        return "over"
    if review.state is ReviewState.ASKED:
        return "asked"
    hand = (str(actor.kind), actor.id)
    if review.state is ReviewState.CLAIMED and (review.claimed_by_kind, review.claimed_by) != hand:
        return "taken"
    if review.blocked_at is not None:
        return "blocked"
    if (review.signed_by_kind, review.signed_by) == hand:
        return "own_signature"
    return "looked_at" if any(reason.kind != "large_amount" for reason in review.reasons) else None
